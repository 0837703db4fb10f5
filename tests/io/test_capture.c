/* SPDX-License-Identifier: BSD-2-Clause */
/* The capture loop: limits, times, signals, failures. */
#include "feed.h"

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
	int signals;

	(void)state;
	signal(SIGHUP, SIG_DFL); /* under nohup(1) it is ignored, and then no signal to end by */
	signals = process_signals(&err);
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
	capture.signals = process_signals(&err);
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
	source_counters_all(capture.source, &counters);
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
	assert_int_equal(process_ready(ends[1], &err), 0);
	assert_int_equal(read(ends[0], news, sizeof news), 1);
	assert_int_equal(news[0], '\n');
	assert_int_equal(read(ends[0], news, sizeof news), 0);
	assert_int_equal(process_ready(ends[0], &err), -1);
	assert_non_null(strstr(err.text, "takes no news"));
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
	};

	return cmocka_run_group_tests_name("capture", tests, NULL, NULL);
}
