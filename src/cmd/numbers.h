/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of packet numbers as users write them: 1-100,205,300-. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define NUMBERS_MOST 10000u /* ranges in one list */

/* Zero-initialise it. */
struct numbers {
	struct number_range {
		uint64_t first, last;
	} *list;                /* in order, without overlaps */
	size_t count;
	size_t at;              /* where the last question was answered */
};

/* `length` octets of text. -1 with err, which begins with the option's name. */
int numbers_parse(struct numbers *numbers, const char *option, const char *text, size_t length, struct error *err);
/* Questions come in ascending order. */
bool numbers_has(struct numbers *numbers, uint64_t number);
void numbers_release(struct numbers *numbers);
