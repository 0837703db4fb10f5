/* SPDX-License-Identifier: BSD-2-Clause */
/* Chat lines of lab programs, and sonde's own chat protocol: taken apart, written, and recognised on any port. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CHAT_NICK_MAX 32 /* characters, not bytes */
#define CHAT_NICK_BYTES (4 * CHAT_NICK_MAX)
#define CHAT_LINE_MAX 1024 /* octets of a line of sonde's own protocol, its end included */

enum chat_kind {
	CHAT_LINE, /* for everyone */
	CHAT_PRIVATE,
	CHAT_JOIN,
	CHAT_LEAVE,
	CHAT_NICK,
	CHAT_COMMAND, /* anything else that a client asks */
	CHAT_NOTICE,  /* anything else that a server says: refusals, prompts */
	CHAT_KIND_COUNT
};

enum chat_direction { CHAT_UNKNOWN, CHAT_TO_SERVER, CHAT_FROM_SERVER };

/* Bytes of the parsed message; not NUL-terminated. Length 0 when the message does not say. */
struct chat_span {
	const uint8_t *data;
	size_t length;
};

/*
 * Who said what to whom. `user` speaks, joins, leaves or renames; `to` is the receiver of a private line, or the new
 * name when a server announces a rename (`/nick NAME` from a client puts NAME in user). `command` is the word of a
 * command, without its slash. A notice's text is the whole notice without its frame.
 */
struct chat_message {
	enum chat_kind kind;
	const char *form; /* the form that was recognised: a constant string such as "nick: text" */
	struct chat_span user, to, text, command;
	size_t consumed; /* bytes of input that were this message, terminator and NUL padding included */
};

/*
 * Takes the first message of `len` bytes: up to and with LF (and NULs after it), else everything; blocks ended by an
 * empty line, JSON objects, Java and pickle streams as a whole, only named. Leading CR and blanks, colour sequences
 * and trailing CR, LF and NUL belong to no span. Every input is some message: what fits no form is a line of text
 * without user. Forms that only one side sends are not tried in the other direction; CHAT_UNKNOWN tries all.
 * Returns the bytes consumed, 0 only when len is 0 (*out is then an empty line).
 */
size_t chat_parse(const uint8_t *data, size_t len, enum chat_direction direction, struct chat_message *out);

/*
 * How many of the first `len` bytes of a stream are whole messages: up to the last LF and the NULs behind it; of
 * command blocks up to the last empty line. JSON, Java and pickle streams, and forms whose programs end them with
 * nothing, are whole as they are. 0: the first message may go on.
 */
size_t chat_whole(const uint8_t *data, size_t len);

/* A constant string: "line", "private", "join"... */
const char *chat_kind_name(enum chat_kind kind);

/*
 * 1 to CHAT_NICK_MAX characters of valid UTF-8, at least one of them a letter or not ASCII; no space, no control
 * character, nothing that cannot be seen, none of the punctuation that lines use around a nick.
 */
bool chat_nick_is_valid(const uint8_t *data, size_t len);

/* What a line of sonde's own protocol may hold: UTF-8, not empty, without control characters other than tab. */
bool chat_text_is_valid(const uint8_t *data, size_t len);

/*
 * How sure the content alone makes that these bytes are chat, 0 to 100: 60 a form of its own (`/msg bob hi`,
 * `[Private from bob]: hi`), 40 `nick: text` and the like, 30 or less what other programs write as well, 10 any other
 * text, 0 binary or the headers and banners of known protocols.
 */
int chat_confidence(const uint8_t *data, size_t len);

/*
 * Writes a line of sonde's own protocol, LF included, and returns its length. Most
 * of what a client says has no `user`:
 *
 *	kind		without user		with user
 *	CHAT_LINE	text			user: text
 *	CHAT_PRIVATE	@to text		[private] user -> to: text
 *	CHAT_NICK	(none)			/nick user, or with `to`: * user is now known as to
 *	CHAT_JOIN	(none)			* user joined
 *	CHAT_LEAVE	/quit			* user left
 *	CHAT_COMMAND	/text			(none)
 *	CHAT_NOTICE	* text			* user text
 *
 * Returns 0 when it does not fit in `size`, when a nick is not valid, when the text is not UTF-8 or holds control
 * characters other than tab, or when a client's text would be a command (it starts with / or @).
 */
size_t chat_build(uint8_t *buf, size_t size, enum chat_kind kind, struct chat_span user, struct chat_span to,
		  struct chat_span text);
