/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One direction of a TCP connection put in order. Places are 64-bit offsets from the beginning; a sequence number is
 * read as the place nearest to the octet that is expected next. A stream whose segments come in order never has more
 * than struct stream: what is out of the ordinary is kept apart.
 */
#include "analyse/stream.h"

#include <stdlib.h>

#include "analyse/stream_past.h"
#include "analyse/stream_waiting.h"
#include "base/mem.h"

/* No window is larger (RFC 7323 section 2.3): acknowledgements farther ahead are none of this stream. */
#define AHEAD_MAX (INT32_C(1) << 30)

struct trouble {
	struct waiting waiting;
	struct stream_past past;
	struct stream_facts facts;    /* without octets */
	uint64_t end_frame;           /* of a FIN that waits */
	int64_t end_time;
};

struct stream {
	uint64_t next;                /* offset of the octet that is expected */
	uint64_t acked;               /* what the other side has, as an offset */
	uint64_t end;                 /* where the FIN is, when has_end */
	struct trouble *trouble;      /* NULL: nothing was out of the ordinary */
	uint32_t next_seq;            /* the same place as `next`, as a sequence number */
	bool begun, ended, has_end;
	bool empty_begin;             /* only an empty segment says where it begins */
};

/* Who is told. */
struct out {
	stream_deliver *deliver;
	void *context;
};

struct stream *stream_new(void)
{
	return mem_new(1, sizeof(struct stream));
}

void stream_free(struct stream *stream)
{
	if (stream && stream->trouble) {
		waiting_release(&stream->trouble->waiting);
		past_release(&stream->trouble->past);
		free(stream->trouble);
	}
	free(stream);
}

static struct trouble *trouble_of(struct stream *stream)
{
	if (!stream->trouble)
		stream->trouble = mem_new(1, sizeof *stream->trouble);
	return stream->trouble;
}

void stream_remember(struct stream *stream, uint32_t octets)
{
	past_init(&trouble_of(stream)->past, octets, stream->next);
}

/* ------------------------------------------------------------------------------------------------ delivery */

static void move_on(struct stream *stream, uint64_t octets)
{
	stream->next += octets;
	stream->next_seq += (uint32_t)octets;
}

/* What is missing up to `place` is given up; the piece that tells it is made by the caller. */
static uint64_t give_up(struct stream *stream, uint64_t place)
{
	uint64_t missing = place - stream->next;

	if (missing) {
		trouble_of(stream)->facts.missing += missing;
		past_hole(&stream->trouble->past, missing);
		move_on(stream, missing);
	}
	return missing;
}

static bool at_end(const struct stream *stream)
{
	return stream->has_end && stream->next == stream->end;
}

/* The part stands at stream->next. What it claims to have and has not is a hole that nothing will fill. */
static void deliver_part(struct stream *stream, const struct waiting_part *part, uint64_t missing,
			 const struct out *out)
{
	struct stream_piece piece = { .data = part->data, .length = part->length, .offset = stream->next,
				      .missing = missing, .frame = part->frame, .time = part->time };
	uint64_t behind = part->claimed - part->length;

	if (stream->trouble)
		past_add(&stream->trouble->past, part->data, part->length);
	move_on(stream, part->length);
	if (behind) {
		if (piece.length)
			out->deliver(out->context, &piece);
		else
			behind += missing;
		give_up(stream, stream->next + part->claimed - part->length);
		piece.missing = behind;
		piece.length = 0;
		piece.offset = stream->next;
	}
	piece.end = stream->ended = at_end(stream);
	out->deliver(out->context, &piece);
}

/* The end alone, after a hole perhaps. */
static void deliver_end(struct stream *stream, uint64_t frame, int64_t time, const struct out *out)
{
	struct stream_piece piece = { .missing = give_up(stream, stream->end), .frame = frame, .time = time,
				      .end = true };

	piece.offset = stream->next;
	stream->ended = true;
	out->deliver(out->context, &piece);
}

/* What waits behind the FIN never was of this stream. */
static void drop_rest(struct stream *stream)
{
	struct waiting *waiting = &stream->trouble->waiting;

	while (waiting_first(waiting)) {
		struct waiting_part part = waiting_take(waiting);

		stream->trouble->facts.after_end += part.claimed;
		waiting_part_free(&part);
	}
}

