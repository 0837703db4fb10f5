/* SPDX-License-Identifier: BSD-2-Clause */
/* The capture loop when it saves and shows at once, and with the kernel behind it. */
#include "feed.h"

#include <sys/wait.h>

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
	capture.signals = process_signals(&err);
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
	signals = process_signals(&err);
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
		source_counters_all(capture.source, &counters);
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
		cmocka_unit_test(saving_never_waits_for_showing),
		cmocka_unit_test(everything_is_shown_when_there_is_time),
		cmocka_unit_test(a_failure_to_show_ends_it_and_the_file_is_whole),
		cmocka_unit_test(a_second_signal_gives_up),
		cmocka_unit_test(nothing_is_lost_at_a_signal),
		cmocka_unit_test(nor_through_libpcap),
	};

	return cmocka_run_group_tests_name("capture and save", tests, setup, teardown);
}
