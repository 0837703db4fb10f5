/* SPDX-License-Identifier: BSD-2-Clause */
/* Dates in every format, frame and ending; what is not a date; build and parse agree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lab/calendar.h"
#include "lab/date.h"
#include "sweep.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define BYTES(s) s, sizeof(s) - 1

/* 2024-03-01 12:30:45 */
#define MARCH INT64_C(1709296245)
#define US INT64_C(1000)

static const struct sample {
	const char *message;
	size_t len;
	enum date_format format;
	const char *date; /* the text that must be found */
	const char *user; /* "" for none */
	int64_t seconds, ns;
	unsigned digits;
	int zone; /* NO_ZONE, or seconds */
	int confidence;
} samples[] = {
#define NO_ZONE (-1)
#define P(m, d, ns, n)                                                                                                 \
	{                                                                                                              \
		BYTES(m), DATE_PYTHON, d, "", MARCH, ns, n, NO_ZONE, 90                                                \
	}
	P("2024-03-01 12:30:45.123456\n", "2024-03-01 12:30:45.123456", 123456 * US, 6),
	P("2024-03-01 12:30:45.5", "2024-03-01 12:30:45.5", 500000 * US, 1),
	P("2024-03-01 12:30:45.000000001\r\n", "2024-03-01 12:30:45.000000001", 1, 9),
	P("Date: 2024-03-01 12:30:45.123456", "2024-03-01 12:30:45.123456", 123456 * US, 6),
	P("date, time : (2024-03-01 12:30:45.123456)", "2024-03-01 12:30:45.123456", 123456 * US, 6),
	P("\r 2024-03-01 12:30:45.25 \n", "2024-03-01 12:30:45.25", 250000 * US, 2),
	{ BYTES("alice 2024-03-01 12:30:45.123456"), DATE_PYTHON, "2024-03-01 12:30:45.123456", "alice", MARCH,
	  123456 * US, 6, NO_ZONE, 90 },
	{ BYTES("2024-03-01 12:30:45.5+01:00"), DATE_PYTHON, "2024-03-01 12:30:45.5+01:00", "", MARCH, 500000 * US, 1,
	  3600, 90 },
#define N(m, u, c)                                                                                                     \
	{                                                                                                              \
		BYTES(m), DATE_PYTHON_NOFRACTION, "2024-03-01 12:30:45", u, MARCH, 0, 0, NO_ZONE, c                    \
	}
	N("2024-03-01 12:30:45", "", 90),
	N("2024-03-01 12:30:45\n", "", 90),
	N("2024-03-01 12:30:45\r\n", "", 90),
	N("2024-03-01 12:30:45\0", "", 90),
	N("2024-03-01 12:30:45\0\0\0\0\0\0\0\0", "", 90),
	N("Date: 2024-03-01 12:30:45\n", "", 90),
	N("date 2024-03-01 12:30:45", "", 90),
	N("TIME 2024-03-01 12:30:45", "", 90),
	N("Current date and time: 2024-03-01 12:30:45.", "", 90),
	N("date, time : (2024-03-01 12:30:45)\n", "", 90),
	N("user-1 2024-03-01 12:30:45\n", "user-1", 90),
	N("dime 2024-03-01 12:30:45", "dime", 90),
	N("h\xc3\xa9l\xc3\xa8ne  2024-03-01 12:30:45", "h\xc3\xa9l\xc3\xa8ne", 90),
	N("alice: 2024-03-01 12:30:45", "", 30),
	N("alice 2024-03-01 12:30:45 bob", "", 30),
	N("it was 10:20:30 on 2024-03-01 12:30:45 or so", "", 30),
	N("2024-03-01 12:30:45,123 INFO started", "", 30),
#define I(m, ns, n, z)                                                                                                 \
	{                                                                                                              \
		BYTES(m), DATE_ISO, m, "", MARCH, ns, n, z, 90                                                         \
	}
	I("2024-03-01T12:30:45", 0, 0, NO_ZONE),
	I("2024-03-01T12:30:45Z", 0, 0, 0),
	I("2024-03-01T12:30:45.123456", 123456 * US, 6, NO_ZONE),
	I("2024-03-01T12:30:45.123Z", 123000 * US, 3, 0),
	I("2024-03-01T12:30:45+01:00", 0, 0, 3600),
	I("2024-03-01T12:30:45.5-03:30", 500000 * US, 1, -12600),
	I("2024-03-01T12:30:45-0300", 0, 0, -10800),
#define X(f, m, d, z)                                                                                                  \
	{                                                                                                              \
		BYTES(m), f, d, "", MARCH, 0, 0, z, 90                                                                 \
	}
	X(DATE_CTIME, "Fri Mar  1 12:30:45 2024\r\n", "Fri Mar  1 12:30:45 2024", NO_ZONE),
	X(DATE_CTIME, "Fri Mar 01 12:30:45 2024\n\0", "Fri Mar 01 12:30:45 2024", NO_ZONE),
	X(DATE_CTIME, "Time: Fri Mar  1 12:30:45 2024", "Fri Mar  1 12:30:45 2024", NO_ZONE),
	X(DATE_JAVA, "Fri Mar 01 12:30:45 CET 2024", "Fri Mar 01 12:30:45 CET 2024", 3600),
	X(DATE_JAVA, "Fri Mar 01 12:30:45 UTC 2024\n", "Fri Mar 01 12:30:45 UTC 2024", 0),
	X(DATE_JAVA, "Fri Mar 01 12:30:45 PST 2024\n", "Fri Mar 01 12:30:45 PST 2024", -28800),
	X(DATE_JAVA, "Fri Mar  1 12:30:45 ART 2024\n", "Fri Mar  1 12:30:45 ART 2024", -10800),
	X(DATE_JAVA, "Fri Mar  1 12:30:45 -03 2024\n", "Fri Mar  1 12:30:45 -03 2024", -10800),
	X(DATE_JAVA, "Fri Mar 01 12:30:45 GMT+05:30 2024\n", "Fri Mar 01 12:30:45 GMT+05:30 2024", 19800),
	X(DATE_JAVA, "Fri Mar 01 12:30:45 XYZ 2024\n", "Fri Mar 01 12:30:45 XYZ 2024", NO_ZONE),
	X(DATE_DMY, "01/03/2024 12:30:45", "01/03/2024 12:30:45", NO_ZONE),
	X(DATE_DMY, "Date: 01/03/2024 12:30:45\n", "01/03/2024 12:30:45", NO_ZONE),
	X(DATE_LONG, "Friday, March 1, 2024 12:30:45\r\n", "Friday, March 1, 2024 12:30:45", NO_ZONE),
	X(DATE_LONG, "Friday, March 01, 2024 12:30:45", "Friday, March 01, 2024 12:30:45", NO_ZONE),
	X(DATE_LONG, "Friday, March  1, 2024 12:30:45", "Friday, March  1, 2024 12:30:45", NO_ZONE),
	X(DATE_LONG, "Friday, March 1, 2024 12:30:45-PST\r\n", "Friday, March 1, 2024 12:30:45-PST", -28800),
	X(DATE_LONG, "Friday, March 1, 2024 12:30:45-03", "Friday, March 1, 2024 12:30:45-03", -10800),
	X(DATE_LONG, "Friday, March 1, 2024 12:30:45-QQQ", "Friday, March 1, 2024 12:30:45-QQQ", NO_ZONE),
	{ BYTES("3918285045\n"), DATE_RFC868_ASCII, "3918285045", "", MARCH, 0, 0, 0, 20 },
	{ BYTES("2208988800"), DATE_RFC868_ASCII, "2208988800", "", 0, 0, 0, 0, 20 },
	{ BYTES("2208988799"), DATE_EPOCH, "2208988799", "", 2208988799, 0, 0, 0, 20 },
	{ BYTES("1709296245\r\n"), DATE_EPOCH, "1709296245", "", MARCH, 0, 0, 0, 20 },
	{ BYTES(" 1709296245.1234567\n"), DATE_EPOCH, "1709296245.1234567", "", MARCH, 123456700, 7, 0, 20 },
	/* edges of the calendar */
	{ BYTES("1900-01-01 00:00:00"), DATE_PYTHON_NOFRACTION, "1900-01-01 00:00:00", "", -2208988800, 0, 0, NO_ZONE,
	  90 },
	{ BYTES("1969-12-31 23:59:59.5"), DATE_PYTHON, "1969-12-31 23:59:59.5", "", -1, 500000 * US, 1, NO_ZONE, 90 },
	{ BYTES("2000-02-29 00:00:00"), DATE_PYTHON_NOFRACTION, "2000-02-29 00:00:00", "", 951782400, 0, 0, NO_ZONE,
	  90 },
	{ BYTES("2016-12-31 23:59:60"), DATE_PYTHON_NOFRACTION, "2016-12-31 23:59:60", "", 1483228800, 0, 0, NO_ZONE,
	  90 },
	{ BYTES("2262-04-11 23:47:15"), DATE_PYTHON_NOFRACTION, "2262-04-11 23:47:15", "", 9223372035, 0, 0, NO_ZONE,
	  90 },
};

