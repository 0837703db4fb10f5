/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where messages begin and end in a stream. The protocol's dissector knows what is whole. As long as a side never ended
 * a message with LF, each of its segments is one (most chats of the lab send none), unless TCP has cut it, or the
 * segment that follows it, before anybody else speaks, ends it with LF.
 */
#include "cmd/following.h"
#include "lab/date.h"
#include "packet/dissector.h"

#define SEGMENT_LEAST 536 /* RFC 9293 section 3.7.1: a segment that is shorter was not cut for its length */

static void show_octets(struct following_side *side, size_t from, size_t length)
{
	struct follow_piece message = side->begun;

	message.data = (const uint8_t *)side->held.data + from;
	message.length = (uint32_t)length;
	message.offset = side->begun.offset + from;
	message.missing = 0;
	message.message = true;
	message.end = false;
	following_show(side, &message);
}

/* What the dissector makes of held[from, to): a layer a message. Returns how many octets those are. */
static size_t show_layers(struct following_side *side, size_t from, size_t to)
{
	struct following *following = side->following;
	struct packet *packet = following->reading->packet;
	const struct carried carried = {
		.data = (const uint8_t *)side->held.data + from,
		.length = (uint32_t)(to - from),
		.claimed = (uint32_t)(to - from),
		.as = following->framing,
		.side = side->side == FOLLOW_CLIENT ? SIDE_TO_SERVER : SIDE_FROM_SERVER,
		.space = BY_TCP_PORT,
	};
	size_t done = 0;

	dissect_carried(following->reading->protocols, packet, following->transport, &carried);
	for (unsigned i = following->transport + 1; i < packet->layer_count; i++) {
		const struct layer *layer = &packet->layers[i];

		if (layer->dissector != following->framing || layer->offset != done || !layer->length)
			break;
		show_octets(side, from + done, layer->length);
		done += layer->length;
	}
	return done;
}

static void forget(struct following_side *side, size_t length)
{
	memmove(side->held.data, side->held.data + length, side->held.length - length);
	side->held.length -= length;
	side->begun.offset += length;
}

static void show_whole(struct following_side *side, size_t whole)
{
	size_t done = 0;

	while (done < whole) {
		size_t more = show_layers(side, done, whole);

		if (!more)
			show_octets(side, done, whole - done);
		done = more ? done + more : whole;
	}
	forget(side, whole);
}

void following_flush(struct following_side *side)
{
	if (side->held.length)
		show_octets(side, 0, side->held.length);
	text_clear(&side->held);
	side->tentative = false;
}

/* What is left may be a message: it is one, unless what comes next shows that it is not. */
static void leave(struct following_side *side, const struct follow_piece *piece)
{
	bool cut = piece->length >= SEGMENT_LEAST && !(side->following->flags & TCP_PSH);

	side->tentative = side->held.length && !side->lines && !cut;
	if (piece->end || side->held.length > FOLLOWING_HELD_MAX)
		following_flush(side);
}

/* Dates of the lab mostly end with nothing: their form tells that more of one will come. */
static bool goes_on(const struct following_side *side)
{
	return side->following->framing == side->following->date &&
	       date_begins((const uint8_t *)side->held.data, side->held.length);
}

/* Before a piece comes. */
static void decide(struct following_side *side, const struct follow_piece *piece)
{
	struct following_side *other = &side->following->sides[!side->side];

	if (other->tentative)
		following_flush(other);
	if (side->tentative && !memchr(piece->data, '\n', piece->length) && !goes_on(side))
		following_flush(side);
}

static void show_gap(struct following_side *side, const struct follow_piece *piece)
{
	struct follow_piece gap = *piece;

	following_flush(side);
	gap.length = 0;
	gap.message = false;
	gap.end = piece->end && !piece->length;
	following_show(side, &gap);
}

void following_messages(struct following_side *side, const struct follow_piece *piece)
{
	const struct dissector *framing = side->following->framing;
	size_t whole;

	if (piece->missing || !piece->length)
		show_gap(side, piece);
	if (!piece->length)
		return;
	decide(side, piece);
	if (!side->held.length)
		side->begun = *piece;
	text_add(&side->held, piece->data, piece->length);
	whole = framing ? framing->whole((const uint8_t *)side->held.data, side->held.length) : 0;
	if (whole && memchr(side->held.data, '\n', whole))
		side->lines = true;
	if (whole)
		show_whole(side, whole);
	/* What is left came with this piece, but for a message that is longer than that. */
	if (whole && side->held.length && side->held.length <= piece->length) {
		side->begun = *piece;
		side->begun.offset = piece->offset + piece->length - side->held.length;
	}
	leave(side, piece);
}
