/* SPDX-License-Identifier: BSD-2-Clause */
/* Civil calendar arithmetic, English names and zone abbreviations: what the date formats share. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"

/* Seconds between 1900-01-01 and 1970-01-01 (RFC 868). */
#define RFC868_EPOCH INT64_C(2208988800)

/* A wall clock reading in the proleptic Gregorian calendar; month and day count from 1. */
struct civil {
	unsigned year, month, day;
	unsigned hour, minute, second;
};

struct calendar_name {
	const char *name;
	size_t length;
};

extern const struct calendar_name calendar_months[12];
extern const struct calendar_name calendar_weekdays[7]; /* Sunday first */

/* Years 1900 to 2262, real months and days, hours to 23, seconds to 60 (a leap second). */
bool civil_valid(const struct civil *c);

/* Seconds since 1970-01-01 00:00:00 read as UTC; `c` must be valid. */
int64_t civil_to_seconds(const struct civil *c);

/* The inverse, for years 1600 and later. Returns the day of the week, 0 = Sunday. */
unsigned civil_from_seconds(int64_t seconds, struct civil *c);

/* Seconds east of UTC of a known abbreviation (CET, PST...); false when it is unknown or ambiguous. */
bool calendar_zone(const uint8_t *name, size_t length, int *offset_s);
