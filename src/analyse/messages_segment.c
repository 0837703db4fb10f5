/* SPDX-License-Identifier: BSD-2-Clause */
/* Segments: what they bring is put behind what was held, the whole messages are shown, and the rest is held. */
#include <string.h>

#include "analyse/messages_parts.h"
#include "base/mem.h"
#include "lab/ascii.h"
#include "lab/date.h"

#define TENTATIVE_MAX 1024 /* octets of a message without LF that a later LF may join */
#define LEAST_MSS 536      /* RFC 9293 section 3.7.1: what may be sent without asking */

/* What a segment brings, while its pieces come in. */
struct arrival {
	struct messages *messages;
	struct packet *packet;
	unsigned transport;
	struct flow *flow;
	unsigned sender;
	struct side *side; /* the sender's */
	const struct dissector *framing;
	messages_piece *piece;
	void *context;
	size_t start;    /* where its octets begin among those at hand */
	uint32_t prefix; /* octets that were held */
	uint32_t pieces; /* with octets */
};

static struct flow_messages *own_of(struct messages *messages, struct flow *flow)
{
	if (flow->messages)
		return flow->messages;
	flow->messages = mem_new(1, sizeof *flow->messages);
	flow->messages->last = FLOW_NOBODY;
	flow->messages->messages = messages;
	for (unsigned i = 0; messages->foresight && i < 2; i++)
		flow->messages->sides[i].lines = foresight_has_lines(messages->foresight, flow->number, i);
	return flow->messages;
}

static bool was_early(struct side *side, uint64_t frame)
{
	for (unsigned i = 0; i < side->early_count; i++)
		if (side->early[i] == frame)
			return true;
	return false;
}

/* What stands before a hole and is not whole will never be. */
static void cut_at_hole(struct arrival *arrival)
{
	struct text *octets = &arrival->messages->octets;
	const uint8_t *data = (const uint8_t *)octets->data + arrival->start;

	octets->length = arrival->start + arrival->framing->whole(data, octets->length - arrival->start);
	if (arrival->prefix > octets->length)
		arrival->prefix = (uint32_t)octets->length;
}

static void arrived(void *context, const struct stream_piece *piece)
{
	struct arrival *arrival = context;
	struct text *octets = &arrival->messages->octets;
	bool early = was_early(arrival->side, piece->frame);

	if (!arrival->framing->whole) {
		arrival->pieces += piece->length > 0;
		if (arrival->piece)
			arrival->piece(arrival->context, arrival->packet,
				       message_layer(arrival->messages, arrival->packet, arrival->transport),
				       arrival->flow, arrival->sender, piece);
		return;
	}
	if ((piece->missing || early) && octets->length > arrival->start)
		cut_at_hole(arrival);
	if (!piece->length || early)
		return;
	arrival->pieces++;
	text_add(octets, piece->data, piece->length);
}

/* Puts the octets of the segment through the stream, which begins behind the handshake even when that was not seen. */
static void into_stream(struct arrival *arrival, const struct tcp_verdict *verdict, const uint8_t *data,
			uint32_t captured)
{
	const struct frame *frame = arrival->packet->frame;
	struct stream_segment segment = {
		.seq = verdict->raw_seq,
		.fin = verdict->flags & TCP_FIN,
		.data = data,
		.length = captured,
		.claimed = verdict->length,
		.frame = frame->number,
		.time = frame->time,
	};

	if (!arrival->side->stream) {
		const struct stream_segment start = {
			.seq = verdict->raw_seq - verdict->seq,
			.syn = true,
			.frame = frame->number,
			.time = frame->time,
		};

		arrival->side->stream = stream_new();
		if (verdict->seq)
			stream_segment(arrival->side->stream, &start, arrived, arrival);
		else
			segment.syn = true;
	}
	stream_segment(arrival->side->stream, &segment, arrived, arrival);
}

static bool ends_only(const uint8_t *data, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!ascii_is_space(data[i]) || data[i] == '\t')
			return false;
	return true;
}

/* What a date server says: one date for each request, in however many segments. */
static bool is_answer(const struct arrival *arrival)
{
	return arrival->framing == arrival->messages->date && arrival->sender == arrival->flow->server;
}

/* Whether what is left over behind the whole messages is the beginning of one whose rest will come. */
static bool goes_on(const struct arrival *arrival, const struct tcp_verdict *verdict, const uint8_t *rest,
		    size_t length)
{
	const struct side *side = arrival->side;
	bool cut = !(verdict->flags & TCP_PSH) || (verdict->length >= LEAST_MSS && verdict->length >= side->longest);

	return length <= MESSAGES_HELD_MAX && !(verdict->flags & TCP_FIN) &&
	       (side->lines || cut || (is_answer(arrival) && date_begins(rest, length)));
}

/* Whether what was shown already, `prefix` octets, is the beginning of what comes now; nobody spoke between. */
static bool completes(const struct arrival *arrival, const uint8_t *data, size_t length, size_t prefix)
{
	const struct dissector *framing = arrival->framing;
	bool line = memchr(data + prefix, '\n', length - prefix) != NULL;

	if (!is_answer(arrival))
		return line;
	if (framing->recognise && framing->recognise(data + prefix, length - prefix) >= RECOGNISE_LIKELY)
		return false;
	return line || framing->whole(data, length) == length || date_begins(data, length);
}

