/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/text.h"

#include <endian.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/utf8.h"

static const char digit_pairs[] = "0001020304050607080910111213141516171819"
				  "2021222324252627282930313233343536373839"
				  "4041424344454647484950515253545556575859"
				  "6061626364656667686970717273747576777879"
				  "8081828384858687888990919293949596979899";
static const char hex_digits[] = "0123456789abcdef";

void text_release(struct text *t)
{
	free(t->data);
	*t = (struct text){ 0 };
}

void text_grow(struct text *t, size_t size)
{
	size_t wanted = t->size ? t->size : 256;

	while (wanted <= size)
		wanted *= 2;
	t->data = mem_resize(t->data, wanted, 1);
	t->size = wanted;
}

void text_format(struct text *t, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (n < 0)
		bug("cannot format '%s'", format);
	va_start(args, format);
	vsnprintf(text_room(t, (size_t)n + 1), (size_t)n + 1, format, args);
	va_end(args);
	t->length += (size_t)n;
}

void text_fill(struct text *t, char c, size_t count)
{
	memset(text_room(t, count), c, count);
	t->length += count;
}

void text_pad(struct text *t, size_t start, size_t width)
{
	size_t columns = 0;

	for (size_t i = start; i < t->length; i++)
		columns += ((unsigned char)t->data[i] & 0xc0) != 0x80;
	if (columns < width)
		text_fill(t, ' ', width - columns);
}

unsigned uint_digits(uint64_t value)
{
	static const uint64_t powers[] = {
		0, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000,
		1000000000000, 10000000000000, 100000000000000, 1000000000000000, 10000000000000000, 100000000000000000,
		1000000000000000000, 10000000000000000000u,
	};
	/* 1233 / 4096 is log10(2), near enough for 64 bits. */
	unsigned most = (64 - (unsigned)__builtin_clzll(value | 1)) * 1233 >> 12;

	return most + (value >= powers[most]);
}

/* Rare, and kept out of the way of those that are not. */
static __attribute__((noinline)) char *put_long(char *at, uint64_t value, unsigned digits)
{
	unsigned i = digits;

	for (; i >= 2; value /= 100)
		memcpy(at + (i -= 2), digit_pairs + value % 100 * 2, 2);
	if (i)
		*at = (char)('0' + value % 10);
	return at + digits;
}

char *put_uint_padded(char *at, uint64_t value, unsigned digits)
{
	uint32_t left = (uint32_t)value;
	unsigned i = digits;

	/* Nearly all numbers have 32 bits, and dividing those is cheaper. */
	if (value > UINT32_MAX)
		return put_long(at, value, digits);
	for (; i >= 2; left /= 100)
		memcpy(at + (i -= 2), digit_pairs + left % 100 * 2, 2);
	if (i)
		*at = (char)('0' + left % 10);
	return at + digits;
}

char *put_six(char *at, uint32_t value)
{
	uint32_t low = value % 10000;

	memcpy(at, digit_pairs + value / 10000 * 2, 2);
	memcpy(at + 2, digit_pairs + low / 100 * 2, 2);
	memcpy(at + 4, digit_pairs + low % 100 * 2, 2);
	return at + 6;
}

static inline char *put_below_100(char *at, unsigned value)
{
	if (value < 10) {
		*at = (char)('0' + value);
		return at + 1;
	}
	memcpy(at, digit_pairs + value * 2, 2);
	return at + 2;
}

static inline char *put_below_10000(char *at, unsigned value)
{
	if (value < 100)
		return put_below_100(at, value);
	at = put_below_100(at, value / 100);
	memcpy(at, digit_pairs + value % 100 * 2, 2);
	return at + 2;
}

char *put_uint(char *at, uint64_t value)
{
	unsigned high, low;

	if (value < 10000)
		return put_below_10000(at, (unsigned)value);
	if (value >= 100000000)
		return put_uint_padded(at, value, uint_digits(value));
	high = (unsigned)value / 10000;
	low = (unsigned)value % 10000;
	at = put_below_10000(at, high);
	memcpy(at, digit_pairs + low / 100 * 2, 2);
	memcpy(at + 2, digit_pairs + low % 100 * 2, 2);
	return at + 4;
}

char *put_hex(char *at, uint64_t value, unsigned digits)
{
	for (unsigned i = digits; i-- > 0; value >>= 4)
		at[i] = hex_digits[value & 15];
	return at + digits;
}

