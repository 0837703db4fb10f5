/* SPDX-License-Identifier: BSD-2-Clause */
/* What the chat client says to a peer, in the peer's forms; for src/play only. */
#pragma once

#include "base/text.h"
#include "lab/chat.h"
#include "play/client.h"

/* Whether `said`, what the server has said so far, asks for the name. True when the peer never asks. */
bool chat_peer_asks(const struct chat_peer *peer, const char *said, size_t length);

/* Both append a message without terminator. */
void chat_peer_name(const struct chat_peer *peer, const char *user, struct text *out);
/* "@NAME text" in the peer's private form, any other line as it is. */
void chat_peer_line(const struct chat_peer *peer, const char *line, size_t length, struct text *out);

#define CHAT_NAME_ROOM (CHAT_NICK_BYTES + 1)
/* Sets the event's data, and its user and `to` when the message says them; the names are written into the two rooms. */
void chat_peer_hears(const char *data, size_t length, struct event *event, char user[CHAT_NAME_ROOM],
		     char to[CHAT_NAME_ROOM]);

/* What a line of sonde's own server means to a client that has said its name and nothing else. */
enum chat_naming { CHAT_NAMED, CHAT_GREETED, CHAT_REFUSED };
enum chat_naming chat_peer_naming(const char *data, size_t length);

#define CHAT_KEPT_MOST 65536u /* octets without a newline that are kept; then they are a message as they are */
typedef void chat_message_fn(void *context, const char *data, size_t length);
/* Hands out and removes all lines of what came, with their LF, and with `rest` what is behind the last of them. */
void chat_peer_split(struct text *received, bool rest, chat_message_fn *hears, void *context);
