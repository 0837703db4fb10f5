/* SPDX-License-Identifier: BSD-2-Clause */
/* Objects of one size: each has a place of its own, and what is given back is taken again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/pool.h"

#define COUNT 2000

static void test_many(void **state)
{
	static unsigned char *objects[COUNT];
	struct pool pool;

	(void)state;
	pool_init(&pool, 100);
	for (unsigned round = 0; round < 3; round++) {
		for (unsigned i = 0; i < COUNT; i++) {
			objects[i] = pool_take(&pool);
			memset(objects[i], (int)(i & 0xff), 100);
		}
		for (unsigned i = 0; i < COUNT; i++) {
			assert_int_equal(objects[i][0], i & 0xff);
			assert_int_equal(objects[i][99], i & 0xff);
			pool_give(&pool, objects[i]);
		}
	}
	pool_give(&pool, NULL);
	pool_release(&pool);
}

/* The first line in it, never before its beginning nor a whole line behind it. */
static void test_lines(void **state)
{
	static char memory[3 * CACHE_LINE];
	char *lines;

	(void)state;
	for (unsigned i = 0; i < CACHE_LINE; i++) {
		char *line = mem_line(memory + i);

		assert_int_equal((uintptr_t)line % CACHE_LINE, 0);
		assert_true(line >= memory + i && line < memory + i + CACHE_LINE);
	}
	lines = mem_new_lines(3, 100);
	assert_int_equal((uintptr_t)lines % CACHE_LINE, 0);
	assert_int_equal(lines[0] | lines[299], 0);
	free(lines);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_many), cmocka_unit_test(test_lines) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
