/* SPDX-License-Identifier: BSD-2-Clause */
/* What an echo has made of a text: the same, a known variant, or something else. For src/play only. */
#pragma once

#include "base/text.h"

#define ECHO_PREFIX_MOST 64u /* octets that a server may put in front: "ECHO: ", "127.0.0.1:40000> " */

enum echo_verdict {
	ECHO_EQUAL,
	ECHO_VARIANT, /* upper-cased or in another case, prefixed, without its line's end, or several of these */
	ECHO_DIFFERENT
};

/*
 * Compares a whole answer with what was sent. The note (cleared first) says what is remarkable: `upper-cased`,
 * `prefixed with "ECHO: "`, `differs from what was sent at octet 3` (counted from 1); empty for EQUAL.
 */
enum echo_verdict echo_compare(const uint8_t *sent, size_t sent_length, const uint8_t *answer, size_t answer_length,
			       struct text *note);

/*
 * The octets at the start of a stream that are the answer, when it holds the whole of it: the text in any case, with a
 * prefix or without. 0: that cannot be said yet, or never.
 */
size_t echo_complete(const uint8_t *sent, size_t sent_length, const uint8_t *stream, size_t length);
