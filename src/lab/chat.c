/* SPDX-License-Identifier: BSD-2-Clause */
/* Chat messages: framing, recognition by the table of forms, and sonde's own lines written. */
#include "lab/chat.h"

#include <string.h>

#include "lab/ascii.h"
#include "lab/chat_forms.h"
#include "lab/plain.h"

/*
 * Messages that are not a line: recognised and named, never decoded. A claim returns how many bytes are the message, 0
 * when it is something else.
 */
struct container {
	const char *name;
	enum chat_kind kind;
	int confidence;
	size_t (*claim)(const uint8_t *data, size_t len);
};

static size_t claim_java(const uint8_t *data, size_t len)
{
	return len >= 4 && memcmp(data, "\xac\xed\x00\x05", 4) == 0 ? len : 0;
}

static size_t claim_pickle(const uint8_t *data, size_t len)
{
	return len >= 2 && data[0] == 0x80 && data[1] >= 2 && data[1] <= 5 ? len : 0;
}

static size_t line_length(const uint8_t *data, size_t len)
{
	const uint8_t *lf = memchr(data, '\n', len);

	return lf ? (size_t)(lf - data) + 1 : len;
}

/* Looks past a few spaces only: it is asked again for each line of the same bytes. */
static bool ends_with(const uint8_t *data, size_t len, uint8_t last)
{
	for (int spaces = 0; spaces < 16 && len > 0 && ascii_is_space(data[len - 1]); spaces++)
		len--;
	return len > 0 && data[len - 1] == last;
}

/* An object alone on its line, or one that fills the whole message. */
static size_t claim_json(const uint8_t *data, size_t len)
{
	size_t line, at = 1;

	if (data[0] != '{')
		return 0;
	while (at < len && ascii_is_space(data[at]))
		at++;
	if (at == len || (data[at] != '"' && data[at] != '}'))
		return 0;
	line = line_length(data, len);
	if (ends_with(data, line, '}'))
		return line;
	return ends_with(data, len, '}') ? len : 0;
}

/* user:...LF command:...LF message:...LF LF */
static size_t claim_block(const uint8_t *data, size_t len)
{
	size_t line, at;

	if (!ascii_starts_with(data, len, "user:"))
		return 0;
	at = line_length(data, len);
	if (!ascii_starts_with(data + at, len - at, "command:"))
		return 0;
	for (; at < len; at += line) {
		line = line_length(data + at, len - at);
		if (data[at] == '\n' || (data[at] == '\r' && line == 2))
			return at + line;
	}
	return len;
}

static const struct container containers[] = {
	{ "command block", CHAT_COMMAND, 60, claim_block },
	{ "JSON", CHAT_NOTICE, 10, claim_json },
	{ "Java serialization", CHAT_NOTICE, 0, claim_java },
	{ "pickle", CHAT_NOTICE, 0, claim_pickle },
};

static const char *const kind_names[CHAT_KIND_COUNT] = {
	[CHAT_LINE] = "line", [CHAT_PRIVATE] = "private", [CHAT_JOIN] = "join",     [CHAT_LEAVE] = "leave",
	[CHAT_NICK] = "nick", [CHAT_COMMAND] = "command", [CHAT_NOTICE] = "notice",
};

const char *chat_kind_name(enum chat_kind kind)
{
	return (unsigned)kind < CHAT_KIND_COUNT ? kind_names[kind] : "unknown";
}

/* The length of the colour sequence that ends `len` bytes, or 0. */
static size_t colour_at_end(const uint8_t *data, size_t len)
{
	size_t at = len;

	if (len < 3 || data[len - 1] != 'm')
		return 0;
	at--;
	while (at > 0 && (ascii_is_digit(data[at - 1]) || data[at - 1] == ';'))
		at--;
	return at >= 2 && data[at - 1] == '[' && data[at - 2] == 0x1b ? len - at + 2 : 0;
}

static size_t colour_at_start(const uint8_t *data, size_t len)
{
	size_t at = 2;

	if (len < 3 || data[0] != 0x1b || data[1] != '[')
		return 0;
	while (at < len && data[at] >= 0x20 && data[at] <= 0x3f)
		at++;
	return at < len && data[at] >= 0x40 && data[at] <= 0x7e ? at + 1 : 0;
}

static struct chat_span strip(const uint8_t *data, size_t len)
{
	struct chat_span s = { data, len };
	size_t n = 1;

	while (s.length > 0 && n > 0) {
		n = ascii_is_ending(s.data[s.length - 1]) ? 1 : colour_at_end(s.data, s.length);
		s.length -= n;
	}
	n = 1;
	while (s.length > 0 && n > 0) {
		n = *s.data == '\r' || ascii_is_blank(*s.data) ? 1 : colour_at_start(s.data, s.length);
		s.data += n;
		s.length -= n;
	}
	return s;
}

static int name_whole(struct chat_message *out, const char *form, enum chat_kind kind, struct chat_span text, int sure)
{
	out->kind = kind;
	out->form = form;
	out->text = text;
	out->user.length = out->to.length = out->command.length = 0;
	return sure;
}

static int recognise_line(struct chat_span text, enum chat_direction direction, struct chat_message *out)
{
	static const uint8_t senders[] = {
		[CHAT_UNKNOWN] = CHAT_BY_BOTH,
		[CHAT_TO_SERVER] = CHAT_BY_CLIENT,
		[CHAT_FROM_SERVER] = CHAT_BY_SERVER,
	};
	const struct chat_form *form;
	struct chat_line line;

	if (text.length == 0)
		return name_whole(out, "empty", CHAT_LINE, text, 0);
	line = chat_line_of(text);
	form = chat_match(&line, senders[direction], out);
	if (!form)
		return name_whole(out, "text", CHAT_LINE, text, 10);
	out->kind = form->kind;
	out->form = form->name;
	if (form->kind == CHAT_NOTICE && out->text.length == 0)
		out->text = text;
	return form->confidence;
}

int chat_recognise(const uint8_t *data, size_t len, enum chat_direction direction, struct chat_message *out)
{
	size_t consumed;
	int sure;

	for (size_t i = 0; len > 0 && i < sizeof(containers) / sizeof(containers[0]); i++) {
		const struct container *c = &containers[i];

		consumed = c->claim(data, len);
		if (consumed == 0)
			continue;
		sure = name_whole(out, c->name, c->kind, (struct chat_span){ data, consumed }, c->confidence);
		out->consumed = consumed;
		return sure;
	}
	consumed = len ? line_length(data, len) : 0;
	sure = recognise_line(strip(data, consumed), direction, out);
	while (consumed < len && data[consumed] == '\0')
		consumed++;
	out->consumed = consumed;
	return sure;
}

size_t chat_parse(const uint8_t *data, size_t len, enum chat_direction direction, struct chat_message *out)
{
	chat_recognise(data, len, direction, out);
	return out->consumed;
}