/* The part without what is behind the end. */
static void cut_behind_end(struct stream *stream, struct waiting_part *part)
{
	uint64_t keep = part->offset < stream->end ? stream->end - part->offset : 0;

	if (!stream->has_end || part->claimed <= keep)
		return;
	trouble_of(stream)->facts.after_end += part->claimed - keep;
	waiting_shorten(part, (uint32_t)keep);
}

/* The first part that waits, up to the end of the stream, after the hole before it. */
static void deliver_first(struct stream *stream, const struct out *out)
{
	struct waiting_part owned = waiting_take(&stream->trouble->waiting), part = owned;
	uint64_t missing = give_up(stream, part.offset);

	cut_behind_end(stream, &part);
	deliver_part(stream, &part, missing, out);
	waiting_part_free(&owned);
}

/* Whether a part waits, not farther than `place`, and before the end. */
static bool waits_before(const struct stream *stream, uint64_t place)
{
	const struct waiting_part *first = waiting_first(&stream->trouble->waiting);

	return first && first->offset <= place && !(stream->has_end && first->offset >= stream->end);
}

static uint64_t later(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/*
 * Delivers what waits up to `place`, across holes, and what follows without one. Then the end, when it is reached, or
 * when nothing but a hole up to `place` is before it.
 */
static void deliver_to(struct stream *stream, uint64_t place, const struct out *out)
{
	struct trouble *trouble = stream->trouble;

	while (!stream->ended && waits_before(stream, later(place, stream->next)))
		deliver_first(stream, out);
	if (!stream->ended && stream->has_end && stream->end <= later(place, stream->next))
		deliver_end(stream, trouble->end_frame, trouble->end_time, out);
	if (stream->ended)
		drop_rest(stream);
	if (!waiting_first(&trouble->waiting))
		waiting_release(&trouble->waiting);
}

/* The hole that has waited for longest is given up while too much waits behind it. */
static void keep_limits(struct stream *stream, const struct out *out)
{
	const struct waiting *waiting = &stream->trouble->waiting;

	while (waiting->octets > STREAM_WAITING_MAX || waiting_count(waiting) > STREAM_SEGMENTS_MAX)
		deliver_to(stream, waits_before(stream, UINT64_MAX) ? waiting_first(waiting)->offset : UINT64_MAX, out);
}

/* ------------------------------------------------------------------------------------------------ segments */

static void begin(struct stream *stream, const struct stream_segment *segment)
{
	stream->begun = true;
	stream->next_seq = segment->seq + segment->syn;
	stream->empty_begin = !segment->syn && !segment->claimed && !segment->fin;
}

/*
 * Where the segment's first octet belongs. A connection met in its middle by a keep-alive probe without data begins one
 * octet later than the probe says: that octet is not missing.
 */
static int64_t place_of(struct stream *stream, const struct stream_segment *segment)
{
	int32_t distance = (int32_t)(segment->seq + segment->syn - stream->next_seq);

	if (stream->empty_begin && (segment->claimed || segment->fin)) {
		stream->empty_begin = false;
		if (distance == 1) {
			stream->next_seq++;
			distance = 0;
		}
	}
	return (int64_t)stream->next + distance;
}

/* The part without what came before the first segment, which is no place of the stream. */
static void cut_before(struct stream *stream, struct waiting_part *part, int64_t place)
{
	uint64_t before = place < 0 ? (uint64_t)-place : 0;

	if (before > part->claimed)
		before = part->claimed;
	waiting_advance(part, before);
	part->offset = place < 0 ? 0 : (uint64_t)place;
	/* One octet there is a keep-alive probe: it has the number of the SYN, or of the octet before. */
	if (before == 1 && !part->claimed)
		trouble_of(stream)->facts.repeated++;
	else if (before)
		trouble_of(stream)->facts.before += before;
}

/* The part without what was delivered already. */
static void cut_repeated(struct stream *stream, struct waiting_part *part)
{
	uint64_t octets = part->offset < stream->next ? stream->next - part->offset : 0, differ = 0;
	struct trouble *trouble;

	if (octets > part->claimed)
		octets = part->claimed;
	if (!octets)
		return;
	trouble = trouble_of(stream);
	/* What a keep-alive probe repeats may have any content. */
	if (part->claimed > 1 || stream->next - part->offset > 1)
		differ = past_differences(&trouble->past, part->offset, part->data,
					  octets < part->length ? octets : part->length);
	trouble->facts.conflicting += differ;
	trouble->facts.repeated += octets - differ;
	waiting_advance(part, octets);
}

/* The first FIN counts; one that stands before octets that were delivered is not believed. True: this is it. */
static bool note_end(struct stream *stream, const struct stream_segment *segment, int64_t place)
{
	place += segment->claimed;
	if (!segment->fin || stream->has_end || place < (int64_t)stream->next)
		return false;
	stream->has_end = true;
	stream->end = (uint64_t)place;
	return true;
}

/* The end that the segment told, which its data did not reach. */
static void end_alone(struct stream *stream, const struct stream_segment *segment, const struct out *out)
{
	if (stream->next == stream->end) {
		deliver_end(stream, segment->frame, segment->time, out);
		return;
	}
	trouble_of(stream)->end_frame = segment->frame;
	stream->trouble->end_time = segment->time;
}

/* What of it is next goes out at once, up to what waits already; the rest waits. */
static void take_part(struct stream *stream, struct waiting_part *part, const struct out *out)
{
	const struct waiting_part *first = stream->trouble ? waiting_first(&stream->trouble->waiting) : NULL;
	struct waiting_part now = *part;
	struct waiting_overlap overlap;

	if (part->claimed && part->offset == stream->next && (!first || first->offset > part->offset)) {
		if (first && waiting_end(part) > first->offset)
			waiting_shorten(&now, (uint32_t)(first->offset - part->offset));
		deliver_part(stream, &now, 0, out);
		waiting_advance(part, now.claimed);
	}
	if (!part->claimed)
		return;
	overlap = waiting_insert(&trouble_of(stream)->waiting, *part);
	stream->trouble->facts.repeated += overlap.repeated;
	stream->trouble->facts.conflicting += overlap.conflicting;
}

void stream_segment(struct stream *stream, const struct stream_segment *segment, stream_deliver *deliver,
		    void *context)
{
	struct waiting_part part = { .data = segment->data, .length = segment->length, .claimed = segment->claimed,
				     .frame = segment->frame, .time = segment->time };
	struct out out = { deliver, context };
	int64_t place;
	bool end;

	if (!stream->begun)
		begin(stream, segment);
	place = place_of(stream, segment);
	end = note_end(stream, segment, place);
	cut_before(stream, &part, place);
	cut_repeated(stream, &part);
	cut_behind_end(stream, &part);
	take_part(stream, &part, &out);
	if (end && !stream->ended)
		end_alone(stream, segment, &out);
	if (stream->trouble) {
		deliver_to(stream, stream->next, &out);
		keep_limits(stream, &out);
	}
}

void stream_acked(struct stream *stream, uint32_t ack, stream_deliver *deliver, void *context)
{
	struct out out = { deliver, context };
	int32_t distance = (int32_t)(ack - stream->next_seq);

	if (!stream->begun || stream->ended || distance <= 0 || distance > AHEAD_MAX)
		return;
	stream->acked = later(stream->acked, stream->next + (uint64_t)distance);
	if (stream->trouble)
		deliver_to(stream, stream->acked, &out);
}

void stream_finish(struct stream *stream, stream_deliver *deliver, void *context)
{
	struct out out = { deliver, context };
	struct stream_piece piece = { 0 };

	if (!stream->begun || stream->ended)
		return;
	if (stream->trouble)
		deliver_to(stream, UINT64_MAX, &out);
	/* One octet more may be the FIN, which was not captured: it is no octet of the stream. */
	if (stream->ended || stream->acked <= stream->next + 1)
		return;
	piece.missing = give_up(stream, stream->acked);
	piece.offset = stream->next;
	deliver(context, &piece);
}

struct stream_facts stream_facts(const struct stream *stream)
{
	struct stream_facts facts = stream->trouble ? stream->trouble->facts : (struct stream_facts){ 0 };

	facts.octets = stream->next - facts.missing;
	return facts;
}

uint32_t stream_waiting(const struct stream *stream)
{
	return stream->trouble ? stream->trouble->waiting.octets : 0;
}

size_t stream_cost(const struct stream *stream)
{
	return stream->trouble ? waiting_cost(&stream->trouble->waiting) : 0;
}

void stream_forget(struct stream *stream)
{
	if (stream->trouble)
		waiting_release(&stream->trouble->waiting);
}
