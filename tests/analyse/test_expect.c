/* SPDX-License-Identifier: BSD-2-Clause */
/* Expectations: what is one, and what each kind answers, before the end and at it. */
#include "expecting.h"

/* ------------------------------------------------------------------------------------------------ the language */

static void refused(struct world *w, const char *text, const char *part)
{
	struct error err = { "" };

	if (expectations_add(w->list, text, NULL, &err) == 0)
		fail_msg("taken: %s", text);
	if (!strstr(err.text, part))
		fail_msg("%s: %s", text, err.text);
}

static void what_is_none_is_refused(void **state)
{
	struct world *w = *state;

	refused(w, "", "begins with count");
	refused(w, "cuont(udp) >= 1", "did you mean count");
	refused(w, "udp.port == 5555", "count(FILTER) >= 1");
	refused(w, "count udp", "'(' is missing");
	refused(w, "count(udp >= 1", "not closed");
	refused(w, "count(udp)", "a comparison is missing");
	refused(w, "count(udp) = 1", "write ==");
	refused(w, "count(udp) >= 1.5", "whole numbers");
	refused(w, "count(udp) >= -1", "whole numbers");
	refused(w, "count(udp) >= many", "a number is missing");
	refused(w, "count(udp) >= 1 please", "a message begins with --");
	refused(w, "count() >= 1", "a display filter is missing");
	refused(w, "all(udp)", "',' is missing");
	refused(w, "all(udp, tcp, arp)", "')' is missing");
	refused(w, "none(udp", "not closed");
	refused(w, "paired(date) within", "a number is missing");
	refused(w, "paired(date) within 0s", "above 0");
	refused(w, "paired(date) within 5 parsecs", "no such unit");
	refused(w, "paired(udp)", "date or echo");
	refused(w, "paired(dates)", "date or echo");
	refused(w, "min(udp.lenght) > 1", "did you mean udp.length");
	refused(w, "min() > 1", "a field is missing");
	refused(w, "min(ip.src) > 1", "no number");
	refused(w, "avg(date.text) > 1", "no number");
	refused(w, "each(udp.length)", "what shall each");
	refused(w, "p0(udp.length) < 1", "begins with count");
	refused(w, "p100(udp.length) < 1", "begins with count");
	refused(w, "\"label\" none(udp)", "a colon is missing");
	refused(w, "\"label: none(udp)", "double quotes");
	refused(w, "\"\": none(udp)", "double quotes");
	assert_int_equal(expectations_count(w->list), 0);
}

static void the_place_is_marked(void **state)
{
	struct world *w = *state;
	struct error err = { "" };

	assert_int_equal(expectations_add(w->list, "count(udp) => 1", "lab.expect:7", &err), -1);
	assert_string_equal(err.text, "lab.expect:7: '=' compares nothing; write ==\n"
				      "  count(udp) => 1\n"
				      "             ^");
}

static void wrong_filters_are_refused(void **state)
{
	struct world *w = *state;

	refused(w, "count(udp.prot == 1) >= 1", "udp.prot");
	refused(w, "none(udp.port = 5555)", "==");
	refused(w, "seq(udp, )", "a display filter is missing");
}

static void labels_and_messages(void **state)
{
	struct world *w = *state;
	struct expect_answer answer;

	expects(w, " \"the server, (it) answers\" : count(date.reply) >= 1  -- look at -- your port ");
	expects(w, "none(udp.port in {1, 2})");
	world_end(w, NULL);
	answer = expectations_answer(w->list, 0);
	assert_string_equal(answer.title, "the server, (it) answers");
	assert_string_equal(answer.expression, "count(date.reply) >= 1");
	assert_string_equal(answer.message, "look at -- your port");
	assert_null(answer.from);
	answer = expectations_answer(w->list, 1);
	assert_string_equal(answer.title, "none(udp.port in {1, 2})");
	assert_ptr_equal(answer.title, answer.expression);
	assert_null(answer.message);
}

