/* SPDX-License-Identifier: BSD-2-Clause */
/* Writing a date in each format. */
#include "lab/date.h"

#include <string.h>

#include "lab/calendar.h"

#define MAX_OFFSET (18 * 3600)

struct writer {
	uint8_t *buf;
	size_t size, length;
	bool failed; /* did not fit, or cannot be said in this format */
};

struct moment {
	int64_t seconds; /* since 1970, UTC */
	unsigned micros;
	struct civil civil; /* in the zone */
	unsigned weekday;
	int offset_s;
	const char *zone; /* may be NULL */
};

static void put(struct writer *w, const void *data, size_t length)
{
	if (w->failed || length > w->size - w->length) {
		w->failed = true;
		return;
	}
	memcpy(w->buf + w->length, data, length);
	w->length += length;
}

static void put_char(struct writer *w, char c)
{
	put(w, &c, 1);
}

/* Decimal, at least `width` digits, padded with `pad`. */
static void put_number(struct writer *w, uint64_t value, size_t width, char pad)
{
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value > 0);
	while (sizeof(digits) - at < width)
		digits[--at] = pad;
	put(w, digits + at, sizeof(digits) - at);
}

static void put_ymd(struct writer *w, const struct moment *m)
{
	put_number(w, m->civil.year, 4, '0');
	put_char(w, '-');
	put_number(w, m->civil.month, 2, '0');
	put_char(w, '-');
	put_number(w, m->civil.day, 2, '0');
}

static void put_time(struct writer *w, const struct moment *m)
{
	put_number(w, m->civil.hour, 2, '0');
	put_char(w, ':');
	put_number(w, m->civil.minute, 2, '0');
	put_char(w, ':');
	put_number(w, m->civil.second, 2, '0');
}

static void put_fraction(struct writer *w, const struct moment *m)
{
	if (m->micros == 0)
		return;
	put_char(w, '.');
	put_number(w, m->micros, 6, '0');
}

static void put_offset(struct writer *w, int offset_s)
{
	unsigned minutes = (unsigned)(offset_s < 0 ? -offset_s : offset_s) / 60;

	if (offset_s % 60 != 0)
		w->failed = true;
	put_char(w, offset_s < 0 ? '-' : '+');
	put_number(w, minutes / 60, 2, '0');
	put_char(w, ':');
	put_number(w, minutes % 60, 2, '0');
}

static void put_zone_name(struct writer *w, const char *zone)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-:";
	size_t length = strlen(zone);

	if (length == 0 || length > 9 || strspn(zone, allowed) != length)
		w->failed = true;
	put(w, zone, length);
}

static void build_nofraction(struct writer *w, const struct moment *m)
{
	put_ymd(w, m);
	put_char(w, ' ');
	put_time(w, m);
}

static void build_python(struct writer *w, const struct moment *m)
{
	build_nofraction(w, m);
	put_fraction(w, m);
}

static void build_iso(struct writer *w, const struct moment *m)
{
	put_ymd(w, m);
	put_char(w, 'T');
	put_time(w, m);
	put_fraction(w, m);
	if (m->zone && m->offset_s == 0)
		put_char(w, 'Z');
	else if (m->zone)
		put_offset(w, m->offset_s);
}

static void put_ctime_head(struct writer *w, const struct moment *m, char pad)
{
	put(w, calendar_weekdays[m->weekday].name, 3);
	put_char(w, ' ');
	put(w, calendar_months[m->civil.month - 1].name, 3);
	put_char(w, ' ');
	put_number(w, m->civil.day, 2, pad);
	put_char(w, ' ');
	put_time(w, m);
	put_char(w, ' ');
}

static void build_ctime(struct writer *w, const struct moment *m)
{
	put_ctime_head(w, m, ' ');
	put_number(w, m->civil.year, 4, '0');
}

static void build_java(struct writer *w, const struct moment *m)
{
	put_ctime_head(w, m, '0');
	if (m->zone) {
		put_zone_name(w, m->zone);
	} else if (m->offset_s == 0) {
		put(w, "UTC", 3);
	} else {
		put(w, "GMT", 3);
		put_offset(w, m->offset_s);
	}
	put_char(w, ' ');
	put_number(w, m->civil.year, 4, '0');
}

