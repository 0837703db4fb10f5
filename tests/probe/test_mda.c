/* SPDX-License-Identifier: BSD-2-Clause */
/* The stopping points are the published ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "probe/mda.h"

/* Veitch et al., table I, and further; the first is for one known next hop. */
static const unsigned at_95[] = { 6, 11, 16, 21, 27, 33, 38, 44, 51, 57, 63, 70, 76, 83, 90, 96 };
static const unsigned at_99[] = { 8, 15, 21, 28, 36, 43, 51, 58, 66, 74, 82, 90, 98, 106, 115, 123 };

static void test_published(void **state)
{
	(void)state;
	for (unsigned i = 0; i < sizeof at_95 / sizeof *at_95; i++)
		assert_int_equal(mda_stop(i + 1, 95), at_95[i]);
	for (unsigned i = 0; i < sizeof at_99 / sizeof *at_99; i++)
		assert_int_equal(mda_stop(i + 1, 99), at_99[i]);
}

/* Exactly at the border: with two branches n flows miss one with 2 / 2^n. */
static void test_two(void **state)
{
	(void)state;
	assert_int_equal(mda_stop(1, 50), 2);
	assert_int_equal(mda_stop(1, 75), 3);
	assert_int_equal(mda_stop(1, 76), 4);
}

static void test_grows(void **state)
{
	(void)state;
	for (unsigned known = 1; known < MDA_BRANCHES; known++) {
		assert_true(mda_stop(known, 95) < mda_stop(known + 1, 95));
		assert_true(mda_stop(known, 95) < mda_stop(known, 99));
	}
	/* 129 (ln 129 + ln 20), nearly: the coupon collector. */
	assert_in_range(mda_stop(MDA_BRANCHES, 95), 1000, 1020);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_published),
		cmocka_unit_test(test_two),
		cmocka_unit_test(test_grows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
