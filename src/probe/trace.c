/* SPDX-License-Identifier: BSD-2-Clause */
#include "probe/trace.h"

#include <stdlib.h>

#include "base/mem.h"
#include "probe/answer.h"
#include "probe/trace_parts.h"

static const struct trace_part *const parts[] = {
	[TRACE_PATH] = &trace_path,
	[TRACE_FLOWS] = &trace_path,
	[TRACE_MDA] = &trace_mda,
	[TRACE_ROUNDS] = &trace_rounds,
};

struct trace *trace_new(const struct trace_options *options, const struct probe_base *base, struct match *match)
{
	struct trace *trace = mem_new(1, sizeof *trace);

	*trace = (struct trace){ .options = *options, .base = base, .match = match, .next_send = INT64_MIN };
	trace->part = options->mtu ? &trace_sizes : parts[options->mode];
	if (options->mode != TRACE_FLOWS || !options->flows)
		trace->options.flows = 1;
	/* What is known about a flow is all that this mode goes by. */
	if (options->mode == TRACE_MDA)
		trace->options.classic = false;
	return trace;
}

void trace_free(struct trace *trace)
{
	if (!trace)
		return;
	if (trace->part->free)
		trace->part->free(trace);
	free(trace->flying);
	free(trace);
}

void trace_watch(struct trace *trace, void (*watch)(void *context, const struct probe *probe), void *context)
{
	trace->watch = watch;
	trace->watch_context = context;
}

/* ------------------------------------------------------------------------------------------------ making probes */

/* Flows beyond the last port begin again in the middle, above those that belong to services. */
static uint16_t port_of_flow(uint16_t first, unsigned flow)
{
	unsigned port = first + flow;

	return (uint16_t)(port <= UINT16_MAX ? port : 32768 + port % 32768);
}

static void fill(const struct trace *trace, struct probe *probe, const struct trace_plan *plan)
{
	const struct trace_options *options = &trace->options;
	unsigned flow = options->classic ? probe->number & UINT16_MAX : plan->flow;
	/* Other ports of a host are asked with UDP only, where nobody is meant to listen: else it would be a scan. */
	unsigned moved = options->classic && trace->base->method == PROBE_UDP ? 0 : flow;

	probe->flow = (uint16_t)flow;
	probe->round = plan->round;
	probe->packet.ttl = plan->ttl;
	probe->packet.size = plan->size;
	probe->packet.source_port = port_of_flow(options->source_port, moved);
	probe->packet.target_port = port_of_flow(options->target_port, flow - moved);
	/* 0xffff is no checksum: in ones' complement it is 0. */
	probe->packet.checksum = (uint16_t)((options->checksum + moved) % UINT16_MAX);
	probe->packet.flow_label = (options->flow_label + moved) & 0xfffff;
}

static struct probe *make(struct trace *trace, const struct trace_plan *plan, int64_t now)
{
	struct probe *probe = match_add(trace->match);

	if (!probe)
		return NULL;
	fill(trace, probe, plan);
	trace->hops[plan->ttl].planned++;
	if (plan->ttl > trace->furthest)
		trace->furthest = plan->ttl;
	if (trace->part->planned)
		trace->part->planned(trace, probe, now);
	return probe;
}

/* ------------------------------------------------------------------------------------------------ a probe is over */

static void over(struct trace *trace, struct probe *probe, int64_t now)
{
	if (trace->part->over)
		trace->part->over(trace, probe, now);
	if (trace->watch)
		trace->watch(trace->watch_context, probe);
}

static void landed(struct trace *trace, struct probe *probe, enum probe_state state)
{
	struct trace_hop *hop = &trace->hops[probe->packet.ttl];

	probe->state = state;
	hop->flying--;
	hop->over++;
}

static void expire(struct trace *trace, int64_t now)
{
	struct probe *probe;

	while ((probe = trace_wait_expired(trace, now))) {
		landed(trace, probe, PROBE_EXPIRED);
		over(trace, probe, now);
	}
}

void trace_sent(struct trace *trace, struct probe *probe, int64_t now)
{
	trace->handed = NULL;
	trace->next_send = now + trace->options.spacing;
	if (!probe->sent)
		probe->sent = now;
	probe->state = PROBE_FLYING;
	trace->hops[probe->packet.ttl].flying++;
	if (trace->flying_count == trace->flying_room) {
		trace->flying_room = trace->flying_room ? 2 * trace->flying_room : 64;
		trace->flying = mem_resize(trace->flying, trace->flying_room, sizeof(struct probe *));
	}
	trace->flying[trace->flying_count++] = probe;
}

