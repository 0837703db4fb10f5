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
 * that does not answer costs the trace 50 ms and not seconds. The silence may also be a link that is longer than all
 * before, and what is sent meanwhile in vain: so 16 more leave, and the next 16 after twice that silence, and so on.
 */
static int64_t quiet_after(const struct trace *trace)
{
	unsigned waves = trace->unheard / TRACE_WINDOW;
	int64_t patience;

	if (!trace->longest)
		return QUIET_FIRST;
	patience = 2 * trace->longest > TRACE_WAIT_LEAST ? 2 * trace->longest : TRACE_WAIT_LEAST;
	return patience << (waves < 8 ? waves : 8);
}

struct window {
	unsigned all, counted; /* in flight; of these, not silent for too long */
	int64_t next;          /* when one more will have been; INT64_MAX: never */
};

static struct window look(const struct trace *trace, int64_t now)
{
	struct window window = { .next = INT64_MAX };
	int64_t patience = trace->options.parallel ? INT64_MAX : quiet_after(trace);

	for (size_t i = 0; i < trace->flying_count; i++) {
		const struct probe *probe = trace->flying[i];

		if (!trace_matters(trace, probe))
			continue;
		window.all++;
		if (now - probe->sent >= patience)
			continue;
		window.counted++;
		if (patience != INT64_MAX && probe->sent + patience < window.next)
			window.next = probe->sent + patience;
	}
	return window;
}

bool trace_wait_room(struct trace *trace, int64_t now, int64_t *until)
{
	unsigned most = trace->options.parallel ? trace->options.parallel : TRACE_WINDOW;
	struct window window = look(trace, now);

	if (window.counted < most) {
		trace->unheard += window.all >= most;
		return true;
	}
	if (window.next < *until)
		*until = window.next;
	return false;
}
