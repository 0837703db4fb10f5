/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/reading.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "cmd/relay.h"

const struct option_row reading_rows[] = {
	{ 'Y', "display-filter", "FILTER", OPTION_STRING, offsetof(struct reading_options, display_filter),
	  "only packets that pass this display filter, as 'date.response_time > 0.01'; see sonde filter", NULL, NULL },
	{ 'f', "filter", "FILTER", OPTION_STRING, offsetof(struct reading_options, capture_filter),
	  "only packets that pass this capture filter, see pcap-filter(7)", NULL, NULL },
	{ 'c', "count", "N", OPTION_COUNT, offsetof(struct reading_options, count), "stop after N packets", NULL,
	  NULL },
	{ '2', "two-pass", NULL, OPTION_FLAG, offsetof(struct reading_options, two_pass),
	  "read the file twice, so that packets know what later ones say of them", NULL, NULL },
	{ 0, NULL, NULL, OPTION_FLAG, 0, NULL, NULL, NULL },
};

struct source *reading_source(const char *file, const char *capture_filter, bool follow, struct error *err)
{
	const struct source_file_options options = { .follow = follow };
	struct source *source;

	if (!strcmp(file, "-") && isatty(STDIN_FILENO)) {
		error_set(err, "standard input is a terminal; name a capture file, or send one into it");
		return NULL;
	}
	source = source_file_open(file, &options, err);
	return source && capture_filter && *capture_filter ? source_filter_open(source, capture_filter) : source;
}

int reading_open(struct reading *reading, const char *file, const struct reading_options *options, unsigned parts,
		 struct error *err)
{
	*reading = (struct reading){
		.options = options,
		.file = file,
		.parts = parts,
		.protocols = protocols_new(),
		.own = mem_new(1, sizeof *reading->own),
	};
	reading->packet = reading->own;
	if (decode_choose(reading->protocols, &options->decode, err) < 0)
		return -1;
	if (options->display_filter) {
		reading->filter = filter_compile(options->display_filter, err);
		if (!reading->filter)
			return -1;
		filter_want(reading->filter, reading->protocols);
	}
	reading->source = reading_source(file, options->capture_filter, false, err);
	return reading->source ? 0 : -1;
}

void reading_release(struct reading *reading)
{
	source_close(reading->source);
	track_free(reading->track);
	filter_free(reading->filter);
	protocols_free(reading->protocols);
	free(reading->own);
	*reading = (struct reading){ 0 };
}

/* ------------------------------------------------------------------------------------------------ two readings */

static bool is_regular(const char *file)
{
	struct stat status;

	return strcmp(file, "-") && stat(file, &status) == 0 && S_ISREG(status.st_mode);
}

bool reading_is_repeatable(const struct reading *reading)
{
	return is_regular(reading->file);
}

static int nothing(void *context, const struct packet *packet, const struct tracked *tracked, struct error *err)
{
	(void)context;
	(void)packet;
	(void)tracked;
	(void)err;
	return 0;
}

struct foresight *reading_foresee(const char *file, const char *capture_filter, const struct decode_options *decode,
				  unsigned parts, struct error *err)
{
	const struct reading_options options = { .capture_filter = capture_filter, .decode = *decode };
	struct foresight *foresight = NULL;
	struct reading first;
	struct error later;

	if (!is_regular(file)) {
		error_set(err,
			  "%s: what later packets say is asked for, and this cannot be read twice; save it into a "
			  "file first",
			  strcmp(file, "-") ? file : "standard input");
		return NULL;
	}
	if (reading_open(&first, file, &options, parts, err) == 0) {
		first.track = track_new(first.protocols, parts, NULL);
		track_look_ahead(first.track);
		reading_run(&first, nothing, NULL, &later);
		foresight = track_foresight(first.track);
		if (foresight_lost(foresight))
			fprintf(stderr, "%s: %llu facts about earlier packets found no room, and are not told\n", file,
				(unsigned long long)foresight_lost(foresight));
	}
	reading_release(&first);
	return foresight;
}

int reading_start(struct reading *reading, bool ahead, struct error *err)
{
	const struct reading_options *options = reading->options;
	struct foresight *foresight = NULL;

	if (options->two_pass || ahead || (reading->filter && filter_reads(reading->filter, FIELD_AHEAD))) {
		foresight = reading_foresee(reading->file, options->capture_filter, &options->decode, TRACK_ALL, err);
		if (!foresight)
			return -1;
	}
	reading->track = track_new(reading->protocols, reading->parts, foresight);
	return 0;
}

