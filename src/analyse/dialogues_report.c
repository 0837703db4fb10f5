/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests and their answers: a row for each server and what it serves, or a row for each request. */
#include <stdlib.h>
#include <string.h>

#include "analyse/analyser.h"
#include "analyse/ends.h"
#include "analyse/passing.h"
#include "analyse/talks.h"
#include "base/clock.h"
#include "base/mem.h"

#define GROUPS_MAX 65536u
#define SAMPLES_MAX (4u << 20) /* response times that are kept for p50 and p99, of all groups together */
#define EACH_MAX (1u << 18)    /* rows of --each */

/* A server and what it serves. */
struct group {
	const struct dissector *protocol, *transport;
	uint64_t requests, answered, refused, late, again;
	uint64_t timed;            /* of the answered ones */
	int64_t least, most;
	__int128 sum;
	int64_t *samples;          /* sorted in the end */
	size_t sample_count, sample_room;
};

struct report {
	bool each;
	int64_t first_time;
	struct passing passing;
	struct talks talks;        /* a group has the index of its server here */
	struct group *groups;
	uint32_t group_room;
	size_t samples;            /* in all groups */
	uint64_t unsampled;
	uint64_t others;           /* dialogues of servers that there was no room for */
	struct dialogue *list;     /* --each */
	size_t count, room;
	uint64_t unlisted;
	struct text text;
};

static void report_start(void *state, const struct analysis_options *options)
{
	struct report *r = state;

	r->each = options->each;
	r->passing.all = !options->filtered;
	talks_init(&r->talks, GROUPS_MAX);
}

static void report_packet(void *state, const struct packet *packet, const struct tracked *tracked)
{
	struct report *r = state;

	if (tracked->flow)
		passing_add(&r->passing, packet->frame->number);
}

/* ------------------------------------------------------------------------------------------------ dialogues */

static struct group *group_of(struct report *r, const struct dialogue *dialogue)
{
	struct talk_key key;
	struct talk *talk;
	uint32_t index;

	memset(&key, 0, sizeof key);
	memcpy(key.address[0], dialogue->server.address, sizeof key.address[0]);
	key.port[0] = dialogue->server.port;
	key.length = dialogue->address_length;
	key.number = (uintptr_t)dialogue->protocol;
	key.kind = !strcmp(dialogue->transport->name, "tcp");
	talk = talks_take(&r->talks, &key);
	if (!talk)
		return NULL;
	index = (uint32_t)(talk - r->talks.list);
	if (index >= r->group_room) {
		uint32_t room = r->group_room ? 2 * r->group_room : 16;

		r->groups = mem_resize(r->groups, room, sizeof *r->groups);
		memset(r->groups + r->group_room, 0, (room - r->group_room) * sizeof *r->groups);
		r->group_room = room;
	}
	r->groups[index].protocol = dialogue->protocol;
	r->groups[index].transport = dialogue->transport;
	return &r->groups[index];
}

static void add_sample(struct report *r, struct group *group, int64_t time)
{
	if (!group->timed || time < group->least)
		group->least = time;
	if (!group->timed || time > group->most)
		group->most = time;
	group->sum += time;
	group->timed++;
	if (r->samples == SAMPLES_MAX) {
		r->unsampled++;
		return;
	}
	if (group->sample_count == group->sample_room) {
		group->sample_room = group->sample_room ? 2 * group->sample_room : 16;
		group->samples = mem_resize(group->samples, group->sample_room, sizeof *group->samples);
	}
	group->samples[group->sample_count++] = time;
	r->samples++;
}

/* A TCP server may tell the date unasked; where the connection began nobody has seen, the time it took is not known. */
static bool has_time(const struct dialogue *dialogue)
{
	return dialogue->end == DIALOGUE_ANSWERED && (dialogue->request || dialogue->request_time);
}

static int64_t time_of(const struct dialogue *dialogue)
{
	return time_between(dialogue->request_time, dialogue->response_time);
}

