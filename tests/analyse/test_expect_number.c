/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers in expectations: what is certain of a comparison, durations, lists of packets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "analyse/expect_judge.h"

enum { LEAST = -4, MOST = 4 };

/* Tries all futures of a small world in which `a` moves one way: the answer is certain when they agree. */
static enum expect_verdict by_trying(int a, enum expect_sign sign, int b, bool up)
{
	bool yes = false, no = false;

	for (int later = a; later >= 2 * LEAST && later <= 2 * MOST; later += up ? 1 : -1)
		*(expect_holds(later, sign, b) ? &yes : &no) = true;
	return yes && no ? EXPECT_OPEN : yes ? EXPECT_YES : EXPECT_NO;
}

static void certain_is_what_every_future_agrees_on(void **state)
{
	(void)state;
	for (int a = LEAST; a <= MOST; a++)
		for (int b = LEAST; b <= MOST; b++)
			for (int sign = SIGN_GE; sign <= SIGN_NE; sign++)
				for (int up = 0; up < 2; up++)
					assert_int_equal(expect_moving(a, (enum expect_sign)sign, b, up),
							 by_trying(a, (enum expect_sign)sign, b, up));
}

static void value_is(const char *text, enum field_type type, long double expected, const char *rest)
{
	struct expect_scan scan = { text, text };
	struct error err = { "" };
	long double value;

	assert_int_equal(expect_limit(&scan, type, &value, &err), 0);
	assert_true(value > expected - 0.001L && value < expected + 0.001L);
	assert_string_equal(scan.at, rest);
}

static void durations_have_units(void **state)
{
	(void)state;
	value_is("10ms", FIELD_DURATION, 10e6L, "");
	value_is(" 1s -- words", FIELD_DURATION, 1e9L, " -- words");
	value_is("0.5", FIELD_DURATION, 5e8L, "");
	value_is("0.5 -- words", FIELD_DURATION, 5e8L, "-- words");
	value_is("250 us", FIELD_DURATION, 250e3L, "");
	value_is("7ns", FIELD_DURATION, 7, "");
	value_is("2min", FIELD_DURATION, 120e9L, "");
	value_is("2m", FIELD_DURATION, 120e9L, "");
	value_is("1h", FIELD_DURATION, 3600e9L, "");
	value_is("-1.5s", FIELD_DURATION, -1.5e9L, "");
	value_is("42", FIELD_UINT, 42, "");
	value_is("0x10", FIELD_HEX, 16, "");
	value_is("-3", FIELD_INT, -3, "");
	value_is(".5", FIELD_UINT, 0.5L, "");
}

static void value_is_refused(const char *text, enum field_type type, const char *part)
{
	struct expect_scan scan = { text, text };
	struct error err = { "" };
	long double value;

	assert_int_equal(expect_limit(&scan, type, &value, &err), -1);
	assert_non_null(strstr(err.text, part));
}

static void other_units_are_refused(void **state)
{
	(void)state;
	value_is_refused("10ms", FIELD_UINT, "no unit");
	value_is_refused("10 sec", FIELD_DURATION, "no such unit");
	value_is_refused("fast", FIELD_DURATION, "10ms");
	value_is_refused("", FIELD_UINT, "a number is missing");
	value_is_refused("inf", FIELD_UINT, "a number is missing");
	value_is_refused("nan", FIELD_UINT, "a number is missing");
}

static void text_is(enum field_type type, long double value, const char *expected)
{
	struct text out = { 0 };

	expect_say_limit(type, value, &out);
	text_char(&out, '\0');
	assert_string_equal(out.data, expected);
	text_release(&out);
}

static void values_are_short(void **state)
{
	(void)state;
	text_is(FIELD_DURATION, 1e9L, "1 s");
	text_is(FIELD_DURATION, 1500e6L, "1.5 s");
	text_is(FIELD_DURATION, 12345678, "12.346 ms");
	text_is(FIELD_DURATION, 20000, "20 us");
	text_is(FIELD_DURATION, -2e6L, "-2 ms");
	text_is(FIELD_DURATION, 0, "0 us");
	text_is(FIELD_UINT, 100, "100");
	text_is(FIELD_UINT, 100.0L / 3, "33.333");
	text_is(FIELD_INT, -7, "-7");
}

static void numbers_are(unsigned count, const char *as_list, const char *as_subject)
{
	struct expect_numbers numbers = { 0 };
	struct text out = { 0 };

	for (unsigned i = 1; i <= count; i++)
		expect_number(&numbers, 2 * i);
	expect_numbers_text(&numbers, &out);
	text_char(&out, '\0');
	assert_string_equal(out.data, as_list);
	text_clear(&out);
	expect_who_text(&numbers, "is", "are", &out);
	text_char(&out, '\0');
	assert_string_equal(out.data, as_subject);
	text_release(&out);
}

static void packets_are_named(void **state)
{
	(void)state;
	numbers_are(0, "no packet", "no packet is");
	numbers_are(1, "packet 2", "packet 2 is");
	numbers_are(2, "packets 2 and 4", "2 packets (2 and 4) are");
	numbers_are(5, "packets 2, 4, 6, 8 and 10", "5 packets (2, 4, 6, 8 and 10) are");
	numbers_are(6, "packets 2, 4, 6, 8, 10 and 1 more", "6 packets (2, 4, 6, 8, 10 and 1 more) are");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(certain_is_what_every_future_agrees_on),
		cmocka_unit_test(durations_have_units),
		cmocka_unit_test(other_units_are_refused),
		cmocka_unit_test(values_are_short),
		cmocka_unit_test(packets_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
