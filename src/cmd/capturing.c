/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/capturing.h"

#include <stdio.h>
#include <string.h>

#include "cmd/command.h"
#include "cmd/listening.h"

#define MEMBER(name) offsetof(struct capturing_options, name)
const struct option_row capturing_rows[] = {
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

int capturing_stops(struct capture *capture, const struct words *given, struct error *err)
{
	for (size_t i = 0; i < given->count; i++)
		if (add_stop(capture, given->list[i], err) < 0)
			return -1;
	return 0;
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

struct source *capturing_open(const struct capturing_options *options, struct error *err)
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

void capturing_report(void *context, const struct capture *capture)
{
	const struct capturing *capturing = context;
	struct source_counters counters;

	source_counters_all(capture->source, &counters);
	say_counter("captured", capture->packets);
	say_counter("received by filter", counters.received);
	say_counter("dropped by kernel", counters.dropped);
	if (counters.interface_dropped != COUNTER_UNKNOWN && counters.interface_dropped)
		say_counter("dropped by interface", counters.interface_dropped);
	if (capture->not_shown)
		fprintf(stderr, "%llu packets not shown: decoding was slower than the wire; all are in the file\n",
			(unsigned long long)capture->not_shown);
	attribute_report(&capturing->attribute);
}

static int exit_status(const struct capture *capture, bool strict)
{
	struct source_counters counters;

	source_counters_all(capture->source, &counters);
	if (!strict)
		return EXIT_DONE;
	return (counters.dropped != COUNTER_UNKNOWN && counters.dropped) ||
			       (counters.interface_dropped != COUNTER_UNKNOWN && counters.interface_dropped) ||
			       capture->not_shown
		       ? EXIT_LOST
		       : EXIT_DONE;
}

int capturing_run(struct capture *capture, struct capturing *capturing, bool strict, struct error *err)
{
	struct error later;
	int status = capture_run(capture, err);

	if (capture->packet && show_finish(&capturing->show, capture, status < 0 ? &later : err) < 0)
		status = -1;
	capture->report(capture->context, capture);
	save_tell_losses(capturing->save, capture->sink, capturing->command);
	if (sink_close(capture->sink, status < 0 ? &later : err) < 0)
		status = -1;
	capture->sink = NULL;
	return status < 0 ? -1 : exit_status(capture, strict);
}
