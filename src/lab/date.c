/* SPDX-License-Identifier: BSD-2-Clause */
/* The date exercises: format names, requests, and how much a message looks like a date server's. */
#include "lab/date.h"

#include <string.h>

#include "lab/ascii.h"
#include "lab/plain.h"

const struct date_format_info date_formats[DATE_FORMAT_COUNT] = {
	[DATE_PYTHON] = { "python", "Python datetime", "YYYY-MM-DD HH:MM:SS.ffffff, fraction omitted when zero" },
	[DATE_PYTHON_NOFRACTION] = { "python-nofraction", "Python datetime, whole seconds", "YYYY-MM-DD HH:MM:SS" },
	[DATE_ISO] = { "iso", "ISO 8601", "YYYY-MM-DDTHH:MM:SS[.ffffff][Z|+hh:mm]" },
	[DATE_CTIME] = { "ctime", "C ctime, RFC 867 daytime", "Www Mmm dd HH:MM:SS yyyy" },
	[DATE_JAVA] = { "java", "Java Date", "Www Mmm dd HH:MM:SS ZZZ yyyy" },
	[DATE_DMY] = { "dmy", "day/month/year", "dd/MM/yyyy HH:MM:SS" },
	[DATE_LONG] = { "long", "long English, RFC 867 example", "Weekday, Month dd, yyyy HH:MM:SS[-ZZZ]" },
	[DATE_RFC868] = { "rfc868", "RFC 868 time", "4 bytes, big endian: seconds since 1900" },
	[DATE_RFC868_ASCII] = { "rfc868-ascii", "RFC 868 time as digits", "seconds since 1900, in decimal" },
	[DATE_EPOCH] = { "epoch", "Unix time", "seconds since 1970, in decimal[.ffffff]" },
};

bool date_format_by_name(const char *name, enum date_format *format)
{
	for (size_t i = 0; i < DATE_FORMAT_COUNT; i++) {
		if (strcmp(date_formats[i].name, name) != 0)
			continue;
		*format = (enum date_format)i;
		return true;
	}
	return false;
}

static const char *const request_names[DATE_REQUEST_COUNT] = {
	[DATE_REQUEST_EMPTY] = "empty",         [DATE_REQUEST_NUL] = "NUL",
	[DATE_REQUEST_DATE] = "date",           [DATE_REQUEST_USER] = "user",
	[DATE_REQUEST_USER_TEXT] = "user text", [DATE_REQUEST_TIME] = "time",
	[DATE_REQUEST_DATETIME] = "datetime",   [DATE_REQUEST_FREE_TEXT] = "free text",
	[DATE_REQUEST_BINARY] = "binary",
};

static const struct {
	const char *word;
	enum date_request kind;
} request_words[] = {
	{ "date", DATE_REQUEST_DATE },
	{ "user", DATE_REQUEST_USER },
	{ "time", DATE_REQUEST_TIME },
	{ "get datetime", DATE_REQUEST_DATETIME },
	{ "request datetime", DATE_REQUEST_DATETIME },
};

enum date_request date_request_kind(const uint8_t *data, size_t len)
{
	if (len == 0)
		return DATE_REQUEST_EMPTY;
	while (len > 0 && ascii_is_space(data[len - 1]))
		len--;
	if (len == 0 && data[0] == '\0')
		return DATE_REQUEST_NUL;
	for (size_t i = 0; i < sizeof(request_words) / sizeof(request_words[0]); i++) {
		if (strlen(request_words[i].word) == len && ascii_starts_with(data, len, request_words[i].word))
			return request_words[i].kind;
	}
	if (!plain_is_text(data, len))
		return DATE_REQUEST_BINARY;
	return ascii_starts_with(data, len, "user ") ? DATE_REQUEST_USER_TEXT : DATE_REQUEST_FREE_TEXT;
}

const char *date_request_name(enum date_request kind)
{
	return (unsigned)kind < DATE_REQUEST_COUNT ? request_names[kind] : "unknown";
}

/* A label says date or time, or has no letters at all: `(`, `> `. */
static bool is_label(const uint8_t *data, size_t len)
{
	bool letters = false;

	if (len > 32)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (ascii_starts_with(data + i, len - i, "date") || ascii_starts_with(data + i, len - i, "time"))
			return true;
		letters = letters || ascii_is_letter(data[i]) || data[i] >= 0x80;
	}
	return !letters;
}

static bool is_closing(const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (!ascii_is_space(data[i]) && !memchr(").]'\"!", data[i], 6))
			return false;
	}
	return true;
}

int date_confidence(const uint8_t *data, size_t len)
{
	struct date_value date;
	size_t end;

	if (!date_parse(data, len, &date))
		return 0;
	if (date.format == DATE_EPOCH || date.format == DATE_RFC868_ASCII)
		return 20;
	end = date.offset + date.length;
	if (!is_closing(data + end, len - end))
		return 30;
	return date.user_length > 0 || is_label(data, date.offset) ? 90 : 30;
}

size_t date_whole(const uint8_t *data, size_t len)
{
	const uint8_t *lf = len ? memrchr(data, '\n', len) : NULL;
	size_t lines = lf ? (size_t)(lf - data) + 1 : 0, rest = len - lines, end;
	enum date_request kind;
	struct date_value date;

	if (!rest)
		return len;
	kind = date_request_kind(data + lines, rest);
	if (date_parse(data + lines, rest, &date)) {
		end = lines + date.offset + date.length;
		return is_closing(data + end, len - end) ? len : lines;
	}
	if (kind == DATE_REQUEST_BINARY)
		return rest == 4 ? len : lines;
	return kind == DATE_REQUEST_FREE_TEXT ? lines : len;
}
