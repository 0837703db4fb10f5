/* SPDX-License-Identifier: BSD-2-Clause */
/* Civil calendar arithmetic, English names and zone abbreviations. */
#include "lab/calendar.h"

#include <string.h>

#define DAYS_PER_ERA 146097 /* 400 years */
#define DAYS_TO_1970 719468 /* from 0000-03-01 */

#define NAME(s) s, sizeof(s) - 1

const struct calendar_name calendar_months[12] = {
	{ NAME("January") },   { NAME("February") }, { NAME("March") },    { NAME("April") },
	{ NAME("May") },       { NAME("June") },     { NAME("July") },     { NAME("August") },
	{ NAME("September") }, { NAME("October") },  { NAME("November") }, { NAME("December") },
};

const struct calendar_name calendar_weekdays[7] = {
	{ NAME("Sunday") },   { NAME("Monday") }, { NAME("Tuesday") },  { NAME("Wednesday") },
	{ NAME("Thursday") }, { NAME("Friday") }, { NAME("Saturday") },
};

static const struct {
	char name[6];
	int8_t quarters; /* of an hour, east of UTC */
} zones[] = {
	{ "UTC", 0 },   { "GMT", 0 },   { "Z", 0 },     { "WET", 0 },    { "WEST", 4 },   { "BST", 4 },
	{ "CET", 4 },   { "CEST", 8 },  { "MEZ", 4 },   { "MESZ", 8 },   { "EET", 8 },    { "EEST", 12 },
	{ "MSK", 12 },  { "EST", -20 }, { "EDT", -16 }, { "CST", -24 },  { "CDT", -20 },  { "MST", -28 },
	{ "MDT", -24 }, { "PST", -32 }, { "PDT", -28 }, { "AKST", -36 }, { "AKDT", -32 }, { "HST", -40 },
	{ "ART", -12 }, { "BRT", -12 }, { "UYT", -12 }, { "CLT", -16 },  { "CLST", -12 }, { "COT", -20 },
	{ "PET", -20 }, { "SGT", 32 },  { "HKT", 32 },  { "JST", 36 },   { "KST", 36 },   { "AEST", 40 },
	{ "AEDT", 44 }, { "NZST", 48 }, { "NZDT", 52 },
};

static unsigned days_in_month(unsigned year, unsigned month)
{
	static const uint8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap);
}

bool civil_valid(const struct civil *c)
{
	if (c->year < 1900 || c->year > 2262 || c->month < 1 || c->month > 12)
		return false;
	if (c->day < 1 || c->day > days_in_month(c->year, c->month))
		return false;
	return c->hour <= 23 && c->minute <= 59 && c->second <= 60;
}

int64_t civil_to_seconds(const struct civil *c)
{
	unsigned year = c->year - (c->month <= 2);
	unsigned month = c->month > 2 ? c->month - 3 : c->month + 9; /* March first: the leap day comes last */
	unsigned in_era = year % 400;
	unsigned day = (153 * month + 2) / 5 + c->day - 1 + in_era * 365 + in_era / 4 - in_era / 100;
	int64_t days = (int64_t)(year / 400) * DAYS_PER_ERA + day - DAYS_TO_1970;

	return days * 86400 + c->hour * 3600 + c->minute * 60 + c->second;
}

unsigned civil_from_seconds(int64_t seconds, struct civil *c)
{
	int64_t days = seconds / 86400 - (seconds % 86400 < 0);
	unsigned in_day = (unsigned)(seconds - days * 86400);
	uint64_t since = (uint64_t)(days + DAYS_TO_1970);
	unsigned day = (unsigned)(since % DAYS_PER_ERA);
	unsigned in_era = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	unsigned month;

	day -= in_era * 365 + in_era / 4 - in_era / 100;
	month = (5 * day + 2) / 153;
	c->day = day - (153 * month + 2) / 5 + 1;
	c->month = month < 10 ? month + 3 : month - 9;
	c->year = (unsigned)(since / DAYS_PER_ERA) * 400 + in_era + (c->month <= 2);
	c->hour = in_day / 3600;
	c->minute = in_day / 60 % 60;
	c->second = in_day % 60;
	return (unsigned)((since + 3) % 7); /* 0000-03-01 is a Wednesday */
}

bool calendar_zone(const uint8_t *name, size_t length, int *offset_s)
{
	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
		if (strlen(zones[i].name) != length || memcmp(zones[i].name, name, length) != 0)
			continue;
		*offset_s = zones[i].quarters * 900;
		return true;
	}
	return false;
}
