/* SPDX-License-Identifier: BSD-2-Clause */
/* sonde stats: what a capture file comes to. */
#include <string.h>

#include "analyse/analyser.h"
#include "base/nearest.h"
#include "cmd/command.h"
#include "cmd/reading.h"
#include "cmd/stats_table.h"
#include "cmd/terminal.h"

#define SECOND 1000000000
#define GLANCE_ROWS 10 /* of each table, when none was asked for */

extern const struct command stats_command;

struct stats_arguments {
	struct reading_options reading;
	struct stats_options {
		const char *format, *by, *sort;
		int64_t interval;
		uint64_t top;
		bool json, csv, each, strict, numeric;
	} stats;
};

static const struct option_row rows[] = {
	{ 'T', "format", "FORMAT", OPTION_STRING, offsetof(struct stats_options, format),
	  "plain (aligned columns, the default), csv (one table only) or json (one object a row and line)", NULL,
	  "plain csv json" },
	{ 0, "json", NULL, OPTION_FLAG, offsetof(struct stats_options, json), "the same as -T json", NULL, NULL },
	{ 0, "csv", NULL, OPTION_FLAG, offsetof(struct stats_options, csv), "the same as -T csv", NULL, NULL },
	{ 0, "by", "WHAT", OPTION_STRING, offsetof(struct stats_options, by),
	  "endpoints and conversations of eth, ip, udp or tcp; default: IP addresses, and both of UDP and TCP", NULL,
	  "eth ip udp tcp" },
	{ 0, "interval", "TIME", OPTION_TIME, offsetof(struct stats_options, interval),
	  "of rate, as 1s (the default) or 100ms", NULL, NULL },
	{ 0, "each", NULL, OPTION_FLAG, offsetof(struct stats_options, each),
	  "dialogues: a row for each request, not for each server", NULL, NULL },
	{ 0, "sort", "COLUMN", OPTION_STRING, offsetof(struct stats_options, sort),
	  "order the rows of a table by this column: numbers from the greatest, words from a to z", NULL, NULL },
	{ 0, "top", "N", OPTION_COUNT, offsetof(struct stats_options, top), "at most N rows of each table", NULL,
	  NULL },
	{ 'n', "numeric", NULL, OPTION_FLAG, offsetof(struct stats_options, numeric),
	  "numbers, not names: always so here; taken because other commands have it", NULL, NULL },
	{ 0, "strict", NULL, OPTION_FLAG, offsetof(struct stats_options, strict),
	  "exit status 1 when health has found an error", NULL, NULL },
	{ 0, NULL, NULL, OPTION_FLAG, 0, NULL, NULL, NULL },
};

static const struct option_group groups[] = {
	{ "Statistics", rows, offsetof(struct stats_arguments, stats) },
	{ "Which packets", reading_rows, offsetof(struct stats_arguments, reading) },
	{ "How they are decoded", decode_rows, offsetof(struct stats_arguments, reading.decode) },
	{ NULL, NULL, 0 },
};

/* What is shown when nothing was asked for. */
static const char *const glance[] = { "hierarchy", "conversations", "dialogues", "chat", "health", NULL };

struct stats {
	const struct stats_options *options;
	struct analysis analysis;
	struct reading reading;
	enum table_form form;
	bool at_a_glance;
};

/* ------------------------------------------------------------------------------------------------ what was asked */

static int add_analyser(struct stats *stats, const char *name, struct error *err)
{
	const struct analyser *analyser = analyser_find(name);
	const char *names[ANALYSES_MAX + 1] = { NULL }, *near;
	struct text all = { 0 };

	if (analyser) {
		analysis_add(&stats->analysis, analyser);
		return 0;
	}
	for (unsigned i = 0; analyser_list[i] && i < ANALYSES_MAX; i++) {
		names[i] = analyser_list[i]->name;
		text_format(&all, "%s%s", !i ? "" : analyser_list[i + 1] ? ", " : " or ", names[i]);
	}
	near = nearest(name, names);
	if (near)
		error_set(err, "no statistics '%s'; did you mean '%s'?", name, near);
	else
		error_set(err, "no statistics '%s'; use %.*s", name, (int)all.length, all.data);
	text_release(&all);
	return -1;
}

