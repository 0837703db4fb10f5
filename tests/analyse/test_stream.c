/* SPDX-License-Identifier: BSD-2-Clause */
/* One direction of TCP put in order: what is delivered, when, and what is said of the rest. */
#include "streaming.h"

static void in_order(void **state)
{
	struct heard *h = *state;

	send_segment(h, 100, "S", "");
	send_segment(h, 101, "", "one ");
	send_segment(h, 105, "", "two");
	assert_said(h, "one two");
	assert_int_equal(h->pieces, 2);
	send_segment(h, 108, "F", "");
	assert_said(h, "one two.");
	finish(h);
	assert_said(h, "one two.");
	assert_int_equal(stream_facts(h->stream).octets, 7);
	assert_int_equal(stream_facts(h->stream).missing, 0);
}

static void data_with_syn_and_fin(void **state)
{
	struct heard *h = *state;

	send_segment(h, 100, "S", "hello");
	send_segment(h, 106, "F", " you");
	assert_said(h, "hello you.");
	assert_int_equal(h->pieces, 2);
}

static void begins_in_the_middle(void **state)
{
	struct heard *h = *state;

	send_segment(h, 5000, "", "abc");
	send_segment(h, 4998, "", "xyzabc");
	assert_said(h, "abcc");
	assert_int_equal(stream_facts(h->stream).before, 2);
	assert_int_equal(stream_facts(h->stream).repeated, 3);
}

static void out_of_order(void **state)
{
	struct heard *h = *state;

	send_segment(h, 0, "S", "");
	send_segment(h, 7, "", "gh");
	send_segment(h, 4, "", "def");
	assert_said(h, "");
	assert_int_equal(stream_waiting(h->stream), 5);
	send_segment(h, 1, "", "abc");
	assert_said(h, "abcdefgh");
	assert_int_equal(stream_waiting(h->stream), 0);
	assert_int_equal(h->last_frame, 2);
}

static void fin_before_the_missing_segment(void **state)
{
	struct heard *h = *state;

	send_segment(h, 0, "S", "");
	send_segment(h, 4, "F", "def");
	send_segment(h, 7, "F", "");
	assert_said(h, "");
	send_segment(h, 1, "", "abc");
	assert_said(h, "abcdef.");
}

static void empty_fin_waits(void **state)
{
	struct heard *h = *state;

	send_segment(h, 0, "S", "");
	send_segment(h, 4, "F", "");
	assert_said(h, "");
	send_segment(h, 1, "", "abc");
	assert_said(h, "abc.");
	assert_int_equal(h->last_frame, 3);
}

static void hole_that_was_acknowledged(void **state)
{
	struct heard *h = *state;

	send_segment(h, 0, "S", "");
	send_segment(h, 1, "", "abc");
	send_segment(h, 10, "", "jkl");
	acked(h, 4);
	assert_said(h, "abc");
	acked(h, 9);
	assert_said(h, "abc");
	acked(h, 13);
	assert_said(h, "abc{6}jkl");
	assert_int_equal(stream_facts(h->stream).missing, 6);
	assert_int_equal(stream_facts(h->stream).octets, 6);
}

/* An acknowledgement that was captured before the octets themselves must not lose them. */
static void acknowledged_before_it_came(void **state)
{
	struct heard *h = *state;

	send_segment(h, 0, "S", "");
	acked(h, 4);
	send_segment(h, 1, "", "abc");
	assert_said(h, "abc");
	finish(h);
	assert_said(h, "abc");
}

static void acknowledgement_of_nonsense(void **state)
{
	struct heard *h = *state;

	send_segment(h, 0, "S", "");
	send_segment(h, 10, "", "jkl");
	acked(h, 0x70000000);
	assert_said(h, "");
	acked(h, 13);
	assert_said(h, "{9}jkl");
	finish(h);
	assert_said(h, "{9}jkl");
}

static void hole_at_the_end(void **state)
{
	struct heard *h = *state;

	send_segment(h, 0, "S", "");
	send_segment(h, 1, "", "abc");
	acked(h, 11);
	finish(h);
	assert_said(h, "abc{7}");
	assert_int_equal(h->last_frame, 0);
}

/* The one octet more that is acknowledged is the number of a FIN. */
static void fin_that_was_not_captured(void **state)
{
	struct heard *h = *state;

	send_segment(h, 0, "S", "");
	send_segment(h, 1, "", "abc");
	acked(h, 5);
	finish(h);
	assert_said(h, "abc");
}

static void holes_at_the_end_of_the_capture(void **state)
{
	struct heard *h = *state;

	send_segment(h, 0, "S", "");
	send_segment(h, 3, "", "cd");
	send_segment(h, 8, "", "hi");
	send_segment(h, 12, "F", "");
	assert_said(h, "");
	finish(h);
	assert_said(h, "{2}cd{3}hi{2}.");
	assert_int_equal(stream_facts(h->stream).missing, 7);
}

static void wrapped_numbers(void **state)
{
	struct heard *h = *state;

	send_segment(h, 0xfffffffa, "S", "");
	send_segment(h, 0xfffffffb, "", "abc");
	send_segment(h, 1, "", "ghi");
	send_segment(h, 0xfffffffe, "", "def");
	send_segment(h, 4, "F", "j");
	assert_said(h, "abcdefghij.");
}

static void more_than_four_gigabytes(void **state)
{
	struct heard *h = *state;
	uint32_t seq = 1, step = UINT32_C(1) << 30;

	send_segment(h, 0, "S", "");
	for (unsigned i = 0; i < 6; i++) {
		send_cut(h, seq, "", "x", step);
		seq += step;
	}
	assert_int_equal(h->next, UINT64_C(6) << 30);
	assert_int_equal(stream_facts(h->stream).octets, 6);
}

