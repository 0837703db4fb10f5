/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every path of load balancers (Augustin, Friedman, Teixeira: "Measuring load-balanced paths in the Internet", 2007).
 * Hop by hop, and for each node of the hop before: flows that go through that node are sent on until mda_stop() says
 * that so many were tried that another next hop would have been seen. Where too few flows are known to go through a
 * node, more are tried at its own hop (node control). Flows are few and are used again at every hop, so what is known
 * about one at the hop before costs nothing.
 *
 * Before that flow 0 goes ahead along the whole path. From what it finds the waits of silent hops are known, and where
 * the path ends when the destination is silent.
 */
#include <stdlib.h>

#include "probe/answer.h"
#include "probe/trace_mda.h"

/* The same flow once more: two next hops that are chosen by the packet are mistaken for one in 1 of 256 cases. */
#define REPEATS 8u
/* Hops before the one that is asked, which may be asked more. */
#define LOOK_BACK 2u

static bool outstanding(const struct trace *trace, unsigned ttl)
{
	return trace->hops[ttl].planned > trace->hops[ttl].over;
}

static bool later_answers(const struct trace *trace, unsigned ttl)
{
	for (; ttl <= trace->furthest; ttl++)
		if (trace->hops[ttl].answered)
			return true;
	return false;
}

static void ask(struct trace_plan *plan, unsigned ttl, unsigned flow, unsigned round)
{
	plan->ttl = (uint8_t)ttl;
	plan->flow = (uint16_t)flow;
	plan->round = round;
}

/* ------------------------------------------------------------------------------------------------ what is asked */

static bool scout(const struct trace *trace, const struct mda *mda, struct trace_plan *plan)
{
	if (mda->ttl > (mda->scout_end ? mda->scout_end : trace->options.last))
		return false;
	ask(plan, mda->ttl, 0, 0);
	return true;
}

static bool with_outcome(struct mda *mda, unsigned ttl, uint16_t outcome, struct trace_plan *plan)
{
	struct mda_hop *hop = mda_hop(mda, ttl);

	for (unsigned flow = 0; flow < mda->flows; flow++) {
		if (hop->outcomes[flow] != outcome)
			continue;
		ask(plan, ttl, flow, hop->tries[flow]);
		return true;
	}
	return false;
}

static bool retry(struct mda *mda, unsigned ttl, struct trace_plan *plan)
{
	return mda_hop(mda, ttl)->retries && with_outcome(mda, ttl, MDA_RETRY, plan);
}

/* Flows through a silent node are not looked for: most silence is a lost answer, and there is no telling. */
static bool explore_group(struct trace *trace, struct mda *mda, unsigned ttl, int group, struct trace_plan *plan)
{
	struct mda_tally tally = mda_tally(mda, ttl, group);
	unsigned under_way = tally.tried + tally.flying, needed = mda_needed(mda, &tally);
	const struct trace_hop *before = &trace->hops[ttl - 1];

	if (under_way >= needed)
		return false;
	if (tally.untried != MDA_NO_FLOW) {
		ask(plan, ttl, tally.untried, 0);
		return true;
	}
	if (group < 0 || before->planned - before->over >= needed - under_way)
		return false;
	return with_outcome(mda, ttl - 1, MDA_UNTRIED, plan);
}

static bool explore_hop(struct trace *trace, struct mda *mda, unsigned ttl, struct trace_plan *plan)
{
	const struct mda_hop *before = &mda->hops[ttl - 1];

	if (retry(mda, ttl, plan))
		return true;
	if (mda_one_way(trace, mda, ttl))
		return explore_group(trace, mda, ttl, MDA_BY_ANY, plan);
	if (retry(mda, ttl - 1, plan))
		return true;
	for (int group = MDA_BY_STAR; group < (int)before->node_count; group++)
		if ((group < 0 || !before->nodes[group].ends) && explore_group(trace, mda, ttl, group, plan))
			return true;
	return false;
}

