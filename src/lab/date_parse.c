/* SPDX-License-Identifier: BSD-2-Clause */
/* Finding and reading a date in a message. */
#include "lab/date.h"

#include <string.h>

#include "lab/ascii.h"
#include "lab/calendar.h"

/*
 * Every textual format holds HH:MM:SS, so the search jumps from colon to colon; all but the long one start eleven bytes
 * before the time.
 */
#define HEAD 11
#define TIME 8
#define NOT_A_NUMBER 100 /* above every limit that two digits have */
#define LAST_SECOND (INT64_MAX / NS_PER_S - 1)

struct text {
	const uint8_t *s;
	size_t len;
	size_t time; /* offset of HH:MM:SS, which is inside */
};

static unsigned two_digits(const uint8_t *p)
{
	return ascii_is_digit(p[0]) && ascii_is_digit(p[1]) ? (unsigned)(p[0] - '0') * 10 + (p[1] - '0') : NOT_A_NUMBER;
}

/* Also the shapes that C and Java programs give a small number: padded with a space. */
static unsigned padded_two_digits(const uint8_t *p)
{
	if (p[0] == ' ' && ascii_is_digit(p[1]))
		return p[1] - '0';
	return two_digits(p);
}

static unsigned four_digits(const uint8_t *p)
{
	unsigned high = two_digits(p), low = two_digits(p + 2);

	return high == NOT_A_NUMBER || low == NOT_A_NUMBER ? 0 : high * 100 + low;
}

/* The row that `name` starts with in its first `length` letters, or -1. */
static int find_name(const struct calendar_name *names, int count, const uint8_t *name, size_t length, bool whole)
{
	for (int i = 0; i < count; i++) {
		if (whole && names[i].length != length)
			continue;
		if (names[i].name[0] == name[0] && memcmp(names[i].name, name, length) == 0)
			return i;
	}
	return -1;
}

static size_t count_digits(const struct text *t, size_t at)
{
	size_t n = 0;

	while (at + n < t->len && n < 10 && ascii_is_digit(t->s[at + n]))
		n++;
	return n;
}

/* `.f{1,9}` at `at`: its nanoseconds go to *ns, its digits to *digits. Returns its length, 0 when there is none. */
static size_t parse_fraction(const struct text *t, size_t at, int64_t *ns, unsigned *digits)
{
	size_t n;
	int64_t value = 0;

	if (at >= t->len || t->s[at] != '.')
		return 0;
	n = count_digits(t, at + 1);
	if (n == 0 || n > 9)
		return 0;
	for (size_t i = 0; i < 9; i++)
		value = value * 10 + (i < n ? t->s[at + 1 + i] - '0' : 0);
	*ns = value;
	*digits = (unsigned)n;
	return n + 1;
}

/* `+hh`, `+hhmm` or `+hh:mm` within `len` bytes: returns its length, 0 when it is something else. */
static size_t parse_offset(const uint8_t *p, size_t len, int *offset_s)
{
	unsigned hours, minutes = 0;
	size_t n = 3;

	if (len < 3 || (p[0] != '+' && p[0] != '-'))
		return 0;
	hours = two_digits(p + 1);
	if (len >= 6 && p[3] == ':' && two_digits(p + 4) < 60) {
		minutes = two_digits(p + 4);
		n = 6;
	} else if (len >= 5 && two_digits(p + 3) < 60) {
		minutes = two_digits(p + 3);
		n = 5;
	}
	if (hours > 18)
		return 0;
	*offset_s = (int)(hours * 3600 + minutes * 60) * (p[0] == '-' ? -1 : 1);
	return n;
}

static size_t iso_zone(const struct text *t, size_t at, struct date_value *out)
{
	size_t n;

	if (at < t->len && t->s[at] == 'Z') {
		out->has_zone = true;
		return 1;
	}
	n = parse_offset(t->s + at, t->len - at, &out->zone_offset_s);
	out->has_zone = n > 0;
	return n;
}

/* A zone's name or number filling exactly `len` bytes; an unknown name is a zone too, one we know nothing of. */
static void read_zone(const uint8_t *p, size_t len, struct date_value *out)
{
	bool prefixed = len > 3 && (memcmp(p, "GMT", 3) == 0 || memcmp(p, "UTC", 3) == 0);
	size_t skip = prefixed ? 3 : 0;

	out->has_zone = calendar_zone(p, len, &out->zone_offset_s) ||
			(len > skip && parse_offset(p + skip, len - skip, &out->zone_offset_s) == len - skip);
	if (!out->has_zone)
		out->zone_offset_s = 0;
}

static size_t zone_length(const struct text *t, size_t at)
{
	size_t n = 0;

	while (at + n < t->len && n < 10) {
		uint8_t c = t->s[at + n];

		if (!ascii_is_letter(c) && !ascii_is_digit(c) && c != '+' && c != '-' && c != ':')
			break;
		n++;
	}
	return n < 10 ? n : 0;
}

/* Each shape below knows where its head starts, and fills the day, out's place, format and zone. */

