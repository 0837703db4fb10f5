/* SPDX-License-Identifier: BSD-2-Clause */
/* Who chats: a row for each user, in the order in which they came. */
#include <stdlib.h>
#include <string.h>

#include "analyse/analyser.h"
#include "analyse/ends.h"
#include "analyse/passing.h"
#include "base/clock.h"
#include "base/mem.h"

#define USERS_MAX 65536u
#define NAME_OCTETS 128u /* a longer name is shown this far */

struct user {
	struct chat_user told;
	char name[NAME_OCTETS];
};

struct chatters {
	int64_t first_time;
	struct passing passing;
	struct user *users;
	uint32_t count, room;
	uint64_t others; /* users that there was no room for */
	struct text text;
};

static void chatters_start(void *state, const struct analysis_options *options)
{
	struct chatters *c = state;

	c->passing.all = !options->filtered;
}

static void chatters_packet(void *state, const struct packet *packet, const struct tracked *tracked)
{
	struct chatters *c = state;

	if (tracked->flow)
		passing_add(&c->passing, packet->frame->number);
}

static void chatters_user(void *state, const struct chat_user *user)
{
	struct chatters *c = state;
	struct user *own;

	if (!passing_has(&c->passing, user->joined) && !passing_has(&c->passing, user->left))
		return;
	if (c->count == USERS_MAX) {
		c->others++;
		return;
	}
	if (c->count == c->room) {
		c->room = c->room ? 2 * c->room : 16;
		c->users = mem_resize(c->users, c->room, sizeof *c->users);
	}
	own = &c->users[c->count++];
	own->told = *user;
	if (own->told.name_length > NAME_OCTETS)
		own->told.name_length = NAME_OCTETS;
	if (user->name)
		memcpy(own->name, user->name, own->told.name_length);
}

/* ------------------------------------------------------------------------------------------------ the table */

static const struct table_column columns[] = {
	{ "user", CELL_TEXT, false },  { "from", CELL_TEXT, false },     { "transport", CELL_TEXT, false },
	{ "stream", CELL_UINT, true }, { "joined", CELL_SECONDS, true }, { "left", CELL_SECONDS, true },
	{ "lines", CELL_UINT, true },  { "private", CELL_UINT, true },   { "heard", CELL_UINT, true },
};

static int by_coming(const void *a, const void *b)
{
	const struct user *left = a, *right = b;

	return left->told.joined < right->told.joined ? -1 : left->told.joined > right->told.joined;
}

static void chatters_finish(void *state, const struct analysis_end *end, struct analysis_result *result)
{
	struct chatters *c = state;

	c->first_time = end->first_time;
	if (c->count)
		qsort(c->users, c->count, sizeof *c->users, by_coming);
	result->columns = columns;
	result->column_count = sizeof columns / sizeof *columns;
	result->rows = c->count;
	if (c->others)
		text_format(&result->notes, "and %llu more users, who are not listed\n", (unsigned long long)c->others);
	if (c->passing.lost)
		text_format(&result->notes,
			    "%llu packets were too many to be remembered: who came with them is not told\n",
			    (unsigned long long)c->passing.lost);
	if (!result->rows)
		text_string(&result->notes, "no chat was seen\n");
}

static void add_moment(const struct chatters *c, uint64_t frame, int64_t time, struct table *table)
{
	if (frame)
		table_seconds(table, time_between(c->first_time, time));
	else
		table_absent(table);
}

static void chatters_row(void *state, size_t row, struct table *table)
{
	struct chatters *c = state;
	const struct chat_user *user = &c->users[row].told;

	if (user->name)
		text_add(&c->text, c->users[row].name, user->name_length);
	else
		text_string(&c->text, "(no name)");
	ends_cell(table, &c->text);
	flow_end_text(&user->end, user->address_length, &c->text);
	ends_cell(table, &c->text);
	table_text(table, user->transport->name);
	table_uint(table, user->stream);
	add_moment(c, user->joined, user->joined_time, table);
	add_moment(c, user->left, user->left_time, table);
	table_uint(table, user->lines);
	table_uint(table, user->private_lines);
	if (user->broadcast)
		table_absent(table);
	else
		table_uint(table, user->heard);
}

static void chatters_release(void *state)
{
	struct chatters *c = state;

	free(c->users);
	passing_release(&c->passing);
	text_release(&c->text);
}

const struct analyser chat_analyser = {
	.name = "chat",
	.heading = "Chat",
	.help = "who chats: when they came and left, how many lines they said and heard",
	.state_size = sizeof(struct chatters),
	.parts = TRACK_ALL,
	.start = chatters_start,
	.packet = chatters_packet,
	.user = chatters_user,
	.finish = chatters_finish,
	.row = chatters_row,
	.release = chatters_release,
};
