/* SPDX-License-Identifier: BSD-2-Clause */
/* What is said of a segment: numbers, windows, and what went wrong. tests/differential/tcp compares with tshark. */
#include "following.h"

static void numbers_count_from_the_syn(void **state)
{
	struct world *w = *state;

	UP(w, 0, SYN, 99, 0, 0);
	assert_int_equal(w->verdict.seq, 0);
	assert_int_equal(w->verdict.next_seq, 1);
	DOWN(w, 1, SYN | ACK, 499, 100, 0);
	assert_int_equal(w->verdict.seq, 0);
	assert_int_equal(w->verdict.ack, 1);
	UP(w, 1, ACK | PSH, 100, 500, 10);
	assert_int_equal(w->verdict.seq, 1);
	assert_int_equal(w->verdict.next_seq, 11);
	assert_int_equal(w->verdict.length, 10);
	assert_int_equal(w->verdict.raw_seq, 100);
	assert_int_equal(w->verdict.trouble, 0);
}

static void met_in_the_middle_they_begin_with_one(void **state)
{
	struct world *w = *state;

	UP(w, 0, ACK | PSH, 100, 500, 10);
	assert_int_equal(w->verdict.seq, 1);
	assert_int_equal(w->verdict.ack, 1);
	assert_int_equal(w->verdict.scale, -1);
	DOWN(w, 1, ACK, 500, 110, 0);
	assert_int_equal(w->verdict.seq, 1);
	assert_int_equal(w->verdict.ack, 11);
	assert_true(w->verdict.acks);
	assert_int_equal(w->verdict.acks_frame, 1);
	assert_int_equal(w->verdict.ack_rtt, NS_PER_MS);
}

static void numbers_wrap(void **state)
{
	struct world *w = *state;

	UP(w, 0, ACK, UINT32_MAX - 4, 500, 5);
	UP(w, 1, ACK, 0, 500, 5);
	assert_int_equal(w->verdict.seq, 6);
	assert_int_equal(w->verdict.trouble, 0);
	DOWN(w, 1, ACK, 500, 5, 0);
	assert_int_equal(w->verdict.ack, 11);
	assert_int_equal(w->verdict.acks_frame, 2);
	assert_int_equal(UP(w, 400, ACK, UINT32_MAX - 4, 500, 5)->trouble,
			 TCP_RETRANSMISSION | TCP_SPURIOUS_RETRANSMISSION);
}

static void windows_are_scaled(void **state)
{
	struct world *w = *state;

	SEGMENT(w, 0, .from = CLIENT, .flags = SYN, .seq = 99, .scale = SCALE(7));
	assert_int_equal(w->verdict.window, WINDOW);
	SEGMENT(w, 0, .from = SERVER, .flags = SYN | ACK, .seq = 499, .ack = 100, .scale = SCALE(2));
	assert_int_equal(w->verdict.window, WINDOW);
	assert_int_equal(UP(w, 0, ACK, 100, 500, 0)->window, WINDOW * 128);
	assert_int_equal(DOWN(w, 0, ACK, 500, 100, 0)->window, WINDOW * 4);
}

static void one_syn_without_scale_decides(void **state)
{
	struct world *w = *state;

	SEGMENT(w, 0, .from = CLIENT, .flags = SYN, .seq = 99, .scale = SCALE(7));
	SEGMENT(w, 0, .from = SERVER, .flags = SYN | ACK, .seq = 499, .ack = 100);
	UP(w, 0, ACK, 100, 500, 0);
	assert_int_equal(w->verdict.window, WINDOW);
	assert_int_equal(w->verdict.scale, -2);
}

static void a_scale_above_fourteen_is_fourteen(void **state)
{
	struct world *w = *state;

	SEGMENT(w, 0, .from = CLIENT, .flags = SYN, .seq = 99, .scale = SCALE(200));
	SEGMENT(w, 0, .from = SERVER, .flags = SYN | ACK, .seq = 499, .ack = 100, .scale = SCALE(0));
	assert_int_equal(UP(w, 0, ACK, 100, 500, 0)->window, WINDOW << 14);
}

