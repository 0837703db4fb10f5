/* SPDX-License-Identifier: BSD-2-Clause */
/* Chats without a server: whoever sends lines to all is there, from his first one until he says that he leaves. */
#include <stdlib.h>

#include "analyse/chat_parts.h"
#include "base/mem.h"

struct broadcaster {
	struct broadcaster *next;    /* in the same slot */
	struct flow_end end;         /* of his first line; the port may be a new one for each */
	uint8_t address_length;
	bool used;
	uint16_t slot;               /* of by_name */
	struct chat_name name;
	const struct dissector *transport;
	uint64_t joined, left;
	int64_t joined_time, left_time;
	uint32_t stream;
	unsigned lines, private_lines;
};

static uint16_t slot_of(const struct flow_end *end, const struct chat_name *name)
{
	uint64_t hash = octets_hash(end->address, sizeof end->address) ^ octets_hash(name->octets, name->length);

	return (hash ^ hash >> 10) % CHAT_USER_SLOTS;
}

static bool is_he(const struct broadcaster *at, const struct flow_end *end, const struct chat_name *name)
{
	return !memcmp(at->end.address, end->address, sizeof end->address) && at->name.length == name->length &&
	       !memcmp(at->name.octets, name->octets, name->length);
}

static void tell(struct dialogues *d, struct broadcaster *at)
{
	struct broadcaster **place = &d->chat->by_name[at->slot];

	user_tell(d, &(struct chat_user){
		.name = at->name.length ? (const char *)at->name.octets : NULL,
		.name_length = at->name.length,
		.transport = at->transport,
		.stream = at->stream,
		.end = at->end,
		.address_length = at->address_length,
		.joined = at->joined,
		.joined_time = at->joined_time,
		.left = at->left,
		.left_time = at->left_time,
		.lines = at->lines,
		.private_lines = at->private_lines,
		.broadcast = true,
	});
	while (*place != at)
		place = &(*place)->next;
	*place = at->next;
	at->used = false;
}

/* The one who came first makes room. */
static struct broadcaster *new_one(struct dialogues *d, const struct chat_said_now *now, const struct chat_name *name,
				   uint16_t slot)
{
	struct chat_state *chat = d->chat;
	struct broadcaster *at = &chat->broadcasters[chat->next_broadcaster++ % CHAT_BROADCASTERS_MAX];

	if (at->used)
		tell(d, at);
	mem_soon(&chat->broadcasters[(chat->next_broadcaster + 1) % CHAT_BROADCASTERS_MAX], sizeof *at);
	at->used = true;
	at->end = now->flow->ends[now->side];
	at->address_length = now->flow->address_length;
	at->slot = slot;
	name_copy(&at->name, name);
	at->transport = now->flow->protocol;
	at->stream = now->flow->number;
	at->joined = now->packet->frame->number;
	at->joined_time = now->packet->frame->has_time ? now->packet->frame->time : 0;
	at->left = 0;
	at->left_time = 0;
	at->lines = at->private_lines = 0;
	at->next = chat->by_name[slot];
	chat->by_name[slot] = at;
	return at;
}

void broadcast_said(struct dialogues *d, const struct chat_said_now *now)
{
	const struct frame *frame = now->packet->frame;
	const struct flow_end *end = &now->flow->ends[now->side];
	struct broadcaster *at;
	struct chat_name name;
	uint16_t slot;

	name.length = name.source = 0;
	name_set(&name, now->user, NAME_SAID);
	slot = slot_of(end, &name);
	at = d->chat->by_name[slot];
	for (unsigned i = 0; at && i < CHAT_SCAN_MAX && !is_he(at, end, &name); i++)
		at = at->next;
	if (!at || !is_he(at, end, &name))
		at = new_one(d, now, &name, slot);
	if (field_is(now->kind, "leave")) {
		at->left = frame->number;
		at->left_time = frame->has_time ? frame->time : 0;
		tell(d, at);
		return;
	}
	if (!now->text || (!field_is(now->kind, "line") && !field_is(now->kind, "private")))
		return;
	at->lines++;
	at->private_lines += field_is(now->kind, "private");
	line_add(d, now, NULL);
}

void broadcasters_tell(struct dialogues *d)
{
	struct chat_state *chat = d->chat;

	/* In the order of their coming. */
	for (uint32_t i = 0; i < CHAT_BROADCASTERS_MAX; i++) {
		struct broadcaster *at = &chat->broadcasters[(chat->next_broadcaster + i) % CHAT_BROADCASTERS_MAX];

		if (at->used)
			tell(d, at);
	}
}

struct broadcaster *broadcasters_new(void)
{
	return mem_new(CHAT_BROADCASTERS_MAX, sizeof(struct broadcaster));
}
