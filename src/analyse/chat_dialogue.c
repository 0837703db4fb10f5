/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who heard what. A line comes in to the server from one connection and goes out as copies to others: a copy is found
 * by its text. Whose connection it is shows in what the server announces, and in the lines themselves.
 */
#include <stdlib.h>

#include "analyse/chat_parts.h"
#include "base/mem.h"

struct chat_state *chat_state_new(struct protocols *protocols)
{
	struct chat_state *chat = mem_new(1, sizeof *chat);

	chat->dissector = protocols_find("chat");
	chat->tcp = protocols_find("tcp");
	chat->kind = row_read(protocols, "chat.kind");
	chat->user = row_read(protocols, "chat.user");
	chat->to = row_read(protocols, "chat.to");
	chat->text = row_read(protocols, "chat.text");
	chat->line_in = row_named(protocols, "chat.line_in");
	chat->receiver = row_named(protocols, "chat.receiver");
	chat->receivers = row_named(protocols, "chat.receivers");
	chat->returned = row_named(protocols, "chat.returned");
	chat->leaked = row_named(protocols, "chat.leaked");
	chat->peer = row_named(protocols, "chat.peer");
	chat->lines_memory = mem_new(CHAT_LINES_MAX + 1, sizeof *chat->lines);
	chat->lines = mem_line(chat->lines_memory);
	chat->broadcasters = broadcasters_new();
	return chat;
}

void chat_state_free(struct dialogues *d)
{
	struct chat_state *chat = d->chat;

	while (chat->told < chat->said)
		line_forget(d, &chat->lines[++chat->told % CHAT_LINES_MAX]);
	free(chat->lines_memory);
	free(chat->broadcasters);
	free(chat);
}

bool chat_is(const struct chat_state *chat, const struct dissector *dissector)
{
	return dissector == chat->dissector;
}

/* ------------------------------------------------------------------------------------------------ to the server */

static void said_to_server(struct dialogues *d, const struct chat_said_now *now, struct chat_member *member)
{
	bool is_private = field_is(now->kind, "private"), is_line = field_is(now->kind, "line");

	if (field_is(now->kind, "leave"))
		member_leaves(member, now->packet->frame);
	else if (field_is(now->kind, "join"))
		name_set(&member->name, now->user, NAME_SAID);
	else if (!name_known(&member->name))
		name_set(&member->name, now->user, NAME_GUESSED);
	if (!now->text || !now->text->length || !(is_line || is_private || field_is(now->kind, "command")))
		return;
	line_add(d, now, member);
	member->lines += is_line || is_private;
	member->private_lines += is_private;
}

/* ------------------------------------------------------------------------------------------------ from the server */

/* What a client called itself is its name when the server says so too. */
static void confirm_name(const struct room *room, const struct field *name)
{
	struct chat_member *member = member_named(room, name->value.bytes, name->length);

	if (member)
		name_set(&member->name, name, NAME_SAID);
}

/* "* alice joined": the connection that has just said this word, and nothing else, is hers. */
static void announced_join(struct dialogues *d, const struct chat_said_now *now, struct chat_member *member)
{
	struct line *line = now->user ? line_that_named(d->chat, member->room, now->user) : NULL;
	struct chat_member *speaker = line ? member_at(member->room, line->stream) : NULL;

	if (!line && now->user)
		confirm_name(member->room, now->user);
	if (!speaker || speaker->name.source == NAME_SAID)
		return;
	name_set(&speaker->name, now->user, NAME_SAID);
	speaker->joined = line->frame;
	speaker->joined_time = line->time;
	speaker->lines -= speaker->lines > 0;
	line->is_name = true;
	name_copy(&line->speaker, &speaker->name);
}

/* "* alice is now known as rob"; told to all, so that only the first time there is an alice. */
static void announced_nick(const struct chat_said_now *now, const struct chat_member *member)
{
	struct chat_member *renamed;

	if (!now->user || !now->to)
		return;
	renamed = member_named(member->room, now->user->value.bytes, now->user->length);
	if (renamed)
		name_set(&renamed->name, now->to, NAME_SAID);
}

static void announced_leave(const struct chat_said_now *now, const struct chat_member *member)
{
	struct chat_member *gone = now->user ? member_named(member->room, now->user->value.bytes, now->user->length)
					     : NULL;

	if (gone)
		member_leaves(gone, now->packet->frame);
}

static bool is_number(const uint8_t *octets, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (octets[i] < '0' || octets[i] > '9')
			return false;
	return length > 0;
}

/*
 * Whether a private line has come to somebody else. Where neither his name nor the addressee's connection is known, the
 * first one who gets it is taken for the addressee.
 */
static bool is_leak(const struct line *line, const struct chat_member *member)
{
	const uint8_t *to = line->octets + line->text_kept + line->user_length;

	if (!line->is_private)
		return false;
	if (!line->to_length || is_number(to, line->to_length))
		return line->receivers > 1;
	if (name_is(&member->name, to, line->to_length))
		return false;
	if (member->name.source == NAME_SAID || member_named(member->room, to, line->to_length))
		return true;
	return line->receivers > 1;
}

