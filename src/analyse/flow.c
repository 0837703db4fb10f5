/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of conversations: slots to find them by, and a list by last packet. The hash is keyed with random numbers:
 * nobody who sends packets can choose whose row of slots is long; nothing that comes out depends on it.
 */
#include "analyse/flow.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "analyse/flow_key.h"
#include "analyse/flow_room.h"
#include "analyse/flow_slots.h"
#include "base/clock.h"
#include "base/mem.h"

#define MOVE_EVERY 8 /* a flow that moved less than max / MOVE_EVERY packets ago stays where it is in the list */

struct counter {
	const struct dissector *protocol;
	uint32_t next;
};

/* What flows_packet() changed last, so that flows_renew() can take it back. */
struct touched {
	uint64_t last_frame;
	int64_t last_time;
	struct flow *newer;
};

struct flows {
	struct flow_slots slots;
	uint32_t count, max;
	uint64_t packets;
	uint64_t forgotten;
	struct flows_held held;
	struct flow *oldest, *newest;
	struct flow_room room;
	struct counter *counters;     /* one for each protocol that was met */
	unsigned counter_count;
	struct touched touched;
	uint64_t secret[4];
	void (*forget)(void *context, struct flow *flow);
	void *context;
};

/* ------------------------------------------------------------------------------------------------ the table */

/* Without random numbers from the kernel, the clock and where the table lies must do. */
static void choose_secret(struct flows *flows)
{
	uint64_t seed = (uint64_t)clock_monotonic();

	if (getrandom(flows->secret, sizeof flows->secret, GRND_NONBLOCK) == (ssize_t)sizeof flows->secret)
		return;
	for (unsigned i = 0; i < 4; i++)
		flows->secret[i] = seed = flow_mix(seed + i, (uintptr_t)flows | 1) + UINT64_C(0x9e3779b97f4a7c15);
}

struct flows *flows_new(uint32_t max, void (*forget)(void *context, struct flow *flow), void *context)
{
	struct flows *flows = mem_new(1, sizeof *flows);

	flow_slots_init(&flows->slots);
	flows->max = max ? max : 1;
	flows->held.most = (uint64_t)flows->max * FLOWS_HELD;
	if (flows->held.most < FLOWS_HELD_LEAST)
		flows->held.most = FLOWS_HELD_LEAST;
	flows->forget = forget;
	flows->context = context;
	choose_secret(flows);
	return flows;
}

static void free_spares(struct flows_held *held)
{
	void *spare;

	while ((spare = held->spare)) {
		memcpy(&held->spare, spare, sizeof held->spare);
		free(spare);
	}
}

/* In the order in which they stand in memory. */
void flows_free(struct flows *flows)
{
	if (!flows)
		return;
	for (uint32_t number = 1; flows->forget && number <= flows->room.used; number++)
		if (flow_numbered(&flows->room, number)->protocol)
			flows->forget(flows->context, flow_numbered(&flows->room, number));
	free_spares(&flows->held);
	flow_room_release(&flows->room);
	flow_slots_release(&flows->slots);
	free(flows->counters);
	free(flows);
}

static void leave_list(struct flows *flows, struct flow *flow)
{
	*(flow->older ? &flow->older->newer : &flows->oldest) = flow->newer;
	*(flow->newer ? &flow->newer->older : &flows->newest) = flow->older;
}

/* Before `newer`; NULL: as the newest. */
static void join_list(struct flows *flows, struct flow *flow, struct flow *newer)
{
	flow->newer = newer;
	flow->older = newer ? newer->older : flows->newest;
	*(flow->older ? &flow->older->newer : &flows->oldest) = flow;
	*(newer ? &newer->older : &flows->newest) = flow;
}

static void forget_oldest(struct flows *flows)
{
	struct flow *flow = flows->oldest;

	if (flows->forget)
		flows->forget(flows->context, flow);
	flow_slots_leave(&flows->slots, flow->hash, flow->own);
	leave_list(flows, flow);
	flow_room_give(&flows->room, flow);
	flows->count--;
	flows->forgotten++;
	/* The one after the next to go was silent for long: it is in no cache. */
	if (flows->oldest && flows->oldest->newer)
		mem_soon(flows->oldest->newer, sizeof *flow);
}

static uint32_t next_number(struct flows *flows, const struct dissector *protocol)
{
	unsigned i = 0;

	while (i < flows->counter_count && flows->counters[i].protocol != protocol)
		i++;
	if (i == flows->counter_count) {
		flows->counters = mem_resize(flows->counters, i + 1, sizeof *flows->counters);
		flows->counters[i] = (struct counter){ protocol, 0 };
		flows->counter_count++;
	}
	return flows->counters[i].next++;
}

static inline struct flow *find(const struct flows *flows, const struct flow_key *key, uint32_t hash, unsigned *side)
{
	const struct flow_slot_table *table = flow_slots_table(&flows->slots);
	flow_slot slot;

	for (uint32_t at = hash; (slot = flow_slot_read(table, at)); at++) {
		struct flow *flow;

		if (flow_slot_hash(slot) != hash)
			continue;
		flow = flow_numbered(&flows->room, flow_slot_number(slot));
		*side = flow_key_side(flow, key);
		if (*side != FLOW_NOBODY)
			return flow;
	}
	return NULL;
}

