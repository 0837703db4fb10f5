/* SPDX-License-Identifier: BSD-2-Clause */
/* What the probes of a hop say together: who answered, how long it took, and what silence means. */
#pragma once

#include "probe/match.h"
#include "probe/trace.h"

/* Times of one responder or of a hop; ns. */
struct hop_times {
	uint64_t count;
	int64_t last, best, worst;
	double mean, squares;    /* of Welford: the standard deviation is sqrt(squares / (count - 1)) */
	int64_t jitter;          /* between the last two */
	double jitter_mean;
	int64_t jitter_worst;
	double interarrival;     /* RFC 3550 section 6.4.1 */
	double log_sum;          /* for the geometric mean */
	int64_t *sorted;         /* every time, in ascending order: percentiles are exact */
};
int64_t hop_percentile(const struct hop_times *times, double percent); /* nearest rank; PROBE_NO_TIME: none */
double hop_deviation(const struct hop_times *times);                   /* ns; 0 for less than two */
double hop_geometric(const struct hop_times *times);                   /* ns */

struct hop_responder {
	struct address address;
	struct hop_times times;
	const struct answer *answer; /* its first; borrowed from the probe */
	uint64_t flows;              /* different flows that ended here */
};

/* Why a hop's probes were not all answered. */
enum hop_silence {
	HOP_COMPLETE,      /* they were */
	HOP_PENDING,       /* some are in flight */
	HOP_SILENT,        /* none was, but later hops answer: the router passes packets on and does not answer itself */
	HOP_LIMITED,       /* some were not, but later hops lose less: the router limits how often it answers */
	HOP_LOSS,          /* some were not, and later hops lose as much: packets are lost, here or before */
	HOP_SOME_LOSS,     /* some were not, and no later hop tells why */
	HOP_END,           /* none was, and no later hop answers: the path ends, or the rest is silent */
	HOP_UNSENT         /* probes could not be sent from here */
};

struct hop {
	unsigned ttl;
	uint64_t sent, answered, flying, failed, late, again;
	int error;                        /* errno of the first that could not be sent */
	struct hop_times times;           /* of all responders */
	struct hop_responder *responders; /* in the order of their first answer */
	size_t responder_count;
	enum hop_silence silence;
	/* Seen in quotations: */
	bool rewritten;                   /* a translator is on the way to here */
	bool tos_changed;
	uint8_t tos;                      /* with tos_changed: the one that was quoted */
	int back;                         /* hops of the way back, from the answer's TTL; 0: not known */
};

struct hops {
	struct hop *list;                 /* list[i] has TTL first + i */
	size_t count;
};

/* Counts all probes of the run anew; owned by the caller. */
void hops_collect(struct hops *hops, const struct match *match, const struct trace *trace,
		  const struct probe_base *base);
void hops_release(struct hops *hops);

/* "silent: passes packets on, does not answer itself": why not all were answered. NULL: they were, or may still be. */
const char *hop_silence_words(enum hop_silence silence);
/* A word for machines: "silent", "limited", "loss", ... */
const char *hop_silence_name(enum hop_silence silence);
