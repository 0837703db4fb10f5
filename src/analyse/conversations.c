/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who talks with whom: UDP and TCP conversations with their ports, or pairs of addresses. What the table of
 * conversations counts is used as it is; packets are counted here when not all of them are asked for, and for pairs of
 * addresses.
 */
#include <stdlib.h>
#include <string.h>

#include "analyse/analyser.h"
#include "analyse/ends.h"
#include "analyse/talks.h"
#include "base/clock.h"
#include "base/mem.h"

#define DIGIT 11 /* bits that conversations are sorted by at a time */

/* A flow in the table. What is sorted by is copied: looking at a flow costs more than comparing. */
struct place {
	uint64_t first_frame;
	const struct flow *flow;
};

struct conversations {
	struct ends ends;
	bool filtered;
	struct talks talks;         /* pairs of addresses; or, filtered, flows by the number of their first packet */
	const struct flows *flows;  /* after the end */
	struct place *places;       /* the rows, where they are not simply all flows as they stand in memory; or NULL */
	int64_t first_time;
};

static bool by_pairs(const struct conversations *c)
{
	return c->ends.by == ANALYSIS_BY_ETH || c->ends.by == ANALYSIS_BY_IP;
}

static void conversations_start(void *state, const struct analysis_options *options)
{
	struct conversations *c = state;

	ends_init(&c->ends, options->by);
	c->filtered = options->filtered;
	talks_init(&c->talks, TALKS_MAX);
}

/* ------------------------------------------------------------------------------------------------ counting */

static void flow_key(const struct flow *flow, struct talk_key *key)
{
	memset(key, 0, sizeof *key);
	key->number = flow->first_frame;
}

/* The same key for both directions; true: the sender stands second in it. */
static bool turn(struct talk_key *key)
{
	struct talk_key turned = *key;

	if (memcmp(key->address[0], key->address[1], sizeof key->address[0]) <= 0)
		return false;
	memcpy(turned.address[0], key->address[1], sizeof turned.address[0]);
	memcpy(turned.address[1], key->address[0], sizeof turned.address[1]);
	*key = turned;
	return true;
}

static void count(struct conversations *c, const struct talk_key *key, unsigned side, const struct frame *frame)
{
	struct talk *talk = talks_take(&c->talks, key);
	struct flow_count *sent = talk ? &talk->sent[side] : &c->talks.others;

	sent->packets++;
	sent->octets += frame->wire_length;
	if (!talk)
		return;
	if (talk->sent[0].packets + talk->sent[1].packets == 1) {
		talk->first_time = frame->time;
		/* What is first met is shown first, whatever the order of the addresses. */
		talk->first_side = (uint8_t)side;
	}
	talk->last_time = frame->time;
}

static void conversations_packet(void *state, const struct packet *packet, const struct tracked *tracked)
{
	struct conversations *c = state;
	struct talk_key key;

	if (by_pairs(c)) {
		if (ends_of(&c->ends, packet, tracked, &key))
			count(c, &key, turn(&key), packet->frame);
	} else if (c->filtered && tracked->flow) {
		flow_key(tracked->flow, &key);
		count(c, &key, tracked->side, packet->frame);
	}
}

/* ------------------------------------------------------------------------------------------------ the table */

static const struct table_column flow_columns[] = {
	{ "protocol", CELL_TEXT, false },   { "stream", CELL_UINT, true },       { "from", CELL_TEXT, false },
	{ "to", CELL_TEXT, false },         { "packets", CELL_UINT, true },      { "octets", CELL_UINT, true },
	{ "back_packets", CELL_UINT, true }, { "back_octets", CELL_UINT, true }, { "start", CELL_SECONDS, true },
	{ "duration", CELL_SECONDS, true }, { "state", CELL_TEXT, false },       { "application", CELL_TEXT, false },
};

static const struct table_column pair_columns[] = {
	{ "from", CELL_TEXT, false },        { "to", CELL_TEXT, false },         { "packets", CELL_UINT, true },
	{ "octets", CELL_UINT, true },       { "back_packets", CELL_UINT, true }, { "back_octets", CELL_UINT, true },
	{ "start", CELL_SECONDS, true },     { "duration", CELL_SECONDS, true },
};

static bool is_asked_for(const struct conversations *c, const struct flow *flow)
{
	struct talk_key key;

	if ((c->ends.by == ANALYSIS_BY_UDP && flow->protocol != c->ends.udp) ||
	    (c->ends.by == ANALYSIS_BY_TCP && flow->protocol != c->ends.tcp))
		return false;
	if (!c->filtered)
		return true;
	flow_key(flow, &key);
	return talks_find(&c->talks, &key) != NULL;
}

static unsigned digit_of(const struct place *place, unsigned shift)
{
	return place->first_frame >> shift & ((1u << DIGIT) - 1);
}

/* By DIGIT bits at a time, from the lowest: first packets are small numbers, and there may be a million of them. */
static void sort_places(struct place *places, size_t count, uint64_t greatest)
{
	struct place *from = places, *to = mem_new(count, sizeof *to), *room = to;

	for (unsigned shift = 0; shift < 64 && greatest >> shift; shift += DIGIT) {
		size_t starts[(1u << DIGIT) + 1] = { 0 };
		struct place *sorted = to;

		for (size_t i = 0; i < count; i++)
			starts[digit_of(&from[i], shift) + 1]++;
		for (unsigned digit = 0; digit < 1u << DIGIT; digit++)
			starts[digit + 1] += starts[digit];
		for (size_t i = 0; i < count; i++)
			sorted[starts[digit_of(&from[i], shift)]++] = from[i];
		to = from;
		from = sorted;
	}
	if (from != places)
		memcpy(places, from, count * sizeof *places);
	free(room);
}

