/* SPDX-License-Identifier: BSD-2-Clause */
/* Telling text from binary. */
#include "lab/plain.h"

#include "base/utf8.h"

static bool is_control(uint32_t code)
{
	if (code == '\t' || code == '\n' || code == '\r' || code == 0x1b)
		return false;
	return code < 0x20 || (code >= 0x7f && code <= 0x9f);
}

bool plain_is_text(const uint8_t *s, size_t len)
{
	uint32_t code = 0;
	size_t n;

	for (size_t i = 0; i < len; i += n) {
		n = 1;
		if (s[i] >= ' ' && s[i] < 0x7f)
			continue;
		n = utf8_next(s + i, len - i, &code);
		if (n == 0 || is_control(code))
			return false;
	}
	return true;
}
