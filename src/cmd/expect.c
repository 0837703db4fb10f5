/* SPDX-License-Identifier: BSD-2-Clause */
/* sonde expect: says whether a capture, or what the network brings, is as it should be. */
#include "cmd/expect.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "cmd/command.h"
#include "cmd/expect_output.h"
#include "cmd/terminal.h"
#include "render/about.h"
#include "render/endpoint.h"

#define FILE_MOST (1 << 20) /* octets of a file of expectations */

struct expect_arguments {
	struct expect_options {
		struct words files;
		const char *format;
		const char *junit;
		const char *color;
		bool tap, json;
	} expect;
	struct expect_live_options live;
	struct reading_options reading;
};

#define MEMBER(name) offsetof(struct expect_options, name)
static const struct option_row rows[] = {
	{ 0, "file", "FILE", OPTION_WORDS, MEMBER(files),
	  "the expectations of this file, one a line; may be given many times", NULL, "file" },
	{ 'T', "format", "FORMAT", OPTION_STRING, MEMBER(format),
	  "plain (the default), csv or json (one object a line)", NULL, "plain csv json" },
	{ 0, "json", NULL, OPTION_FLAG, MEMBER(json), "the same as -T json", NULL, NULL },
	{ 0, "tap", NULL, OPTION_FLAG, MEMBER(tap), "print TAP, the Test Anything Protocol", NULL, NULL },
	{ 0, "junit", "FILE", OPTION_STRING, MEMBER(junit), "write JUnit's XML into FILE as well", NULL, "file" },
	{ 0, "color", "WHEN", OPTION_STRING, MEMBER(color),
	  "auto (on a terminal, unless NO_COLOR is set), always or never", NULL, "auto always never" },
	{ 0, NULL, NULL, OPTION_FLAG, 0, NULL, NULL, NULL },
};
#undef MEMBER

static const struct option_group groups[] = {
	{ "What is expected, and how the answers are printed", rows, offsetof(struct expect_arguments, expect) },
	{ "Live", expect_live_rows, offsetof(struct expect_arguments, live) },
	{ "Which packets", reading_rows, offsetof(struct expect_arguments, reading) },
	{ "How they are decoded", decode_rows, offsetof(struct expect_arguments, reading.decode) },
	{ NULL, NULL, 0 },
};

/* ------------------------------------------------------------------------------------------------ words */

static void say_value(void *context, const struct field *field, struct text *out)
{
	bool quoted = field->def->type == FIELD_STRING;

	(void)context;
	text_string(out, quoted ? "\"" : "");
	render_value_named(out, field);
	text_string(out, quoted ? "\"" : "");
}

static void say_packet(void *context, const struct packet *packet, struct text *out)
{
	unsigned about = about_layer(packet, protocols_find("data"));

	text_string(out, endpoint_of(context, NULL, packet, false)->text);
	text_string(out, " > ");
	text_string(out, endpoint_of(context, NULL, packet, true)->text);
	text_format(out, " %s ", packet->layers[about].dissector->title);
	about_words(packet, about, out);
}

/* ------------------------------------------------------------------------------------------------ what was asked */

static int read_file(struct text *out, const char *path, struct error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = 0;

	if (fd < 0)
		return error_errno(err, "%s", path);
	do {
		got = read(fd, text_room(out, 65536), 65536);
		out->length += got > 0 ? (size_t)got : 0;
	} while ((got > 0 && out->length <= FILE_MOST) || (got < 0 && errno == EINTR));
	if (got < 0)
		error_errno(err, "%s", path);
	else if (got > 0)
		got = error_set(err, "%s: more than a megabyte; that is no list of expectations", path);
	close(fd);
	return got < 0 ? -1 : 0;
}

static int add_file(struct expectations *list, const char *path, struct error *err)
{
	struct text text = { 0 };
	size_t before = expectations_count(list);
	int status = read_file(&text, path, err);

	if (status == 0 && text.length)
		status = expectations_add_lines(list, path, text.data, text.length, err);
	if (status == 0 && expectations_count(list) == before)
		status = error_set(err, "%s: nothing is expected in it", path);
	text_release(&text);
	return status;
}

