/* SPDX-License-Identifier: BSD-2-Clause */
/* Octets that come again, and what a stream holds back at most. */
#include "streaming.h"

static void repeated_while_waiting(void **state)
{
	struct heard *h = *state;

	send_segment(h, 0, "S", "");
	send_segment(h, 4, "", "def");
	send_segment(h, 4, "", "def");
	send_segment(h, 5, "", "efgh");
	send_segment(h, 1, "", "abcd");
	assert_said(h, "abcdefgh");
	assert_int_equal(stream_facts(h->stream).repeated, 6);
	assert_int_equal(stream_facts(h->stream).conflicting, 0);
}

static void first_wins_while_waiting(void **state)
{
	struct heard *h = *state;

	send_segment(h, 0, "S", "");
	send_segment(h, 4, "", "def");
	send_segment(h, 2, "", "BCDEFGH");
	send_segment(h, 1, "", "abc");
	assert_said(h, "aBCdefGH");
	assert_int_equal(stream_facts(h->stream).conflicting, 5);
}

/* One segment over several that wait: it fills the gaps between them. */
static void fills_gaps(void **state)
{
	struct heard *h = *state;

	send_segment(h, 0, "S", "");
	send_segment(h, 3, "", "c");
	send_segment(h, 5, "", "e");
	send_segment(h, 7, "", "g");
	send_segment(h, 1, "", "abcdefghi");
	assert_said(h, "abcdefghi");
	assert_int_equal(stream_facts(h->stream).repeated, 3);
	assert_int_equal(stream_facts(h->stream).octets, 9);
}

static void delivered_octets_are_not_compared(void **state)
{
	struct heard *h = *state;

	send_segment(h, 0, "S", "");
	send_segment(h, 1, "", "abc");
	send_segment(h, 1, "", "aXcd");
	assert_said(h, "abcd");
	assert_int_equal(stream_facts(h->stream).repeated, 3);
	assert_int_equal(stream_facts(h->stream).conflicting, 0);
}

static void remembered_octets_are_compared(void **state)
{
	struct heard *h = *state;

	stream_remember(h->stream, 8);
	send_segment(h, 0, "S", "");
	send_segment(h, 1, "", "abcdef");
	send_segment(h, 3, "", "cXef");
	assert_int_equal(stream_facts(h->stream).conflicting, 1);
	assert_int_equal(stream_facts(h->stream).repeated, 3);
	/* Of more than 8 octets only the last 8 are known. */
	send_segment(h, 7, "", "ghijklmno");
	send_segment(h, 1, "", "XXXXXXXXXXXXXXXX");
	assert_said(h, "abcdefghijklmnoX");
	assert_int_equal(stream_facts(h->stream).conflicting, 1 + 8);
	assert_int_equal(stream_facts(h->stream).repeated, 3 + 7);
}

static void holes_are_not_compared(void **state)
{
	struct heard *h = *state;

	stream_remember(h->stream, 16);
	send_segment(h, 0, "S", "");
	send_segment(h, 1, "", "abc");
	send_segment(h, 6, "", "fgh");
	acked(h, 9);
	assert_said(h, "abc{2}fgh");
	send_segment(h, 1, "", "XXXXXXXX");
	assert_int_equal(stream_facts(h->stream).conflicting, 3);
	assert_int_equal(stream_facts(h->stream).repeated, 5);
}

/* Nobody acknowledges: after so many segments the hole is given up, and what comes then comes in order. */
static void one_side_with_a_hole(void **state)
{
	struct heard *h = *state;

	send_segment(h, 0, "S", "");
	for (uint32_t i = 0; i < STREAM_SEGMENTS_MAX; i++)
		send_segment(h, 11 + i, "", "x");
	assert_said(h, "");
	send_segment(h, 11 + STREAM_SEGMENTS_MAX, "", "x");
	assert_int_equal(h->said.length, strlen("{10}") + STREAM_SEGMENTS_MAX + 1);
	assert_int_equal(stream_waiting(h->stream), 0);
	send_segment(h, 12 + STREAM_SEGMENTS_MAX, "", "y");
	assert_int_equal(h->said.data[h->said.length - 1], 'y');
	assert_int_equal(stream_facts(h->stream).missing, 10);
}

