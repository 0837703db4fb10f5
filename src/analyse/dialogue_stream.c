/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Echo over TCP, compared as a stream. What the client sent waits in a queue until it has come back; a request is what
 * one segment brought, and is answered when its last octet has. An answer that is not the queue's beginning is
 * explained: letters in another case, a prefix before each message. What cannot be explained, a hole, or a queue that
 * grows too long ends the comparing; from then on positions alone tell what was answered.
 */
#include <stdlib.h>

#include "analyse/dialogue_parts.h"
#include "analyse/dialogue_stream.h"
#include "analyse/echo_transform.h"
#include "base/mem.h"

#define TOLD_REQUESTS 6 /* request_in in one packet */

/* ------------------------------------------------------------------------------------------------ the queue */

static void queue_drop(struct dialogues *d, struct echo_stream *echo, uint32_t count)
{
	echo->first += count;
	echo->length -= count;
	if (echo->length)
		return;
	/* Many connections are idle most of the time. */
	d->octets -= echo->room;
	free(echo->queue);
	echo->queue = NULL;
	echo->room = echo->first = 0;
}

/* What came back has answered as much, whatever it was; of prefixes it is not known how many there were. */
static void go_by_place(struct echo_stream *echo)
{
	uint64_t place = echo->received < echo->asked ? echo->received : echo->asked;

	if (!echo->prefix_length && echo->settled < place)
		echo->settled = place;
}

static void give_up(struct dialogues *d, struct echo_stream *echo)
{
	echo->comparing = false;
	echo->held_length = 0;
	if (echo->queue)
		queue_drop(d, echo, echo->length);
	go_by_place(echo);
}

static bool queue_grow(struct dialogues *d, struct echo_stream *echo, uint32_t more)
{
	uint32_t needed = echo->length + more, room = echo->room ? echo->room : 256;

	if (echo->first + needed <= echo->room)
		return true;
	if (echo->first) {
		memmove(echo->queue, echo->queue + echo->first, echo->length);
		echo->first = 0;
	}
	while (room < needed)
		room *= 2;
	if (room > ECHO_QUEUE_MAX || !octets_take(d, room - echo->room))
		return false;
	if (room > echo->room)
		echo->queue = mem_resize(echo->queue, room, 1);
	echo->room = room;
	return true;
}

static void queue_add(struct dialogues *d, struct echo_stream *echo, const uint8_t *data, uint32_t length)
{
	if (!echo->comparing || !length)
		return;
	if (!queue_grow(d, echo, length)) {
		give_up(d, echo);
		return;
	}
	memcpy(echo->queue + echo->first + echo->length, data, length);
	echo->length += length;
}

void echo_stream_free(struct dialogues *d, struct echo_stream *echo)
{
	if (!echo)
		return;
	give_up(d, echo);
	free(echo);
}

/* ------------------------------------------------------------------------------------------------ both directions */

static struct echo_stream *echo_of(const struct dialogues *d, struct flow_dialogue *own, unsigned client,
				   const struct stream_piece *piece)
{
	const struct flow *flow = own->flow;

	if (!own->echo) {
		own->echo = mem_new(1, sizeof *own->echo);
		own->echo->client = (uint8_t)client;
		own->echo->sure = d->opened[flow->number % DIALOGUE_OPENED_MAX].number == (uint64_t)flow->number + 1;
		own->echo->comparing = !piece->offset && !piece->missing;
	}
	return own->echo;
}

static void stream_asked(struct dialogues *d, struct flow_dialogue *own, struct echo_stream *echo,
			 const struct pairing *pairing, const struct stream_piece *piece)
{
	struct request *request;

	echo->asked += piece->missing + piece->length;
	if (piece->missing)
		give_up(d, echo);
	queue_add(d, echo, piece->data, piece->length);
	if (!piece->length)
		return;
	request = request_new(own, pairing, echo->client);
	request->stream_end = echo->asked;
	request->frame = piece->frame;
	request->time = piece->time;
	request->octets = piece->length;
	request_tell(d, request, false);
}

/* Octets that were held before stand in front of the new ones. */
static void compare(struct dialogues *d, struct flow_dialogue *own, const struct stream_piece *piece)
{
	struct echo_stream *echo = own->echo;
	struct echo_reading r = { .echo = echo, .request = own->asked[echo->client].open, .data = piece->data,
			     .length = piece->length };
	uint8_t *together = NULL;
	bool explained;

	while (r.request && !r.request->open)
		r.request = r.request->next;
	if (echo->held_length) {
		together = mem_new(1, (size_t)echo->held_length + piece->length);
		memcpy(together, echo->held, echo->held_length);
		if (piece->length)
			memcpy(together + echo->held_length, piece->data, piece->length);
		r.data = together;
		r.length += echo->held_length;
		echo->held_length = 0;
	}
	explained = echo_explain(&r);
	free(together);
	echo->settled += r.taken;
	if (r.taken)
		queue_drop(d, echo, r.taken);
	if (explained)
		return;
	/* It may answer what was asked before the capture began. */
	echo->different = echo->sure;
	/* What stands at the place of the rest was its answer, whatever it is. */
	echo->settled += echo_smaller(r.length - r.at, echo->length);
	echo->received = echo->settled;
	give_up(d, echo);
}

static void settle(struct dialogues *d, struct flow_dialogue *own, const struct stream_piece *piece)
{
	struct echo_stream *echo = own->echo;

	/* A greeting, or answers to what was asked before the capture began. */
	if (!echo->asked)
		return;
	echo->received += piece->missing + piece->length;
	if (piece->missing)
		give_up(d, echo);
	else if (echo->comparing)
		compare(d, own, piece);
	else if (echo->prefix_length)
		echo->settled += echo_smaller(piece->length, echo->asked - echo->settled);
	else
		go_by_place(echo);
}

