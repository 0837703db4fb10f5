/* SPDX-License-Identifier: BSD-2-Clause */
/* How values become words: for the rows' show(). */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

struct sockopt_word {
	unsigned value;
	const char *name;
};

/* Both: tables end with a row without name; a value that is no int is left out. */
/* "SOCK_DGRAM (2)"; the number where it has no name. */
void sockopt_tell_word(const struct sockopt_word *words, const void *value, size_t length, struct text *out);
/* "rx software, software", what has no name in hex; "none". */
void sockopt_tell_bits(const struct sockopt_word *words, const void *value, size_t length, struct text *out);

/* "no limit", "3.500000 seconds". */
void sockopt_tell_limit(int64_t seconds, int64_t microseconds, struct text *out);
