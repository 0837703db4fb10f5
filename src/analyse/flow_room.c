/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyse/flow_room.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Whoever has filled the first slab has many: then large pages do, and are found again faster. */
static void add_slab(struct flow_room *room)
{
	size_t octets = SLAB_FLOWS * sizeof(struct flow) + CACHE_LINE;
	void *memory = mem_new(1, octets);

	if (room->slab_count)
		mem_in_large_pages(memory, octets);
	room->slabs = mem_resize(room->slabs, room->slab_count + 1, sizeof *room->slabs);
	room->slabs[room->slab_count++] = (struct flow_slab){ memory, mem_line(memory) };
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
	if (room->used == room->slab_count * SLAB_FLOWS)
		add_slab(room);
	flow = flow_numbered(room, ++room->used);
	flow->own = room->used;
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
	free(room->slabs);
}