/* ------------------------------------------------------------------------------------------------ the packets */

static void stamp(struct reading *reading, struct frame *frame)
{
	frame_times_stamp(&reading->times, frame);
	frame->displayed_time = reading->any_passed ? reading->passed_time : frame->time;
}

static void note_passed(struct reading *reading, const struct frame *frame)
{
	if (!frame->has_time)
		return;
	reading->any_passed = true;
	reading->passed_time = frame->time;
}

/* The packet is dissected: followed, then judged. */
static bool follow(struct reading *reading, struct packet *packet, const struct tracked **tracked)
{
	reading->packet = packet;
	*tracked = track_packet(reading->track, packet);
	if (reading->filter && !filter_run(reading->filter, packet))
		return false;
	reading->passed++;
	return true;
}

bool reading_passes(struct reading *reading, struct frame *frame, const struct tracked **tracked)
{
	stamp(reading, frame);
	dissect(reading->protocols, frame, reading->own);
	if (!follow(reading, reading->own, tracked))
		return false;
	note_passed(reading, frame);
	return true;
}

/* What is done with each packet. */
struct run {
	struct reading *reading;
	int (*packet)(void *context, const struct packet *packet, const struct tracked *tracked, struct error *err);
	void *context;
};

/* 0 go on, 1 enough, -1 failed. */
static int give(const struct run *run, const struct tracked *tracked, struct error *err)
{
	int status = run->packet(run->context, run->reading->packet, tracked, err);

	return status == 0 && run->reading->passed == run->reading->options->count ? 1 : status;
}

/* 1 a frame, 0 the end, -1 failed. */
static int next_frame(struct reading *reading, struct frame *frame, struct error *err)
{
	int status = source_next_frame(reading->source, frame, err);

	if (status > 0)
		stamp(reading, frame);
	return status;
}

static int one_by_one(const struct run *run, struct error *err)
{
	const struct tracked *tracked;
	struct frame frame;
	int status = 0, answer;

	while (status == 0 && (answer = next_frame(run->reading, &frame, err)) != 0)
		if (answer < 0)
			status = -1;
		else if (reading_passes(run->reading, &frame, &tracked))
			status = give(run, tracked, err);
	return status;
}

/* ------------------------------------------------------------------------------------------------ two threads */

/* What comes through a pipe is wanted as it comes; and the time since the packet that passed before needs the order. */
static bool goes_in_batches(const struct reading *reading)
{
	const struct dissector *frame;
	const struct field_def *since = protocols_field("frame.time_delta_displayed", &frame);

	return is_regular(reading->file) && !(reading->filter && since && protocols_wants(reading->protocols, since));
}

/* The packet before is taken for one that passed: without a filter it was, and with one nobody looks. */
static int batch_next(void *context, struct frame *frame, struct error *err)
{
	const struct run *run = context;
	int status = next_frame(run->reading, frame, err);

	if (status > 0)
		note_passed(run->reading, frame);
	return status;
}

static void batch_begin(void *context, struct relay_batch *batch)
{
	const struct run *run = context;

	for (unsigned i = 0; i < batch->count; i++) {
		dissect(run->reading->protocols, &batch->frames[i], &batch->packets[i]);
		track_prepare(run->reading->track, batch->packets, i);
	}
}

static int batch_turn(void *context, struct relay_batch *batch, struct error *err)
{
	const struct run *run = context;
	const struct tracked *tracked;
	int status = 0;

	for (unsigned i = 0; status == 0 && i < batch->count; i++) {
		if (follow(run->reading, &batch->packets[i], &tracked))
			status = give(run, tracked, err);
	}
	run->reading->packet = run->reading->own;
	return status;
}

static int in_batches(struct run *run, struct error *err)
{
	const struct relay_work work = {
		.next = batch_next, .begin = batch_begin, .turn = batch_turn, .context = run,
	};

	return relay_run(&work, err);
}

int reading_run(struct reading *reading,
		int (*packet)(void *context, const struct packet *packet, const struct tracked *tracked,
			      struct error *err),
		void *context, struct error *err)
{
	struct run run = { .reading = reading, .packet = packet, .context = context };
	int status = goes_in_batches(reading) ? in_batches(&run, err) : one_by_one(&run, err);

	track_finish(reading->track);
	return status < 0 ? -1 : 0;
}
