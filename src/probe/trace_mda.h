/* SPDX-License-Identifier: BSD-2-Clause */
/* Which flow met whom at which hop; shared by the two files of the multipath detection. */
#pragma once

#include "probe/mda.h"
#include "probe/trace_parts.h"

#define MDA_FLOWS 128u        /* of a hop, where the user has not said how many */
#define MDA_FLOWS_MOST 4096u
#define MDA_NO_FLOW UINT32_MAX

/* What came of a flow at a hop; MDA_NODE + i: node i answered. */
enum { MDA_UNTRIED, MDA_FLYING, MDA_RETRY, MDA_STAR, MDA_NODE };

struct mda_node {
	struct address address;
	bool ends;            /* nothing is behind it */
};

struct mda_hop {
	struct mda_node *nodes; /* in the order of their first answer */
	unsigned node_count;
	uint16_t *outcomes;   /* by flow */
	uint8_t *tries;       /* by flow */
	unsigned retries;     /* flows that are MDA_RETRY */
	unsigned repeats;     /* of one flow, to see whether it always meets the same */
	bool per_packet;      /* it does not */
};

enum mda_phase { MDA_SCOUTING, MDA_EXPLORING, MDA_DONE };

struct mda {
	enum mda_phase phase;
	unsigned flows;       /* there are no more */
	unsigned used;        /* flows from here on were not tried anywhere */
	unsigned confidence;
	unsigned ttl;         /* EXPLORING: the hop that is asked; SCOUTING: the next one */
	uint8_t scout_end;    /* where flow 0 ends; 0: not known */
	unsigned stops[MDA_BRANCHES + 1]; /* mda_stop(), as far as it was needed; 0: not yet */
	struct mda_hop hops[PROBE_TTLS + 1];
};

/*
 * Flows that came to a hop the same way: by node `group` of the hop before, by none that answered (MDA_BY_STAR), or by
 * any (MDA_BY_ANY) where there is one way only, or where it cannot be chosen.
 */
#define MDA_BY_STAR (-1)
#define MDA_BY_ANY (-2)

struct mda_tally {
	unsigned tried, flying; /* flows of the group */
	unsigned found;         /* different next hops; all that are silent are one */
	uint32_t untried;       /* the first flow of the group that was not tried; MDA_NO_FLOW: all were */
};

struct mda *mda_of(struct trace *trace);
/* With room for what is to be known about it. */
struct mda_hop *mda_hop(struct mda *mda, unsigned ttl);
unsigned mda_node(struct mda_hop *hop, const struct address *address);
/* Whether the ways to the hop are not told apart. */
bool mda_one_way(const struct trace *trace, const struct mda *mda, unsigned ttl);
struct mda_tally mda_tally(const struct mda *mda, unsigned ttl, int group);
unsigned mda_needed(struct mda *mda, const struct mda_tally *tally);
