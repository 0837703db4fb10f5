/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a connection said whose protocol has no messages of its own. How it was cut into segments does not count: what
 * one side says until the other one speaks is a message; where every octet comes back (echo) both may speak at a time,
 * and all that a side said is one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/transcript.h"
#include "base/mem.h"

/* A piece on its way out of a stream. */
struct delivery {
	struct transcript *transcript;
	uint32_t conversation;
	unsigned side;
};

const struct field_def *octets_row(const struct dissector *protocol)
{
	for (unsigned i = 0; i < protocol->field_count; i++)
		if (protocol->fields[i].type == FIELD_BYTES && !(protocol->fields[i].flags & FIELD_GENERATED))
			return &protocol->fields[i];
	return NULL;
}

/* The words as the line would show them, of all the octets. */
static void describe(struct transcript *transcript, struct said *said, const struct turn *turn)
{
	struct text words = { 0 };

	if (said->kind.length) {
		text_add(&words, transcript->strings.data + said->kind.at, said->kind.length);
		text_char(&words, ' ');
	}
	describe_octets(&words, turn->octets.data, turn->octets.length, turn->total);
	text_char(&words, '\0');
	said_words(transcript, said, words.data);
	text_release(&words);
}

static void end_turn(struct transcript *transcript, struct conversation *conversation, unsigned side, bool drop)
{
	struct turn *turn = &conversation->turns[side];
	struct said *said;

	if (!turn->message)
		return;
	said = &transcript->messages[turn->message - 1];
	said->dropped = drop;
	if (!drop) {
		said_kind(transcript, said, turn->kind ? turn->kind : "");
		describe(transcript, said, turn);
		said->payload = turn->digest;
		if (rules_count_field(transcript->rules, octets_row(conversation->stream_protocol)))
			said_octets(transcript, said, octets_row(conversation->stream_protocol)->name, turn);
	}
	transcript->turn_octets -= turn->octets.length;
	text_release(&turn->octets);
	*turn = (struct turn){ .kind = turn->kind };
}

static struct turn *open_turn(const struct delivery *delivery, uint64_t frame)
{
	struct transcript *transcript = delivery->transcript;
	struct conversation *conversation = &transcript->conversations[delivery->conversation];
	const struct dissector *protocol = conversation->stream_protocol;
	struct turn *turn = &conversation->turns[delivery->side];
	struct said *said;

	if (!protocol->any_content)
		end_turn(transcript, conversation, !delivery->side, false);
	if (turn->message)
		return turn;
	said = transcript_said(transcript, frame, delivery->conversation, delivery->side, protocol->name);
	if (!said)
		return NULL;
	turn->message = (uint32_t)(said - transcript->messages) + 1;
	turn->digest = DIGEST_START;
	return turn;
}

static void add_octets(struct transcript *transcript, struct turn *turn, const void *octets, size_t length)
{
	size_t room = TRANSCRIPT_VALUE_MAX - turn->octets.length;

	turn->digest = digest_of(turn->digest, octets, length);
	turn->total += length;
	if (length > room)
		length = room;
	if (transcript->turn_octets + length > TRANSCRIPT_OCTETS_MAX) {
		transcript->full = true;
		return;
	}
	transcript->turn_octets += length;
	if (length)
		text_add(&turn->octets, octets, length);
}

static void deliver(void *context, const struct stream_piece *piece)
{
	const struct delivery *delivery = context;
	struct turn *turn;
	char hole[64];

	if ((!piece->length && !piece->missing) || !(turn = open_turn(delivery, piece->frame)))
		return;
	if (piece->missing)
		add_octets(delivery->transcript, turn, hole,
			   (size_t)snprintf(hole, sizeof hole, "[%llu octets missing]",
					    (unsigned long long)piece->missing));
	add_octets(delivery->transcript, turn, piece->data, piece->length);
}

/* The stream begins behind the handshake even when that was not seen. */
static void begin_stream(struct stream *stream, const struct tcp_verdict *verdict, const struct delivery *delivery)
{
	const struct stream_segment start = { .seq = verdict->raw_seq - verdict->seq, .syn = true };

	if (verdict->seq)
		stream_segment(stream, &start, deliver, (void *)delivery);
}

static struct turn *turns_of(struct conversation *conversation)
{
	if (!conversation->turns)
		conversation->turns = mem_new(2, sizeof *conversation->turns);
	return conversation->turns;
}

void turn_segment(struct transcript *transcript, uint32_t number, unsigned side, const struct packet *packet,
		  const struct tracked *tracked, const struct layer *layer)
{
	struct conversation *conversation = &transcript->conversations[number];
	const struct layer *transport = &packet->layers[tracked->transport];
	const struct delivery delivery = { transcript, number, side };
	struct stream_segment segment = {
		.seq = tracked->tcp->raw_seq,
		.syn = !tracked->tcp->seq,
		.claimed = tracked->tcp->length,
		.frame = packet->frame->number,
		.time = packet->frame->time,
	};

	segment.data = layer_carries(packet, transport, segment.claimed, &segment.length);
	if (!conversation->stream_protocol || conversation->stream_protocol == transcript->data)
		conversation->stream_protocol = layer->dissector;
	if (*layer_kind(packet, layer) || !turns_of(conversation)[side].kind)
		turns_of(conversation)[side].kind = layer_kind(packet, layer);
	if (!conversation->streams[side]) {
		conversation->streams[side] = stream_new();
		begin_stream(conversation->streams[side], tracked->tcp, &delivery);
	}
	transcript->waiting -= stream_waiting(conversation->streams[side]);
	stream_segment(conversation->streams[side], &segment, deliver, (void *)&delivery);
	transcript->waiting += stream_waiting(conversation->streams[side]);
	if (transcript->waiting > TRANSCRIPT_OCTETS_MAX)
		transcript->full = true;
}

void turns_end(struct transcript *transcript, uint32_t number, bool drop)
{
	struct conversation *conversation = &transcript->conversations[number];

	for (unsigned side = 0; side < 2; side++) {
		struct delivery delivery = { transcript, number, side };

		if (!conversation->streams[side])
			continue;
		transcript->waiting -= stream_waiting(conversation->streams[side]);
		if (!drop)
			stream_finish(conversation->streams[side], deliver, &delivery);
		stream_free(conversation->streams[side]);
		conversation->streams[side] = NULL;
	}
	for (unsigned side = 0; conversation->turns && side < 2; side++)
		end_turn(transcript, conversation, side, drop);
	free(conversation->turns);
	conversation->turns = NULL;
}