static void learn_speaker(struct line *line, const struct chat_said_now *now, const struct chat_member *member)
{
	struct chat_member *speaker;

	if (!now->user || name_is(&line->speaker, now->user->value.bytes, now->user->length) ||
	    line->speaker.source == NAME_SAID)
		return;
	speaker = member_at(member->room, line->stream);
	if (speaker)
		name_set(&speaker->name, now->user, NAME_GUESSED);
	name_set(&line->speaker, now->user, NAME_GUESSED);
}

static void heard(struct dialogues *d, const struct chat_said_now *now, struct chat_member *member,
		  struct notes *notes)
{
	struct chat_state *chat = d->chat;
	struct line *line = line_of_copy(chat, now, member);
	unsigned others = member->room->count - 1;

	if (!line)
		return;
	note_number(notes, &chat->line_in, line->frame);
	learn_speaker(line, now, member);
	line->others = others > line->others ? others : line->others;
	if (line_is_of(line, member)) {
		line->returned = true;
		return;
	}
	member->heard++;
	note_number(notes, &chat->receiver, ++line->receivers);
	if (!is_leak(line, member))
		return;
	line->leaked = true;
	note_number(notes, &chat->leaked, 1);
}

static void said_by_server(struct dialogues *d, const struct chat_said_now *now, struct chat_member *member,
			   struct notes *notes)
{
	if (field_is(now->kind, "join"))
		announced_join(d, now, member);
	else if (field_is(now->kind, "nick"))
		announced_nick(now, member);
	else if (field_is(now->kind, "leave"))
		announced_leave(now, member);
	else if (now->text && now->text->length)
		heard(d, now, member, notes);
}

/* ------------------------------------------------------------------------------------------------ every message */

/* Both ends of a datagram on the same port, or many receivers: nobody serves. */
static bool has_server(const struct chat_state *chat, const struct flow *flow)
{
	static const uint8_t limited[4] = { 255, 255, 255, 255 };

	if (flow->protocol == chat->tcp)
		return true;
	for (unsigned side = 0; side < 2; side++)
		if (flow_end_is_multicast(flow, side) ||
		    (flow->address_length == 4 && (flow->ends[side].address[3] == 255 ||
						   !memcmp(flow->ends[side].address, limited, 4))))
			return false;
	return flow->ends[0].port != flow->ends[1].port && flow->server != FLOW_NOBODY;
}

/* Met in its middle, on no known port: the smaller port serves. */
static unsigned server_of(const struct flow *flow)
{
	if (flow->server != FLOW_NOBODY)
		return flow->server;
	return flow->ends[1].port < flow->ends[0].port;
}

/* The first of each. */
static void find_fields(const struct chat_state *chat, struct chat_said_now *now)
{
	const struct layer *layer = &now->packet->layers[now->layer];
	const struct field *field = &now->packet->fields[layer->first_field], *at = field + layer->field_count;

	while (at-- > field)
		if (at->def == chat->kind)
			now->kind = at;
		else if (at->def == chat->user)
			now->user = at;
		else if (at->def == chat->to)
			now->to = at;
		else if (at->def == chat->text)
			now->text = at;
}

void chat_message(struct dialogues *d, struct packet *packet, unsigned layer, struct flow *flow, unsigned side)
{
	struct chat_state *chat = d->chat;
	struct chat_said_now now = { .packet = packet, .layer = layer, .flow = flow, .side = side };
	struct notes notes;
	struct chat_member *member;

	notes_begin(&notes);
	if (packet->frame->has_time)
		lines_tell(d, packet->frame->time);
	find_fields(chat, &now);
	if (!now.kind)
		return;
	if (!has_server(chat, flow)) {
		broadcast_said(d, &now);
		return;
	}
	member = member_of(d, flow, !server_of(flow));
	if (side == member->client)
		said_to_server(d, &now, member);
	else
		said_by_server(d, &now, member, &notes);
	note_string(d, packet, &notes, &chat->peer, member->name.octets, member->name.length);
	notes_give(&notes, packet, layer);
}

static int by_coming(const void *left, const void *right)
{
	const struct flow_dialogue *const *a = left, *const *b = right;
	uint64_t first = (*a)->member->joined, second = (*b)->member->joined;

	return first < second ? -1 : first > second;
}

void chat_finish(struct dialogues *d)
{
	struct flow_dialogue **there = mem_new(d->flow_count + 1, sizeof(struct flow_dialogue *));
	size_t count = 0;

	lines_tell_all(d);
	for (struct flow_dialogue *own = d->oldest; own; own = own->newer)
		if (own->member)
			there[count++] = own;
	qsort(there, count, sizeof *there, by_coming);
	for (size_t i = 0; i < count; i++) {
		chat_member_left(d, there[i]->member, NULL);
		there[i]->member = NULL;
	}
	free(there);
	broadcasters_tell(d);
}