/* ------------------------------------------------------------------------------------------------ packets */

static struct flow *add(struct flows *flows, const struct flow_key *key, uint32_t hash, const struct frame *frame)
{
	struct flow *flow;

	if (flows->count >= flows->max)
		forget_oldest(flows);
	flow_slots_grow(&flows->slots, flows->count);
	flow = flow_room_take(&flows->room);
	flow->ends[0] = key->from;
	flow->ends[1] = key->to;
	flow->protocol = key->protocol;
	flow->address_length = key->address_length;
	flow->number = next_number(flows, key->protocol);
	flow->server = FLOW_NOBODY;
	flow->first_frame = frame->number;
	flow->first_time = frame->time;
	flow->hash = hash;
	flow->moved = flows->packets;
	flow_slots_enter(&flows->slots, hash, flow->own);
	join_list(flows, flow, NULL);
	flows->count++;
	return flow;
}

static inline void count_packet(struct flow *flow, const struct frame *frame, unsigned side)
{
	flow->last_frame = frame->number;
	flow->last_time = frame->time;
	flow->sent[side].packets++;
	flow->sent[side].octets += frame->wire_length;
}

static inline void touch(struct flows *flows, struct flow *flow)
{
	flows->touched = (struct touched){ flow->last_frame, flow->last_time, flow->newer };
	if (flows->newest == flow || ++flows->packets - flow->moved <= flows->max / MOVE_EVERY)
		return;
	flow->moved = flows->packets;
	leave_list(flows, flow);
	join_list(flows, flow, NULL);
}

struct flow *flows_packet(struct flows *flows, const struct packet *packet, unsigned *side)
{
	struct flow *flow;
	struct flow_key key;
	uint32_t hash;

	if (!flow_key_of(packet, &key))
		return NULL;
	hash = packet->hashed ? packet->flow_hash : flow_key_hash(flows->secret, &key);
	flow = find(flows, &key, hash, side);
	if (!flow) {
		flow = add(flows, &key, hash, packet->frame);
		*side = 0;
	}
	touch(flows, flow);
	count_packet(flow, packet->frame, *side);
	return flow;
}

void flows_hash(const struct flows *flows, struct packet *packet)
{
	struct flow_key key;

	packet->hashed = flow_key_of(packet, &key);
	if (!packet->hashed)
		return;
	packet->flow_hash = flow_key_hash(flows->secret, &key);
	flow_slots_fetch(&flows->slots, packet->flow_hash);
}

void flows_fetch_flow(const struct flows *flows, const struct packet *packet)
{
	const struct flow_slot_table *table = flow_slots_table(&flows->slots);
	uint32_t at = packet->flow_hash;
	flow_slot slot;

	if (!packet->hashed)
		return;
	while ((slot = flow_slot_read(table, at)) && flow_slot_hash(slot) != packet->flow_hash)
		at++;
	if (slot)
		mem_soon(flow_numbered(&flows->room, flow_slot_number(slot)), sizeof(struct flow));
}

void flows_warm(struct flows *flows)
{
	flow_room_warm(&flows->room);
}

int64_t flows_before(const struct flows *flows)
{
	return flows->touched.last_time;
}

struct flow *flows_quoted(struct flows *flows, const struct packet *packet, unsigned *side)
{
	struct flow_key key;

	return flow_key_of_quoted(packet, &key) ? find(flows, &key, flow_key_hash(flows->secret, &key), side) : NULL;
}

struct flow *flows_renew(struct flows *flows, struct flow *flow, const struct packet *packet, unsigned *side)
{
	struct flow_key key = {
		.from = flow->ends[*side], .to = flow->ends[!*side], .protocol = flow->protocol,
		.address_length = flow->address_length,
	};
	uint32_t hash = flow->hash;

	flow->sent[*side].packets--;
	flow->sent[*side].octets -= packet->frame->wire_length;
	flow->last_frame = flows->touched.last_frame;
	flow->last_time = flows->touched.last_time;
	flow_slots_leave(&flows->slots, flow->hash, flow->own);
	leave_list(flows, flow);
	join_list(flows, flow, flows->touched.newer);
	*side = 0;
	flow = add(flows, &key, hash, packet->frame);
	count_packet(flow, packet->frame, 0);
	return flow;
}

/* ------------------------------------------------------------------------------------------------ all of them */

struct flow *flows_next(const struct flows *flows, const struct flow *after)
{
	return after ? after->newer : flows->oldest;
}

const struct flow *flows_each(const struct flows *flows, uint32_t *at)
{
	while (*at < flows->room.used) {
		const struct flow *flow = flow_numbered(&flows->room, ++*at);

		if (flow->protocol)
			return flow;
	}
	return NULL;
}

uint32_t flows_count(const struct flows *flows)
{
	return flows->count;
}

uint64_t flows_forgotten(const struct flows *flows)
{
	return flows->forgotten;
}

struct flows_held *flows_held(struct flows *flows)
{
	return &flows->held;
}