static int add_all(struct expectations *list, const struct expect_arguments *args, const struct words *words,
		   size_t first, struct error *err)
{
	for (size_t i = 0; i < args->expect.files.count; i++)
		if (add_file(list, args->expect.files.list[i], err) < 0)
			return -1;
	for (size_t i = first; i < words->count; i++)
		if (expectations_add(list, words->list[i], NULL, err) < 0)
			return -1;
	if (!expectations_count(list))
		return error_set(err,
				 "nothing is expected; say what, as in 'count(date.reply) >= 1', or name a file of "
				 "expectations with --file");
	return 0;
}

static const char *format_of(const struct expect_options *options)
{
	return options->json ? "json" : options->format;
}

static int check(const struct expect_arguments *args, const struct words *words, struct error *err)
{
	static const char *const formats[] = { "plain", "csv", "json", NULL };
	const char *format = format_of(&args->expect);
	bool color;

	if (format && option_word("-T", format, formats, err) < 0)
		return -1;
	if (terminal_color(args->expect.color, &color, err) < 0)
		return -1;
	if (format && args->expect.tap)
		return error_set(err, "-T %s and --tap: choose one", format);
	if (args->live.interfaces.count)
		return 0;
	if (!words->count || (strchr(words->list[0], '(') && access(words->list[0], F_OK) < 0))
		return error_set(err, "no capture is named; try sonde expect FILE EXPECTATION, or -i INTERFACE");
	if (args->live.within || args->live.ready || args->live.user)
		return error_set(err, "--within, --ready-fd and -Z are for a live capture; add -i INTERFACE");
	return 0;
}

/* ------------------------------------------------------------------------------------------------ judging */

const char *expect_lost(uint64_t packets, char *words)
{
	if (!packets)
		return NULL;
	snprintf(words, 128, "%llu packet%s lost while capturing", (unsigned long long)packets,
		 packets == 1 ? " was" : "s were");
	return words;
}

struct judging {
	struct expectations *list;
	struct reading reading;
	uint64_t lost; /* before single packets */
};

static int judge(void *context, const struct packet *packet, const struct tracked *tracked, struct error *err)
{
	struct judging *judging = context;
	const struct frame *frame = packet->frame;

	if (!protocols_know_link(judging->reading.protocols, frame->link))
		return error_set(err, "link type %u is not known here; -d linktype==%u,eth takes it for Ethernet",
				 frame->link, frame->link);
	if (frame->has_drops)
		judging->lost += frame->drops_before;
	expectations_packet(judging->list, packet, tracked);
	return 0;
}

/* Files count what was lost for each packet, or in all, or both. */
static uint64_t lost(const struct judging *judging)
{
	struct source_counters counters;

	source_counters_all(judging->reading.source, &counters);
	if (counters.dropped == COUNTER_UNKNOWN || counters.dropped < judging->lost)
		return judging->lost;
	return counters.dropped;
}

static void finish(struct judging *judging, int status, const struct error *err)
{
	struct text why = { 0 };
	char words[128];

	if (status == 0) {
		expectations_finish(judging->list, expect_lost(lost(judging), words));
		return;
	}
	text_escaped(&why, err->text, strlen(err->text));
	text_char(&why, '\0');
	expectations_finish(judging->list, why.data);
	text_release(&why);
}

static int judge_file(struct expectations *list, const char *file, const struct reading_options *options, bool *judged,
		      struct error *err)
{
	struct judging judging = { .list = list };
	struct dialogue_listener listener;
	int status = reading_open(&judging.reading, file, options, TRACK_ALL, err);

	if (status == 0) {
		expectations_want(list, judging.reading.protocols);
		status = reading_start(&judging.reading, expectations_ahead(list) != NULL, err);
	}
	if (status == 0) {
		expectations_listener(list, &listener);
		track_listen(judging.reading.track, &listener);
		status = reading_run(&judging.reading, judge, &judging, err);
		finish(&judging, status, err);
		*judged = true;
	}
	reading_release(&judging.reading);
	return status;
}

/* ------------------------------------------------------------------------------------------------ answers */

static int print(const struct expectations *list, const struct expect_options *options, const char *name, int junit,
		 struct error *err)
{
	const char *format = format_of(options);
	struct text out = { 0 };
	bool color;
	int status;

