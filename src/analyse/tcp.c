/* SPDX-License-Identifier: BSD-2-Clause */
/* One segment: read from its header, put before the connection it belongs to, judged. */
#include "analyse/tcp.h"

#include <stdlib.h>
#include <string.h>

#include "analyse/tcp_flow.h"
#include "analyse/tcp_rows.h"
#include "base/clock.h"
#include "base/mem.h"

enum { HEADER = 20, SHIFT_MAX = 14 };

enum { /* bits of tcp.completeness: what of a whole conversation was seen */
	SEEN_SYN = 1, SEEN_SYN_ACK = 2, SEEN_ACK = 4, SEEN_DATA = 8, SEEN_FIN = 16, SEEN_RST = 32
};

/* ------------------------------------------------------------------------------------------------ reading */

/* The shift count of the window scale option (RFC 7323 section 2.2); -1: none. */
static int window_scale(const uint8_t *at, const uint8_t *end)
{
	while (end - at >= 2 && at[0] != 0) {
		if (at[0] == 1) {
			at++;
			continue;
		}
		if (at[0] == 3 && at[1] == 3 && end - at >= 3)
			return at[2] < SHIFT_MAX ? at[2] : SHIFT_MAX;
		if (at[1] < 2 || end - at < at[1])
			break;
		at += at[1];
	}
	return -1;
}

/* How much data there is says the dissector; where it says nothing, the segment is not whole. */
static bool read_segment(const struct tcp_rows *rows, const struct packet *packet, const struct layer *layer,
			 struct tcp_segment *segment)
{
	const struct field *length = layer_find(packet, layer, rows->length);
	const uint8_t *at = layer_octets(packet, layer);

	if (!length || layer->length < HEADER)
		return false;
	segment->seq = (uint32_t)load_be(at + 4, 4);
	segment->ack = (uint32_t)load_be(at + 8, 4);
	segment->flags = (uint16_t)(load_be(at + 12, 2) & 0xfff);
	segment->window = (uint16_t)load_be(at + 14, 2);
	segment->length = (uint32_t)length->value.uint;
	segment->next = segment->seq + segment->length + ((segment->flags & (TCP_SYN | TCP_FIN)) != 0);
	segment->frame = packet->frame->number;
	segment->time = packet->frame->time;
	segment->shift = segment->flags & TCP_SYN ? window_scale(at + HEADER, at + layer->length) : -1;
	return true;
}

/* ------------------------------------------------------------------------------------------------ the connection */

static struct tcp_flow *tcp_flow_new(struct flows *flows)
{
	struct tcp_flow *tcp = mem_new(1, sizeof *tcp);

	tcp->sides[0].scale = tcp->sides[1].scale = SCALE_UNKNOWN;
	tcp->sides[0].flight_known = tcp->sides[1].flight_known = true;
	tcp->held = flows_held(flows);
	tcp->state = TCP_STATE_MIDDLE;
	tcp->opener = tcp->closer = FLOW_NOBODY;
	return tcp;
}

void tcp_flow_free(struct tcp_flow *tcp)
{
	if (!tcp)
		return;
	unacked_clear(&tcp->sides[0].unacked, tcp->held);
	unacked_clear(&tcp->sides[1].unacked, tcp->held);
	free(tcp);
}

/* A SYN with another number than the connection began with is the first of a new one. */
static bool opens_anew(const struct flow *flow, unsigned side, const struct tcp_segment *segment)
{
	const struct tcp_flow *tcp = flow->tcp;

	return tcp && (segment->flags & (TCP_SYN | TCP_ACK)) == TCP_SYN && tcp->sides[side].based &&
	       tcp->sides[side].base != segment->seq;
}

/* Where relative numbers count from. Met in the middle, the first octet has the number 1. */
static void find_bases(struct tcp_flow *tcp, unsigned side, const struct tcp_segment *segment,
		       struct tcp_verdict *verdict)
{
	struct tcp_side *own = &tcp->sides[side], *other = &tcp->sides[!side];

	if ((segment->flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK) && own->based && own->base != segment->seq) {
		own->based = false;
		verdict->trouble |= TCP_REUSED_PORTS;
	}
	if (!own->based)
		own->base = segment->flags & TCP_SYN ? segment->seq : segment->seq - 1;
	own->based = true;
	if (segment->flags & TCP_ACK && !other->based) {
		other->base = segment->ack - 1;
		other->based = true;
	}
}

