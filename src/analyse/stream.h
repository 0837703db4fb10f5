/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One direction of a TCP connection as a stream of octets in order: segments go in as they were captured, pieces come
 * out, each octet once. RFC 9293 section 3.10. What comes too early waits for what is missing; what is missing for good
 * (the other side has acknowledged it, too much waits behind it, the connection ended) is a hole, and delivery goes on
 * behind it. Of octets that came twice the first ones count. Numbers wrap. Nothing of it needs the other direction.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct stream;

#define STREAM_WAITING_MAX (256u << 10) /* octets of one direction that wait for a hole to be filled */
#define STREAM_SEGMENTS_MAX 256         /* and segments */

/* Octets in order. */
struct stream_piece {
	const uint8_t *data;      /* borrowed: valid during the call */
	uint32_t length;          /* may be 0 when only the end or a hole is told */
	uint64_t offset;          /* of the first octet, from the beginning of the stream; holes count */
	uint64_t missing;         /* octets of a hole right before this piece */
	uint64_t frame;           /* the packet that brought it; 0: none did (a hole at the end of the capture) */
	int64_t time;             /* of that packet */
	bool end;                 /* FIN: nothing follows */
};

/* What a segment brought besides. Summed up over the stream by stream_facts(). */
struct stream_facts {
	uint64_t octets;          /* delivered */
	uint64_t missing;         /* in holes */
	uint64_t repeated;        /* octets that came again, equal as far as it is known */
	uint64_t conflicting;     /* octets that came again with another content: the first ones were kept */
	uint64_t before;          /* octets before the first segment that was seen: not delivered */
	uint64_t after_end;       /* octets behind the FIN: not delivered */
};

struct stream_segment {
	uint32_t seq;             /* as sent */
	bool syn, fin;
	const uint8_t *data;
	uint32_t length;          /* captured octets of data */
	uint32_t claimed;         /* octets that the packet had, >= length; the rest is a hole (a capture with -s) */
	uint64_t frame;
	int64_t time;
};

/* It must not call functions of the same stream. */
typedef void stream_deliver(void *context, const struct stream_piece *piece);

/* Costs a few octets until a segment must wait. */
struct stream *stream_new(void);
void stream_free(struct stream *stream);
/*
 * From now on the last `octets` (a power of two) that were delivered are kept, so that what comes again can be compared
 * with them. Without it only octets that wait are compared: others that come again count as repeated.
 */
void stream_remember(struct stream *stream, uint32_t octets);

/* The first segment decides where the stream begins: behind its SYN, or at its first octet. */
void stream_segment(struct stream *stream, const struct stream_segment *segment, stream_deliver *deliver,
		    void *context);
/*
 * The other side has acknowledged everything before `ack`: what is missing before it was not captured and never will
 * be. Said before the segment of the packet that acknowledges.
 */
void stream_acked(struct stream *stream, uint32_t ack, stream_deliver *deliver, void *context);
/* No more segments will come (a reset, the end of the capture): what waits is delivered, across its holes. */
void stream_finish(struct stream *stream, stream_deliver *deliver, void *context);

struct stream_facts stream_facts(const struct stream *stream);
uint32_t stream_waiting(const struct stream *stream); /* octets that wait */
/* Memory for what waits. */
size_t stream_cost(const struct stream *stream);
/* What waits is forgotten, as if it had not been captured. */
void stream_forget(struct stream *stream);