static void parses_every_sample(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(samples); i++) {
		const struct sample *s = &samples[i];
		const uint8_t *data = (const uint8_t *)s->message;
		struct date_value v;

		if (!date_parse(data, s->len, &v))
			fail_msg("not a date: %s", s->message);
		if (v.format != s->format || v.time_ns != s->seconds * NS_PER_S + s->ns)
			fail_msg("%s: %s %lld", s->message, date_formats[v.format].name, (long long)v.time_ns);
		assert_int_equal(v.length, strlen(s->date));
		assert_memory_equal(data + v.offset, s->date, v.length);
		assert_int_equal(v.user_length, strlen(s->user));
		assert_memory_equal(data + v.user_offset, s->user, v.user_length);
		assert_int_equal(v.fraction_digits, s->digits);
		assert_int_equal(v.has_zone, s->zone != NO_ZONE);
		assert_int_equal(v.zone_offset_s, s->zone == NO_ZONE ? 0 : s->zone);
		if (date_confidence(data, s->len) != s->confidence)
			fail_msg("%s: confidence %d", s->message, date_confidence(data, s->len));
	}
}

static const struct {
	const char *message;
	size_t len;
} refusals[] = {
	{ BYTES("") },
	{ BYTES("date") },
	{ BYTES("hello world, this is no date") },
	{ BYTES("2024-13-01 12:30:45") },
	{ BYTES("2024-00-01 12:30:45") },
	{ BYTES("2024-02-30 12:30:45") },
	{ BYTES("2023-02-29 12:30:45") },
	{ BYTES("1900-02-29 12:30:45") },
	{ BYTES("2024-03-00 12:30:45") },
	{ BYTES("2024-03-01 25:30:45") },
	{ BYTES("2024-03-01 24:00:00") },
	{ BYTES("2024-03-01 12:60:45") },
	{ BYTES("2024-03-01 12:30:61") },
	{ BYTES("1899-12-31 12:30:45") },
	{ BYTES("2262-04-11 23:47:16") },
	{ BYTES("2263-01-01 00:00:00") },
	{ BYTES("9999-12-31 23:59:59") },
	{ BYTES("2024-03-01 12:30:45.1234567890") },
	{ BYTES("2024-03-01 12:30:456") },
	{ BYTES("2024-03-01 12:30:45:00") },
	{ BYTES("12024-03-01 12:30:45") },
	{ BYTES("2024/03/01 12:30:45") },
	{ BYTES("2024-03-01_12:30:45") },
	{ BYTES("2024-03-01 12:30") },
	{ BYTES("2024-03-01 1a:30:45") },
	{ BYTES("Foo Mar  1 12:30:45 2024") },
	{ BYTES("Fri Mrz  1 12:30:45 2024") },
	{ BYTES("Fri Feb 30 12:30:45 2024") },
	{ BYTES("Fri Mar  1 12:30:45 20x4") },
	{ BYTES("Fri Mar  1 12:30:45 CET") },
	{ BYTES("Fri Mar  1 12:30:45 ABCDEFGHIJK 2024") },
	{ BYTES("32/03/2024 12:30:45") },
	{ BYTES("03/31/2024 12:30:45") },
	{ BYTES("Frday, March 1, 2024 12:30:45") },
	{ BYTES("Friday, Marc 1, 2024 12:30:45") },
	{ BYTES("Friday, March 32, 2024 12:30:45") },
	{ BYTES(", , 1, 2024 12:30:45") },
	{ BYTES("HTTP/1.1 200 OK\r\nDate: Fri, 01 Mar 2024 12:30:45 GMT\r\n\r\n") },
	{ BYTES("123456789") },
	{ BYTES("12345678901") },
	{ BYTES("0709296245") },
	{ BYTES("1709296245 seconds") },
	{ BYTES("t=1709296245") },
	{ BYTES("3918285045.5") },
	{ BYTES("1709296245.1234567890") },
	{ BYTES("::::::::::::::::::::::::::::::") },
	{ BYTES("00:00:00:00:00:00:00:00:00:00") },
};

