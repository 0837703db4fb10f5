/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Packets and octets in each interval of time, counted from the first packet of the capture; empty intervals too. When
 * there would be too many of them, each takes in its neighbour and is twice as long from then on.
 */
#include <stdlib.h>
#include <string.h>

#include "analyse/analyser.h"
#include "base/mem.h"

#define INTERVALS_MAX (1u << 20)
#define BAR_LEAST 10 /* columns of the longest bar, however narrow the screen is */

struct rate {
	struct flow_count *intervals;
	uint32_t used, room;
	int64_t length;         /* ns */
	bool widened, begun;
	int64_t first_time;
	uint64_t early;         /* packets before the first one's time: counted in the first interval */
	uint64_t timeless;      /* packets without a time: not counted */
	uint64_t most;          /* packets in one interval */
	unsigned screen, bar;   /* columns of a line, and of the longest bar */
	bool people;
};

static void rate_start(void *state, const struct analysis_options *options)
{
	struct rate *r = state;

	r->length = options->interval;
	r->people = options->people;
	r->screen = options->screen;
}

/* Intervals of twice the length. */
static void widen(struct rate *r)
{
	for (uint32_t i = 0; i < r->used; i += 2) {
		struct flow_count sum = r->intervals[i];

		if (i + 1 < r->used) {
			sum.packets += r->intervals[i + 1].packets;
			sum.octets += r->intervals[i + 1].octets;
		}
		r->intervals[i / 2] = sum;
	}
	r->used = (r->used + 1) / 2;
	r->length *= 2;
	r->widened = true;
}

static struct flow_count *interval_at(struct rate *r, uint64_t after)
{
	uint64_t index;

	while (after / (uint64_t)r->length >= INTERVALS_MAX)
		widen(r);
	index = after / (uint64_t)r->length;
	if (index >= r->room) {
		uint32_t room = r->room ? r->room : 64;

		while (room <= index)
			room *= 2;
		r->intervals = mem_resize(r->intervals, room, sizeof *r->intervals);
		r->room = room;
	}
	if (index >= r->used) {
		memset(&r->intervals[r->used], 0, (index + 1 - r->used) * sizeof *r->intervals);
		r->used = (uint32_t)index + 1;
	}
	return &r->intervals[index];
}

static void rate_packet(void *state, const struct packet *packet, const struct tracked *tracked)
{
	struct rate *r = state;
	const struct frame *frame = packet->frame;
	struct flow_count *interval;

	(void)tracked;
	if (!frame->has_time) {
		r->timeless++;
		return;
	}
	if (!r->begun) {
		r->begun = true;
		r->first_time = frame->first_time;
	}
	r->early += frame->time < r->first_time;
	interval = interval_at(r, frame->time < r->first_time ? 0 : (uint64_t)frame->time - (uint64_t)r->first_time);
	interval->packets++;
	interval->octets += frame->wire_length;
}

/* ------------------------------------------------------------------------------------------------ the table */

static const struct table_column columns[] = {
	{ "begin", CELL_SECONDS, true }, { "packets", CELL_UINT, true }, { "octets", CELL_UINT, true },
	{ "packets_bar", CELL_TEXT, false },
};

static unsigned digits(uint64_t number)
{
	unsigned count = 1;

	while (number /= 10)
		count++;
	return count;
}

static unsigned wider(unsigned a, unsigned b)
{
	return a > b ? a : b;
}

/* What the columns before it leave of the line. */
static unsigned bar_room(const struct rate *r, uint64_t most_octets)
{
	uint64_t last = r->used ? (uint64_t)(r->used - 1) * (uint64_t)r->length : 0;
	unsigned before = wider(5, digits(last / 1000000000) + 10) + wider(7, digits(r->most)) +
			  wider(6, digits(most_octets)) + 6;

	return r->screen > before + BAR_LEAST ? r->screen - before : BAR_LEAST;
}

static void rate_finish(void *state, const struct analysis_end *end, struct analysis_result *result)
{
	struct rate *r = state;

	uint64_t octets = 0;

	(void)end;
	for (uint32_t i = 0; i < r->used; i++) {
		if (r->intervals[i].packets > r->most)
			r->most = r->intervals[i].packets;
		if (r->intervals[i].octets > octets)
			octets = r->intervals[i].octets;
	}
	r->bar = bar_room(r, octets);
	result->columns = columns;
	result->column_count = r->people ? 4 : 3;
	result->rows = r->used;
	if (r->widened) {
		text_string(&result->notes, "the intervals became longer, for there would be too many: ");
		text_seconds(&result->notes, r->length, 3);
		text_string(&result->notes, " s each\n");
	}
	if (r->early)
		text_format(&result->notes,
			    "%llu packets are older than the first one: they are in the first interval\n",
			    (unsigned long long)r->early);
	if (r->timeless)
		text_format(&result->notes, "%llu packets have no time: they are not counted\n",
			    (unsigned long long)r->timeless);
}

/* What is not nothing has a mark. */
static void add_bar(const struct rate *r, uint64_t packets, struct table *table)
{
	struct text bar = { 0 };
	uint64_t length = r->most ? (uint64_t)((unsigned __int128)packets * r->bar / r->most) : 0;

	text_fill(&bar, '#', packets && !length ? 1 : length);
	text_char(&bar, '\0');
	table_text(table, bar.data);
	text_release(&bar);
}

static void rate_row(void *state, size_t row, struct table *table)
{
	const struct rate *r = state;

	table_seconds(table, (int64_t)((uint64_t)row * (uint64_t)r->length));
	table_uint(table, r->intervals[row].packets);
	table_uint(table, r->intervals[row].octets);
	if (r->people)
		add_bar(r, r->intervals[row].packets, table);
}

static void rate_release(void *state)
{
	struct rate *r = state;

	free(r->intervals);
}

const struct analyser rate_analyser = {
	.name = "rate",
	.heading = "Rate",
	.help = "packets and octets in each interval of time",
	.state_size = sizeof(struct rate),
	.parts = TRACK_FLOWS,
	.to_ports = true,
	.start = rate_start,
	.packet = rate_packet,
	.finish = rate_finish,
	.row = rate_row,
	.release = rate_release,
};
