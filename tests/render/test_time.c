/* SPDX-License-Identifier: BSD-2-Clause */
/* The forms of -t, zones, and times at the edges. */
#include "packets.h"

#include "render/time.h"

static const struct frame usual = {
	.has_time = true,
	.time = 1700000000123456789,
	.first_time = 1699999999000000000,
	.previous_time = 1700000000123000000,
	.displayed_time = 1700000000200000000,
};

static void check(const struct frame *frame, enum render_time time, unsigned digits, const char *expected)
{
	struct render_options options = { .time = time, .time_digits = digits };
	struct text out = { 0 };

	render_time_text(&out, &options, frame);
	text_char(&out, '\0');
	assert_string_equal(out.data, expected);
	text_release(&out);
}

static void zone(const char *name)
{
	setenv("TZ", name, 1);
	tzset();
}

static void every_form(void **unused)
{
	(void)unused;
	zone("ABC+1");
	check(&usual, TIME_ABSOLUTE, 6, "21:13:20.123456");
	check(&usual, TIME_ABSOLUTE_DATE, 6, "2023-11-14 21:13:20.123456");
	check(&usual, TIME_DELTA, 6, "0.000456");
	check(&usual, TIME_DELTA_SHOWN, 6, "-0.076543");
	check(&usual, TIME_EPOCH, 9, "1700000000.123456789");
	check(&usual, TIME_RELATIVE, 9, "1.123456789");
	check(&usual, TIME_UTC, 9, "22:13:20.123456789");
	check(&usual, TIME_UTC_DATE, 0, "2023-11-14 22:13:20");
	check(&usual, TIME_UTC, 3, "22:13:20.123");
}

static void no_time(void **unused)
{
	const struct frame frame = { .has_time = false, .time = 5 };

	(void)unused;
	for (enum render_time t = TIME_ABSOLUTE; t <= TIME_UTC_DATE; t++)
		check(&frame, t, 6, "-");
}

static void edges(void **unused)
{
	struct frame frame = { .has_time = true, .time = -1 };

	(void)unused;
	check(&frame, TIME_UTC_DATE, 9, "1969-12-31 23:59:59.999999999");
	check(&frame, TIME_EPOCH, 9, "-0.000000001");
	frame.time = INT64_MIN;
	frame.first_time = INT64_MAX;
	check(&frame, TIME_UTC_DATE, 9, "1677-09-21 00:12:43.145224192");
	check(&frame, TIME_RELATIVE, 9, "0.000000001");
	frame.time = INT64_MAX;
	check(&frame, TIME_UTC_DATE, 9, "2262-04-11 23:47:16.854775807");
}

/* Offsets that change within a quarter of an hour, and clocks put forward and back: always what localtime says. */
static void one_cache_follows_the_zone(void **unused)
{
	static const char *const zones[] = { "CET-1CEST,M3.5.0,M10.5.0/3", "LMT-0:44:30",
					     "X-0Y,M3.5.0/1:07,M10.5.0/2:11" };

	(void)unused;
	for (size_t z = 0; z < sizeof zones / sizeof *zones; z++) {
		struct time_cache cache = { 0 };
		struct render_options options = { .time = TIME_ABSOLUTE_DATE };

		zone(zones[z]);
		/* A few hours around the last Sundays of March and October 2023. */
		for (time_t t = 1679783000; t < 1679803000; t += 61) {
			for (unsigned half = 0; half < 2; half++) {
				time_t second = t + half * 18745200;
				struct frame frame = { .has_time = true, .time = second * 1000000000 };
				char text[TIME_ROOM], expected[TIME_ROOM];
				struct tm tm;

				*time_column(&cache, &options, &frame, text) = '\0';
				strftime(expected, sizeof expected, "%Y-%m-%d %H:%M:%S", localtime_r(&second, &tm));
				assert_string_equal(text, expected);
			}
		}
	}
}

static void columns_know_their_width(void **unused)
{
	struct render_options options = { .time = TIME_ABSOLUTE, .time_digits = 6 };

	(void)unused;
	assert_int_equal(time_width(&options), 15);
	options.time = TIME_UTC_DATE;
	options.time_digits = 0;
	assert_int_equal(time_width(&options), 19);
	options.time = TIME_EPOCH;
	assert_int_equal(time_width(&options), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_form),
		cmocka_unit_test(no_time),
		cmocka_unit_test(edges),
		cmocka_unit_test(one_cache_follows_the_zone),
		cmocka_unit_test(columns_know_their_width),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
