/* SPDX-License-Identifier: BSD-2-Clause */
/* The capture loop: limits, signals, draining, saving while showing in another thread. */
#include "net.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/wait.h>

#include "io/capture.h"

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

static enum source_answer behind_the_last(struct feed *feed, struct error *err)
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

static enum source_answer feed_next(struct source *source, struct frame *frame, struct error *err)
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

static int feed_fd(const struct source *source)
{
	(void)source;
	return -1;
}

static void feed_stop(struct source *source)
{
	struct feed *feed = (struct feed *)source;

	feed->stopped = true;
	if (feed->last)
		sem_post(feed->last);
}

static void feed_counters(struct source *source, uint32_t interface, struct source_counters *out)
{
	(void)source;
	if (!interface)
		return;
	out->received = interface;
	out->dropped = 10 * interface;
}

static void feed_close(struct source *source)
{
	free(source);
}

static const struct source_ops feed_ops = {
	.name = "feed", .next = feed_next, .fd = feed_fd, .stop = feed_stop, .counters = feed_counters,
	.close = feed_close,
};

static struct feed *feed_new(uint64_t total)
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

static int see(void *context, const struct frame *frame, struct error *err)
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

static int see_idle(void *context, struct error *err)
{
	struct seen *seen = context;

	(void)err;
	seen->idles++;
	seen->idle_is_last = true;
	return 0;
}

static void see_report(void *context, const struct capture *capture)
{
	struct seen *seen = context;

	assert_true(capture->packets > 0);
	seen->reports++;
}

static struct capture capture_of(struct feed *feed, struct seen *seen)
{
	return (struct capture){ .source = &feed->head, .signals = -1, .packet = see, .idle = see_idle,
				 .report = see_report, .context = seen };
}

static void stops_at_exactly_n_packets(void **state)
{
	static const uint64_t limits[] = { 1, 2, 127, 128, 129, 1000 };

	(void)state;
	for (size_t i = 0; i < COUNT(limits); i++) {
		struct feed *feed = feed_new(5000);
		struct seen seen = { 0 };
		struct capture capture = capture_of(feed, &seen);
		struct error err = { "" };

		capture.stop_packets = limits[i];
		assert_int_equal(capture_run(&capture, &err), 0);
		assert_int_equal(capture.end, CAPTURE_PACKETS);
		assert_int_equal(capture.packets, limits[i]);
		assert_int_equal(seen.frames, limits[i]);
		assert_true(feed->stopped && seen.idle_is_last);
		source_close(&feed->head);
	}
}

static void stops_behind_n_octets(void **state)
{
	struct feed *feed = feed_new(5000);
	struct seen seen = { 0 };
	struct capture capture = capture_of(feed, &seen);
	struct error err = { "" };

	(void)state;
	capture.stop_bytes = 5 * LENGTH - 1;
	assert_int_equal(capture_run(&capture, &err), 0);
	assert_int_equal(capture.end, CAPTURE_BYTES);
	assert_int_equal(capture.packets, 5);
	assert_int_equal(capture.bytes, 5 * LENGTH);
	source_close(&feed->head);
}

static void stops_by_the_clock_with_nothing_arriving(void **state)
{
	struct feed *feed = feed_new(3);
	struct seen seen = { 0 };
	struct capture capture = capture_of(feed, &seen);
	struct error err = { "" };

	(void)state;
	feed->endless = true;
	feed->held = 2;
	capture.stop_after = 20000000;
	assert_int_equal(capture_run(&capture, &err), 0);
	assert_int_equal(capture.end, CAPTURE_TIME);
	assert_int_equal(capture.packets, 3);
	source_close(&feed->head);
}