static void the_round_trip_is_that_of_the_handshake(void **state)
{
	struct world *w = *state;

	handshake(w);
	assert_true(w->verdict.has_initial_rtt);
	assert_int_equal(w->verdict.initial_rtt, 30 * NS_PER_MS);
	assert_int_equal(w->verdict.ack_rtt, 20 * NS_PER_MS);
	UP(w, 500, ACK, 100, 500, 5);
	assert_int_equal(w->verdict.initial_rtt, 30 * NS_PER_MS);
}

static void what_comes_again_is_a_retransmission(void **state)
{
	struct world *w = *state;

	handshake(w);
	UP(w, 0, ACK, 100, 500, 10);
	assert_int_equal(UP(w, 300, ACK, 100, 500, 10)->trouble, TCP_RETRANSMISSION);
	assert_int_equal(w->verdict.rto_frame, 4);
	assert_int_equal(w->verdict.rto, 300 * NS_PER_MS);
	DOWN(w, 1, ACK, 500, 110, 0);
	assert_int_equal(w->verdict.acks_frame, 4);
	assert_int_equal(UP(w, 300, ACK, 100, 500, 10)->trouble, TCP_RETRANSMISSION | TCP_SPURIOUS_RETRANSMISSION);
}

static void two_duplicates_make_it_fast(void **state)
{
	struct world *w = *state;

	handshake(w);
	UP(w, 0, ACK, 100, 500, 10);
	assert_int_equal(UP(w, 1, ACK, 120, 500, 10)->trouble, TCP_LOST_SEGMENT);
	DOWN(w, 100, ACK, 500, 110, 0);
	for (unsigned i = 1; i <= 2; i++) {
		assert_int_equal(DOWN(w, 1, ACK, 500, 110, 0)->trouble, TCP_DUPLICATE_ACK);
		assert_int_equal(w->verdict.duplicate_number, i);
		assert_int_equal(w->verdict.duplicate_frame, 6);
	}
	assert_int_equal(UP(w, 19, ACK, 110, 500, 10)->trouble, TCP_RETRANSMISSION | TCP_FAST_RETRANSMISSION);
	/* Later than 20 ms behind the duplicate it is one by time. */
	assert_int_equal(UP(w, 60, ACK, 110, 500, 10)->trouble, TCP_RETRANSMISSION);
}

static void soon_after_it_is_out_of_order(void **state)
{
	struct world *w = *state;

	handshake(w);
	UP(w, 0, ACK, 110, 500, 10);
	assert_int_equal(UP(w, 29, ACK, 100, 500, 10)->trouble, TCP_OUT_OF_ORDER);
	assert_int_equal(UP(w, 2, ACK, 100, 500, 10)->trouble, TCP_RETRANSMISSION);
}

static void without_a_round_trip_soon_is_three_milliseconds(void **state)
{
	struct world *w = *state;

	UP(w, 0, ACK, 110, 500, 10);
	assert_int_equal(UP(w, 2, ACK, 100, 500, 10)->trouble, TCP_OUT_OF_ORDER);
	assert_int_equal(UP(w, 2, ACK, 100, 500, 10)->trouble, TCP_RETRANSMISSION);
}

static void acks_for_what_was_not_captured(void **state)
{
	struct world *w = *state;

	handshake(w);
	UP(w, 0, ACK, 100, 500, 10);
	UP(w, 1, ACK, 120, 500, 10);
	assert_int_equal(DOWN(w, 1, ACK, 500, 130, 0)->trouble, TCP_ACK_LOST_SEGMENT);
	UP(w, 0, ACK, 130, 500, 10);
	assert_int_equal(DOWN(w, 1, ACK, 500, 140, 0)->trouble, 0);
	assert_int_equal(DOWN(w, 1, ACK, 500, 150, 0)->trouble, TCP_ACK_LOST_SEGMENT);
	assert_int_equal(DOWN(w, 1, ACK, 500, 160, 0)->trouble, 0);
}

