/* SPDX-License-Identifier: BSD-2-Clause */
/* Expectations that measure, and what is said when something is missing. */
#include "expecting.h"

/* ------------------------------------------------------------------------------------------------ measures */

static void lengths(struct world *w)
{
	datagram(w, 2, 40000, 1, 7777, "1", 0);
	datagram(w, 2, 40000, 1, 7777, "22", 1);
	datagram(w, 2, 40000, 1, 7777, "333", 2);
	datagram(w, 2, 40000, 1, 7777, "55555", 3);
	world_end(w, NULL);
}

static void judged(void **state, const char *text, enum expect_verdict verdict, const char *part)
{
	struct world *w;

	world_close(state);
	world_open(state);
	w = *state;
	expects(w, text);
	lengths(w);
	verdict_is(w, verdict, part);
}

static void measures(void **state)
{
	judged(state, "min(udp.length) == 9", EXPECT_YES, "it is 9 (packet 1)");
	judged(state, "min(udp.length) > 9", EXPECT_NO, "it is 9 (packet 1)");
	judged(state, "max(udp.length) <= 13", EXPECT_YES, "it is 13 (packet 4)");
	judged(state, "max(udp.length) < 13", EXPECT_NO, "it is 13 (packet 4)");
	judged(state, "sum(udp.length) == 43", EXPECT_YES, "it is 43, of 4 values");
	judged(state, "avg(udp.length) > 10.7", EXPECT_YES, "it is 10.75, of 4 values");
	judged(state, "avg(udp.length) < 10.7", EXPECT_NO, "it is 10.75");
	judged(state, "max(udp.length where frame.number < 3) == 10", EXPECT_YES, "it is 10 (packet 2)");
	judged(state, "max(frame.time_relative) <= 3ms", EXPECT_YES, "it is 3 ms (packet 4)");
	judged(state, "max(frame.time_relative) <= 2ms", EXPECT_NO, "it is 3 ms (packet 4)");
}

static void percentiles(void **state)
{
	judged(state, "p50(udp.length) == 10", EXPECT_YES, "of 4 values 2 are above 10, the greatest is 13 (packet 4)");
	judged(state, "p50(udp.length) < 10", EXPECT_NO, "");
	judged(state, "p51(udp.length) == 11", EXPECT_YES, "");
	judged(state, "p75(udp.length) <= 11", EXPECT_YES, "");
	judged(state, "p76(udp.length) <= 11", EXPECT_NO, "of 4 values 1 is above 11");
	judged(state, "p99(udp.length) == 13", EXPECT_YES, "");
	judged(state, "p1(udp.length) == 9", EXPECT_YES, "");
	judged(state, "p99(udp.length) != 13", EXPECT_NO, "");
	judged(state, "p99(udp.length) > 12", EXPECT_YES, "");
	judged(state, "p99(udp.length) >= 14", EXPECT_NO, "");
}

static void nothing_is_measured(void **state)
{
	judged(state, "min(tcp.len) > 0", EXPECT_NO, "nothing to measure, no packet has tcp.len");
	judged(state, "avg(udp.length where frame.number > 9) > 0", EXPECT_NO,
	       "no packet that passes the filter has udp.length");
	judged(state, "p99(tcp.len) > 0", EXPECT_NO, "nothing to measure");
	judged(state, "sum(udp.length where frame.number > 9) == 0", EXPECT_YES, "");
}

static void measures_that_are_certain_early(void **state)
{
	struct world *w = *state;

	expects(w, "max(udp.length) < 10");
	expects(w, "min(udp.length) <= 10");
	expects(w, "sum(udp.length) > 20");
	datagram(w, 2, 40000, 1, 7777, "1234", 0);
	assert_false(expectations_certain(w->list));
	datagram(w, 2, 40000, 1, 7777, "1", 0);
	assert_true(expectations_certain(w->list));
}

/* ------------------------------------------------------------------------------------------------ why */

static void a_single_part_that_is_something_else(void **state)
{
	struct world *w = *state;

	expects(w, "count(udp.dstport == 5555) >= 1");
	datagram(w, 2, 40000, 1, 5556, "x", 0);
	datagram(w, 2, 40000, 1, 5556, "x", 1);
	world_end(w, NULL);
	verdict_is(w, EXPECT_NO, "no packet passes; udp.dstport is 5556 (packets 1 and 2)");
}

