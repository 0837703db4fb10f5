/* SPDX-License-Identifier: BSD-2-Clause */
/* Echo over TCP: what waits for its echo, and the reading of what came back. */
#pragma once

#include "analyse/dialogue_parts.h"

struct echo_stream {
	uint8_t *queue;            /* what was asked and has not come back; NULL when there is nothing */
	uint32_t first, length, room;
	uint64_t asked, settled;   /* offsets in the client's stream */
	uint64_t received;         /* octets that came back, those that were not captured too */
	uint8_t client;            /* side */
	bool sure;                 /* the connection was seen from its beginning */
	bool comparing;            /* up to here everything was explained */
	bool different;            /* an answer could not be */
	bool raised, lowered;      /* as in struct transform */
	uint8_t prefix[ECHO_EXTRA_MAX], held[ECHO_EXTRA_MAX];
	uint8_t prefix_length;
	uint8_t held_length;       /* octets that came back and may be the beginning of a prefix */
};

/* Octets that came back, and how far they and the queue were read. */
struct echo_reading {
	struct echo_stream *echo;
	const struct request *request; /* the first that is not answered whole; NULL: none */
	const uint8_t *data;
	size_t length, at;
	uint32_t taken;            /* of the queue */
	unsigned searches;
};

/* Reads on to the end. False: what is left is no echo of the queue. */
bool echo_explain(struct echo_reading *reading);

static inline size_t echo_smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}