static unsigned earliest(const struct trace *trace, const struct mda *mda)
{
	return mda->ttl > trace->options.first + LOOK_BACK ? mda->ttl - LOOK_BACK : trace->options.first;
}

/* Node control may find at the hop before what was missed there, and then that hop is to be asked more. */
static bool explore(struct trace *trace, struct mda *mda, struct trace_plan *plan)
{
	for (unsigned ttl = earliest(trace, mda); ttl <= mda->ttl; ttl++)
		if (explore_hop(trace, mda, ttl, plan))
			return true;
	return false;
}

/* One flow that was answered, again and again. */
static bool repeat_hop(struct mda *mda, unsigned ttl, struct trace_plan *plan)
{
	struct mda_hop *hop = mda_hop(mda, ttl);

	if (hop->node_count < 2 || hop->per_packet || hop->repeats >= REPEATS)
		return false;
	for (unsigned flow = 0; flow < mda->flows; flow++) {
		if (hop->outcomes[flow] < MDA_NODE)
			continue;
		ask(plan, ttl, flow, hop->tries[flow] + hop->repeats);
		return true;
	}
	return false;
}

static bool repeat(const struct trace *trace, struct mda *mda, struct trace_plan *plan)
{
	for (unsigned ttl = earliest(trace, mda); ttl <= mda->ttl; ttl++)
		if (repeat_hop(mda, ttl, plan))
			return true;
	return false;
}

static bool all_end(const struct mda_hop *hop)
{
	for (unsigned i = 0; i < hop->node_count; i++)
		if (!hop->nodes[i].ends)
			return false;
	return hop->node_count;
}

static void advance(struct trace *trace, struct mda *mda)
{
	if (mda->phase == MDA_SCOUTING) {
		mda->phase = MDA_EXPLORING;
		mda->ttl = trace->options.first;
		return;
	}
	if (all_end(mda_hop(mda, mda->ttl)))
		trace->end = (uint8_t)mda->ttl;
	if (trace->end || mda->ttl >= trace->options.last || !later_answers(trace, mda->ttl))
		mda->phase = MDA_DONE;
	else
		mda->ttl++;
}

static bool busy(const struct trace *trace, const struct mda *mda)
{
	unsigned last = mda->phase == MDA_EXPLORING ? mda->ttl : mda->scout_end ? mda->scout_end : trace->furthest;

	for (unsigned ttl = trace->options.first; ttl <= last; ttl++)
		if (outstanding(trace, ttl))
			return true;
	return false;
}

static bool mda_plan(struct trace *trace, int64_t now, struct trace_plan *plan, int64_t *until)
{
	struct mda *mda = mda_of(trace);

	(void)now;
	(void)until;
	while (mda->phase != MDA_DONE) {
		if (mda->phase == MDA_SCOUTING ? scout(trace, mda, plan) : explore(trace, mda, plan))
			return true;
		if (busy(trace, mda))
			return false;
		if (mda->phase == MDA_EXPLORING && repeat(trace, mda, plan))
			return true;
		advance(trace, mda);
	}
	return false;
}

/* ------------------------------------------------------------------------------------------------ what came of it */

static void mda_planned(struct trace *trace, struct probe *probe, int64_t now)
{
	struct mda *mda = mda_of(trace);
	struct mda_hop *hop = mda_hop(mda, probe->packet.ttl);
	uint16_t *outcome = &hop->outcomes[probe->flow];

	(void)now;
	if (*outcome >= MDA_STAR) {
		hop->repeats++;
		return;
	}
	if (probe->flow >= mda->used)
		mda->used = probe->flow + 1u;
	hop->retries -= *outcome == MDA_RETRY;
	*outcome = MDA_FLYING;
	hop->tries[probe->flow]++;
	if (mda->phase == MDA_SCOUTING)
		mda->ttl++;
}

