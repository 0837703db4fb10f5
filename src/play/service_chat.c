/* SPDX-License-Identifier: BSD-2-Clause */
/* chat: what comes over a connection, line by line. The protocol is written down in docs/protocols/chat.md. */
#include "base/clock.h"
#include "base/utf8.h"
#include "lab/ascii.h"
#include "play/chat_room.h"

/* So long must a client be quiet whose messages have no end, before what it sent is one. */
#define QUIET_NS (300 * (NS_PER_S / 1000))

static void chat_connect(void *self, struct connection *c)
{
	struct chat_member *member = connection_state(c);

	(void)self;
	member->connection = c;
	chat_tell(member, "welcome: what is your name? It is your first line; /help tells the rest");
}

/* CRs and NULs around a line belong to its end, or to the end of the one before. */
static struct chat_span strip_ends(struct chat_span line)
{
	while (line.length > 0 && ascii_is_ending(line.data[line.length - 1]))
		line.length--;
	while (line.length > 0 && ascii_is_ending(*line.data)) {
		line.data++;
		line.length--;
	}
	return line;
}

static bool is_blank(struct chat_span line)
{
	for (size_t i = 0; i < line.length; i++) {
		if (!ascii_is_blank(line.data[i]))
			return false;
	}
	return true;
}

/* A doubled sign stands for itself at the start of a text. */
static bool is_escaped(struct chat_span line)
{
	return line.length >= 2 && line.data[0] == line.data[1] && (line.data[0] == '/' || line.data[0] == '@');
}

static void take_text(struct chat_room *room, struct chat_member *member, struct chat_span line)
{
	bool escaped = is_escaped(line);

	if (!escaped && (line.data[0] == '/' || line.data[0] == '@'))
		chat_command(room, member, line);
	else if (!chat_is_named(member))
		chat_first_line(room, member, line);
	else
		chat_room_say(room, member, (struct chat_span){ line.data + escaped, line.length - escaped });
}

static void take_line(struct chat_room *room, struct chat_member *member, struct chat_span line)
{
	connection_count(member->connection, 1, 0);
	line = strip_ends(line);
	if (is_blank(line)) {
		if (!chat_is_named(member))
			chat_refuse(member, "a name cannot be empty");
	} else if (!utf8_valid(line.data, line.length)) {
		chat_refuse(member, "a line is text in UTF-8; that one was skipped");
	} else if (!chat_text_is_valid(line.data, line.length)) {
		chat_refuse(member, "a line has no control characters but the tab; that one was skipped");
	} else {
		take_text(room, member, line);
	}
}

static void take_too_long(struct chat_member *member)
{
	connection_count(member->connection, 1, 0);
	chat_refuse(member, "a line has at most %d octets, its end included; that one was skipped", CHAT_LINE_MAX);
}

/*
 * What stands without an LF is a message, or several: programs that send C strings end each with its NUL. A NUL alone
 * is no message.
 */
static void take_rest(struct chat_room *room, struct chat_member *member)
{
	struct chat_span left = { member->input.line, member->input.length };

	if (!chat_input_rest(&member->input))
		return;
	while (left.length > 0 && !member->gone) {
		const uint8_t *nul = memchr(left.data, '\0', left.length);
		size_t length = nul ? (size_t)(nul - left.data) : left.length;
		size_t step = nul ? length + 1 : length;

		if (length > 0)
			take_line(room, member, (struct chat_span){ left.data, length });
		left.data += step;
		left.length -= step;
	}
}

static size_t chat_data(void *self, struct connection *c, const uint8_t *data, size_t length)
{
	struct chat_member *member = connection_state(c);
	const size_t all = length;

	member->refusals = 0;
	while (length > 0 && !member->gone) {
		enum chat_arrival arrival = chat_input_next(&member->input, &data, &length);

		if (arrival == CHAT_ARRIVED_LINE)
			take_line(self, member, (struct chat_span){ member->input.line, member->input.length });
		else if (arrival == CHAT_ARRIVED_TOO_LONG)
			take_too_long(member);
	}
	if (!member->gone)
		connection_wait(c, chat_input_unended(&member->input) ? QUIET_NS : 0);
	return all;
}

static size_t chat_wait(void *self, struct connection *c, const uint8_t *data, size_t length)
{
	struct chat_member *member = connection_state(c);

	(void)data;
	member->refusals = 0;
	take_rest(self, member);
	return length;
}

static void chat_end(void *self, struct connection *c, const uint8_t *data, size_t length)
{
	struct chat_member *member = connection_state(c);

	(void)data;
	(void)length;
	member->refusals = 0;
	take_rest(self, member);
	chat_room_leave(self, member);
}

static void chat_close(void *self, struct connection *c, const char *why)
{
	struct chat_member *member = connection_state(c);

	(void)why;
	chat_room_leave(self, member);
}

const struct service chat_service = {
	.name = "chat",
	.title = "Chat: lines to everybody, or to one (docs/protocols/chat.md)",
	.relays = true,
	.state_size = sizeof(struct chat_member),
	.on_connect = chat_connect,
	.on_data = chat_data,
	.on_wait = chat_wait,
	.on_end = chat_end,
	.on_close = chat_close,
};
