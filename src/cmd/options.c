/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/nearest.h"
#include "cmd/command.h"

#define MOST_OPTIONS 128
#define HELP_KEY 'h'
#define FIRST_KEY 256 /* what getopt_long answers for row i is FIRST_KEY + i */

/* getopt's tables, made from the command's rows. */
struct parser {
	struct option longs[MOST_OPTIONS];
	char shorts[2 * MOST_OPTIONS + 9];
	struct {
		const struct option_row *row;
		void *group;
	} rows[MOST_OPTIONS];
	unsigned count;
};

void words_add(struct words *words, const char *word)
{
	words->list = mem_resize(words->list, words->count + 1, sizeof *words->list);
	words->list[words->count++] = word;
}

void words_release(struct words *words)
{
	free(words->list);
	*words = (struct words){ 0 };
}

int option_number(const char *text, uint64_t *out)
{
	char *end;

	if (*text < '0' || *text > '9')
		return -1;
	errno = 0;
	*out = strtoull(text, &end, 10);
	return errno || *end ? -1 : 0;
}

int option_size(const char *text, uint64_t *out)
{
	static const char units[] = "kmg";
	const char *unit;
	char *end;

	if (*text < '0' || *text > '9')
		return -1;
	errno = 0;
	*out = strtoull(text, &end, 10);
	if (errno)
		return -1;
	if (!*end)
		return 0;
	unit = strchr(units, *end | 0x20);
	if (!unit || end[1] || *out >> 33)
		return -1;
	*out <<= 10 * (unit - units + 1);
	return 0;
}

int option_duration(const char *text, int64_t *out)
{
	static const struct {
		const char *unit;
		double nanoseconds;
	} units[] = { { "", 1e9 },   { "s", 1e9 },    { "ms", 1e6 },  { "us", 1e3 },
		      { "m", 60e9 }, { "min", 60e9 }, { "h", 3600e9 } };
	char *end;
	double value;

	if ((*text < '0' || *text > '9') && *text != '.')
		return -1;
	value = strtod(text, &end);
	for (unsigned i = 0; i < sizeof units / sizeof *units; i++)
		if (!strcmp(end, units[i].unit)) {
			value *= units[i].nanoseconds;
			*out = (int64_t)value;
			return value < 9e18 ? 0 : -1;
		}
	return -1;
}

int option_word(const char *option, const char *word, const char *const *names, struct error *err)
{
	const char *near = nearest(word, names);
	struct text all = { 0 };

	for (int i = 0; names[i]; i++)
		if (!strcmp(word, names[i]))
			return i;
	if (near)
		return error_set(err, "%s %s: no such word; did you mean %s?", option, word, near);
	for (int i = 0; names[i]; i++)
		text_format(&all, "%s%s", !i ? "" : names[i + 1] ? ", " : " or ", names[i]);
	error_set(err, "%s %s: no such word; use %.*s", option, word, (int)all.length, all.data);
	text_release(&all);
	return -1;
}

static void add_row(struct parser *parser, const struct option_row *row, void *group, size_t *at)
{
	unsigned i = parser->count++;

	if (i + 2 >= MOST_OPTIONS)
		bug("more options than the parser holds");
	parser->rows[i].row = row;
	parser->rows[i].group = group;
	parser->longs[i] = (struct option){ row->name,
					    option_is_optional(row) ? optional_argument
					    : row->argument         ? required_argument
								    : no_argument,
					    NULL, (int)(FIRST_KEY + i) };
	if (!row->letter)
		return;
	parser->shorts[(*at)++] = row->letter;
	if (row->argument && !option_is_optional(row))
		parser->shorts[(*at)++] = ':';
}

/* A leading '+' makes the first word the end of the options, ':' tells a missing argument from an unknown option. */
static void build(struct parser *parser, const struct command *command, void *arguments)
{
	size_t at = 0;

	*parser = (struct parser){ 0 };
	if (command->program)
		parser->shorts[at++] = '+';
	parser->shorts[at++] = ':';
	for (const struct option_group *group = command->groups; group && group->rows; group++)
		for (const struct option_row *row = group->rows; row->name; row++)
			add_row(parser, row, (char *)arguments + group->offset, &at);
	parser->shorts[at++] = HELP_KEY;
	parser->longs[parser->count] = (struct option){ "help", no_argument, NULL, HELP_KEY };
}

