/* SPDX-License-Identifier: BSD-2-Clause */
/* A date over TCP is one answer, however many segments it came in. */
#include "talking.h"

#define DATE "2026-01-31 12:00:00.123456\n"
#define DAYTIME 13

/* The server says the pieces without having been asked, and closes. */
static void say(struct talk *talk, const char *const pieces[])
{
	struct caller alice = call(talk, ALICE, 40000, DAYTIME);

	for (; *pieces; pieces++)
		put_down(talk, &alice, *pieces);
	server_hangs_up(talk, &alice);
	listen_twice(talk);
}

#define SAY(talk, ...) say(talk, (const char *const[]){ __VA_ARGS__, NULL })

static void assert_one_answer(struct talk *talk, unsigned frame)
{
	char expected[80];

	snprintf(expected, sizeof expected, "date 0>%u answered\ndate 0>%u over answered\n", frame, frame);
	assert_text(&talk->dialogues, expected);
}

static void test_in_two(void **state)
{
	struct talk *talk = *state;

	SAY(talk, "Sat Jan 31 12:0", "0:00 2026\r\n");
	assert_told(talk, 4, "");
	assert_told(talk, 5, "response_time=4ms answer=1");
	assert_one_answer(talk, 5);
}

static void test_in_three(void **state)
{
	struct talk *talk = *state;

	SAY(talk, "Sat Jan", " 31 12:0", "0:00 2026\n");
	assert_told(talk, 4, "");
	assert_told(talk, 5, "");
	assert_told(talk, 6, "response_time=5ms answer=1");
	assert_one_answer(talk, 6);
}

static void test_without_lf(void **state)
{
	struct talk *talk = *state;

	SAY(talk, "2026-01-", "31 12:0", "0:00");
	assert_told(talk, 4, "");
	assert_told(talk, 5, "");
	assert_told(talk, 6, "response_time=5ms answer=1");
	assert_one_answer(talk, 6);
}

/* So little of it may be anything: it is shown, and the rest goes on with it. */
static void test_a_short_beginning(void **state)
{
	struct talk *talk = *state;

	SAY(talk, "Sa", "t Jan 31 1", "2:00:00 2026");
	assert_told(talk, 4, "response_time=3ms answer=1");
	assert_told(talk, 5, "");
	assert_told(talk, 6, "response_time=5ms answer=1");
	assert_one_answer(talk, 4);
}

static void test_every_form_cut_anywhere(void **state)
{
	static const char *const forms[] = {
		"2026-01-31 12:00:00", "2026-01-31T12:00:00.5", "Sat Jan 31 12:00:00 2026",
		"Fri May  1 12:00:00 CEST 2026", "31/01/2026 12:00:00", "Saturday, January 31, 2026 12:00:00",
		"Date: 2026-01-31 12:00:00.123456", "alice 2026-01-31 12:00:00",
	};

	for (unsigned form = 0; form < sizeof forms / sizeof *forms; form++)
		for (size_t at = 1; at < strlen(forms[form]); at++) {
			struct talk *talk = *state;
			char first[64] = "";

			memcpy(first, forms[form], at);
			SAY(talk, first, forms[form] + at);
			text_char(&talk->dialogues, '\0');
			if (strstr(talk->dialogues.data, "times") || !strstr(talk->dialogues.data, "over answered"))
				fail_msg("'%s' and '%s' are not one answer", first, forms[form] + at);
			talk_tear_down(state);
			talk_set_up(state);
		}
}

/* The date was whole, and shown, before its end came. */
static void test_the_end_comes_later(void **state)
{
	struct talk *talk = *state;

	SAY(talk, "Sat Jan 31 12:00:00 2026", "\r\n");
	assert_told(talk, 4, "response_time=3ms answer=1");
	assert_told(talk, 5, "");
	assert_one_answer(talk, 4);
}

static void test_the_fraction_comes_later(void **state)
{
	struct talk *talk = *state;

	SAY(talk, "2026-01-31 12:00:00", ".123456\n");
	assert_told(talk, 4, "response_time=3ms answer=1");
	assert_told(talk, 5, "response_time=4ms answer=1");
	assert_one_answer(talk, 4);
}

