/* SPDX-License-Identifier: BSD-2-Clause */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "probe/hops.h"
#include "probe/hops_parts.h"

/* Where in the sorted times it is, or would be. */
static size_t place(const struct hop_times *times, int64_t time)
{
	size_t low = 0, high = times->kept;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (times->sorted[middle] < time)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void grow(struct hop_times *times)
{
	if (times->kept && (times->kept < 16 || times->kept & (times->kept - 1)))
		return;
	times->sorted = mem_resize(times->sorted, times->kept ? 2 * times->kept : 16, sizeof *times->sorted);
	times->recent = mem_resize(times->recent, times->kept ? 2 * times->kept : 16, sizeof *times->recent);
}

static void drop_oldest(struct hop_times *times, size_t slot)
{
	size_t at = place(times, times->recent[slot]);

	times->kept--;
	memmove(times->sorted + at, times->sorted + at + 1, (times->kept - at) * sizeof *times->sorted);
}

static void keep(struct hop_times *times, int64_t time)
{
	size_t slot = (times->count - 1) % HOP_TIMES_KEPT, at;

	if (times->kept == HOP_TIMES_KEPT)
		drop_oldest(times, slot);
	else
		grow(times);
	at = place(times, time);
	memmove(times->sorted + at + 1, times->sorted + at, (times->kept - at) * sizeof *times->sorted);
	times->sorted[at] = time;
	times->recent[slot] = time;
	times->kept++;
}

static void differ(struct hop_times *times, int64_t time)
{
	times->jitter = llabs(time - times->last);
	times->jitter_mean += ((double)times->jitter - times->jitter_mean) / (double)(times->count - 1);
	times->interarrival += ((double)times->jitter - times->interarrival) / 16;
	if (times->jitter > times->jitter_worst)
		times->jitter_worst = times->jitter;
}

void hop_times_add(struct hop_times *times, int64_t time)
{
	double off = (double)time - times->mean;

	times->count++;
	times->mean += off / (double)times->count;
	times->squares += off * ((double)time - times->mean);
	times->log_sum += log(time > 0 ? (double)time : 1);
	if (times->count > 1)
		differ(times, time);
	if (times->count == 1 || time < times->best)
		times->best = time;
	if (times->count == 1 || time > times->worst)
		times->worst = time;
	times->last = time;
	keep(times, time);
}

void hop_times_release(struct hop_times *times)
{
	free(times->sorted);
	free(times->recent);
}

int64_t hop_percentile(const struct hop_times *times, double percent)
{
	double rank = ceil(percent / 100 * (double)times->kept);

	if (!times->kept)
		return PROBE_NO_TIME;
	if (rank < 1)
		return times->sorted[0];
	return times->sorted[rank < (double)times->kept ? (size_t)rank - 1 : times->kept - 1];
}

double hop_deviation(const struct hop_times *times)
{
	return times->count > 1 ? sqrt(times->squares / (double)(times->count - 1)) : 0;
}

double hop_geometric(const struct hop_times *times)
{
	return times->count ? exp(times->log_sum / (double)times->count) : 0;
}
