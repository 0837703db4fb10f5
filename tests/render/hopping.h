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

#define HOPS_MOST 8
#define RESPONDERS_MOST 8

/* What hops_collect() makes of a run whose first TTL is 1. */
struct counted {
	struct hops hops;
	struct hop list[HOPS_MOST];
	struct hop_responder responders[HOPS_MOST][RESPONDERS_MOST];
	int64_t times[HOPS_MOST][RESPONDERS_MOST + 1]
		     [RUN_MOST]; /* in the order of their coming; the last: of the hop */
	int64_t sorted[HOPS_MOST][RESPONDERS_MOST + 1][RUN_MOST];
};

static inline void count_answer(struct counted *counted, const struct probe *probe)
{
	unsigned at = probe->packet.ttl - 1u;
	struct hop *hop = &counted->list[at];
	int64_t rtt = probe_round_trip(probe);
	size_t i = 0;

	while (i < hop->responder_count && !address_same_host(&hop->responders[i].address, &probe->answer->from))
		i++;
	if (i == hop->responder_count)
		hop->responders[hop->responder_count++] =
			(struct hop_responder){ .address = probe->answer->from, .answer = probe->answer };
	counted->times[at][i][hop->responders[i].times.count++] = rtt;
	counted->times[at][RESPONDERS_MOST][hop->times.count++] = rtt;
	hop->answered++;
}

static inline void count_hops(struct counted *counted, const struct run *run)
{
	*counted = (struct counted){ .hops = { .list = counted->list, .first = 1 } };
	for (unsigned i = 0; i < HOPS_MOST; i++)
		counted->list[i] = (struct hop){ .ttl = i + 1, .responders = counted->responders[i] };
	for (size_t i = 0; i < run->count; i++) {
		const struct probe *probe = run->list[i];

		counted->hops.count = probe->packet.ttl > counted->hops.count ? probe->packet.ttl : counted->hops.count;
		counted->list[probe->packet.ttl - 1].sent++;
		if (probe->answer)
			count_answer(counted, probe);
	}
	for (size_t at = 0; at < counted->hops.count; at++) {
		struct hop *hop = &counted->list[at];

		for (size_t i = 0; i < hop->responder_count; i++)
			hop->responders[i].times =
				times_of(counted->times[at][i], hop->responders[i].times.count, counted->sorted[at][i]);
		if (hop->times.count)
			hop->times = times_of(counted->times[at][RESPONDERS_MOST], hop->times.count,
					      counted->sorted[at][RESPONDERS_MOST]);
	}
}
