/* SPDX-License-Identifier: BSD-2-Clause */
/* How long an answer is waited for, and how many are waited for at a time. */
#include "probe/trace_parts.h"

/* Before the first answer nobody knows how far the network is. */
#define QUIET_FIRST 500000000

static void shorten(int64_t *most, int64_t longest, double times, int64_t least)
{
	double wanted = (double)longest * times;

	if (!longest || times <= 0 || wanted >= (double)*most)
		return;
	if (wanted < (double)least)
		wanted = (double)least;
	if (wanted < (double)*most)
		*most = (int64_t)wanted;
}

void trace_wait_limits(const struct trace *trace, int64_t limits[PROBE_TTLS + 1])
{
	const struct trace_options *options = &trace->options;
	int64_t near = 0; /* of the nearest later hop that answers */

	for (unsigned ttl = trace->furthest; ttl; ttl--) {
		int64_t here = trace->hops[ttl].longest;

		limits[ttl] = options->wait_most;
		shorten(&limits[ttl], here, options->wait_here, TRACE_WAIT_LEAST);
		shorten(&limits[ttl], near, options->wait_near, TRACE_WAIT_LEAST);
		if (!here && !near)
			shorten(&limits[ttl], trace->longest, options->wait_near, TRACE_WAIT_BEYOND);
		if (here)
			near = here;
	}
}

int64_t trace_wait_deadline(const struct trace *trace)
{
	int64_t limits[PROBE_TTLS + 1], first = INT64_MAX;

	trace_wait_limits(trace, limits);
	for (size_t i = 0; i < trace->flying_count; i++) {
		const struct probe *probe = trace->flying[i];
		int64_t deadline = probe->sent + limits[probe->packet.ttl];

		if (trace_matters(trace, probe) && deadline < first)
			first = deadline;
	}
	return first;
}

static struct probe *take(struct trace *trace, size_t at)
{
	struct probe *probe = trace->flying[at];

	trace->flying_count--;
	for (; at < trace->flying_count; at++)
		trace->flying[at] = trace->flying[at + 1];
	return probe;
}

struct probe *trace_wait_expired(struct trace *trace, int64_t now)
{
	int64_t limits[PROBE_TTLS + 1];

	trace_wait_limits(trace, limits);
	for (size_t i = 0; i < trace->flying_count; i++)
		if (now >= trace->flying[i]->sent + limits[trace->flying[i]->packet.ttl])
			return take(trace, i);
	return NULL;
}

/*
 * A probe that was silent for longer than all others took still has time to be answered, but holds up nobody. So a hop
 * that does not answer costs the trace 50 ms and not seconds; and as always 16 at most are sent into the dark, no more
 * probes go beyond the destination than with a fixed window.
 */
static int64_t quiet_after(const struct trace *trace)
{
	if (!trace->longest)
		return QUIET_FIRST;
	return 2 * trace->longest > TRACE_WAIT_LEAST ? 2 * trace->longest : TRACE_WAIT_LEAST;
}

bool trace_wait_room(const struct trace *trace, int64_t now, int64_t *until)
{
	unsigned window = trace->options.parallel ? trace->options.parallel : TRACE_WINDOW, count = 0;
	int64_t patience = trace->options.parallel ? INT64_MAX : quiet_after(trace), first = INT64_MAX;

	for (size_t i = 0; i < trace->flying_count; i++) {
		const struct probe *probe = trace->flying[i];

		if (!trace_matters(trace, probe) || now - probe->sent >= patience)
			continue;
		count++;
		if (patience != INT64_MAX && probe->sent + patience < first)
			first = probe->sent + patience;
	}
	if (count < window)
		return true;
	if (first < *until)
		*until = first;
	return false;
}
