/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests and answers: which belong together, and what is told when one is missing, late, repeated or refused. */
#include "talking.h"

#define DATE "2026-01-31 12:00:00.123456\n"

static void ask(struct talk *talk, const char *words)
{
	put_udp(talk, ALICE, 40000, SERVER, 5555, words);
}

static void answer(struct talk *talk)
{
	put_udp(talk, SERVER, 5555, ALICE, 40000, DATE);
}

static void test_answered(void **state)
{
	struct talk *talk = *state;

	ask(talk, "");
	answer(talk);
	listen_twice(talk);
	assert_told(talk, 1, "response_in=2");
	assert_told(talk, 2, "request_in=1 response_time=1ms answer=1");
	assert_text(&talk->dialogues, "date 1>0 open\ndate 1>2 answered\ndate 1>2 over answered\n");
}

static void test_unanswered(void **state)
{
	struct talk *talk = *state;

	ask(talk, "date");
	listen_twice(talk);
	assert_told(talk, 1, "unanswered=1");
	assert_text(&talk->dialogues, "date 1>0 open\ndate 1>0 over unanswered\n");
}

static void test_answered_twice(void **state)
{
	struct talk *talk = *state;

	ask(talk, "date");
	answer(talk);
	answer(talk);
	listen_twice(talk);
	assert_told(talk, 1, "response_in=2");
	assert_told(talk, 3, "request_in=1 response_time=2ms answer=2");
	assert_text(&talk->dialogues, "date 1>0 open\ndate 1>2 answered\ndate 1>2 answered 2 times\n"
		    "date 1>2 over answered 2 times\n");
}

static void test_answers_go_to_the_oldest(void **state)
{
	struct talk *talk = *state;

	ask(talk, "date");
	ask(talk, "date");
	answer(talk);
	answer(talk);
	answer(talk);
	listen_twice(talk);
	assert_told(talk, 3, "request_in=1 response_time=2ms answer=1");
	assert_told(talk, 4, "request_in=2 response_time=2ms answer=1");
	assert_told(talk, 5, "request_in=2 response_time=3ms answer=2");
}

static void test_late(void **state)
{
	struct talk *talk = *state;

	ask(talk, "date");
	wait_ms(talk, 1499);
	answer(talk);
	listen_twice(talk);
	assert_told(talk, 2, "request_in=1 response_time=1500ms late=1 answer=1");
	assert_text(&talk->dialogues, "date 1>0 open\ndate 1>2 answered late\ndate 1>2 over answered late\n");
}

/* The first datagram was lost; the client asked again. */
static void test_asked_again(void **state)
{
	struct talk *talk = *state;

	ask(talk, "date");
	wait_ms(talk, 1000);
	ask(talk, "date");
	answer(talk);
	listen_twice(talk);
	assert_told(talk, 1, "unanswered=1");
	assert_told(talk, 3, "request_in=2 response_time=1ms answer=1");
}

static void test_an_answer_without_request(void **state)
{
	struct talk *talk = *state;

	answer(talk);
	put_udp(talk, BOB, 40000, SERVER, 5555, "date");
	answer(talk);
	listen_twice(talk);
	assert_told(talk, 1, "");
	assert_told(talk, 3, "");
}

static void test_refused(void **state)
{
	struct talk *talk = *state;

	ask(talk, "date");
	put_refusal(talk, 1);
	listen_twice(talk);
	assert_told(talk, 1, "refused=2");
	assert_told(talk, 2, "");
	assert_text(&talk->dialogues, "date 1>0 open\ndate 1>0 refused\ndate 1>0 over refused\n");
}

/* The client had gone when the answer came: its request was not refused. */
static void test_the_answer_was_refused(void **state)
{
	struct talk *talk = *state;

	ask(talk, "date");
	answer(talk);
	put_refusal(talk, 2);
	listen_twice(talk);
	assert_told(talk, 1, "response_in=2");
	assert_text(&talk->dialogues, "date 1>0 open\ndate 1>2 answered\ndate 1>2 over answered\n");
}

static void test_broadcast(void **state)
{
	struct talk *talk = *state;

	put_udp(talk, ALICE, 40000, EVERYBODY, 5555, "");
	answer(talk);
	put_udp(talk, BOB, 5555, ALICE, 40000, DATE);
	wait_ms(talk, 2000);
	put_udp(talk, ALICE, 40000, EVERYBODY, 5555, "");
	put_udp(talk, BOB, 5555, ALICE, 40000, DATE);
	answer(talk);
	answer(talk);
	listen_twice(talk);
	assert_told(talk, 1, "response_in=2");
	assert_told(talk, 2, "request_in=1 response_time=1ms answer=1 other_host=1");
	assert_told(talk, 3, "request_in=1 response_time=2ms answer=2 other_host=1");
	assert_told(talk, 5, "request_in=4 response_time=1ms answer=1 other_host=1");
	assert_told(talk, 6, "request_in=4 response_time=2ms answer=2 other_host=1");
	assert_told(talk, 7, "request_in=4 response_time=3ms answer=3 other_host=1");
}

/* Nobody else's port is meant: an answer to another port than the asker's, or from another one than the asked. */
static void test_broadcast_elsewhere(void **state)
{
	struct talk *talk = *state;

	put_udp(talk, ALICE, 40000, EVERYBODY, 5555, "");
	put_udp(talk, SERVER, 5555, ALICE, 40001, DATE);
	put_udp(talk, SERVER, 5555, BOB, 40000, DATE);
	put_udp(talk, SERVER, 13, ALICE, 40000, DATE);
	listen_twice(talk);
	assert_told(talk, 1, "unanswered=1");
	for (unsigned i = 2; i <= 4; i++)
		assert_told(talk, i, "");
}