static int store_number(const struct option_row *row, uint64_t *member, const char *value, struct error *err)
{
	int bad = row->type == OPTION_SIZE ? option_size(value, member) : option_number(value, member);

	if (bad || (row->type == OPTION_COUNT && !*member))
		return error_set(err, "--%s %s: not %s; use a number such as %s", row->name, value,
				 row->type == OPTION_SIZE ? "a size" : "a number above 0",
				 row->type == OPTION_SIZE ? "100k, 20m or 1g" : "10");
	return 0;
}

static int store_time(const struct option_row *row, int64_t *member, const char *value, struct error *err)
{
	if (option_duration(value, member) < 0 || *member <= 0)
		return error_set(err, "--%s %s: not a time above 0; use one such as 3s, 100ms or 5min", row->name,
				 value);
	return 0;
}

static int store(const struct option_row *row, void *group, const char *value, struct error *err)
{
	void *member = (char *)group + row->offset;

	switch (row->type) {
	case OPTION_FLAG:
		*(bool *)member = true;
		return 0;
	case OPTION_STRING:
		*(const char **)member = value;
		return 0;
	case OPTION_WORDS:
		words_add(member, value);
		return 0;
	case OPTION_COUNT:
	case OPTION_NUMBER:
	case OPTION_SIZE:
		return store_number(row, member, value, err);
	case OPTION_TIME:
		return store_time(row, member, value, err);
	case OPTION_SET:
		return row->set(group, value, err);
	}
	bug("option %s has no type", row->name);
}

/* "see sonde date server --help" */
static int see_help(const struct command *command, const char *wrong, struct error *err)
{
	struct text name = { 0 };

	command_name(command, &name);
	error_set(err, "%s; see sonde %.*s --help", wrong, (int)name.length, name.data);
	text_release(&name);
	return -1;
}

static int unknown(const struct parser *parser, const struct command *command, const char *word, struct error *err)
{
	const char *names[MOST_OPTIONS + 1] = { NULL }, *near;
	char name[64], wrong[128];
	size_t length = strcspn(word + 2, "=");

	if (word[1] != '-') {
		snprintf(wrong, sizeof wrong, "unknown option -%c", optopt);
		return see_help(command, wrong, err);
	}
	if (length >= sizeof name)
		length = sizeof name - 1;
	memcpy(name, word + 2, length);
	name[length] = '\0';
	for (unsigned i = 0; i < parser->count; i++)
		names[i] = parser->rows[i].row->name;
	near = nearest(name, names);
	if (near && !strcmp(near, name))
		return error_set(err, "option --%s takes no value", name);
	if (near)
		return error_set(err, "unknown option --%s; did you mean --%s?", name, near);
	snprintf(wrong, sizeof wrong, "unknown option --%s", name);
	return see_help(command, wrong, err);
}

static const struct option_row *row_of(const struct parser *parser, int key, void **group)
{
	for (unsigned i = 0; i < parser->count; i++)
		if (key == (int)(FIRST_KEY + i) || (key < FIRST_KEY && key == parser->rows[i].row->letter)) {
			*group = parser->rows[i].group;
			return parser->rows[i].row;
		}
	return NULL;
}

static int one_option(const struct parser *parser, const struct command *command, int key, char *word,
		      struct error *err)
{
	void *group = NULL;
	const struct option_row *row;
	char wrong[256];

	if (key == '?')
		return unknown(parser, command, word, err);
	if (key == ':') {
		snprintf(wrong, sizeof wrong, "option %s needs a value", word);
		return see_help(command, wrong, err);
	}
	row = row_of(parser, key, &group);
	if (!row)
		return 1; /* -h, --help */
	return store(row, group, optarg, err);
}

int options_parse(const struct command *command, int argc, char **argv, void *arguments, struct words *words,
		  struct error *err)
{
	struct parser parser;
	int key, status;

	build(&parser, command, arguments);
	opterr = 0;
	optind = 0; /* glibc: start afresh */
	for (;;) {
		int at = optind ? optind : 1;

		key = getopt_long(argc, argv, parser.shorts, parser.longs, NULL);
		if (key == -1)
			break;
		/* getopt moves words behind options: the option it speaks of is the last one before optind. */
		if (key == '?' || key == ':')
			at = optind - 1;
		status = one_option(&parser, command, key, argv[at < argc ? at : argc - 1], err);
		if (status)
			return status;
	}
	for (int i = optind; i < argc; i++)
		words_add(words, argv[i]);
	return 0;
}
