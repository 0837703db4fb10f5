/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of messages share. */
#pragma once

#include "analyse/messages.h"
#include "base/text.h"

#define EARLY_MAX 8 /* segments in one direction that were dissected before their turn */

/* One direction. */
struct side {
	struct stream *stream;
	uint8_t *held;
	uint32_t held_length;
	bool tentative; /* held was shown already: what comes right behind it may be its rest */
	bool lines;     /* messages end with LF */
	uint8_t early_count;
	uint32_t longest; /* segment */
	uint64_t early[EARLY_MAX];
};

struct flow_messages {
	struct side sides[2];
	uint8_t last; /* who sent the data before */
	bool again;   /* the packet at hand shows what was shown before, with its rest */
	struct messages *messages;
	struct flow_messages *older, *newer; /* of those that keep octets, by last packet */
	size_t cost;                         /* of what it keeps, as counted in messages.cost */
};

struct messages {
	const struct protocols *protocols;
	const struct foresight *foresight;
	struct foresight *ahead;
	struct learned *learned;
	const struct dissector *data, *padding, *date;
	const struct field_def *part, *joined; /* rows of TCP; NULL: nobody wants it */
	struct text octets;                    /* of the packet at hand: what was held, and what came */
	struct flow_messages *oldest, *newest;
	size_t cost, most;
};

/* ---- one packet (messages.c) */

/* The layer of a message in the packet; 0: it has none that anybody knows. */
static inline unsigned message_layer(const struct messages *messages, const struct packet *packet, unsigned transport)
{
	const struct dissector *above;

	if (transport + 1 >= packet->layer_count)
		return 0;
	above = packet->layers[transport + 1].dissector;
	return above == messages->data || above == messages->padding ? 0 : transport + 1;
}

/* The packet's layers behind the transport become what these octets are. */
void message_dissect(const struct messages *messages, struct packet *packet, unsigned transport,
		     const struct flow *flow, unsigned sender, const struct dissector *as, enum bind_space space,
		     const uint8_t *data, uint32_t length, uint32_t claimed);

/* ---- what is told of it (messages_tell.c) */

void messages_find_rows(struct messages *messages);
/* The last `length` octets of the segment begin a message, or go on with one, whose end is not here. */
void messages_tell_part(const struct messages *messages, struct packet *packet, unsigned transport,
			const uint8_t *octets, size_t length);
/* The first of these messages began in an earlier segment. */
void messages_tell_joined(const struct messages *messages, struct packet *packet, unsigned transport,
			  const uint8_t *octets, size_t length);

/* ---- what is kept (messages_kept.c) */

/* The side's beginning of a message becomes these octets, which may be a part of what it is now. */
void side_hold(struct side *side, const uint8_t *data, size_t length, bool tentative);
/*
 * After each packet of the conversation: what it keeps is counted, and while all keep too much, those that were silent
 * for longest lose what they have. Nearly none keeps anything, and costs nothing here.
 */
void messages_keep_limit(struct messages *messages, struct flow_messages *own);
