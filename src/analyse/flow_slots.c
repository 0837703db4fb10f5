/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyse/flow_slots.h"

#include <stdlib.h>

#include "base/mem.h"

#define SLOTS_FIRST 1024u

static struct flow_slot_table *table_new(uint32_t slots, struct flow_slot_table *before)
{
	size_t octets = sizeof(struct flow_slot_table) + slots * sizeof(flow_slot);
	struct flow_slot_table *table = mem_new(1, octets);

	if (before)
		mem_touch(table, octets);
	table->before = before;
	table->mask = slots - 1;
	return table;
}

void flow_slots_init(struct flow_slots *slots)
{
	atomic_init(&slots->table, table_new(SLOTS_FIRST, NULL));
}

void flow_slots_release(struct flow_slots *slots)
{
	struct flow_slot_table *table = flow_slots_table(slots), *before;

	for (; table; table = before) {
		before = table->before;
		free(table);
	}
}

static void write_slot(struct flow_slot_table *table, uint32_t at, flow_slot slot)
{
	atomic_store_explicit(&table->slots[at & table->mask], slot, memory_order_release);
}

static void enter(struct flow_slot_table *table, flow_slot slot)
{
	uint32_t at = flow_slot_hash(slot);

	while (flow_slot_read(table, at))
		at++;
	write_slot(table, at, slot);
}

void flow_slots_grow(struct flow_slots *slots, uint32_t count)
{
	struct flow_slot_table *old = flow_slots_table(slots), *table;

	if (count < old->mask / 2)
		return;
	table = table_new((old->mask + 1) * 2, old);
	for (uint32_t i = 0; i <= old->mask; i++)
		if (flow_slot_read(old, i))
			enter(table, flow_slot_read(old, i));
	atomic_store_explicit(&slots->table, table, memory_order_release);
}

void flow_slots_enter(struct flow_slots *slots, uint32_t hash, uint32_t number)
{
	enter(flow_slots_table(slots), (flow_slot)hash << 32 | number);
}

/* Closes the gap at `gap`: what was pushed on because of it comes back. */
static void close_gap(struct flow_slot_table *table, uint32_t gap)
{
	flow_slot slot;

	for (uint32_t at = gap + 1; (slot = flow_slot_read(table, at)); at++) {
		uint32_t wanted = flow_slot_hash(slot);

		if (((at - wanted) & table->mask) < ((at - gap) & table->mask))
			continue;
		write_slot(table, gap, slot);
		gap = at;
	}
	write_slot(table, gap, 0);
}

void flow_slots_leave(struct flow_slots *slots, uint32_t hash, uint32_t number)
{
	struct flow_slot_table *table = flow_slots_table(slots);
	uint32_t at = hash;
	flow_slot slot;

	while ((slot = flow_slot_read(table, at)) && flow_slot_number(slot) != number)
		at++;
	if (slot)
		close_gap(table, at);
}