static void refuses_what_is_no_date(void **state)
{
	struct date_value v;

	(void)state;
	for (size_t i = 0; i < COUNT(refusals); i++) {
		if (date_parse((const uint8_t *)refusals[i].message, refusals[i].len, &v))
			fail_msg("a date: %s", refusals[i].message);
		assert_int_equal(date_confidence((const uint8_t *)refusals[i].message, refusals[i].len), 0);
	}
}

static void search_is_bounded(void **state)
{
	uint8_t message[DATE_SEARCH_BYTES + 64];
	struct date_value v;

	(void)state;
	memset(message, ' ', sizeof(message));
	memcpy(message + DATE_SEARCH_BYTES - 19, "2024-03-01 12:30:45", 19);
	assert_true(date_parse(message, sizeof(message), &v));
	memset(message, ' ', sizeof(message));
	memcpy(message + DATE_SEARCH_BYTES - 18, "2024-03-01 12:30:45", 19);
	assert_false(date_parse(message, sizeof(message), &v));
}

static void reads_rfc868(void **state)
{
	static const uint8_t march[] = { 0xe9, 0x8c, 0x48, 0xf5 }, zero[5] = { 0 };
	struct date_value v;

	(void)state;
	assert_true(date_parse_binary(march, sizeof(march), &v));
	assert_int_equal(v.format, DATE_RFC868);
	assert_int_equal(v.time_ns, MARCH * NS_PER_S);
	assert_true(v.has_zone);
	assert_int_equal(v.length, 4);
	assert_true(date_parse_binary(zero, 4, &v));
	assert_int_equal(v.time_ns, -RFC868_EPOCH * NS_PER_S);
	assert_false(date_parse_binary(zero, 3, &v));
	assert_false(date_parse_binary(zero, 5, &v));
	assert_false(date_parse(march, sizeof(march), &v));
}

