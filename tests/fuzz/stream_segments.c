/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any segments into a stream, beside a model as simple as can be: a table of what came first for each place. What is
 * delivered comes in order, each octet once, as it came first; what is told as missing never came.
 *
 *   s PLACE(2) LENGTH FLAGS FILL   a segment, place (14 bits) counted from the SYN; flags: 1 SYN, 2 FIN, 4 sixteen
 *                                  times as long, 8 only half of it captured
 *   a PLACE(2)                     everything before it is acknowledged
 *   w SEQ(4) LENGTH FLAGS          a segment from anywhere: from here on only what needs no table is checked
 *   f                              the end, and on from there
 */
#include "stream_input.h"

#include <stdlib.h>
#include <string.h>

#include "analyse/stream.h"
#include "base/mem.h"

#define PLACE_MOST 0x3fff
#define PLACES (PLACE_MOST + 16 * 255 + 1)

enum { NOTHING, OCTET, CLAIMED };

struct model {
	struct stream *stream;
	uint8_t *state, *first;   /* by place */
	uint32_t base;            /* the sequence number of place 0 */
	uint64_t next, missing, delivered, frame;
	bool wild, ended;
};

static void check_hole(const struct model *model, const struct stream_piece *piece)
{
	/* Of segments from anywhere a hole may have two thousand million octets. */
	for (uint64_t place = model->next; !model->wild && place < piece->offset; place++)
		CHECK(place < PLACES && model->state[place] != OCTET);
}

static void check_octets(const struct model *model, const struct stream_piece *piece)
{
	for (uint64_t i = 0; i < piece->length; i++) {
		uint64_t place = piece->offset + i;

		CHECK(place < PLACES && model->state[place] == OCTET && model->first[place] == piece->data[i]);
	}
}

static void delivered(void *context, const struct stream_piece *piece)
{
	struct model *model = context;

	CHECK(!model->ended);
	CHECK(piece->length || piece->missing || piece->end);
	CHECK(piece->offset == model->next + piece->missing);
	CHECK(piece->frame <= model->frame);
	check_hole(model, piece);
	if (!model->wild)
		check_octets(model, piece);
	model->next = piece->offset + piece->length;
	model->missing += piece->missing;
	model->delivered += piece->length;
	model->ended = piece->end;
}

/* What came first counts, and of what was delivered nothing changes. */
static void note(struct model *model, uint32_t place, const struct stream_segment *segment)
{
	for (uint32_t i = 0; i < segment->claimed; i++)
		if (place + i < PLACES && place + i >= model->next && model->state[place + i] == NOTHING) {
			model->state[place + i] = i < segment->length ? OCTET : CLAIMED;
			if (i < segment->length)
				model->first[place + i] = segment->data[i];
		}
}

static void check_bounds(const struct model *model)
{
	struct stream_facts facts = stream_facts(model->stream);

	CHECK(stream_waiting(model->stream) <= STREAM_WAITING_MAX);
	CHECK(facts.octets == model->delivered);
	CHECK(facts.missing == model->missing);
}

static void send_segment(struct model *model, uint32_t seq, uint8_t length, uint8_t flags, uint8_t fill, uint32_t place)
{
	struct stream_segment segment = {
		.seq = seq, .syn = flags & 1, .fin = flags & 2, .length = length, .frame = ++model->frame,
	};
	uint8_t *data;

	if (flags & 4)
		segment.length *= 16;
	segment.claimed = segment.length;
	if (flags & 8)
		segment.length /= 2;
	data = mem_new((size_t)segment.length + 1, 1);
	for (uint32_t i = 0; i < segment.length; i++)
		data[i] = (uint8_t)(fill + place + i);
	segment.data = data;
	if (!model->wild)
		note(model, place, &segment);
	stream_segment(model->stream, &segment, delivered, model);
	free(data);
}

static void near_segment(struct model *model, struct stream_input *in)
{
	uint32_t place = input_number(in, 2) & PLACE_MOST;
	uint8_t length = input_octet(in), flags = input_octet(in), fill = input_octet(in);

	/* A SYN has a number of its own, before its data. */
	send_segment(model, model->base + place - (flags & 1), length, flags, fill, place);
}

static void wild_segment(struct model *model, struct stream_input *in)
{
	uint32_t seq = input_number(in, 4);
	uint8_t length = input_octet(in), flags = input_octet(in);

	model->wild = true;
	send_segment(model, seq, length, flags, 0, 0);
}

static void one_step(struct model *model, struct stream_input *in)
{
	uint8_t letter = input_octet(in);

	if (letter == 'a')
		stream_acked(model->stream, model->base + input_number(in, 2) % PLACES, delivered, model);
	else if (letter == 'w')
		wild_segment(model, in);
	else if (letter == 'f')
		stream_finish(model->stream, delivered, model);
	else
		near_segment(model, in);
	check_bounds(model);
}

void stream_play(struct stream_input *in)
{
	struct model model = {
		.stream = stream_new(), .state = mem_new(PLACES, 1), .first = mem_new(PLACES, 1),
		.base = input_number(in, 4),
	};

	if (input_octet(in) & 1)
		stream_remember(model.stream, 1024);
	send_segment(&model, model.base - 1, 0, 1, 0, 0);
	while (in->length)
		one_step(&model, in);
	stream_finish(model.stream, delivered, &model);
	check_bounds(&model);
	CHECK(stream_waiting(model.stream) == 0);
	stream_free(model.stream);
	free(model.state);
	free(model.first);
}
