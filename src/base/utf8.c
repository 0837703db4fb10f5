/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/utf8.h"

/* Rows of RFC 3629 section 4: first octet, then the bounds of the second (the rest are 80..BF). */
static const struct utf8_row {
	uint8_t first, last, low, high, length;
} rows[] = {
	{ 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
	{ 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 }, { 0xf0, 0xf0, 0x90, 0xbf, 4 },
	{ 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

static const struct utf8_row *row_of(uint8_t first)
{
	for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++)
		if (first >= rows[i].first && first <= rows[i].last)
			return &rows[i];
	return NULL;
}

unsigned utf8_next(const uint8_t *bytes, size_t length, uint32_t *code)
{
	const struct utf8_row *row;

	if (bytes[0] < 0x80) {
		*code = bytes[0];
		return 1;
	}
	row = row_of(bytes[0]);
	if (!row || length < row->length || bytes[1] < row->low || bytes[1] > row->high)
		return 0;
	*code = bytes[0] & (0x7fu >> row->length);
	for (unsigned i = 1; i < row->length; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (bytes[i] & 0x3f);
	}
	return row->length;
}

bool utf8_valid(const uint8_t *bytes, size_t length)
{
	uint32_t code;

	for (size_t at = 0; at < length;) {
		unsigned n = utf8_next(bytes + at, length - at, &code);

		if (!n)
			return false;
		at += n;
	}
	return true;
}

bool utf8_unsafe(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x61c || (code >= 0x200b && code <= 0x200f) ||
	       (code >= 0x2028 && code <= 0x202e) || (code >= 0x2060 && code <= 0x206f) || code == 0xfeff;
}
