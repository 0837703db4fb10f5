/* SPDX-License-Identifier: BSD-2-Clause */
/* Hop by hop, each as often as is wanted, and of several flows each. */
#include "probe/trace_parts.h"

static uint64_t wanted(const struct trace *trace)
{
	return (uint64_t)trace->options.queries * trace->options.flows;
}

/* Nothing could be sent to that hop: for the next one it would be the same. */
static bool refused(const struct trace *trace, unsigned ttl)
{
	const struct trace_hop *hop = &trace->hops[ttl];

	return hop->planned == wanted(trace) && hop->failed == hop->planned;
}

static bool path_asked(const struct trace *trace, unsigned ttl)
{
	return trace->hops[ttl].planned >= wanted(trace);
}

static bool path_plan(struct trace *trace, int64_t now, struct trace_plan *plan, int64_t *until)
{
	unsigned ttl = trace->furthest > trace->options.first ? trace->furthest : trace->options.first;
	uint64_t asked = trace->hops[ttl].planned;

	(void)now;
	(void)until;
	if (asked >= wanted(trace)) {
		if (refused(trace, ttl))
			return false;
		ttl++;
		asked = 0;
	}
	if (ttl > trace_last(trace))
		return false;
	plan->ttl = (uint8_t)ttl;
	plan->flow = (uint16_t)(asked % trace->options.flows);
	plan->round = (uint32_t)(asked / trace->options.flows);
	return true;
}

const struct trace_part trace_path = { .plan = path_plan, .asked = path_asked };