static void test_words_before_the_date(void **state)
{
	struct talk *talk = *state;

	SAY(talk, "welcome\n", DATE);
	assert_told(talk, 4, "response_time=3ms answer=1");
	assert_told(talk, 5, "response_time=4ms answer=1");
	assert_one_answer(talk, 4);
}

/* Of a date that never came whole is shown what there is, when the server closes. */
static void test_never_whole(void **state)
{
	struct talk *talk = *state;

	SAY(talk, "Sat Jan 31 12:0");
	assert_told(talk, 4, "");
	assert_told(talk, 5, "response_time=4ms answer=1");
	assert_one_answer(talk, 5);
}

static void test_two_requests(void **state)
{
	struct talk *talk = *state;
	struct caller alice = call(talk, ALICE, 40000, 5555);

	put_up(talk, &alice, "date\n");
	put_down(talk, &alice, "2026-01-31 12:0");
	put_down(talk, &alice, "0:00.123456\n");
	put_up(talk, &alice, "date\n");
	put_down(talk, &alice, "2026-01-31");
	put_down(talk, &alice, " 12:00:01.123456\n");
	server_hangs_up(talk, &alice);
	listen_twice(talk);
	assert_told(talk, 6, "request_in=4 response_time=2ms answer=1");
	assert_told(talk, 9, "request_in=7 response_time=2ms answer=1");
	assert_text(&talk->dialogues, "date 4>0 open\ndate 4>6 answered\ndate 7>0 open\ndate 7>9 answered\n"
				      "date 4>6 over answered\ndate 7>9 over answered\n");
}

/* Both were asked for at once; what of the first was shown does not answer the second. */
static void test_two_requests_at_once(void **state)
{
	struct talk *talk = *state;
	struct caller alice = call(talk, ALICE, 40000, 5555);

	put_up(talk, &alice, "date\n");
	put_up(talk, &alice, "date\n");
	put_down(talk, &alice, "202");
	put_down(talk, &alice, "6-01-31 12:00:00");
	put_down(talk, &alice, "2026-01-31 12:00:01");
	listen_twice(talk);
	assert_told(talk, 6, "request_in=4 response_time=2ms answer=1");
	assert_told(talk, 7, "request_in=4 response_time=3ms answer=1");
	assert_told(talk, 8, "request_in=5 response_time=3ms answer=1");
}

/* Two names, each asked for, that nothing ends. */
static void test_two_names(void **state)
{
	struct talk *talk = *state;
	struct caller alice = call(talk, ALICE, 40000, 5555);

	for (unsigned i = 0; i < 2; i++) {
		put_up(talk, &alice, "user");
		put_down(talk, &alice, "rob");
	}
	listen_twice(talk);
	assert_told(talk, 5, "request_in=4 response_time=1ms answer=1");
	assert_told(talk, 7, "request_in=6 response_time=1ms answer=1");
}

/* A server that tells the date again and again was asked once. */
static void test_two_dates(void **state)
{
	struct talk *talk = *state;

	SAY(talk, "2026-01-31 12:00:00", "2026-01-31 12:00:01");
	assert_told(talk, 5, "response_time=4ms answer=2");
	assert_text(&talk->dialogues, "date 0>4 answered\ndate 0>4 answered 2 times\n"
				      "date 0>4 over answered 2 times\n");
}

/* Datagrams are no pieces. */
static void test_twice_by_datagrams(void **state)
{
	struct talk *talk = *state;

	put_udp(talk, ALICE, 40000, SERVER, 5555, "");
	put_udp(talk, SERVER, 5555, ALICE, 40000, "rob");
	put_udp(talk, SERVER, 5555, ALICE, 40000, DATE);
	listen_twice(talk);
	assert_told(talk, 3, "request_in=1 response_time=2ms answer=2");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, talk_set_up, talk_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_in_two), TEST(test_in_three), TEST(test_without_lf), TEST(test_a_short_beginning),
		TEST(test_every_form_cut_anywhere), TEST(test_the_end_comes_later), TEST(test_the_fraction_comes_later),
		TEST(test_words_before_the_date), TEST(test_never_whole), TEST(test_two_requests),
		TEST(test_two_requests_at_once), TEST(test_two_names), TEST(test_two_dates),
		TEST(test_twice_by_datagrams),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
