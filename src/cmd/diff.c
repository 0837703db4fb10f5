/* SPDX-License-Identifier: BSD-2-Clause */
/* sonde diff: a capture against the model run of the same exercise. */
#include <stdio.h>
#include <string.h>

#include "analyse/compare.h"
#include "base/table.h"
#include "cmd/command.h"
#include "cmd/reading.h"
#include "cmd/terminal.h"
#include "render/color.h"

struct diff_arguments {
	struct reading_options reading;
	struct diff_options {
		struct words strict, ignore;
		const char *format, *color;
		bool quiet, json;
	} diff;
};

static const struct option_row rows[] = {
	{ 0, "strict", "NAME", OPTION_WORDS, offsetof(struct diff_options, strict),
	  "what counts besides: a field of the packets that bring messages (ip.ttl), a protocol of the network (arp, "
	  "igmp, "
	  "icmpv6), or order (who spoke first); may be given many times",
	  NULL, "field" },
	{ 0, "ignore", "NAME", OPTION_WORDS, offsetof(struct diff_options, ignore),
	  "what does not count: a field (chat.user; udp.port: the server's port), or a protocol; may be given many "
	  "times",
	  NULL, "field" },
	{ 'T', "format", "FORMAT", OPTION_STRING, offsetof(struct diff_options, format),
	  "plain (the default), csv or json (one object a difference and line)", NULL, "plain csv json" },
	{ 0, "json", NULL, OPTION_FLAG, offsetof(struct diff_options, json), "the same as -T json", NULL, NULL },
	{ 'q', "quiet", NULL, OPTION_FLAG, offsetof(struct diff_options, quiet),
	  "print nothing, the exit status says it", NULL, NULL },
	{ 0, "color", "WHEN", OPTION_STRING, offsetof(struct diff_options, color),
	  "auto (on a terminal, unless NO_COLOR is set), always or never", NULL, "auto always never" },
	{ 0, NULL, NULL, OPTION_FLAG, 0, NULL, NULL, NULL },
};

static const struct option_group groups[] = {
	{ "What counts, and how it is told", rows, offsetof(struct diff_arguments, diff) },
	{ "Which packets, of both captures", reading_rows, offsetof(struct diff_arguments, reading) },
	{ "How they are decoded", decode_rows, offsetof(struct diff_arguments, reading.decode) },
	{ NULL, NULL, 0 },
};

static const char *const formats[] = { "plain", "csv", "json", NULL };

/* ------------------------------------------------------------------------------------------------ plain */

static const struct {
	char sign;
	const char *color;
} signs[COMPARE_CHANGES] = {
	[COMPARE_MISSING] = { '-', COLOR_LESS },
	[COMPARE_EXTRA] = { '+', COLOR_MORE },
	[COMPARE_CHANGED] = { '~', COLOR_OTHER },
	[COMPARE_MOVED] = { '>', COLOR_OTHER },
};

static void name_conversation(const struct compared_conversation *conversation, uint32_t number, struct text *out)
{
	text_format(out, "conversation %u (%s", number, conversation->transport);
	if (conversation->application && strcmp(conversation->application, conversation->transport) != 0)
		text_format(out, ", %s", conversation->application);
	if (conversation->has_port)
		text_format(out, ", server port %u", conversation->port);
	text_string(out, "): ");
}

/* "packet 4" of the one that has it; "packet 4 / 6" of both. */
static void name_packets(const struct difference *difference, struct text *out)
{
	uint64_t one = difference->golden ? difference->golden : difference->student;

	text_format(out, "packet %llu", (unsigned long long)one);
	if (difference->golden && difference->student)
		text_format(out, "/%llu", (unsigned long long)difference->student);
}

/* Words that begin with the kind of message say it once. */
static void name_message(const struct difference *difference, struct text *out)
{
	const char *kind = strchr(difference->message, ' '), *words = difference->words;

	if (words && kind && !strncmp(words, kind + 1, strlen(kind + 1))) {
		text_add(out, difference->message, (size_t)(kind - difference->message));
		text_format(out, " %s", words);
	} else if (words) {
		text_format(out, "%s: %s", difference->message, words);
	} else {
		text_string(out, difference->message);
	}
}

static void tell_field(const struct difference *difference, struct text *out)
{
	text_format(out, "%s: %s -> %s", difference->field, difference->before ? difference->before : "absent",
		    difference->after ? difference->after : "absent");
}

static void tell(const struct difference *difference, bool color, struct text *out)
{
	text_string(out, "  ");
	if (color)
		text_string(out, signs[difference->change].color);
	text_format(out, "%c ", signs[difference->change].sign);
	if (difference->message) {
		name_packets(difference, out);
		text_format(out, " %s -> %s: ", difference->from, difference->to);
		name_message(difference, out);
		if (difference->change == COMPARE_MOVED)
			text_string(out, ", at another place");
		if (difference->field)
			text_string(out, ": ");
	}
	if (difference->field)
		tell_field(difference, out);
	text_string(out, color ? COLOR_RESET "\n" : "\n");
}

