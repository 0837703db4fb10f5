/* SPDX-License-Identifier: BSD-2-Clause */
/* The alignment of two lists, against the plain way of finding the longest common run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "analyse/compare_parts.h"

#define LONGEST 24

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1103515245 + 12345;
	return *state >> 16;
}

/* By the table of all pairs of beginnings. */
static unsigned longest_common(const uint64_t *a, uint32_t n, const uint64_t *b, uint32_t m)
{
	unsigned table[LONGEST + 1][LONGEST + 1] = { 0 };

	for (uint32_t i = 1; i <= n; i++)
		for (uint32_t j = 1; j <= m; j++) {
			unsigned without = table[i - 1][j] > table[i][j - 1] ? table[i - 1][j] : table[i][j - 1];

			table[i][j] = a[i - 1] == b[j - 1] ? table[i - 1][j - 1] + 1 : without;
		}
	return table[n][m];
}

/* Partners are equal and in order. Returns how many there are. */
static unsigned assert_run(const uint64_t *a, uint32_t n, const uint64_t *b, uint32_t m, const uint32_t *partners)
{
	unsigned count = 0;
	int64_t last = -1;

	for (uint32_t i = 0; i < n; i++) {
		if (partners[i] == UNMATCHED)
			continue;
		assert_true(partners[i] < m);
		assert_true(partners[i] > last);
		assert_true(a[i] == b[partners[i]]);
		last = partners[i];
		count++;
	}
	return count;
}

static void it_is_the_longest(void **unused)
{
	uint32_t state = 1;

	(void)unused;
	for (unsigned turn = 0; turn < 20000; turn++) {
		uint64_t a[LONGEST], b[LONGEST];
		uint32_t partners[LONGEST], n = next_random(&state) % (LONGEST + 1),
					    m = next_random(&state) % (LONGEST + 1);
		unsigned letters = 1 + next_random(&state) % 6;

		for (unsigned i = 0; i < n; i++)
			a[i] = next_random(&state) % letters;
		for (unsigned i = 0; i < m; i++)
			b[i] = next_random(&state) % letters;
		assert_true(align(a, n, b, m, partners));
		assert_int_equal(assert_run(a, n, b, m, partners), longest_common(a, n, b, m));
	}
}

static void too_many_differences_are_taken_in_order(void **unused)
{
	enum { MANY = 4000 };
	static uint64_t a[MANY], b[MANY];
	static uint32_t partners[MANY];

	(void)unused;
	for (unsigned i = 0; i < MANY; i++) {
		a[i] = i;
		b[i] = i % 2 ? i : MANY + i;
	}
	assert_false(align(a, MANY, b, MANY, partners));
	for (unsigned i = 0; i < MANY; i++)
		assert_int_equal(partners[i], i % 2 ? i : UNMATCHED);
}

static void beginnings_and_ends_cost_nothing(void **unused)
{
	enum { MANY = 200000 };
	uint64_t *a = calloc(MANY, sizeof *a), *b = calloc(MANY, sizeof *b);
	uint32_t *partners = calloc(MANY, sizeof *partners);

	(void)unused;
	assert_true(a && b && partners);
	for (unsigned i = 0; i < MANY; i++)
		a[i] = b[i] = i;
	b[MANY / 2] = MANY;
	assert_true(align(a, MANY, b, MANY, partners));
	assert_int_equal(assert_run(a, MANY, b, MANY, partners), MANY - 1);
	assert_true(align(a, MANY, b, MANY / 2, partners));
	assert_int_equal(assert_run(a, MANY, b, MANY / 2, partners), MANY / 2);
	assert_true(align(a, 0, b, MANY, partners));
	free(a);
	free(b);
	free(partners);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_the_longest),
		cmocka_unit_test(too_many_differences_are_taken_in_order),
		cmocka_unit_test(beginnings_and_ends_cost_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
