/* SPDX-License-Identifier: BSD-2-Clause */
/* Dates as filters have them: ISO 8601, and "Sep 26, 2004 23:18:04.954". Without a zone: local time. */
#include <stdlib.h>
#include <time.h>

#include "packet/filter_parts.h"

struct reader {
	const char *at, *end;
};

static char peek(const struct reader *r)
{
	return r->at < r->end ? *r->at : '\0';
}

static bool take(struct reader *r, char c)
{
	bool there = peek(r) == c;

	r->at += there;
	return there;
}

/* `least` to `most` digits, a number of at most `limit`. */
static bool digits(struct reader *r, unsigned least, unsigned most, int limit, int *value)
{
	unsigned count = 0;

	for (*value = 0; count < most && peek(r) >= '0' && peek(r) <= '9'; count++)
		*value = *value * 10 + (*r->at++ - '0');
	return count >= least && *value <= limit;
}

static bool fraction(struct reader *r, int64_t *nanoseconds)
{
	int64_t unit = 100000000;
	const char *from = r->at;

	for (*nanoseconds = 0; peek(r) >= '0' && peek(r) <= '9'; r->at++, unit /= 10)
		*nanoseconds += (*r->at - '0') * unit;
	return r->at > from;
}

/* hh:mm, perhaps :ss, perhaps .fraction */
static bool time_of_day(struct reader *r, struct tm *tm, int64_t *nanoseconds)
{
	if (!digits(r, 1, 2, 23, &tm->tm_hour) || !take(r, ':') || !digits(r, 2, 2, 59, &tm->tm_min))
		return false;
	if (!take(r, ':'))
		return true;
	if (!digits(r, 2, 2, 60, &tm->tm_sec))
		return false;
	return !(take(r, '.') || take(r, ',')) || fraction(r, nanoseconds);
}

/* Z, UTC, +hh:mm, -hhmm, or nothing: local. Seconds east of UTC. */
static bool zone(struct reader *r, bool *local, int *east)
{
	int sign, hours, minutes = 0;

	while (take(r, ' '))
		;
	*east = 0;
	*local = r->at == r->end;
	if (*local || take(r, 'Z') || take(r, 'z'))
		return true;
	if (r->end - r->at >= 3 && !memcmp(r->at, "UTC", 3)) {
		r->at += 3;
		return true;
	}
	sign = peek(r) == '-' ? -1 : 1;
	if (!take(r, '+') && !take(r, '-'))
		return false;
	if (!digits(r, 2, 2, 14, &hours))
		return false;
	take(r, ':');
	if (r->at < r->end && !digits(r, 2, 2, 59, &minutes))
		return false;
	*east = sign * (hours * 3600 + minutes * 60);
	return true;
}

static bool iso_date(struct reader *r, struct tm *tm)
{
	int year, month;

	if (!digits(r, 4, 4, 9999, &year) || !take(r, '-') || !digits(r, 2, 2, 12, &month) || !take(r, '-') ||
	    !digits(r, 2, 2, 31, &tm->tm_mday))
		return false;
	tm->tm_year = year - 1900;
	tm->tm_mon = month - 1;
	return month > 0 && tm->tm_mday > 0;
}

static bool named_date(struct reader *r, struct tm *tm)
{
	static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
	int year;

	for (tm->tm_mon = 0; tm->tm_mon < 12; tm->tm_mon++)
		if (r->end - r->at > 4 && !strncasecmp(r->at, months + 3 * tm->tm_mon, 3))
			break;
	if (tm->tm_mon == 12)
		return false;
	r->at += 3;
	while (take(r, ' '))
		;
	if (!digits(r, 1, 2, 31, &tm->tm_mday) || !tm->tm_mday || !take(r, ','))
		return false;
	while (take(r, ' '))
		;
	if (!digits(r, 4, 4, 9999, &year))
		return false;
	tm->tm_year = year - 1900;
	return true;
}

int filter_time(const char *text, size_t length, int64_t *time)
{
	struct reader r = { text, text + length };
	struct tm tm = { .tm_isdst = -1 };
	int64_t nanoseconds = 0, seconds;
	bool local, leap;
	int east, day;

	if (!iso_date(&r, &tm)) {
		r.at = text;
		if (!named_date(&r, &tm))
			return -1;
	}
	if (take(&r, 'T') || take(&r, 't') || take(&r, ' ')) {
		while (take(&r, ' '))
			;
		if (!time_of_day(&r, &tm, &nanoseconds))
			return -1;
	}
	if (!zone(&r, &local, &east) || r.at != r.end)
		return -1;
	day = tm.tm_mday;
	leap = tm.tm_sec == 60;
	seconds = local ? mktime(&tm) : timegm(&tm) - east;
	if (tm.tm_mday != day && !leap)
		return -1; /* the 31st of April */
	return __builtin_mul_overflow(seconds, INT64_C(1000000000), time) ||
			       __builtin_add_overflow(*time, nanoseconds, time)
		       ? -1
		       : 0;
}
