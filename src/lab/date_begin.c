/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A date whose rest comes later. Most servers of the lab end a date with nothing, so that only its form tells whether
 * it is whole; and to hold back any words that are no date would hide the names that some servers answer with.
 */
#include <string.h>

#include "lab/ascii.h"
#include "lab/calendar.h"
#include "lab/date.h"

#define BEGUN_LEAST 5 /* octets: below that it may be a number, or a name */
#define MONTHS (sizeof calendar_months / sizeof *calendar_months)
#define WEEKDAYS (sizeof calendar_weekdays / sizeof *calendar_weekdays)

/*
 * The forms of lab/date.h: # a digit, ? one or a space, d one or two digits, w and m the first letters of a weekday and
 * a month, W and M all of them, z the name of a zone. Anything else is itself.
 */
static const char *const forms[] = {
	"####-##-## ##:##:##",    "####-##-##T##:##:##",     "##/##/#### ##:##:##",
	"w m ?# ##:##:## ####", "w m ?# ##:##:## z ####", "W, M d, #### ##:##:##",
};

struct reading {
	const uint8_t *at, *end;
};

enum step { FITS, ENDS, DIFFERS };

static enum step name(struct reading *r, const struct calendar_name *names, size_t count, size_t most)
{
	size_t left = (size_t)(r->end - r->at);

	for (size_t i = 0; i < count; i++) {
		size_t length = names[i].length < most ? names[i].length : most;

		if (memcmp(names[i].name, r->at, length < left ? length : left) != 0)
			continue;
		r->at += length < left ? length : left;
		return length < left ? FITS : ENDS;
	}
	return DIFFERS;
}

static enum step zone(struct reading *r)
{
	const uint8_t *from = r->at;

	while (r->at < r->end && *r->at != ' ')
		r->at++;
	return r->at == r->end ? ENDS : r->at > from ? FITS : DIFFERS;
}

static enum step step(struct reading *r, char form)
{
	uint8_t c;

	if (r->at == r->end)
		return ENDS;
	switch (form) {
	case 'w':
		return name(r, calendar_weekdays, WEEKDAYS, 3);
	case 'W':
		return name(r, calendar_weekdays, WEEKDAYS, SIZE_MAX);
	case 'm':
		return name(r, calendar_months, MONTHS, 3);
	case 'M':
		return name(r, calendar_months, MONTHS, SIZE_MAX);
	case 'z':
		return zone(r);
	default:
		c = *r->at++;
	}
	if (form == 'd' && ascii_is_digit(c) && r->at < r->end && ascii_is_digit(*r->at))
		r->at++;
	if (form == '#' || form == 'd' || form == '?')
		return ascii_is_digit(c) || (form == '?' && c == ' ') ? FITS : DIFFERS;
	return c == (uint8_t)form ? FITS : DIFFERS;
}

/* The octets end before the form does, and agree with it. */
static bool begins(const char *form, const uint8_t *data, size_t length)
{
	struct reading r = { data, data + length };

	for (; *form; form++) {
		enum step made = step(&r, *form);

		if (made != FITS)
			return made == ENDS;
	}
	return false;
}

bool date_begins(const uint8_t *data, size_t length)
{
	size_t last = length < BEGUN_LEAST ? 0 : length - BEGUN_LEAST + 1;

	for (size_t i = 0; i < last && i < DATE_SEARCH_BYTES; i++) {
		if (i && (ascii_is_letter(data[i - 1]) || ascii_is_digit(data[i - 1])))
			continue;
		for (unsigned form = 0; form < sizeof forms / sizeof *forms; form++)
			if (begins(forms[form], data + i, length - i))
				return true;
	}
	return false;
}