/* RFC 7323 section 2.2: windows are scaled when both SYNs have the option. One SYN without it decides for both. */
static void note_scale(struct tcp_flow *tcp, unsigned side, const struct tcp_segment *segment)
{
	struct tcp_side *own = &tcp->sides[side], *other = &tcp->sides[!side];

	if (!(segment->flags & TCP_SYN))
		return;
	if (segment->shift >= 0)
		own->scale = (int8_t)segment->shift;
	if (own->scale == SCALE_UNKNOWN)
		own->scale = other->scale = SCALE_NONE;
	else if (segment->flags & TCP_ACK && other->scale == SCALE_NONE)
		own->scale = SCALE_NONE;
}

/* The round trip from the first SYN to what its sender's answer is seen to be: the first ACK that is no SYN. */
static void note_round_trip(struct tcp_flow *tcp, const struct tcp_segment *segment)
{
	if ((segment->flags & (TCP_SYN | TCP_ACK)) == TCP_SYN) {
		tcp->syn_time = segment->time;
		tcp->syn_seen = true;
	} else if ((segment->flags & (TCP_SYN | TCP_ACK)) == TCP_ACK && tcp->syn_seen && !tcp->has_initial_rtt) {
		tcp->initial_rtt = time_between(tcp->syn_time, segment->time);
		tcp->has_initial_rtt = true;
	}
}

/* What a segment adds to the bits. Of the first one only a SYN counts, and a SYN only there. */
static unsigned seen_in(const struct tcp_segment *segment, bool first)
{
	unsigned flags = segment->flags, seen = flags & TCP_RST ? SEEN_RST : 0, data = segment->length ? SEEN_DATA : 0;

	if ((flags & (TCP_SYN | TCP_ACK)) == TCP_SYN)
		return first ? data | SEEN_SYN : 0;
	if (first)
		return 0;
	if (flags & TCP_SYN)
		return seen | data | SEEN_SYN_ACK;
	if (!(flags & TCP_ACK))
		return seen;
	return seen | (data ? data : SEEN_ACK) | (flags & TCP_FIN ? SEEN_FIN : 0);
}

/* ------------------------------------------------------------------------------------------------ the verdict */

static void tell_numbers(const struct tcp_flow *tcp, unsigned side, const struct tcp_segment *segment,
			 struct tcp_verdict *verdict)
{
	const struct tcp_side *own = &tcp->sides[side], *other = &tcp->sides[!side];
	bool scaled = !(segment->flags & TCP_SYN) && own->scale >= 0;

	verdict->seq = segment->seq - own->base;
	verdict->next_seq = segment->next - own->base;
	verdict->ack = segment->flags & TCP_ACK ? segment->ack - other->base : 0;
	verdict->raw_seq = segment->seq;
	verdict->raw_ack = segment->ack;
	verdict->length = segment->length;
	verdict->flags = segment->flags;
	verdict->window = (uint64_t)segment->window << (scaled ? own->scale : 0);
	verdict->scale = own->scale;
}

static void tell_connection(const struct tcp_flow *tcp, struct tcp_verdict *verdict)
{
	verdict->has_initial_rtt = tcp->has_initial_rtt;
	verdict->initial_rtt = tcp->initial_rtt;
	verdict->completeness = tcp->completeness;
	verdict->state = tcp->state;
}

bool tcp_follow(const struct tcp_rows *rows, struct flows *flows, struct flow **flow, unsigned *side,
		const struct packet *packet, unsigned layer, struct tcp_verdict *verdict)
{
	struct tcp_segment segment;
	struct tcp_flow *tcp;
	bool first;

	if (!read_segment(rows, packet, &packet->layers[layer], &segment))
		return false;
	*verdict = (struct tcp_verdict){ 0 };
	if (opens_anew(*flow, *side, &segment)) {
		*flow = flows_renew(flows, *flow, packet, side);
		verdict->renewed = true;
		verdict->trouble |= TCP_REUSED_PORTS;
	}
	first = !(*flow)->tcp;
	if (first)
		(*flow)->tcp = tcp_flow_new(flows);
	tcp = (*flow)->tcp;
	find_bases(tcp, *side, &segment, verdict);
	tcp_judge(tcp, *side, &segment, verdict);
	note_scale(tcp, *side, &segment);
	note_round_trip(tcp, &segment);
	tcp->completeness |= (uint8_t)seen_in(&segment, first);
	tcp_advance(tcp, *side, &segment);
	tell_numbers(tcp, *side, &segment, verdict);
	tell_connection(tcp, verdict);
	return true;
}