static void count_dialogue(struct report *r, const struct dialogue *dialogue)
{
	struct group *group = group_of(r, dialogue);

	if (!group) {
		r->others++;
		return;
	}
	group->requests++;
	group->refused += dialogue->end == DIALOGUE_REFUSED;
	if (dialogue->end != DIALOGUE_ANSWERED)
		return;
	if (has_time(dialogue))
		add_sample(r, group, time_of(dialogue));
	group->answered++;
	group->late += dialogue->late;
	group->again += dialogue->answers > 1;
}

static void keep_dialogue(struct report *r, const struct dialogue *dialogue)
{
	if (r->count == EACH_MAX) {
		r->unlisted++;
		return;
	}
	if (r->count == r->room) {
		r->room = r->room ? 2 * r->room : 64;
		r->list = mem_resize(r->list, r->room, sizeof *r->list);
	}
	r->list[r->count++] = *dialogue;
}

static void report_dialogue(void *state, const struct dialogue *dialogue, bool over)
{
	struct report *r = state;

	if (!over || (!passing_has(&r->passing, dialogue->request) && !passing_has(&r->passing, dialogue->response)))
		return;
	if (r->each)
		keep_dialogue(r, dialogue);
	else
		count_dialogue(r, dialogue);
}

/* ------------------------------------------------------------------------------------------------ the table */

static const struct table_column group_columns[] = {
	{ "protocol", CELL_TEXT, false },  { "transport", CELL_TEXT, false }, { "server", CELL_TEXT, false },
	{ "requests", CELL_UINT, true },   { "answered", CELL_UINT, true },   { "unanswered", CELL_UINT, true },
	{ "refused", CELL_UINT, true },    { "again", CELL_UINT, true },      { "late", CELL_UINT, true },
	{ "min", CELL_SECONDS, true },     { "avg", CELL_SECONDS, true },     { "p50", CELL_SECONDS, true },
	{ "p99", CELL_SECONDS, true },     { "max", CELL_SECONDS, true },
};

static const struct table_column each_columns[] = {
	{ "protocol", CELL_TEXT, false }, { "transport", CELL_TEXT, false }, { "stream", CELL_UINT, true },
	{ "client", CELL_TEXT, false },   { "server", CELL_TEXT, false },    { "request", CELL_UINT, true },
	{ "response", CELL_UINT, true },  { "start", CELL_SECONDS, true },   { "response_time", CELL_SECONDS, true },
	{ "status", CELL_TEXT, false },
};

static int by_time(const void *a, const void *b)
{
	const int64_t *left = a, *right = b;

	return *left < *right ? -1 : *left > *right;
}

/* The first of its packets that is known. */
static uint64_t begin_of(const struct dialogue *dialogue)
{
	return dialogue->request ? dialogue->request : dialogue->response;
}

static int by_begin(const void *a, const void *b)
{
	uint64_t left = begin_of(a), right = begin_of(b);

	return left < right ? -1 : left > right;
}

static void add_notes(const struct report *r, struct text *notes)
{
	static const char *const sentences[] = {
		"%llu requests went to further servers: they are not counted\n",
		"%llu answers came after those that p50 and p99 are of\n",
		"%llu further requests are not listed\n",
		"%llu packets were too many to be remembered: of their dialogues nothing is told\n",
	};
	const uint64_t numbers[] = { r->others, r->unsampled, r->unlisted, r->passing.lost };

	for (unsigned i = 0; i < 4; i++)
		if (numbers[i])
			text_format(notes, sentences[i], (unsigned long long)numbers[i]);
}

static void report_finish(void *state, const struct analysis_end *end, struct analysis_result *result)
{
	struct report *r = state;

	r->first_time = end->first_time;
	if (r->count)
		qsort(r->list, r->count, sizeof *r->list, by_begin);
	for (uint32_t i = 0; i < r->talks.count; i++)
		if (r->groups[i].sample_count)
			qsort(r->groups[i].samples, r->groups[i].sample_count, sizeof *r->groups[i].samples, by_time);
	result->columns = r->each ? each_columns : group_columns;
	result->column_count = r->each ? sizeof each_columns / sizeof *each_columns :
					 sizeof group_columns / sizeof *group_columns;
	result->rows = r->each ? r->count : r->talks.count;
	add_notes(r, &result->notes);
	if (!result->rows)
		text_string(&result->notes, "no date or echo request was seen\n");
}

