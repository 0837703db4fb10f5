/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/table.h"

static const struct table_column columns[] = {
	{ "name", CELL_TEXT, false }, { "count", CELL_UINT, true },     { "change", CELL_INT, true },
	{ "up", CELL_BOOL, false },   { "time", CELL_SECONDS, true },
};

static void fill(struct table *table)
{
	table_init(table, columns, 5);
	table_text(table, "a,\"b\"\033");
	table_uint(table, 12);
	table_int(table, -3);
	table_bool(table, true);
	table_seconds(table, 1500000000);
	table_text(table, "\xc3\xa9");
	table_uint(table, UINT64_MAX);
	table_absent(table);
	table_bool(table, false);
	table_absent(table);
	table_text(table, NULL);
	for (unsigned i = 0; i < 4; i++)
		table_absent(table);
}

static void check(enum table_form form, const char *expected)
{
	struct table table;
	struct text out = { 0 };

	fill(&table);
	table_print(&table, form, &out);
	text_char(&out, '\0');
	assert_string_equal(out.data, expected);
	text_release(&out);
	table_release(&table);
}

static void plain(void **unused)
{
	(void)unused;
	check(TABLE_PLAIN, "name                      count  change  up            time\n"
			   "a,\"b\"\\x1b                    12      -3  true   1.500000000\n"
			   "\xc3\xa9          18446744073709551615          false\n"
			   "\n");
}

static void csv(void **unused)
{
	(void)unused;
	check(TABLE_CSV, "name,count,change,up,time\n"
			 "\"a,\"\"b\"\"\\x1b\",12,-3,true,1.500000000\n"
			 "\xc3\xa9,18446744073709551615,,false,\n"
			 ",,,,\n");
}

static void json(void **unused)
{
	(void)unused;
	check(TABLE_JSON,
	      "{\"name\":\"a,\\\"b\\\"\\u001b\",\"count\":12,\"change\":-3,\"up\":true,\"time\":\"1.500000000\"}\n"
	      "{\"name\":\"\xc3\xa9\",\"count\":18446744073709551615,\"change\":null,\"up\":false,\"time\":null}\n"
	      "{\"name\":null,\"count\":null,\"change\":null,\"up\":null,\"time\":null}\n");
}

static void empty(void **unused)
{
	struct table table;
	struct text out = { 0 };

	(void)unused;
	table_init(&table, columns, 2);
	table_print(&table, TABLE_JSON, &out);
	assert_int_equal(out.length, 0);
	table_print(&table, TABLE_PLAIN, &out);
	assert_int_equal(out.length, strlen("name  count\n"));
	text_release(&out);
	table_release(&table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain),
		cmocka_unit_test(csv),
		cmocka_unit_test(json),
		cmocka_unit_test(empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