static void build_dmy(struct writer *w, const struct moment *m)
{
	put_number(w, m->civil.day, 2, '0');
	put_char(w, '/');
	put_number(w, m->civil.month, 2, '0');
	put_char(w, '/');
	put_number(w, m->civil.year, 4, '0');
	put_char(w, ' ');
	put_time(w, m);
}

static void build_long(struct writer *w, const struct moment *m)
{
	const struct calendar_name *weekday = &calendar_weekdays[m->weekday];
	const struct calendar_name *month = &calendar_months[m->civil.month - 1];

	put(w, weekday->name, weekday->length);
	put(w, ", ", 2);
	put(w, month->name, month->length);
	put_char(w, ' ');
	put_number(w, m->civil.day, 2, '0');
	put(w, ", ", 2);
	put_number(w, m->civil.year, 4, '0');
	put_char(w, ' ');
	put_time(w, m);
	if (!m->zone)
		return;
	if (m->zone[0] != '+' && m->zone[0] != '-') /* some zones are named by their number: -03 */
		put_char(w, '-');
	put_zone_name(w, m->zone);
}

static uint32_t seconds_since_1900(struct writer *w, const struct moment *m)
{
	int64_t seconds = m->seconds + RFC868_EPOCH;

	if (seconds < 0 || seconds > UINT32_MAX)
		w->failed = true;
	return (uint32_t)seconds;
}

static void build_rfc868(struct writer *w, const struct moment *m)
{
	uint32_t s = seconds_since_1900(w, m);
	uint8_t bytes[4] = { (uint8_t)(s >> 24), (uint8_t)(s >> 16), (uint8_t)(s >> 8), (uint8_t)s };

	put(w, bytes, sizeof(bytes));
}

static void build_rfc868_ascii(struct writer *w, const struct moment *m)
{
	put_number(w, seconds_since_1900(w, m), 1, '0');
}

static void build_epoch(struct writer *w, const struct moment *m)
{
	if (m->seconds < INT64_C(1000000000))
		w->failed = true;
	put_number(w, (uint64_t)m->seconds, 10, '0');
	put_fraction(w, m);
}

typedef void build_fn(struct writer *w, const struct moment *m);

static build_fn *const builders[DATE_FORMAT_COUNT] = {
	[DATE_PYTHON] = build_python,
	[DATE_PYTHON_NOFRACTION] = build_nofraction,
	[DATE_ISO] = build_iso,
	[DATE_CTIME] = build_ctime,
	[DATE_JAVA] = build_java,
	[DATE_DMY] = build_dmy,
	[DATE_LONG] = build_long,
	[DATE_RFC868] = build_rfc868,
	[DATE_RFC868_ASCII] = build_rfc868_ascii,
	[DATE_EPOCH] = build_epoch,
};

size_t date_build(enum date_format format, int64_t time_ns, int zone_offset_s, const char *zone_name, uint8_t *buf,
		  size_t size)
{
	int64_t fraction = time_ns % NS_PER_S < 0 ? time_ns % NS_PER_S + NS_PER_S : time_ns % NS_PER_S;
	int64_t seconds = time_ns / NS_PER_S - (time_ns % NS_PER_S < 0);
	struct writer w = { .buf = buf, .size = size };
	struct moment m = {
		.seconds = seconds,
		.micros = (unsigned)(fraction / 1000),
		.offset_s = zone_offset_s,
		.zone = zone_name,
	};

	if ((unsigned)format >= DATE_FORMAT_COUNT || zone_offset_s < -MAX_OFFSET || zone_offset_s > MAX_OFFSET)
		return 0;
	m.weekday = civil_from_seconds(seconds + zone_offset_s, &m.civil);
	if (!civil_valid(&m.civil))
		return 0;
	builders[format](&w, &m);
	return w.failed ? 0 : w.length;
}
