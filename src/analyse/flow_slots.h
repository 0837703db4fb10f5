/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where flows are found: slots that are probed in a row. A slot has the whole hash, so that looking up touches no flow
 * but the one that is meant. One thread at a time changes them; any other may look meanwhile, to fetch into its cache
 * what it will need. What it sees may be old, and nothing must depend on it. For flow.c.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* The hash in the upper half, below it the number of the flow among all in the slabs, from 1; 0: the slot is free. */
typedef uint64_t flow_slot;

/* It stays until the end, for another thread may be looking at it: all old ones together are as large as the new. */
struct flow_slot_table {
	struct flow_slot_table *before;
	uint32_t mask;               /* slots - 1 */
	_Atomic flow_slot slots[];   /* at most half of them are in use */
};

struct flow_slots {
	_Atomic(struct flow_slot_table *) table;
};

void flow_slots_init(struct flow_slots *slots);
void flow_slots_release(struct flow_slots *slots);

/* There is room for one more when `count` are in use. */
void flow_slots_grow(struct flow_slots *slots, uint32_t count);
void flow_slots_enter(struct flow_slots *slots, uint32_t hash, uint32_t number);
/* What was not entered is left alone. */
void flow_slots_leave(struct flow_slots *slots, uint32_t hash, uint32_t number);

static inline struct flow_slot_table *flow_slots_table(const struct flow_slots *slots)
{
	return atomic_load_explicit(&slots->table, memory_order_acquire);
}

static inline flow_slot flow_slot_read(const struct flow_slot_table *table, uint32_t at)
{
	return atomic_load_explicit(&table->slots[at & table->mask], memory_order_acquire);
}

/* Where the hash begins to be looked for is fetched into the cache. */
static inline void flow_slots_fetch(const struct flow_slots *slots, uint32_t hash)
{
	const struct flow_slot_table *table = flow_slots_table(slots);

	__builtin_prefetch((const void *)&table->slots[hash & table->mask]);
}

static inline uint32_t flow_slot_hash(flow_slot slot)
{
	return (uint32_t)(slot >> 32);
}

static inline uint32_t flow_slot_number(flow_slot slot)
{
	return (uint32_t)slot;
}
