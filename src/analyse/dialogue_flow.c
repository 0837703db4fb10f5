/* SPDX-License-Identifier: BSD-2-Clause */
/* What is remembered of a conversation: made when there is something, gone when nothing is left, bounded in number. */
#include "analyse/dialogue_parts.h"

#define STRANGERS_OF_FLOW 8
#define MOVE_EVERY 8 /* who moved less than an eighth of the list ago stays where he is */
#define STEPS 64 /* conversations that are looked at for the one that a broadcast began */

/* ------------------------------------------------------------------------------------------------ by last use */

static void unlink_flow(struct flow_dialogue *own)
{
	struct dialogues *d = own->dialogues;

	*(own->older ? &own->older->newer : &d->oldest) = own->newer;
	*(own->newer ? &own->newer->older : &d->newest) = own->older;
	own->older = own->newer = NULL;
}

static void link_newest(struct flow_dialogue *own)
{
	struct dialogues *d = own->dialogues;

	own->older = d->newest;
	*(d->newest ? &d->newest->newer : &d->oldest) = own;
	d->newest = own;
	own->moved = d->uses;
}

struct flow_dialogue *flow_dialogue_of(struct dialogues *d, struct flow *flow)
{
	struct flow_dialogue *own = flow->dialogue;

	if (own) {
		/* He is far from the end that is forgotten, and moving him would touch two neighbours. */
		if (d->newest != own && ++d->uses - own->moved > DIALOGUE_FLOWS_MAX / MOVE_EVERY) {
			unlink_flow(own);
			link_newest(own);
		}
		return own;
	}
	if (d->flow_count == DIALOGUE_FLOWS_MAX)
		flow_dialogue_free(d->oldest);
	own = pool_take(&d->flows);
	memset(own, 0, sizeof *own);
	own->dialogues = d;
	own->flow = flow;
	flow->dialogue = own;
	link_newest(own);
	d->flow_count++;
	return own;
}

void flow_dialogue_settle(struct flow_dialogue *own)
{
	if (!own->requests && !own->strangers && !own->heard && !own->echo &&
	    !own->member)
		flow_dialogue_free(own);
}

void flow_dialogue_end(struct flow_dialogue *own, enum dialogue_end end, uint64_t refused)
{
	for (unsigned side = 0; own->requests && side < 2; side++)
		while (own->asked[side].first)
			request_forget(own->dialogues, own->asked[side].first, end, refused);
}

/* ------------------------------------------------------------------------------------------------ strangers */

struct stranger stranger_take(struct flow_dialogue *own)
{
	struct stranger *first = own->strangers, taken = *first;

	own->strangers = first->next;
	if (!own->strangers)
		own->last_stranger = NULL;
	own->stranger_count--;
	*first = (struct stranger){ 0 };
	return taken;
}

/* A slot whose own conversation has lost it is free; the oldest of all stands where the next one goes. */
static struct stranger *stranger_slot(const struct flow_dialogue *own)
{
	struct dialogues *d = own->dialogues;
	struct stranger *slot = &d->strangers[d->next_stranger++ % DIALOGUE_STRANGERS_MAX];
	struct flow_dialogue *loser = slot->owner;

	if (!loser)
		return slot;
	/* Slots of one conversation are taken in turn, so that this one is its oldest, or older ones are near. */
	while (slot->owner)
		stranger_take(loser);
	if (loser != own)
		flow_dialogue_settle(loser);
	return slot;
}

void stranger_add(struct flow_dialogue *own, const struct message *message)
{
	struct stranger *slot;

	own->stranger_side = (uint8_t)message->side;
	if (own->stranger_count == STRANGERS_OF_FLOW) {
		/* A busy conversation uses its own slots again, and leaves those of others alone. */
		slot = own->strangers;
		stranger_take(own);
	} else {
		slot = stranger_slot(own);
	}
	*slot = (struct stranger){
		.owner = own,
		.frame = message->packet->frame->number,
		.time = message->packet->frame->time,
		.octets = message->octets,
	};
	*(own->last_stranger ? &own->last_stranger->next : &own->strangers) = slot;
	own->last_stranger = slot;
	own->stranger_count++;
}

/* ------------------------------------------------------------------------------------------------ broadcasts */

static struct flow_dialogue **broadcast_slot(const struct dialogues *d, const struct flow_end *asker, uint16_t port)
{
	uint64_t hash = octets_hash(asker->address, sizeof asker->address) ^ (uint32_t)asker->port << 16 ^ port;

	return &d->broadcasts[(hash ^ hash >> 12 ^ hash >> 24) % BROADCAST_SLOTS];
}

static bool asked_by(const struct flow_dialogue *own, const struct flow_end *asker, uint16_t port)
{
	const struct flow *flow = own->flow;

	for (unsigned side = 0; side < 2; side++)
		if (own->asked[side].last && flow->ends[side].port == asker->port && flow->ends[!side].port == port &&
		    !memcmp(flow->ends[side].address, asker->address, sizeof asker->address))
			return true;
	return false;
}

struct flow_dialogue *broadcast_find(const struct dialogues *d, const struct flow_end *asker, uint16_t port)
{
	struct flow_dialogue *at = *broadcast_slot(d, asker, port);

	/* The same client may have asked several broadcast addresses: the one that it asked last is met first. */
	for (unsigned i = 0; at && i < STEPS; i++, at = at->index_next)
		if (asked_by(at, asker, port))
			return at;
	return NULL;
}

static void index_leave(struct flow_dialogue *own)
{
	if (!own->index_place)
		return;
	*own->index_place = own->index_next;
	if (own->index_next)
		own->index_next->index_place = own->index_place;
	own->index_place = NULL;
}

void broadcast_index(struct flow_dialogue *own, unsigned asker)
{
	struct flow_dialogue **slot = broadcast_slot(own->dialogues, &own->flow->ends[asker],
						     own->flow->ends[!asker].port);

	if (*slot == own)
		return;
	index_leave(own);
	own->index_next = *slot;
	own->index_place = slot;
	if (*slot)
		(*slot)->index_place = &own->index_next;
	*slot = own;
}

/* ------------------------------------------------------------------------------------------------ the end */

void flow_dialogue_free(struct flow_dialogue *own)
{
	if (!own)
		return;
	flow_dialogue_end(own, DIALOGUE_UNANSWERED, 0);
	while (own->strangers)
		stranger_take(own);
	index_leave(own);
	echo_stream_free(own->dialogues, own->echo);
	if (own->member)
		chat_member_left(own->dialogues, own->member, NULL);
	unlink_flow(own);
	own->dialogues->flow_count--;
	own->flow->dialogue = NULL;
	pool_give(&own->dialogues->flows, own);
}
