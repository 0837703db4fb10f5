/* SPDX-License-Identifier: BSD-2-Clause */
/* sonde ladder: the dialogue as arrows between hosts, as text or as a picture. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/command.h"
#include "cmd/reading.h"
#include "cmd/terminal.h"
#include "render/ladder.h"

#define WIDTH_MOST 2000

extern const struct command ladder_command;

struct ladder_arguments {
	struct reading_options reading;
	struct ladder_options {
		const char *svg, *color;
		uint64_t width;
		bool ascii;
	} ladder;
};

static const struct option_row rows[] = {
	{ 0, "svg", "FILE", OPTION_STRING, offsetof(struct ladder_options, svg),
	  "a picture instead, for a browser or a report; - is standard output", NULL, "file" },
	{ 0, "width", "N", OPTION_COUNT, offsetof(struct ladder_options, width),
	  "columns of text; default: the terminal's, or $COLUMNS, or 80", NULL, NULL },
	{ 0, "ascii", NULL, OPTION_FLAG, offsetof(struct ladder_options, ascii),
	  "lines of + - | < > also where the locale is UTF-8", NULL, NULL },
	{ 0, "color", "WHEN", OPTION_STRING, offsetof(struct ladder_options, color),
	  "auto (on a terminal, unless NO_COLOR is set), always or never", NULL, "auto always never" },
	{ 0, NULL, NULL, OPTION_FLAG, 0, NULL, NULL, NULL },
};

static const struct option_group groups[] = {
	{ "Which packets", reading_rows, offsetof(struct ladder_arguments, reading) },
	{ "How they are decoded", decode_rows, offsetof(struct ladder_arguments, reading.decode) },
	{ "How they are drawn", rows, offsetof(struct ladder_arguments, ladder) },
	{ NULL, NULL, 0 },
};

/* ------------------------------------------------------------------------------------------------ the arrows */

struct drawing {
	struct ladder ladder;
	struct reading reading;
	uint64_t read_at_most;
};

static int one_packet(void *context, const struct packet *packet, const struct tracked *tracked, struct error *err)
{
	struct drawing *drawing = context;

	(void)err;
	ladder_packet(&drawing->ladder, packet, tracked);
	return 0;
}

/* What the summary cannot know in one reading. Where -c has ended it an answer may have followed. */
static void on_dialogue(void *context, const struct dialogue *dialogue, bool over)
{
	struct drawing *drawing = context;
	bool whole = !drawing->read_at_most || drawing->reading.passed < drawing->read_at_most;

	if (over && dialogue->end == DIALOGUE_UNANSWERED && whole)
		ladder_mark(&drawing->ladder, dialogue->request, "no answer");
	if (dialogue->end == DIALOGUE_REFUSED)
		ladder_mark(&drawing->ladder, dialogue->request, "refused");
}

static int collect(struct drawing *drawing, struct error *err)
{
	const struct dialogue_listener listener = { .dialogue = on_dialogue, .context = drawing };

	protocols_want_brief(drawing->reading.protocols);
	protocols_want_roles(drawing->reading.protocols);
	if (reading_start(&drawing->reading, false, err) < 0)
		return -1;
	track_listen(drawing->reading.track, &listener);
	return reading_run(&drawing->reading, one_packet, drawing, err);
}

/* ------------------------------------------------------------------------------------------------ the drawing */

static int save(const char *file, const struct text *picture, struct error *err)
{
	int fd = strcmp(file, "-") ? open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666) : STDOUT_FILENO;
	int status;

	if (fd < 0)
		return error_errno(err, "%s", file);
	if (fd == STDOUT_FILENO)
		return command_print(picture, err);
	status = command_write(fd, picture) < 0 ? error_errno(err, "%s", file) : 0;
	if (close(fd) < 0 && status == 0)
		status = error_errno(err, "%s", file);
	return status;
}

static int draw(const struct ladder *ladder, const char *file, const struct ladder_options *options, bool color,
		struct error *err)
{
	struct ladder_style style = {
		.width = options->width ? (unsigned)options->width : terminal_width(),
		.utf8 = !options->ascii && terminal_is_utf8(),
		.color = color,
	};
	const char *name = strrchr(file, '/') ? strrchr(file, '/') + 1 : file;
	struct text out = { 0 };
	int status;

	if (options->svg)
		ladder_svg(ladder, strcmp(name, "-") ? name : "standard input", &out);
	else
		ladder_text(ladder, &style, &out);
	status = options->svg ? save(options->svg, &out, err) : command_print(&out, err);
	text_release(&out);
	return status;
}

static void tell_rest(const struct ladder *ladder)
{
	char sentence[160];

	if (!ladder->passed)
		command_complain(&ladder_command, "nothing is drawn: the capture has no packet that is wanted");
	if (ladder->passed <= ladder->count)
		return;
	snprintf(sentence, sizeof sentence,
		 "the first %zu of %llu packets are drawn: -Y chooses others, -c N draws as many as that",
		 ladder->count, (unsigned long long)ladder->passed);
	command_complain(&ladder_command, sentence);
}

static int check(const struct ladder_options *options, bool *color, struct error *err)
{
	if (options->width && (options->width < LADDER_WIDTH_LEAST || options->width > WIDTH_MOST))
		return error_set(err, "--width %llu: use %u to %u", (unsigned long long)options->width,
				 LADDER_WIDTH_LEAST, WIDTH_MOST);
	return terminal_color(options->color, color, err);
}

static int ladder_run(void *arguments, const struct words *words, struct error *err)
{
	const struct ladder_arguments *args = arguments;
	struct drawing drawing = { .read_at_most = args->reading.count };
	struct error later;
	int status, drawn;
	bool color;

	if (words->count != 1)
		return error_set(err, "which capture? name one file, or - for standard input");
	if (check(&args->ladder, &color, err) < 0)
		return -1;
	ladder_init(&drawing.ladder, args->reading.count);
	status = reading_open(&drawing.reading, words->list[0], &args->reading, TRACK_ALL, err);
	if (status == 0) {
		/* A capture that is cut is drawn as far as it goes. */
		status = collect(&drawing, err);
		drawn = draw(&drawing.ladder, words->list[0], &args->ladder, color, status < 0 ? &later : err);
		status = drawn < 0 ? -1 : status;
		tell_rest(&drawing.ladder);
	}
	reading_release(&drawing.reading);
	ladder_release(&drawing.ladder);
	return status < 0 ? -1 : EXIT_DONE;
}

static const char *const examples[] = {
	"sonde ladder lab.pcapng",
	"the first packets as arrows",
	"sonde ladder lab.pcapng -Y 'udp.stream == 0'",
	"one conversation",
	"sonde ladder lab.pcapng --svg lab.svg",
	"a picture, to be opened in a browser or put into a report",
	NULL,
};

const struct command ladder_command = {
	.name = "ladder",
	.summary = "draw the dialogue as arrows between hosts",
	.synopsis = "FILE",
	.description =
		"Draws packets as a ladder: a column a host, an arrow a packet with what it says, from top to bottom "
		"as "
		"time goes. At the left stand the number of the packet and the time since the one above. A host that "
		"talks to itself (loopback) has a column an endpoint. What is sent to everybody goes, dashed, to all "
		"columns. What went wrong stands in brackets: an answer that never came, a retransmission, a packet "
		"that "
		"is malformed.\n\n"
		"The first 1000 packets are drawn, or as many as -c says. Hosts that there is no room for share the "
		"last "
		"column; -Y chooses.",
	.examples = examples,
	.groups = groups,
	.size = sizeof(struct ladder_arguments),
	.run = ladder_run,
};
