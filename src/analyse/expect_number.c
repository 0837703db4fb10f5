/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers in expectations: comparisons, what is certain of them, how they are written and said. */
#include <stdio.h>
#include <stdlib.h>

#include "analyse/expect_judge.h"

void expect_number(struct expect_numbers *numbers, uint64_t number)
{
	if (numbers->count < EXPECT_NAMED)
		numbers->first[numbers->count] = number;
	numbers->count++;
}

static void list(const struct expect_numbers *numbers, struct text *out)
{
	uint64_t more = numbers->count > EXPECT_NAMED ? numbers->count - EXPECT_NAMED : 0;
	uint64_t named = numbers->count - more;

	for (uint64_t i = 0; i < named; i++) {
		text_string(out, !i ? "" : i + 1 == named && !more ? " and " : ", ");
		text_uint(out, numbers->first[i]);
	}
	if (more)
		text_format(out, " and %llu more", (unsigned long long)more);
}

void expect_numbers_text(const struct expect_numbers *numbers, struct text *out)
{
	text_string(out, !numbers->count ? "no packet" : numbers->count == 1 ? "packet " : "packets ");
	list(numbers, out);
}

void expect_who_text(const struct expect_numbers *numbers, const char *verb, const char *verbs, struct text *out)
{
	if (numbers->count < 2) {
		expect_numbers_text(numbers, out);
	} else {
		text_uint(out, numbers->count);
		text_string(out, " packets (");
		list(numbers, out);
		text_char(out, ')');
	}
	text_char(out, ' ');
	text_string(out, numbers->count < 2 ? verb : verbs);
}

/* ------------------------------------------------------------------------------------------------ comparing */

static const struct {
	const char *word;
	enum expect_sign sign;
} signs[] = {
	{ ">=", SIGN_GE }, { "<=", SIGN_LE }, { "==", SIGN_EQ }, { "!=", SIGN_NE },
	{ ">", SIGN_GT },  { "<", SIGN_LT },  { "ge", SIGN_GE }, { "le", SIGN_LE },
	{ "eq", SIGN_EQ }, { "ne", SIGN_NE }, { "gt", SIGN_GT }, { "lt", SIGN_LT },
};

int expect_sign(struct expect_scan *scan, enum expect_sign *sign, struct error *err)
{
	for (unsigned i = 0; i < sizeof signs / sizeof *signs; i++)
		if (expect_take(scan, signs[i].word)) {
			*sign = signs[i].sign;
			return 0;
		}
	expect_blanks(scan);
	if (*scan->at == '=')
		return expect_wrong(scan, err, "'=' compares nothing; write ==");
	return expect_wrong(scan, err, "a comparison is missing; add one such as >= 1");
}

bool expect_holds(long double a, enum expect_sign sign, long double b)
{
	const bool answers[] = {
		[SIGN_GE] = a >= b,
		[SIGN_GT] = a > b,
		[SIGN_LE] = a <= b,
		[SIGN_LT] = a < b,
		[SIGN_EQ] = !(a < b || a > b),
		[SIGN_NE] = a < b || a > b,
	};

	return answers[sign];
}

enum expect_verdict expect_moving(long double a, enum expect_sign sign, long double b, bool up)
{
	bool beyond = up ? a > b : a < b;
	bool there = !(a < b || a > b);
	/* On the limit: a comparison that the next step cannot change any more. */
	bool kept = up ? sign == SIGN_GE || sign == SIGN_LT : sign == SIGN_LE || sign == SIGN_GT;

	if (!beyond && !(there && kept))
		return EXPECT_OPEN;
	return expect_holds(a, sign, b) ? EXPECT_YES : EXPECT_NO;
}

/* ------------------------------------------------------------------------------------------------ values */

struct unit {
	const char *name;
	long double nanoseconds;
};

static const struct unit units[] = {
	{ "ns", 1 }, { "us", 1e3L }, { "ms", 1e6L }, { "s", 1e9L }, { "min", 60e9L }, { "m", 60e9L }, { "h", 3600e9L },
};

static bool letter_follows(struct expect_scan *scan)
{
	expect_blanks(scan);
	return (*scan->at | 0x20) >= 'a' && (*scan->at | 0x20) <= 'z';
}

static int duration(struct expect_scan *scan, long double number, long double *value, struct error *err)
{
	for (unsigned i = 0; i < sizeof units / sizeof *units; i++)
		if (expect_take(scan, units[i].name)) {
			*value = number * units[i].nanoseconds;
			return 0;
		}
	*value = number * 1e9L;
	if (letter_follows(scan))
		return expect_wrong(scan, err, "no such unit of time; use ns, us, ms, s, min or h, as 10ms");
	return 0;
}

static bool begins_number(const char *at)
{
	at += *at == '-' || *at == '+';
	at += *at == '.';
	return *at >= '0' && *at <= '9';
}

int expect_limit(struct expect_scan *scan, enum field_type type, long double *value, struct error *err)
{
	long double number;
	char *end;

	expect_blanks(scan);
	if (!begins_number(scan->at))
		return expect_wrong(scan, err, "a number is missing%s",
				    type == FIELD_DURATION ? ", such as 10ms or 1s" : ", such as 10");
	number = strtold(scan->at, &end);
	scan->at = end;
	if (type == FIELD_DURATION)
		return duration(scan, number, value, err);
	*value = number;
	if (*end != ' ' && *end != '\t' && letter_follows(scan))
		return expect_wrong(scan, err, "not a number; the field has no unit");
	return 0;
}

/* At most three decimals, none that are 0 at the end. */
static void decimal(struct text *out, long double value, const char *unit)
{
	char digits[64];
	int length = snprintf(digits, sizeof digits, "%.3Lf", value);

	while (length > 0 && digits[length - 1] == '0')
		length--;
	if (length > 0 && digits[length - 1] == '.')
		length--;
	text_add(out, digits, (size_t)length);
	text_string(out, unit);
}

void expect_say_limit(enum field_type type, long double value, struct text *out)
{
	long double size = value < 0 ? -value : value;

	if (type != FIELD_DURATION)
		decimal(out, value, "");
	else if (size >= 1e9L)
		decimal(out, value / 1e9L, " s");
	else if (size >= 1e6L)
		decimal(out, value / 1e6L, " ms");
	else
		decimal(out, value / 1e3L, " us");
}
