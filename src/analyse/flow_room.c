/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyse/flow_room.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define WARM 256u /* flows that memory is got for at a time; a slab has a multiple of them */

static void add_slab(struct flow_room *room)
{
	void *memory = mem_new(1, SLAB_FLOWS * sizeof(struct flow) + CACHE_LINE);
	struct flow_slab *slab = &room->slabs[room->slab_count];

	slab->memory = memory;
	slab->flows = mem_line(memory);
	room->slab_count++;
}

/* Whoever has filled the first slab has many. */
void flow_room_warm(struct flow_room *room)
{
	unsigned count = atomic_load_explicit(&room->slab_count, memory_order_acquire), first;
	struct flow_slab *slab;

	if (count < 2)
		return;
	slab = &room->slabs[count - 1];
	if (slab->warm > room->used % SLAB_FLOWS + WARM)
		return;
	first = atomic_fetch_add(&slab->warm, WARM);
	if (first < SLAB_FLOWS)
		mem_touch(&slab->flows[first], WARM * sizeof(struct flow));
}

struct flow *flow_room_take(struct flow_room *room)
{
	struct flow *flow = room->free;
	uint32_t own;

	if (flow) {
		own = flow->own;
		room->free = flow->newer;
		memset(flow, 0, sizeof *flow);
		flow->own = own;
		return flow;
	}
	own = room->used + 1;
	if (own > room->slab_count * SLAB_FLOWS)
		add_slab(room);
	flow = flow_numbered(room, own);
	flow->own = own;
	atomic_store_explicit(&room->used, own, memory_order_relaxed);
	return flow;
}

void flow_room_give(struct flow_room *room, struct flow *flow)
{
	flow->protocol = NULL;
	flow->newer = room->free;
	room->free = flow;
}

void flow_room_release(struct flow_room *room)
{
	for (uint32_t i = 0; i < room->slab_count; i++)
		free(room->slabs[i].memory);
}