char *put_ipv4(char *at, uint32_t address)
{
	at = put_below_10000(at, address >> 24);
	*at++ = '.';
	at = put_below_10000(at, address >> 16 & 255);
	*at++ = '.';
	at = put_below_10000(at, address >> 8 & 255);
	*at++ = '.';
	return put_below_10000(at, address & 255);
}

/* RFC 5952 section 4.2: the longest run of two or more zero groups, the first of equals, is written "::". */
static unsigned zero_run(const uint8_t *address, unsigned *length)
{
	unsigned best = 8, most = 1;

	for (unsigned i = 0; i < 8; i++) {
		unsigned n = 0;

		while (i + n < 8 && !address[2 * (i + n)] && !address[2 * (i + n) + 1])
			n++;
		if (n > most) {
			best = i;
			most = n;
		}
		i += n;
	}
	*length = best < 8 ? most : 0;
	return best;
}

static char *put_group(char *at, unsigned group)
{
	unsigned digits = group > 0xfff ? 4 : group > 0xff ? 3 : group > 0xf ? 2 : 1;

	return put_hex(at, group, digits);
}

char *put_ipv6(char *at, const uint8_t address[16])
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	unsigned run, skip = zero_run(address, &run);

	if (!memcmp(address, mapped, 12)) {
		memcpy(at, "::ffff:", 7);
		return put_ipv4(at + 7, (uint32_t)address[12] << 24 | (uint32_t)address[13] << 16 |
					(uint32_t)address[14] << 8 | address[15]);
	}
	for (unsigned i = 0; i < 8; i++) {
		if (i == skip && run) {
			*at++ = ':';
			*at++ = ':';
			i += run - 1;
			continue;
		}
		if (i && i != skip + run)
			*at++ = ':';
		at = put_group(at, (unsigned)address[2 * i] << 8 | address[2 * i + 1]);
	}
	return at;
}

char *put_mac(char *at, const uint8_t *bytes, size_t length, char separator)
{
	for (size_t i = 0; i < length; i++) {
		if (i)
			*at++ = separator;
		*at++ = hex_digits[bytes[i] >> 4];
		*at++ = hex_digits[bytes[i] & 15];
	}
	return at;
}

void text_uint(struct text *t, uint64_t value)
{
	text_wrote(t, put_uint(text_room(t, 20), value));
}

void text_int(struct text *t, int64_t value)
{
	if (value < 0)
		text_char(t, '-');
	text_uint(t, value < 0 ? -(uint64_t)value : (uint64_t)value);
}

char *put_seconds(char *at, int64_t nanoseconds, unsigned digits)
{
	static const uint32_t scale[10] = { 1000000000, 100000000, 10000000, 1000000, 100000, 10000, 1000, 100, 10, 1 };
	uint64_t size = nanoseconds < 0 ? -(uint64_t)nanoseconds : (uint64_t)nanoseconds;

	if (nanoseconds < 0)
		*at++ = '-';
	at = put_uint(at, size / 1000000000);
	if (digits) {
		*at++ = '.';
		at = put_uint_padded(at, size % 1000000000 / scale[digits], digits);
	}
	return at;
}

void text_seconds(struct text *t, int64_t nanoseconds, unsigned digits)
{
	text_wrote(t, put_seconds(text_room(t, 32), nanoseconds, digits));
}

/* Four octets at a time: their nibbles spread over eight octets, then '0' or 'a' - 10 added to each. */
static char *put_hex_word(char *at, const uint8_t *bytes)
{
	const uint64_t ones = 0x0101010101010101;
	uint32_t word;
	uint64_t x;

	memcpy(&word, bytes, 4);
	x = le32toh(word);
	x = (x | x << 16) & 0x0000ffff0000ffff;
	x = (x | x << 8) & 0x00ff00ff00ff00ff;
	x = (x >> 4 | x << 8) & 15 * ones;
	x = htole64(x + '0' * ones + ((x + 6 * ones) >> 4 & ones) * ('a' - '0' - 10));
	memcpy(at, &x, 8);
	return at + 8;
}

void text_hex_bytes(struct text *t, const uint8_t *bytes, size_t length)
{
	char *at = text_room(t, 2 * length);
	size_t i = 0;

	for (; i + 4 <= length; i += 4)
		at = put_hex_word(at, bytes + i);
	for (; i < length; i++) {
		*at++ = hex_digits[bytes[i] >> 4];
		*at++ = hex_digits[bytes[i] & 15];
	}
	text_wrote(t, at);
}

/*
 * The top bit of each octet that is not printable ASCII, a backslash or `stop`. Above the first of them bits may be
 * wrong: borrows and carries go up.
 */