#define CLOSED(w, ms, ack_) SEGMENT(w, ms, .from = SERVER, .flags = ACK, .seq = 500, .ack = ack_, .closed = true)

static void windows_fill_and_close(void **state)
{
	struct world *w = *state;

	handshake(w);
	assert_int_equal(UP(w, 0, ACK, 100, 500, WINDOW)->trouble, TCP_WINDOW_FULL);
	assert_int_equal(CLOSED(w, 1, 100 + WINDOW)->trouble, TCP_ZERO_WINDOW);
	assert_int_equal(UP(w, 200, ACK, 100 + WINDOW, 500, 1)->trouble, TCP_ZERO_WINDOW_PROBE);
	assert_int_equal(CLOSED(w, 1, 100 + WINDOW)->trouble, TCP_ZERO_WINDOW | TCP_ZERO_WINDOW_PROBE_ACK);
	assert_int_equal(DOWN(w, 1, ACK, 500, 100 + WINDOW, 0)->trouble, TCP_WINDOW_UPDATE);
	/* The octet of the probe was not taken: it is no retransmission when it comes again, with more. */
	assert_int_equal(UP(w, 1, ACK, 100 + WINDOW, 500, 10)->trouble, 0);
}

static void a_scaled_window_fills(void **state)
{
	struct world *w = *state;

	SEGMENT(w, 0, .from = CLIENT, .flags = SYN, .seq = 99, .scale = SCALE(2));
	SEGMENT(w, 0, .from = SERVER, .flags = SYN | ACK, .seq = 499, .ack = 100, .scale = SCALE(2));
	UP(w, 0, ACK, 100, 500, 0);
	/* The window of the SYN itself is not scaled. */
	assert_int_equal(UP(w, 0, ACK, 100, 500, WINDOW)->trouble, TCP_WINDOW_FULL);
	DOWN(w, 0, ACK, 500, 100 + WINDOW, 0);
	assert_int_equal(UP(w, 0, ACK, 100 + WINDOW, 500, WINDOW)->trouble, 0);
	assert_int_equal(UP(w, 0, ACK, 100 + 2 * WINDOW, 500, 3 * WINDOW)->trouble, TCP_WINDOW_FULL);
}

static void keep_alives_are_no_retransmissions(void **state)
{
	struct world *w = *state;

	handshake(w);
	UP(w, 0, ACK, 100, 500, 10);
	DOWN(w, 1, ACK, 500, 110, 0);
	assert_int_equal(UP(w, 7200000, ACK, 109, 500, 1)->trouble, TCP_KEEP_ALIVE);
	assert_int_equal(DOWN(w, 1, ACK, 500, 110, 0)->trouble, TCP_KEEP_ALIVE_ACK);
	assert_int_equal(UP(w, 75000, ACK, 109, 500, 0)->trouble, TCP_KEEP_ALIVE);
	assert_int_equal(DOWN(w, 1, ACK, 500, 110, 0)->trouble, TCP_KEEP_ALIVE_ACK);
}

static void another_syn_is_another_connection(void **state)
{
	struct world *w = *state;
	struct flow *old;

	handshake(w);
	old = w->flow;
	assert_int_equal(UP(w, 10, SYN, 99, 0, 0)->trouble & TCP_REUSED_PORTS, 0);
	assert_ptr_equal(w->flow, old);
	UP(w, 10, SYN, 70000, 0, 0);
	assert_int_equal(w->verdict.trouble, TCP_REUSED_PORTS);
	assert_true(w->verdict.renewed);
	assert_ptr_not_equal(w->flow, old);
	assert_int_equal(w->flow->number, 1);
	assert_int_equal(w->verdict.seq, 0);
	assert_int_equal(w->side, 0);
	DOWN(w, 10, SYN | ACK, 80000, 70001, 0);
	assert_int_equal(w->verdict.trouble, 0);
	assert_ptr_not_equal(w->flow, old);
}