void trace_failed(struct trace *trace, struct probe *probe, int error, int64_t now)
{
	struct trace_hop *hop = &trace->hops[probe->packet.ttl];

	trace->handed = NULL;
	trace->next_send = now + trace->options.spacing;
	probe->state = PROBE_FAILED;
	probe->error = error;
	hop->failed++;
	hop->over++;
	over(trace, probe, now);
}

static bool forget_flying(struct trace *trace, const struct probe *probe)
{
	size_t kept = 0, count = trace->flying_count;

	for (size_t i = 0; i < count; i++)
		if (trace->flying[i] != probe)
			trace->flying[kept++] = trace->flying[i];
	trace->flying_count = kept;
	return kept < count;
}

static void measure(struct trace *trace, const struct probe *probe, int64_t now)
{
	struct trace_hop *hop = &trace->hops[probe->packet.ttl];
	int64_t took = now > probe->sent ? now - probe->sent : 1;

	hop->answered++;
	if (took > hop->longest)
		hop->longest = took;
	if (took > trace->longest)
		trace->longest = took;
}

/*
 * The nearest end is the right one: a probe for a later hop ends there as well. Where nobody makes them smaller, probes
 * that are too large for a link end before it.
 */
static void end_here(struct trace *trace, struct probe *probe)
{
	if (trace_too_big(probe) ? trace->options.mtu : !answer_ends(probe->answer, trace->base))
		return;
	probe->arrived = answer_arrived(probe->answer, trace->base);
	trace->reached |= probe->arrived;
	if (trace->part->many_ends)
		return;
	if (!trace->end || probe->packet.ttl < trace->end)
		trace->end = probe->packet.ttl;
}

void trace_answered(struct trace *trace, struct probe *probe, enum match_answer what, int64_t now)
{
	if (what != MATCH_FIRST && what != MATCH_LATE)
		return;
	if (forget_flying(trace, probe))
		landed(trace, probe, PROBE_ANSWERED);
	trace->unheard = 0;
	measure(trace, probe, now);
	end_here(trace, probe);
	over(trace, probe, now);
}

void trace_stop(struct trace *trace)
{
	trace->stopped = true;
}

/* ------------------------------------------------------------------------------------------------ what is next */

static bool next_probe(struct trace *trace, int64_t now, int64_t *until)
{
	struct trace_plan plan = { .size = trace->options.size };

	if (trace->stopped || !trace->part->plan(trace, now, &plan, until))
		return false;
	if (now < trace->next_send) {
		*until = trace->next_send;
		return false;
	}
	if (!trace_wait_room(trace, now, until))
		return false;
	trace->handed = make(trace, &plan, now);
	trace->stopped = !trace->handed; /* no keys are left */
	return trace->handed;
}

enum trace_step trace_next(struct trace *trace, int64_t now, struct probe **probe, int64_t *until)
{
	int64_t deadline;

	*until = INT64_MAX;
	expire(trace, now);
	if (trace->handed || next_probe(trace, now, until)) {
		*probe = trace->handed;
		return TRACE_SEND;
	}
	deadline = trace_wait_deadline(trace);
	if (deadline < *until)
		*until = deadline;
	return *until == INT64_MAX ? TRACE_DONE : TRACE_WAIT;
}

/* ------------------------------------------------------------------------------------------------ what is known */

unsigned trace_first(const struct trace *trace)
{
	return trace->options.first;
}

unsigned trace_hops(const struct trace *trace)
{
	unsigned reach = trace->part->reach ? trace->part->reach(trace) : trace_last(trace);

	return reach < trace->furthest ? reach : trace->furthest;
}

uint64_t trace_flying(const struct trace *trace, unsigned ttl)
{
	return ttl <= PROBE_TTLS ? trace->hops[ttl].flying : 0;
}

bool trace_hop_done(const struct trace *trace, unsigned ttl)
{
	if (ttl > trace_last(trace))
		return true;
	if (trace->hops[ttl].over < trace->hops[ttl].planned)
		return false;
	return trace->stopped || trace->part->asked(trace, ttl);
}

bool trace_reached(const struct trace *trace)
{
	return trace->reached;
}
