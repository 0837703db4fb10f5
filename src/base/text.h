/* SPDX-License-Identifier: BSD-2-Clause */
/* A string that grows: what every output is built in. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Not NUL-terminated; zero-initialise it, release it with text_release. The octets belong to the text. */
struct text {
	char *data;
	size_t length;
	size_t size;
};

void text_release(struct text *t);
/* Makes room for more than `size` octets in all; never shrinks. */
void text_grow(struct text *t, size_t size);

/* The place where the next octets go, with room for at least `room`; add what was written with text_wrote. */
static inline char *text_room(struct text *t, size_t room)
{
	if (__builtin_expect(t->size - t->length <= room, 0))
		text_grow(t, t->length + room);
	return t->data + t->length;
}

static inline void text_wrote(struct text *t, const char *end)
{
	t->length = (size_t)(end - t->data);
}

static inline void text_add(struct text *t, const void *bytes, size_t length)
{
	memcpy(text_room(t, length), bytes, length);
	t->length += length;
}

static inline void text_string(struct text *t, const char *string)
{
	text_add(t, string, strlen(string));
}

static inline void text_char(struct text *t, char c)
{
	*text_room(t, 1) = c;
	t->length++;
}

static inline void text_clear(struct text *t)
{
	t->length = 0;
}

void text_format(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_fill(struct text *t, char c, size_t count);
/* Spaces up to column `width` counted from `start`, an earlier value of t->length. Columns are code points. */
void text_pad(struct text *t, size_t start, size_t width);

/* Writers into a buffer: they return the place after the last octet written. The buffer has room for the longest. */
char *put_uint(char *at, uint64_t value);                    /* 20 octets at most: uint_digits(value) */
char *put_uint_padded(char *at, uint64_t value, unsigned digits);
char *put_six(char *at, uint32_t value);                     /* the same of six digits, which a second has most often */
char *put_hex(char *at, uint64_t value, unsigned digits);    /* digits exactly */
/* seconds.nnnnnnnnn of a signed number of nanoseconds, `digits` (0-9) decimals, cut, not rounded; 31 octets at most. */
char *put_seconds(char *at, int64_t nanoseconds, unsigned digits);
char *put_ipv4(char *at, uint32_t address);                  /* host order; 15 octets at most */
char *put_ipv6(char *at, const uint8_t address[16]);         /* RFC 5952; 45 octets at most */
char *put_mac(char *at, const uint8_t *bytes, size_t length, char separator);

/* How many octets put_uint() writes. */
unsigned uint_digits(uint64_t value);

void text_uint(struct text *t, uint64_t value);
void text_int(struct text *t, int64_t value);
void text_seconds(struct text *t, int64_t nanoseconds, unsigned digits);
void text_hex_bytes(struct text *t, const uint8_t *bytes, size_t length);

/*
 * What came from outside, made safe for a terminal: printable UTF-8 passes, everything that utf8_unsafe() names and
 * every octet that is no UTF-8 becomes \n, \r, \t or \xNN (\uNNNN above 0xff), and a backslash is doubled.
 */
void text_escaped(struct text *t, const void *bytes, size_t length);
/* The same for what a person typed and is to recognise: backslashes stay single. */
void text_visible(struct text *t, const void *bytes, size_t length);
/* The inside of a JSON string (RFC 8259 section 7); octets that are no UTF-8 become U+FFFD. */
void text_json(struct text *t, const void *bytes, size_t length);