static void stamps_the_times(void **state)
{
	struct feed *feed = feed_new(5);
	struct seen seen = { .show_every = 2 };
	struct capture capture = capture_of(feed, &seen);
	struct error err = { "" };

	(void)state;
	assert_int_equal(capture_run(&capture, &err), 0);
	assert_int_equal(capture.end, CAPTURE_ENDED);
	assert_int_equal(seen.first_time, 1000);
	assert_int_equal(seen.previous_time, 4000);
	assert_int_equal(seen.displayed_time, 4000);
	source_close(&feed->head);

	feed = feed_new(5);
	seen = (struct seen){ .show_every = 3 };
	capture = capture_of(feed, &seen);
	capture.decode_apart = true;
	assert_int_equal(capture_run(&capture, &err), 0);
	assert_int_equal(seen.previous_time, 4000);
	assert_int_equal(seen.displayed_time, 3000);
	source_close(&feed->head);
}

static void flushes_when_nothing_is_at_hand(void **state)
{
	struct feed *feed = feed_new(100);
	struct seen seen = { 0 };
	struct capture capture = capture_of(feed, &seen);
	struct error err = { "" };

	(void)state;
	feed->pause_every = 50;
	assert_int_equal(capture_run(&capture, &err), 0);
	assert_int_equal(seen.idles, 3);
	source_close(&feed->head);
}

static void signals_stop_and_drain(void **state)
{
	static const int stops[] = { SIGINT, SIGTERM, SIGHUP };
	struct error err = { "" };
	int signals = capture_signals(&err);

	(void)state;
	assert_true(signals >= 0);
	for (size_t i = 0; i < COUNT(stops); i++) {
		struct feed *feed = feed_new(1000);
		struct seen seen = { 0 };
		struct capture capture = capture_of(feed, &seen);

		feed->held = 300;
		feed->endless = true;
		feed->first_signal = stops[i];
		capture.signals = signals;
		assert_int_equal(capture_run(&capture, &err), 0);
		assert_int_equal(capture.end, CAPTURE_SIGNAL);
		assert_int_equal(capture.packets, 1000);
		assert_int_equal(seen.frames, 1000);
		source_close(&feed->head);
	}
	close(signals);
}

static void sigusr1_reports(void **state)
{
	struct feed *feed = feed_new(10);
	struct seen seen = { 0 };
	struct capture capture = capture_of(feed, &seen);
	struct error err = { "" };

	(void)state;
	feed->endless = true;
	feed->first_signal = SIGUSR1;
	capture.stop_after = 60000000;
	capture.signals = capture_signals(&err);
	assert_int_equal(capture_run(&capture, &err), 0);
	assert_int_equal(capture.end, CAPTURE_TIME);
	assert_int_equal(seen.reports, 1);
	close(capture.signals);
	source_close(&feed->head);
}

static void failures_end_it(void **state)
{
	struct error err = { "" };
	struct feed *feed = feed_new(10);
	struct seen seen = { .fail_at = 4 };
	struct capture capture = capture_of(feed, &seen);

	(void)state;
	assert_int_equal(capture_run(&capture, &err), -1);
	assert_string_equal(err.text, "cannot show");
	assert_int_equal(capture.end, CAPTURE_BROKEN);
	assert_int_equal(capture.packets, 4);
	source_close(&feed->head);

	feed = feed_new(10);
	feed->failure = "the wire broke";
	seen = (struct seen){ 0 };
	capture = capture_of(feed, &seen);
	assert_int_equal(capture_run(&capture, &err), -1);
	assert_string_equal(err.text, "the wire broke");
	assert_int_equal(seen.frames, 10);
	assert_true(seen.idle_is_last);
	source_close(&feed->head);
}

static void counters_are_summed(void **state)
{
	struct feed *feed = feed_new(0);
	struct seen seen = { 0 };
	struct capture capture = capture_of(feed, &seen);
	struct source_counters counters;

	(void)state;
	source_add_interface(&feed->head);
	source_add_interface(&feed->head);
	capture_counters(&capture, &counters);
	assert_int_equal(counters.received, 3);
	assert_int_equal(counters.dropped, 30);
	assert_true(counters.interface_dropped == COUNTER_UNKNOWN);
	source_close(&feed->head);
}

