/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/moment.h"

#include <string.h>

#include "base/clock.h"
#include "lab/calendar.h"

/* ------------------------------------------------------------------------------------------------ lengths */

static const struct {
	const char *name;
	int64_t nanoseconds;
} units[] = {
	{ "", NS_PER_S },    { "s", NS_PER_S },        { "ms", NS_PER_MS },       { "us", 1000 },
	{ "ns", 1 },         { "m", 60 * NS_PER_S },   { "min", 60 * NS_PER_S },  { "h", 3600 * NS_PER_S },
	{ "d", 86400 * NS_PER_S },
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Digits behind a point as parts of `whole`; more than there is room for are cut. */
static int64_t fraction(const char **at, int64_t whole)
{
	int64_t value = 0;

	for (; is_digit(**at); ++*at) {
		value += whole / 10 * (**at - '0');
		whole /= 10;
	}
	return value;
}

int moment_length(const char *text, int64_t *nanoseconds)
{
	const bool minus = *text == '-';
	const char *at = text + (*text == '-' || *text == '+'), *part;
	int64_t number = 0, whole;
	bool digits = is_digit(*at);

	for (; is_digit(*at); at++)
		if (__builtin_mul_overflow(number, INT64_C(10), &number) ||
		    __builtin_add_overflow(number, (int64_t)(*at - '0'), &number))
			return -1;
	part = at + (*at == '.');
	digits |= part > at && is_digit(*part);
	for (at = part; is_digit(*at); at++)
		;
	for (size_t i = 0; digits && i < sizeof units / sizeof *units; i++) {
		if (strcmp(at, units[i].name))
			continue;
		whole = units[i].nanoseconds;
		if (__builtin_mul_overflow(number, whole, &number) ||
		    __builtin_add_overflow(number, fraction(&part, whole), &number))
			return -1;
		*nanoseconds = minus ? -number : number;
		return 0;
	}
	return -1;
}

/* ------------------------------------------------------------------------------------------------ points in time */

/* `count` digits; -1: they are not there. */
static int digits(const char **at, unsigned count)
{
	int value = 0;

	for (; count; count--, ++*at) {
		if (!is_digit(**at))
			return -1;
		value = 10 * value + **at - '0';
	}
	return value;
}

/* A separator and two digits. */
static bool part(const char **at, char separator, unsigned *value)
{
	const char *here = *at + 1;
	int number;

	if (**at != separator || (number = digits(&here, 2)) < 0)
		return false;
	*at = here;
	*value = (unsigned)number;
	return true;
}

static bool date(const char **at, struct civil *c)
{
	int year = digits(at, 4);

	*c = (struct civil){ .year = (unsigned)year };
	return year >= 0 && part(at, '-', &c->month) && part(at, '-', &c->day);
}

static bool clock_time(const char **at, struct civil *c, int64_t *nanoseconds)
{
	*nanoseconds = 0;
	if (!part(at, **at == ' ' ? ' ' : 'T', &c->hour))
		return !**at;
	if (!part(at, ':', &c->minute))
		return false;
	if (!part(at, ':', &c->second))
		return true;
	if (**at == '.') {
		++*at;
		*nanoseconds = fraction(at, NS_PER_S);
	}
	return true;
}

/* Seconds east of UTC: Z, +01:00, +0100, +01. */
static bool zone(const char **at, int64_t *east)
{
	const int sign = **at == '-' ? -1 : 1;
	int hours, minutes = 0;

	*east = 0;
	if (**at == 'Z') {
		++*at;
		return true;
	}
	if (**at != '+' && **at != '-')
		return false;
	++*at;
	hours = digits(at, 2);
	*at += **at == ':';
	if (**at)
		minutes = digits(at, 2);
	*east = sign * (hours * 3600 + minutes * 60);
	return hours >= 0 && minutes >= 0 && hours <= 14 && minutes < 60;
}

static int64_t local_seconds(const struct civil *c)
{
	struct tm tm = {
		.tm_year = (int)c->year - 1900,
		.tm_mon = (int)c->month - 1,
		.tm_mday = (int)c->day,
		.tm_hour = (int)c->hour,
		.tm_min = (int)c->minute,
		.tm_sec = (int)c->second,
		.tm_isdst = -1,
	};

	return mktime(&tm);
}

static bool point(const char *at, int64_t *time)
{
	int64_t seconds, nanoseconds, east;
	struct civil c;

	if (!date(&at, &c) || !clock_time(&at, &c, &nanoseconds) || !civil_valid(&c))
		return false;
	if (!*at)
		seconds = local_seconds(&c);
	else if (zone(&at, &east) && !*at)
		seconds = civil_to_seconds(&c) - east;
	else
		return false;
	return !__builtin_mul_overflow(seconds, NS_PER_S, time) && !__builtin_add_overflow(*time, nanoseconds, time);
}

int moment_parse(struct moment *moment, const char *option, const char *text, struct error *err)
{
	moment->given = true;
	moment->relative = *text == '+' || *text == '-';
	if (moment->relative ? moment_length(text, &moment->time) < 0 : !point(text, &moment->time))
		return error_set(err, "%s %s: not a time; write it as 2026-11-22T14:00:00.5 (local), "
				 "2026-11-22T13:00:00Z or +1.5s (after the first packet)", option, text);
	return 0;
}