static const struct {
	enum date_format format;
	int64_t ns; /* after MARCH */
	int zone;
	const char *name;
	const char *text; /* NULL: cannot be built */
} builds[] = {
	{ DATE_PYTHON, 123456 * US, 0, NULL, "2024-03-01 12:30:45.123456" },
	{ DATE_PYTHON, 5 * US, 3600, "CET", "2024-03-01 13:30:45.000005" },
	{ DATE_PYTHON, 0, 0, NULL, "2024-03-01 12:30:45" },
	{ DATE_PYTHON, 999, 0, NULL, "2024-03-01 12:30:45" },
	{ DATE_PYTHON_NOFRACTION, 123456 * US, -43200, NULL, "2024-03-01 00:30:45" },
	{ DATE_ISO, 0, 0, NULL, "2024-03-01T12:30:45" },
	{ DATE_ISO, 0, 0, "UTC", "2024-03-01T12:30:45Z" },
	{ DATE_ISO, 123456 * US, 3600, "CET", "2024-03-01T13:30:45.123456+01:00" },
	{ DATE_ISO, 0, -12600, "NST", "2024-03-01T09:00:45-03:30" },
	{ DATE_ISO, 0, 30, "LMT", NULL },
	{ DATE_CTIME, 0, 0, NULL, "Fri Mar  1 12:30:45 2024" },
	{ DATE_JAVA, 0, 0, NULL, "Fri Mar 01 12:30:45 UTC 2024" },
	{ DATE_JAVA, 0, 3600, "CET", "Fri Mar 01 13:30:45 CET 2024" },
	{ DATE_JAVA, 0, 19800, NULL, "Fri Mar 01 18:00:45 GMT+05:30 2024" },
	{ DATE_JAVA, 0, -10800, "-03", "Fri Mar 01 09:30:45 -03 2024" },
	{ DATE_JAVA, 0, 0, "a b", NULL },
	{ DATE_JAVA, 0, 0, "", NULL },
	{ DATE_JAVA, 0, 0, "ABCDEFGHIJ", NULL },
	{ DATE_DMY, 0, 0, NULL, "01/03/2024 12:30:45" },
	{ DATE_LONG, 0, 0, NULL, "Friday, March 01, 2024 12:30:45" },
	{ DATE_LONG, 0, -28800, "PST", "Friday, March 01, 2024 04:30:45-PST" },
	{ DATE_LONG, 0, -10800, "-03", "Friday, March 01, 2024 09:30:45-03" },
	{ DATE_RFC868_ASCII, 0, 3600, "CET", "3918285045" },
	{ DATE_EPOCH, 0, 3600, "CET", "1709296245" },
	{ DATE_EPOCH, 123456 * US, 0, NULL, "1709296245.123456" },
	{ DATE_EPOCH, 0, 18 * 3600 + 1, NULL, NULL },
	{ DATE_FORMAT_COUNT, 0, 0, NULL, NULL },
};

