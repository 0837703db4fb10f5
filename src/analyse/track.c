/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyse/track.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/defrag.h"
#include "analyse/flow_notes.h"
#include "analyse/messages.h"
#include "base/mem.h"

/* So many packets behind the one at hand: until then its slot has come into the cache. */
#define FETCH_AFTER 8

struct track {
	struct protocols *protocols;
	unsigned parts;
	const struct dissector *tcp, *udp, *data, *padding;
	struct flows *flows;
	struct flow_rows *flow_rows;
	struct tcp_rows *tcp_rows;
	struct defrag *defrag; /* these are NULL when their part is not asked for */
	struct messages *messages;
	struct dialogues *dialogues;
	struct foresight *foresight; /* from an earlier reading; NULL: none */
	struct foresight *ahead;     /* for a later one */
	struct tcp_verdict verdict;
	struct tracked now;
	unsigned transport;          /* which layer had the ports last: mostly the same has them again */
};

static void forget(void *context, struct flow *flow)
{
	(void)context;
	tcp_flow_free(flow->tcp);
	flow_dialogue_free(flow->dialogue);
	flow_messages_free(flow->messages);
}

struct track *track_new(struct protocols *protocols, unsigned parts, struct foresight *foresight)
{
	struct track *track = mem_new(1, sizeof *track);
	bool brief = parts & TRACK_SHORT;

	track->protocols = protocols;
	track->parts = parts;
	track->tcp = protocols_find("tcp");
	track->udp = protocols_find("udp");
	track->data = protocols_find("data");
	track->padding = protocols_find("padding");
	track->foresight = foresight;
	protocols_want_roles(protocols);
	track->flows = flows_new(brief ? FLOWS_SHORT : FLOWS_MAX, forget, track);
	track->flow_rows = flow_rows_new(protocols);
	if (parts & TRACK_FRAGMENTS)
		track->defrag = defrag_new(protocols);
	if (track->defrag && brief)
		defrag_limit(track->defrag, DEFRAG_OCTETS_SHORT);
	if (parts & (TRACK_TCP | TRACK_MESSAGES))
		track->tcp_rows = tcp_rows_new(protocols);
	if (parts & TRACK_MESSAGES)
		track->messages = messages_new(protocols, foresight,
					       brief ? MESSAGES_OCTETS_SHORT : MESSAGES_OCTETS_MAX);
	if (parts & TRACK_DIALOGUES)
		track->dialogues = brief ? dialogues_new(protocols, DIALOGUES_SHORT, DIALOGUE_OCTETS_SHORT)
					 : dialogues_new(protocols, DIALOGUES_MAX, DIALOGUE_OCTETS_MAX);
	if (foresight)
		foresight_settle(foresight, protocols);
	return track;
}

void track_free(struct track *track)
{
	if (!track)
		return;
	/* Before the flows, whose end would be told to who listens: they may be gone. */
	dialogues_free(track->dialogues);
	flows_free(track->flows);
	flow_rows_free(track->flow_rows);
	tcp_rows_free(track->tcp_rows);
	defrag_free(track->defrag);
	messages_free(track->messages);
	foresight_free(track->foresight);
	foresight_free(track->ahead);
	free(track);
}

/* ------------------------------------------------------------------------------------------------ one packet */

/* The layer that has the ports; `guess` is tried first. */
static unsigned transport_of(const struct packet *packet, unsigned guess)
{
	unsigned field = (unsigned)packet->roles[ROLE_SRC_PORT], i = packet->layer_count - 1;
	const struct layer *layer = &packet->layers[guess];

	if (guess <= i && field - layer->first_field < layer->field_count)
		return guess;
	while (i && packet->layers[i].first_field > field)
		i--;
	return i;
}

/* Who asked first is the client; met in the middle, who has the port that somebody is bound to serves. */
static void find_server(const struct track *track, struct flow *flow, unsigned side)
{
	bool tcp = flow->protocol == track->tcp;
	enum bind_space space = tcp ? BY_TCP_PORT : BY_UDP_PORT;
	unsigned flags = tcp ? track->verdict.flags : 0;

	if (flags & TCP_SYN) {
		flow->server = (uint8_t)(flags & TCP_ACK ? side : !side);
		return;
	}
	if (flow->server != FLOW_NOBODY)
		return;
	if (protocols_bound(track->protocols, space, flow->ends[1].port))
		flow->server = 1;
	else if (protocols_bound(track->protocols, space, flow->ends[0].port))
		flow->server = 0;
	else if (!tcp)
		flow->server = 1;
}

static void each_message(struct track *track, struct packet *packet)
{
	const struct tracked *now = &track->now;

	/* What has no messages of its own comes through piece(). */
	for (unsigned i = now->transport + 1; i < packet->layer_count; i++)
		if (packet->layers[i].dissector != track->padding && (!now->tcp || packet->layers[i].dissector->whole))
			dialogues_message(track->dialogues, packet, i, now->flow, now->side);
}

static void datagram(struct track *track, struct packet *packet)
{
	struct tracked *now = &track->now;

	if (track->messages)
		messages_datagram(track->messages, packet, now->transport, now->flow, now->side);
	if (!track->dialogues)
		return;
	if (now->transport + 1 == packet->layer_count)
		dialogues_message(track->dialogues, packet, now->transport, now->flow, now->side);
	else
		each_message(track, packet);
}

