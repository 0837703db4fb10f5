/* SPDX-License-Identifier: BSD-2-Clause */
/* Members of the chat, their names, and relaying: a line is written once and queued for each who hears it. */
#include "play/chat_room.h"

#include <stdarg.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "lab/ascii.h"

#define BUCKETS_FIRST 64u

struct chat_room {
	struct chat_member *first, *last;
	size_t count;
	struct chat_member **buckets; /* names, by hash */
	size_t bucket_count;          /* a power of two, at least as many as there are names */
};

struct chat_room *chat_room_new(void)
{
	struct chat_room *room = mem_new(1, sizeof *room);

	room->bucket_count = BUCKETS_FIRST;
	room->buckets = mem_new(room->bucket_count, sizeof(struct chat_member *));
	return room;
}

void chat_room_free(struct chat_room *room)
{
	if (room)
		free(room->buckets);
	free(room);
}

/* ------------------------------------------------------------------------------------------------ names */

static struct chat_span span_of_name(const struct chat_member *member)
{
	return (struct chat_span){ (const uint8_t *)member->name, member->name_length };
}

/* FNV-1a over lower case. */
static size_t bucket_of(const struct chat_room *room, struct chat_span name)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < name.length; i++)
		hash = (hash ^ ascii_lower(name.data[i])) * UINT64_C(0x100000001b3);
	return (size_t)(hash ^ hash >> 32) & (room->bucket_count - 1);
}

static bool is_called(const struct chat_member *member, struct chat_span name)
{
	if (member->name_length != name.length)
		return false;
	for (size_t i = 0; i < name.length; i++) {
		if (ascii_lower((uint8_t)member->name[i]) != ascii_lower(name.data[i]))
			return false;
	}
	return true;
}

struct chat_member *chat_room_find(const struct chat_room *room, struct chat_span name)
{
	struct chat_member *member = room->buckets[bucket_of(room, name)];

	while (member && !is_called(member, name))
		member = member->next_alike;
	return member;
}

static void enter_table(struct chat_room *room, struct chat_member *member)
{
	struct chat_member **bucket = &room->buckets[bucket_of(room, span_of_name(member))];

	member->next_alike = *bucket;
	*bucket = member;
}

static void leave_table(struct chat_room *room, struct chat_member *member)
{
	struct chat_member **at = &room->buckets[bucket_of(room, span_of_name(member))];

	while (*at != member)
		at = &(*at)->next_alike;
	*at = member->next_alike;
}

static void widen_table(struct chat_room *room)
{
	if (room->count < room->bucket_count)
		return;
	free(room->buckets);
	room->bucket_count *= 2;
	room->buckets = mem_new(room->bucket_count, sizeof(struct chat_member *));
	for (struct chat_member *member = room->first; member; member = member->next)
		enter_table(room, member);
}

static void set_name(struct chat_member *member, struct chat_span name)
{
	memcpy(member->name, name.data, name.length);
	member->name[name.length] = '\0';
	member->name_length = name.length;
}

static void link_member(struct chat_room *room, struct chat_member *member)
{
	widen_table(room);
	member->previous = room->last;
	if (room->last)
		room->last->next = member;
	else
		room->first = member;
	room->last = member;
	room->count++;
}

static void unlink_member(struct chat_room *room, struct chat_member *member)
{
	if (member->previous)
		member->previous->next = member->next;
	else
		room->first = member->next;
	if (member->next)
		member->next->previous = member->previous;
	else
		room->last = member->previous;
	member->next = member->previous = NULL;
	room->count--;
}

/* ------------------------------------------------------------------------------------------------ sending */

/* False: it hears nothing any more, since it reads too slowly or has gone. What it said before still counts. */
static bool send_line(struct chat_member *member, const void *line, size_t length)
{
	if (!connection_send(member->connection, line, length))
		return false;
	connection_count(member->connection, 0, 1);
	return true;
}

static void tell(struct chat_member *member, const char *prefix, const char *format, va_list arguments)
{
	char line[CHAT_LINE_MAX];
	size_t length = strlen(prefix);
	int n;

	memcpy(line, prefix, length);
	n = vsnprintf(line + length, sizeof line - length, format, arguments);
	length += n < 0 ? 0 : (size_t)n;
	if (length >= sizeof line)
		length = sizeof line - 1;
	line[length++] = '\n';
	send_line(member, line, length);
}

void chat_tell(struct chat_member *member, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	tell(member, "* ", format, arguments);
	va_end(arguments);
}

/* Rubbish by the thousand lines must not fill the queue of who sent it, which is told once that there was more. */
void chat_refuse(struct chat_member *member, const char *format, ...)
{
	va_list arguments;

	if (member->refusals++ >= CHAT_REFUSALS_MOST) {
		if (member->refusals == CHAT_REFUSALS_MOST + 1)
			chat_tell(member, "refused: and more of what came with it");
		return;
	}
	va_start(arguments, format);
	tell(member, "* refused: ", format, arguments);
	va_end(arguments);
}

/* A line of somebody's: from whom, and to whom alone (NULL: to all). */
struct relay {
	struct chat_member *from, *to;
	const uint8_t *line;
	size_t length;
};

static void report_relay(const struct relay *relay, const struct chat_member *hearer)
{
	report(connection_reporter(relay->from->connection),
	       (struct event){
		       .kind = EVENT_RELAYED,
		       .type = SOCK_STREAM,
		       .connection = connection_number(relay->from->connection),
		       .to_connection = connection_number(hearer->connection),
		       .peer = connection_peer(relay->from->connection),
		       .data = relay->line,
		       .length = relay->length,
		       .user = relay->from->name,
		       .to = relay->to ? relay->to->name : NULL,
	       });
}