/* One's own broadcast is heard, too: an announcement answers nothing. */
static void test_announcements_answer_nothing(void **state)
{
	struct talk *talk = *state;

	put_udp(talk, ALICE, 6666, EVERYBODY, 6666, "alice 2026-01-31 12:00:00.000123");
	put_udp(talk, BOB, 6666, EVERYBODY, 6666, "bob 2026-01-31 12:00:00.000123");
	listen_twice(talk);
	assert_told(talk, 1, "");
	assert_told(talk, 2, "");
	assert_text(&talk->dialogues, "");
}

static void test_stranger_port(void **state)
{
	struct talk *talk = *state;

	put_udp(talk, ALICE, 40000, SERVER, 9876, "");
	put_udp(talk, SERVER, 9876, ALICE, 40000, DATE);
	put_udp(talk, ALICE, 40000, SERVER, 9876, "give");
	put_udp(talk, SERVER, 9876, ALICE, 40000, DATE);
	listen_twice(talk);
	assert_told(talk, 1, "response_in=2");
	assert_told(talk, 2, "request_in=1 response_time=1ms answer=1");
	assert_told(talk, 3, "response_in=4");
	assert_told(talk, 4, "request_in=3 response_time=1ms answer=1");
}

/* What nobody knew was answered by what nobody knew: the date belongs to what was asked last. */
static void test_stranger_words(void **state)
{
	struct talk *talk = *state;

	put_udp(talk, ALICE, 40000, SERVER, 9876, "\x01\x02");
	put_udp(talk, SERVER, 9876, ALICE, 40000, "\x03");
	put_udp(talk, ALICE, 40000, SERVER, 9876, "\x04");
	put_udp(talk, SERVER, 9876, ALICE, 40000, DATE);
	listen_twice(talk);
	assert_told(talk, 4, "request_in=3 response_time=1ms answer=1");
}

static void test_tcp_without_request(void **state)
{
	struct talk *talk = *state;
	struct caller alice = call(talk, ALICE, 40000, 13);

	put_down(talk, &alice, "Sat Jan 31 12:00:00 2026\r\n");
	hang_up(talk, &alice);
	listen_twice(talk);
	assert_told(talk, 4, "response_time=3ms answer=1");
	assert_text(&talk->dialogues, "date 0>4 answered\ndate 0>4 over answered\n");
}

static void test_tcp_in_order(void **state)
{
	struct talk *talk = *state;
	struct caller alice = call(talk, ALICE, 40000, 5555);

	put_up(talk, &alice, "date\n");
	wait_ms(talk, 1500);
	put_up(talk, &alice, "date\n");
	put_down(talk, &alice, DATE DATE);
	hang_up(talk, &alice);
	listen_twice(talk);
	assert_told(talk, 6, "request_in=4 response_time=1502ms late=1 answer=1 "
		    "request_in=5 response_time=1ms answer=1");
}

static void test_tcp_reset(void **state)
{
	struct talk *talk = *state;
	struct caller alice = call(talk, ALICE, 40000, 5555);

	put_up(talk, &alice, "date\n");
	put_reset(talk, &alice);
	listen_twice(talk);
	assert_told(talk, 4, "refused=5");
	assert_text(&talk->dialogues, "date 4>0 open\ndate 4>0 over refused\n");
}

/* More requests than are remembered, none of them answered: the oldest are given up, the rest goes on. */
static void test_flood(void **state)
{
	struct talk *talk = *state;
	size_t lines = 0;

	talk->quiet = true;
	for (unsigned i = 0; i < DIALOGUES_MAX + 10; i++)
		put_udp(talk, ALICE, (uint16_t)(40000 + i % 3), SERVER, 5555, "");
	listen_twice(talk);
	for (size_t i = 0; i < talk->dialogues.length; i++)
		lines += talk->dialogues.data[i] == '\n';
	assert_int_equal(lines, DIALOGUES_MAX + 10);
}

/* What may have been a request is kept in a ring of its own: it comes round to the same conversation, and past it. */
static void test_flood_of_strangers(void **state)
{
	struct talk *talk = *state;

	put_udp(talk, ALICE, 40000, SERVER, 9876, "\x01");
	for (unsigned i = 0; i < DIALOGUE_STRANGERS_MAX - 1; i++)
		put_udp(talk, BOB, (uint16_t)(20000 + i), SERVER, 9876, "\x02");
	put_udp(talk, ALICE, 40000, SERVER, 9876, "\x03");
	put_udp(talk, SERVER, 9876, ALICE, 40000, DATE);
	put_udp(talk, SERVER, 9876, BOB, 20000, DATE);
	listen_twice(talk);
	assert_text(&talk->dialogues, "date 4097>4098 answered\ndate 2>4099 answered late\n"
		    "date 4097>4098 over answered\ndate 2>4099 over answered late\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, talk_set_up, talk_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_answered), TEST(test_unanswered), TEST(test_answered_twice),
		TEST(test_answers_go_to_the_oldest), TEST(test_late), TEST(test_asked_again),
		TEST(test_an_answer_without_request), TEST(test_refused), TEST(test_the_answer_was_refused),
		TEST(test_broadcast), TEST(test_broadcast_elsewhere), TEST(test_announcements_answer_nothing),
		TEST(test_stranger_port), TEST(test_stranger_words), TEST(test_tcp_without_request),
		TEST(test_tcp_in_order), TEST(test_tcp_reset), TEST(test_flood), TEST(test_flood_of_strangers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
