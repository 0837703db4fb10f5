/* SPDX-License-Identifier: BSD-2-Clause */
/* The date service: which request gets what, every format in local time, and dates over a stream. */
#include <time.h>

#include "wires.h"

/* 2026-11-22 16:40:00.123456789 UTC; in Paris an hour later, in winter time. */
#define NOW INT64_C(1795365600123456789)

static int64_t fixed_now(void)
{
	return NOW;
}

static int64_t whole_second(void)
{
	return NOW / 1000000000 * 1000000000;
}

static int64_t too_early(void)
{
	return 0;
}

static void in_paris(void)
{
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
}

static const struct date_service any = {
	.format = DATE_PYTHON, .answer = DATE_ANSWER_ANY, .terminator = "\n", .user = "alice", .now = fixed_now
};
static const struct date_service word = {
	.format = DATE_PYTHON, .answer = DATE_ANSWER_WORD, .terminator = "\n", .user = "alice", .now = fixed_now
};

static void check(const struct date_service *service, const void *request, size_t length, const void *answer,
		  size_t answer_length)
{
	struct datagram datagram = { .data = request, .length = length };
	struct text got = { 0 };

	date_service.on_datagram((void *)service, &datagram);
	assert_non_null(datagram.answer);
	text_add(&got, datagram.answer, datagram.answer_length);
	assert_octets(&got, answer, answer_length);
	text_release(&got);
}

static void any_request_gets_the_date(void **state)
{
	static const struct {
		const char *octets;
		size_t length;
	} requests[] = { { OCTETS("") },     { OCTETS("date") },    { OCTETS("user") },         { OCTETS("\0") },
			 { OCTETS("time") }, { OCTETS("hello\n") }, { OCTETS("\xff\x00\x17") }, { NULL, 0 } };

	(void)state;
	in_paris();
	for (size_t i = 0; i < COUNT(requests); i++)
		check(&any, requests[i].octets, requests[i].length, OCTETS("2026-11-22 17:40:00.123456\n"));
}

static void only_the_word_gets_the_date(void **state)
{
	static const struct {
		const char *octets;
		size_t length;
		bool date;
	} requests[] = {
		{ OCTETS("date"), true },
		{ OCTETS("date\n"), true },
		{ OCTETS("date\r\n"), true },
		{ OCTETS("date\0"), true },
		{ OCTETS("user"), false },
		{ OCTETS(""), false },
		{ NULL, 0, false },
		{ OCTETS("\0"), false },
		{ OCTETS("Date"), false },
		{ OCTETS("DATE"), false },
		{ OCTETS("date "), false },
		{ OCTETS(" date"), false },
		{ OCTETS("date\n\n"), false },
		{ OCTETS("date\r"), false },
		{ OCTETS("dat"), false },
		{ OCTETS("date\0\0"), false },
		{ OCTETS("dates"), false },
		{ OCTETS("date\r\0"), false },
		{ OCTETS("\xff\xfe"), false },
		{ OCTETS("date date"), false },
	};

	(void)state;
	in_paris();
	for (size_t i = 0; i < COUNT(requests); i++) {
		if (requests[i].date)
			check(&word, requests[i].octets, requests[i].length, OCTETS("2026-11-22 17:40:00.123456\n"));
		else
			check(&word, requests[i].octets, requests[i].length, OCTETS("alice\n"));
	}
}

/* Each format, with its terminator, and read back by the parser that the clients use. */
static void every_format_in_local_time(void **state)
{
	static const struct {
		enum date_format format;
		const char *answer;
		size_t length;
	} rows[] = {
		{ DATE_PYTHON, OCTETS("2026-11-22 17:40:00.123456\r\n") },
		{ DATE_PYTHON_NOFRACTION, OCTETS("2026-11-22 17:40:00\r\n") },
		{ DATE_ISO, OCTETS("2026-11-22T17:40:00.123456+01:00\r\n") },
		{ DATE_CTIME, OCTETS("Sun Nov 22 17:40:00 2026\r\n") },
		{ DATE_JAVA, OCTETS("Sun Nov 22 17:40:00 CET 2026\r\n") },
		{ DATE_DMY, OCTETS("22/11/2026 17:40:00\r\n") },
		{ DATE_LONG, OCTETS("Sunday, November 22, 2026 17:40:00-CET\r\n") },
		{ DATE_RFC868, OCTETS("\xee\xad\x99\x60") },
		{ DATE_RFC868_ASCII, OCTETS("4004354400\r\n") },
		{ DATE_EPOCH, OCTETS("1795365600.123456\r\n") },
	};
	struct date_service service = { .terminator = "\r\n", .user = "alice", .now = fixed_now };

	(void)state;
	assert_int_equal(COUNT(rows), DATE_FORMAT_COUNT);
	in_paris();
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct date_value value;

		service.format = rows[i].format;
		check(&service, "", 0, rows[i].answer, rows[i].length);
		assert_true(rows[i].format == DATE_RFC868
				    ? date_parse_binary((const uint8_t *)rows[i].answer, rows[i].length, &value)
				    : date_parse((const uint8_t *)rows[i].answer, rows[i].length, &value));
		assert_int_equal(value.format, rows[i].format);
	}
}