static void too_many_octets(void **state)
{
	struct heard *h = *state;
	char *octets = mem_new(STREAM_WAITING_MAX / 4 + 1, 1);

	memset(octets, 'z', STREAM_WAITING_MAX / 4);
	send_segment(h, 0, "S", "");
	for (uint32_t i = 0; i < 4; i++)
		send_segment(h, 2 + i * (STREAM_WAITING_MAX / 4 + 1), "", octets);
	assert_int_equal(stream_waiting(h->stream), STREAM_WAITING_MAX);
	assert_said(h, "");
	send_segment(h, 0x300000, "", "far");
	/* Only the hole that stood longest is given up. */
	assert_int_equal(stream_waiting(h->stream), STREAM_WAITING_MAX / 4 * 3 + 3);
	assert_int_equal(stream_facts(h->stream).missing, 1);
	free(octets);
}

/* A segment alone may be more than may wait. */
static void one_that_is_too_long(void **state)
{
	struct heard *h = *state;
	char *octets = mem_new(STREAM_WAITING_MAX + 2, 1);

	memset(octets, 'z', STREAM_WAITING_MAX + 1);
	send_segment(h, 0, "S", "");
	send_segment(h, 2, "", octets);
	assert_int_equal(stream_waiting(h->stream), 0);
	assert_int_equal(stream_facts(h->stream).octets, STREAM_WAITING_MAX + 1);
	free(octets);
}

/* Each segment stands alone, each behind the one before the last: the worst that a sender can do. */
static void nothing_ever_fits(void **state)
{
	struct heard *h = *state;
	const uint32_t count = 100000;

	send_segment(h, 0, "S", "");
	for (uint32_t i = 0; i < count; i++) {
		send_segment(h, 2 * (i ^ 1) + 2, "", "x");
		assert_true(stream_waiting(h->stream) <= STREAM_SEGMENTS_MAX);
	}
	finish(h);
	assert_int_equal(stream_facts(h->stream).octets, count);
	assert_int_equal(stream_facts(h->stream).missing, count);
}

/* Far ahead by mistake: it waits, and what comes in order is not held up. */
static void one_far_ahead(void **state)
{
	struct heard *h = *state;

	send_segment(h, 0, "S", "");
	send_segment(h, 0x40000000, "", "far");
	send_segment(h, 1, "", "abc");
	acked(h, 4);
	send_segment(h, 4, "F", "def");
	assert_said(h, "abcdef.");
	assert_int_equal(stream_facts(h->stream).after_end, 3);
}

static void forgotten_while_waiting(void **state)
{
	struct heard *h = *state;

	assert_int_equal(stream_cost(h->stream), 0);
	send_segment(h, 0, "S", "");
	send_segment(h, 4, "", "XXX");
	assert_true(stream_cost(h->stream) >= 3);
	stream_forget(h->stream);
	assert_int_equal(stream_cost(h->stream), 0);
	assert_int_equal(stream_waiting(h->stream), 0);
	send_segment(h, 1, "", "abc");
	assert_said(h, "abc");
	send_segment(h, 4, "F", "def");
	assert_said(h, "abcdef.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(repeated_while_waiting, set_up, tear_down),
		cmocka_unit_test_setup_teardown(first_wins_while_waiting, set_up, tear_down),
		cmocka_unit_test_setup_teardown(fills_gaps, set_up, tear_down),
		cmocka_unit_test_setup_teardown(delivered_octets_are_not_compared, set_up, tear_down),
		cmocka_unit_test_setup_teardown(remembered_octets_are_compared, set_up, tear_down),
		cmocka_unit_test_setup_teardown(holes_are_not_compared, set_up, tear_down),
		cmocka_unit_test_setup_teardown(one_side_with_a_hole, set_up, tear_down),
		cmocka_unit_test_setup_teardown(forgotten_while_waiting, set_up, tear_down),
		cmocka_unit_test_setup_teardown(too_many_octets, set_up, tear_down),
		cmocka_unit_test_setup_teardown(one_that_is_too_long, set_up, tear_down),
		cmocka_unit_test_setup_teardown(nothing_ever_fits, set_up, tear_down),
		cmocka_unit_test_setup_teardown(one_far_ahead, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("stream limits", tests, NULL, NULL);
}