static void relay_to_others(const struct chat_room *room, const struct relay *relay)
{
	bool wanted = reporter_wants(connection_reporter(relay->from->connection), EVENT_RELAYED);

	for (struct chat_member *hearer = room->first; hearer; hearer = hearer->next) {
		if (hearer != relay->from && send_line(hearer, relay->line, relay->length) && wanted)
			report_relay(relay, hearer);
	}
}

/* What the server says to all about one of them. */
static void announce(const struct chat_room *room, enum chat_kind kind, struct chat_span who, struct chat_span now)
{
	uint8_t line[CHAT_LINE_MAX];
	size_t length = chat_build(line, sizeof line, kind, who, now, (struct chat_span){ 0 });

	for (struct chat_member *hearer = room->first; hearer; hearer = hearer->next)
		send_line(hearer, line, length);
}

/* ------------------------------------------------------------------------------------------------ coming and going */

static void report_name(const struct chat_member *member)
{
	if (reporter_wants(connection_reporter(member->connection), EVENT_NAMED))
		report(connection_reporter(member->connection),
		       (struct event){ .kind = EVENT_NAMED,
				       .type = SOCK_STREAM,
				       .connection = connection_number(member->connection),
				       .peer = connection_peer(member->connection),
				       .user = member->name });
}

void chat_room_name(struct chat_room *room, struct chat_member *member, struct chat_span name)
{
	char before[sizeof member->name];
	struct chat_span old = { (const uint8_t *)before, member->name_length };

	memcpy(before, member->name, sizeof before);
	if (old.length > 0)
		leave_table(room, member);
	else
		link_member(room, member);
	set_name(member, name);
	enter_table(room, member);
	report_name(member);
	if (old.length > 0)
		announce(room, CHAT_NICK, old, span_of_name(member));
	else
		announce(room, CHAT_JOIN, span_of_name(member), (struct chat_span){ 0 });
}

void chat_room_leave(struct chat_room *room, struct chat_member *member)
{
	if (!chat_is_named(member))
		return;
	leave_table(room, member);
	unlink_member(room, member);
	announce(room, CHAT_LEAVE, span_of_name(member), (struct chat_span){ 0 });
	set_name(member, (struct chat_span){ (const uint8_t *)"", 0 });
}

/* ------------------------------------------------------------------------------------------------ talking */

/* The text is valid and so are the names: what cannot be built is too long. */
static bool build(struct relay *relay, uint8_t line[CHAT_LINE_MAX], enum chat_kind kind, struct chat_span text)
{
	struct chat_span to = relay->to ? span_of_name(relay->to) : (struct chat_span){ 0 };

	relay->line = line;
	relay->length = chat_build(line, CHAT_LINE_MAX, kind, span_of_name(relay->from), to, text);
	if (relay->length == 0)
		chat_refuse(relay->from, "with the names before it the line has more than %d octets; it was not sent",
			    CHAT_LINE_MAX);
	return relay->length > 0;
}

void chat_room_say(struct chat_room *room, struct chat_member *member, struct chat_span text)
{
	struct relay relay = { .from = member };
	uint8_t line[CHAT_LINE_MAX];

	if (build(&relay, line, CHAT_LINE, text))
		relay_to_others(room, &relay);
}

void chat_room_whisper(struct chat_member *from, struct chat_member *to, struct chat_span text)
{
	struct relay relay = { .from = from, .to = to };
	uint8_t line[CHAT_LINE_MAX];

	if (!build(&relay, line, CHAT_PRIVATE, text))
		return;
	if (send_line(to, relay.line, relay.length) &&
	    reporter_wants(connection_reporter(from->connection), EVENT_RELAYED))
		report_relay(&relay, to);
	if (to != from)
		send_line(from, relay.line, relay.length);
}

/*
 * `/me joined` would look as if the server had said it. So would any new name, even one that cannot be: who reads it
 * does not know.
 */
static bool reads_as_action(const struct relay *relay, struct chat_span text)
{
	struct chat_message message;

	if (ascii_starts_with(text.data, text.length, "is now known as "))
		return false;
	chat_parse(relay->line, relay->length, CHAT_FROM_SERVER, &message);
	return message.kind == CHAT_NOTICE;
}

void chat_room_act(struct chat_room *room, struct chat_member *member, struct chat_span text)
{
	struct relay relay = { .from = member };
	uint8_t line[CHAT_LINE_MAX];

	if (!build(&relay, line, CHAT_NOTICE, text))
		return;
	if (!reads_as_action(&relay, text)) {
		chat_refuse(member, "that would read like a notice of the server; it was not sent");
		return;
	}
	relay_to_others(room, &relay);
	send_line(member, relay.line, relay.length);
}

/* ------------------------------------------------------------------------------------------------ who is there */

#define LIST_HEAD "* here: "

static void send_names(struct chat_member *member, struct text *line)
{
	text_char(line, '\n');
	send_line(member, line->data, line->length);
	text_clear(line);
	text_string(line, LIST_HEAD);
}

/* As many names on a line as fit. */
void chat_room_list(const struct chat_room *room, struct chat_member *member)
{
	const size_t head = strlen(LIST_HEAD);
	struct text line = { 0 };
	size_t told = 0;

	text_string(&line, LIST_HEAD);
	for (const struct chat_member *one = room->first; one && told < CHAT_LISTED_MOST; one = one->next, told++) {
		if (line.length + strlen(", ") + one->name_length >= CHAT_LINE_MAX)
			send_names(member, &line);
		if (line.length > head)
			text_string(&line, ", ");
		text_add(&line, one->name, one->name_length);
	}
	if (told == 0)
		text_string(&line, "(nobody)");
	send_names(member, &line);
	text_release(&line);
	if (told < room->count)
		chat_tell(member, "here: and %zu more", room->count - told);
}