static void a_zone_without_a_sayable_name(void **state)
{
	struct date_service service = { .format = DATE_JAVA, .terminator = "", .user = "alice", .now = fixed_now };

	(void)state;
	setenv("TZ", "<WAYTOOLONG>-5:30", 1);
	tzset();
	check(&service, "", 0, OCTETS("Sun Nov 22 22:10:00 GMT+05:30 2026"));
	in_paris();
}

static void no_fraction_at_a_whole_second(void **state)
{
	struct date_service service = any;

	(void)state;
	in_paris();
	service.now = whole_second;
	check(&service, "", 0, OCTETS("2026-11-22 17:40:00\n"));
	service.terminator = "";
	check(&service, "", 0, OCTETS("2026-11-22 17:40:00"));
}

/* The clock of the machine, when none is given: the answer lies between two readings of it. */
static void the_clock_is_asked(void **state)
{
	struct date_service service = { .format = DATE_EPOCH, .terminator = "", .user = "alice" };
	struct datagram datagram = { .data = NULL };
	struct timespec before, after;
	struct date_value value;

	(void)state;
	clock_gettime(CLOCK_REALTIME, &before);
	date_service.on_datagram(&service, &datagram);
	clock_gettime(CLOCK_REALTIME, &after);
	assert_true(date_parse(datagram.answer, datagram.answer_length, &value));
	assert_true(value.time_ns >= before.tv_sec * INT64_C(1000000000));
	assert_true(value.time_ns <= after.tv_sec * INT64_C(1000000000) + after.tv_nsec);
}

/* Unix time in ten digits begins in 2001: before, that format has no answer. */
static void a_time_that_cannot_be_said(void **state)
{
	struct date_service service = { .format = DATE_EPOCH, .terminator = "", .user = "a", .now = too_early };
	struct datagram datagram = { .data = NULL };
	struct connection *c;
	struct wires wires;

	(void)state;
	date_service.on_datagram(&service, &datagram);
	assert_null(datagram.answer);
	wires_open(&wires, &date_service, &service, 1u << EVENT_CLOSED);
	c = wires_connect(&wires);
	assert_gets(c, "", 0);
	assert_true(connection_over(c));
	wires_settle(&wires);
	assert_octets(&wires.events, OCTETS("closed 1: the clock shows a time that the format cannot say\n"));
	wires_close(&wires);
}

static void a_long_user_name_is_cut(void **state)
{
	static char name[2000];
	struct date_service service = { .answer = DATE_ANSWER_WORD, .terminator = "\r\n", .user = name };
	struct datagram datagram = { .data = NULL };

	(void)state;
	memset(name, 'x', sizeof name - 1);
	date_service.on_datagram(&service, &datagram);
	assert_int_equal(datagram.answer_length, sizeof datagram.room);
	assert_memory_equal(datagram.answer + sizeof datagram.room - 3, "x\r\n", 3);
}

static void a_stream_gets_the_date_and_ends(void **state)
{
	struct date_service service = word;
	struct wires wires;
	struct connection *c;

	(void)state;
	in_paris();
	wires_open(&wires, &date_service, &service, 1u << EVENT_CLOSED);
	c = wires_connect(&wires);
	assert_false(connection_over(c));
	connection_received(c, (const uint8_t *)"user", 4); /* comes too late to matter */
	assert_gets(c, OCTETS("2026-11-22 17:40:00.123456\n"));
	assert_true(connection_over(c));
	assert_int_equal(wires.server.tally->messages_out, 1);
	wires_settle(&wires);
	assert_octets(&wires.events, OCTETS("closed 1: the date was sent\n"));

	service.format = DATE_RFC868;
	c = wires_connect(&wires);
	assert_gets(c, OCTETS("\xee\xad\x99\x60"));
	assert_true(connection_over(c));
	wires_close(&wires);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_request_gets_the_date),       cmocka_unit_test(only_the_word_gets_the_date),
		cmocka_unit_test(every_format_in_local_time),      cmocka_unit_test(a_zone_without_a_sayable_name),
		cmocka_unit_test(no_fraction_at_a_whole_second),   cmocka_unit_test(the_clock_is_asked),
		cmocka_unit_test(a_time_that_cannot_be_said),      cmocka_unit_test(a_long_user_name_is_cut),
		cmocka_unit_test(a_stream_gets_the_date_and_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