static const uint8_t *joined(struct arrival *arrival, bool alone, size_t *length)
{
	const struct text *octets = &arrival->messages->octets;
	const uint8_t *data = (const uint8_t *)octets->data;
	uint32_t prefix = arrival->prefix;

	*length = octets->length;
	if (!prefix || !arrival->side->tentative)
		return data;
	if (alone && completes(arrival, data, octets->length, prefix))
		return data;
	arrival->prefix = 0;
	*length -= prefix;
	return data + prefix;
}

static void learn_lines(struct arrival *arrival, const uint8_t *data, size_t whole)
{
	struct messages *messages = arrival->messages;

	if (arrival->side->lines || !whole || data[whole - 1] != '\n')
		return;
	arrival->side->lines = true;
	if (messages->ahead)
		foresight_lines(messages->ahead, arrival->flow->number, arrival->sender);
}

static void dissect_as(const struct arrival *arrival, const struct dissector *as, const uint8_t *data,
		       uint32_t captured, uint32_t claimed)
{
	message_dissect(arrival->messages, arrival->packet, arrival->transport, arrival->flow, arrival->sender, as,
			BY_TCP_PORT, data, captured, claimed);
}

/* The packet's message layers become what is at hand; nothing at hand: they become data. */
static void show(struct arrival *arrival, const struct dissector *as, const uint8_t *data, size_t length,
		 const struct tcp_verdict *verdict)
{
	const uint8_t *own;
	uint32_t captured;

	if (length) {
		dissect_as(arrival, as, data, (uint32_t)length, (uint32_t)length);
		return;
	}
	own = layer_carries(arrival->packet, &arrival->packet->layers[arrival->transport], verdict->length, &captured);
	if (captured)
		dissect_as(arrival, arrival->messages->data, own, captured, verdict->length);
}

/* held: how many octets of what is at hand came with earlier segments. */
static void tell(struct arrival *arrival, const uint8_t *data, size_t length, size_t whole, size_t held)
{
	size_t rest = length - whole, came = length - held;

	if (held && whole)
		messages_tell_joined(arrival->messages, arrival->packet, arrival->transport, data, whole);
	if (rest)
		messages_tell_part(arrival->messages, arrival->packet, arrival->transport,
				   data + (rest < came ? whole : held), rest < came ? rest : came);
}

/* What was shown of a message that nothing ended may not be all of it: of an answer that has no LF all is kept. */
static void hold_shown(struct arrival *arrival, const uint8_t *data, size_t length, size_t whole)
{
	const uint8_t *lf = is_answer(arrival) && length ? memrchr(data, '\n', length) : NULL;
	size_t from = !is_answer(arrival) ? whole : lf ? (size_t)(lf - data) + 1 : 0;

	side_hold(arrival->side, data + from, length - from <= TENTATIVE_MAX ? length - from : 0, true);
}

/* The end of a line comes behind an answer that was shown without it: there is nothing new to show. */
static bool ends_shown(struct arrival *arrival, const uint8_t *data, size_t length, const struct tcp_verdict *verdict)
{
	uint32_t prefix = arrival->prefix;

	if (!prefix || !arrival->side->tentative || !is_answer(arrival) || !ends_only(data + prefix, length - prefix))
		return false;
	show(arrival, NULL, NULL, 0, verdict);
	side_hold(arrival->side, NULL, 0, true);
	return true;
}

/* Takes what came together with what was held, shows the whole messages and holds the rest back. */
static void put_together(struct arrival *arrival, const struct dissector *as, const struct tcp_verdict *verdict,
			 bool alone, bool as_it_stands)
{
	struct side *side = arrival->side;
	size_t length, whole, rest;
	const uint8_t *data = joined(arrival, alone, &length);

	if (ends_shown(arrival, data, length, verdict))
		return;
	whole = arrival->framing->whole(data, length);
	rest = length - whole;
	learn_lines(arrival, data, whole);
	arrival->flow->messages->again = arrival->prefix && side->tentative;
	if (rest && goes_on(arrival, verdict, data + whole, rest)) {
		show(arrival, as, data, whole, verdict);
		tell(arrival, data, length, whole, arrival->prefix);
		side_hold(side, data + whole, rest, false);
		return;
	}
	if (!as_it_stands || arrival->prefix || arrival->pieces != 1)
		show(arrival, as, data, length, verdict);
	tell(arrival, data, length, length, arrival->prefix);
	hold_shown(arrival, data, length, whole);
}

/* It waits for what is before it, but says by itself what it is: shown at once, and not a second time. */
static bool shown_early(const struct arrival *arrival, const uint8_t *data, uint32_t captured)
{
	const struct dissector *framing = arrival->framing;

	return arrival->side->early_count < EARLY_MAX && captured && data[captured - 1] == '\n' && framing->recognise &&
	       framing->whole(data, captured) == captured && framing->recognise(data, captured) >= RECOGNISE_LIKELY;
}

