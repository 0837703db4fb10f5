/* SPDX-License-Identifier: BSD-2-Clause */
/* What is known about flows and nodes. */
#include <stdlib.h>

#include "base/mem.h"
#include "probe/trace_mda.h"

struct mda *mda_of(struct trace *trace)
{
	struct mda *mda = trace->own;
	unsigned wanted = trace->options.flows_most ? trace->options.flows_most : MDA_FLOWS;

	if (mda)
		return mda;
	mda = trace->own = mem_new(1, sizeof *mda);
	mda->ttl = trace->options.first;
	mda->flows = wanted < MDA_FLOWS_MOST ? wanted : MDA_FLOWS_MOST;
	mda->confidence = trace->options.confidence;
	return mda;
}

struct mda_hop *mda_hop(struct mda *mda, unsigned ttl)
{
	struct mda_hop *hop = &mda->hops[ttl];

	if (hop->outcomes)
		return hop;
	hop->outcomes = mem_new(mda->flows, sizeof *hop->outcomes);
	hop->tries = mem_new(mda->flows, sizeof *hop->tries);
	return hop;
}

unsigned mda_node(struct mda_hop *hop, const struct address *address)
{
	unsigned i = 0;

	while (i < hop->node_count && !address_same_host(&hop->nodes[i].address, address))
		i++;
	if (i < hop->node_count)
		return i;
	/* Only who answers with a new address each time gets here: there are no more flows than that. */
	if (i == MDA_FLOWS_MOST)
		return i - 1;
	hop->nodes = mem_resize(hop->nodes, hop->node_count + 1, sizeof *hop->nodes);
	hop->nodes[hop->node_count++] = (struct mda_node){ .address = *address };
	return i;
}

bool mda_one_way(const struct trace *trace, const struct mda *mda, unsigned ttl)
{
	const struct mda_hop *before = &mda->hops[ttl - 1];

	return ttl <= trace->options.first || !before->node_count || before->per_packet;
}

/* What was asked at the hop alone, for node control of the next one, came through the only node before it. */
static bool belongs(const struct mda_hop *before, int group, unsigned flow, uint16_t outcome)
{
	if (group == MDA_BY_ANY)
		return true;
	if (group == 0 && before->node_count == 1 && before->outcomes[flow] == MDA_UNTRIED)
		return outcome != MDA_UNTRIED;
	return before->outcomes[flow] == (group == MDA_BY_STAR ? MDA_STAR : MDA_NODE + group);
}

struct mda_tally mda_tally(const struct mda *mda, unsigned ttl, int group)
{
	struct mda_tally tally = { .untried = MDA_NO_FLOW };
	const struct mda_hop *hop = &mda->hops[ttl];
	uint64_t seen[(MDA_NODE + MDA_FLOWS_MOST) / 64 + 1] = { 0 };

	for (unsigned flow = 0; flow < mda->used; flow++) {
		uint16_t outcome = hop->outcomes ? hop->outcomes[flow] : MDA_UNTRIED;
		uint64_t bit = (uint64_t)1 << outcome % 64, *word = &seen[outcome / 64];

		if (!belongs(&mda->hops[ttl - 1], group, flow, outcome))
			continue;
		if (outcome == MDA_UNTRIED && tally.untried == MDA_NO_FLOW)
			tally.untried = flow;
		tally.flying += outcome == MDA_FLYING || outcome == MDA_RETRY;
		if (outcome < MDA_STAR)
			continue;
		tally.tried++;
		tally.found += !(*word & bit);
		*word |= bit;
	}
	if (tally.untried == MDA_NO_FLOW && group == MDA_BY_ANY && mda->used < mda->flows)
		tally.untried = mda->used;
	return tally;
}

unsigned mda_needed(struct mda *mda, const struct mda_tally *tally)
{
	unsigned known = tally->found < 1 ? 1 : tally->found < MDA_BRANCHES ? tally->found : MDA_BRANCHES;

	if (!mda->stops[known])
		mda->stops[known] = mda_stop(known, mda->confidence);
	return mda->stops[known];
}
