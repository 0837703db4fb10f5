/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Conversations: who talks with whom from which port to which. Keyed by the roles of fields (ROLE_SRC_ADDR, ...), so
 * that a protocol that nobody thought of here has them too. Numbered for each protocol as Wireshark does
 * (udp.stream, tcp.stream): from 0, in the order of their first packets; a TCP connection that reuses the ports of an
 * earlier one has a number of its own.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "packet/dissector.h"
#include "packet/packet.h"

/*
 * Conversations that are kept. Beyond that the one that was silent for longest (give or take an eighth of their number
 * in packets) is forgotten; when it speaks again it is a new one. There is no expiry by time.
 */
#define FLOWS_MAX (1u << 20)
#define FLOWS_SHORT (1u << 12) /* for who only looks at packets as they pass */

struct flow_end {
	uint8_t address[16];  /* network order; 4 of them for IPv4 */
	uint16_t port;
};

struct flow_count {
	uint64_t packets;
	uint64_t octets;      /* of frames, as on the wire */
};

enum { FLOW_NOBODY = 2 }; /* a side that is not known */

struct tcp_flow;              /* tcp.h */
struct flow_dialogue;         /* dialogue.h */
struct flow_messages;         /* messages.h */

/* In the order in which a packet meets them: to find it, to count it, to follow it. A line of the cache each. */
struct flow {
	struct flow_end ends[2];            /* ends[0] sent the first packet that was seen */
	uint8_t address_length;             /* 4 or 16 */
	uint8_t server;                     /* the side that serves: 0, 1 or FLOW_NOBODY */
	uint8_t bound;                      /* learned_is_bound(): 0 not asked yet, 1 yes, 2 no */
	uint8_t sure;                       /* how sure `learned` is, 0 to 100: RECOGNISE_CERTAIN decides */
	const struct dissector *protocol;   /* whose ports they are: udp, tcp */
	const struct dissector *speaks;     /* the first protocol that was seen behind its ports; NULL: none so far */
	uint32_t number;
	uint32_t own;                       /* the table's: its place in the slabs */

	uint64_t last_frame;
	int64_t last_time;                  /* ns since 1970, as all times */
	struct flow_count sent[2];          /* by side */
	uint64_t moved;                     /* the table's: when it came to where it is in the list */
	struct flow_dialogue *dialogue;     /* owned; NULL until there was something to remember */

	struct tcp_flow *tcp;               /* owned; NULL until a segment of TCP was followed */
	struct flow_messages *messages;     /* owned; NULL until a message had to be put together (messages.h) */
	const struct dissector *learned;    /* what its content has shown itself to be; NULL: nothing so far */
	uint64_t first_frame;
	int64_t first_time;
	struct flow *older, *newer;         /* the table's: by last packet */
	uint32_t hash;                      /* the table's */
};

struct flows;

/*
 * forget: called for a flow before it is freed (evicted, or at the end), to free what others hung on it; NULL: nobody
 * did. max: FLOWS_MAX, or less.
 */
struct flows *flows_new(uint32_t max, void (*forget)(void *context, struct flow *flow), void *context);
void flows_free(struct flows *flows);

/*
 * The conversation that the packet belongs to, made when it is the first; counted. *side: who sent it, 0 or 1. NULL
 * when the packet has no ports, or is quoted only. The rows with roles must be wanted (protocols_want_roles).
 */
struct flow *flows_packet(struct flows *flows, const struct packet *packet, unsigned *side);

/* When the packet before that one came, in the conversation that flows_packet() gave last; 0: it was the first. */
int64_t flows_before(const struct flows *flows);

/*
 * For who has many packets at hand, in any thread, also while another one gives packets: what a look-up can do before,
 * and what it would wait for, for a table of many conversations is in no cache. flows_hash: once the packet is
 * dissected. flows_fetch_flow: some packets later, when the slot has come. flows_warm: now and then. They change
 * nothing that comes out, and may all be left out.
 */
void flows_hash(const struct flows *flows, struct packet *packet);
void flows_fetch_flow(const struct flows *flows, const struct packet *packet);
void flows_warm(struct flows *flows);

/*
 * The conversation that a packet quoted by an ICMP error belonged to; NULL: it has none, or none is known. *side: who
 * sent the quoted packet. Nothing is counted.
 */
struct flow *flows_quoted(struct flows *flows, const struct packet *packet, unsigned *side);

/*
 * The packet that flows_packet() gave `flow` for begins a new conversation between the same ends: the old one stays
 * as it was before it, but is no longer found. Returns the new one, with the packet counted.
 */
struct flow *flows_renew(struct flows *flows, struct flow *flow, const struct packet *packet, unsigned *side);

/* All that are kept, the one that was silent for longest first; each NULL-ended: flows_next(flows, NULL) begins. */
struct flow *flows_next(const struct flows *flows, const struct flow *after);
/*
 * The same in the order in which they stand in memory, which costs less: that of their first packets, until one is
 * forgotten. *at: 0 in the beginning; or, until one is forgotten, how many to leave out.
 */
const struct flow *flows_each(const struct flows *flows, uint32_t *at);
uint32_t flows_count(const struct flows *flows);
uint64_t flows_forgotten(const struct flows *flows); /* how many were forgotten because there were too many */

/*
 * What all who hang things on flows count together, with a limit over all of them: FLOWS_HELD for each conversation
 * that may be kept, and at least FLOWS_HELD_LEAST. It lives as long as the table.
 */
#define FLOWS_HELD 4
#define FLOWS_HELD_LEAST (64u << 10)
struct flows_held {
	uint64_t count, most;
	void *spare;          /* memory that was given back, to be taken again: linked through its first octets */
	unsigned spare_count;
};
struct flows_held *flows_held(struct flows *flows);

/* An end as fields have it (port NULL: 0); *length: of the address. False: that is neither IPv4 nor IPv6. */
bool flow_end_from(struct flow_end *end, uint8_t *length, const struct field *address, const struct field *port);

/* "10.0.0.1:5555", "[2001:db8::1]:5555". */
void flow_end_text(const struct flow_end *end, uint8_t address_length, struct text *out);

/* What is sent to it reaches more than one host: multicast, 255.255.255.255. A directed broadcast cannot be told. */
bool flow_end_is_multicast(const struct flow *flow, unsigned side);