static void a_file_of_them(void **state)
{
	static const char text[] = "# lab 1\n"
				   "\n"
				   "\"one\": count(udp) >= 1\n"
				   "   -- a message\n"
				   "   # a comment in between\n"
				   "\ton two lines\r\n"
				   "none(tcp)";
	struct world *w = *state;
	struct error err;

	assert_int_equal(expectations_add_lines(w->list, "lab.expect", text, strlen(text), &err), 0);
	assert_int_equal(expectations_count(w->list), 2);
	world_end(w, NULL);
	assert_string_equal(expectations_answer(w->list, 0).message, "a message on two lines");
	assert_string_equal(expectations_answer(w->list, 0).from, "lab.expect:3");
	assert_string_equal(expectations_answer(w->list, 1).from, "lab.expect:7");
}

static void a_file_that_is_wrong(void **state)
{
	static const char text[] = "none(tcp)\n\nnone(tpc)\n";
	static const char nul[] = "none(tcp)\n\nno\0ne(tcp)\n";
	struct world *w = *state;
	struct error err = { "" };

	assert_int_equal(expectations_add_lines(w->list, "lab.expect", text, sizeof text - 1, &err), -1);
	assert_non_null(strstr(err.text, "lab.expect:3: "));
	assert_int_equal(expectations_add_lines(w->list, "lab.expect", nul, sizeof nul - 1, &err), -1);
	assert_non_null(strstr(err.text, "lab.expect:3: a NUL"));
}

/* ------------------------------------------------------------------------------------------------ verdicts */

static void counted_up_to_certainty(void **state)
{
	struct world *w = *state;

	expects(w, "count(date.reply) >= 2");
	ask(w, 0);
	answer(w, 1);
	assert_false(expectations_certain(w->list));
	answer(w, 2);
	assert_true(expectations_certain(w->list));
	world_end(w, "the file is cut");
	verdict_is(w, EXPECT_YES, "2 packets (2 and 3) pass");
}

static void too_many(void **state)
{
	struct world *w = *state;
	struct expect_answer found;

	expects(w, "count(date.reply) <= 1");
	answer(w, 0);
	assert_false(expectations_certain(w->list));
	answer(w, 1);
	assert_true(expectations_certain(w->list));
	answer(w, 2);
	world_end(w, NULL);
	verdict_is(w, EXPECT_NO, "3 packets (1, 2 and 3) pass");
	found = expectations_answer(w->list, 0);
	assert_int_equal(found.packets.count, 3);
	assert_string_equal(found.lines[0], "line of 1");
}

static void none_is_decided_at_the_end(void **state)
{
	struct world *w = *state;

	expects(w, "none(date.reply)");
	ask(w, 0);
	assert_false(expectations_certain(w->list));
	world_end(w, NULL);
	verdict_is(w, EXPECT_YES, "no packet passes");
}

static void none_but_there_is_one(void **state)
{
	struct world *w = *state;

	expects(w, "none(date.reply)");
	answer(w, 0);
	assert_true(expectations_certain(w->list));
	world_end(w, "5 packets were lost");
	verdict_is(w, EXPECT_NO, "packet 1 passes");
}

static void what_may_have_been_lost_is_not_judged(void **state)
{
	struct world *w = *state;

	expects(w, "none(date.reply)");
	ask(w, 0);
	world_end(w, "5 packets were lost");
	verdict_is(w, EXPECT_UNJUDGED, "could not be judged: 5 packets were lost");
}

static void all_of_some(void **state)
{
	struct world *w = *state;

	expects(w, "all(date.reply, udp.srcport == 5555)");
	answer(w, 0);
	answer(w, 1);
	assert_false(expectations_certain(w->list));
	world_end(w, NULL);
	verdict_is(w, EXPECT_YES, "2 packets (1 and 2) pass both");
}

