/* SPDX-License-Identifier: BSD-2-Clause */
/* Other people's chat servers: how they want to be told a name and a private line, and where their messages end. */
#include "play/chat_peer.h"

#include <string.h>
#include <strings.h>

#include "base/nearest.h"

#define WORD_MOST 48

const struct chat_handshake chat_handshakes[] = {
	{ "nick", "/nick NAME at once, as sonde's own server and many others want it", NULL, "/nick %u", "/quit" },
	{ "first-line", "the first line is the name, and nobody asks for it", NULL, "%u", NULL },
	{ "prompt", "the server says something first, and the first line after that is the name", "", "%u", NULL },
	{ "token", "the server says NICK, nickname?, @nombre_usuario or SUBMITNAME, then it is told the name",
	  "NICK nickname? @nombre_usuario SUBMITNAME", "%u", NULL },
	{ NULL, NULL, NULL, NULL, NULL },
};

const struct chat_private chat_privates[] = {
	{ "@", "@%o %t" },
	{ "/msg", "/msg %o %t" },
	{ "/pm", "/pm %o %t" },
	{ "MSG", "MSG %o %t" },
	{ "\\dm", "\\dm %o %t" },
	{ NULL, NULL },
};

static const char refusal[] = "not a style; use nick, first-line, prompt or token, and @, /msg, /pm, MSG or \\dm";

static const struct chat_handshake *handshake_of(const char *word)
{
	const struct chat_handshake *row = chat_handshakes;

	while (row->name && strcmp(row->name, word) != 0)
		row++;
	return row->name ? row : NULL;
}

static const struct chat_private *private_of(const char *word)
{
	const struct chat_private *row = chat_privates;

	while (row->name && strcmp(row->name, word) != 0)
		row++;
	return row->name ? row : NULL;
}

static const char *nearest_word(const char *word)
{
	const char *words[sizeof chat_handshakes / sizeof *chat_handshakes +
			  sizeof chat_privates / sizeof *chat_privates];
	size_t count = 0;

	for (const struct chat_handshake *row = chat_handshakes; row->name; row++)
		words[count++] = row->name;
	for (const struct chat_private *row = chat_privates; row->name; row++) {
		if (row->name[1]) /* any letter is one step from "@" */
			words[count++] = row->name;
	}
	words[count] = NULL;
	return nearest(word, words);
}

static int unknown(const char *word, struct error *err)
{
	const char *near = nearest_word(word);
	struct text shown = { 0 };

	text_escaped(&shown, word, strlen(word));
	if (near)
		error_set(err, "--peer %.*s: %s; did you mean %s?", (int)shown.length, shown.data, refusal, near);
	else
		error_set(err, "--peer %.*s: %s", (int)shown.length, shown.data ? shown.data : "", refusal);
	text_release(&shown);
	return -1;
}

/* One word of the style; each of the two choices is made once. */
static int choose(const char *word, struct chat_peer *chosen, struct error *err)
{
	const struct chat_handshake *handshake = handshake_of(word);
	const struct chat_private *private = private_of(word);

	if (!handshake && !private)
		return unknown(word, err);
	if (handshake && chosen->handshake)
		return error_set(err, "--peer: %s and %s are two ways to tell the name; choose one",
				 chosen->handshake->name, word);
	if (private && chosen->private)
		return error_set(err, "--peer: %s and %s are two ways to write a private line; choose one",
				 chosen->private->name, word);
	if (handshake)
		chosen->handshake = handshake;
	else
		chosen->private = private;
	return 0;
}

int chat_peer_find(const char *style, struct chat_peer *out, struct error *err)
{
	struct chat_peer chosen = { .pause_ns = style ? CHAT_PAUSE_NS : 0 };
	char word[WORD_MOST];

	for (const char *at = style; at;) {
		size_t length = strcspn(at, ",");

		if (length >= sizeof word)
			return unknown(at, err);
		memcpy(word, at, length);
		word[length] = '\0';
		if (choose(word, &chosen, err) < 0)
			return -1;
		at = at[length] ? at + length + 1 : NULL;
	}
	if (!chosen.handshake)
		chosen.handshake = &chat_handshakes[0];
	if (!chosen.private)
		chosen.private = &chat_privates[0];
	chosen.quit = chosen.handshake->quit;
	*out = chosen;
	return 0;
}

