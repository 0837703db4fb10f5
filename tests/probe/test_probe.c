/* SPDX-License-Identifier: BSD-2-Clause */
/* How long a probe's answer took, and how small it can be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crafting.h"

static void times(void **state)
{
	static const struct {
		int64_t sent, sent_time, seen, time;
		int64_t kernel, program, round_trip;
	} rows[] = {
		{ 100, 1000, 190, 1070, 70, 90, 70 },
		{ 100, 0, 190, 1070, PROBE_NO_TIME, 90, 90 },
		{ 100, 1000, 190, 0, PROBE_NO_TIME, 90, 90 },
		{ 100, 1000, 190, 1000, 0, 90, 0 },
		{ 100, 1000, 190, 999, PROBE_NO_TIME, 90, 90 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct answer answer = { .seen = rows[i].seen, .time = rows[i].time };
		struct probe probe = { .sent = rows[i].sent, .sent_time = rows[i].sent_time, .answer = &answer };

		assert_int_equal(probe_kernel_time(&probe), rows[i].kernel);
		assert_int_equal(probe_program_time(&probe), rows[i].program);
		assert_int_equal(probe_round_trip(&probe), rows[i].round_trip);
	}
}

static void no_answer_has_no_time(void **state)
{
	struct probe probe = { .sent = 1, .sent_time = 1 };

	(void)state;
	assert_true(probe_kernel_time(&probe) == PROBE_NO_TIME);
	assert_true(probe_program_time(&probe) == PROBE_NO_TIME);
	assert_true(probe_round_trip(&probe) == PROBE_NO_TIME);
}

static void least(void **state)
{
	static const uint16_t sizes[PROBE_METHODS][2] = {
		[PROBE_UDP] = { 32, 52 }, [PROBE_ICMP] = { 30, 50 }, [PROBE_TCP] = { 44, 64 },
	};

	(void)state;
	for (enum probe_method method = 0; method < PROBE_METHODS; method++) {
		struct probe_base v4 = base_of(4, method), v6 = base_of(6, method);

		assert_int_equal(probe_least(&v4), sizes[method][0]);
		assert_int_equal(probe_least(&v6), sizes[method][1]);
		v4.options_length = v6.options_length = PROBE_OPTIONS;
		assert_int_equal(probe_least(&v4), sizes[method][0] + PROBE_OPTIONS);
		assert_int_equal(probe_least(&v6), sizes[method][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times),
		cmocka_unit_test(no_answer_has_no_time),
		cmocka_unit_test(least),
	};

	return cmocka_run_group_tests_name("probe/probe", tests, NULL, NULL);
}
