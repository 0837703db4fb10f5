/* SPDX-License-Identifier: BSD-2-Clause */
/* What an echo server has made of the octets it got: the forms that lab programs are known for. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

struct transform {
	bool known;            /* false: the answer is something else altogether */
	bool identical;
	bool raised, lowered;  /* letters came back in upper case, in lower case */
	bool reversed;
	bool ending;           /* with another end of line, or without one */
	bool cut;              /* `kept` octets of it came back */
	size_t kept;
	const uint8_t *prefix, *suffix; /* in the answer */
	size_t prefix_length, suffix_length;
};

struct transform transform_of(const uint8_t *sent, size_t sent_length, const uint8_t *answer, size_t answer_length);

/* A constant string for the first remarkable thing: "upper case", "prefix"...; NULL: identical, or not known. */
const char *transform_name(const struct transform *transform);
/* All of it: `upper case, prefix "ECHO: "`. Octets are not escaped. */
void transform_text(const struct transform *transform, struct text *out);

/* How many of the first `length` octets are equal but for the case of their letters; what was met is added. */
size_t transform_run(const uint8_t *sent, const uint8_t *answer, size_t length, bool *raised, bool *lowered);
