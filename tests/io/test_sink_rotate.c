/* SPDX-License-Identifier: BSD-2-Clause */
/* Rotation: names, rings, periods, and that every file is whole by itself. */
#include "sinking.h"

#include <time.h>

static void write_frames(struct sink *sink, const struct source *source, unsigned from, unsigned to)
{
	for (unsigned i = from; i < to; i++) {
		struct frame frame = fake_frame(source, i, 50);
		struct error err = { "" };

		if (sink_write(sink, &frame, &err))
			fail_msg("%s", err.text);
	}
}

static const enum sink_format formats[] = { SINK_PCAPNG, SINK_PCAP };

/* The next file begins when the one at hand is larger than the limit. */
static void by_size(void **state)
{
	(void)state;
	for (size_t f = 0; f < 2; f++) {
		struct sink_options options = { .format = formats[f], .rotate_bytes = 3000, .directory = AT_FDCWD };
		struct source *source = fake_live();
		struct error err = { "" };
		struct sink *sink = sink_open("size", source, &options, &err);
		unsigned seen = 0, files = 0;
		struct text all = { 0 };

		write_frames(sink, source, 1, 201);
		assert_int_equal(sink_packets(sink), 200);
		assert_int_equal(sink_close(sink, &err), 0);
		source_close(source);
		for (;; files++) {
			char name[32];
			unsigned n;

			snprintf(name, sizeof name, files ? "size%u" : "size", files);
			if (access(name, F_OK))
				break;
			n = count_frames(name, seen + 1);
			assert_in_range(n, 1, 60);
			seen += n;
			load_file(name, &all);
			assert_int_equal(remove(name), 0);
		}
		assert_int_equal(seen, 200);
		assert_true(files >= 4);
		assert_true(all.length > 200 * 66);
		text_release(&all);
	}
}

/* Eleven names, equally long; the oldest is written over. */
static void a_ring(void **state)
{
	struct sink_options options = { .format = SINK_PCAP, .rotate_bytes = 24, .rotate_files = 11,
					.directory = AT_FDCWD };
	struct source *source = fake_live();
	struct error err = { "" };
	struct sink *sink = sink_open("ring", source, &options, &err);

	(void)state;
	write_frames(sink, source, 1, 14);
	assert_int_equal(sink_bytes(sink), 13 * (24 + 66));
	assert_int_equal(sink_close(sink, &err), 0);
	source_close(source);
	assert_int_equal(count_frames("ring00", 12), 1);
	assert_int_equal(count_frames("ring01", 13), 1);
	assert_int_equal(count_frames("ring02", 3), 1);
	assert_int_equal(count_frames("ring10", 11), 1);
	assert_int_equal(access("ring11", F_OK), -1);
	assert_int_equal(access("ring", F_OK), -1);
}

static void period_name(const char *pattern, int64_t time, char *name, size_t size)
{
	time_t seconds = (time_t)(time / SECOND);
	struct tm tm;

	assert_non_null(localtime_r(&seconds, &tm));
	assert_true(strftime(name, size, pattern, &tm) > 0);
}

/* The stamp stands before the extension; a period that brings no packet still has its file. */
static void by_time(void **state)
{
	struct sink_options options = { .format = SINK_PCAPNG, .rotate_seconds = 60, .directory = AT_FDCWD };
	struct source *source = fake_live();
	struct error err = { "" };
	struct sink *sink = sink_open("./time.pcapng", source, &options, &err);
	int64_t start = sink_deadline(sink) - 60 * SECOND;
	char name[64];

	(void)state;
	write_frames(sink, source, 1, 6);
	assert_int_equal(sink_tick(sink, start + 60 * SECOND - 1, &err), 0);
	write_frames(sink, source, 6, 8);
	assert_int_equal(sink_tick(sink, start + 60 * SECOND, &err), 0);
	assert_true(sink_deadline(sink) == start + 120 * SECOND);
	write_frames(sink, source, 8, 11);
	assert_int_equal(sink_tick(sink, start + 250 * SECOND, &err), 0);
	assert_true(sink_deadline(sink) == start + 300 * SECOND);
	assert_int_equal(sink_packets(sink), 10);
	assert_int_equal(sink_close(sink, &err), 0);
	source_close(source);
	period_name("time_%Y%m%d%H%M%S.pcapng", start, name, sizeof name);
	assert_int_equal(count_frames(name, 1), 7);
	period_name("time_%Y%m%d%H%M%S.pcapng", start + 60 * SECOND, name, sizeof name);
	assert_int_equal(count_frames(name, 8), 3);
	period_name("time_%Y%m%d%H%M%S.pcapng", start + 240 * SECOND, name, sizeof name);
	assert_int_equal(count_frames(name, 0), 0);
}

/* A pattern that gives the same name again does not write over what was just saved. */
static void a_name_that_stays_gets_a_number(void **state)
{
	struct sink_options options = { .format = SINK_PCAP, .rotate_seconds = 1, .directory = AT_FDCWD };
	struct source *source = fake_live();
	struct error err = { "" };
	struct sink *sink = sink_open("same%%name", source, &options, &err);

	(void)state;
	write_frames(sink, source, 1, 3);
	assert_int_equal(sink_tick(sink, sink_deadline(sink), &err), 0);
	write_frames(sink, source, 3, 6);
	assert_int_equal(sink_close(sink, &err), 0);
	source_close(source);
	assert_int_equal(count_frames("same%name", 1), 2);
	assert_int_equal(count_frames("same%name1", 3), 3);
}

