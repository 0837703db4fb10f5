/* SPDX-License-Identifier: BSD-2-Clause */
/* Deadlines, and how long poll(2) is to sleep until then. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <limits.h>

#include <cmocka.h>

#include "base/clock.h"

#define HOUR (3600 * NS_PER_S)

static void goes_on(void **state)
{
	int64_t before = clock_monotonic();

	(void)state;
	assert_true(clock_monotonic() >= before);
	assert_true(clock_utc() > INT64_C(1700000000) * NS_PER_S);
}

static void never(void **state)
{
	(void)state;
	assert_int_equal(clock_after(5, 0), CLOCK_NEVER);
	assert_int_equal(clock_after(5, -1), CLOCK_NEVER);
	assert_int_equal(clock_after(2, CLOCK_NEVER - 1), CLOCK_NEVER);
	assert_int_equal(clock_after(2, CLOCK_NEVER - 3), CLOCK_NEVER - 1);
	assert_int_equal(clock_deadline(0), CLOCK_NEVER);
	assert_int_equal(clock_patience(CLOCK_NEVER), -1);
}

static void patience(void **state)
{
	int64_t now = clock_monotonic();

	(void)state;
	assert_int_equal(clock_patience(0), 0);
	assert_int_equal(clock_patience(now), 0);
	assert_in_range(clock_patience(clock_deadline(HOUR)), 1, 3600000);
	assert_int_equal(clock_patience(CLOCK_NEVER - 1), INT_MAX);
}

/* A sleep of 0 ms before the time would be repeated until it is there. */
static void rounds_up(void **state)
{
	int64_t until = clock_deadline(5 * NS_PER_MS);
	int last = clock_patience(until);

	(void)state;
	while (clock_monotonic() < until) {
		int patience = clock_patience(until);

		assert_true(patience > 0 || clock_monotonic() >= until);
		assert_true(patience <= last && patience <= 5);
		last = patience;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(goes_on),
		cmocka_unit_test(never),
		cmocka_unit_test(patience),
		cmocka_unit_test(rounds_up),
	};

	return cmocka_run_group_tests_name("base/clock", tests, NULL, NULL);
}
