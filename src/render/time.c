/* SPDX-License-Identifier: BSD-2-Clause */
#include "render/time.h"

#include "base/clock.h"

#define BILLION 1000000000
#define QUARTER 900 /* offsets change where a quarter of an hour begins, almost always */

static int64_t floor_div(int64_t value, int64_t by)
{
	return value / by - (value % by < 0);
}

static void set_zone(struct time_cache *cache, const struct tm *tm)
{
	size_t length = strnlen(tm->tm_zone, sizeof cache->zone - 1);

	cache->offset = (int32_t)tm->tm_gmtoff;
	memcpy(cache->zone, tm->tm_zone, length);
	cache->zone[length] = '\0';
}

/* The old exceptions (local mean time) are found out by asking for both ends of the block. */
static void find_zone(struct time_cache *cache, int64_t second)
{
	time_t first = (time_t)(floor_div(second, QUARTER) * QUARTER);
	time_t last = first + QUARTER - 1, exact = (time_t)second;
	struct tm a = { 0 }, b = { 0 };

	localtime_r(&first, &a);
	localtime_r(&last, &b);
	if (a.tm_gmtoff != b.tm_gmtoff || strcmp(a.tm_zone, b.tm_zone)) {
		first = last = exact;
		localtime_r(&exact, &a);
	}
	cache->block_first = first;
	cache->block_last = last;
	set_zone(cache, &a);
}

static char *put_clock(char *at, const struct tm *tm)
{
	at = put_uint_padded(at, (unsigned)tm->tm_hour, 2);
	*at++ = ':';
	at = put_uint_padded(at, (unsigned)tm->tm_min, 2);
	*at++ = ':';
	at = put_uint_padded(at, (unsigned)tm->tm_sec, 2);
	*at++ = '.';
	return at;
}

static void write_column(struct time_cache *cache, const struct tm *tm)
{
	char *at = put_uint_padded(cache->column, (unsigned)tm->tm_year + 1900, 4);

	*at++ = '-';
	at = put_uint_padded(at, (unsigned)tm->tm_mon + 1, 2);
	*at++ = '-';
	at = put_uint_padded(at, (unsigned)tm->tm_mday, 2);
	*at++ = ' ';
	put_clock(at, tm);
}

static void write_words(struct time_cache *cache, const struct tm *tm)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char *at = cache->words;

	memcpy(at, months + 3 * tm->tm_mon, 3);
	at[3] = ' ';
	put_uint_padded(at + 4, (unsigned)tm->tm_mday, 2);
	if (tm->tm_mday < 10)
		at[4] = ' ';
	memcpy(at + 6, ", ", 2);
	at = put_uint_padded(at + 8, (unsigned)tm->tm_year + 1900, 4);
	*at++ = ' ';
	put_clock(at, tm);
}

static void new_second(struct time_cache *cache, int64_t second, bool utc)
{
	struct tm tm = { 0 };
	time_t shifted;

	if (utc) {
		cache->offset = 0;
		cache->block_first = 1;
		cache->block_last = 0;
	} else if (!cache->set || second < cache->block_first || second > cache->block_last) {
		find_zone(cache, second);
	}
	shifted = (time_t)(second + cache->offset);
	gmtime_r(&shifted, &tm);
	write_column(cache, &tm);
	write_words(cache, &tm);
	cache->start = (uint64_t)second * BILLION;
	cache->utc = utc;
	cache->set = true;
}

/* Makes the cache hold the second of the time; the nanoseconds behind it. */
static inline uint32_t at_second(struct time_cache *cache, int64_t nanoseconds, bool utc)
{
	uint64_t into = (uint64_t)nanoseconds - cache->start;

	if (__builtin_expect(!cache->set || into >= BILLION || cache->utc != utc, 0)) {
		new_second(cache, floor_div(nanoseconds, BILLION), utc);
		into = (uint64_t)nanoseconds - cache->start;
	}
	return (uint32_t)into;
}

