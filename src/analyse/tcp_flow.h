/* SPDX-License-Identifier: BSD-2-Clause */
/* What is remembered of a TCP connection; for the tcp files only. Kept small: a flood of SYNs makes many. */
#pragma once

#include "analyse/tcp.h"

enum { SCALE_UNKNOWN = -1, SCALE_NONE = -2 }; /* as Wireshark's tcp.window_size_scalefactor says it */

/* Sequence numbers wrap (RFC 9293 section 3.4). */
static inline bool seq_before(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}

/* ------------------------------------------------------------------------------------------------ unacknowledged */

/*
 * Segments of one direction that no ACK has reached yet, the oldest first. The list exists only while something is in
 * it. The rest of what is beyond the limits is not remembered: no ACK of it gets a time, and octets in flight are
 * counted too low.
 */
#define TCP_UNACKED_MAX 10000 /* of one direction; Wireshark's limit too; flows_held() has that of all connections */

struct unacked {
	uint64_t frame;
	int64_t time;
	uint32_t seq, next;
};

struct unacked_list {
	uint32_t low, high;    /* of all in the list: what is in flight */
	uint16_t first, count, room;
	bool ordered;          /* each begins where the one before ends, or behind: the first ones tell all */
	struct unacked entries[];
};

/* held: how many are remembered in all. */
void unacked_add(struct unacked_list **list, struct flows_held *held, const struct unacked *segment);
/* Takes out what the ACK covers; true: *segment was one that it ends with, the oldest of them. */
bool unacked_acked(struct unacked_list **list, struct flows_held *held, uint32_t ack, struct unacked *segment);
void unacked_clear(struct unacked_list **list, struct flows_held *held);

/* ------------------------------------------------------------------------------------------------ the connection */

/* One direction: what its sender has said so far. */
struct tcp_side {
	uint32_t base;          /* relative numbers count from here */
	uint32_t next;          /* the highest number that was seen, plus 1 */
	uint32_t contiguous;    /* as far as nothing is missing: an ACK beyond it is for what was not captured */
	uint32_t last_ack;
	uint32_t fin_end;       /* the number behind the FIN */
	uint32_t trouble;       /* of the last segment */
	uint32_t duplicates;    /* of last_ack, so far */
	uint32_t push_octets;   /* of data since the last PSH */
	uint16_t window;        /* as sent */
	int8_t scale;
	bool based : 1, seen : 1, known_contiguous : 1, flight_known : 1, pushed : 1, fin : 1, fin_acked : 1;
	bool passed : 1;        /* the other side acknowledged more than was seen of this one */
	bool window_of_syn : 1; /* RFC 7323 section 2.2: it is not scaled */
	uint64_t ack_frame;     /* which said last_ack first */
	int64_t ack_time;       /* when it was said last */
	uint64_t next_frame;    /* which moved `next` */
	int64_t next_time;
	struct unacked_list *unacked;
};

struct tcp_flow {
	struct tcp_side sides[2];
	int64_t syn_time;       /* of the last SYN without ACK */
	int64_t initial_rtt;
	struct flows_held *held;         /* segments remembered, of all connections */
	uint8_t completeness;
	uint8_t state;          /* enum tcp_state */
	uint8_t opener;         /* who sent the SYN; FLOW_NOBODY: not seen */
	uint8_t closer;
	bool syn_seen, has_initial_rtt;
};

/* The segment, as read. */
struct tcp_segment {
	uint32_t seq, ack, length, next; /* next: the number behind it, SYN and FIN counted */
	uint16_t flags, window;
	uint64_t frame;
	int64_t time;
	int shift;              /* of its window scale option; -1: none */
};

/* Fills the verdict's analysis and remembers the segment, sent by `side`. */
void tcp_judge(struct tcp_flow *tcp, unsigned side, const struct tcp_segment *segment, struct tcp_verdict *verdict);
/* The state after the segment. */
void tcp_advance(struct tcp_flow *tcp, unsigned side, const struct tcp_segment *segment);
