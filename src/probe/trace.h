/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The scheduler: which probe is sent when, when it is given up, and when the path is known. It has no clock, no socket
 * and no output: time comes with each call, and what is to be done is returned. So a whole trace runs in a test without
 * a network.
 */
#pragma once

#include "probe/match.h"

enum trace_mode {
	TRACE_PATH,   /* hop by hop, `queries` probes each */
	TRACE_FLOWS,  /* the same with `flows` flows, `queries` of each */
	TRACE_MDA,    /* as many flows as the confidence asks for: every path of a load balancer */
	TRACE_ROUNDS  /* one probe a hop, again and again */
};

struct trace_options {
	enum trace_mode mode;
	bool classic;            /* a flow for every probe: UDP counts the target port up, others as flows below */
	uint8_t first, last;     /* TTLs */
	unsigned queries;        /* for each hop (and flow) */
	unsigned parallel;       /* at most so many in flight; 0: 16, and as many again after each silence */
	unsigned flows;
	unsigned confidence;     /* TRACE_MDA: percent, 95 or 99 */
	unsigned flows_most;     /* TRACE_MDA: at most so many flows for a hop; 0: 128 */
	uint64_t rounds;         /* TRACE_ROUNDS: 0: until it is told to stop */
	int64_t interval;        /* TRACE_ROUNDS: ns between the beginnings of two rounds */
	int64_t wait_most;       /* ns: a probe is given up after so long, ... */
	double wait_here;        /* ... or so many times what an answer of the same hop took, ... */
	double wait_near;        /* ... or so many times what an answer of a later hop took */
	int64_t spacing;         /* ns between two probes */
	bool mtu;                /* probes are as large as the path takes; a hop is asked again after too large a one */
	uint16_t size;           /* octets of a probe */
	uint16_t source_port, target_port;
	uint16_t checksum;       /* ICMP: of the first flow; flow n has checksum + n. UDP, TCP: source_port + n */
	uint32_t flow_label;     /* IPv6: flow n has flow_label + n */
};

/*
 * What is never waited less for than this (ns), however quick other answers were; and for hops beyond the last one that
 * answers, of which wait_near times the longest answer of all is waited for. With wait_near 0 they take wait_most.
 */
#define TRACE_WAIT_LEAST 50000000
#define TRACE_WAIT_BEYOND 1000000000

struct trace;

/* match: the run's probes, which the trace adds to; borrowed, as is base. */
struct trace *trace_new(const struct trace_options *options, const struct probe_base *base, struct match *match);
void trace_free(struct trace *trace); /* NULL is allowed */

enum trace_step {
	TRACE_SEND, /* *probe is to be sent now: tell with trace_sent() or trace_failed() */
	TRACE_WAIT, /* nothing to do before *until (ns of CLOCK_MONOTONIC; INT64_MAX: an answer), or an answer */
	TRACE_DONE  /* all that can be known is known */
};

/* now: ns of CLOCK_MONOTONIC. */
enum trace_step trace_next(struct trace *trace, int64_t now, struct probe **probe, int64_t *until);
void trace_sent(struct trace *trace, struct probe *probe, int64_t now);
/* The kernel refused to send it (errno). */
void trace_failed(struct trace *trace, struct probe *probe, int error, int64_t now);
/* A probe's answer is there, as match_take() said. */
void trace_answered(struct trace *trace, struct probe *probe, enum match_answer what, int64_t now);
/* Send nothing more; what is in flight may still be answered. */
void trace_stop(struct trace *trace);
/*
 * Called for each probe when it is over: answered, expired or failed; and once more when an answer to an expired one
 * comes late. The probe may be gone later (TRACE_ROUNDS: match_recycle()), so who counts a run without end counts here.
 */
void trace_watch(struct trace *trace, void (*watch)(void *context, const struct probe *probe), void *context);

/* ------------------------------------------------------------------------------------------------ what is known */

/* The first TTL that is probed. */
unsigned trace_first(const struct trace *trace);
/* So many hops are known or being asked: the end of the path, or the last TTL that was probed. */
unsigned trace_hops(const struct trace *trace);
/* Probes of the hop that are in flight. */
uint64_t trace_flying(const struct trace *trace, unsigned ttl);
/* Nothing more will be learned about the hop: its line can be printed. */
bool trace_hop_done(const struct trace *trace, unsigned ttl);
/* The destination answered. */
bool trace_reached(const struct trace *trace);
/* With mtu: of the path up to that hop, in octets; 0: not known, for nobody answered. */
uint32_t trace_path_mtu(const struct trace *trace, unsigned ttl);
/*
 * TRACE_MDA, of the hop: how many flows were tried; *needed: how many the confidence asked for, given the next hops
 * that were found. Fewer tried than needed: flows_most ended it, and more may be there.
 */
unsigned trace_flows_tried(const struct trace *trace, unsigned ttl, unsigned *needed);
/* TRACE_MDA: the same flow met different routers at that hop: who is next is chosen for each packet. */
bool trace_per_packet(const struct trace *trace, unsigned ttl);