static void answered(struct trace *trace, struct mda *mda, const struct probe *probe)
{
	struct mda_hop *hop = mda_hop(mda, probe->packet.ttl);
	uint16_t *outcome = &hop->outcomes[probe->flow];
	unsigned node = mda_node(hop, &probe->answer->from);
	bool ends = answer_ends(probe->answer, trace->base);

	hop->nodes[node].ends |= ends;
	if (ends && mda->phase == MDA_SCOUTING && (!mda->scout_end || probe->packet.ttl < mda->scout_end))
		mda->scout_end = probe->packet.ttl;
	hop->per_packet |= *outcome >= MDA_NODE && *outcome != MDA_NODE + node;
	hop->retries -= *outcome == MDA_RETRY;
	if (*outcome < MDA_NODE)
		*outcome = (uint16_t)(MDA_NODE + node);
}

/* Where nobody answers and nobody behind does, it is not for bad luck. */
static void unanswered(struct trace *trace, struct mda *mda, const struct probe *probe)
{
	struct mda_hop *hop = mda_hop(mda, probe->packet.ttl);
	uint16_t *outcome = &hop->outcomes[probe->flow];
	unsigned tries = later_answers(trace, probe->packet.ttl) ? trace->options.queries : 1;

	if (*outcome != MDA_FLYING)
		return;
	*outcome = hop->tries[probe->flow] < tries ? MDA_RETRY : MDA_STAR;
	hop->retries += *outcome == MDA_RETRY;
}

static void mda_over(struct trace *trace, struct probe *probe, int64_t now)
{
	(void)now;
	(probe->answer ? answered : unanswered)(trace, mda_of(trace), probe);
}

static bool mda_asked(const struct trace *trace, unsigned ttl)
{
	const struct mda *mda = trace->own;

	return mda && (mda->phase == MDA_DONE || (mda->phase == MDA_EXPLORING && ttl + LOOK_BACK + 1 < mda->ttl));
}

static void mda_free(struct trace *trace)
{
	struct mda *mda = trace->own;

	for (unsigned ttl = 0; mda && ttl <= PROBE_TTLS; ttl++) {
		free(mda->hops[ttl].nodes);
		free(mda->hops[ttl].outcomes);
		free(mda->hops[ttl].tries);
	}
	free(mda);
}

const struct trace_part trace_mda = {
	.many_ends = true,
	.plan = mda_plan,
	.planned = mda_planned,
	.over = mda_over,
	.asked = mda_asked,
	.free = mda_free,
};

/* ------------------------------------------------------------------------------------------------ what is known */

static void add_group(struct mda *mda, unsigned ttl, int group, unsigned *tried, unsigned *needed)
{
	struct mda_tally tally = mda_tally(mda, ttl, group);
	unsigned wanted = mda_needed(mda, &tally);

	*tried += tally.tried;
	*needed += group == MDA_BY_STAR && tally.tried < wanted ? tally.tried : wanted;
}

unsigned trace_flows_tried(const struct trace *trace, unsigned ttl, unsigned *needed)
{
	struct mda *mda = trace->part == &trace_mda ? trace->own : NULL;
	unsigned tried = 0;

	*needed = 0;
	if (!mda || !ttl || ttl > PROBE_TTLS || mda->phase == MDA_SCOUTING || ttl > mda->ttl)
		return 0;
	if (mda_one_way(trace, mda, ttl)) {
		add_group(mda, ttl, MDA_BY_ANY, &tried, needed);
		return tried;
	}
	for (int group = MDA_BY_STAR; group < (int)mda->hops[ttl - 1].node_count; group++)
		if (group < 0 || !mda->hops[ttl - 1].nodes[group].ends)
			add_group(mda, ttl, group, &tried, needed);
	return tried;
}

bool trace_per_packet(const struct trace *trace, unsigned ttl)
{
	const struct mda *mda = trace->part == &trace_mda ? trace->own : NULL;

	return mda && ttl <= PROBE_TTLS && mda->hops[ttl].per_packet;
}
