/* SPDX-License-Identifier: BSD-2-Clause */
/* sonde capture: packets of the network, shown as they come or saved. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/process.h"
#include "cmd/command.h"
#include "cmd/expression.h"
#include "cmd/listening.h"
#include "cmd/save.h"
#include "cmd/show.h"
#include "io/capture.h"
#include "io/privilege.h"

struct capture_options {
	struct words interfaces;
	struct words stops;
	const char *filter;
	const char *engine;
	const char *direction;
	const char *user;
	const char *ready;
	uint64_t count, snaplen, buffer;
	bool no_promiscuous, print, strict;
};

struct capture_arguments {
	struct show_options show;
	struct save_options save;
	struct capture_options capture;
};

#define MEMBER(name) offsetof(struct capture_options, name)
static const struct option_row rows[] = {
	{ 'i', "interface", "NAME", OPTION_WORDS, MEMBER(interfaces),
	  "capture on this interface; may be given many times; any (the default) is all of them", NULL, "interface" },
	{ 'f', "filter", "FILTER", OPTION_STRING, MEMBER(filter),
	  "only packets that pass this capture filter, see pcap-filter(7)", NULL, NULL },
	{ 's', "snapshot-length", "N", OPTION_NUMBER, MEMBER(snaplen), "keep the first N octets of each packet; 0: all",
	  NULL, NULL },
	{ 'Q', "direction", "WAY", OPTION_STRING, MEMBER(direction), "in, out or inout (the default)", NULL,
	  "in out inout" },
	{ 'p', "no-promiscuous", NULL, OPTION_FLAG, MEMBER(no_promiscuous), "only what is meant for this machine", NULL,
	  NULL },
	{ 'B', "buffer-size", "KIB", OPTION_COUNT, MEMBER(buffer), "kernel buffer for each interface, in KiB", NULL,
	  NULL },
	{ 0, "engine", "NAME", OPTION_STRING, MEMBER(engine), "ring (the default) or pcap", NULL, "ring pcap" },
	{ 0, NULL, NULL, OPTION_FLAG, 0, NULL, NULL, NULL },
};

static const struct option_row run_rows[] = {
	{ 'c', "count", "N", OPTION_COUNT, MEMBER(count), "stop after N packets", NULL, NULL },
	{ 'a', "autostop", "WHAT:N", OPTION_WORDS, MEMBER(stops),
	  "stop after duration:TIME (by the wall clock, also when nothing arrives), filesize:KIB or packets:N", NULL,
	  "duration: filesize: packets:" },
	{ 0, "print", NULL, OPTION_FLAG, MEMBER(print), "with -w show the packets as well", NULL, NULL },
	{ 0, "ready-fd", "FD", OPTION_STRING, MEMBER(ready),
	  "write a newline to this descriptor and close it as soon as every packet from then on is captured", NULL,
	  NULL },
	{ 'Z', "user", "USER", OPTION_STRING, MEMBER(user), "become USER once capturing is armed", NULL, NULL },
	{ 0, "strict", NULL, OPTION_FLAG, MEMBER(strict), "exit status 3 when packets were lost", NULL, NULL },
	{ 0, NULL, NULL, OPTION_FLAG, 0, NULL, NULL, NULL },
};
#undef MEMBER

static const struct option_group groups[] = {
	{ "What is captured", rows, offsetof(struct capture_arguments, capture) },
	{ "How long, and with which rights", run_rows, offsetof(struct capture_arguments, capture) },
	{ "How packets are shown", show_rows, offsetof(struct capture_arguments, show) },
	{ "How packets are decoded", decode_rows, offsetof(struct capture_arguments, show.decode) },
	{ "Saving them", save_rows, offsetof(struct capture_arguments, save) },
	{ NULL, NULL, 0 },
};

/* ------------------------------------------------------------------------------------------------ what was asked */

static int stop_duration(struct capture *capture, const char *value)
{
	return option_duration(value, &capture->stop_after) || !capture->stop_after ? -1 : 0;
}

static int stop_filesize(struct capture *capture, const char *value)
{
	if (option_number(value, &capture->stop_bytes) < 0 || !capture->stop_bytes || capture->stop_bytes >> 53)
		return -1;
	capture->stop_bytes *= 1024;
	return 0;
}

static int stop_packets(struct capture *capture, const char *value)
{
	return option_number(value, &capture->stop_packets) || !capture->stop_packets ? -1 : 0;
}

static const struct {
	const char *name;
	int (*set)(struct capture *capture, const char *value);
} stops[] = { { "duration", stop_duration }, { "filesize", stop_filesize }, { "packets", stop_packets } };

