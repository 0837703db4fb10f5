/* SPDX-License-Identifier: BSD-2-Clause */
/* sonde read: a capture file shown, counted or written anew. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/process.h"
#include "cmd/command.h"
#include "cmd/expression.h"
#include "cmd/reading.h"
#include "cmd/save.h"
#include "cmd/show.h"
#include "io/capture.h"

extern const struct command read_command;

struct read_arguments {
	struct show_options show;
	struct save_options save;
	struct read_options {
		const char *file;
		const char *filter;
		uint64_t count;
		bool follow, print, two_pass;
	} read;
};

static const struct option_row rows[] = {
	{ 'r', "read", "FILE", OPTION_STRING, offsetof(struct read_options, file), "the same as naming FILE", NULL,
	  "file" },
	{ 'f', "filter", "FILTER", OPTION_STRING, offsetof(struct read_options, filter),
	  "only packets that pass this capture filter, see pcap-filter(7)", NULL, NULL },
	{ 'c', "count", "N", OPTION_COUNT, offsetof(struct read_options, count), "stop after N packets", NULL, NULL },
	{ '2', "two-pass", NULL, OPTION_FLAG, offsetof(struct read_options, two_pass),
	  "read the file twice, so that packets know what later ones say of them", NULL, NULL },
	{ 0, "follow", NULL, OPTION_FLAG, offsetof(struct read_options, follow),
	  "at the end of the file wait for more, until interrupted", NULL, NULL },
	{ 0, "print", NULL, OPTION_FLAG, offsetof(struct read_options, print), "with -w show the packets as well", NULL,
	  NULL },
	{ 0, NULL, NULL, OPTION_FLAG, 0, NULL, NULL, NULL },
};

static const struct option_group groups[] = {
	{ "Which packets", rows, offsetof(struct read_arguments, read) },
	{ "How they are shown", show_rows, offsetof(struct read_arguments, show) },
	{ "How they are decoded", decode_rows, offsetof(struct read_arguments, show.decode) },
	{ "Saving them", save_rows, offsetof(struct read_arguments, save) },
	{ NULL, NULL, 0 },
};

/* Both ends are tidied up whatever happened; the first thing that went wrong is what the user hears of. */
static int run_capture(struct capture *capture, struct show *show, const struct read_arguments *args,
		       struct error *err)
{
	bool quiet = args->show.quiet;
	bool file = capture->packet && !capture->sink && capture->signals < 0 && show_may_wait(show);
	struct error later;
	int status = file ? show_file(show, capture, err) : capture_run(capture, err);

	if ((capture->packet || quiet) && show_finish(show, capture, status < 0 ? &later : err) < 0)
		status = -1;
	if (quiet && !capture->sink) {
		text_format(&show->out, "%llu packets\n",
			    (unsigned long long)(show->filter ? show->shown : capture->packets));
		if (command_print(&show->out, status < 0 ? &later : err) < 0)
			status = -1;
	}
	save_tell_losses(&args->save, capture->sink, &read_command);
	if (sink_close(capture->sink, status < 0 ? &later : err) < 0)
		status = -1;
	return status;
}

/* With -w: what passes the display filter is written. */
static int choose_frame(void *context, struct frame *frame, struct error *err)
{
	(void)err;
	return !frame->data || show_would(context, frame);
}

static int open_sink(struct capture *capture, const struct read_arguments *args, struct show *show, struct error *err)
{
	const struct source_step step = { .take = choose_frame, .context = show };

	if (save_open(&capture->sink, &args->save, capture->source, args->read.filter, err) < 0)
		return -1;
	if (!capture->sink || !show->filter)
		return 0;
	if (args->read.print)
		return error_set(err, "-Y with -w and --print: one of the three is too many; read what -w wrote");
	capture->source = source_step_open(capture->source, &step);
	return 0;
}

static int foresee(const struct read_arguments *args, const char *file, struct show *show, struct error *err)
{
	bool ahead = args->read.two_pass || show_looks_ahead(show);

	if (!ahead)
		return 0;
	if (args->read.follow)
		return error_set(err,
				 "--follow: what later packets say cannot be known; leave out -2, or the fields that "
				 "need it");
	show->foresight = reading_foresee(file, args->read.filter, &args->show.decode, TRACK_ALL, err);
	return show->foresight ? 0 : -1;
}

static int with_show(const struct read_arguments *args, const char *file, struct capture *capture, struct show *show,
		     struct error *err)
{
	bool showing;
	int status = foresee(args, file, show, err);

	if (status == 0)
		status = open_sink(capture, args, show, err);
	if (status < 0)
		return -1;
	if ((capture->sink || args->read.follow) && (capture->signals = process_signals(err)) < 0)
		return -1;
	showing = (!capture->sink || args->read.print) && (show->renderer || show->filter);
	capture->context = show;
	if (showing && show->filter)
		show->stop_shown = args->read.count;
	else
		capture->stop_packets = args->read.count;
	if (showing) {
		capture->packet = show_packet;
		capture->idle = show_flush;
	}
	return run_capture(capture, show, args, err);
}

/* Closes the source. */
static int with_source(const struct read_arguments *args, const char *file, struct source *source, struct error *err)
{
	struct capture capture = { .source = source, .signals = -1 };
	struct show show;
	int status = show_open(&show, &args->show, source, false, err);

	if (status == 0)
		status = with_show(args, file, &capture, &show, err);
	if (capture.signals >= 0)
		close(capture.signals);
	source_close(capture.source);
	show_release(&show);
	return status < 0 ? -1 : EXIT_DONE;
}

static int read_run(void *arguments, const struct words *words, struct error *err)
{
	struct read_arguments *args = arguments;
	const char *file = args->read.file;
	size_t first = file ? 0 : 1;
	struct source *source;
	struct text filter = { 0 };
	int status;

	if (!file && !words->count)
		return error_set(err, "no file is named; try sonde read FILE, or - for standard input");
	if (!file)
		file = words->list[0];
	status = expression_join(&filter, &args->read.filter, words, first, err);
	source = status < 0 ? NULL : reading_source(file, args->read.filter, args->read.follow, err);
	if (source)
		status = with_source(args, file, source, err);
	text_release(&filter);
	return source ? status : -1;
}

static const char *const examples[] = {
	"sonde read lab.pcapng",
	"one line a packet",
	"sonde read lab.pcapng -V udp port 5555",
	"every field of the packets that pass a capture filter",
	"sonde read lab.pcap -T json | jq .udp",
	"one object a packet",
	"sonde read lab.pcap -T fields -e ip.src -e date.time",
	"chosen fields as columns",
	"ssh host sonde capture -i eth0 -w - | sonde read -",
	"what another machine sees",
	NULL,
};

const struct command read_command = {
	.name = "read",
	.summary = "show what a capture file holds",
	.synopsis = "FILE [FILTER]...",
	.description =
		"Reads a capture file (pcap or pcapng, plain or compressed with gzip or zstd; - is standard input) and "
		"shows "
		"its packets, one line each. Words after FILE are a capture filter as in pcap-filter(7). With -w the "
		"packets are written into another file instead; what a pcapng file holds besides packets is kept when "
		"the new file is pcapng too. A file that is cut shows what it holds, then an error that names the "
		"offset, and exit status 2.",
	.examples = examples,
	.groups = groups,
	.size = sizeof(struct read_arguments),
	.run = read_run,
};