static void the_part_that_fails_is_named(void **state)
{
	struct world *w = *state;
	struct expect_answer found;

	expects(w, "count(ip.src == 10.0.0.1 and date.reply and udp.srcport == 5555) >= 1");
	ask(w, 0);
	datagram(w, 1, 5557, 2, 40000, REPLY, 1);
	world_end(w, NULL);
	verdict_is(w, EXPECT_NO, "packet 2 passes all but udp.srcport == 5555: udp.srcport is 5557");
	found = expectations_answer(w->list, 0);
	assert_string_equal(found.lines[0], "line of 2");
	assert_int_equal(found.numbers[0], 2);
}

static void a_protocol_that_is_there(void **state)
{
	struct world *w = *state;

	expects(w, "count(date.reply) >= 1");
	ask(w, 0);
	ask(w, 1);
	world_end(w, NULL);
	verdict_is(w, EXPECT_NO, "no packet passes; 2 packets (1 and 2) are date, but not date.reply");
}

static void a_protocol_that_is_not_there(void **state)
{
	struct world *w = *state;

	expects(w, "count(chat.user) >= 1");
	ask(w, 0);
	world_end(w, NULL);
	verdict_is(w, EXPECT_NO, "no packet passes; no packet is chat");
}

static void parts_that_never_meet(void **state)
{
	struct world *w = *state;

	expects(w, "count(date.request and ip.src == 10.0.0.1 and udp.srcport == 5555 and udp.length > 20) >= 1");
	ask(w, 0);
	datagram(w, 1, 5555, 2, 40000, "x", 1);
	datagram(w, 3, 41000, 2, 41001, REPLY, 2);
	world_end(w, NULL);
	verdict_is(w, EXPECT_NO,
		   "no packet passes all parts: packet 1 passes date.request, packet 2 passes ip.src == 10.0.0.1, "
		   "packet 2 passes udp.srcport == 5555, packet 3 passes udp.length > 20");
}

static void several_parts_that_nothing_passes(void **state)
{
	struct world *w = *state;

	expects(w, "count(date.request and udp.dstport == 5555 and chat.user) >= 1");
	datagram(w, 2, 40000, 1, 5556, "", 0);
	datagram(w, 1, 5556, 2, 40000, REPLY, 1);
	world_end(w, NULL);
	verdict_is(w, EXPECT_NO,
		   "no packet passes; packet 2 is date, but not date.request, and udp.dstport is 5556 (packet 1), "
		   "40000 (packet 2), and no packet is chat");
}

static void a_packet_with_a_value_twice_is_one(void **state)
{
	struct world *w = *state;

	expects(w, "count(udp.port == 5555) >= 1");
	datagram(w, 2, 7000, 1, 7000, "x", 0);
	datagram(w, 2, 7000, 1, 7000, "x", 1);
	world_end(w, NULL);
	verdict_is(w, EXPECT_NO, "udp.port is 7000 (packets 1 and 2)");
}

static void more_values_than_are_named(void **state)
{
	struct world *w = *state;

	expects(w, "count(udp.dstport == 5555) >= 1");
	for (unsigned i = 0; i < 5; i++)
		datagram(w, 2, 40000, 1, 7000 + i, "x", i);
	world_end(w, NULL);
	verdict_is(w, EXPECT_NO, "udp.dstport is 7000 (packet 1), 7001 (packet 2), 7002 (packet 3) and others");
}

static void an_empty_capture(void **state)
{
	struct world *w = *state;

	expects(w, "count(date.reply) >= 1");
	world_end(w, NULL);
	verdict_is(w, EXPECT_NO, "the capture has no packets");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_open, world_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(measures),
		TEST(percentiles),
		TEST(nothing_is_measured),
		TEST(measures_that_are_certain_early),
		TEST(a_single_part_that_is_something_else),
		TEST(the_part_that_fails_is_named),
		TEST(a_protocol_that_is_there),
		TEST(a_protocol_that_is_not_there),
		TEST(parts_that_never_meet),
		TEST(several_parts_that_nothing_passes),
		TEST(a_packet_with_a_value_twice_is_one),
		TEST(more_values_than_are_named),
		TEST(an_empty_capture),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
