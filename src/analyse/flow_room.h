/* SPDX-License-Identifier: BSD-2-Clause */
/* Where flows lie: many in a slab, one behind the other, each with a number of its own from 1. For flow.c. */
#pragma once

#include <stdatomic.h>

#include "analyse/flow.h"

#define SLAB_FLOWS 16384u /* what is not used yet of a slab costs nothing but addresses */
#define SLABS_MAX (FLOWS_MAX / SLAB_FLOWS)

struct flow_slab {
	void *memory;
	struct flow *flows;   /* in it, from the beginning of a cache line on */
	atomic_uint warm;     /* flows of it that flow_room_warm() has got the memory of */
};

struct flow_room {
	struct flow_slab slabs[SLABS_MAX];
	atomic_uint slab_count;
	atomic_uint used;     /* flows that were ever given out */
	struct flow *free;    /* given back: linked through `newer`, without a protocol */
};

/* Zeroed but for its number, flow->own. */
struct flow *flow_room_take(struct flow_room *room);
void flow_room_give(struct flow_room *room, struct flow *flow);
void flow_room_release(struct flow_room *room);
/*
 * In any thread, beside the one that takes and gives: gets the memory of the flows that will soon be taken. To get it
 * costs more than all else that a new flow does.
 */
void flow_room_warm(struct flow_room *room);

static inline struct flow *flow_numbered(const struct flow_room *room, uint32_t number)
{
	return &room->slabs[(number - 1) / SLAB_FLOWS].flows[(number - 1) % SLAB_FLOWS];
}
