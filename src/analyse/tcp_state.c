/* SPDX-License-Identifier: BSD-2-Clause */
/* The state of a connection (RFC 9293 section 3.3.2), as far as somebody who only listens can tell it. */
#include "analyse/tcp_flow.h"

static const char *const state_names[TCP_STATES] = {
	[TCP_STATE_MIDDLE] = "met in the middle",
	[TCP_STATE_SYN] = "opening",
	[TCP_STATE_SYN_ACK] = "answered",
	[TCP_STATE_ESTABLISHED] = "established",
	[TCP_STATE_FIN] = "half closed",
	[TCP_STATE_BOTH_FIN] = "closing",
	[TCP_STATE_CLOSED] = "closed",
	[TCP_STATE_REFUSED] = "refused",
	[TCP_STATE_RESET] = "reset",
};

const char *tcp_state_name(enum tcp_state state)
{
	return state_names[state];
}

enum tcp_state tcp_flow_state(const struct flow *flow)
{
	return flow->tcp ? (enum tcp_state)flow->tcp->state : TCP_STATE_MIDDLE;
}

unsigned tcp_flow_closer(const struct flow *flow)
{
	return flow->tcp ? flow->tcp->closer : FLOW_NOBODY;
}

static enum tcp_state after_syn(struct tcp_flow *tcp, unsigned side, unsigned flags)
{
	if (flags & TCP_ACK) {
		tcp->opener = (uint8_t)!side;
		return tcp->state <= TCP_STATE_SYN ? TCP_STATE_SYN_ACK : (enum tcp_state)tcp->state;
	}
	/* A SYN that is only late, or sent again, changes nothing; after the end it is a new attempt. */
	if (tcp->state != TCP_STATE_MIDDLE && tcp->state < TCP_STATE_CLOSED)
		return tcp->state;
	tcp->opener = (uint8_t)side;
	tcp->closer = FLOW_NOBODY;
	for (unsigned i = 0; i < 2; i++)
		tcp->sides[i].fin = tcp->sides[i].fin_acked = false;
	return TCP_STATE_SYN;
}

static enum tcp_state after_reset(struct tcp_flow *tcp, unsigned side)
{
	if (tcp->state >= TCP_STATE_CLOSED)
		return tcp->state;
	if (tcp->closer == FLOW_NOBODY)
		tcp->closer = (uint8_t)side;
	return tcp->state == TCP_STATE_SYN && side != tcp->opener ? TCP_STATE_REFUSED : TCP_STATE_RESET;
}

static void note_fin(struct tcp_flow *tcp, unsigned side, const struct tcp_segment *segment)
{
	struct tcp_side *own = &tcp->sides[side], *other = &tcp->sides[!side];

	if (segment->flags & TCP_FIN) {
		own->fin = true;
		own->fin_end = segment->next;
		if (tcp->closer == FLOW_NOBODY)
			tcp->closer = (uint8_t)side;
	}
	if (segment->flags & TCP_ACK && other->fin && !seq_before(segment->ack, other->fin_end))
		other->fin_acked = true;
}

static enum tcp_state after_others(struct tcp_flow *tcp, unsigned side, const struct tcp_segment *segment)
{
	const struct tcp_side *sides = tcp->sides;

	note_fin(tcp, side, segment);
	if (tcp->state >= TCP_STATE_CLOSED)
		return tcp->state;
	if (sides[0].fin && sides[1].fin)
		return sides[0].fin_acked && sides[1].fin_acked ? TCP_STATE_CLOSED : TCP_STATE_BOTH_FIN;
	if (sides[0].fin || sides[1].fin)
		return TCP_STATE_FIN;
	/* The ACK of the handshake, or what only comes after it when that was not captured. */
	if ((tcp->state == TCP_STATE_SYN || tcp->state == TCP_STATE_SYN_ACK) && segment->flags & TCP_ACK &&
	    (side == tcp->opener || segment->length))
		return TCP_STATE_ESTABLISHED;
	return tcp->state;
}

void tcp_advance(struct tcp_flow *tcp, unsigned side, const struct tcp_segment *segment)
{
	enum tcp_state state;

	if (segment->flags & TCP_RST)
		state = after_reset(tcp, side);
	else if (segment->flags & TCP_SYN)
		state = after_syn(tcp, side, segment->flags);
	else
		state = after_others(tcp, side, segment);
	tcp->state = (uint8_t)state;
}