static void says_when_it_is_ready(void **state)
{
	struct error err = { "" };
	char news[8];
	int ends[2];

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_int_equal(capture_ready(ends[1], &err), 0);
	assert_int_equal(read(ends[0], news, sizeof news), 1);
	assert_int_equal(news[0], '\n');
	assert_int_equal(read(ends[0], news, sizeof news), 0);
	assert_int_equal(capture_ready(ends[0], &err), -1);
	assert_non_null(strstr(err.text, "takes no news"));
}

/* ------------------------------------------------------------------------------------------------ saving as well */

static char directory[] = "/tmp/sonde-capture-XXXXXX";
static char path[sizeof directory + 16];

static struct sink *save(struct source *source)
{
	struct sink_options options = { .format = SINK_PCAPNG, .directory = AT_FDCWD };
	struct error err = { "" };
	struct sink *sink = sink_open(path, source, &options, &err);

	if (!sink)
		fail_msg("%s", err.text);
	return sink;
}

/* How many packets the file has; they must be numbered from 1. */
static uint64_t saved(struct sink *sink)
{
	struct source_file_options options = { .follow = false };
	struct error err = { "" };
	struct source *source;
	struct frame frame;
	uint64_t count = 0, number;

	assert_int_equal(sink_close(sink, &err), 0);
	source = source_file_open(path, &options, &err);
	assert_non_null(source);
	while (source_next(source, &frame, &err) == SOURCE_FRAME) {
		memcpy(&number, frame.data, sizeof number);
		assert_int_equal(number, ++count);
	}
	assert_string_equal(err.text, "");
	source_close(source);
	return count;
}

static void saving_never_waits_for_showing(void **state)
{
	struct feed *feed = feed_new(20000); /* 40 MB, more than is queued */
	struct seen seen = { 0 };
	struct capture capture = capture_of(feed, &seen);
	struct error err = { "" };
	sem_t last;

	(void)state;
	sem_init(&last, 0, 0);
	feed->last = seen.wait = &last;
	capture.decode_apart = true;
	capture.sink = save(&feed->head);
	assert_int_equal(capture_run(&capture, &err), 0);
	assert_int_equal(capture.packets, 20000);
	assert_true(capture.not_shown > 0);
	assert_true(seen.frames > 1);
	assert_int_equal(seen.frames + capture.not_shown, 20000);
	assert_int_equal(seen.wrong, 0);
	assert_true(seen.idle_is_last);
	assert_int_equal(saved(capture.sink), 20000);
	sem_destroy(&last);
	source_close(&feed->head);
}

static void everything_is_shown_when_there_is_time(void **state)
{
	struct feed *feed = feed_new(4000);
	struct seen seen = { 0 };
	struct capture capture = capture_of(feed, &seen);
	struct error err = { "" };

	(void)state;
	feed->pause_every = 1000;
	capture.decode_apart = true;
	capture.sink = save(&feed->head);
	assert_int_equal(capture_run(&capture, &err), 0);
	assert_int_equal(seen.frames, 4000);
	assert_int_equal(seen.wrong, 0);
	assert_int_equal(capture.not_shown, 0);
	assert_int_equal(saved(capture.sink), 4000);
	source_close(&feed->head);
}

static void a_failure_to_show_ends_it_and_the_file_is_whole(void **state)
{
	struct feed *feed = feed_new(4000);
	struct seen seen = { .fail_at = 3 };
	struct capture capture = capture_of(feed, &seen);
	struct error err = { "" };

	(void)state;
	feed->endless = true;
	feed->held = 1000;
	capture.decode_apart = true;
	capture.sink = save(&feed->head);
	assert_int_equal(capture_run(&capture, &err), -1);
	assert_string_equal(err.text, "cannot show");
	assert_int_equal(capture.end, CAPTURE_BROKEN);
	assert_int_equal(seen.frames, 3);
	assert_int_equal(saved(capture.sink), 4000);
	source_close(&feed->head);
}

