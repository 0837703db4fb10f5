/* SPDX-License-Identifier: BSD-2-Clause */
#include "sockets/sockopt_tell.h"

#include <string.h>

void sockopt_tell_word(const struct sockopt_word *words, const void *value, size_t length, struct text *out)
{
	unsigned number;

	if (length != sizeof number)
		return;
	memcpy(&number, value, sizeof number);
	for (; words->name; words++)
		if (words->value == number) {
			text_format(out, "%s (%u)", words->name, number);
			return;
		}
	text_int(out, (int)number);
}

void sockopt_tell_bits(const struct sockopt_word *words, const void *value, size_t length, struct text *out)
{
	size_t start = out->length;
	unsigned bits;

	if (length != sizeof bits)
		return;
	memcpy(&bits, value, sizeof bits);
	for (; words->name; words++)
		if (bits & words->value) {
			text_format(out, "%s%s", out->length > start ? ", " : "", words->name);
			bits &= ~words->value;
		}
	if (bits)
		text_format(out, "%s%#x", out->length > start ? ", " : "", bits);
	if (out->length == start)
		text_string(out, "none");
}

void sockopt_tell_limit(int64_t seconds, int64_t microseconds, struct text *out)
{
	if (!seconds && !microseconds)
		text_string(out, "no limit");
	else
		text_format(out, "%lld.%06lld seconds", (long long)seconds, (long long)microseconds);
}