static inline uint64_t odd_octets(uint64_t word, char stop)
{
	const uint64_t ones = 0x0101010101010101, high = 0x8080808080808080;
	uint64_t backslash = word ^ '\\' * ones, other = word ^ (uint8_t)stop * ones;
	uint64_t low = word - 0x20 * ones, del = word + ones; /* the top bit is set below 0x20, and from 0x7f */

	return (word | low | del | ((backslash - ones) & ~backslash) | ((other - ones) & ~other)) & high;
}

static inline bool plain_octet(uint8_t octet, char stop)
{
	return octet >= 0x20 && octet < 0x7f && octet != '\\' && octet != (uint8_t)stop;
}

/* Copies eight octets; how many of them, from the first on, pass as they are. */
static inline size_t copy_word(char *at, const uint8_t *in, char stop)
{
	uint64_t word, odd;

	memcpy(&word, in, 8);
	memcpy(at, &word, 8);
	odd = odd_octets(le64toh(word), stop);
	return odd ? (size_t)__builtin_ctzll(odd) / 8 : 8;
}

/* Copies the octets at the start that pass as they are, and perhaps others behind them; how many pass. */
static inline size_t copy_plain(char *at, const uint8_t *in, size_t length, char stop)
{
	size_t done = 0, n;

	for (; done + 8 <= length; done += 8) {
		n = copy_word(at + done, in + done, stop);
		if (n < 8)
			return done + n;
	}
	/* Those before have passed already. */
	if (done && done < length)
		return length - 8 + copy_word(at + length - 8, in + length - 8, stop);
	for (; done < length && plain_octet(in[done], stop); done++)
		at[done] = (char)in[done];
	return done;
}

static void add_hex_escape(struct text *t, char kind, uint32_t value, unsigned digits)
{
	char *at = text_room(t, 2 + digits);

	*at++ = '\\';
	*at++ = kind;
	text_wrote(t, put_hex(at, value, digits));
}

static void add_pair(struct text *t, char c)
{
	char *at = text_room(t, 2);

	at[0] = '\\';
	at[1] = c;
	t->length += 2;
}

static char short_escape(uint32_t code)
{
	static const char named[] = { ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't', ['\\'] = '\\' };

	return code < sizeof named ? named[code] : 0;
}

/* One code point, or one octet that is none, for a terminal; how many octets it took. */
static unsigned escape_one(struct text *t, const uint8_t *in, size_t length)
{
	uint32_t code;
	unsigned n;

	if (*in == '\n') {
		add_pair(t, 'n');
		return 1;
	}
	n = utf8_next(in, length, &code);
	if (!n)
		add_hex_escape(t, 'x', *in, 2);
	else if (short_escape(code))
		add_pair(t, short_escape(code));
	else if (utf8_unsafe(code))
		add_hex_escape(t, code > 0xff ? 'u' : 'x', code, code > 0xff ? 4 : 2);
	else
		text_add(t, in, n);
	return n ? n : 1;
}

static unsigned escape_one_json(struct text *t, const uint8_t *in, size_t length)
{
	uint32_t code;
	unsigned n = utf8_next(in, length, &code);

	if (!n)
		text_add(t, "\xef\xbf\xbd", 3);
	else if (code == '"' || short_escape(code))
		add_pair(t, code == '"' ? '"' : short_escape(code));
	else if (utf8_unsafe(code))
		add_hex_escape(t, 'u', code, 4);
	else
		text_add(t, in, n);
	return n ? n : 1;
}

static inline void escape_all(struct text *t, const uint8_t *in, size_t length, char stop,
			      unsigned (*one)(struct text *, const uint8_t *, size_t))
{
	while (length) {
		size_t n = copy_plain(text_room(t, length), in, length, stop);

		t->length += n;
		if (n < length)
			n += one(t, in + n, length - n);
		in += n;
		length -= n;
	}
}

void text_escaped(struct text *t, const void *bytes, size_t length)
{
	escape_all(t, bytes, length, '\\', escape_one);
}

static unsigned escape_one_visible(struct text *t, const uint8_t *in, size_t length)
{
	if (*in != '\\')
		return escape_one(t, in, length);
	text_char(t, '\\');
	return 1;
}

void text_visible(struct text *t, const void *bytes, size_t length)
{
	escape_all(t, bytes, length, '\\', escape_one_visible);
}

void text_json(struct text *t, const void *bytes, size_t length)
{
	escape_all(t, bytes, length, '"', escape_one_json);
}
