/* SPDX-License-Identifier: BSD-2-Clause */
/* The state of a connection, who ended it, and what a flood of connections and segments costs. */
#include "following.h"

static void opened_and_closed(void **state)
{
	struct world *w = *state;

	assert_int_equal(UP(w, 0, SYN, 99, 0, 0)->state, TCP_STATE_SYN);
	assert_int_equal(DOWN(w, 0, SYN | ACK, 499, 100, 0)->state, TCP_STATE_SYN_ACK);
	assert_int_equal(UP(w, 0, ACK, 100, 500, 0)->state, TCP_STATE_ESTABLISHED);
	assert_int_equal(tcp_flow_closer(w->flow), FLOW_NOBODY);
	assert_int_equal(DOWN(w, 0, ACK | FIN, 500, 100, 10)->state, TCP_STATE_FIN);
	assert_int_equal(UP(w, 0, ACK, 100, 511, 5)->state, TCP_STATE_FIN);
	assert_int_equal(UP(w, 0, ACK | FIN, 105, 511, 0)->state, TCP_STATE_BOTH_FIN);
	assert_int_equal(DOWN(w, 0, ACK, 511, 105, 0)->state, TCP_STATE_BOTH_FIN);
	assert_int_equal(DOWN(w, 0, ACK, 511, 106, 0)->state, TCP_STATE_CLOSED);
	assert_int_equal(tcp_flow_state(w->flow), TCP_STATE_CLOSED);
	assert_int_equal(tcp_flow_closer(w->flow), 1);
}

static void refused(void **state)
{
	struct world *w = *state;

	UP(w, 0, SYN, 99, 0, 0);
	assert_int_equal(DOWN(w, 0, RST | ACK, 0, 100, 0)->state, TCP_STATE_REFUSED);
	assert_int_equal(tcp_flow_closer(w->flow), 1);
	/* The client tries again with the same number; now somebody listens. */
	assert_int_equal(UP(w, 1000, SYN, 99, 0, 0)->state, TCP_STATE_SYN);
	assert_int_equal(tcp_flow_closer(w->flow), FLOW_NOBODY);
	assert_int_equal(DOWN(w, 1, SYN | ACK, 499, 100, 0)->state, TCP_STATE_SYN_ACK);
	assert_false(w->verdict.trouble & TCP_LOST_SEGMENT);
}

static void reset_by_either(void **state)
{
	struct world *w = *state;

	handshake(w);
	assert_int_equal(UP(w, 0, RST, 100, 0, 0)->state, TCP_STATE_RESET);
	assert_int_equal(tcp_flow_closer(w->flow), 0);
	assert_int_equal(DOWN(w, 0, ACK, 500, 100, 0)->state, TCP_STATE_RESET);
}

static void one_side_is_enough(void **state)
{
	struct world *w = *state;

	UP(w, 0, SYN, 99, 0, 0);
	assert_int_equal(UP(w, 0, ACK, 100, 500, 0)->state, TCP_STATE_ESTABLISHED);
	assert_int_equal(UP(w, 0, ACK | FIN, 100, 500, 0)->state, TCP_STATE_FIN);
}

static void the_middle_stays_the_middle(void **state)
{
	struct world *w = *state;

	assert_int_equal(UP(w, 0, ACK, 100, 500, 5)->state, TCP_STATE_MIDDLE);
	assert_int_equal(DOWN(w, 0, ACK, 500, 105, 0)->state, TCP_STATE_MIDDLE);
	assert_string_equal(tcp_state_name(w->verdict.state), "met in the middle");
	assert_int_equal(DOWN(w, 0, ACK | FIN, 500, 105, 0)->state, TCP_STATE_FIN);
}

static void every_state_has_a_name(void **state)
{
	(void)state;
	for (unsigned i = 0; i < TCP_STATES; i++)
		assert_non_null(tcp_state_name(i));
}

/* What nobody acknowledges is remembered up to a limit; what is acknowledged late is still found. */
static void unacknowledged_segments_have_a_limit(void **state)
{
	struct world *w = *state;

	handshake(w);
	for (uint32_t i = 0; i < 20000; i++)
		UP(w, 0, ACK, 100 + i, 500, 1);
	assert_int_equal(flows_held(w->flows)->count, 10000);
	DOWN(w, 0, ACK, 500, 100 + 5000, 0);
	assert_true(w->verdict.acks);
	assert_int_equal(w->verdict.acks_frame, 3 + 5000);
	assert_int_equal(flows_held(w->flows)->count, 5000);
	DOWN(w, 0, ACK, 500, 100 + 20000, 0);
	assert_false(w->verdict.acks);
	assert_int_equal(flows_held(w->flows)->count, 0);
}

/* And one over all connections. */
static void all_unacknowledged_segments_have_a_limit(void **state)
{
	struct world *w = *state;

	assert_true(flows_held(w->flows)->most >= FLOWS_HELD_LEAST);
	flows_held(w->flows)->most = 100;
	handshake(w);
	for (uint32_t i = 0; i < 200; i++)
		UP(w, 0, ACK, 100 + i, 500, 1);
	assert_int_equal(flows_held(w->flows)->count, 100);
	DOWN(w, 0, ACK, 500, 100 + 150, 0);
	assert_int_equal(flows_held(w->flows)->count, 0);
	UP(w, 0, ACK, 100 + 200, 500, 1);
	assert_int_equal(flows_held(w->flows)->count, 1);
}

/* Out of order: each is found, wherever it stands. */
static void unordered_segments_are_matched(void **state)
{
	struct world *w = *state;

	handshake(w);
	for (uint32_t i = 0; i < 10; i++)
		UP(w, 0, ACK, 100 + (i * 7 % 10) * 10, 500, 10);
	/* Since a segment was missing it is not said what is in flight. */
	assert_int_equal(w->verdict.bytes_in_flight, 0);
	for (uint32_t i = 1; i <= 10; i++) {
		DOWN(w, 1, ACK, 500, 100 + i * 10, 0);
		assert_true(w->verdict.acks);
		assert_int_equal(flows_held(w->flows)->count, 10 - i);
	}
	DOWN(w, 1, ACK, 500, 150, 0);
	assert_false(w->verdict.acks);
}

static void what_is_held_goes_with_its_connection(void **state)
{
	struct world *w = world_new(1);

	(void)state;
	UP(w, 0, SYN, 99, 0, 0);
	assert_int_equal(flows_held(w->flows)->count, 1);
	datagram(w, 2, 1, 1, 5555);
	assert_int_equal(w->forgotten, 1);
	assert_int_equal(flows_held(w->flows)->count, 0);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(opened_and_closed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(reset_by_either, set_up, tear_down),
		cmocka_unit_test_setup_teardown(one_side_is_enough, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_middle_stays_the_middle, set_up, tear_down),
		cmocka_unit_test(every_state_has_a_name),
		cmocka_unit_test_setup_teardown(unacknowledged_segments_have_a_limit, set_up, tear_down),
		cmocka_unit_test_setup_teardown(all_unacknowledged_segments_have_a_limit, set_up, tear_down),
		cmocka_unit_test_setup_teardown(unordered_segments_are_matched, set_up, tear_down),
		cmocka_unit_test(what_is_held_goes_with_its_connection),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
