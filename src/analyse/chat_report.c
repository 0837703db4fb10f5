/* SPDX-License-Identifier: BSD-2-Clause */
/* Who chats: a row for each name, or, where lines have no name, for each conversation. */
#include <stdlib.h>
#include <string.h>

#include "analyse/analyser.h"
#include "analyse/ends.h"
#include "analyse/passing.h"
#include "analyse/talks.h"
#include "base/mem.h"

#define USERS_MAX 65536u
#define NAME_MAX_OCTETS 128 /* a longer name is shown this far */

struct user {
	char *name;                /* NULL: known by the number of the conversation */
	uint32_t stream;
	uint64_t lines, private_lines, copies;
	bool has_joined, has_left;
	int64_t joined, left;
};

struct chatters {
	int64_t first_time;
	struct passing passing;
	struct talks talks;        /* a user has the index of its key here */
	struct user *users;
	uint32_t room;
	uint64_t others;           /* what was said by users that there was no room for */
	struct text text;
};

static void chatters_start(void *state, const struct analysis_options *options)
{
	struct chatters *c = state;

	c->passing.all = !options->filtered;
	talks_init(&c->talks, USERS_MAX);
}

static void chatters_packet(void *state, const struct packet *packet, const struct tracked *tracked)
{
	struct chatters *c = state;

	if (tracked->flow)
		passing_add(&c->passing, packet->frame->number);
}

/* FNV-1a, 64 bits: with its beginning and its length enough to tell names apart. */
static uint64_t name_hash(const uint8_t *name, size_t length)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ name[i]) * UINT64_C(0x100000001b3);
	return hash;
}

static void user_key(const struct chat_said *said, struct talk_key *key)
{
	size_t begin = sizeof key->address;

	memset(key, 0, sizeof *key);
	key->number = said->stream;
	if (!said->user)
		return;
	if (said->user->length < begin)
		begin = said->user->length;
	memcpy(key->address, said->user->value.bytes, begin);
	key->kind = 1;
	key->port[0] = (uint16_t)said->user->length;
	key->number = name_hash(said->user->value.bytes, said->user->length);
}

static struct user *user_of(struct chatters *c, const struct chat_said *said)
{
	uint32_t known = c->talks.count, index;
	struct talk_key key;
	struct talk *talk;

	user_key(said, &key);
	talk = talks_take(&c->talks, &key);
	if (!talk)
		return NULL;
	index = (uint32_t)(talk - c->talks.list);
	if (index < known)
		return &c->users[index];
	if (index >= c->room) {
		c->room = c->room ? 2 * c->room : 16;
		c->users = mem_resize(c->users, c->room, sizeof *c->users);
	}
	c->users[index] = (struct user){ .stream = said->stream };
	if (said->user)
		c->users[index].name = mem_copy_bytes(said->user->value.bytes,
						      said->user->length < NAME_MAX_OCTETS ? said->user->length :
											     NAME_MAX_OCTETS);
	return &c->users[index];
}

static bool is_kind(const struct chat_said *said, const char *kind)
{
	return said->kind && said->kind->length == strlen(kind) &&
	       !memcmp(said->kind->value.bytes, kind, said->kind->length);
}

static void chatters_said(void *state, const struct chat_said *said)
{
	struct chatters *c = state;
	struct user *user;

	if (!passing_has(&c->passing, said->frame))
		return;
	user = user_of(c, said);
	if (!user) {
		c->others++;
		return;
	}
	if (is_kind(said, "join") && !user->has_joined) {
		user->has_joined = true;
		user->joined = said->time;
	} else if (is_kind(said, "leave")) {
		user->has_left = true;
		user->left = said->time;
	}
	user->lines += is_kind(said, "line");
	user->private_lines += is_kind(said, "private");
	user->copies += said->receivers;
}

/* ------------------------------------------------------------------------------------------------ the table */

static const struct table_column columns[] = {
	{ "user", CELL_TEXT, false }, { "joined", CELL_SECONDS, true }, { "left", CELL_SECONDS, true },
	{ "lines", CELL_UINT, true }, { "private", CELL_UINT, true },   { "copies", CELL_UINT, true },
};

static void chatters_finish(void *state, const struct analysis_end *end, struct analysis_result *result)
{
	struct chatters *c = state;

	c->first_time = end->first_time;
	result->columns = columns;
	result->column_count = sizeof columns / sizeof *columns;
	result->rows = c->talks.count;
	if (c->others)
		text_format(&result->notes, "%llu lines of further users are not counted\n",
			    (unsigned long long)c->others);
	if (c->passing.lost)
		text_format(&result->notes, "%llu packets were too many to be remembered: their lines do not count\n",
			    (unsigned long long)c->passing.lost);
	if (!result->rows)
		text_string(&result->notes, "no chat was seen\n");
}

static void add_moment(const struct chatters *c, bool known, int64_t time, struct table *table)
{
	if (known)
		table_seconds(table, (int64_t)((uint64_t)time - (uint64_t)c->first_time));
	else
		table_absent(table);
}

static void chatters_row(void *state, size_t row, struct table *table)
{
	struct chatters *c = state;
	const struct user *user = &c->users[row];

	if (user->name)
		text_string(&c->text, user->name);
	else
		text_format(&c->text, "(no name, stream %u)", user->stream);
	ends_cell(table, &c->text);
	add_moment(c, user->has_joined, user->joined, table);
	add_moment(c, user->has_left, user->left, table);
	table_uint(table, user->lines);
	table_uint(table, user->private_lines);
	table_uint(table, user->copies);
}

static void chatters_release(void *state)
{
	struct chatters *c = state;

	for (uint32_t i = 0; i < c->talks.count; i++)
		free(c->users[i].name);
	free(c->users);
	talks_release(&c->talks);
	passing_release(&c->passing);
	text_release(&c->text);
}

const struct analyser chat_analyser = {
	.name = "chat",
	.heading = "Chat",
	.help = "who chats: when they joined and left, how many lines they said",
	.state_size = sizeof(struct chatters),
	.parts = TRACK_ALL,
	.start = chatters_start,
	.packet = chatters_packet,
	.said = chatters_said,
	.finish = chatters_finish,
	.row = chatters_row,
	.release = chatters_release,
};