static bool numeric_shape(const struct text *t, struct civil *c, struct date_value *out, int64_t *ns)
{
	const uint8_t *p = t->s + t->time - HEAD;
	bool iso = p[10] == 'T';
	size_t end = t->time + TIME;

	if (p[4] != '-' || p[7] != '-' || (!iso && p[10] != ' '))
		return false;
	c->year = four_digits(p);
	c->month = two_digits(p + 5);
	c->day = two_digits(p + 8);
	end += parse_fraction(t, end, ns, &out->fraction_digits);
	end += iso_zone(t, end, out);
	out->format = iso ? DATE_ISO : out->fraction_digits ? DATE_PYTHON : DATE_PYTHON_NOFRACTION;
	out->offset = t->time - HEAD;
	out->length = end - out->offset;
	return true;
}

static bool dmy_shape(const struct text *t, struct civil *c, struct date_value *out, int64_t *ns)
{
	const uint8_t *p = t->s + t->time - HEAD;

	(void)ns;
	if (p[2] != '/' || p[5] != '/' || p[10] != ' ')
		return false;
	c->day = two_digits(p);
	c->month = two_digits(p + 3);
	c->year = four_digits(p + 6);
	out->format = DATE_DMY;
	out->offset = t->time - HEAD;
	out->length = HEAD + TIME;
	return true;
}

static bool ctime_shape(const struct text *t, struct civil *c, struct date_value *out, int64_t *ns)
{
	const uint8_t *p = t->s + t->time - HEAD;
	size_t at = t->time + TIME + 1, zone = 0;

	(void)ns;
	if (p[3] != ' ' || p[7] != ' ' || p[10] != ' ' || at + 4 > t->len || t->s[at - 1] != ' ')
		return false;
	if (find_name(calendar_weekdays, 7, p, 3, false) < 0)
		return false;
	c->month = (unsigned)find_name(calendar_months, 12, p + 4, 3, false) + 1;
	c->day = padded_two_digits(p + 8);
	c->year = four_digits(t->s + at);
	if (c->year == 0) {
		zone = zone_length(t, at);
		if (zone == 0 || at + zone + 5 > t->len || t->s[at + zone] != ' ')
			return false;
		read_zone(t->s + at, zone, out);
		at += zone + 1;
		c->year = four_digits(t->s + at);
	}
	out->format = zone ? DATE_JAVA : DATE_CTIME;
	out->offset = t->time - HEAD;
	out->length = at + 4 - out->offset;
	return true;
}

/* The offset of the word that ends at `end`, of at most nine letters (Wednesday, September). */
static size_t word_before(const uint8_t *s, size_t end)
{
	size_t at = end;

	while (at > 0 && end - at < 10 && ascii_is_letter(s[at - 1]))
		at--;
	return at;
}

static size_t long_zone(const struct text *t, size_t at, struct date_value *out)
{
	size_t n, offset = parse_offset(t->s + at, t->len - at, &out->zone_offset_s);

	out->has_zone = offset > 0;
	if (offset > 0 || at >= t->len || t->s[at] != '-')
		return offset;
	n = zone_length(t, at + 1);
	if (n == 0 || !ascii_is_letter(t->s[at + 1]))
		return 0;
	read_zone(t->s + at + 1, n, out);
	return n + 1;
}

/* `Weekday, Month dd, ` has no fixed length: it is read backwards from the year. */
static bool long_shape(const struct text *t, struct civil *c, struct date_value *out, int64_t *ns)
{
	const uint8_t *s = t->s;
	size_t day = t->time - 8, month, weekday, month_end;

	(void)ns;
	if (s[t->time - 1] != ' ' || s[t->time - 6] != ' ' || s[t->time - 7] != ',')
		return false;
	if (!ascii_is_digit(s[day - 1]) && s[day - 1] != ' ')
		return false;
	c->year = four_digits(s + t->time - 5);
	c->day = padded_two_digits(s + day - 1);
	month_end = s[day - 1] != ' ' || s[day - 2] == ' ' ? day - 2 : day - 1;
	month = word_before(s, month_end);
	if (s[month_end] != ' ' || month < 3 || s[month - 1] != ' ' || s[month - 2] != ',')
		return false;
	weekday = word_before(s, month - 2);
	if (find_name(calendar_weekdays, 7, s + weekday, month - 2 - weekday, true) < 0)
		return false;
	c->month = (unsigned)find_name(calendar_months, 12, s + month, month_end - month, true) + 1;
	out->format = DATE_LONG;
	out->offset = weekday;
	out->length = t->time + TIME - weekday;
	out->length += long_zone(t, t->time + TIME, out);
	return true;
}

typedef bool shape_fn(const struct text *t, struct civil *c, struct date_value *out, int64_t *ns);

static shape_fn *const shapes[] = { numeric_shape, ctime_shape, dmy_shape, long_shape };