/* ------------------------------------------------------------------------------------------------ its forms */

static bool contains(const char *said, size_t said_length, const char *word, size_t length)
{
	for (size_t i = 0; i + length <= said_length; i++) {
		if (!strncasecmp(said + i, word, length))
			return true;
	}
	return false;
}

bool chat_peer_asks(const struct chat_peer *peer, const char *said, size_t length)
{
	const char *word = peer->handshake->awaits;

	if (!word || !*word)
		return !word || length > 0;
	while (*word) {
		size_t word_length = strcspn(word, " ");

		if (contains(said, length, word, word_length))
			return true;
		word += word_length + (word[word_length] == ' ');
	}
	return false;
}

struct filling {
	const char *data;
	size_t length;
};

static void fill(const char *format, struct filling user, struct filling to, struct filling text, struct text *out)
{
	for (; *format; format++) {
		struct filling with = { format, 1 };

		if (*format == '%') {
			format++;
			with = *format == 'u' ? user : *format == 'o' ? to : text;
		}
		text_add(out, with.data, with.length);
	}
}

void chat_peer_name(const struct chat_peer *peer, const char *user, struct text *out)
{
	struct filling none = { "", 0 };

	fill(peer->handshake->format, (struct filling){ user, strlen(user) }, none, none, out);
}

void chat_peer_line(const struct chat_peer *peer, const char *line, size_t length, struct text *out)
{
	const char *end = line + length, *blank = memchr(line, ' ', length), *text = blank;
	struct filling none = { "", 0 };

	while (text && text < end && *text == ' ')
		text++;
	if (!text || text == end || *line != '@' || blank == line + 1)
		text_add(out, line, length);
	else
		fill(peer->private->format, none, (struct filling){ line + 1, (size_t)(blank - line) - 1 },
		     (struct filling){ text, (size_t)(end - text) }, out);
}

static const char *name_of(struct chat_span span, char out[CHAT_NAME_ROOM])
{
	if (!span.length || span.length >= CHAT_NAME_ROOM)
		return NULL;
	memcpy(out, span.data, span.length);
	out[span.length] = '\0';
	return out;
}

void chat_peer_hears(const char *data, size_t length, struct event *event, char user[CHAT_NAME_ROOM],
		     char to[CHAT_NAME_ROOM])
{
	struct chat_message message;

	chat_parse((const uint8_t *)data, length, CHAT_FROM_SERVER, &message);
	event->data = data;
	event->length = length;
	event->user = name_of(message.user, user);
	event->to = name_of(message.to, to);
}

enum chat_naming chat_peer_naming(const char *data, size_t length)
{
	static const struct {
		const char *begins;
		enum chat_naming means;
	} lines[] = { { "* welcome: ", CHAT_GREETED }, { "* refused: ", CHAT_REFUSED } };

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		size_t most = strlen(lines[i].begins);

		if (length >= most && !memcmp(data, lines[i].begins, most))
			return lines[i].means;
	}
	return CHAT_NAMED;
}

/* ------------------------------------------------------------------------------------------------ its messages */

/* Servers in C that count their string's end send it after the newline: in front of the next message. */
static void hand_out(const char *data, size_t length, chat_message_fn *hears, void *context)
{
	while (length && *data == '\0') {
		data++;
		length--;
	}
	if (length)
		hears(context, data, length);
}

void chat_peer_split(struct text *received, bool rest, chat_message_fn *hears, void *context)
{
	const char *at = received->data, *end, *lf;

	if (!received->length)
		return;
	end = at + received->length;
	while ((lf = memchr(at, '\n', (size_t)(end - at)))) {
		hand_out(at, (size_t)(lf + 1 - at), hears, context);
		at = lf + 1;
	}
	if (rest || (size_t)(end - at) > CHAT_KEPT_MOST) {
		hand_out(at, (size_t)(end - at), hears, context);
		at = end;
	}
	received->length = (size_t)(end - at);
	memmove(received->data, at, received->length);
}