static void piece(void *context, struct packet *packet, unsigned layer, struct flow *flow, unsigned side,
		  const struct stream_piece *piece)
{
	struct track *track = context;

	if (track->dialogues)
		dialogues_stream(track->dialogues, packet, layer ? layer : track->now.transport, flow, side, piece);
}

static bool has_ended(enum tcp_state state)
{
	return state == TCP_STATE_CLOSED || state == TCP_STATE_REFUSED || state == TCP_STATE_RESET;
}

/* The connection was opened, or is over: once each. */
static void phase(struct track *track, struct packet *packet, enum tcp_state before)
{
	enum tcp_state after = track->verdict.state;

	if (after == before)
		return;
	if (after == TCP_STATE_ESTABLISHED)
		dialogues_opened(track->dialogues, packet, track->now.flow);
	else if (has_ended(after) && !has_ended(before))
		dialogues_closed(track->dialogues, packet, track->now.flow);
}

static void segment(struct track *track, struct packet *packet)
{
	struct tracked *now = &track->now;
	enum tcp_state before = tcp_flow_state(now->flow);
	struct note notes[TCP_NOTES_MAX];

	if (!track->tcp_rows ||
	    !tcp_follow(track->tcp_rows, track->flows, &now->flow, &now->side, packet, now->transport, &track->verdict))
		return;
	now->tcp = &track->verdict;
	if (track->verdict.renewed)
		before = TCP_STATE_MIDDLE;
	find_server(track, now->flow, now->side);
	packet_note(packet, now->transport, notes, tcp_notes(track->tcp_rows, &track->verdict, notes));
	if (!track->messages)
		return;
	now->repeated = !messages_segment(track->messages, packet, now->transport, now->flow, now->side,
					  &track->verdict, piece, track);
	if (!track->dialogues)
		return;
	phase(track, packet, before);
	if (!now->repeated)
		each_message(track, packet);
}

/* An ICMP error speaks of a conversation without belonging to it. */
static void refusal(struct track *track, struct packet *packet)
{
	unsigned side;
	struct flow *flow;

	if (!track->dialogues || !packet->layers[packet->layer_count - 1].quoted)
		return;
	flow = flows_quoted(track->flows, packet, &side);
	if (flow)
		dialogues_refused(track->dialogues, packet, flow, side);
}

/* What the packet itself shows behind the ports, however it was recognised. */
static void hear(const struct track *track, const struct packet *packet, struct flow *flow)
{
	const struct layer *layer = &packet->layers[track->now.transport + 1];

	if (packet->behind)
		flow->speaks = packet->behind;
	else if (track->now.transport + 1 < packet->layer_count && layer->dissector != track->data &&
	    layer->dissector != track->padding)
		flow->speaks = layer->dissector;
}

static void note_flow(struct track *track, struct packet *packet)
{
	const struct tracked *now = &track->now;
	struct note notes[FLOW_NOTES_MAX];

	packet_note(packet, now->transport, notes,
		    flow_notes(track->flow_rows, now->flow, flows_before(track->flows), packet, notes));
}

static void follow(struct track *track, struct packet *packet)
{
	struct tracked *now = &track->now;

	now->transport = track->transport = transport_of(packet, track->transport);
	if (now->flow->protocol == track->tcp) {
		segment(track, packet);
	} else if (now->flow->protocol == track->udp) {
		if (now->flow->server == FLOW_NOBODY)
			find_server(track, now->flow, now->side);
		datagram(track, packet);
	}
	if (!now->flow->speaks)
		hear(track, packet, now->flow);
	if (flow_rows_any(track->flow_rows))
		note_flow(track, packet);
}

const struct tracked *track_packet(struct track *track, struct packet *packet)
{
	struct tracked *now = &track->now;

	*now = (struct tracked){ 0 };
	/* A fragment speaks for its conversation only when it has made the datagram whole. */
	if (!track->defrag || !packet->fragment || defrag_packet(track->defrag, packet) != DEFRAG_WAITS)
		now->flow = flows_packet(track->flows, packet, &now->side);
	if (now->flow)
		follow(track, packet);
	else
		refusal(track, packet);
	if (track->foresight)
		foresight_notes(track->foresight, packet);
	return now;
}

void track_prepare(const struct track *track, struct packet packets[], unsigned at)
{
	if (!at)
		flows_warm(track->flows);
	flows_hash(track->flows, &packets[at]);
	if (at >= FETCH_AFTER)
		flows_fetch_flow(track->flows, &packets[at - FETCH_AFTER]);
}

void track_finish(struct track *track)
{
	if (track->dialogues)
		dialogues_finish(track->dialogues);
}

/* ------------------------------------------------------------------------------------------------ who listens */

struct flows *track_flows(struct track *track)
{
	return track->flows;
}

void track_listen(struct track *track, const struct dialogue_listener *listener)
{
	dialogues_listen(track->dialogues, listener);
}

void track_look_ahead(struct track *track)
{
	track->ahead = foresight_new();
	if (track->defrag)
		defrag_look_ahead(track->defrag, track->ahead);
	if (track->messages)
		messages_look_ahead(track->messages, track->ahead);
	if (track->dialogues)
		dialogues_look_ahead(track->dialogues, track->ahead);
}

struct foresight *track_foresight(struct track *track)
{
	struct foresight *ahead = track->ahead;

	track->ahead = NULL;
	return ahead;
}