static int add_stop(struct capture *capture, const char *stop, struct error *err)
{
	size_t name = strcspn(stop, ":");

	for (unsigned i = 0; i < sizeof stops / sizeof *stops; i++) {
		if (strlen(stops[i].name) != name || memcmp(stops[i].name, stop, name) || !stop[name])
			continue;
		if (stops[i].set(capture, stop + name + 1) < 0)
			return error_set(err, "-a %s: '%s' is not a value above 0", stop, stop + name + 1);
		return 0;
	}
	return error_set(err, "-a %s: use duration:TIME, filesize:KIB or packets:N", stop);
}

static const struct {
	const char *name;
	enum capture_direction direction;
} directions[] = { { "in", CAPTURE_IN }, { "out", CAPTURE_OUT }, { "inout", CAPTURE_INOUT } };

static int choose_direction(const char *name, enum capture_direction *direction, struct error *err)
{
	for (unsigned i = 0; name && i < sizeof directions / sizeof *directions; i++)
		if (!strcmp(name, directions[i].name)) {
			*direction = directions[i].direction;
			return 0;
		}
	return name ? error_set(err, "-Q %s: use in, out or inout", name) : 0;
}

static const struct {
	const char *name;
	listening_engine *open;
} engines[] = { { "ring", source_ring_open }, { "pcap", source_live_open } };

/* ------------------------------------------------------------------------------------------------ opening */

static struct source *open_sources(const struct capture_options *options, struct error *err)
{
	struct source_live_options live = {
		.filter = options->filter,
		.snaplen = (uint32_t)options->snaplen,
		.buffer_bytes = (uint32_t)(options->buffer * 1024),
		.no_promiscuous = options->no_promiscuous,
	};
	const char *engine = options->engine ? options->engine : "ring";

	if (options->snaplen > 262144 || options->buffer > 1 << 20) {
		error_set(err, "-s takes at most 262144 octets and -B at most 1048576 KiB");
		return NULL;
	}
	if (choose_direction(options->direction, &live.direction, err) < 0)
		return NULL;
	for (unsigned i = 0; i < sizeof engines / sizeof *engines; i++)
		if (!strcmp(engine, engines[i].name))
			return listening_open(&options->interfaces, &live, engines[i].open, err);
	error_set(err, "--engine %s: use ring or pcap", engine);
	return NULL;
}

/* ------------------------------------------------------------------------------------------------ running */

static void say_counter(const char *what, uint64_t count)
{
	if (count == COUNTER_UNKNOWN)
		fprintf(stderr, "unknown number of packets %s\n", what);
	else
		fprintf(stderr, "%llu packets %s\n", (unsigned long long)count, what);
}

static void report(void *context, const struct capture *capture)
{
	struct source_counters counters;

	(void)context;
	source_counters_all(capture->source, &counters);
	say_counter("captured", capture->packets);
	say_counter("received by filter", counters.received);
	say_counter("dropped by kernel", counters.dropped);
	if (counters.interface_dropped != COUNTER_UNKNOWN && counters.interface_dropped)
		say_counter("dropped by interface", counters.interface_dropped);
	if (capture->not_shown)
		fprintf(stderr, "%llu packets not shown: decoding was slower than the wire; all are in the file\n",
			(unsigned long long)capture->not_shown);
}

static int exit_status(const struct capture *capture, const struct capture_options *options)
{
	struct source_counters counters;

	source_counters_all(capture->source, &counters);
	if (!options->strict)
		return EXIT_DONE;
	return (counters.dropped != COUNTER_UNKNOWN && counters.dropped) ||
			       (counters.interface_dropped != COUNTER_UNKNOWN && counters.interface_dropped) ||
			       capture->not_shown
		       ? EXIT_LOST
		       : EXIT_DONE;
}

/* What was captured is saved, shown and counted whatever ended the run; the first fault is the one that is told. */
static int run_and_finish(struct capture *capture, struct show *show, const struct capture_options *options,
			  struct error *err)
{
	struct error later;
	int status = capture_run(capture, err);

	if (capture->packet && show_finish(show, capture, status < 0 ? &later : err) < 0)
		status = -1;
	report(NULL, capture);
	if (sink_close(capture->sink, status < 0 ? &later : err) < 0)
		status = -1;
	capture->sink = NULL;
	return status < 0 ? -1 : exit_status(capture, options);
}

/*
 * Without capabilities root may write only into root's own folders. Later files of a rotation are made then, so under
 * sudo they are made by whoever called it.
 */
static const char *new_user(const struct capture_arguments *args)
{
	const char *caller = getenv("SUDO_USER");

	if (args->capture.user || !save_rotates(&args->save) || geteuid() != 0 || !caller || !*caller)
		return args->capture.user;
	return caller;
}

