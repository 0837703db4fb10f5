/* SPDX-License-Identifier: BSD-2-Clause */
/* The Internet checksum (RFC 1071) and what a capture lets us say about it. */
#include "packet/dissector.h"

#include <endian.h>

const struct value_name checksum_status_names[] = {
	{ CHECKSUM_BAD, "bad" },
	{ CHECKSUM_GOOD, "good" },
	{ CHECKSUM_UNVERIFIED, "unverified" },
	{ CHECKSUM_ABSENT, "absent" },
	{ CHECKSUM_OFFLOAD, "not computed (offload)" },
	{ 0, NULL },
};

static inline uint64_t load(const uint8_t *at)
{
	uint64_t word;

	memcpy(&word, at, sizeof word);
	return le64toh(word);
}

static inline uint32_t load_address(const uint8_t *at)
{
	uint32_t word;

	memcpy(&word, at, sizeof word);
	return le32toh(word);
}

/* What is carried out at the top comes in again at the bottom. */
static inline uint64_t plus(uint64_t sum, uint64_t word)
{
	uint64_t result;

	return __builtin_add_overflow(sum, word, &result) ? result + 1 : result;
}

static __attribute__((noinline)) uint64_t load_few(const uint8_t *data, size_t length)
{
	uint64_t word = 0;

	for (size_t i = length; i-- > 0;)
		word = word << 8 | data[i];
	return word;
}

/*
 * Eight octets at a time, as little-endian words: the one's complement sum is the same in either order but for a swap
 * of the result (RFC 1071 section 2 B), which checksum_fold undoes. The last word begins among octets that were added
 * already; those are shifted out.
 */
static inline uint64_t add(uint64_t sum, const uint8_t *data, size_t length)
{
	if (__builtin_expect(length < 8, 0))
		return plus(sum, load_few(data, length));
	for (; length >= 8; data += 8, length -= 8)
		sum = plus(sum, load(data));
	return length ? plus(sum, load(data + length - 8) >> 8 * (8 - length)) : sum;
}

__attribute__((noinline)) uint64_t checksum_add(uint64_t sum, const uint8_t *data, size_t length)
{
	return add(sum, data, length);
}

/* The upper half of a number and itself with its halves exchanged is the sum of both halves, carry included. */
uint16_t checksum_fold(uint64_t sum)
{
	uint32_t half = (uint32_t)((sum + (sum << 32 | sum >> 32)) >> 32);

	return __builtin_bswap16((uint16_t)((half + (half << 16 | half >> 16)) >> 16));
}

static inline uint64_t pseudo_header(const struct parse_network *network, uint32_t length)
{
	uint64_t sum = (uint64_t)__builtin_bswap32(length) + __builtin_bswap32(network->protocol);

	if (network->length == 4)
		return sum + load_address(network->source) + load_address(network->destination);
	sum = checksum_add(sum, network->source, network->length);
	return checksum_add(sum, network->destination, network->length);
}

static bool is_whole(const struct parse *p, uint32_t offset, uint32_t length)
{
	/* Octets that several packets gave end elsewhere than the frame. */
	uint32_t there = p->base == p->frame->data ? p->frame->cap_length : p->end;

	return !p->quoted && !p->network.fragment && offset <= there && there - offset >= length;
}

/* Linux leaves the pseudo header's sum in packets whose checksum the hardware finishes (CHECKSUM_PARTIAL). */
static __attribute__((noinline)) enum checksum_status not_good(const struct parse *p, uint32_t length, uint16_t stored,
								bool pseudo)
{
	if (pseudo && (p->segmented || stored == checksum_fold(pseudo_header(&p->network, length))))
		return CHECKSUM_OFFLOAD;
	p->packet->remarkable = true;
	return CHECKSUM_BAD;
}

enum checksum_status parse_checksum(const struct parse *p, uint32_t offset, uint32_t length, uint16_t stored,
				    bool pseudo)
{
	uint64_t start = 0;

	if (p->frame->flags & FRAME_CHECKSUM_NOT_READY && pseudo && !p->quoted)
		return CHECKSUM_OFFLOAD;
	if ((pseudo && !p->network.source) || !is_whole(p, offset, length))
		return CHECKSUM_UNVERIFIED;
	if (pseudo)
		start = pseudo_header(&p->network, length);
	if (checksum_fold(add(start, p->base + offset, length)) == 0xffff)
		return CHECKSUM_GOOD;
	return not_good(p, length, stored, pseudo);
}