/* The smallest of the times that so many percent of them do not exceed. */
static int64_t percentile(const struct group *group, unsigned percent)
{
	size_t rank = (group->sample_count * percent + 99) / 100;

	return group->samples[rank ? rank - 1 : 0];
}

static void group_row(struct report *r, size_t row, struct table *table)
{
	const struct group *group = &r->groups[row];
	const struct talk *talk = &r->talks.list[row];
	struct flow_end server;

	memcpy(server.address, talk->key.address[0], sizeof server.address);
	server.port = talk->key.port[0];
	flow_end_text(&server, talk->key.length, &r->text);
	table_text(table, group->protocol->name);
	table_text(table, group->transport->name);
	ends_cell(table, &r->text);
	table_uint(table, group->requests);
	table_uint(table, group->answered);
	table_uint(table, group->requests - group->answered - group->refused);
	table_uint(table, group->refused);
	table_uint(table, group->again);
	table_uint(table, group->late);
	if (!group->sample_count) {
		/* None has a time, or they came when no more could be kept. */
		for (unsigned i = 0; i < 5; i++)
			table_absent(table);
		return;
	}
	table_seconds(table, group->least);
	table_seconds(table, (int64_t)(group->sum / group->timed));
	table_seconds(table, percentile(group, 50));
	table_seconds(table, percentile(group, 99));
	table_seconds(table, group->most);
}

static void add_answer(const struct dialogue *dialogue, struct text *out)
{
	text_string(out, "answered");
	if (dialogue->answers > 1)
		text_format(out, " %u times", dialogue->answers);
	if (dialogue->other_host)
		text_string(out, ", by another host");
	if (dialogue->late)
		text_string(out, ", late");
	if (!dialogue->compared)
		return;
	if (dialogue->identical)
		text_string(out, ", identical");
	else
		text_format(out, ", %s", dialogue->transform ? dialogue->transform : "not what was sent");
}

static void add_end(struct report *r, const struct dialogue *dialogue, const struct flow_end *end, struct table *table)
{
	flow_end_text(end, dialogue->address_length, &r->text);
	ends_cell(table, &r->text);
}

static void add_frame(uint64_t frame, struct table *table)
{
	if (frame)
		table_uint(table, frame);
	else
		table_absent(table);
}

static void each_row(struct report *r, const struct dialogue *dialogue, struct table *table)
{
	int64_t begin = dialogue->request || dialogue->request_time ? dialogue->request_time : dialogue->response_time;

	table_text(table, dialogue->protocol->name);
	table_text(table, dialogue->transport->name);
	table_uint(table, dialogue->stream);
	add_end(r, dialogue, &dialogue->client, table);
	add_end(r, dialogue, &dialogue->server, table);
	add_frame(dialogue->request, table);
	add_frame(dialogue->response, table);
	table_seconds(table, time_between(r->first_time, begin));
	if (has_time(dialogue))
		table_seconds(table, time_of(dialogue));
	else
		table_absent(table);
	if (dialogue->end == DIALOGUE_ANSWERED)
		add_answer(dialogue, &r->text);
	else
		text_string(&r->text, dialogue->end == DIALOGUE_REFUSED ? "refused" : "not answered");
	ends_cell(table, &r->text);
}

static void report_row(void *state, size_t row, struct table *table)
{
	struct report *r = state;

	if (r->each)
		each_row(r, &r->list[row], table);
	else
		group_row(r, row, table);
}

static void report_release(void *state)
{
	struct report *r = state;

	for (uint32_t i = 0; i < r->talks.count; i++)
		free(r->groups[i].samples);
	free(r->groups);
	free(r->list);
	talks_release(&r->talks);
	passing_release(&r->passing);
	text_release(&r->text);
}

const struct analyser dialogues_analyser = {
	.name = "dialogues",
	.heading = "Dialogues",
	.help = "date and echo requests, their answers and how long those took",
	.state_size = sizeof(struct report),
	.parts = TRACK_ALL,
	.start = report_start,
	.packet = report_packet,
	.dialogue = report_dialogue,
	.finish = report_finish,
	.row = report_row,
	.release = report_release,
};