static bool stands_alone(const struct text *t, const struct date_value *date)
{
	size_t end = date->offset + date->length;

	if (date->offset > 0 && (ascii_is_digit(t->s[date->offset - 1]) || ascii_is_letter(t->s[date->offset - 1])))
		return false;
	if (end >= t->len)
		return true;
	if (t->s[end] == ':' || t->s[end] == '.')
		return end + 1 >= t->len || !ascii_is_digit(t->s[end + 1]);
	return !ascii_is_digit(t->s[end]) && !ascii_is_letter(t->s[end]);
}

static bool parse_at(const struct text *t, struct date_value *out)
{
	const uint8_t *p = t->s + t->time;
	struct civil c = { .hour = two_digits(p), .minute = two_digits(p + 3), .second = two_digits(p + 6) };
	int64_t seconds, ns = 0;
	size_t i = 0;

	if (c.hour == NOT_A_NUMBER || c.minute == NOT_A_NUMBER || c.second == NOT_A_NUMBER)
		return false;
	*out = (struct date_value){ 0 };
	while (!shapes[i](t, &c, out, &ns)) {
		if (++i == sizeof(shapes) / sizeof(shapes[0]))
			return false;
	}
	if (!civil_valid(&c) || !stands_alone(t, out))
		return false;
	seconds = civil_to_seconds(&c);
	if (seconds > LAST_SECOND)
		return false;
	out->time_ns = seconds * NS_PER_S + ns;
	return true;
}

static bool find_text(const uint8_t *data, size_t len, struct date_value *out)
{
	size_t limit = len < DATE_SEARCH_BYTES ? len : DATE_SEARCH_BYTES;
	size_t at = HEAD + 2;

	while (at + 6 <= limit) {
		const uint8_t *colon = memchr(data + at, ':', limit - at);
		struct text t = { .s = data, .len = len };

		if (!colon)
			return false;
		at = (size_t)(colon - data);
		t.time = at - 2;
		if (at + 6 <= limit && colon[3] == ':' && parse_at(&t, out))
			return true;
		at++;
	}
	return false;
}

static bool is_name_byte(uint8_t c)
{
	return ascii_is_letter(c) || ascii_is_digit(c) || c >= 0x80 || c == '_' || c == '-' || c == '.' || c == '@' ||
	       c == '\\';
}

static bool is_label_word(const uint8_t *p, size_t len)
{
	return len == 4 && (ascii_starts_with(p, len, "date") || ascii_starts_with(p, len, "time"));
}

/* `USER date`: one word before the date and nothing after it. */
static void find_user(const uint8_t *data, size_t len, struct date_value *date)
{
	size_t start = 0, end;

	for (size_t i = date->offset + date->length; i < len; i++) {
		if (!ascii_is_space(data[i]))
			return;
	}
	while (start < date->offset && ascii_is_space(data[start]))
		start++;
	end = start;
	while (end < date->offset && is_name_byte(data[end]))
		end++;
	if (end == start || end == date->offset || is_label_word(data + start, end - start))
		return;
	for (size_t i = end; i < date->offset; i++) {
		if (data[i] != ' ')
			return;
	}
	date->user_offset = start;
	date->user_length = end - start;
}

/* Ten digits, a fraction only if they count from 1970, and no more than a line ending around them. */
static bool parse_digits(const uint8_t *data, size_t len, struct date_value *out)
{
	struct text t = { .s = data, .len = len };
	int64_t seconds = 0, ns = 0;
	size_t start = 0, end;

	while (start < len && (data[start] == ' ' || data[start] == '\r'))
		start++;
	if (count_digits(&t, start) != 10)
		return false;
	*out = (struct date_value){ .offset = start, .has_zone = true };
	end = start + 10;
	for (size_t i = start; i < end; i++)
		seconds = seconds * 10 + (data[i] - '0');
	out->format = seconds >= RFC868_EPOCH ? DATE_RFC868_ASCII : DATE_EPOCH;
	if (out->format == DATE_EPOCH)
		end += parse_fraction(&t, end, &ns, &out->fraction_digits);
	out->length = end - start;
	for (; end < len; end++) {
		if (!ascii_is_space(data[end]))
			return false;
	}
	if (out->format == DATE_RFC868_ASCII)
		seconds -= RFC868_EPOCH;
	out->time_ns = seconds * NS_PER_S + ns;
	return data[start] != '0';
}

bool date_parse(const uint8_t *data, size_t len, struct date_value *out)
{
	if (len < 10)
		return false;
	if (find_text(data, len, out)) {
		if (out->offset > 0)
			find_user(data, len, out);
		return true;
	}
	return parse_digits(data, len, out);
}

bool date_parse_binary(const uint8_t *data, size_t len, struct date_value *out)
{
	int64_t seconds;

	if (len != 4)
		return false;
	seconds = (int64_t)((uint32_t)data[0] << 24 | (uint32_t)data[1] << 16 | (uint32_t)data[2] << 8 | data[3]);
	*out = (struct date_value){
		.format = DATE_RFC868,
		.length = 4,
		.time_ns = (seconds - RFC868_EPOCH) * NS_PER_S,
		.has_zone = true,
	};
	return true;
}