static void tell_conversation(const struct comparison *comparison, uint32_t number, bool color, struct text *out)
{
	const struct compared_conversation *conversation = &comparison->conversations[number];
	const struct difference *difference = &comparison->differences[conversation->first];

	if (color && !conversation->in_golden)
		text_string(out, COLOR_MORE);
	else if (color && !conversation->in_student)
		text_string(out, COLOR_LESS);
	name_conversation(conversation, number + 1, out);
	if (conversation->in_golden && conversation->in_student) {
		text_format(out, "%u difference%s%s\n", conversation->count, conversation->count == 1 ? "" : "s",
			    conversation->in_order ? " (too many: compared place by place)" : "");
		for (uint32_t i = 0; i < conversation->count; i++)
			tell(difference + i, color, out);
		return;
	}
	text_string(out, conversation->in_golden ? "missing" : "extra");
	if (conversation->count) {
		text_string(out, ", from ");
		name_packets(difference, out);
		text_string(out, " on");
	}
	text_string(out, color ? COLOR_RESET "\n" : "\n");
}

/* Several in a row that are the same are one line. */
static uint32_t tell_same(const struct comparison *comparison, uint32_t first, struct text *out)
{
	uint32_t next = first;

	while (next < comparison->conversation_count && !comparison->conversations[next].count &&
	       comparison->conversations[next].in_golden && comparison->conversations[next].in_student)
		next++;
	if (next - first == 1) {
		name_conversation(&comparison->conversations[first], first + 1, out);
		text_string(out, "the same\n");
	} else if (next > first) {
		text_format(out, "conversations %u to %u: the same\n", first + 1, next);
	}
	return next;
}

static uint64_t all_changes(const struct comparison *comparison)
{
	uint64_t all = 0;

	for (unsigned i = 0; i < COMPARE_CHANGES; i++)
		all += comparison->changes[i];
	return all;
}

static void tell_sum(const struct comparison *comparison, struct text *out)
{
	const char *before = "different: ";

	for (unsigned i = 0; i < COMPARE_CHANGES; i++) {
		if (!comparison->changes[i])
			continue;
		text_format(out, "%s%llu %s", before, (unsigned long long)comparison->changes[i],
			    compare_change_names[i]);
		before = ", ";
	}
	text_format(out, "; %llu message%s the same\n", (unsigned long long)comparison->same,
		    comparison->same == 1 ? " is" : "s are");
	if (all_changes(comparison) > comparison->count)
		text_format(out, "only the first %u differences are told\n", comparison->count);
	if (comparison->in_order)
		text_format(out, "so many conversations of a kind that they were matched in their order\n");
}

static void print_plain(const struct comparison *comparison, bool color, struct text *out)
{
	uint32_t count = comparison->conversation_count;

	if (!all_changes(comparison)) {
		text_format(out, "the same: %u conversation%s, %llu message%s\n", count, count == 1 ? "" : "s",
			    (unsigned long long)comparison->same, comparison->same == 1 ? "" : "s");
		return;
	}
	for (uint32_t i = 0; i < count; i++) {
		i = tell_same(comparison, i, out);
		if (i < count)
			tell_conversation(comparison, i, color, out);
	}
	tell_sum(comparison, out);
}

/* ------------------------------------------------------------------------------------------------ tables */

static const struct table_column columns[] = {
	{ "change", CELL_TEXT, false },   { "conversation", CELL_UINT, true }, { "transport", CELL_TEXT, false },
	{ "protocol", CELL_TEXT, false }, { "port", CELL_UINT, true },         { "golden", CELL_UINT, true },
	{ "student", CELL_UINT, true },   { "from", CELL_TEXT, false },        { "to", CELL_TEXT, false },
	{ "message", CELL_TEXT, false },  { "words", CELL_TEXT, false },       { "field", CELL_TEXT, false },
	{ "before", CELL_TEXT, false },   { "after", CELL_TEXT, false },
};

static void put_number(struct table *table, bool there, uint64_t number)
{
	if (there)
		table_uint(table, number);
	else
		table_absent(table);
}

static void print_table(const struct comparison *comparison, enum table_form form, struct text *out)
{
	struct table table;

	table_init(&table, columns, sizeof columns / sizeof *columns);
	for (uint32_t i = 0; i < comparison->count; i++) {
		const struct difference *difference = &comparison->differences[i];
		const struct compared_conversation *conversation = &comparison->conversations[difference->conversation];

		table_text(&table, compare_change_names[difference->change]);
		table_uint(&table, difference->conversation + 1);
		table_text(&table, conversation->transport);
		table_text(&table, conversation->application);
		put_number(&table, conversation->has_port, conversation->port);
		put_number(&table, difference->golden, difference->golden);
		put_number(&table, difference->student, difference->student);
		table_text(&table, difference->from);
		table_text(&table, difference->to);
		table_text(&table, difference->message);
		table_text(&table, difference->words);
		table_text(&table, difference->field);
		table_text(&table, difference->before);
		table_text(&table, difference->after);
	}
	table_print(&table, form, out);
	table_release(&table);
}

