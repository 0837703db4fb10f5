/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/capture.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "io/apart.h"
#include "io/tap.h"

#define LOOK_EVERY 128                /* packets between two looks at signals and clocks */
#define TICK INT64_C(1000000000)      /* the longest sleep: 32-bit counters are read, a vanished interface is noticed */
#define TICK_BLIND INT64_C(50000000)  /* the longest sleep for a source that has nothing to wait on */
#define TICK_DRAIN INT64_C(5000000)   /* the same after the stop */
#define DRAIN_LIMIT INT64_C(10000000000) /* waiting for the kernel to hand over what it holds */

struct loop {
	struct capture *capture;
	struct apart *apart;        /* NULL: packets are shown in this thread */
	int64_t deadline;           /* by tap_clock(); INT64_MAX: none */
	int64_t stopped;            /* when the source was told to stop; 0: not yet */
	bool done;                  /* leave at once */
	bool given_up;              /* the user has asked twice */
	bool unflushed;             /* something was taken since idle() was called */
	int64_t counted;            /* when the kernel's counters were read last */

	struct frame_times times;
	bool any_displayed;
	int64_t displayed_time;
};

/* Stops and drains. */
static void stop(struct loop *loop, enum capture_end end)
{
	if (loop->stopped)
		return;
	loop->capture->end = end;
	loop->stopped = tap_clock();
	source_stop(loop->capture->source);
}

/* Stops at exactly this packet. */
static void finish(struct loop *loop, enum capture_end end)
{
	stop(loop, end);
	loop->done = true;
}

static int show(struct loop *loop, struct frame *frame, struct error *err)
{
	struct capture *capture = loop->capture;
	int shown;

	if (!capture->packet)
		return 0;
	if (loop->apart) {
		capture->not_shown += !apart_put(loop->apart, frame);
		return 0;
	}
	frame->displayed_time = loop->any_displayed ? loop->displayed_time : frame->time;
	shown = capture->packet(capture->context, frame, err);
	if (shown > 0 && frame->has_time) {
		loop->displayed_time = frame->time;
		loop->any_displayed = true;
	}
	return shown;
}

static int take(struct loop *loop, struct frame *frame, struct error *err)
{
	struct capture *capture = loop->capture;
	int shown;

	capture->packets++;
	capture->bytes += frame->cap_length;
	loop->unflushed = true;
	frame_times_stamp(&loop->times, frame);
	if (capture->sink && sink_write(capture->sink, frame, err) < 0)
		return -1;
	shown = show(loop, frame, err);
	if (shown < 0)
		return -1;
	if (shown > 1 || capture->packets == capture->stop_packets)
		finish(loop, CAPTURE_PACKETS);
	else if (capture->stop_bytes &&
		 (capture->sink ? sink_bytes(capture->sink) : capture->bytes) >= capture->stop_bytes)
		finish(loop, CAPTURE_BYTES);
	return 0;
}

static void handle_signals(struct loop *loop)
{
	struct capture *capture = loop->capture;
	struct signalfd_siginfo info;

	while (read(capture->signals, &info, sizeof info) == sizeof info) {
		if (info.ssi_signo == SIGUSR1) {
			if (capture->report)
				capture->report(capture->context, capture);
		} else if (capture->ends && !capture->ends(capture->context, &info)) {
			continue;
		} else if (loop->stopped) {
			loop->given_up = loop->done = true;
		} else {
			stop(loop, CAPTURE_SIGNAL);
		}
	}
}

/* The kernel's counters have 32 bits: they must not go round unseen. */
static void count_in_time(struct loop *loop, int64_t now)
{
	struct source_counters counters;

	if (now - loop->counted < TICK)
		return;
	loop->counted = now;
	source_counters_all(loop->capture->source, &counters);
}

/* Signals, clocks, and the thread that shows. */
static int look(struct loop *loop, struct error *err)
{
	struct capture *capture = loop->capture;
	struct pollfd ended = { .fd = loop->apart ? apart_fd(loop->apart) : -1, .events = POLLIN };
	struct pollfd until = { .fd = capture->until ? capture->until : -1, .events = POLLIN };
	int64_t now = tap_clock();
	int answer;

	if (capture->signals >= 0)
		handle_signals(loop);
	if (now >= loop->deadline)
		stop(loop, CAPTURE_TIME);
	if (!loop->stopped && poll(&until, 1, 0) > 0)
		stop(loop, CAPTURE_UNTIL);
	if (loop->apart && !loop->stopped && poll(&ended, 1, 0) > 0)
		stop(loop, CAPTURE_BROKEN);
	count_in_time(loop, now);
	if (!capture->sink || loop->done)
		return 0;
	answer = sink_tick(capture->sink, tap_wall_clock(), err);
	if (answer > 0)
		finish(loop, CAPTURE_FILES);
	return answer < 0 ? -1 : 0;
}

