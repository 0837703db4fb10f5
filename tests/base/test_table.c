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

/* One row after the other gives what the whole table gives. */
static void in_pieces(void **unused)
{
	static const struct table_column two[] = { { "part", CELL_TEXT, false }, { "percent", CELL_HUNDREDTHS, true } };
	static const struct {
		const char *part;
		uint64_t percent;
	} rows[] = { { "a", 5 }, { "a long one", 10000 } };
	struct table whole, piece;
	struct text expected = { 0 }, out = { 0 };
	size_t widths[2] = { 0 };

	(void)unused;
	table_init(&whole, two, 2);
	table_init(&piece, two, 2);
	for (unsigned pass = 0; pass < 2; pass++) {
		for (unsigned i = 0; i < 2; i++) {
			table_clear(&piece);
			table_text(&piece, rows[i].part);
			table_hundredths(&piece, rows[i].percent);
			if (pass)
				table_print_rows(&piece, TABLE_PLAIN, widths, &out);
			else
				table_measure(&piece, widths);
		}
		if (!pass)
			table_print_names(&piece, TABLE_PLAIN, widths, &out);
	}
	for (unsigned i = 0; i < 2; i++) {
		table_text(&whole, rows[i].part);
		table_hundredths(&whole, rows[i].percent);
	}
	table_print(&whole, TABLE_PLAIN, &expected);
	text_char(&expected, '\0');
	text_char(&out, '\0');
	assert_string_equal(out.data, expected.data);
	assert_string_equal(out.data, "part        percent\na              0.05\na long one   100.00\n");
	text_release(&expected);
	text_release(&out);
	table_release(&whole);
	table_release(&piece);
}

static void named(void **unused)
{
	struct table table;
	struct text out = { 0 };

	(void)unused;
	table_init(&table, columns, 2);
	table.name = "things";
	table_text(&table, "a");
	table_uint(&table, 1);
	table_print(&table, TABLE_JSON, &out);
	text_char(&out, '\0');
	assert_string_equal(out.data, "{\"table\":\"things\",\"name\":\"a\",\"count\":1}\n");
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
		cmocka_unit_test(in_pieces),
		cmocka_unit_test(named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
