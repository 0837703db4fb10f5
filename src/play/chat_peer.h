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