static void builds_each_format(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(builds); i++) {
		int64_t time = MARCH * NS_PER_S + builds[i].ns;
		size_t want = builds[i].text ? strlen(builds[i].text) : 0;
		uint8_t buf[64];

		assert_int_equal(date_build(builds[i].format, time, builds[i].zone, builds[i].name, buf, sizeof(buf)),
				 want);
		assert_memory_equal(buf, builds[i].text ? builds[i].text : "", want);
		for (size_t size = 0; size < want; size++) {
			uint8_t *exact = malloc(size + 1);

			assert_int_equal(
				date_build(builds[i].format, time, builds[i].zone, builds[i].name, exact + 1, size), 0);
			free(exact);
		}
	}
}

static void refuses_what_a_format_cannot_say(void **state)
{
	uint8_t buf[64];

	(void)state;
	for (int f = 0; f < DATE_FORMAT_COUNT; f++) {
		assert_int_equal(date_build((enum date_format)f, INT64_MIN, 0, NULL, buf, sizeof(buf)), 0);
		assert_int_equal(date_build((enum date_format)f, -3000000000 * NS_PER_S, 0, NULL, buf, sizeof(buf)), 0);
	}
	assert_int_equal(date_build(DATE_RFC868, INT64_MAX, 0, NULL, buf, sizeof(buf)), 0);
	assert_int_equal(date_build(DATE_RFC868_ASCII, INT64_MAX, 0, NULL, buf, sizeof(buf)), 0);
	assert_int_equal(date_build(DATE_EPOCH, 999999999 * NS_PER_S, 0, NULL, buf, sizeof(buf)), 0);
	assert_int_not_equal(date_build(DATE_ISO, INT64_MAX, 0, "UTC", buf, sizeof(buf)), 0);
}

static bool counts_from_an_epoch(enum date_format f)
{
	return f == DATE_RFC868 || f == DATE_RFC868_ASCII || f == DATE_EPOCH;
}

static bool has_fraction(enum date_format f)
{
	return f == DATE_PYTHON || f == DATE_ISO || f == DATE_EPOCH;
}

/* A built date parses to itself: the instant where the format says a zone, else the wall clock. */
static void check_round_trip(enum date_format f, int64_t seconds, int64_t ns, int zone, const char *name)
{
	uint8_t buf[64];
	size_t len = date_build(f, seconds * NS_PER_S + ns, zone, name, buf, sizeof(buf));
	int64_t want = (seconds + (counts_from_an_epoch(f) ? 0 : zone)) * NS_PER_S + (has_fraction(f) ? ns : 0);
	bool zoned = f == DATE_ISO || f == DATE_JAVA || f == DATE_LONG;
	struct date_value v;

	assert_int_not_equal(len, 0);
	assert_true(f == DATE_RFC868 ? date_parse_binary(buf, len, &v) : date_parse(buf, len, &v));
	if (v.time_ns != want)
		fail_msg("%s: %.*s", date_formats[f].name, (int)len, (const char *)buf);
	assert_int_equal(v.format, f == DATE_PYTHON && ns == 0 ? DATE_PYTHON_NOFRACTION : f);
	assert_int_equal(v.offset, 0);
	assert_int_equal(v.length, len);
	assert_int_equal(v.has_zone, zoned || counts_from_an_epoch(f));
	assert_int_equal(v.zone_offset_s, zoned ? zone : 0);
}

static void built_dates_parse_to_themselves(void **state)
{
	(void)state;
	for (int f = 0; f < DATE_FORMAT_COUNT; f++) {
		/* an odd step walks through every second, hour, day and month; numbers under 1e9 have no ten digits */
		for (int64_t s = 1000000000; s < 2085000000; s += 86399 * 7 + 61) {
			int64_t us = s % 3 ? s % 1000000 : 0;

			check_round_trip((enum date_format)f, s, us * US, 0, "UTC");
			check_round_trip((enum date_format)f, s, us * US, 3600, "CET");
			check_round_trip((enum date_format)f, s, us * US, -10800, "ART");
		}
	}
}

static void calendar_goes_both_ways(void **state)
{
	(void)state;
	for (int64_t s = -RFC868_EPOCH; s < 9200000000; s += 86400 / 2 + 17) {
		struct civil c;
		unsigned weekday = civil_from_seconds(s, &c);

		assert_true(civil_valid(&c));
		assert_int_equal(civil_to_seconds(&c), s);
		assert_int_equal(weekday, ((s - (s % 86400 + 86400) % 86400) / 86400 % 7 + 11) % 7);
	}
}

