/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What packets say together: each dissected packet goes through here once, in order, and gets the fields that need the
 * others (FIELD_FOLLOWED). Fragments are put together, conversations numbered, TCP judged, messages that span segments
 * put together and dissected, dialogues paired. From then on the packet is const.
 */
#pragma once

#include "analyse/dialogue.h"
#include "analyse/flow.h"
#include "analyse/foresight.h"
#include "analyse/tcp.h"
#include "packet/dissect.h"

enum track_part {
	TRACK_FLOWS = 1, /* udp.stream, tcp.stream; always on */
	TRACK_FRAGMENTS = 2,
	TRACK_TCP = 4,        /* tcp.seq, tcp.analysis.* */
	TRACK_MESSAGES = 8,   /* what spans segments is put together; ports are learned */
	TRACK_DIALOGUES = 16, /* date.request_in, ...; needs TRACK_MESSAGES */
	TRACK_ALL = 31,
	TRACK_SHORT = 32 /* FLOWS_SHORT conversations are kept: a packet costs less, and memory stays small */
};

/* What is known of a packet besides its fields; valid until the next track_packet(). */
struct tracked {
	struct flow *flow;             /* NULL: it belongs to no conversation */
	unsigned side;                 /* who sent it: flow->ends[side] */
	const struct tcp_verdict *tcp; /* NULL: no TCP, or not judged */
	bool repeated;                 /* TCP: no octet of it is new */
	unsigned transport;            /* index of the layer with the ports; 0: none */
};

struct track;

/*
 * protocols: what is wanted must be marked before, nothing dissected yet; track_new marks what it reads itself.
 * foresight: what an earlier reading of the same file found (FIELD_AHEAD); NULL: none. The track owns it from here on.
 */
struct track *track_new(struct protocols *protocols, unsigned parts, struct foresight *foresight);
void track_free(struct track *track);

/* The packet is dissected and its own until now. Octets that fields point to live until the next call. */
const struct tracked *track_packet(struct track *track, struct packet *packet);

/*
 * For who has many packets at hand: packets[at] is dissected, and those before it are prepared. In any thread, also
 * while another one calls track_packet(). It changes nothing that comes out, and may be left out.
 */
void track_prepare(const struct track *track, struct packet packets[], unsigned at);

/* No packet will come any more: what is still open is told to who listens. Once. */
void track_finish(struct track *track);

struct flows *track_flows(struct track *track);
/* Who hears of dialogues; set before the first packet. TRACK_DIALOGUES must be on. */
void track_listen(struct track *track, const struct dialogue_listener *listener);

/*
 * For a second reading. track_look_ahead: from now on what only later packets tell is collected (before the first
 * packet). track_foresight: all of it, after track_finish; the caller gives it to the second reading's track_new.
 */
void track_look_ahead(struct track *track);
struct foresight *track_foresight(struct track *track);
