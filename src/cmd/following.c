/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/following.h"

#define WRITE_AT 65536 /* octets of output that come together before they are written */

void following_init(struct following *following)
{
	following->tcp = protocols_find("tcp");
	following->udp = protocols_find("udp");
	following->chat = protocols_find("chat");
	following->date = protocols_find("date");
}

void following_release(struct following *following)
{
	for (unsigned i = 0; i < FOLLOW_SIDES; i++) {
		stream_free(following->sides[i].stream);
		text_release(&following->sides[i].held);
		text_release(&following->ends[i]);
	}
	text_release(&following->out);
}

void following_show(struct following_side *side, const struct follow_piece *piece)
{
	struct following *following = side->following;

	side->totals.missing += piece->missing;
	if (following->only == FOLLOWING_BOTH || following->only == side->side)
		follow_add(&following->view, piece, &following->out);
}

/* ------------------------------------------------------------------------------------------------ the beginning */

static void begin(struct following *following, const struct frame *frame, const struct flow *flow)
{
	following->found = true;
	following->client = flow->server == FLOW_NOBODY ? 0 : !flow->server;
	following->heading = (struct follow_heading){
		.protocol = flow->protocol->name,
		.title = flow->protocol->title,
		.number = flow->number,
		.ends = following->ends,
		.sure = flow->server != FLOW_NOBODY,
	};
	for (enum follow_side i = 0; i < FOLLOW_SIDES; i++) {
		struct following_side *side = &following->sides[i];

		flow_end_text(&flow->ends[following->client ^ i], flow->address_length, &following->ends[i]);
		side->following = following;
		side->side = i;
		side->stream = stream_new();
		stream_remember(side->stream, FOLLOWING_PAST);
	}
	following->view.heading = &following->heading;
	following->view.first_time = frame->first_time;
	follow_begin(&following->view, &following->out);
}

/* ------------------------------------------------------------------------------------------------ TCP */

static void arrived(void *context, const struct stream_piece *arrival)
{
	struct following_side *side = context;
	struct following *following = side->following;
	const struct follow_piece piece = {
		.side = side->side,
		.data = arrival->data,
		.length = arrival->length,
		.offset = arrival->offset,
		.missing = arrival->missing,
		.frame = arrival->frame,
		.time = arrival->time,
		.has_time = following->has_time && arrival->frame,
		.end = arrival->end,
	};

	if (following->messages || (following->chat_lines && following->framing == following->chat))
		following_messages(side, &piece);
	else
		following_show(side, &piece);
}

static void find_framing(struct following *following, const struct packet *packet, unsigned transport)
{
	for (unsigned i = transport + 1; i < packet->layer_count && !following->framing; i++)
		if (packet->layers[i].dissector->whole)
			following->framing = packet->layers[i].dissector;
}

static void segment(struct following *following, const struct packet *packet, const struct tracked *tracked,
		    enum follow_side side)
{
	const struct tcp_verdict *verdict = tracked->tcp;
	struct stream_segment segment = {
		.seq = verdict->raw_seq,
		.syn = verdict->flags & TCP_SYN,
		.fin = verdict->flags & TCP_FIN,
		.claimed = verdict->length,
		.frame = packet->frame->number,
		.time = packet->frame->time,
	};

	segment.data = layer_carries(packet, &packet->layers[tracked->transport], verdict->length, &segment.length);
	following->flags = verdict->flags;
	find_framing(following, packet, tracked->transport);
	if (verdict->flags & TCP_ACK)
		stream_acked(following->sides[!side].stream, verdict->raw_ack, arrived, &following->sides[!side]);
	stream_segment(following->sides[side].stream, &segment, arrived, &following->sides[side]);
}

/* ------------------------------------------------------------------------------------------------ UDP */

/* Octets that the datagram says it has; 0 stands for more than 65535 (RFC 2675), and before segmentation. */
static uint32_t claimed_octets(const struct packet *packet, unsigned transport)
{
	const struct layer *layer = &packet->layers[transport];
	uint32_t length = (uint32_t)load_be(layer_octets(packet, layer) + 4, 2), end = layer->offset + layer->length;

	if (length >= 8)
		return length - 8;
	for (unsigned i = transport + 1; i < packet->layer_count; i++)
		if (packet->layers[i].base == layer->base && strcmp(packet->layers[i].dissector->name, "padding") != 0)
			end = packet->layers[i].offset + packet->layers[i].length;
	return end - layer->offset - layer->length;
}

static void datagram(const struct packet *packet, unsigned transport, struct following_side *side)
{
	struct follow_piece piece = {
		.side = side->side,
		.offset = side->offset,
		.frame = packet->frame->number,
		.time = packet->frame->time,
		.has_time = packet->frame->has_time,
		.message = true,
	};
	uint32_t claimed;

	if (packet->layers[transport].length < 8)
		return;
	claimed = claimed_octets(packet, transport);
	piece.data = layer_carries(packet, &packet->layers[transport], claimed, &piece.length);
	side->offset += claimed;
	if (piece.length || !claimed)
		following_show(side, &piece);
	if (piece.length == claimed)
		return;
	piece.missing = claimed - piece.length;
	piece.offset = side->offset;
	piece.length = 0;
	piece.message = false;
	following_show(side, &piece);
}

/* ------------------------------------------------------------------------------------------------ the packets */

/* Whether the packet belongs to the conversation; chooses it when it is the first. */
static bool is_mine(struct following *following, const struct flow *flow)
{
	if (!flow || (flow->protocol != following->tcp && flow->protocol != following->udp))
		return false;
	if (!following->protocol) {
		following->protocol = flow->protocol;
		following->number = flow->number;
	}
	if (flow->protocol != following->protocol)
		return false;
	if (flow->number >= following->streams)
		following->streams = flow->number + 1;
	return flow->number == following->number;
}

int following_packet(void *context, const struct packet *packet, const struct tracked *tracked, struct error *err)
{
	struct following *following = context;
	const struct flow *flow = tracked->flow;
	enum follow_side side;

	if (!is_mine(following, flow))
		return 0;
	if (!following->found)
		begin(following, packet->frame, flow);
	side = tracked->side == following->client ? FOLLOW_CLIENT : FOLLOW_SERVER;
	following->has_time = packet->frame->has_time;
	following->transport = tracked->transport;
	if (tracked->tcp)
		segment(following, packet, tracked, side);
	else if (flow->protocol == following->udp)
		datagram(packet, tracked->transport, &following->sides[side]);
	return following->out.length < WRITE_AT ? 0 : following->print(&following->out, err);
}

static void finish_side(struct following_side *side)
{
	struct stream_facts facts;

	stream_finish(side->stream, arrived, side);
	following_flush(side);
	facts = stream_facts(side->stream);
	side->totals.conflicting = facts.conflicting;
	side->totals.before = facts.before;
	side->totals.after_end = facts.after_end;
}

int following_finish(struct following *following, struct error *err)
{
	struct follow_totals totals[FOLLOW_SIDES] = { 0 };

	if (!following->found)
		return 0;
	following->transport = 0;
	for (unsigned i = 0; i < FOLLOW_SIDES; i++) {
		finish_side(&following->sides[i]);
		if (following->only == FOLLOWING_BOTH || following->only == i)
			totals[i] = following->sides[i].totals;
	}
	follow_end(&following->view, totals, &following->out);
	return following->print(&following->out, err);
}
