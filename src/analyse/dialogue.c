/* SPDX-License-Identifier: BSD-2-Clause */
/* Dialogues: what comes from the packets is given to those who pair it. */
#include "analyse/dialogue.h"

#include <stdlib.h>

#include "analyse/dialogue_parts.h"
#include "analyse/messages.h"
#include "analyse/tcp.h"
#include "base/error.h"
#include "base/mem.h"

struct dialogues *dialogues_new(struct protocols *protocols, uint32_t max, size_t octets)
{
	struct dialogues *d = mem_new(1, sizeof *d);

	pairings_find(d, protocols);
	d->udp = protocols_find("udp");
	d->tcp = protocols_find("tcp");
	d->max = max;
	d->octets_max = octets;
	d->ring_memory = mem_new((size_t)max + 1, sizeof *d->ring);
	d->ring = mem_line(d->ring_memory);
	pool_init(&d->flows, sizeof(struct flow_dialogue));
	d->strangers = mem_new(DIALOGUE_STRANGERS_MAX, sizeof *d->strangers);
	d->broadcasts = mem_new(BROADCAST_SLOTS, sizeof(struct flow_dialogue *));
	d->opened = mem_new(DIALOGUE_OPENED_MAX, sizeof *d->opened);
	d->chat = chat_state_new(protocols);
	return d;
}

void dialogues_listen(struct dialogues *d, const struct dialogue_listener *listener)
{
	if (d->listener_count == DIALOGUE_LISTENERS_MAX)
		bug("more than %d listen to dialogues", DIALOGUE_LISTENERS_MAX);
	d->listeners[d->listener_count++] = *listener;
}

void dialogues_look_ahead(struct dialogues *d, struct foresight *foresight)
{
	d->foresight = foresight;
}

void dialogues_free(struct dialogues *d)
{
	if (!d)
		return;
	/* Nobody listens any more. */
	d->listener_count = 0;
	d->foresight = NULL;
	while (d->oldest)
		flow_dialogue_free(d->oldest);
	chat_state_free(d);
	free(d->ring_memory);
	pool_release(&d->flows);
	free(d->strangers);
	free(d->broadcasts);
	free(d->opened);
	free(d);
}

static const struct pairing *pairing_of(const struct dialogues *d, const struct dissector *dissector)
{
	for (unsigned i = 0; i < PAIRINGS; i++)
		if (d->pairings[i].dissector == dissector)
			return &d->pairings[i];
	return NULL;
}

/* How many octets the datagram had; of a fragment, and of what was cut, not all are there. */
static uint32_t claimed_octets(const struct dialogues *d, const struct packet *packet, unsigned layer)
{
	const struct layer *own = &packet->layers[layer], *below = own->dissector == d->udp ? own : own - 1;
	uint32_t length = below->dissector == d->udp ? datagram_length(packet, below) : 0;

	if (length >= 8)
		return length - 8;
	return below == own ? 0 : own->length;
}

static struct message message_of(const struct dialogues *d, struct packet *packet, unsigned layer, struct flow *flow,
				 unsigned side)
{
	const struct layer *own = &packet->layers[layer];
	struct message message = {
		.packet = packet,
		.layer = layer,
		.flow = flow,
		.side = side,
		.pairing = pairing_of(d, own->dissector),
		.length = own->dissector == d->udp ? 0 : own->length,
		.octets = claimed_octets(d, packet, layer),
	};

	message.whole = own->state != LAYER_CUT && message.length == message.octets;
	return message;
}

/* Datagrams back and forth that nobody knows answer each other. */
static void strange(struct dialogues *d, const struct message *message)
{
	struct flow_dialogue *own;

	if (message->flow->protocol != d->udp)
		return;
	own = flow_dialogue_of(d, message->flow);
	if (!own->strangers || own->stranger_side == message->side) {
		stranger_add(own, message);
		return;
	}
	stranger_take(own);
	flow_dialogue_settle(own);
}

/* The first of the rows that tell requests from replies which the layer has; NULL: neither. */
static const struct field_def *turn_of(const struct packet *packet, const struct layer *layer,
				       const struct pairing *pairing)
{
	const struct field *field = &packet->fields[layer->first_field], *end = field + layer->field_count;

	for (; field < end; field++)
		if (field->def == pairing->request || field->def == pairing->reply)
			return field->def;
	return NULL;
}

void dialogues_message(struct dialogues *d, struct packet *packet, unsigned layer, struct flow *flow, unsigned side)
{
	struct message message;
	const struct field_def *turn;

	if (packet->layers[layer].quoted)
		return;
	if (chat_is(d->chat, packet->layers[layer].dissector)) {
		chat_message(d, packet, layer, flow, side);
		return;
	}
	message = message_of(d, packet, layer, flow, side);
	if (!message.pairing) {
		strange(d, &message);
		return;
	}
	if (message.pairing->kind->stream && flow->protocol == d->tcp)
		return; /* by dialogues_stream() */
	if (message.pairing->kind->compared)
		message.data = layer_octets(packet, &packet->layers[layer]);
	turn = turn_of(packet, &packet->layers[layer], message.pairing);
	if (turn && turn == message.pairing->request)
		message_asked(d, &message);
	else if (turn)
		message_answered(d, &message);
}

void dialogues_refused(struct dialogues *d, struct packet *packet, struct flow *flow, unsigned side)
{
	struct flow_dialogue *own = flow->dialogue;
	struct request *request;

	if (!own)
		return;
	request = queue_pick(&own->asked[side], packet->frame->time, flow->protocol == d->tcp);
	if (request) {
		request->open = false;
		request->end = DIALOGUE_REFUSED;
		request->refused = packet->frame->number;
		request->was_refused = true;
		request_ahead(d, request, ROW_REFUSED, packet->frame->number);
		request_tell(d, request, false);
	} else if (own->strangers && own->stranger_side == side) {
		stranger_take(own);
		flow_dialogue_settle(own);
	}
}

void dialogues_opened(struct dialogues *d, const struct packet *packet, struct flow *flow)
{
	(void)packet;
	d->opened[flow->number % DIALOGUE_OPENED_MAX] = (struct opened){
		.number = (uint64_t)flow->number + 1,
		.time = flow->first_time,
	};
	chat_member_opened(d, flow);
}

void dialogues_closed(struct dialogues *d, const struct packet *packet, struct flow *flow)
{
	struct flow_dialogue *own = flow->dialogue;
	enum tcp_state state = tcp_flow_state(flow);
	bool reset = packet && (state == TCP_STATE_RESET || state == TCP_STATE_REFUSED);

	if (!own)
		return;
	flow_dialogue_end(own, reset ? DIALOGUE_REFUSED : DIALOGUE_UNANSWERED, reset ? packet->frame->number : 0);
	if (own->member) {
		chat_member_left(d, own->member, packet);
		own->member = NULL;
	}
	flow_dialogue_free(own);
}

void dialogues_finish(struct dialogues *d)
{
	/* In the order of the requests. */
	for (uint64_t i = d->asked > d->max ? d->asked - d->max + 1 : 1; i <= d->asked; i++) {
		struct request *request = &d->ring[i % d->max];

		if (request->owner)
			request_forget(d, request, DIALOGUE_UNANSWERED, 0);
	}
	chat_finish(d);
}