static int armed(struct capture *capture, struct show *show, const struct capture_arguments *args, struct error *err)
{
	if (privilege_drop(new_user(args), err) < 0)
		return -1;
	if (save_rotates(&args->save) && save_check_folder(&args->save, err) < 0)
		return -1;
	listening_announce(capture->source, args->capture.filter);
	if (listening_ready(args->capture.ready, err) < 0)
		return -1;
	return run_and_finish(capture, show, &args->capture, err);
}

static int open_and_run(struct capture *capture, struct show *show, const struct capture_arguments *args,
			struct error *err)
{
	int status;

	capture->signals = process_signals(err);
	if (capture->signals < 0)
		return -1;
	if (privilege_limit(err) < 0)
		return -1;
	capture->source = open_sources(&args->capture, err);
	if (!capture->source)
		return -1;
	if (save_open(&capture->sink, &args->save, capture->source, args->capture.filter, err) < 0)
		return -1;
	if ((!capture->sink || args->capture.print) && (show->renderer || show->filter)) {
		capture->packet = show_packet;
		capture->idle = show_flush;
	}
	capture->decode_apart = capture->sink && capture->packet;
	status = armed(capture, show, args, err);
	if (capture->sink) {
		struct error later;

		sink_close(capture->sink, &later);
	}
	return status;
}

/* -c counts what is saved, and else what is shown; -a packets:N always counts what is captured. */
static void choose_count(const struct capture_arguments *args, struct capture *capture, struct show *show)
{
	if (show->filter && !args->save.path)
		show->stop_shown = args->capture.count;
	else if (args->capture.count)
		capture->stop_packets = args->capture.count;
}

static int check(const struct capture_arguments *args, struct capture *capture, struct error *err)
{
	for (size_t i = 0; i < args->capture.stops.count; i++)
		if (add_stop(capture, args->capture.stops.list[i], err) < 0)
			return -1;
	if (args->capture.print && args->save.path && !strcmp(args->save.path, "-"))
		return error_set(err, "--print and -w - both want standard output; use one");
	if (args->show.display_filter && args->save.path && !args->capture.print)
		return error_set(err,
				 "-Y chooses what is shown, and with -w nothing is; add --print, or choose what is "
				 "saved with a capture filter (-f)");
	return 0;
}

static int capture_command_run(void *arguments, const struct words *words, struct error *err)
{
	struct capture_arguments *args = arguments;
	struct show show = { 0 };
	struct capture capture = { .signals = -1, .report = report, .context = &show };
	struct text filter = { 0 };
	int status = expression_join(&filter, &args->capture.filter, words, 0, err);

	if (status == 0)
		status = check(args, &capture, err);
	if (status == 0)
		status = show_open(&show, &args->show, NULL, args->capture.interfaces.count != 1, err);
	if (status == 0)
		choose_count(args, &capture, &show);
	if (status == 0 && show_looks_ahead(&show))
		status = error_set(err, "what later packets say is not known while they come; save with -w, then sonde "
					"read -2");
	if (status == 0)
		status = open_and_run(&capture, &show, args, err);
	source_close(capture.source);
	if (capture.signals >= 0)
		close(capture.signals);
	show_release(&show);
	text_release(&filter);
	return status;
}

static const char *const examples[] = {
	"sudo sonde capture -i lo",
	"what the programs on this machine say to each other",
	"sudo sonde capture -i eth0 -i eth1 -f 'udp port 5555' -w lab.pcapng",
	"one protocol of two interfaces, saved",
	"sudo sonde capture -i lo -c 10 -T json",
	"ten packets, one object each",
	"sudo sonde capture -i any -a duration:30s -w lab.pcapng --print",
	"half a minute of everything, saved and shown",
	NULL,
};

const struct command capture_command = {
	.name = "capture",
	.summary = "show or save the packets of the network as they come",
	.synopsis = "[FILTER]...",
	.description = "Captures packets and shows them, one line each, or saves them with -w. Words are a capture "
		       "filter as in "
		       "pcap-filter(7). Capturing needs the right CAP_NET_RAW (sudo, or once: setcap cap_net_raw+ep on "
		       "the program); "
		       "every right is given up before the first packet is looked at.\n\n"
		       "\"listening on\" is printed, and --ready-fd served, only when every packet from then on is "
		       "captured. An interrupt "
		       "(Ctrl-C) or a stop condition takes in what the kernel already holds and ends with the "
		       "counters; SIGUSR1 "
		       "prints them in between.",
	.examples = examples,
	.groups = groups,
	.size = sizeof(struct capture_arguments),
	.run = capture_command_run,
};