	if (terminal_color(options->color, &color, err) < 0)
		return -1;
	if (options->tap)
		expect_tap(list, &out);
	else if (format && strcmp(format, "plain"))
		expect_rows(list, !strcmp(format, "json"), &out);
	else
		expect_plain(list, color, &out);
	status = command_print(&out, err);
	text_clear(&out);
	if (status == 0 && junit >= 0) {
		expect_junit(list, name, &out);
		if (command_write(junit, &out) < 0)
			status = error_errno(err, "%s", options->junit);
	}
	text_release(&out);
	return status;
}

static int verdict(const struct expectations *list)
{
	int status = EXIT_DONE;

	for (size_t i = 0; i < expectations_count(list); i++) {
		enum expect_verdict one = expectations_answer(list, i).verdict;

		if (one == EXPECT_NO)
			return EXIT_NO;
		if (one != EXPECT_YES)
			status = EXIT_USAGE;
	}
	return status;
}

extern const struct command expect_command;

static int judge_and_print(struct expectations *list, const struct expect_arguments *args, const struct words *words,
			   int junit, struct error *err)
{
	const char *name = args->live.interfaces.count ? args->live.interfaces.list[0] : words->list[0];
	bool judged = false;
	int status = args->live.interfaces.count ? expect_live(list, &args->live, &args->reading, &judged, err)
						 : judge_file(list, name, &args->reading, &judged, err);

	if (!judged || print(list, &args->expect, name, junit, status < 0 ? &(struct error){ 0 } : err) < 0)
		return -1;
	if (status == 0)
		return verdict(list);
	/* What has failed for certain has failed, whatever became of the capture after that. */
	if (verdict(list) != EXIT_NO)
		return -1;
	command_complain(&expect_command, err->text);
	return EXIT_NO;
}

static int expect_run(void *arguments, const struct words *words, struct error *err)
{
	const struct expect_arguments *args = arguments;
	struct endpoint_cache *endpoints = mem_new(1, sizeof *endpoints);
	const struct expect_words how = { .value = say_value, .packet = say_packet, .context = endpoints };
	struct expectations *list = expectations_new(&how);
	int junit = -1, status = check(args, words, err);

	if (status == 0)
		status = add_all(list, args, words, args->live.interfaces.count ? 0 : 1, err);
	/* While there are rights to do so. */
	if (status == 0 && args->expect.junit) {
		junit = open(args->expect.junit, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
		if (junit < 0)
			status = error_errno(err, "%s", args->expect.junit);
	}
	if (status == 0)
		status = judge_and_print(list, args, words, junit, err);
	if (junit >= 0)
		close(junit);
	expectations_free(list);
	free(endpoints);
	return status;
}

static const char *const examples[] = {
	"sonde expect lab.pcapng 'count(date.reply) >= 1' 'paired(date) within 1s'",
	"somebody answered, and everybody who asked had an answer in time",
	"sonde expect lab.pcapng 'all(echo.response, echo.identical == 1)'",
	"what comes back is what was sent",
	"sonde expect lab.pcapng --file lab2.expect --junit lab2.xml",
	"the expectations of a file, and the answers for a build server",
	"sudo sonde expect -i lo --within 10s 'seq(chat.kind == \"join\", chat.to == \"bob\")'",
	"judge what comes, for ten seconds at most",
	NULL,
};

const struct command expect_command = {
	.name = "expect",
	.summary = "say whether a capture is as it should be",
	.synopsis = "[FILE] EXPECTATION...",
	.description =
		"Judges a capture file, or with -i what comes by an interface. Each expectation is a sentence "
		"over display filters: count(FILTER) >= N, none(FILTER), all(FILTER, FILTER), seq(FILTER, FILTER, "
		"...), paired(PROTOCOL) within TIME, each(FIELD) in {VALUE, ...}, and min, max, avg, sum or "
		"p99(FIELD where FILTER) < VALUE. \"WORDS\": before it names it, and -- WORDS behind it is said "
		"when it fails. docs/expect.md is the whole language.\n\n"
		"A line each is printed: ok or not ok, and the packets that show why. Exit status 0: all are ok; "
		"1: one is not; 2: it could not be judged. Live, it ends as soon as no later packet can change "
		"any answer, at --within, or at an interrupt.",
	.examples = examples,
	.groups = groups,
	.size = sizeof(struct expect_arguments),
	.run = expect_run,
};
