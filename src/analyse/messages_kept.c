/* SPDX-License-Identifier: BSD-2-Clause */
/* What conversations keep until more comes: segments that wait, beginnings of messages. One limit for all of it. */
#include <stdlib.h>
#include <string.h>

#include "analyse/messages_parts.h"
#include "base/mem.h"

void side_hold(struct side *side, const uint8_t *data, size_t length, bool tentative)
{
	if (length) {
		side->held = mem_resize(side->held, length, 1);
		memmove(side->held, data, length);
	}
	side->held_length = (uint32_t)length;
	side->tentative = tentative;
}

static void leave_list(struct flow_messages *own)
{
	struct messages *messages = own->messages;

	if (!own->cost)
		return;
	*(own->older ? &own->older->newer : &messages->oldest) = own->newer;
	*(own->newer ? &own->newer->older : &messages->newest) = own->older;
	own->older = own->newer = NULL;
	messages->cost -= own->cost;
	own->cost = 0;
}

static void join_list(struct flow_messages *own, size_t cost)
{
	struct messages *messages = own->messages;

	own->older = messages->newest;
	*(messages->newest ? &messages->newest->newer : &messages->oldest) = own;
	messages->newest = own;
	messages->cost += own->cost = cost;
}

static size_t cost_of(const struct flow_messages *own)
{
	size_t cost = 0;

	for (unsigned i = 0; i < 2; i++)
		cost += own->sides[i].held_length + (own->sides[i].stream ? stream_cost(own->sides[i].stream) : 0);
	return cost;
}

/* What waits is as if it had not been captured; the beginning of a message was shown as it is. */
static void let_go(struct flow_messages *own)
{
	leave_list(own);
	for (unsigned i = 0; i < 2; i++) {
		struct side *side = &own->sides[i];

		if (side->stream)
			stream_forget(side->stream);
		free(side->held);
		side->held = NULL;
		side->held_length = 0;
	}
}

void messages_keep_limit(struct messages *messages, struct flow_messages *own)
{
	size_t cost = cost_of(own);

	if (!cost && !own->cost)
		return;
	leave_list(own);
	if (cost)
		join_list(own, cost);
	while (messages->cost > messages->most && messages->oldest != own)
		let_go(messages->oldest);
}

void flow_messages_free(struct flow_messages *own)
{
	if (!own)
		return;
	leave_list(own);
	for (unsigned i = 0; i < 2; i++) {
		stream_free(own->sides[i].stream);
		free(own->sides[i].held);
	}
	free(own);
}