static void a_second_signal_gives_up(void **state)
{
	struct feed *feed = feed_new(4000);
	struct seen seen = { 0 };
	struct capture capture = capture_of(feed, &seen);
	struct error err = { "" };
	sem_t last;

	(void)state;
	sem_init(&last, 0, 0);
	feed->last = seen.wait = &last;
	feed->endless = true;
	feed->held = 1000;
	feed->first_signal = SIGINT;
	feed->second_signal = SIGTERM;
	capture.signals = capture_signals(&err);
	capture.decode_apart = true;
	capture.sink = save(&feed->head);
	assert_int_equal(capture_run(&capture, &err), 0);
	assert_int_equal(capture.end, CAPTURE_SIGNAL);
	assert_int_equal(capture.packets, 3000);
	assert_int_equal(seen.frames + capture.not_shown, 3000);
	assert_int_equal(saved(capture.sink), 3000);
	close(capture.signals);
	sem_destroy(&last);
	source_close(&feed->head);
}

/* ------------------------------------------------------------------------------------------------ with the kernel */

static int count_frame(void *context, const struct frame *frame, struct error *err)
{
	uint64_t *count = context;

	(void)err;
	assert_int_equal(serial_at(frame, 42), (uint32_t)*count);
	++*count;
	return 1;
}

/* A child sends and then ends the capture with a signal, at once. */
static pid_t send_and_signal(uint32_t packets)
{
	pid_t parent = getpid(), child = fork();
	int sender;

	if (child)
		return child;
	sender = net_sender("left");
	for (uint32_t i = 0; i < packets; i++)
		net_send_udp(sender, 5555, i);
	kill(parent, SIGTERM);
	_exit(0);
}

static void live(struct source *(*open)(const char *, const struct source_live_options *, struct error *))
{
	struct source_live_options options = { .filter = "udp port 5555" };
	struct error err = { "" };
	int signals, status;

	net_need();
	signals = capture_signals(&err);
	for (uint32_t turn = 0; turn < 20; turn++) {
		uint64_t count = 0;
		struct capture capture = { .signals = signals, .packet = count_frame, .context = &count,
					   .decode_apart = turn & 1 };
		struct source_counters counters;
		pid_t child;

		capture.source = open("right", &options, &err);
		assert_non_null(capture.source);
		child = send_and_signal(100 + turn);
		assert_int_equal(capture_run(&capture, &err), 0);
		assert_int_equal(capture.end, CAPTURE_SIGNAL);
		assert_int_equal(capture.packets, 100 + turn);
		assert_int_equal(count, 100 + turn);
		capture_counters(&capture, &counters);
		assert_int_equal(counters.received, 100 + turn);
		assert_int_equal(counters.dropped, 0);
		source_close(capture.source);
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_int_equal(status, 0);
	}
	close(signals);
}

static void nothing_is_lost_at_a_signal(void **state)
{
	(void)state;
	live(source_ring_open);
}

static void nor_through_libpcap(void **state)
{
	(void)state;
	live(source_live_open);
}

static int setup(void **state)
{
	if (!mkdtemp(directory))
		return -1;
	snprintf(path, sizeof path, "%s/saved.pcapng", directory);
	return net_setup(state);
}

static int teardown(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stops_at_exactly_n_packets),
		cmocka_unit_test(stops_behind_n_octets),
		cmocka_unit_test(stops_by_the_clock_with_nothing_arriving),
		cmocka_unit_test(stamps_the_times),
		cmocka_unit_test(flushes_when_nothing_is_at_hand),
		cmocka_unit_test(signals_stop_and_drain),
		cmocka_unit_test(sigusr1_reports),
		cmocka_unit_test(failures_end_it),
		cmocka_unit_test(counters_are_summed),
		cmocka_unit_test(says_when_it_is_ready),
		cmocka_unit_test(saving_never_waits_for_showing),
		cmocka_unit_test(everything_is_shown_when_there_is_time),
		cmocka_unit_test(a_failure_to_show_ends_it_and_the_file_is_whole),
		cmocka_unit_test(a_second_signal_gives_up),
		cmocka_unit_test(nothing_is_lost_at_a_signal),
		cmocka_unit_test(nor_through_libpcap),
	};

	return cmocka_run_group_tests_name("capture", tests, setup, teardown);
}
