/* SPDX-License-Identifier: BSD-2-Clause */
/* A trace as JSON objects, one a line, for programs: docs/events.md says what their members are. */
#pragma once

#include "probe/wire.h"
#include "render/path.h"

/* What all objects of a run owe to it. */
struct path_json {
	const struct path *path; /* names */
	const struct probe_base *base;
	const struct trace *trace; /* for what is known of a hop; NULL: nothing is */
	bool flows;                /* several are tried (TRACE_FLOWS, TRACE_MDA) */
	unsigned confidence;       /* TRACE_MDA: percent; 0: nobody looked for all paths */
	/* With confidence: trace_flows_tried(). */
	unsigned (*tried)(const struct trace *trace, unsigned ttl, unsigned *needed);
};

/* time: of the event, ns since 1970. A probe was sent, or could not be. */
void path_json_probe(struct text *out, const struct path_json *json, int64_t time, const struct probe *probe);
/* An answer to the probe came; it need not be the first. Its own time goes before. */
void path_json_answer(struct text *out, const struct path_json *json, int64_t time, const struct probe *probe,
		      const struct answer *answer, enum match_answer what);
/* Nothing more will be learned about the hop. */
void path_json_hop(struct text *out, const struct path_json *json, int64_t time, const struct hop *hop);

/* How it ended. */
struct path_json_end {
	const char *host; /* as the user typed it */
	bool reached, interrupted;
	uint64_t sent, unsent; /* probes */
	const struct match_counts *counts;
	const struct wire_limits *limits; /* NULL: not told */
	const struct hops *hops;
};
void path_json_trace(struct text *out, const struct path_json *json, int64_t time, const struct path_json_end *end);

/* ------------------------------------------------------------------------------------------------ its own files */

/* The members of a hop. */
void path_json_hop_members(struct text *out, const struct path_json *json, const struct hop *hop);
/* Who answers, and what it says: what responders and answers have in common. */
void path_json_answer_members(struct text *out, const struct path_json *json, const struct answer *answer);