static int choose_tables(struct stats *stats, const struct words *words, struct error *err)
{
	const struct stats_options *options = stats->options;

	if (words->count > 1 && analyser_find(words->list[0]) && !analyser_find(words->list[1]))
		return error_set(err, "%s: the file comes first, as in sonde stats FILE %s", words->list[0],
				 words->list[0]);
	for (size_t i = 1; i < words->count; i++)
		if (add_analyser(stats, words->list[i], err) < 0)
			return -1;
	stats->at_a_glance = words->count == 1;
	for (unsigned i = 0; stats->at_a_glance && glance[i]; i++)
		analysis_add(&stats->analysis, analyser_find(glance[i]));
	if (stats->analysis.count == 1)
		return 0;
	if (stats->form == TABLE_CSV)
		return error_set(err, "-T csv: a file of it has one table; name one, as in sonde stats FILE %s -T csv",
				 stats->analysis.analysers[0]->name);
	if (options->sort)
		return error_set(err, "--sort %s: which table? name one, as in sonde stats FILE conversations",
				 options->sort);
	return 0;
}

static int choose_form(struct stats *stats, struct error *err)
{
	static const char *const forms[] = { "plain", "csv", "json", NULL };
	static const enum table_form values[] = { TABLE_PLAIN, TABLE_CSV, TABLE_JSON };
	const struct stats_options *options = stats->options;
	const char *format = options->json ? "json" : options->csv ? "csv" : options->format;
	int i = format ? option_word("-T", format, forms, err) : 0;

	if (i < 0)
		return -1;
	stats->form = values[i];
	return 0;
}

static int choose_options(struct stats *stats, struct error *err)
{
	static const char *const words[] = { "eth", "ip", "udp", "tcp", NULL };
	static const enum analysis_by values[] = { ANALYSIS_BY_ETH, ANALYSIS_BY_IP, ANALYSIS_BY_UDP, ANALYSIS_BY_TCP };
	const struct stats_options *options = stats->options;
	struct analysis_options *chosen = &stats->analysis.options;
	int i = options->by ? option_word("--by", options->by, words, err) : 0;

	if (i < 0)
		return -1;
	*chosen = (struct analysis_options){
		.interval = options->interval ? options->interval : SECOND,
		.by = options->by ? values[i] : ANALYSIS_BY_DEFAULT,
		.each = options->each,
		.people = stats->form == TABLE_PLAIN,
		.screen = terminal_width(),
	};
	return 0;
}

/* ------------------------------------------------------------------------------------------------ the packets */

static int take_packet(void *context, const struct packet *packet, const struct tracked *tracked, struct error *err)
{
	struct stats *stats = context;

	(void)err;
	analysis_packet(&stats->analysis, packet, tracked);
	return 0;
}

/* What the file says in the end; a filter that looks through a file hands it on. */
static uint64_t dropped(struct source *source)
{
	struct source_counters counters;

	source_counters_all(source, &counters);
	return counters.dropped == COUNTER_UNKNOWN ? 0 : counters.dropped;
}

static int read_all(struct stats *stats, struct error *err)
{
	struct reading *reading = &stats->reading;
	struct analysis_end end;
	int status;

	/* A display filter may read anything that is followed. */
	if (reading->filter)
		reading->parts = TRACK_ALL;
	stats->analysis.options.filtered = reading->filter != NULL;
	analysis_start(&stats->analysis, reading->protocols);
	if (reading_start(reading, false, err) < 0)
		return -1;
	analysis_listen(&stats->analysis, reading->track);
	status = reading_run(reading, take_packet, stats, err);
	end = (struct analysis_end){
		.track = reading->track,
		.packets = reading->passed,
		.first_time = reading->times.first,
		.dropped = dropped(reading->source),
	};
	analysis_finish(&stats->analysis, &end);
	return status;
}

/* ------------------------------------------------------------------------------------------------ the tables */

static void add_notes(const struct stats *stats, unsigned i, uint64_t top, struct text *notes)
{
	const struct analysis_result *result = &stats->analysis.results[i];

	if (top && result->rows > top) {
		text_format(notes, "and %llu more", (unsigned long long)(result->rows - top));
		text_format(notes, stats->at_a_glance ? ": sonde stats FILE %s\n" : "\n",
			    stats->analysis.analysers[i]->name);
	}
	if (result->notes.length)
		text_add(notes, result->notes.data, result->notes.length);
}

/* Below a table that people read; where a program does, on standard error. */
static int tell_notes(const struct stats *stats, struct text *notes, struct error *err)
{
	if (stats->form == TABLE_PLAIN)
		return notes->length ? command_print(notes, err) : 0;
	for (size_t at = 0, end; at < notes->length; at = end + 1) {
		end = at;
		while (notes->data[end] != '\n')
			end++;
		notes->data[end] = '\0';
		command_complain(&stats_command, notes->data + at);
	}
	return 0;
}

static int heading(const struct stats *stats, unsigned i, bool first, struct error *err)
{
	struct text out = { 0 };
	int status;

	if (stats->form != TABLE_PLAIN || stats->analysis.count == 1)
		return 0;
	text_format(&out, "%s%s\n", first ? "" : "\n", stats->analysis.analysers[i]->heading);
	status = command_print(&out, err);
	text_release(&out);
	return status;
}