static void cut_by_the_snap_length(void **state)
{
	struct heard *h = *state;

	send_segment(h, 0, "S", "");
	send_cut(h, 1, "", "abc", 10);
	assert_said(h, "abc{7}");
	send_cut(h, 11, "", "", 5);
	assert_said(h, "abc{7}{5}");
	send_cut(h, 16, "F", "xy", 4);
	assert_said(h, "abc{7}{5}xy{2}.");
	assert_int_equal(stream_facts(h->stream).missing, 14);
	assert_int_equal(stream_waiting(h->stream), 0);
}

static void cut_and_early(void **state)
{
	struct heard *h = *state;

	send_segment(h, 0, "S", "");
	send_cut(h, 4, "", "de", 4);
	send_segment(h, 8, "", "hi");
	send_segment(h, 1, "", "abc");
	assert_said(h, "abcde{2}hi");
}

static void keep_alives(void **state)
{
	struct heard *h = *state;

	send_segment(h, 0, "S", "");
	send_segment(h, 0, "", "?");
	send_segment(h, 1, "", "abc");
	send_segment(h, 3, "", "?");
	send_segment(h, 3, "", "");
	send_segment(h, 4, "", "def");
	assert_said(h, "abcdef");
	assert_int_equal(stream_facts(h->stream).repeated, 2);
	assert_int_equal(stream_facts(h->stream).conflicting, 0);
	assert_int_equal(stream_facts(h->stream).before, 0);
}

/* The first packet that was captured: its number is that of the octet before. */
static void begins_with_a_keep_alive(void **state)
{
	struct heard *h = *state;

	send_segment(h, 99, "", "");
	send_segment(h, 100, "", "abc");
	finish(h);
	assert_said(h, "abc");
	assert_int_equal(stream_facts(h->stream).missing, 0);
}

static void begins_with_an_acknowledgement(void **state)
{
	struct heard *h = *state;

	send_segment(h, 100, "", "");
	send_segment(h, 103, "", "def");
	finish(h);
	assert_said(h, "{3}def");
}

static void data_behind_the_end(void **state)
{
	struct heard *h = *state;

	send_segment(h, 0, "S", "");
	send_segment(h, 1, "F", "abc");
	send_segment(h, 4, "", "defg");
	send_segment(h, 1, "", "abcde");
	assert_said(h, "abc.");
	assert_int_equal(stream_facts(h->stream).after_end, 6);
	assert_int_equal(stream_facts(h->stream).repeated, 3);
}

static void data_waits_behind_the_end(void **state)
{
	struct heard *h = *state;

	send_segment(h, 0, "S", "");
	send_segment(h, 3, "", "cdef");
	send_segment(h, 4, "F", "d");
	send_segment(h, 9, "", "xx");
	send_segment(h, 1, "", "ab");
	assert_said(h, "abcd.");
	assert_int_equal(stream_facts(h->stream).after_end, 4);
	assert_int_equal(stream_waiting(h->stream), 0);
}

/* A FIN in front of what was delivered is not believed. */
static void end_in_the_past(void **state)
{
	struct heard *h = *state;

	send_segment(h, 0, "S", "");
	send_segment(h, 1, "", "abcdef");
	send_segment(h, 2, "F", "b");
	send_segment(h, 7, "", "g");
	assert_said(h, "abcdefg");
}

static void nothing_at_all(void **state)
{
	struct heard *h = *state;

	acked(h, 100);
	finish(h);
	assert_said(h, "");
	assert_int_equal(stream_facts(h->stream).octets, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(in_order, set_up, tear_down),
		cmocka_unit_test_setup_teardown(data_with_syn_and_fin, set_up, tear_down),
		cmocka_unit_test_setup_teardown(begins_in_the_middle, set_up, tear_down),
		cmocka_unit_test_setup_teardown(out_of_order, set_up, tear_down),
		cmocka_unit_test_setup_teardown(fin_before_the_missing_segment, set_up, tear_down),
		cmocka_unit_test_setup_teardown(empty_fin_waits, set_up, tear_down),
		cmocka_unit_test_setup_teardown(hole_that_was_acknowledged, set_up, tear_down),
		cmocka_unit_test_setup_teardown(acknowledged_before_it_came, set_up, tear_down),
		cmocka_unit_test_setup_teardown(acknowledgement_of_nonsense, set_up, tear_down),
		cmocka_unit_test_setup_teardown(hole_at_the_end, set_up, tear_down),
		cmocka_unit_test_setup_teardown(fin_that_was_not_captured, set_up, tear_down),
		cmocka_unit_test_setup_teardown(holes_at_the_end_of_the_capture, set_up, tear_down),
		cmocka_unit_test_setup_teardown(wrapped_numbers, set_up, tear_down),
		cmocka_unit_test_setup_teardown(more_than_four_gigabytes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(cut_by_the_snap_length, set_up, tear_down),
		cmocka_unit_test_setup_teardown(cut_and_early, set_up, tear_down),
		cmocka_unit_test_setup_teardown(keep_alives, set_up, tear_down),
		cmocka_unit_test_setup_teardown(begins_with_a_keep_alive, set_up, tear_down),
		cmocka_unit_test_setup_teardown(begins_with_an_acknowledgement, set_up, tear_down),
		cmocka_unit_test_setup_teardown(data_behind_the_end, set_up, tear_down),
		cmocka_unit_test_setup_teardown(data_waits_behind_the_end, set_up, tear_down),
		cmocka_unit_test_setup_teardown(end_in_the_past, set_up, tear_down),
		cmocka_unit_test_setup_teardown(nothing_at_all, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("stream", tests, NULL, NULL);
}
