/* SPDX-License-Identifier: BSD-2-Clause */
/* Rooms, and who is in them: a connection each, with the name that was learned. */
#include <stdlib.h>

#include "analyse/chat_parts.h"
#include "base/mem.h"

/* ------------------------------------------------------------------------------------------------ names */

static uint8_t small(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

bool name_is(const struct chat_name *name, const uint8_t *octets, size_t length)
{
	if (name->length != length)
		return false;
	for (size_t i = 0; i < length; i++)
		if (small(name->octets[i]) != small(octets[i]))
			return false;
	return length > 0;
}

bool name_known(const struct chat_name *name)
{
	return name->length > 0;
}

void name_copy(struct chat_name *name, const struct chat_name *from)
{
	name->length = from->length;
	name->source = from->source;
	memcpy(name->octets, from->octets, from->length);
}

void name_set(struct chat_name *name, const struct field *field, enum name_source source)
{
	if (!field || !field->length || field->length > CHAT_NAME_MAX || source < name->source)
		return;
	memcpy(name->octets, field->value.bytes, field->length);
	name->length = (uint8_t)field->length;
	name->source = (uint8_t)source;
}

struct chat_member *member_named(const struct room *room, const uint8_t *name, size_t length)
{
	struct chat_member *member = room->members;

	for (unsigned i = 0; member && i < CHAT_SCAN_MAX; i++, member = member->next)
		if (!member->left && name_is(&member->name, name, length))
			return member;
	return NULL;
}

struct chat_member *member_at(const struct room *room, uint32_t stream)
{
	struct chat_member *member = room->members;

	for (unsigned i = 0; member && i < CHAT_SCAN_MAX; i++, member = member->next)
		if (member->flow->number == stream)
			return member;
	return NULL;
}

/* ------------------------------------------------------------------------------------------------ rooms */

static struct room **room_place(struct chat_state *chat, const struct flow *flow, unsigned server)
{
	const struct flow_end *end = &flow->ends[server];
	uint64_t hash = octets_hash(end->address, sizeof end->address) ^ end->port;
	struct room **at = &chat->rooms[(hash ^ hash >> 10) % CHAT_ROOM_SLOTS];

	while (*at && ((*at)->transport != flow->protocol || (*at)->server.port != end->port ||
		       memcmp((*at)->server.address, end->address, sizeof end->address) != 0))
		at = &(*at)->next;
	return at;
}

static struct room *room_of(struct chat_state *chat, const struct flow *flow, unsigned server)
{
	struct room **place = room_place(chat, flow, server);

	if (*place)
		return *place;
	*place = mem_new(1, sizeof **place);
	(*place)->transport = flow->protocol;
	(*place)->server = flow->ends[server];
	(*place)->id = ++chat->room_count;
	return *place;
}

/* ------------------------------------------------------------------------------------------------ members */

struct chat_member *member_of(struct dialogues *d, struct flow *flow, unsigned client)
{
	struct flow_dialogue *own = flow_dialogue_of(d, flow);
	struct chat_member *member = own->member;
	struct room *room;

	if (member)
		return member;
	room = room_of(d->chat, flow, !client);
	member = mem_new(1, sizeof *member);
	member->room = room;
	member->flow = flow;
	member->client = (uint8_t)client;
	member->joined = flow->first_frame;
	member->joined_time = flow->first_time;
	member->next = room->members;
	if (room->members)
		room->members->previous = member;
	room->members = member;
	room->count++;
	room->most = room->count > room->most ? room->count : room->most;
	own->member = member;
	return member;
}

void chat_member_opened(struct dialogues *d, struct flow *flow)
{
	/* Who only listens is there too: a room that is known has one member more. */
	if (flow->server != FLOW_NOBODY && *room_place(d->chat, flow, flow->server))
		member_of(d, flow, !flow->server);
}

void member_leaves(struct chat_member *member, const struct frame *frame)
{
	if (member->left)
		return;
	member->left = frame->number;
	member->left_time = frame->has_time ? frame->time : 0;
}

static void room_leave(struct dialogues *d, struct chat_member *member)
{
	struct room *room = member->room, **place;

	*(member->previous ? &member->previous->next : &room->members) = member->next;
	if (member->next)
		member->next->previous = member->previous;
	room->count--;
	if (room->members)
		return;
	place = room_place(d->chat, member->flow, !member->client);
	*place = room->next;
	free(room);
}

void user_tell(const struct dialogues *d, const struct chat_user *user)
{
	for (unsigned i = 0; i < d->listener_count; i++)
		if (d->listeners[i].user)
			d->listeners[i].user(d->listeners[i].context, user);
}

void chat_member_left(struct dialogues *d, struct chat_member *member, const struct packet *packet)
{
	struct chat_user user;

	if (packet)
		member_leaves(member, packet->frame);
	user = (struct chat_user){
		.name = member->name.length ? (const char *)member->name.octets : NULL,
		.name_length = member->name.length,
		.transport = member->flow->protocol,
		.stream = member->flow->number,
		.end = member->flow->ends[member->client],
		.address_length = member->flow->address_length,
		.joined = member->joined,
		.joined_time = member->joined_time,
		.left = member->left,
		.left_time = member->left_time,
		.lines = member->lines,
		.private_lines = member->private_lines,
		.heard = member->heard,
	};
	user_tell(d, &user);
	room_leave(d, member);
	free(member);
}
