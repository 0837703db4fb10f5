/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Chat programs of the lab: `user: line` broadcast over UDP, lines to and from a server over TCP. A segment may hold
 * several messages: each is a layer. The forms are lab/chat.h's.
 */
#include "lab/chat.h"
#include "packet/dissector.h"

enum {
	CHAT_F_KIND, CHAT_F_FORM, CHAT_F_USER, CHAT_F_TO, CHAT_F_COMMAND, CHAT_F_TEXT,
	CHAT_F_PEER, CHAT_F_LINE_IN, CHAT_F_RECEIVER, CHAT_F_RECEIVERS, CHAT_F_RETURNED, CHAT_F_LEAKED,
	CHAT_F_ROWS
};

#define FOLLOWED (FIELD_GENERATED | FIELD_FOLLOWED)

static const struct field_def fields[] = {
	[CHAT_F_KIND] = { "chat.kind", "Kind", FIELD_STRING, 0, .flags = FIELD_BRIEF | FIELD_GENERATED,
			  .help = "line, private, join, leave, nick, command or notice" },
	[CHAT_F_FORM] = { "chat.form", "Form", FIELD_STRING, 0, .flags = FIELD_GENERATED,
			  .help = "How the message is written, as \"nick: text\"" },
	[CHAT_F_USER] = { "chat.user", "User", FIELD_STRING, 0, .flags = FIELD_BRIEF,
			  .help = "Who speaks, joins, leaves or takes a name" },
	[CHAT_F_TO] = { "chat.to", "To", FIELD_STRING, 0, .flags = FIELD_BRIEF, .help = "Who alone shall hear it" },
	[CHAT_F_COMMAND] = { "chat.command", "Command", FIELD_STRING, 0, .flags = FIELD_BRIEF },
	[CHAT_F_TEXT] = { "chat.text", "Text", FIELD_STRING, 0, .flags = FIELD_BRIEF },
	[CHAT_F_PEER] = { "chat.peer", "Client", FIELD_STRING, 0, .flags = FOLLOWED,
			  .help = "Whose connection to the server it is, as far as it was said; he speaks, or hears" },
	[CHAT_F_LINE_IN] = { "chat.line_in", "Copy of the line in frame", FIELD_UINT, 0, .flags = FOLLOWED,
			     .help = "Where the line came in to the server, at most 5 seconds before" },
	[CHAT_F_RECEIVER] = { "chat.receiver", "Number of this copy", FIELD_UINT, 0, .flags = FOLLOWED,
			      .help = "Among those for others than the speaker" },
	[CHAT_F_RECEIVERS] = { "chat.receivers", "Heard by", FIELD_UINT, 0, .flags = FOLLOWED | FIELD_AHEAD,
			       .help = "How many others than the speaker got a copy; absent when no other connection "
				       "to the server was captured" },
	[CHAT_F_RETURNED] = { "chat.returned", "Returned", FIELD_BOOL, 0, .flags = FOLLOWED | FIELD_AHEAD,
			      .help = "There when the speaker got a copy too" },
	[CHAT_F_LEAKED] = { "chat.leaked", "Leaked", FIELD_BOOL, 0, .flags = FOLLOWED | FIELD_BRIEF,
			    .help = "There when a private line goes to somebody else than its addressee; when a file "
				    "is read twice also on the line itself" },
};

static enum chat_direction direction(const struct parse *p)
{
	static const enum chat_direction of_side[] = {
		[SIDE_UNKNOWN] = CHAT_UNKNOWN, [SIDE_TO_SERVER] = CHAT_TO_SERVER, [SIDE_FROM_SERVER] = CHAT_FROM_SERVER,
	};

	/* Broadcasters have no server: both sides sit on the port. */
	return p->network.protocol == 6 ? of_side[p->side] : CHAT_UNKNOWN;
}

static void add_span(struct parse *p, unsigned row, struct chat_span span)
{
	if (span.length)
		parse_add_span(p, row, span.data, (uint32_t)span.length);
}

static void chat_dissect(struct parse *p)
{
	struct chat_message message;
	size_t consumed = chat_parse(p->base + p->position, parse_left(p), direction(p), &message);

	parse_add_string(p, CHAT_F_KIND, chat_kind_name(message.kind));
	parse_add_string(p, CHAT_F_FORM, message.form);
	add_span(p, CHAT_F_USER, message.user);
	add_span(p, CHAT_F_TO, message.to);
	add_span(p, CHAT_F_COMMAND, message.command);
	add_span(p, CHAT_F_TEXT, message.text);
	parse_skip(p, (uint32_t)consumed);
	parse_next(p, BY_AGAIN, 0, 0);
}

/* A word of the summary, parted from the one before; nothing when the message has none. */
static void add_words(struct text *out, size_t start, const char *before, const struct field *field, const char *after)
{
	if (!field)
		return;
	if (out->length > start)
		text_char(out, ' ');
	text_string(out, before);
	text_escaped(out, field->value.bytes, field->length < 120 ? field->length : 120);
	text_string(out, after);
}

static void one_message(const struct packet *packet, const struct layer *layer, struct text *out)
{
	const struct field *rows[CHAT_F_ROWS], *kind, *to, *text;
	size_t start = out->length;

	layer_rows(packet, layer, rows, CHAT_F_ROWS);
	kind = rows[CHAT_F_KIND];
	to = rows[CHAT_F_TO];
	text = rows[CHAT_F_TEXT];
	if (!kind || kind->length != 4 || memcmp(kind->value.bytes, "line", 4))
		add_words(out, start, "[", kind, "]");
	add_words(out, start, "", rows[CHAT_F_USER], text && !to ? ":" : "");
	add_words(out, start, "-> ", to, text ? ":" : "");
	add_words(out, start, "/", rows[CHAT_F_COMMAND], "");
	add_words(out, start, "", text, "");
	if (rows[CHAT_F_LEAKED])
		text_string(out, " [leaked]");
}

#define MESSAGES_SHOWN 3

static void chat_summary(const struct packet *packet, const struct layer *layer, struct text *out)
{
	unsigned count = 0;

	for (unsigned i = 0; i < packet->layer_count; i++) {
		const struct layer *other = &packet->layers[i];

		if (other->dissector != layer->dissector || other->quoted != layer->quoted)
			continue;
		if (count++ >= MESSAGES_SHOWN)
			continue;
		if (count > 1)
			text_string(out, " | ");
		one_message(packet, other, out);
	}
	if (count > MESSAGES_SHOWN)
		text_format(out, " (and %u more)", count - MESSAGES_SHOWN);
}

static const struct bind binds[] = {
	{ BY_UDP_PORT, 6666 }, { BY_TCP_PORT, 5000 }, { BY_TCP_PORT, 6666 }, { BY_NONE, 0 },
};

const struct dissector chat_dissector = {
	.name = "chat",
	.title = "CHAT",
	.full_name = "Chat of the lab",
	.reference = "docs/protocols/chat.md",
	.fields = fields,
	.field_count = sizeof fields / sizeof *fields,
	.binds = binds,
	.recognise = chat_confidence,
	.surest = 60,
	.whole = chat_whole,
	.dissect = chat_dissect,
	.summary = chat_summary,
};
