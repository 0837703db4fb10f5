/* SPDX-License-Identifier: BSD-2-Clause */
/* What names a conversation: two ends and whose ports they are; read out of a packet, hashed, compared. For flow.c. */
#pragma once

#include <string.h>

#include "analyse/flow.h"

/* The ends of one packet, as they stand in it. */
struct flow_key {
	struct flow_end from, to;
	const struct dissector *protocol;
	uint8_t address_length;
};

/* The packet's own; false: it has no ports, or addresses of none that conversations are kept of. */
bool flow_key_of(const struct packet *packet, struct flow_key *key);
/* That of the packet which it quotes. */
bool flow_key_of_quoted(const struct packet *packet, struct flow_key *key);

static inline uint64_t flow_mix(uint64_t a, uint64_t b)
{
	unsigned __int128 product = (unsigned __int128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t flow_load(const uint8_t *at)
{
	uint64_t value;

	memcpy(&value, at, sizeof value);
	return value;
}

static inline uint64_t flow_end_bits(const uint64_t secret[4], const struct flow_end *end, uint8_t address_length)
{
	uint32_t address;

	if (address_length == 4) {
		memcpy(&address, end->address, sizeof address);
		return (uint64_t)address << 16 | end->port;
	}
	return end->port ^
	       flow_mix(flow_load(end->address) ^ secret[0], flow_load(end->address + 8) ^ secret[1]);
}

/* Keyed with `secret`; the same for both directions. */
static inline uint32_t flow_key_hash(const uint64_t secret[4], const struct flow_key *key)
{
	uint64_t a = flow_end_bits(secret, &key->from, key->address_length);
	uint64_t b = flow_end_bits(secret, &key->to, key->address_length);
	uint64_t low = a < b ? a : b, high = a < b ? b : a, mixed;

	mixed = flow_mix(low ^ secret[2], high ^ secret[3]);
	return (uint32_t)flow_mix(mixed ^ secret[0], secret[1] | 1);
}

static inline bool flow_same_end(const struct flow_end *a, const struct flow_end *b)
{
	return a->port == b->port && flow_load(a->address) == flow_load(b->address) &&
	       flow_load(a->address + 8) == flow_load(b->address + 8);
}

/* The side that sent it; FLOW_NOBODY: it is of another conversation. */
static inline unsigned flow_key_side(const struct flow *flow, const struct flow_key *key)
{
	if (flow->protocol != key->protocol || flow->address_length != key->address_length)
		return FLOW_NOBODY;
	if (flow_same_end(&flow->ends[0], &key->from) && flow_same_end(&flow->ends[1], &key->to))
		return 0;
	return flow_same_end(&flow->ends[1], &key->from) && flow_same_end(&flow->ends[0], &key->to) ? 1 : FLOW_NOBODY;
}
