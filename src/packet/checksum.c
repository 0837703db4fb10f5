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

/*
 * Four octets at a time in the machine's own order: the one's complement sum is the same in either order but for a swap
 * of the result (RFC 1071 section 2 B), which checksum_fold undoes.
 */
static inline uint64_t add(uint64_t sum, const uint8_t *data, size_t length)
{
	uint32_t words[4];
	uint16_t half = 0;

	for (; length >= 16; data += 16, length -= 16) {
		memcpy(words, data, 16);
		sum += (uint64_t)words[0] + words[1];
		sum += (uint64_t)words[2] + words[3];
	}
	for (; length >= 4; data += 4, length -= 4) {
		memcpy(words, data, 4);
		sum += words[0];
	}
	if (length >= 2) {
		memcpy(&half, data, 2);
		sum += half;
		data += 2;
		length -= 2;
	}
	if (length) {
		half = 0;
		memcpy(&half, data, 1);
		sum += half;
	}
	return sum;
}

uint64_t checksum_add(uint64_t sum, const uint8_t *data, size_t length)
{
	return add(sum, data, length);
}

uint16_t checksum_fold(uint64_t sum)
{
	uint16_t folded;

	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	folded = (uint16_t)sum;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	folded = __builtin_bswap16(folded);
#endif
	return folded;
}

static uint64_t pseudo_header(const struct parse_network *network, uint32_t length)
{
	uint32_t words[4] = { htobe32(length), htobe32(network->protocol) };
	uint64_t sum;

	if (network->length == 4) {
		memcpy(&words[2], network->source, 4);
		memcpy(&words[3], network->destination, 4);
		return (uint64_t)words[0] + words[1] + words[2] + words[3];
	}
	sum = checksum_add((uint64_t)words[0] + words[1], network->source, network->length);
	return checksum_add(sum, network->destination, network->length);
}

enum checksum_status parse_checksum(const struct parse *p, uint32_t offset, uint32_t length, uint16_t stored,
				    bool pseudo)
{
	/* Octets that several packets gave end elsewhere than the frame. */
	uint32_t there = p->base == p->frame->data ? p->frame->cap_length : p->end;
	uint64_t start = 0;

	if (p->frame->flags & FRAME_CHECKSUM_NOT_READY && pseudo && !p->quoted)
		return CHECKSUM_OFFLOAD;
	if (pseudo && !p->network.source)
		return CHECKSUM_UNVERIFIED;
	if (pseudo)
		start = pseudo_header(&p->network, length);
	if (p->quoted || p->network.fragment || offset > there || there - offset < length)
		return CHECKSUM_UNVERIFIED;
	if (checksum_fold(add(start, p->base + offset, length)) == 0xffff)
		return CHECKSUM_GOOD;
	/* Linux leaves the pseudo header's sum in packets whose checksum the hardware finishes (CHECKSUM_PARTIAL). */
	if (pseudo && (stored == checksum_fold(start) || p->segmented))
		return CHECKSUM_OFFLOAD;
	p->packet->remarkable = true;
	return CHECKSUM_BAD;
}
