/* SPDX-License-Identifier: BSD-2-Clause */
/* Echo: over UDP datagram by datagram, over TCP as a stream, however it was cut. */
#include "talking.h"

static void up(struct talk *talk, const char *words)
{
	put_udp(talk, ALICE, 40000, SERVER, 7, words);
}

static void down(struct talk *talk, const char *words)
{
	put_udp(talk, SERVER, 7, ALICE, 40000, words);
}

/* ------------------------------------------------------------------------------------------------ UDP */

static void test_identical(void **state)
{
	struct talk *talk = *state;

	up(talk, "hello");
	down(talk, "hello");
	listen_twice(talk);
	assert_told(talk, 1, "response_in=2");
	assert_told(talk, 2, "request_in=1 response_time=1ms answer=1 identical=1");
	assert_text(&talk->dialogues, "echo 1>0 open\necho 1>2 answered identical\necho 1>2 over answered identical\n");
}

static void test_transforms(void **state)
{
	struct talk *talk = *state;

	up(talk, "hello");
	down(talk, "HELLO");
	up(talk, "again");
	down(talk, "ECHO: again");
	up(talk, "last");
	down(talk, "something else");
	listen_twice(talk);
	assert_told(talk, 2, "request_in=1 response_time=1ms answer=1 identical=0 transform=\"upper case\"");
	assert_told(talk, 4, "request_in=3 response_time=1ms answer=1 identical=0 transform=\"prefix \"ECHO: \"\"");
	assert_told(talk, 6, "request_in=5 response_time=1ms answer=1 identical=0");
}

/* Several were on their way: the content tells which is whose, and a loss moves nothing. */
static void test_content_decides(void **state)
{
	struct talk *talk = *state;

	up(talk, "one");
	up(talk, "two");
	up(talk, "three");
	up(talk, "four");
	down(talk, "three");
	down(talk, "TWO");
	down(talk, "what?");
	listen_twice(talk);
	assert_told(talk, 5, "request_in=3 response_time=2ms answer=1 identical=1");
	assert_told(talk, 6, "request_in=2 response_time=4ms answer=1 identical=0 transform=\"upper case\"");
	assert_told(talk, 7, "request_in=1 response_time=6ms answer=1 identical=0");
	assert_told(talk, 4, "unanswered=1");
}

static void test_answered_twice(void **state)
{
	struct talk *talk = *state;

	up(talk, "one");
	up(talk, "two");
	down(talk, "one");
	down(talk, "one");
	listen_twice(talk);
	assert_told(talk, 4, "request_in=1 response_time=3ms answer=2 identical=1");
	assert_told(talk, 2, "unanswered=1");
}

/* Many servers do not answer an empty datagram: nothing was lost. One that does answers with an empty one. */
static void test_empty(void **state)
{
	struct talk *talk = *state;

	up(talk, "");
	up(talk, "");
	down(talk, "");
	listen_twice(talk);
	assert_told(talk, 1, "response_in=3");
	assert_told(talk, 2, "");
	assert_told(talk, 3, "request_in=1 response_time=2ms answer=1 identical=1");
	assert_text(&talk->dialogues, "echo 1>0 open\necho 2>0 open\necho 1>3 answered identical\n"
		    "echo 1>3 over answered identical\necho 2>0 over not expected\n");
}

/* What was not captured whole is paired, but not compared. */
static void test_cut(void **state)
{
	struct talk *talk = *state;

	up(talk, "hello world");
	cut_last(talk, 32);
	down(talk, "hello world");
	listen_twice(talk);
	assert_told(talk, 2, "request_in=1 response_time=1ms answer=1");
}

/* The contents of unanswered requests have a limit in all; the last ones are still compared. */
static void test_contents_are_bounded(void **state)
{
	static char words[60000];
	struct talk *talk = *state;
	const unsigned many = DIALOGUE_OCTETS_MAX / sizeof words + 10;

	memset(words, 'x', sizeof words);
	for (unsigned i = 0; i < many; i++) {
		memcpy(words, &i, sizeof i);
		put_octets(talk, ALICE, 40000, SERVER, 7, words, sizeof words);
	}
	put_octets(talk, SERVER, 7, ALICE, 40000, words, sizeof words);
	memset(words, 0, sizeof(unsigned));
	put_octets(talk, SERVER, 7, ALICE, 40000, words, sizeof words);
	listen_twice(talk);
	assert_told(talk, many + 1, "request_in=569 response_time=1ms answer=1 identical=1");
	/* The first one's content is gone: it is paired as the oldest, and not compared. */
	assert_told(talk, many + 2, "request_in=1 response_time=570ms answer=1");
}

/* ------------------------------------------------------------------------------------------------ TCP */

static void test_stream_cut_differently(void **state)
{
	struct talk *talk = *state;
	struct caller alice = call(talk, ALICE, 40000, 7);

	put_up(talk, &alice, "hello ");
	put_up(talk, &alice, "world\n");
	put_down(talk, &alice, "hel");
	put_down(talk, &alice, "lo wor");
	put_down(talk, &alice, "ld\n");
	hang_up(talk, &alice);
	listen_twice(talk);
	assert_told(talk, 4, "response_in=7");
	assert_told(talk, 5, "response_in=8");
	assert_told(talk, 6, "request_in=4 identical=1");
	assert_told(talk, 7, "request_in=4 response_time=3ms request_in=5 identical=1");
	assert_told(talk, 8, "request_in=5 response_time=3ms identical=1");
}

