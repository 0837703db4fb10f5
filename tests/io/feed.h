/* SPDX-License-Identifier: BSD-2-Clause */
/* A source of numbered frames, and callbacks that look at them. */
#pragma once

#include <semaphore.h>
#include <signal.h>

#include "base/process.h"
#include "io/capture.h"
#include "net.h"

#define LENGTH 2000

/* A source of numbered frames. */
struct feed {
	struct source head;
	uint64_t total;
	uint64_t held;         /* of those, what comes only after the stop */
	unsigned pause_every;  /* frames between two SOURCE_AGAIN; 0: never */
	bool endless;          /* after the last one: nothing, until it is stopped */
	const char *failure;   /* after the last one */
	int first_signal, second_signal; /* raised behind the last one */
	sem_t *last;           /* posted behind the last one, and at the stop */
	bool paused, stopped, raised;
	uint8_t data[LENGTH];
};

static inline enum source_answer behind_the_last(struct feed *feed, struct error *err)
{
	if (feed->last)
		sem_post(feed->last);
	if (!feed->raised) {
		feed->raised = true;
		if (feed->first_signal)
			kill(getpid(), feed->first_signal);
		if (feed->second_signal)
			kill(getpid(), feed->second_signal);
	}
	if (feed->failure)
		return error_set(err, "%s", feed->failure);
	return feed->endless && !feed->stopped ? SOURCE_AGAIN : SOURCE_END;
}

static inline enum source_answer feed_next(struct source *source, struct frame *frame, struct error *err)
{
	struct feed *feed = (struct feed *)source;
	uint64_t number = source->frames + 1;

	if (number > feed->total - (feed->stopped ? 0 : feed->held))
		return behind_the_last(feed, err);
	if (feed->pause_every && number % feed->pause_every == 0 && !feed->paused) {
		feed->paused = true;
		return SOURCE_AGAIN;
	}
	feed->paused = false;
	source->frames = number;
	memcpy(feed->data, &number, sizeof number);
	memcpy(feed->data + LENGTH - sizeof number, &number, sizeof number);
	*frame = (struct frame){ .number = number, .time = (int64_t)number * 1000, .has_time = true, .link = 1,
				 .data = feed->data, .cap_length = LENGTH, .wire_length = LENGTH,
				 .interface = source->interfaces[0] };
	return SOURCE_FRAME;
}

static inline int feed_fd(const struct source *source)
{
	(void)source;
	return -1;
}

static inline void feed_stop(struct source *source)
{
	struct feed *feed = (struct feed *)source;

	feed->stopped = true;
	if (feed->last)
		sem_post(feed->last);
}

static inline void feed_counters(struct source *source, uint32_t interface, struct source_counters *out)
{
	(void)source;
	if (!interface)
		return;
	out->received = interface;
	out->dropped = 10 * interface;
}

static inline void feed_close(struct source *source)
{
	free(source);
}

static const struct source_ops feed_ops = {
	.name = "feed", .next = feed_next, .fd = feed_fd, .stop = feed_stop, .counters = feed_counters,
	.close = feed_close,
};

static inline struct feed *feed_new(uint64_t total)
{
	struct feed *feed = mem_new(1, sizeof *feed);

	feed->head.ops = &feed_ops;
	feed->total = total;
	source_add_interface(&feed->head)->link = 1;
	return feed;
}

/* What the callbacks have seen. */
struct seen {
	uint64_t frames, idles, reports;
	uint64_t wrong;       /* frames whose octets are not theirs, or that came out of order */
	uint64_t last;
	int64_t first_time, previous_time, displayed_time; /* of the last one */
	uint64_t fail_at;
	uint64_t show_every;  /* 0: all are shown */
	sem_t *wait;          /* the first frame waits for this */
	bool idle_is_last;
};

static inline int see(void *context, const struct frame *frame, struct error *err)
{
	struct seen *seen = context;
	uint64_t begin, end;

	memcpy(&begin, frame->data, sizeof begin);
	memcpy(&end, frame->data + LENGTH - sizeof end, sizeof end);
	if (begin != frame->number || end != frame->number || frame->number <= seen->last)
		seen->wrong++;
	if (!seen->frames++ && seen->wait)
		sem_wait(seen->wait);
	seen->last = frame->number;
	seen->first_time = frame->first_time;
	seen->previous_time = frame->previous_time;
	seen->displayed_time = frame->displayed_time;
	seen->idle_is_last = false;
	if (frame->number == seen->fail_at)
		return error_set(err, "cannot show");
	return !seen->show_every || frame->number % seen->show_every == 0;
}

static inline int see_idle(void *context, struct error *err)
{
	struct seen *seen = context;

	(void)err;
	seen->idles++;
	seen->idle_is_last = true;
	return 0;
}

static inline void see_report(void *context, const struct capture *capture)
{
	struct seen *seen = context;

	assert_true(capture->packets > 0);
	seen->reports++;
}

static inline struct capture capture_of(struct feed *feed, struct seen *seen)
{
	return (struct capture){ .source = &feed->head, .signals = -1, .packet = see, .idle = see_idle,
				 .report = see_report, .context = seen };
}