static void all_but_one(void **state)
{
	struct world *w = *state;

	expects(w, "all(date.reply, udp and udp.srcport == 5555)");
	answer(w, 0);
	datagram(w, 1, 5557, 2, 40000, REPLY, 1);
	assert_true(expectations_certain(w->list));
	world_end(w, NULL);
	verdict_is(w, EXPECT_NO, "packet 2 fails udp.srcport == 5555: udp.srcport is 5557; 1 other passes");
}

static void all_of_nothing_fails(void **state)
{
	struct world *w = *state;

	expects(w, "all(date.reply, udp.srcport == 5555)");
	ask(w, 0);
	world_end(w, NULL);
	verdict_is(w, EXPECT_NO, "nothing to judge, no packet passes date.reply");
}

static void in_order(void **state)
{
	struct world *w = *state;

	expects(w, "seq(date.request, date.reply, date.request)");
	answer(w, 0);
	ask(w, 1);
	answer(w, 2);
	answer(w, 3);
	assert_false(expectations_certain(w->list));
	ask(w, 4);
	assert_true(expectations_certain(w->list));
	world_end(w, NULL);
	verdict_is(w, EXPECT_YES, "packets 2, 3 and 5");
}

static void out_of_order(void **state)
{
	struct world *w = *state;

	expects(w, "seq(date.request, date.reply)");
	answer(w, 0);
	ask(w, 1);
	world_end(w, NULL);
	verdict_is(w, EXPECT_NO,
		   "packet 2 is step 1, then step 2 is missing: date.reply; packet 1 passes it, but is not "
		   "later");
}

static void one_packet_is_one_step(void **state)
{
	struct world *w = *state;

	expects(w, "seq(udp, udp)");
	ask(w, 0);
	world_end(w, NULL);
	verdict_is(w, EXPECT_NO, "step 2 is missing");
}

static void each_value_counts(void **state)
{
	struct world *w = *state;

	expects(w, "each(udp.port) in {5555, 40000..40100}");
	ask(w, 0);
	datagram(w, 2, 40000, 1, 5556, "x", 1);
	datagram(w, 2, 40000, 1, 5557, "x", 2);
	datagram(w, 2, 40000, 1, 5556, "x", 3);
	assert_true(expectations_certain(w->list));
	world_end(w, NULL);
	verdict_is(w, EXPECT_NO, "udp.port is 5556 (packets 2 and 4), 5557 (packet 3)");
}

static void each_value_is_right(void **state)
{
	struct world *w = *state;

	expects(w, "each(udp.port where ip.src == 10.0.0.2) in {5555, 40000}");
	expects(w, "each(udp.srcport) >= 5555");
	expects(w, "each(date.text) matches \"^2026-\"");
	ask(w, 0);
	answer(w, 1);
	world_end(w, NULL);
	assert_int_equal(expectations_answer(w->list, 0).verdict, EXPECT_YES);
	assert_int_equal(expectations_answer(w->list, 1).verdict, EXPECT_YES);
	verdict_is(w, EXPECT_YES, "packet 2 has such a value");
}

static void each_of_nothing_fails(void **state)
{
	struct world *w = *state;

	expects(w, "each(chat.user) == \"alice\"");
	ask(w, 0);
	world_end(w, NULL);
	verdict_is(w, EXPECT_NO, "nothing to judge, no packet has chat.user");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_open, world_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_none_is_refused),
		TEST(the_place_is_marked),
		TEST(wrong_filters_are_refused),
		TEST(labels_and_messages),
		TEST(a_file_of_them),
		TEST(a_file_that_is_wrong),
		TEST(counted_up_to_certainty),
		TEST(too_many),
		TEST(none_is_decided_at_the_end),
		TEST(none_but_there_is_one),
		TEST(what_may_have_been_lost_is_not_judged),
		TEST(all_of_some),
		TEST(all_but_one),
		TEST(all_of_nothing_fails),
		TEST(in_order),
		TEST(out_of_order),
		TEST(one_packet_is_one_step),
		TEST(each_value_counts),
		TEST(each_value_is_right),
		TEST(each_of_nothing_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
