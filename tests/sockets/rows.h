/* SPDX-License-Identifier: BSD-2-Clause */
/* All rows of the option table, one after the other. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cmocka.h>

#include "sockets/sockopt.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Zeroed: at the beginning. After row_next() walk->level is the place of that row's level. */
struct row_walk {
	size_t level, place;
};

static inline const struct sockopt *row_next(struct row_walk *walk)
{
	for (; sockopt_levels[walk->level].name; walk->level++, walk->place = 0) {
		const struct sockopt *row = sockopt_at(&sockopt_levels[walk->level], walk->place);

		if (row) {
			walk->place++;
			return row;
		}
	}
	return NULL;
}
