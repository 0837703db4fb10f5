/* SPDX-License-Identifier: BSD-2-Clause */
/* The octets of a chat client as lines: ends found, telnet's own octets skipped, the length limited. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lab/chat.h"

/* Zeroed at first. */
struct chat_input {
	uint8_t line[CHAT_LINE_MAX];
	size_t length;   /* of the line, as far as it has come */
	size_t sequence; /* octets of the telnet sequence that has begun */
	unsigned telnet; /* what its next octet means */
	bool given;      /* the line was handed out: the next octet begins another */
	bool skipping;   /* the rest of a line that was too long is thrown away */
	bool ends_lines; /* an LF has come: from then on nothing but LF ends a line */
};

enum chat_arrival {
	CHAT_ARRIVED_NOTHING,  /* all was taken, and no line was complete */
	CHAT_ARRIVED_LINE,     /* line, length: without its LF */
	CHAT_ARRIVED_TOO_LONG, /* said once for the line; what follows of it, LF included, is skipped */
};

/* Takes octets off *data until something has arrived. The line is good until the next call. */
enum chat_arrival chat_input_next(struct chat_input *input, const uint8_t **data, size_t *length);

/* Nothing more comes for now: what has come of a line is one; false when that is nothing. */
bool chat_input_rest(struct chat_input *input);

/* Whether quiet would end a message: the client has sent something, and never an LF. */
bool chat_input_unended(const struct chat_input *input);