static int64_t sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t longest_sleep(const struct loop *loop, bool blind)
{
	int64_t wait = loop->stopped ? TICK_DRAIN : blind ? TICK_BLIND : TICK;
	int64_t tick = loop->capture->sink ? sink_deadline(loop->capture->sink) : INT64_MAX;

	if (!loop->stopped && loop->deadline != INT64_MAX)
		wait = sooner(wait, loop->deadline - tap_clock());
	if (tick != INT64_MAX)
		wait = sooner(wait, tick - tap_wall_clock());
	return wait < 0 ? 0 : wait;
}

static void sleep_until_something(struct loop *loop)
{
	const struct capture *capture = loop->capture;
	struct pollfd events[] = {
		{ .fd = source_fd(capture->source), .events = POLLIN },
		{ .fd = capture->signals, .events = POLLIN },
		{ .fd = loop->apart && !loop->stopped ? apart_fd(loop->apart) : -1, .events = POLLIN },
		{ .fd = capture->until && !loop->stopped ? capture->until : -1, .events = POLLIN },
	};
	int64_t wait = longest_sleep(loop, events[0].fd < 0);
	struct timespec timeout = { wait / 1000000000, wait % 1000000000 };

	ppoll(events, sizeof events / sizeof *events, &timeout, NULL);
}

/* Everything at hand was taken: a moment to let go of what is buffered, then wait. */
static int rest(struct loop *loop, struct error *err)
{
	struct capture *capture = loop->capture;

	if (loop->unflushed) {
		if (capture->sink && sink_flush(capture->sink, err) < 0)
			return -1;
		if (loop->apart)
			apart_idle(loop->apart);
		else if (capture->idle && capture->idle(capture->context, err) < 0)
			return -1;
		loop->unflushed = false;
	}
	if (loop->stopped && tap_clock() - loop->stopped > DRAIN_LIMIT)
		return error_set(err, "the kernel has not handed over its last packets after ten seconds; "
				      "some may be missing");
	sleep_until_something(loop);
	return look(loop, err);
}

static int run(struct loop *loop, struct error *err)
{
	struct capture *capture = loop->capture;
	struct frame frame = { 0 };
	unsigned since = 0;

	while (!loop->done) {
		switch (source_next(capture->source, &frame, err)) {
		case SOURCE_FRAME:
			if (take(loop, &frame, err) < 0 || (++since % LOOK_EVERY == 0 && look(loop, err) < 0))
				return -1;
			break;
		case SOURCE_BLOCK:
			if (capture->sink && sink_write(capture->sink, &frame, err) < 0)
				return -1;
			break;
		case SOURCE_AGAIN:
			if (rest(loop, err) < 0)
				return -1;
			break;
		case SOURCE_END:
			return 0;
		case SOURCE_ERROR:
			return -1;
		}
	}
	return 0;
}

/* The thread shows what is queued; meanwhile the user may lose patience. */
static int close_apart(struct loop *loop, struct error *err)
{
	struct capture *capture = loop->capture;
	struct pollfd events[] = {
		{ .fd = apart_fd(loop->apart), .events = POLLIN },
		{ .fd = capture->signals, .events = POLLIN },
	};
	uint64_t left;
	int answer;

	if (!loop->stopped)
		stop(loop, capture->end);
	apart_end(loop->apart, loop->given_up);
	while (!loop->given_up && !(events[0].revents & POLLIN)) {
		if (capture->signals >= 0)
			handle_signals(loop);
		ppoll(events, sizeof events / sizeof *events, NULL, NULL);
	}
	apart_end(loop->apart, loop->given_up);
	answer = apart_close(loop->apart, &left, err);
	capture->not_shown += left;
	return answer;
}

int capture_run(struct capture *capture, struct error *err)
{
	struct loop loop = { .capture = capture, .deadline = INT64_MAX };
	struct error second;
	int answer;

	if (capture->decode_apart && capture->packet) {
		loop.apart = apart_new(capture, err);
		if (!loop.apart)
			return -1;
	}
	if (capture->stop_after)
		loop.deadline = tap_clock() + capture->stop_after;
	capture->end = CAPTURE_ENDED;
	answer = run(&loop, err);
	/* The first failure is the one to tell. */
	if (loop.apart && close_apart(&loop, answer < 0 ? &second : err) < 0)
		answer = -1;
	if (!loop.apart && capture->idle && capture->idle(capture->context, answer < 0 ? &second : err) < 0)
		answer = -1;
	if (answer < 0)
		capture->end = CAPTURE_BROKEN;
	return answer;
}
