/* SPDX-License-Identifier: BSD-2-Clause */
/* paired(): requests that are answered, late, or not at all, and answers that go astray. */
#include "expecting.h"

static void answered_in_time(void **state)
{
	struct world *w = *state;

	expects(w, "paired(date) within 10ms");
	ask(w, 0);
	answer(w, 2);
	ask(w, 100);
	answer(w, 110);
	assert_false(expectations_certain(w->list));
	world_end(w, NULL);
	verdict_is(w, EXPECT_YES, "2 requests answered, the slowest after 10 ms (packet 4)");
}

static void answered_late(void **state)
{
	struct world *w = *state;
	struct expect_answer found;

	expects(w, "paired(date) within 10ms");
	ask(w, 0);
	answer(w, 10);
	ask(w, 100);
	assert_false(expectations_certain(w->list));
	answer(w, 111);
	assert_true(expectations_certain(w->list));
	world_end(w, NULL);
	verdict_is(w, EXPECT_NO, "1 of 2 requests was answered late (packet 3): after 11 ms, by packet 4");
	found = expectations_answer(w->list, 0);
	assert_int_equal(found.numbers[0], 3);
	assert_string_equal(found.lines[0], "line of 3");
}

static void without_a_time_late_is_no_fault(void **state)
{
	struct world *w = *state;

	expects(w, "paired(date)");
	ask(w, 0);
	answer(w, 20000);
	world_end(w, NULL);
	verdict_is(w, EXPECT_YES, "1 request answered, after 20 s (packet 2)");
}

static void not_answered(void **state)
{
	struct world *w = *state;

	expects(w, "paired(date) within 1s");
	ask(w, 0);
	world_end(w, NULL);
	verdict_is(w, EXPECT_NO, "the only request was not answered (packet 1)");
}

static void the_time_goes_by_with_other_packets(void **state)
{
	struct world *w = *state;

	expects(w, "paired(date) within 1s");
	ask(w, 0);
	datagram(w, 8, 7777, 9, 7777, "x", 1000);
	assert_false(expectations_certain(w->list));
	datagram(w, 8, 7777, 9, 7777, "x", 1001);
	assert_true(expectations_certain(w->list));
}

static void an_answer_that_may_be_among_the_lost(void **state)
{
	struct world *w = *state;

	expects(w, "paired(date) within 1s");
	ask(w, 0);
	world_end(w, "the file is cut");
	verdict_is(w, EXPECT_UNJUDGED, "the file is cut");
}

static void nobody_asked(void **state)
{
	struct world *w = *state;

	expects(w, "paired(date) within 1s");
	datagram(w, 8, 7777, 9, 7777, "x", 0);
	world_end(w, NULL);
	verdict_is(w, EXPECT_NO, "nothing to judge, no request of date was seen");
}

static void another_protocol_is_another_matter(void **state)
{
	struct world *w = *state;

	expects(w, "paired(echo)");
	ask(w, 0);
	datagram(w, 2, 40000, 1, 3500, "x", 1);
	datagram(w, 1, 3500, 2, 40000, "x", 2);
	world_end(w, NULL);
	verdict_is(w, EXPECT_YES, "1 request answered");
}

static void an_empty_echo_needs_no_answer(void **state)
{
	struct world *w = *state;

	expects(w, "paired(echo) within 1s");
	datagram(w, 2, 40000, 1, 3500, "", 0);
	datagram(w, 2, 40000, 1, 3500, "x", 5000);
	datagram(w, 1, 3500, 2, 40000, "x", 5001);
	world_end(w, NULL);
	verdict_is(w, EXPECT_YES, "1 request answered");
}

static void empty_echoes_alone_are_nothing_to_judge(void **state)
{
	struct world *w = *state;

	expects(w, "paired(echo) within 1s");
	datagram(w, 2, 40000, 1, 3500, "", 0);
	world_end(w, NULL);
	verdict_is(w, EXPECT_NO, "but empty ones, which need no answer");
}

static void an_answer_from_another_port(void **state)
{
	struct world *w = *state;
	struct expect_answer found;

	expects(w, "paired(date) within 1s");
	ask(w, 0);
	datagram(w, 1, 41000, 2, 40000, REPLY, 1);
	world_end(w, NULL);
	verdict_is(w, EXPECT_NO,
		   "packet 2 goes to the port that asked, but from 10.0.0.1:41000, and 10.0.0.1:5555 was asked");
	found = expectations_answer(w->list, 0);
	assert_string_equal(found.lines[1], "line of 2");
}

static void an_answer_to_another_port(void **state)
{
	struct world *w = *state;

	expects(w, "paired(date) within 1s");
	ask(w, 0);
	datagram(w, 1, 5555, 2, 40001, REPLY, 1);
	world_end(w, NULL);
	verdict_is(w, EXPECT_NO, "but goes to 10.0.0.2:40001, and 10.0.0.2:40000 had asked");
}

static void what_others_say_is_not_astray(void **state)
{
	struct world *w = *state;

	expects(w, "paired(date) within 1s");
	ask(w, 0);
	/* The same client asks another server, and is answered; another client asks the server, and is answered. */
	datagram(w, 2, 40000, 4, 5555, "", 1);
	datagram(w, 4, 5555, 2, 40000, REPLY, 2);
	datagram(w, 3, 40000, 1, 5555, "", 3);
	datagram(w, 1, 5555, 3, 40000, REPLY, 4);
	world_end(w, NULL);
	verdict_is(w, EXPECT_NO, "1 of 3 requests was not answered (packet 1)");
	assert_null(strstr(expectations_answer(w->list, 0).says, "goes to"));
}

static void more_than_are_watched(void **state)
{
	struct world *w = *state;

	expects(w, "paired(date) within 1s");
	for (unsigned i = 0; i < 100; i++)
		datagram(w, 2, 40000 + i, 1, 5555, "", i);
	for (unsigned i = 0; i < 99; i++)
		datagram(w, 1, 5555, 2, 40000 + i, REPLY, 200 + i);
	world_end(w, NULL);
	verdict_is(w, EXPECT_NO, "1 of 100 requests was not answered (packet 100)");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_open, world_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(answered_in_time),
		TEST(answered_late),
		TEST(without_a_time_late_is_no_fault),
		TEST(not_answered),
		TEST(the_time_goes_by_with_other_packets),
		TEST(an_answer_that_may_be_among_the_lost),
		TEST(nobody_asked),
		TEST(another_protocol_is_another_matter),
		TEST(an_empty_echo_needs_no_answer),
		TEST(empty_echoes_alone_are_nothing_to_judge),
		TEST(an_answer_from_another_port),
		TEST(an_answer_to_another_port),
		TEST(what_others_say_is_not_astray),
		TEST(more_than_are_watched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