static bool is_waiting(struct arrival *arrival, const uint8_t *data, uint32_t captured,
		       const struct tcp_verdict *verdict)
{
	if (!arrival->framing->whole)
		return true;
	if (shown_early(arrival, data, captured))
		arrival->side->early[arrival->side->early_count++] = arrival->packet->frame->number;
	else
		show(arrival, NULL, NULL, 0, verdict);
	return true;
}

static bool with_data(struct arrival *arrival, const struct dissector *as, const struct tcp_verdict *verdict)
{
	struct side *side = arrival->side;
	struct flow_messages *own = arrival->flow->messages;
	uint32_t captured, waiting = side->stream ? stream_waiting(side->stream) : 0;
	const uint8_t *data = layer_carries(arrival->packet, &arrival->packet->layers[arrival->transport],
					    verdict->length, &captured);
	bool alone = own->last == arrival->sender, stands;
	unsigned above = message_layer(arrival->messages, arrival->packet, arrival->transport);

	into_stream(arrival, verdict, data, captured);
	if (verdict->length)
		own->last = (uint8_t)arrival->sender;
	if (verdict->length > side->longest)
		side->longest = verdict->length;
	if (!arrival->pieces && verdict->length) {
		if (stream_waiting(side->stream) > waiting)
			return is_waiting(arrival, data, captured, verdict);
		show(arrival, NULL, NULL, 0, verdict);
		return false;
	}
	stands = arrival->messages->octets.length - arrival->prefix == captured &&
		 (!as || (above && arrival->packet->layers[above].dissector == as));
	if (arrival->framing->whole && (arrival->pieces || (side->held_length && !side->tentative)))
		put_together(arrival, as, verdict, alone, stands);
	return true;
}

/* By what is on the port, by what the server has shown, or by what the packet looks like. */
static const struct dissector *framing_of(const struct messages *messages, const struct packet *packet, unsigned above,
					  const struct flow *flow, const struct dissector *as)
{
	const struct dissector *bound;

	if (as)
		return as;
	if (above)
		return packet->layers[above].dissector;
	bound = protocols_bound(messages->protocols, BY_TCP_PORT, flow->ends[0].port);
	return bound ? bound : protocols_bound(messages->protocols, BY_TCP_PORT, flow->ends[1].port);
}

/*
 * What the sender has acknowledged of the other side's octets, and was not captured, never will be: what waits behind
 * is held, and shown with what the other side says next.
 */
static void acknowledged(struct arrival *arrival, const struct tcp_verdict *verdict)
{
	struct side *other = &arrival->flow->messages->sides[!arrival->sender];
	struct text *octets = &arrival->messages->octets;
	size_t before = octets->length;
	struct arrival behind;

	if (!other->stream || !(verdict->flags & TCP_ACK) || !stream_waiting(other->stream))
		return;
	behind = *arrival;
	behind.side = other;
	behind.sender = !arrival->sender;
	behind.start = before;
	behind.prefix = 0;
	behind.pieces = 0;
	if (other->held_length && !other->tentative)
		text_add(octets, other->held, other->held_length);
	stream_acked(other->stream, verdict->raw_ack, arrived, &behind);
	if (behind.pieces && octets->length - before <= MESSAGES_HELD_MAX)
		side_hold(other, (const uint8_t *)octets->data + before, octets->length - before, false);
	octets->length = before;
}

bool messages_again(const struct flow *flow)
{
	return flow->messages && flow->messages->again;
}

bool messages_segment(struct messages *messages, struct packet *packet, unsigned transport, struct flow *flow,
		      unsigned sender, const struct tcp_verdict *verdict, messages_piece *piece, void *context)
{
	unsigned above = message_layer(messages, packet, transport);
	const struct dissector *as = NULL, *framing;
	struct arrival arrival = {
		.messages = messages,
		.packet = packet,
		.transport = transport,
		.flow = flow,
		.sender = sender,
		.piece = piece,
		.context = context,
	};
	bool new;

	if (above)
		learned_message(messages->learned, packet, above, flow);
	if (!learned_is_bound(messages->learned, flow))
		as = learned_protocol(messages->learned, flow);
	framing = framing_of(messages, packet, above, flow, as);
	if (!framing || (!framing->whole && !framing->any_content))
		return true;
	arrival.framing = framing;
	if (!verdict->length && !(verdict->flags & TCP_FIN) && !flow->messages)
		return true;
	own_of(messages, flow)->again = false;
	arrival.side = &flow->messages->sides[sender];
	text_clear(&messages->octets);
	if (arrival.side->held_length && framing->whole) {
		arrival.prefix = arrival.side->held_length;
		text_add(&messages->octets, arrival.side->held, arrival.prefix);
	}
	acknowledged(&arrival, verdict);
	new = !(verdict->length || verdict->flags & TCP_FIN) || with_data(&arrival, as, verdict);
	messages_keep_limit(messages, flow->messages);
	return new;
}
