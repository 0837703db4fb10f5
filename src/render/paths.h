/* SPDX-License-Identifier: BSD-2-Clause */
/* Several paths to one host, and which flows take which: what load balancers do. */
#pragma once

#include "render/path.h"

struct paths {
	const struct path *path; /* how addresses are shown */
	const struct hops *hops;
	const struct probe *const *probes; /* all of the run: path_probes() */
	size_t probe_count;
	unsigned confidence; /* percent; 0: nobody looked for all of them (TRACE_FLOWS) */
	/* With confidence: trace_flows_tried(), and what it is asked about. */
	unsigned (*tried)(const struct trace *trace, unsigned ttl, unsigned *needed);
	const struct trace *trace;
};

/*
 * A line for each responder of each hop: the flows that got there, loss and times. What was lost belongs to a responder
 * when its flow met nobody else at that hop; all else stands in a line of its own, "*".
 */
void paths_table(struct text *out, const struct paths *paths);
/* "path 1: a b c d  (flows 0,3-5)": flows that met the same responders everywhere, or likely did. */
void paths_list(struct text *out, const struct paths *paths);
/* "hop 3: 2 responders; 11 flows tried; 95 % sure that there are no more"; and flows whose packets go several ways. */
void paths_sentences(struct text *out, const struct paths *paths);
/* All three, with empty lines between them. */
void paths_print(struct text *out, const struct paths *paths);
