/* SPDX-License-Identifier: BSD-2-Clause */
/* The date exercises' messages: requests, and dates in every format that lab programs send. RFC 867, RFC 868. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum date_format {
	DATE_PYTHON,            /* 2024-03-01 12:30:45.123456 */
	DATE_PYTHON_NOFRACTION, /* 2024-03-01 12:30:45 */
	DATE_ISO,               /* 2024-03-01T12:30:45.123456+01:00 */
	DATE_CTIME,             /* Fri Mar  1 12:30:45 2024 (RFC 867 daytime, as most servers write it) */
	DATE_JAVA,              /* Fri Mar 01 12:30:45 CET 2024 */
	DATE_DMY,               /* 01/03/2024 12:30:45 */
	DATE_LONG,              /* Friday, March 1, 2024 12:30:45-CET (RFC 867's own example) */
	DATE_RFC868,            /* 4 bytes, big endian, seconds since 1900 */
	DATE_RFC868_ASCII,      /* 3918285045 */
	DATE_EPOCH,             /* 1709296245.123456 */
	DATE_FORMAT_COUNT
};

struct date_format_info {
	const char *name;  /* for options and output: "python", "iso"... */
	const char *title; /* for people */
	const char *help;  /* one line */
};

/* Indexed by enum date_format. */
extern const struct date_format_info date_formats[DATE_FORMAT_COUNT];

/* Sets *format from its exact name; false, *format untouched, when no format is called that. */
bool date_format_by_name(const char *name, enum date_format *format);

/*
 * A date found in a message. Offsets and lengths are in bytes of the message.
 *
 * `time_ns` is the wall clock as written, in nanoseconds since 1970-01-01 00:00:00 as if it were UTC. With has_zone,
 * time_ns - zone_offset_s * 10^9 is the instant; without, only the sender knows. The numeric formats count from a UTC
 * epoch: has_zone, offset 0. A leap second (:60) reads as the second after :59.
 */
struct date_value {
	enum date_format format;
	size_t offset, length;
	int64_t time_ns;
	bool has_zone;                   /* a zone was written and its offset is known */
	int zone_offset_s;               /* seconds east of UTC; 0 without has_zone */
	unsigned fraction_digits;        /* 0 to 9 */
	size_t user_offset, user_length; /* the word of `USER date`; length 0 when the message has another form */
};

/* A textual date is looked for in this many leading bytes of a message. */
#define DATE_SEARCH_BYTES 160

/*
 * Finds the first date in a message: alone, ended by LF, CRLF or NUL, or after and between other words. Ten digits are
 * a date only when they are the whole message: from 2208988800 seconds since 1900, below that seconds since 1970. Dates
 * that cannot be (30 February, 25:00, a year outside 1900 to 2262) are not dates. False leaves *out undefined.
 */
bool date_parse(const uint8_t *data, size_t len, struct date_value *out);

/* RFC 868: exactly four bytes, any value. Only the port can tell that they are a date. */
bool date_parse_binary(const uint8_t *data, size_t len, struct date_value *out);

/*
 * Writes a date without terminator and returns its length; 0 when it does not fit in `size` or when the format cannot
 * express it (`buf` is then undefined). `time_ns` is the instant, in ns since 1970 UTC; textual formats show it
 * shifted by zone_offset_s (at most 18 hours), to the microsecond, with no fraction when that is zero.
 * `zone_name` may be NULL: java then writes UTC or GMT+hh:mm, iso and long no zone. In iso any name asks for the
 * numeric offset (Z for 0); in java and long it is written, and must be 1 to 9 letters, digits, signs or colons.
 */
size_t date_build(enum date_format format, int64_t time_ns, int zone_offset_s, const char *zone_name, uint8_t *buf,
		  size_t size);

/* What a client asks of a date server. Words are told apart without their case and without trailing CR, LF, NUL, space.
 */
enum date_request {
	DATE_REQUEST_EMPTY,     /* 0 bytes */
	DATE_REQUEST_NUL,       /* a NUL and nothing visible */
	DATE_REQUEST_DATE,      /* date */
	DATE_REQUEST_USER,      /* user */
	DATE_REQUEST_USER_TEXT, /* user and free text */
	DATE_REQUEST_TIME,      /* time */
	DATE_REQUEST_DATETIME,  /* get datetime, request Datetime */
	DATE_REQUEST_FREE_TEXT,
	DATE_REQUEST_BINARY, /* not text */
	DATE_REQUEST_COUNT
};

/* Total: every message is of one kind. Servers that want the exact word must compare the bytes themselves. */
enum date_request date_request_kind(const uint8_t *data, size_t len);

/* A constant string for people, never NULL: "empty", "date"... */
const char *date_request_name(enum date_request kind);

/*
 * How sure the content alone makes that a message is a date server's answer, 0 to 100: 90 a textual date alone or in a
 * known frame (`Date: ...`, `USER ...`, `date, time : (...)`), 30 a date within other text, 20 ten digits, 0 none.
 */
int date_confidence(const uint8_t *data, size_t len);

/*
 * How many of the first `len` bytes of a stream are whole messages: up to the last LF; what is behind it when it is a
 * date to its end, a word that clients send, or the four bytes of RFC 868. 0: the first message may go on.
 */
size_t date_whole(const uint8_t *data, size_t len);

/*
 * The octets end inside of a date, of which at least five are there: a server that has written this much will write the
 * rest. Only for dates in text, in the formats above.
 */
bool date_begins(const uint8_t *data, size_t len);
