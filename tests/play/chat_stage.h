/* SPDX-License-Identifier: BSD-2-Clause */
/* A chat room with a few clients, without a network, and what the server says to them: docs/protocols/chat.md is the
 * law. */
#pragma once

#include "lab/chat.h"
#include "wires.h"

#define WELCOME "* welcome: what is your name? It is your first line; /help tells the rest\n"
#define R "* refused: "
#define NAME_FAULT                                                                                                     \
	R "a name has a letter, no blanks, nothing invisible, no @ first and none of "                                 \
	  ": ; < > [ ] ( ) { } % , \" = ? ! | * / ' \\ ->\n"
#define NAME_EMPTY R "a name cannot be empty\n"
#define NAME_LONG R "a name has at most 32 characters\n"
#define NAME_FIRST R "say your name first, as a line of its own\n"
#define NO_COMMAND R "there is no such command; /help tells those that there are\n"
#define NOT_UTF8 R "a line is text in UTF-8; that one was skipped\n"
#define CONTROLS R "a line has no control characters but the tab; that one was skipped\n"
#define TOO_LONG R "a line has at most 1024 octets, its end included; that one was skipped\n"
#define TOO_LONG_WITH_NAMES R "with the names before it the line has more than 1024 octets; it was not sent\n"
#define PRIVATE_USAGE R "say it so: @NAME text, or /msg NAME text\n"
#define LIKE_A_NOTICE R "that would read like a notice of the server; it was not sent\n"
#define MORE R "and more of what came with it\n"

/* ------------------------------------------------------------------------------------------------ a room */

#define CLIENTS 3 /* of a dialogue: a, b and c */

struct chat {
	struct wires wires;
	struct chat_room *room;
	struct connection *clients[CLIENTS];
};

static inline void chat_open(struct chat *chat, unsigned wants)
{
	chat->room = chat_room_new();
	wires_open(&chat->wires, &chat_service, chat->room, wants);
	for (size_t i = 0; i < CLIENTS; i++) {
		chat->clients[i] = wires_connect(&chat->wires);
		assert_gets(chat->clients[i], OCTETS(WELCOME));
	}
}

static inline void chat_shut(struct chat *chat)
{
	wires_close(&chat->wires);
	chat_room_free(chat->room);
}

static inline void sends(struct connection *c, const char *octets, size_t length)
{
	connection_received(c, (const uint8_t *)octets, length);
}

/* alice, bob and carol; what that said has been read. */
static inline void chat_open_named(struct chat *chat, unsigned wants)
{
	static const char *const names[CLIENTS] = { "alice\n", "bob\n", "carol\n" };
	struct text unread = { 0 };

	chat_open(chat, wants);
	for (size_t i = 0; i < CLIENTS; i++)
		sends(chat->clients[i], names[i], strlen(names[i]));
	for (size_t i = 0; i < CLIENTS; i++)
		wires_take(chat->clients[i], &unread);
	text_release(&unread);
	text_clear(&chat->wires.events);
}

/* Whatever the server says is of a form that the dissector knows as the server's. */
static inline void check_decodes(const uint8_t *data, size_t length)
{
	while (length > 0) {
		struct chat_message message;
		size_t n = chat_parse(data, length, CHAT_FROM_SERVER, &message);

		if (message.kind == CHAT_LINE)
			assert_string_equal(message.form, "nick: text");
		if (message.kind == CHAT_PRIVATE)
			assert_string_equal(message.form, "[private] nick -> nick: text");
		assert_true(message.kind != CHAT_COMMAND);
		assert_int_equal(data[n - 1], '\n');
		data += n;
		length -= n;
	}
}
