/* SPDX-License-Identifier: BSD-2-Clause */
/* sonde info: what a capture file is, and what is in it. */
#include "cmd/info.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/command.h"

extern const struct command info_command;

struct info_arguments {
	const char *form;
	bool json;
};

static const struct option_row rows[] = {
	{ 'T', "format", "FORMAT", OPTION_STRING, offsetof(struct info_arguments, form),
	  "plain (the default), json (one object a file), or csv (one line a file)", NULL, "plain json csv" },
	{ 0, "json", NULL, OPTION_FLAG, offsetof(struct info_arguments, json), "the same as -T json", NULL, NULL },
	{ 0, NULL, NULL, OPTION_FLAG, 0, NULL, NULL, NULL },
};

static const struct option_group groups[] = { { "How", rows, 0 }, { NULL, NULL, 0 } };

enum info_form { INFO_PLAIN, INFO_JSON, INFO_CSV };

/* ------------------------------------------------------------------------------------------------ reading */

static void measure(struct info *info)
{
	struct stat st;
	int status = strcmp(info->file, "-") ? stat(info->file, &st) : fstat(STDIN_FILENO, &st);

	info->has_size = status == 0 && S_ISREG(st.st_mode);
	info->size = info->has_size ? (uint64_t)st.st_size : 0;
}

static void count_all(struct info *info, struct error *problem)
{
	enum source_answer answer;
	struct frame frame;

	info->source->want_blocks = true;
	while ((answer = source_next(info->source, &frame, problem)) > SOURCE_END)
		census_take(&info->census, &frame);
	if (answer == SOURCE_ERROR)
		info->problem = problem->text;
	source_file_facts(info->source, &info->facts);
}

/* ------------------------------------------------------------------------------------------------ printing */

/* ,"name":[{...},{...}] behind the members that are there. */
static void add_list(struct text *out, const char *name, const struct table *table)
{
	struct text objects = { 0 };

	table_print(table, TABLE_JSON, &objects);
	text_format(out, ",\"%s\":[", name);
	for (size_t at = 0; at < objects.length; at++) {
		const char *object = objects.data + at;
		size_t length = (size_t)((const char *)memchr(object, '\n', objects.length - at) - object);

		text_string(out, at ? "," : "");
		text_add(out, object, length);
		at += length;
	}
	text_char(out, ']');
	text_release(&objects);
}

static void json(const struct info *info, const struct table *facts, struct text *out)
{
	struct table table;

	table_print(facts, TABLE_JSON, out);
	out->length -= strlen("}\n");
	info_interfaces(&table, info);
	add_list(out, "interfaces", &table);
	table_release(&table);
	info_comments(&table, info);
	add_list(out, "comments", &table);
	table_release(&table);
	text_string(out, "}\n");
}

/* One file's part of the output; `first` of those that could be read. */
static void print(const struct info *info, enum info_form form, bool first, struct text *out)
{
	struct table_column columns[INFO_COLUMNS];
	struct table facts;

	if (form == INFO_PLAIN) {
		text_string(out, first ? "" : "\n");
		info_plain(info, out);
		return;
	}
	info_facts(&facts, columns);
	if (form == INFO_CSV && first)
		table_print_names(&facts, TABLE_CSV, NULL, out);
	info_facts_add(&facts, info);
	if (form == INFO_CSV)
		table_print_rows(&facts, TABLE_CSV, NULL, out);
	else
		json(info, &facts, out);
	table_release(&facts);
}

/* ------------------------------------------------------------------------------------------------ the command */

/* 0; 1: it is no capture, or not a whole one, which was said; -1 with err: standard output fails. */
static int one_file(const char *file, enum info_form form, bool *first, struct error *err)
{
	struct info info = { .file = file };
	struct text out = { 0 };
	struct error problem;
	int status;

	info.source = source_file_open(file, NULL, &problem);
	if (!info.source) {
		command_complain(&info_command, problem.text);
		return 1;
	}
	measure(&info);
	count_all(&info, &problem);
	print(&info, form, *first, &out);
	*first = false;
	status = command_print(&out, err);
	if (status == 0 && info.problem) {
		command_complain(&info_command, info.problem);
		status = 1;
	}
	text_release(&out);
	source_close(info.source);
	census_release(&info.census);
	return status;
}

static int info_run(void *arguments, const struct words *words, struct error *err)
{
	static const char *const forms[] = { "plain", "json", "csv", NULL };
	const struct info_arguments *args = arguments;
	const char *named = args->json ? "json" : args->form;
	int form = named ? option_word("-T", named, forms, err) : INFO_PLAIN, result = EXIT_DONE;
	bool first = true;

	if (form < 0)
		return -1;
	if (!words->count)
		return error_set(err, "no file is named; try sonde info FILE, or - for standard input");
	for (size_t i = 0; i < words->count; i++) {
		int status = one_file(words->list[i], (enum info_form)form, &first, err);

		if (status < 0)
			return -1;
		if (status)
			result = EXIT_USAGE;
	}
	return result;
}

static const char *const examples[] = {
	"sonde info lab.pcapng",
	"format, size, times, rates, interfaces, comments",
	"sonde info -T csv *.pcapng > files.csv",
	"a line a file, for a table",
	"sonde info -T json lab.pcapng | jq .packets",
	"one fact",
	NULL,
};

const struct command info_command = {
	.name = "info",
	.summary = "what a capture file is: times, counts, interfaces, comments, drops",
	.synopsis = "FILE...",
	.description =
		"Reads capture files to their end and says what they are (format, byte order, compression, resolution "
		"of times) and hold: packets and octets, first and last time, rates, whether times are in order and "
		"packets cut, link types, interfaces with what is known of them and what they dropped, comments, "
		"names, and every other kind of block. First and last are the earliest and the latest time; lengths "
		"and rates count octets as they were on the wire. Of a file that is cut or damaged: what can be read, "
		"where it ends, and exit status 2.",
	.examples = examples,
	.groups = groups,
	.size = sizeof(struct info_arguments),
	.run = info_run,
};
