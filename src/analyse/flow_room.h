/* SPDX-License-Identifier: BSD-2-Clause */
/* Where flows lie: many in a slab, one behind the other, each with a number of its own from 1. For flow.c. */
#pragma once

#include "analyse/flow.h"

#define SLAB_FLOWS 16384u /* what is not used yet of a slab costs nothing but addresses */

struct flow_slab {
	void *memory;
	struct flow *flows;   /* in it, from the beginning of a cache line on */
};

struct flow_room {
	struct flow_slab *slabs;
	uint32_t slab_count;
	uint32_t used;        /* flows that were ever given out */
	struct flow *free;    /* given back: linked through `newer`, without a protocol */
};

/* Zeroed but for its number, flow->own. */
struct flow *flow_room_take(struct flow_room *room);
void flow_room_give(struct flow_room *room, struct flow *flow);
void flow_room_release(struct flow_room *room);

static inline struct flow *flow_numbered(const struct flow_room *room, uint32_t number)
{
	return &room->slabs[(number - 1) / SLAB_FLOWS].flows[(number - 1) % SLAB_FLOWS];
}
