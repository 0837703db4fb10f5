/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the scheduler share; nobody else includes it. */
#pragma once

#include "probe/trace.h"

#define TRACE_WINDOW 16u /* in flight, where the user has not said how many */

/* What is to be asked next. */
struct trace_plan {
	uint8_t ttl;
	uint16_t flow;
	uint32_t round;
	uint16_t size;
};

/*
 * A mode: what is asked, and when a hop is done. Sending, waiting and the window are everybody's and are in trace.c and
 * trace_wait.c.
 */
struct trace_part {
	bool many_ends; /* paths may be of different lengths: the part says where the last one ends */
	/*
	 * The next question: true. False: there is none now, nor before *until (INT64_MAX: before something is over).
	 * Says the same when asked again: only what was planned, what is over and time move it on.
	 */
	bool (*plan)(struct trace *trace, int64_t now, struct trace_plan *plan, int64_t *until);
	/* The probe was made of the last plan. May be NULL, as may all below. */
	void (*planned)(struct trace *trace, struct probe *probe, int64_t now);
	/* A probe is over: answered, given up or failed; and once more when an answer comes late. */
	void (*over)(struct trace *trace, struct probe *probe, int64_t now);
	/* Nothing more will be asked of the hop. */
	bool (*asked)(const struct trace *trace, unsigned ttl);
	/* The last TTL that belongs to the path by now. */
	unsigned (*reach)(const struct trace *trace);
	void (*free)(struct trace *trace);
};
extern const struct trace_part trace_path, trace_sizes, trace_mda, trace_rounds;

struct trace_hop {
	uint64_t planned, flying, failed;
	uint64_t over;        /* the rest of planned: answered, given up or failed */
	uint64_t answered;
	int64_t longest;      /* that an answer took, ns; 0: there is none */
	uint32_t mtu;         /* of the path up to here; 0: not known yet */
};

struct trace {
	struct trace_options options;
	const struct probe_base *base;
	struct match *match;
	const struct trace_part *part;
	void *own;                            /* of the part */
	struct trace_hop hops[PROBE_TTLS + 1]; /* by TTL */
	struct probe **flying;                /* in the order of sending */
	size_t flying_count, flying_room;
	struct probe *handed;                 /* TRACE_SEND was said, and not yet what came of it */
	bool stopped, reached;
	uint8_t end;                          /* TTL of the end of the path; 0: not known */
	uint8_t furthest;                     /* TTL of the last hop that was asked; 0: none was */
	int64_t next_send;                    /* not before */
	int64_t longest;                      /* of all answers */
	unsigned unheard;                     /* sent although the window was full, since the last answer */
	void (*watch)(void *context, const struct probe *probe);
	void *watch_context;
};

/* The last TTL that may be asked as far as is known. */
static inline unsigned trace_last(const struct trace *trace)
{
	return trace->end ? trace->end : trace->options.last;
}

/* Probes beyond the end of the path are not waited for. */
static inline bool trace_matters(const struct trace *trace, const struct probe *probe)
{
	return probe->packet.ttl <= trace_last(trace);
}

/* ------------------------------------------------------------------------------------------------ trace_wait.c */

/* When an answer to the probe is not waited for any longer, by what is known by now. limits: of each TTL. */
void trace_wait_limits(const struct trace *trace, int64_t limits[PROBE_TTLS + 1]);
/* The first of the deadlines of those that matter; INT64_MAX: none of them is in flight. */
int64_t trace_wait_deadline(const struct trace *trace);
/* The first in flight whose deadline has passed, taken out; NULL: there is none. */
struct probe *trace_wait_expired(struct trace *trace, int64_t now);
/* Whether one more may fly, which then does; *until is lowered to when that will be, if it is silence that lets it. */
bool trace_wait_room(struct trace *trace, int64_t now, int64_t *until);

/* ------------------------------------------------------------------------------------------------ trace_mtu.c */

/* The answer says that the probe was too large: no end of the path for smaller ones. */
bool trace_too_big(const struct probe *probe);