static int show_table(const struct stats *stats, unsigned i, struct error *err)
{
	const struct analysis *analysis = &stats->analysis;
	struct stats_table shown = {
		.analyser = analysis->analysers[i],
		.state = analysis->states[i],
		.result = &analysis->results[i],
		.form = stats->form,
		.named = analysis->count > 1,
		.top = stats->options->top,
		.sort = stats->options->sort,
	};
	struct text notes = { 0 };
	int status = 0;

	if (!shown.top && stats->at_a_glance && stats->form == TABLE_PLAIN && !shown.result->errors &&
	    strcmp(shown.analyser->name, "hierarchy"))
		shown.top = GLANCE_ROWS;
	if (shown.result->rows || stats->form == TABLE_CSV)
		status = stats_table_print(&shown, err);
	add_notes(stats, i, shown.top, &notes);
	if (status == 0)
		status = tell_notes(stats, &notes, err);
	text_release(&notes);
	return status;
}

static int show_all(const struct stats *stats, struct error *err)
{
	bool first = true;

	for (unsigned i = 0; i < stats->analysis.count; i++) {
		if (stats->at_a_glance && !stats->analysis.results[i].rows)
			continue;
		if (heading(stats, i, first, err) < 0 || show_table(stats, i, err) < 0)
			return -1;
		first = false;
	}
	return 0;
}

/* ------------------------------------------------------------------------------------------------ the command */

static int exit_status(const struct stats *stats)
{
	for (unsigned i = 0; i < stats->analysis.count; i++)
		if (stats->options->strict && stats->analysis.results[i].errors)
			return EXIT_NO;
	return EXIT_DONE;
}

/* What was read before an error is shown as well; then the error. */
static int run(struct stats *stats, const struct stats_arguments *args, const struct words *words, struct error *err)
{
	struct error later;
	int status;

	if (choose_form(stats, err) < 0 || choose_tables(stats, words, err) < 0 || choose_options(stats, err) < 0)
		return -1;
	status = reading_open(&stats->reading, words->list[0], &args->reading, analysis_parts(&stats->analysis), err);
	if (status == 0) {
		status = read_all(stats, err);
		if (stats->reading.track && show_all(stats, status < 0 ? &later : err) < 0)
			status = -1;
	}
	return status < 0 ? -1 : exit_status(stats);
}

static int stats_run(void *arguments, const struct words *words, struct error *err)
{
	const struct stats_arguments *args = arguments;
	struct stats stats = { .options = &args->stats };
	int status;

	if (!words->count)
		return error_set(err, "no file is named; try sonde stats FILE, or - for standard input");
	status = run(&stats, args, words, err);
	analysis_release(&stats.analysis);
	reading_release(&stats.reading);
	return status;
}

static const char *const examples[] = {
	"sonde stats lab.pcapng",
	"at a glance: protocols, conversations, dialogues, chat, and what went wrong",
	"sonde stats lab.pcapng health --strict",
	"exit status 1 when an error was found",
	"sonde stats lab.pcapng conversations --sort octets --top 5",
	"the five that sent most",
	"sonde stats lab.pcapng rate --interval 100ms",
	"packets in each tenth of a second, with bars",
	"sonde stats lab.pcapng dialogues --each -T csv",
	"every request, its answer and the time between, for a spreadsheet",
	NULL,
};

const struct command stats_command = {
	.name = "stats",
	.summary = "what a capture file comes to: tables, and what went wrong",
	.synopsis = "FILE [hierarchy|endpoints|conversations|rate|dialogues|chat|health|lengths]...",
	.description =
		"Reads a capture file (- is standard input) and prints tables: hierarchy (which protocols carry "
		"which), endpoints (who sent and received), conversations (who talks with whom), rate (packets in each "
		"interval), dialogues (date and echo requests and their answers), chat (who said how much), health "
		"(what went wrong, in words) and lengths (of packets). Without a name: hierarchy, conversations, "
		"dialogues, chat and health, ten rows of each that has any; hierarchy has all of its rows, and health "
		"when it has found an error.\n"
		"\n"
		"With -Y, packets that do not pass are not counted; a dialogue counts when its request or its answer "
		"passes, a user of a chat when the packet with which he came or left does. Times are in seconds; "
		"start, begin, joined and left are counted from the first packet of the capture.\n"
		"\n"
		"The exit status is 0 whatever was found, unless --strict is given.",
	.examples = examples,
	.groups = groups,
	.size = sizeof(struct stats_arguments),
	.run = stats_run,
};
