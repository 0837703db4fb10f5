/* SPDX-License-Identifier: BSD-2-Clause */
/* Hops for tests of outputs, made by hand. */
#pragma once

#include <math.h>
#include <stdlib.h>

#include "probe/hops.h"
#include "probing.h"

#define MS (1000 * US)

static inline int compare_times(const void *a, const void *b)
{
	int64_t first = *(const int64_t *)a, second = *(const int64_t *)b;

	return (first > second) - (first < second);
}

/* Of times in the order of their coming; sorted: room for as many. */
static inline struct hop_times times_of(const int64_t *list, size_t count, int64_t *sorted)
{
	struct hop_times times = { .count = count, .last = list[count - 1], .sorted = sorted, .kept = count };

	memcpy(sorted, list, count * sizeof *list);
	qsort(sorted, count, sizeof *sorted, compare_times);
	times.best = sorted[0];
	times.worst = sorted[count - 1];
	for (size_t i = 0; i < count; i++) {
		times.mean += (double)list[i] / (double)count;
		times.log_sum += log((double)list[i]);
	}
	for (size_t i = 0; i < count; i++)
		times.squares += ((double)list[i] - times.mean) * ((double)list[i] - times.mean);
	return times;
}
