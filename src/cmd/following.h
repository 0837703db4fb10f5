/* SPDX-License-Identifier: BSD-2-Clause */
/* One conversation of a capture: packets go in, what both sides said comes out, in the order of its delivery. */
#pragma once

#include "analyse/stream.h"
#include "cmd/reading.h"
#include "render/follow.h"

#define FOLLOWING_PAST 65536          /* octets of each side that are compared with what comes again */
#define FOLLOWING_HELD_MAX (64u << 10) /* of a message whose rest has not come: then it is shown as it is */
#define FOLLOWING_PARTS (TRACK_FLOWS | TRACK_FRAGMENTS | TRACK_TCP)

/* One side, or both. */
enum { FOLLOWING_BOTH = FOLLOW_SIDES };

struct following_side {
	struct following *following;
	enum follow_side side;
	struct stream *stream;        /* TCP */
	uint64_t offset;              /* UDP: octets so far */
	struct follow_totals totals;
	/* Messages: what came of one that is not whole, and of which packet it is. */
	struct text held;
	struct follow_piece begun;
	bool lines;                   /* it ends messages with LF */
	bool tentative;               /* what is held may be a message */
};

/* Set the first part, zero the rest; following_release() frees what is inside. */
struct following {
	const struct dissector *protocol; /* NULL: the conversation of the first packet that belongs to one */
	uint32_t number;
	unsigned only;                /* an enum follow_side, or FOLLOWING_BOTH */
	bool messages;                /* boundaries of messages are shown, where the protocol has them */
	bool chat_lines;              /* they are for chat, whether or not they were asked for */
	struct reading *reading;      /* opened */
	struct follow_view view;
	/* Writes what has come together, and clears it. */
	int (*print)(struct text *out, struct error *err);

	bool found;
	uint32_t streams;             /* of the protocol, so far */
	struct text out;
	struct follow_heading heading;
	struct text ends[FOLLOW_SIDES]; /* "10.0.0.1:5555" */
	unsigned client;              /* the side of the flow */
	struct following_side sides[FOLLOW_SIDES];
	const struct dissector *framing; /* who knows where its messages end; NULL: nobody so far */
	unsigned transport;           /* the layer of the packet at hand that carries the stream; 0: there is none */
	uint16_t flags;               /* of its segment */
	bool has_time;
	const struct dissector *tcp, *udp, *chat, *date;
};

/* When the first part is set. */
void following_init(struct following *following);
/* For reading_run(). */
int following_packet(void *following, const struct packet *packet, const struct tracked *tracked, struct error *err);
/* No packet will come any more. */
int following_finish(struct following *following, struct error *err);
void following_release(struct following *following);

/* For following.c and following_messages.c: octets of a side, in order. */
void following_show(struct following_side *side, const struct follow_piece *piece);
/* The same, put together to messages first; and what of them is left. */
void following_messages(struct following_side *side, const struct follow_piece *piece);
void following_flush(struct following_side *side);