static void the_last_period_stops(void **state)
{
	struct sink_options options = { .format = SINK_PCAP, .rotate_seconds = 5, .rotate_files = 2,
					.directory = AT_FDCWD };
	struct source *source = fake_live();
	struct error err = { "" };
	struct sink *sink = sink_open("last", source, &options, &err);

	(void)state;
	assert_int_equal(sink_tick(sink, sink_deadline(sink), &err), 0);
	assert_int_equal(sink_tick(sink, sink_deadline(sink), &err), 1);
	assert_int_equal(sink_tick(sink, INT64_MAX, &err), 1);
	assert_true(sink_deadline(sink) == INT64_MAX);
	assert_int_equal(sink_close(sink, &err), 0);
	source_close(source);
}

/* Time and size: numbers start again with each period, and -W is their ring. */
static void by_time_and_size(void **state)
{
	struct sink_options options = { .format = SINK_PCAP, .rotate_seconds = 60, .rotate_bytes = 24,
					.rotate_files = 3, .directory = AT_FDCWD };
	struct source *source = fake_live();
	struct error err = { "" };
	struct sink *sink = sink_open("both_%s", source, &options, &err);
	int64_t start = sink_deadline(sink) - 60 * SECOND;
	char name[64];

	(void)state;
	write_frames(sink, source, 1, 5);
	assert_int_equal(sink_tick(sink, start + 60 * SECOND, &err), 0);
	write_frames(sink, source, 5, 7);
	assert_int_equal(sink_close(sink, &err), 0);
	source_close(source);
	period_name("both_%s0", start, name, sizeof name);
	assert_int_equal(count_frames(name, 4), 1);
	period_name("both_%s1", start, name, sizeof name);
	assert_int_equal(count_frames(name, 2), 1);
	period_name("both_%s2", start, name, sizeof name);
	assert_int_equal(count_frames(name, 3), 1);
	period_name("both_%s0", start + 60 * SECOND, name, sizeof name);
	assert_int_equal(count_frames(name, 5), 1);
	period_name("both_%s1", start + 60 * SECOND, name, sizeof name);
	assert_int_equal(count_frames(name, 6), 1);
}

/* A copied pcapng file in pieces: each begins with the section and the interfaces that its packets need. */
static void copies_in_pieces(void **state)
{
	struct sink_options options = { .format = SINK_PCAPNG, .rotate_bytes = 1000, .directory = AT_FDCWD };
	struct build b = { 0 };
	struct source *source;
	unsigned seen = 0, files = 0;

	(void)state;
	for (unsigned section = 0; section < 2; section++) {
		b.swapped = section;
		build_simple(&b, 6, 40);
		build_interface(&b, 101, 0);
		build_end(&b);
		build_packet(&b, 1, 5, 5, 5);
		build_end(&b);
	}
	source = build_open(&b);
	save_all(source, "piece", &options);
	source_close(source);
	for (;; files++) {
		char name[32];

		snprintf(name, sizeof name, files ? "piece%u" : "piece", files);
		if (access(name, F_OK))
			break;
		seen += count_frames(name, 0);
	}
	assert_int_equal(seen, 82);
	assert_true(files > 4);
	build_release(&b);
}

static void standard_output_does_not_rotate(void **state)
{
	struct sink_options options = { .format = SINK_PCAP, .rotate_bytes = 5, .directory = AT_FDCWD };
	struct source *source = fake_live();
	struct error err = { "" };

	(void)state;
	assert_null(sink_open("-", source, &options, &err));
	assert_contains(err.text, "-C and -G need a file name");
	source_close(source);
}

/* The next file cannot be opened: the error is said, said again, and nothing else happens. */
static void no_next_file(void **state)
{
	struct sink_options options = { .format = SINK_PCAP, .rotate_bytes = 24, .directory = AT_FDCWD };
	struct source *source = fake_live();
	struct frame frame = fake_frame(source, 1, 50);
	struct error err = { "" };
	struct sink *sink;

	(void)state;
	assert_int_equal(system("mkdir -p blocked1"), 0);
	sink = sink_open("blocked", source, &options, &err);
	assert_int_equal(sink_write(sink, &frame, &err), 0);
	for (unsigned i = 0; i < 3; i++) {
		err.text[0] = '\0';
		assert_int_equal(sink_write(sink, &frame, &err), -1);
		assert_contains(err.text, "blocked1: cannot write: Is a directory");
	}
	assert_int_equal(sink_packets(sink), 1);
	assert_int_equal(sink_close(sink, &err), -1);
	assert_contains(err.text, "blocked1");
	source_close(source);
	assert_int_equal(count_frames("blocked", 1), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_size),
		cmocka_unit_test(a_ring),
		cmocka_unit_test(by_time),
		cmocka_unit_test(a_name_that_stays_gets_a_number),
		cmocka_unit_test(the_last_period_stops),
		cmocka_unit_test(by_time_and_size),
		cmocka_unit_test(copies_in_pieces),
		cmocka_unit_test(standard_output_does_not_rotate),
		cmocka_unit_test(no_next_file),
	};

	return cmocka_run_group_tests_name("sink_rotate", tests, enter_directory, leave_directory);
}
