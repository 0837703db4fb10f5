/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What one segment says about its connection: relative numbers, the state, and what went wrong, judged as Wireshark
 * does (its names: tcp.analysis.*). RFC 9293; RFC 7323 section 2 (window scale); RFC 5681 section 3.2 (duplicate ACKs).
 * docs/tcp-analysis.md says where the two differ, and why.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "analyse/flow.h"
#include "packet/dissect.h"

enum { TCP_FIN = 0x01, TCP_SYN = 0x02, TCP_RST = 0x04, TCP_PSH = 0x08, TCP_ACK = 0x10 }; /* of tcp_verdict.flags */

enum tcp_trouble { /* bits of tcp_verdict.trouble */
	TCP_RETRANSMISSION = 1 << 0,
	TCP_FAST_RETRANSMISSION = 1 << 1,    /* comes with TCP_RETRANSMISSION */
	TCP_SPURIOUS_RETRANSMISSION = 1 << 2, /* comes with TCP_RETRANSMISSION */
	TCP_OUT_OF_ORDER = 1 << 3,
	TCP_DUPLICATE_ACK = 1 << 4,
	TCP_LOST_SEGMENT = 1 << 5,           /* the one before this one was not captured */
	TCP_ACK_LOST_SEGMENT = 1 << 6,       /* acknowledges octets that were not captured */
	TCP_ZERO_WINDOW = 1 << 7,
	TCP_ZERO_WINDOW_PROBE = 1 << 8,
	TCP_ZERO_WINDOW_PROBE_ACK = 1 << 9,
	TCP_WINDOW_UPDATE = 1 << 10,
	TCP_WINDOW_FULL = 1 << 11,
	TCP_KEEP_ALIVE = 1 << 12,
	TCP_KEEP_ALIVE_ACK = 1 << 13,
	TCP_REUSED_PORTS = 1 << 14
};

enum tcp_state { /* of the connection, as far as the capture shows it */
	TCP_STATE_MIDDLE,       /* met in its middle: no handshake was seen */
	TCP_STATE_SYN,          /* somebody asked */
	TCP_STATE_SYN_ACK,      /* and was answered */
	TCP_STATE_ESTABLISHED,
	TCP_STATE_FIN,          /* one side has no more to say: tcp_closer() */
	TCP_STATE_BOTH_FIN,     /* both, not yet acknowledged */
	TCP_STATE_CLOSED,
	TCP_STATE_REFUSED,      /* a SYN was answered by a RST */
	TCP_STATE_RESET,
	TCP_STATES
};

/* What the analysis made of a segment. */
struct tcp_verdict {
	uint32_t seq, ack;        /* relative; ack 0 without the flag */
	uint32_t next_seq;        /* relative, of the octet after this segment */
	uint32_t length;          /* octets of data */
	uint32_t raw_seq, raw_ack;
	uint16_t flags;
	uint32_t trouble;         /* TCP_ bits */
	uint32_t duplicate_number; /* TCP_DUPLICATE_ACK: how often it was repeated so far */
	uint64_t duplicate_frame; /* and which frame it repeats */
	bool acks;                /* acknowledges data (or SYN, FIN) of a frame that was seen */
	uint64_t acks_frame;
	int64_t ack_rtt;          /* ns */
	bool has_initial_rtt;
	int64_t initial_rtt;      /* ns from the SYN to the ACK that ends the handshake */
	uint64_t window;          /* scaled, when the scale is known */
	int scale;                /* the shift count of the sender's windows; -1: not known, -2: they are not scaled */
	uint32_t bytes_in_flight; /* data not acknowledged, with this segment; 0: not known, or it has none */
	uint32_t push_octets;     /* data since the last PSH, with bytes_in_flight */
	uint64_t rto_frame;       /* of a retransmission by time: the oldest frame not acknowledged; 0: it is none */
	int64_t rto;              /* ns since then */
	uint8_t completeness;     /* seen so far, with this one: 1 SYN, 2 SYN ACK, 4 ACK, 8 data, 16 FIN, 32 RST */
	bool analysed;            /* there is anything to say under tcp.analysis */
	enum tcp_state state;     /* after this segment */
	bool renewed;             /* a SYN on the ports of an earlier connection: the flow is a new one */
};

/* The rows that tcp_follow reads (tcp_rows_new wants them), and those that tcp_notes writes and somebody wants. */
struct tcp_rows;
struct tcp_rows *tcp_rows_new(struct protocols *protocols);
void tcp_rows_free(struct tcp_rows *rows);

/*
 * Judges the packet's TCP segment and remembers it in (*flow)->tcp, which is made when there is none. A SYN that
 * reuses the ports renews *flow (flows_renew) and *side. False: the layer is no whole TCP header (cut, a fragment), and
 * nothing is judged. `layer` is the TCP layer.
 */
bool tcp_follow(const struct tcp_rows *rows, struct flows *flows, struct flow **flow, unsigned *side,
		const struct packet *packet, unsigned layer, struct tcp_verdict *verdict);
/* Frees what tcp_follow hung on a flow. NULL is allowed. */
void tcp_flow_free(struct tcp_flow *tcp);

#define TCP_NOTES_MAX 40
/* Fills notes[TCP_NOTES_MAX] with the wanted fields that say what is in the verdict; returns how many. */
unsigned tcp_notes(const struct tcp_rows *rows, const struct tcp_verdict *verdict, struct note *notes);

enum tcp_state tcp_flow_state(const struct flow *flow);   /* TCP_STATE_MIDDLE when nothing was followed */
const char *tcp_state_name(enum tcp_state state);         /* a constant string for people: "established" */
/* The side that sent the first FIN, or the RST; FLOW_NOBODY: nobody did. */
unsigned tcp_flow_closer(const struct flow *flow);
