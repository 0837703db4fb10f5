/* SPDX-License-Identifier: BSD-2-Clause */
/* For the files of health only: what went wrong, collected as findings. */
#pragma once

#include "analyse/analyser.h"
#include "analyse/passing.h"
#include "analyse/talks.h"

#define HEALTH_FRAMES 10   /* packets that a finding lists */
#define HEALTH_ROWS 256    /* findings of one kind that are told apart */

enum health_severity { HEALTH_ERROR, HEALTH_WARNING, HEALTH_NOTE };

enum health_kind {
	HEALTH_NOBODY_LISTENS,  /* ICMP says so; number: the transport's dissector */
	HEALTH_REFUSED,         /* TCP */
	HEALTH_SYN_UNANSWERED,
	HEALTH_HANDSHAKE,
	HEALTH_UNREACHABLE,
	HEALTH_FORBIDDEN,
	HEALTH_TOO_BIG,
	HEALTH_FRAGMENTS_LOST,
	HEALTH_HOPS,
	HEALTH_PARAMETER,
	HEALTH_UNANSWERED,      /* number: the protocol's dissector, as in the next five */
	HEALTH_UNANSWERED_END,
	HEALTH_UNANSWERED_ALL,
	HEALTH_UNANSWERED_EMPTY,
	HEALTH_LATE,
	HEALTH_AGAIN,
	HEALTH_ECHO_DIFFERS,
	HEALTH_ECHO_CHANGED,    /* number: the words for it */
	HEALTH_LEAK,            /* the user's name: health_user() */
	HEALTH_CHECKSUM,        /* number: the dissector */
	HEALTH_MALFORMED,       /* number: the sentence, and health_protocol() */
	HEALTH_CUT,
	HEALTH_PROBLEM,         /* as MALFORMED, but the layer is well-formed */
	HEALTH_RESET,
	HEALTH_RETRANSMISSION,
	HEALTH_SPURIOUS,
	HEALTH_LOST,
	HEALTH_MISSED,
	HEALTH_OUT_OF_ORDER,
	HEALTH_ZERO_WINDOW,
	HEALTH_SERVER_CLOSED,
	HEALTH_LONG_BROADCAST,
	HEALTH_LONG_DATAGRAM,
	HEALTH_DIRECTED,
	HEALTH_OVERLAP,
	HEALTH_DROPS,
	HEALTH_DROPS_ALL,
	HEALTH_CLOCK,
	HEALTH_KINDS
};

struct finding {
	uint64_t frames[HEALTH_FRAMES]; /* the first ones, rising as they come */
	unsigned frame_count;
};

struct health {
	bool filtered;
	struct passing passing;
	const struct dissector *udp, *icmp, *icmpv6, *date, *echo, *chat;
	const struct field_def *icmp_type, *icmp_code, *icmpv6_type, *icmpv6_code, *udp_length, *overlap;
	struct talks talks;         /* key.kind: the kind; sent[0].packets: how often; sent[0].octets: the amount */
	struct finding *findings;   /* by index in talks */
	uint32_t room;
	uint32_t rows[HEALTH_KINDS];
	uint64_t others[HEALTH_KINDS];
	uint64_t packets;
	int64_t last_time;
	uint32_t *order;            /* after the end */
	struct text text;
};

/*
 * What went wrong once more, in this packet (0: in none). subject: whom or what it is about; made by health_ functions,
 * or all zero. amount: summed up, or the greatest is kept: as the kind says.
 */
void health_add(struct health *health, enum health_kind kind, struct talk_key *subject, uint64_t frame,
		uint64_t amount);

/* Subjects. side: whose end comes first. */
struct talk_key health_flow(const struct flow *flow, unsigned side);
struct talk_key health_end(const struct flow_end *end, uint8_t address_length, const void *what);
struct talk_key health_address(const struct field *address, const struct field *port, const void *what);
struct talk_key health_problem(const struct dissector *protocol, const char *problem);
struct talk_key health_user(const struct field *user);

/* health_packet.c */
void health_want(struct protocols *protocols);
void health_prepare(struct health *health);
void health_packet(void *state, const struct packet *packet, const struct tracked *tracked);
/* health_dialogue.c */
void health_dialogue(void *state, const struct dialogue *dialogue, bool over);
void health_said(void *state, const struct chat_said *said);
void health_connections(struct health *health, const struct flows *flows);
