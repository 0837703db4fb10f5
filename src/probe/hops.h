/* SPDX-License-Identifier: BSD-2-Clause */
/* What the probes of a hop say together: who answered, how long it took, and what silence means. */
#pragma once

#include "probe/match.h"
#include "probe/trace.h"

#define HOP_TIMES_KEPT 4096u /* for percentiles */

/* Times of one responder or of a hop, in the order in which they were added; ns. */
struct hop_times {
	uint64_t count;
	int64_t last, best, worst;
	double mean, squares;    /* of Welford: the standard deviation is sqrt(squares / (count - 1)) */
	int64_t jitter;          /* between the last two */
	double jitter_mean;
	int64_t jitter_worst;
	double interarrival;     /* RFC 3550 section 6.4.1 */
	double log_sum;          /* for the geometric mean */
	int64_t *sorted;         /* the last `kept`, in ascending order: percentiles are exact up to that */
	size_t kept;
	int64_t *recent;         /* the same in the order of adding, as a ring: which of them is to go next */
};
int64_t hop_percentile(const struct hop_times *times, double percent); /* nearest rank; PROBE_NO_TIME: none */
double hop_deviation(const struct hop_times *times);                   /* ns; 0 for less than two */
double hop_geometric(const struct hop_times *times);                   /* ns */

struct hop_responder {
	struct address address;
	struct hop_times times;
	struct answer *answer;       /* its first; a copy, for probes may go */
	uint64_t flows;              /* different flows that ended here */
	uint64_t *flow_bits;         /* which */
	size_t flow_words;
};

/*
 * Why a hop's probes were not all answered. What is lost on the way to a hop is lost for all later hops as well, for
 * their probes take the same way; what a router does not answer is lost for this hop alone. So the later hops tell:
 * each of those that answer at all by itself, and all of them together, which helps where three probes are all we have.
 * With n and m probes that arrived or did not, and l and k that were not answered, here and there:
 *
 *	LIMITED    there lose less: l/n - k/m is more than two standard errors (of two shares that are really one,
 *	           p = (l + k) / (n + m): squared, p (1 - p) (1/n + 1/m)) for a later hop or for all of them
 *	LOSS       not so, and all together they lose at least half as large a share
 *	SOME_LOSS  neither: too few to say
 *
 * Answers that came late count as answers. Probes that could not be sent, or fly, count for nothing.
 */
enum hop_silence {
	HOP_COMPLETE,      /* they were */
	HOP_PENDING,       /* some are in flight */
	HOP_SILENT,        /* none was, but later hops answer: the router passes packets on and is silent itself */
	HOP_LIMITED,       /* some were not, but later hops lose less: the router limits how often it answers */
	HOP_LOSS,          /* some were not, and later hops lose as much: packets are lost, here or before */
	HOP_SOME_LOSS,     /* some were not, and no later hop tells why */
	HOP_END,           /* none was, and no later hop answers: the path ends, or the rest is silent */
	HOP_UNSENT         /* probes could not be sent from here */
};

struct hop {
	unsigned ttl;
	uint64_t sent;                    /* left, or fly */
	uint64_t answered, late;          /* late: of them, after they had been given up */
	uint64_t flying;
	uint64_t failed;                  /* could not be sent; not among sent */
	uint64_t again;                   /* further answers to one probe */
	int error;                        /* errno of the first that could not be sent */
	struct hop_times times;           /* of all responders */
	struct hop_responder *responders; /* in the order of their first answer */
	size_t responder_count;
	enum hop_silence silence;
	/* Seen in quotations: */
	bool rewritten;                   /* a translator is on the way to here */
	bool tos_changed;
	uint8_t tos;                      /* with tos_changed: the one that was quoted */
	uint32_t vanished;                /* with mtu: octets that get to here; larger probes were lost, and nobody says
					     why. They count for nothing else. 0: there are none */
	int back;                         /* hops of the way back, from the answer's TTL; 0: not known */
};

struct hops {
	struct hop *list;                 /* list[i] has TTL first + i */
	size_t count;                     /* as far as trace_hops() */
	size_t room;                      /* of the list: beyond count are hops that the path had once */
	unsigned first;
};

/*
 * Bit by bit, for a run without end, whose probes do not stay: hops_add() for each probe that trace_watch() tells of,
 * as often as it does; hops_again() for MATCH_AGAIN; and hops_judge() before the hops are looked at, which sets count,
 * flying and silence.
 */
void hops_init(struct hops *hops, unsigned first);
void hops_add(struct hops *hops, const struct probe *probe, const struct probe_base *base);
void hops_again(struct hops *hops, const struct probe *probe);
void hops_judge(struct hops *hops, const struct trace *trace);

/* Counts all probes of the run anew, into what is zero or was collected before; owned by the caller. */
void hops_collect(struct hops *hops, const struct match *match, const struct trace *trace,
		  const struct probe_base *base);
void hops_release(struct hops *hops);

/* "silent: passes packets on, does not answer itself": why not all were answered. NULL: they were, or may still be. */
const char *hop_silence_words(enum hop_silence silence);
/* A word for machines: "silent", "limited", "loss", ... */
const char *hop_silence_name(enum hop_silence silence);
