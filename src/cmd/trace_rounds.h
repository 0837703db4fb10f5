/* SPDX-License-Identifier: BSD-2-Clause */
/* Statistics of a trace in rounds: what --report prints at the end and --live all the time. */
#pragma once

#include "cmd/tracing.h"
#include "render/report.h"

struct trace_rounds {
	struct tracing *tracing;
	struct hops hops;
	struct report_order orders[2];
	unsigned order; /* which of the two */
	struct path path;
	char host[256]; /* our own */
};

/*
 * order and other: the columns, when -o names none, and those to change to. From then on the rounds hear of every probe
 * of the tracing, which they borrow.
 */
int trace_rounds_open(struct trace_rounds *rounds, struct tracing *tracing, const char *order, const char *other,
		      struct error *err);
void trace_rounds_release(struct trace_rounds *rounds);

/* To be told of every answer. */
void trace_rounds_answered(struct trace_rounds *rounds, const struct probe *probe, enum match_answer what);
/* All is counted anew from now on. */
void trace_rounds_restart(struct trace_rounds *rounds);
/* The table as it is now. */
void trace_rounds_table(struct trace_rounds *rounds, struct text *out);
/* What is remarkable, behind the last table. */
void trace_rounds_notes(struct trace_rounds *rounds, struct text *out);