static void test_stream_upper(void **state)
{
	struct talk *talk = *state;
	struct caller alice = call(talk, ALICE, 40000, 7);

	put_up(talk, &alice, "hello\nworld\n");
	put_down(talk, &alice, "HELLO\n");
	put_down(talk, &alice, "WORLD\n");
	hang_up(talk, &alice);
	listen_twice(talk);
	assert_told(talk, 5, "request_in=4 identical=0 transform=\"upper case\"");
	assert_told(talk, 6, "request_in=4 response_time=2ms identical=0 transform=\"upper case\"");
}

static void test_stream_prefix(void **state)
{
	struct talk *talk = *state;
	struct caller alice = call(talk, ALICE, 40000, 7);

	put_up(talk, &alice, "echo hello\n");
	put_up(talk, &alice, "world\n");
	put_down(talk, &alice, "ECHO: echo hello\nECHO: world\n");
	put_up(talk, &alice, "more\n");
	put_down(talk, &alice, "ECH");
	put_down(talk, &alice, "O: more\n");
	hang_up(talk, &alice);
	listen_twice(talk);
	assert_told(talk, 6, "request_in=4 response_time=2ms request_in=5 response_time=1ms identical=0 "
		    "transform=\"prefix \"ECHO: \"\"");
	assert_told(talk, 8, "");
	assert_told(talk, 9, "request_in=7 response_time=2ms identical=0 transform=\"prefix \"ECHO: \"\"");
}

static void test_stream_differs(void **state)
{
	struct talk *talk = *state;
	struct caller alice = call(talk, ALICE, 40000, 7);
	static const char long_line[] = "something that nobody sent, and that is longer than any prefix that is "
					"looked for\n";

	put_up(talk, &alice, "hello\n");
	put_down(talk, &alice, long_line);
	put_up(talk, &alice, "again\n");
	put_down(talk, &alice, "again\n");
	hang_up(talk, &alice);
	listen_twice(talk);
	assert_told(talk, 5, "request_in=4 response_time=1ms identical=0");
	/* From there on places alone tell what was answered. */
	assert_told(talk, 7, "request_in=6 response_time=1ms");
}

static void test_stream_unanswered(void **state)
{
	struct talk *talk = *state;
	struct caller alice = call(talk, ALICE, 40000, 7);

	put_up(talk, &alice, "hello\n");
	put_up(talk, &alice, "world\n");
	put_down(talk, &alice, "hello\n");
	hang_up(talk, &alice);
	listen_twice(talk);
	assert_told(talk, 4, "response_in=6");
	assert_told(talk, 5, "unanswered=1");
}

/* Octets that were not captured: what they were is not known, where they stood is. */
static void test_stream_with_a_hole(void **state)
{
	struct talk *talk = *state;
	struct caller alice = call(talk, ALICE, 40000, 7);

	put_up(talk, &alice, "hello\n");
	put_down(talk, &alice, "hel");
	alice.seq[1] += 2;
	put_down(talk, &alice, "\n");
	put_up(talk, &alice, "more\n");
	put_down(talk, &alice, "more\n");
	hang_up(talk, &alice);
	listen_twice(talk);
	assert_told(talk, 4, "response_in=6");
	assert_told(talk, 5, "request_in=4 identical=1");
	assert_told(talk, 6, "request_in=4");
	assert_told(talk, 8, "request_in=7 response_time=1ms");
}

/* What comes before anything was asked answers nothing. */
static void test_stream_with_a_greeting(void **state)
{
	struct talk *talk = *state;
	struct caller alice = call(talk, ALICE, 40000, 7);

	put_down(talk, &alice, "welcome\n");
	put_up(talk, &alice, "hello\n");
	put_down(talk, &alice, "hello\n");
	hang_up(talk, &alice);
	listen_twice(talk);
	assert_told(talk, 4, "");
	assert_told(talk, 6, "request_in=5 response_time=1ms identical=1");
}

/* Of a connection that was joined in its middle nobody is accused of having echoed something else. */
static void test_stream_joined(void **state)
{
	struct talk *talk = *state;
	struct caller alice = { .host = ALICE, .port = 40000, .server_port = 7, .seq = { 1000, 5000 } };
	static const char before[] = "what was asked for before the capture began, in more words than prefixes have\n";

	put_up(talk, &alice, "hello\n");
	put_down(talk, &alice, before);
	put_down(talk, &alice, "hello\n");
	listen_twice(talk);
	assert_told(talk, 2, "request_in=1 response_time=1ms");
	assert_told(talk, 3, "");
}

/* More than is kept: not compared from there on, and never more memory. */
static void test_stream_is_bounded(void **state)
{
	static uint8_t words[1400];
	struct talk *talk = *state;
	struct caller alice = call(talk, ALICE, 40000, 7);
	const unsigned many = ECHO_QUEUE_MAX / sizeof words + 2;

	for (unsigned i = 0; i < many; i++)
		put_segment(talk, &alice, true, words, sizeof words);
	put_segment(talk, &alice, false, words, sizeof words);
	hang_up(talk, &alice);
	listen_twice(talk);
	assert_told(talk, 4 + many, "request_in=4 response_time=48ms");
	assert_told(talk, 3 + many, "unanswered=1");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, talk_set_up, talk_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_identical), TEST(test_transforms), TEST(test_content_decides), TEST(test_answered_twice),
		TEST(test_empty), TEST(test_cut), TEST(test_contents_are_bounded),
		TEST(test_stream_cut_differently), TEST(test_stream_upper), TEST(test_stream_prefix),
		TEST(test_stream_differs), TEST(test_stream_unanswered), TEST(test_stream_with_a_hole),
		TEST(test_stream_with_a_greeting), TEST(test_stream_joined), TEST(test_stream_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