static void formats_have_names(void **state)
{
	enum date_format f;

	(void)state;
	for (int i = 0; i < DATE_FORMAT_COUNT; i++) {
		assert_true(date_format_by_name(date_formats[i].name, &f));
		assert_int_equal(f, i);
		assert_non_null(date_formats[i].title);
		assert_non_null(date_formats[i].help);
	}
	assert_false(date_format_by_name("Python", &f));
	assert_false(date_format_by_name("", &f));
}

static const struct {
	const char *message;
	size_t len;
	enum date_request kind;
} requests[] = {
	{ BYTES(""), DATE_REQUEST_EMPTY },
	{ BYTES("\0"), DATE_REQUEST_NUL },
	{ BYTES("date"), DATE_REQUEST_DATE },
	{ BYTES("date\n"), DATE_REQUEST_DATE },
	{ BYTES("DATE\r\n\0"), DATE_REQUEST_DATE },
	{ BYTES("user"), DATE_REQUEST_USER },
	{ BYTES("user \n"), DATE_REQUEST_USER },
	{ BYTES("user alice"), DATE_REQUEST_USER_TEXT },
	{ BYTES("time"), DATE_REQUEST_TIME },
	{ BYTES("get datetime"), DATE_REQUEST_DATETIME },
	{ BYTES("request Datetime"), DATE_REQUEST_DATETIME },
	{ BYTES("dates"), DATE_REQUEST_FREE_TEXT },
	{ BYTES("users"), DATE_REQUEST_FREE_TEXT },
	{ BYTES("\n"), DATE_REQUEST_FREE_TEXT },
	{ BYTES("quelle heure est-il ? d\xc3\xa9j\xc3\xa0"), DATE_REQUEST_FREE_TEXT },
	{ BYTES("\x49\x7e\x00\x01\x00\x01"), DATE_REQUEST_BINARY },
	{ BYTES("caf\xe9"), DATE_REQUEST_BINARY },
};

static void requests_are_told_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(requests); i++)
		assert_int_equal(date_request_kind((const uint8_t *)requests[i].message, requests[i].len),
				 requests[i].kind);
	for (int i = 0; i < DATE_REQUEST_COUNT; i++)
		assert_non_null(date_request_name((enum date_request)i));
	assert_string_equal(date_request_name(DATE_REQUEST_COUNT), "unknown");
}

static void run_all(const uint8_t *data, size_t len)
{
	struct date_value v;

	if (date_parse(data, len, &v)) {
		assert_true(v.offset + v.length <= len);
		assert_true(v.user_offset + v.user_length <= v.offset);
	}
	date_parse_binary(data, len, &v);
	date_confidence(data, len);
	date_request_kind(data, len);
}

static void no_prefix_is_overrun(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(samples); i++)
		sweep(samples[i].message, samples[i].len, run_all);
	for (size_t i = 0; i < COUNT(refusals); i++)
		sweep(refusals[i].message, refusals[i].len, run_all);
	for (size_t i = 0; i < COUNT(requests); i++)
		sweep(requests[i].message, requests[i].len, run_all);
}

/* Every sample with one byte replaced by each of a few that mean something. */
static void no_change_is_overrun(void **state)
{
	static const char bytes[] = "\0\n :.-+/,ZT09aM\xff";
	uint8_t copy[96];

	(void)state;
	for (size_t i = 0; i < COUNT(samples); i++) {
		for (size_t at = 0; at < samples[i].len; at++) {
			for (size_t b = 0; b < sizeof(bytes) - 1; b++) {
				memcpy(copy, samples[i].message, samples[i].len);
				copy[at] = (uint8_t)bytes[b];
				run_all(copy, samples[i].len);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parses_every_sample),
		cmocka_unit_test(refuses_what_is_no_date),
		cmocka_unit_test(search_is_bounded),
		cmocka_unit_test(reads_rfc868),
		cmocka_unit_test(builds_each_format),
		cmocka_unit_test(refuses_what_a_format_cannot_say),
		cmocka_unit_test(built_dates_parse_to_themselves),
		cmocka_unit_test(calendar_goes_both_ways),
		cmocka_unit_test(formats_have_names),
		cmocka_unit_test(requests_are_told_apart),
		cmocka_unit_test(no_prefix_is_overrun),
		cmocka_unit_test(no_change_is_overrun),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
