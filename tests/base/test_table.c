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

/* Numbers are as wide as printf makes them, whichever row has the widest. */
static void numbers(void **unused)
{
	static const struct table_column number_columns[] = {
		{ "u", CELL_UINT, true },    { "i", CELL_INT, true },        { "b", CELL_BOOL, true },
		{ "s", CELL_SECONDS, true }, { "h", CELL_HUNDREDTHS, true }, { "l", CELL_UINT, false },
	};
	static const uint64_t values[] = { 0, UINT64_MAX, 9, 10, UINT32_MAX, UINT64_C(1) << 32, UINT64_C(1) << 63 };
	struct table table;
	struct text out = { 0 };

	(void)unused;
	table_init(&table, number_columns, 6);
	for (unsigned i = 0; i < sizeof values / sizeof *values; i++) {
		table_uint(&table, values[i]);
		table_int(&table, (int64_t)values[i]);
		table_bool(&table, values[i] & 1);
		table_seconds(&table, (int64_t)values[i]);
		table_hundredths(&table, values[i]);
		table_uint(&table, values[i]);
	}
	table_print(&table, TABLE_PLAIN, &out);
	text_char(&out, '\0');
	assert_string_equal(out.data,
		"                   u                     i      b                      s                      h  l\n"
		"                   0                     0  false            0.000000000                   0.00  0\n"
		"18446744073709551615                    -1   true           -0.000000001  184467440737095516.15  "
		"18446744073709551615\n"
		"                   9                     9   true            0.000000009                   0.09  9\n"
		"                  10                    10  false            0.000000010                   0.10  10\n"
		"          4294967295            4294967295   true            4.294967295            42949672.95  "
		"4294967295\n"
		"          4294967296            4294967296  false            4.294967296            42949672.96  "
		"4294967296\n"
		" 9223372036854775808  -9223372036854775808  false  -9223372036.854775808   92233720368547758.08  "
		"9223372036854775808\n");
	text_release(&out);
	table_release(&table);
}

static void print_texts(enum table_form form, const char *expected)
{
	static const struct table_column text_columns[] = {
		{ "left", CELL_TEXT, false },
		{ "right", CELL_TEXT, true },
	};
	static const char *const texts[] = {
		"", "plain", "\xe6\x97\xa5\xe6\x9c\xac", "a\\b", "1,2", "\xff", "say \"\"", "\xe2\x80\x8b", "  "
	};
	struct table table;
	struct text out = { 0 };

	table_init(&table, text_columns, 2);
	for (unsigned i = 0; i < sizeof texts / sizeof *texts; i++) {
		table_text(&table, texts[i]);
		table_text(&table, texts[i]);
	}
	table_print(&table, form, &out);
	text_char(&out, '\0');
	assert_string_equal(out.data, expected);
	text_release(&out);
	table_release(&table);
}

static void texts(void **unused)
{
	(void)unused;
	print_texts(TABLE_PLAIN, "left     right\n"
				 "\n"
				 "plain    plain\n"
				 "\xe6\x97\xa5\xe6\x9c\xac          \xe6\x97\xa5\xe6\x9c\xac\n"
				 "a\\\\b      a\\\\b\n"
				 "1,2        1,2\n"
				 "\\xff      \\xff\n"
				 "say \"\"  say \"\"\n"
				 "\\u200b  \\u200b\n"
				 "\n");
	print_texts(TABLE_CSV, "left,right\n"
			       ",\n"
			       "plain,plain\n"
			       "\xe6\x97\xa5\xe6\x9c\xac,\xe6\x97\xa5\xe6\x9c\xac\n"
			       "a\\\\b,a\\\\b\n"
			       "\"1,2\",\"1,2\"\n"
			       "\\xff,\\xff\n"
			       "\"say \"\"\"\"\",\"say \"\"\"\"\"\n"
			       "\\u200b,\\u200b\n"
			       "  ,  \n");
	print_texts(TABLE_JSON, "{\"left\":\"\",\"right\":\"\"}\n"
				"{\"left\":\"plain\",\"right\":\"plain\"}\n"
				"{\"left\":\"\xe6\x97\xa5\xe6\x9c\xac\",\"right\":\"\xe6\x97\xa5\xe6\x9c\xac\"}\n"
				"{\"left\":\"a\\\\b\",\"right\":\"a\\\\b\"}\n"
				"{\"left\":\"1,2\",\"right\":\"1,2\"}\n"
				"{\"left\":\"\xef\xbf\xbd\",\"right\":\"\xef\xbf\xbd\"}\n"
				"{\"left\":\"say \\\"\\\"\",\"right\":\"say \\\"\\\"\"}\n"
				"{\"left\":\"\\u200b\",\"right\":\"\\u200b\"}\n"
				"{\"left\":\"  \",\"right\":\"  \"}\n");
}

static void words(void **unused)
{
	static const struct table_column three[] = {
		{ "word", CELL_TEXT, false }, { "made", CELL_TEXT, true }, { "text", CELL_TEXT, false }
	};
	struct table table;
	struct text out = { 0 };

	(void)unused;
	table_init(&table, three, 3);
	for (unsigned i = 0; i < 2; i++) {
		size_t start;

		table_word(&table, i ? "a word" : NULL);
		start = table.strings.length;
		text_uint(&table.strings, i ? 10 : 12345);
		table_word_from(&table, start);
		table_text(&table, i ? "a,b" : "b");
	}
	for (unsigned form = TABLE_PLAIN; form <= TABLE_JSON; form++)
		table_print(&table, form, &out);
	text_char(&out, '\0');
	assert_string_equal(out.data, "word     made  text\n"
				      "        12345  b\n"
				      "a word     10  a,b\n"
				      "word,made,text\n"
				      ",12345,b\n"
				      "a word,10,\"a,b\"\n"
				      "{\"word\":null,\"made\":\"12345\",\"text\":\"b\"}\n"
				      "{\"word\":\"a word\",\"made\":\"10\",\"text\":\"a,b\"}\n");
	text_release(&out);
	table_release(&table);
}

/* Nobody has measured these: they are printed nevertheless. */
static void wider_than_the_column(void **unused)
{
	static const struct table_column three[] = {
		{ "a", CELL_UINT, true }, { "b", CELL_TEXT, false }, { "c", CELL_SECONDS, true }
	};
	const size_t widths[3] = { 1, 1, 1 };
	struct table table;
	struct text out = { 0 }, expected = { 0 };

	(void)unused;
	table_init(&table, three, 3);
	for (unsigned i = 0; i < 100; i++) {
		table_uint(&table, UINT64_MAX);
		table_text(&table, "\x1b\x1b\x1b\x1b\x1b\x1b\x1b\x1b");
		table_seconds(&table, INT64_MIN);
		text_string(&expected, "18446744073709551615  \\x1b\\x1b\\x1b\\x1b\\x1b\\x1b\\x1b\\x1b  "
				       "-9223372036.854775808\n");
	}
	table_print_rows(&table, TABLE_PLAIN, widths, &out);
	text_char(&out, '\0');
	text_char(&expected, '\0');
	assert_string_equal(out.data, expected.data);
	text_release(&out);
	text_release(&expected);
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
		cmocka_unit_test(numbers),
		cmocka_unit_test(texts),
		cmocka_unit_test(words),
		cmocka_unit_test(wider_than_the_column),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
