/* SPDX-License-Identifier: BSD-2-Clause */
/* A network that is a few lines of C, with a time of its own: a whole trace runs in microseconds. */
#pragma once

#include "probe/hops.h"
#include "probe/match.h"
#include "probe/trace.h"

#define MS INT64_C(1000000)
#define SECOND (1000 * MS)

/* A hop, or all routers at that distance. Zeroed: one router that answers at once. */
struct sim_hop {
	int64_t delay;        /* from the probe to the answer, ns */
	bool silent;          /* answers nothing, passes everything on */
	unsigned lose_every;  /* every so-manieth probe that comes here gets no answer; 0: none */
	unsigned drop_every;  /* every so-manieth packet that comes by is lost; 0: none */
	int64_t limit;        /* an answer every so many ns at most */
	unsigned fan;         /* of each router before: so many next hops, chosen by the flow; 0: one */
	unsigned width;       /* routers at this hop; 0: one */
	bool per_packet;      /* chosen anew for each packet */
	uint16_t mtu;         /* of the link that leads here; 0: any */
	bool mtu_untold;      /* a router before RFC 1191: too big, without a number */
	bool hole;            /* what is too big vanishes */
	bool forbids;         /* unreachable: nothing passes here */
	/* Of the run: */
	unsigned came, passed;
	int64_t last_answer;
};

struct sim_flight {
	int64_t time;
	struct probe *probe;
	struct answer answer;
};

struct simulated {
	struct sim_hop hops[PROBE_TTLS + 2]; /* by TTL */
	unsigned count;       /* the TTL of the destination */
	bool target_silent;
	uint16_t link_mtu;    /* larger ones cannot be sent; 0: any */
	int refused;          /* errno of every sending; 0: none */
	uint64_t seed;
	void (*at_probe)(struct simulated *sim, size_t sent); /* called before each sending; may change the network */

	struct probe_base base;
	struct trace_options options;
	struct match *match;
	struct trace *trace;
	int64_t now, began;
	struct probe **sent;  /* in their order */
	int64_t *sent_at;
	size_t sent_count;
	struct sim_flight *flights;
	size_t flight_count;
};

/* What the command's defaults are: 3 queries, TTL 1 to 30, waits 5 s, 3, 10. All hops take 1 ms more than the last. */
void sim_init(struct simulated *sim, unsigned count);
void sim_release(struct simulated *sim);
/* To the end. */
void sim_run(struct simulated *sim);
/* So long, or to the end: true. */
bool sim_run_for(struct simulated *sim, int64_t time);
/* So many probes had that TTL. */
unsigned sim_asked(const struct simulated *sim, unsigned ttl);