static void completeness_adds_up(void **state)
{
	struct world *w = *state;

	assert_int_equal(UP(w, 0, SYN, 99, 0, 0)->completeness, 1);
	assert_int_equal(DOWN(w, 0, SYN | ACK, 499, 100, 0)->completeness, 3);
	assert_int_equal(UP(w, 0, ACK, 100, 500, 0)->completeness, 7);
	assert_int_equal(UP(w, 0, ACK, 100, 500, 10)->completeness, 15);
	assert_int_equal(UP(w, 0, ACK | FIN, 110, 500, 0)->completeness, 31);
	assert_int_equal(DOWN(w, 0, ACK | RST, 500, 111, 0)->completeness, 63);
}

static void octets_in_flight_are_those_not_acknowledged(void **state)
{
	struct world *w = *state;

	handshake(w);
	assert_int_equal(UP(w, 0, ACK, 100, 500, 10)->bytes_in_flight, 10);
	assert_int_equal(UP(w, 0, ACK | PSH, 110, 500, 20)->bytes_in_flight, 30);
	assert_int_equal(w->verdict.push_octets, 30);
	DOWN(w, 0, ACK, 500, 115, 0);
	assert_false(w->verdict.acks);
	assert_int_equal(UP(w, 0, ACK, 130, 500, 5)->bytes_in_flight, 20);
	assert_int_equal(w->verdict.push_octets, 5);
	DOWN(w, 0, ACK, 500, 135, 0);
	assert_int_equal(w->verdict.acks_frame, 7);
	assert_int_equal(flows_held(w->flows)->count, 0);
}

static void a_segment_that_is_not_whole_is_not_judged(void **state)
{
	struct world *w = *state;
	struct tcp_verdict verdict;
	unsigned layer;

	memset(w->data + 20, 0, 20);
	put16(w->data + 20, 40000);
	put16(w->data + 22, 80);
	w->data[32] = 0x50;
	dissect_ipv4(w, TCP, 2, 1, 20);
	w->frame.cap_length = 20 + 15;
	dissect(w->protocols, &w->frame, w->packet);
	w->flow = flows_packet(w->flows, w->packet, &w->side);
	assert_non_null(w->flow);
	layer = w->packet->layer_count - 1;
	assert_false(tcp_follow(w->rows, w->flows, &w->flow, &w->side, w->packet, layer, &verdict));
	assert_null(w->flow->tcp);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(numbers_count_from_the_syn, set_up, tear_down),
		cmocka_unit_test_setup_teardown(met_in_the_middle_they_begin_with_one, set_up, tear_down),
		cmocka_unit_test_setup_teardown(numbers_wrap, set_up, tear_down),
		cmocka_unit_test_setup_teardown(windows_are_scaled, set_up, tear_down),
		cmocka_unit_test_setup_teardown(one_syn_without_scale_decides, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_scale_above_fourteen_is_fourteen, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_round_trip_is_that_of_the_handshake, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_comes_again_is_a_retransmission, set_up, tear_down),
		cmocka_unit_test_setup_teardown(two_duplicates_make_it_fast, set_up, tear_down),
		cmocka_unit_test_setup_teardown(soon_after_it_is_out_of_order, set_up, tear_down),
		cmocka_unit_test_setup_teardown(without_a_round_trip_soon_is_three_milliseconds, set_up, tear_down),
		cmocka_unit_test_setup_teardown(acks_for_what_was_not_captured, set_up, tear_down),
		cmocka_unit_test_setup_teardown(windows_fill_and_close, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_scaled_window_fills, set_up, tear_down),
		cmocka_unit_test_setup_teardown(keep_alives_are_no_retransmissions, set_up, tear_down),
		cmocka_unit_test_setup_teardown(another_syn_is_another_connection, set_up, tear_down),
		cmocka_unit_test_setup_teardown(completeness_adds_up, set_up, tear_down),
		cmocka_unit_test_setup_teardown(octets_in_flight_are_those_not_acknowledged, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_segment_that_is_not_whole_is_not_judged, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
