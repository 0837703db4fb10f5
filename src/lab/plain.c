/* SPDX-License-Identifier: BSD-2-Clause */
/* Telling text from binary. */
#include "lab/plain.h"

#include <string.h>

#include "base/utf8.h"

static bool is_control(uint32_t code)
{
	if (code == '\t' || code == '\n' || code == '\r' || code == 0x1b)
		return false;
	return code < 0x20 || (code >= 0x7f && code <= 0x9f);
}

/*
 * Not 0 when one of the eight octets is below 0x20, or 0x7f and above. The first such octet sets a top bit, as those
 * before it carry and borrow nothing: below 0x20 and from 0xa0 on by the difference, from 0x7f to 0xfe by the sum.
 */
static inline uint64_t unusual(const uint8_t *octets)
{
	const uint64_t ones = 0x0101010101010101, high = 0x8080808080808080;
	uint64_t word;

	memcpy(&word, octets, 8);
	return ((word - 0x20 * ones) | (word + ones)) & high;
}

/* How many octets at the start are printable ASCII: nearly all of nearly every text. */
static size_t printable(const uint8_t *s, size_t len)
{
	size_t at = 0;

	while (at + 32 <= len && !(unusual(s + at) | unusual(s + at + 8) | unusual(s + at + 16) | unusual(s + at + 24)))
		at += 32;
	while (at + 8 <= len && !unusual(s + at))
		at += 8;
	while (at < len && s[at] >= ' ' && s[at] < 0x7f)
		at++;
	return at;
}

bool plain_is_text(const uint8_t *s, size_t len)
{
	uint32_t code = 0;
	size_t n;

	for (size_t at = printable(s, len); at < len; at += n + printable(s + at + n, len - at - n)) {
		n = utf8_next(s + at, len - at, &code);
		if (n == 0 || is_control(code))
			return false;
	}
	return true;
}
