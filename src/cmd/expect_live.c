/* SPDX-License-Identifier: BSD-2-Clause */
/* sonde expect -i: judging while packets come. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/process.h"
#include "cmd/expect.h"
#include "cmd/listening.h"
#include "io/capture.h"
#include "io/privilege.h"

#define MEMBER(name) offsetof(struct expect_live_options, name)
const struct option_row expect_live_rows[] = {
	{ 'i', "interface", "NAME", OPTION_WORDS, MEMBER(interfaces),
	  "judge what comes by this interface, not a file; may be given many times", NULL, "interface" },
	{ 0, "within", "TIME", OPTION_TIME, MEMBER(within),
	  "judge after this time, or as soon as every answer is certain; without it that, or an interrupt", NULL,
	  NULL },
	{ 0, "ready-fd", "FD", OPTION_STRING, MEMBER(ready),
	  "write a newline to this descriptor and close it as soon as every packet from then on is seen", NULL, NULL },
	{ 'Z', "user", "USER", OPTION_STRING, MEMBER(user), "become USER once capturing is armed", NULL, NULL },
	{ 0, NULL, NULL, OPTION_FLAG, 0, NULL, NULL, NULL },
};
#undef MEMBER

struct live {
	struct expectations *list;
	struct capture capture;
	struct protocols *protocols;
	struct track *track;
	struct filter *filter; /* NULL: every packet passes */
	struct packet *packet;
	uint64_t passed;
	uint64_t stop; /* -c; 0: none */
	bool judged;
};

/* The capture ends with the packet after which nothing can change any more. */
static int judge(void *context, const struct frame *frame, struct error *err)
{
	struct live *live = context;
	const struct tracked *tracked;

	(void)err;
	dissect(live->protocols, frame, live->packet);
	tracked = track_packet(live->track, live->packet);
	if (live->filter && !filter_run(live->filter, live->packet))
		return 0;
	live->passed++;
	expectations_packet(live->list, live->packet, tracked);
	if (expectations_certain(live->list) || live->passed == live->stop)
		live->capture.stop_packets = live->capture.packets;
	return 1;
}

static int run(struct live *live, struct error *err)
{
	struct source_counters counters;
	char words[128];
	int status = capture_run(&live->capture, err);

	track_finish(live->track);
	source_counters_all(live->capture.source, &counters);
	if (status < 0)
		expectations_finish(live->list, "the capture ended too early");
	else
		expectations_finish(live->list,
				    counters.dropped == COUNTER_UNKNOWN ? NULL : expect_lost(counters.dropped, words));
	live->judged = true;
	return status;
}

static int open_and_run(struct live *live, const struct expect_live_options *options, const char *filter,
			struct error *err)
{
	const struct source_live_options how = { .filter = filter };

	live->capture.signals = process_signals(err);
	if (live->capture.signals < 0 || privilege_limit(err) < 0)
		return -1;
	live->capture.source = listening_open(&options->interfaces, &how, source_ring_open, err);
	if (!live->capture.source || privilege_drop(options->user, err) < 0)
		return -1;
	listening_announce(live->capture.source, filter);
	return listening_ready(options->ready, err) < 0 ? -1 : run(live, err);
}

static int choose(struct live *live, const struct reading_options *reading, struct error *err)
{
	struct dialogue_listener listener;
	const char *ahead = expectations_ahead(live->list);

	if (decode_choose(live->protocols, &reading->decode, err) < 0)
		return -1;
	if (reading->display_filter) {
		live->filter = filter_compile(reading->display_filter, err);
		if (!live->filter)
			return -1;
		filter_want(live->filter, live->protocols);
		if (filter_reads(live->filter, FIELD_AHEAD))
			ahead = reading->display_filter;
	}
	if (ahead || reading->two_pass)
		return error_set(err,
				 "%.200s: what later packets say is not known while they come; save them with sonde "
				 "capture -w, and judge the file",
				 ahead ? ahead : "-2");
	expectations_want(live->list, live->protocols);
	live->track = track_new(live->protocols, TRACK_ALL, NULL);
	expectations_listener(live->list, &listener);
	track_listen(live->track, &listener);
	return 0;
}

int expect_live(struct expectations *list, const struct expect_live_options *options,
		const struct reading_options *reading, bool *judged, struct error *err)
{
	struct live live = {
		.list = list,
		.capture = { .signals = -1, .packet = judge, .stop_after = options->within },
		.protocols = protocols_new(),
		.packet = mem_new(1, sizeof *live.packet),
		.stop = reading->count,
	};
	int status;

	live.capture.context = &live;
	status = choose(&live, reading, err);
	if (status == 0)
		status = open_and_run(&live, options, reading->capture_filter, err);
	*judged = live.judged;
	source_close(live.capture.source);
	if (live.capture.signals >= 0)
		close(live.capture.signals);
	track_free(live.track);
	filter_free(live.filter);
	protocols_free(live.protocols);
	free(live.packet);
	return status;
}