/* ------------------------------------------------------------------------------------------------ the captures */

struct taking {
	struct transcript *transcript;
	struct reading reading;
};

static int one_packet(void *context, const struct packet *packet, const struct tracked *tracked, struct error *err)
{
	struct taking *taking = context;

	return transcript_packet(taking->transcript, packet, tracked, track_flows(taking->reading.track), err);
}

/* Read twice where that is possible: a port that is learned late speaks its protocol from the beginning. */
static struct transcript *take(const char *file, const struct reading_options *options,
			       const struct compare_rules *rules, struct error *err)
{
	struct taking taking = { .transcript = transcript_new(rules) };
	struct error why;
	int status = reading_open(&taking.reading, file, options, TRACK_ALL, err);

	if (status == 0) {
		protocols_want_all(taking.reading.protocols);
		status = reading_start(&taking.reading, reading_is_repeatable(&taking.reading), err);
	}
	if (status == 0) {
		status = reading_run(&taking.reading, one_packet, &taking, &why);
		if (status == 0)
			status = transcript_finish(taking.transcript, &why);
		if (status < 0 && strstr(why.text, file))
			*err = why;
		else if (status < 0)
			error_set(err, "%s: %s", file, why.text);
	}
	reading_release(&taking.reading);
	if (status == 0)
		return taking.transcript;
	transcript_free(taking.transcript);
	return NULL;
}

static int print(const struct comparison *comparison, int format, bool color, struct error *err)
{
	struct text out = { 0 };
	int status;

	if (format == 0)
		print_plain(comparison, color, &out);
	else
		print_table(comparison, format == 1 ? TABLE_CSV : TABLE_JSON, &out);
	status = command_print(&out, err);
	text_release(&out);
	return status;
}

static int run(const struct diff_arguments *args, const struct compare_rules *rules, const struct words *files,
	       struct error *err)
{
	const char *named = args->diff.json ? "json" : args->diff.format;
	int format = named ? option_word("-T", named, formats, err) : 0, status = -1;
	struct transcript *golden = NULL, *student = NULL;
	struct comparison comparison;
	bool color;

	if (format < 0 || terminal_color(args->diff.color, &color, err) < 0)
		return -1;
	golden = take(files->list[0], &args->reading, rules, err);
	student = golden ? take(files->list[1], &args->reading, rules, err) : NULL;
	if (student) {
		compare(golden, student, rules, &comparison);
		status = args->diff.quiet ? 0 : print(&comparison, format, color, err);
		if (status == 0)
			status = all_changes(&comparison) ? EXIT_NO : EXIT_DONE;
		comparison_release(&comparison);
	}
	transcript_free(golden);
	transcript_free(student);
	return status;
}

static int diff_run(void *arguments, const struct words *words, struct error *err)
{
	const struct diff_arguments *args = arguments;
	struct compare_rules *rules;
	int status = 0;

	if (words->count != 2)
		return error_set(err, "name two captures: sonde diff GOLDEN STUDENT");
	if (!strcmp(words->list[0], "-") && !strcmp(words->list[1], "-"))
		return error_set(err, "standard input is one capture: name a file for the other");
	rules = compare_rules_new();
	for (size_t i = 0; status == 0 && i < args->diff.strict.count; i++)
		status = compare_strict(rules, args->diff.strict.list[i], err);
	for (size_t i = 0; status == 0 && i < args->diff.ignore.count; i++)
		status = compare_ignore(rules, args->diff.ignore.list[i], err);
	if (status == 0)
		status = run(args, rules, words, err);
	compare_rules_free(rules);
	return status;
}

static const char *const examples[] = {
	"sonde diff golden.pcapng student.pcapng",
	"what a student's run lacks, has too much or says otherwise",
	"sonde diff golden.pcapng student.pcapng --ignore udp.port --ignore chat.user",
	"whatever the port and the names",
	"sonde diff -q golden.pcapng student.pcapng && echo passed",
	"in a script",
	NULL,
};

const struct command diff_command = {
	.name = "diff",
	.summary = "compare a capture with the model run",
	.synopsis = "GOLDEN STUDENT",
	.description =
		"Compares two captures of the same exercise by conversation and message, and tells what is missing "
		"(-), extra "
		"(+), changed (~) or at another place (>). Addresses, ephemeral ports, times, checksums, "
		"identifications, "
		"sequence numbers, segments, retransmissions and the text of dates do not count; the server's port, "
		"the kind "
		"and the text of messages, refusals, and who opens and closes a connection do.\n\n"
		"Exit status 0: the same; 1: different; 2: a capture could not be read or has too much to be compared.",
	.examples = examples,
	.groups = groups,
	.size = sizeof(struct diff_arguments),
	.run = diff_run,
};