static char *put_fraction(char *at, uint32_t nanoseconds, unsigned digits)
{
	static const uint32_t scale[10] = { BILLION, 100000000, 10000000, 1000000, 100000, 10000, 1000, 100, 10, 1 };

	if (digits == 6)
		return put_six(at, nanoseconds / 1000);
	return digits ? put_uint_padded(at, nanoseconds / scale[digits], digits) : at - 1;
}

/* ------------------------------------------------------------------------------------------------ the column */

static int64_t since_previous(const struct frame *frame)
{
	return time_between(frame->previous_time, frame->time);
}

static int64_t since_displayed(const struct frame *frame)
{
	return time_between(frame->displayed_time, frame->time);
}

static int64_t since_first(const struct frame *frame)
{
	return time_between(frame->first_time, frame->time);
}

static int64_t since_epoch(const struct frame *frame)
{
	return frame->time;
}

static const struct time_form {
	bool utc, date;
	int64_t (*seconds)(const struct frame *frame); /* NULL: a time of day */
} forms[] = {
	[TIME_ABSOLUTE] = { false, false, NULL },
	[TIME_ABSOLUTE_DATE] = { false, true, NULL },
	[TIME_DELTA] = { .seconds = since_previous },
	[TIME_DELTA_SHOWN] = { .seconds = since_displayed },
	[TIME_EPOCH] = { .seconds = since_epoch },
	[TIME_RELATIVE] = { .seconds = since_first },
	[TIME_UTC] = { true, false, NULL },
	[TIME_UTC_DATE] = { true, true, NULL },
};

static const struct {
	const char *name;
	enum render_time time;
} names[] = {
	{ "a", TIME_ABSOLUTE }, { "ad", TIME_ABSOLUTE_DATE }, { "d", TIME_DELTA }, { "dd", TIME_DELTA_SHOWN },
	{ "e", TIME_EPOCH },    { "r", TIME_RELATIVE },       { "u", TIME_UTC },   { "ud", TIME_UTC_DATE },
};

int time_form(const char *name, enum render_time *time, struct error *err)
{
	for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
		if (!strcmp(name, names[i].name)) {
			*time = names[i].time;
			return 0;
		}
	return error_set(err, "-t %s: no such form of time; use a, ad, d, dd, e, r, u or ud", name);
}

char *time_column(struct time_cache *cache, const struct render_options *options, const struct frame *frame, char *at)
{
	const struct time_form *form = &forms[options->time];
	uint32_t fraction;

	if (!frame->has_time) {
		*at++ = '-';
		return at;
	}
	if (form->seconds)
		return put_seconds(at, form->seconds(frame), options->time_digits);
	fraction = at_second(cache, frame->time, form->utc);
	if (form->date) {
		memcpy(at, cache->column, 11);
		at += 11;
	}
	memcpy(at, cache->column + 11, 9);
	return put_fraction(at + 9, fraction, options->time_digits);
}

unsigned time_width(const struct render_options *options)
{
	const struct time_form *form = &forms[options->time];
	unsigned fraction = options->time_digits ? options->time_digits + 1 : 0;

	return form->seconds ? 0 : (form->date ? 19 : 8) + fraction;
}

void render_time_text(struct text *out, const struct render_options *options, const struct frame *frame)
{
	struct time_cache cache = { 0 };

	text_wrote(out, time_column(&cache, options, frame, text_room(out, TIME_ROOM)));
}

/* ------------------------------------------------------------------------------------------------ values */

static char *put_whole(char *at, const char *second, size_t length, uint32_t fraction, const char *zone)
{
	size_t zone_length = strlen(zone);

	memcpy(at, second, length);
	at = put_fraction(at + length, fraction, 9);
	*at++ = ' ';
	memcpy(at, zone, zone_length);
	return at + zone_length;
}

char *time_words(struct time_cache *cache, int64_t nanoseconds, char *at)
{
	uint32_t fraction = at_second(cache, nanoseconds, false);

	return put_whole(at, cache->words, sizeof cache->words, fraction, cache->zone);
}

char *time_date(struct time_cache *cache, int64_t nanoseconds, char *at)
{
	uint32_t fraction = at_second(cache, nanoseconds, false);

	return put_whole(at, cache->column, sizeof cache->column, fraction, cache->zone);
}