static struct transform transform_so_far(const struct echo_stream *echo)
{
	return (struct transform){
		.known = !echo->different,
		.identical = !echo->different && !echo->raised && !echo->lowered && !echo->prefix_length &&
			     !echo->held_length,
		.raised = echo->raised,
		.lowered = echo->lowered,
		.prefix = echo->prefix,
		.prefix_length = echo->prefix_length,
		.suffix = echo->held,
		.suffix_length = echo->held_length,
	};
}

/* ------------------------------------------------------------------------------------------------ telling */

/* The octets waited for others; the packet that brought them has passed, and is told of them in the next reading. */
static void note_behind(const struct dialogues *d, const struct request *request, const struct stream_piece *piece)
{
	const struct pairing *pairing = request->pairing;

	if (d->foresight && pairing->rows[ROW_REQUEST_IN].def)
		foresight_add(d->foresight, piece->frame, pairing->dissector, 0, pairing->rows[ROW_REQUEST_IN].def,
			      request->frame);
}

static void answer_request(struct dialogues *d, struct request *request, const struct echo_stream *echo, bool compared,
			   const struct stream_piece *piece)
{
	struct transform t = transform_so_far(echo);

	request->compared = compared;
	request->identical = compared && t.identical;
	request->transform = compared ? transform_name(&t) : NULL;
	request_answered(d, request, piece->frame, piece->time, request->octets);
	request_tell(d, request, false);
}

static uint64_t request_start(const struct request *request)
{
	return request->stream_end - request->octets;
}

/* Those that are answered now, and the one of which a part has come back. */
static void note_requests(struct dialogues *d, struct flow_dialogue *own, bool compared, uint64_t before,
			  const struct stream_piece *piece, const struct packet *packet, struct notes *notes)
{
	const struct echo_stream *echo = own->echo;
	struct request *request = queue_pick(&own->asked[echo->client], 0, true);

	for (unsigned i = 0; request && echo->settled > before; i++) {
		bool whole = request->stream_end <= echo->settled;

		if (packet && whole && i < TOLD_REQUESTS)
			answer_notes(notes, request, packet->frame);
		else if (packet && i < TOLD_REQUESTS && request_start(request) < echo->settled)
			note_number(notes, &request->pairing->rows[ROW_REQUEST_IN], request->frame);
		else if (!packet && whole)
			note_behind(d, request, piece);
		if (!whole)
			return;
		answer_request(d, request, echo, compared, piece);
		request = queue_pick(&own->asked[echo->client], 0, true);
	}
}

static void note_content(struct dialogues *d, const struct pairing *pairing, const struct echo_stream *echo,
			 const struct packet *packet, struct notes *notes)
{
	struct transform t = transform_so_far(echo);
	struct text words = { 0 };

	note_number(notes, &pairing->rows[ROW_IDENTICAL], t.identical);
	if (t.identical || !pairing->rows[ROW_TRANSFORM].wanted)
		return;
	transform_text(&t, &words);
	note_string(d, packet, notes, &pairing->rows[ROW_TRANSFORM], words.data, words.length);
	text_release(&words);
}

static bool is_echo(const struct pairing *pairing, const struct packet *packet, unsigned layer)
{
	return packet && layer < packet->layer_count && packet->layers[layer].dissector == pairing->dissector;
}

static void stream_answered(struct dialogues *d, struct flow_dialogue *own, const struct pairing *pairing,
			    struct packet *packet, unsigned layer, const struct stream_piece *piece)
{
	struct notes notes;
	uint64_t before = own->echo->settled;
	/* What waited may have come out because of an acknowledgement: that packet is no answer. */
	bool compared, layered = is_echo(pairing, packet, layer) && field_of(packet, layer, pairing->reply);

	notes_begin(&notes);
	settle(d, own, piece);
	compared = own->echo->comparing || own->echo->different;
	note_requests(d, own, compared, before, piece, layered ? packet : NULL, &notes);
	if (layered && compared && own->echo->settled > before)
		note_content(d, pairing, own->echo, packet, &notes);
	own->echo->different = false; /* told once: what follows is not compared */
	if (layered)
		notes_give(&notes, packet, layer);
}

/* Who asks: as the layer says, else who does not serve, else who speaks first. */
static unsigned client_of(const struct pairing *pairing, const struct packet *packet, unsigned layer,
			  const struct flow *flow, unsigned side)
{
	if (flow->server != FLOW_NOBODY)
		return !flow->server;
	if (is_echo(pairing, packet, layer) && field_of(packet, layer, pairing->reply))
		return !side;
	return side;
}

void dialogues_stream(struct dialogues *d, struct packet *packet, unsigned layer, struct flow *flow, unsigned side,
		      const struct stream_piece *piece)
{
	const struct pairing *pairing = NULL;
	struct flow_dialogue *own;
	struct echo_stream *echo;

	for (unsigned i = 0; i < PAIRINGS; i++)
		if (d->pairings[i].kind->stream)
			pairing = &d->pairings[i];
	if (!pairing || !pairing->dissector || (!piece->length && !piece->missing))
		return;
	own = flow_dialogue_of(d, flow);
	echo = echo_of(d, own, client_of(pairing, packet, layer, flow, side), piece);
	if (side == echo->client)
		stream_asked(d, own, echo, pairing, piece);
	else
		stream_answered(d, own, pairing, packet, layer, piece);
}