/* Until one is forgotten, flows stand in the order of their first packets. */
static bool are_rows(const struct conversations *c, const struct flows *flows)
{
	return !c->filtered && c->ends.by == ANALYSIS_BY_DEFAULT && !flows_forgotten(flows);
}

static const struct flow *flow_of(const struct conversations *c, size_t row)
{
	uint32_t at = (uint32_t)row;

	return c->places ? c->places[row].flow : flows_each(c->flows, &at);
}

/* Returns how many there are. */
static size_t collect(struct conversations *c, const struct flows *flows)
{
	const struct flow *flow;
	uint64_t greatest = 0;
	uint32_t at = 0;
	bool sorted = true;
	size_t used = 0;

	if (are_rows(c, flows))
		return flows_count(flows);
	c->places = mem_new((size_t)flows_count(flows) + 1, sizeof *c->places);
	while ((flow = flows_each(flows, &at))) {
		if (!is_asked_for(c, flow))
			continue;
		c->places[used++] = (struct place){ flow->first_frame, flow };
		if (flow->first_frame < greatest)
			sorted = false;
		else
			greatest = flow->first_frame;
	}
	if (!sorted)
		sort_places(c->places, used, greatest);
	return used;
}

static void conversations_finish(void *state, const struct analysis_end *end, struct analysis_result *result)
{
	struct conversations *c = state;
	const struct flows *flows = track_flows(end->track);
	bool pairs = by_pairs(c);

	c->first_time = end->first_time;
	c->flows = flows;
	result->columns = pairs ? pair_columns : flow_columns;
	result->column_count = pairs ? sizeof pair_columns / sizeof *pair_columns :
				       sizeof flow_columns / sizeof *flow_columns;
	result->rows = pairs ? c->talks.count : collect(c, flows);
	if (!pairs && flows_forgotten(flows))
		text_format(&result->notes,
			    "%llu conversations were forgotten, those silent for longest: no more than %u are kept\n",
			    (unsigned long long)flows_forgotten(flows), FLOWS_MAX);
	if (c->talks.others.packets)
		text_format(&result->notes, "and others, for there are more than %u: %llu packets, %llu octets\n",
			    c->talks.max, (unsigned long long)c->talks.others.packets,
			    (unsigned long long)c->talks.others.octets);
}

static void add_counts(struct table *table, const struct flow_count sent[2], unsigned first)
{
	for (unsigned side = 0; side < 2; side++) {
		table_uint(table, sent[side ^ first].packets);
		table_uint(table, sent[side ^ first].octets);
	}
}

/* Times of a file may be anything: no difference of them is trusted to fit. */
static void add_times(struct table *table, int64_t begin, int64_t first, int64_t last)
{
	table_seconds(table, time_between(begin, first));
	table_seconds(table, time_between(first, last));
}

static void pair_row(const struct conversations *c, size_t row, struct table *table)
{
	const struct talk *talk = &c->talks.list[row];

	for (unsigned side = 0; side < 2; side++) {
		size_t start = table->strings.length;

		ends_address(&talk->key, side ^ talk->first_side, &table->strings);
		table_word_from(table, start);
	}
	add_counts(table, talk->sent, talk->first_side);
	add_times(table, c->first_time, talk->first_time, talk->last_time);
}

static void flow_row(const struct conversations *c, const struct flow *flow, struct table *table)
{
	const struct talk *talk = NULL;
	struct talk_key key;

	if (c->filtered) {
		flow_key(flow, &key);
		talk = talks_find(&c->talks, &key);
	}
	table_word(table, flow->protocol->name);
	table_uint(table, flow->number);
	for (unsigned side = 0; side < 2; side++) {
		size_t start = table->strings.length;

		flow_end_text(&flow->ends[side], flow->address_length, &table->strings);
		table_word_from(table, start);
	}
	add_counts(table, talk ? talk->sent : flow->sent, 0);
	add_times(table, c->first_time, talk ? talk->first_time : flow->first_time,
		  talk ? talk->last_time : flow->last_time);
	table_word(table, flow->protocol == c->ends.tcp ? tcp_state_name(tcp_flow_state(flow)) : NULL);
	table_word(table, flow->speaks ? flow->speaks->name : NULL);
}

static void conversations_row(void *state, size_t row, struct table *table)
{
	const struct conversations *c = state;

	if (by_pairs(c))
		pair_row(c, row, table);
	else
		flow_row(c, flow_of(c, row), table);
}

static void conversations_release(void *state)
{
	struct conversations *c = state;

	talks_release(&c->talks);
	free(c->places);
}

const struct analyser conversations_analyser = {
	.name = "conversations",
	.heading = "Conversations",
	.help = "who talks with whom, how much and for how long",
	.state_size = sizeof(struct conversations),
	.parts = TRACK_FLOWS | TRACK_FRAGMENTS | TRACK_TCP,
	.to_ports = true,
	.start = conversations_start,
	.packet = conversations_packet,
	.finish = conversations_finish,
	.row = conversations_row,
	.const_rows = true,
	.release = conversations_release,
};
