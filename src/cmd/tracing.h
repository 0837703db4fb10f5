/* SPDX-License-Identifier: BSD-2-Clause */
/* A trace on its way: where the wire, the scheduler and whoever shows it meet. */
#pragma once

#include "base/text.h"
#include "cmd/trace_options.h"
#include "io/sink.h"
#include "net/reverse.h"
#include "probe/hops.h"
#include "probe/wire.h"

struct tracing;

/*
 * How a trace is shown: const, one a file. All but `name` may be NULL. Each returns 0, or -1 with err when it cannot be
 * shown. They append to tracing->out, which is written to standard output whenever the loop has nothing else to do.
 */
struct trace_view {
	const char *name;
	int (*begin)(struct tracing *tracing, struct error *err);
	/* It was sent, or could not be: probe->state says. */
	int (*sent)(struct tracing *tracing, const struct probe *probe, struct error *err);
	int (*answered)(struct tracing *tracing, const struct probe *probe, const struct answer *answer,
			enum match_answer what, struct error *err);
	/* Called when something has happened, and at *again (ns of CLOCK_MONOTONIC, INT64_MAX: never) at the latest. */
	int (*look)(struct tracing *tracing, int64_t now, int64_t *again, struct error *err);
	/* A key of the terminal. */
	int (*key)(struct tracing *tracing, char key, struct error *err);
	int (*end)(struct tracing *tracing, struct error *err);
	/* Also when the trace failed; the terminal, and what the view has made. */
	void (*release)(struct tracing *tracing);
};

struct tracing {
	const struct trace_settings *settings;
	const struct trace_view *view;
	void *state;                     /* of the view */
	struct narrator narrator;
	struct probe_base base;
	struct trace_options options;
	struct wire *wire;
	struct match *match;
	struct trace *trace;
	struct reverse *reverse;         /* NULL: no names */
	struct sink *sink;               /* NULL: nothing is saved */
	struct text out;
	int signals;
	int keys;                        /* descriptor of the terminal's keys; -1: none */
	uint64_t sent, unsent;           /* probes */
	bool paused;                     /* nothing is sent */
	bool interrupted;                /* to end, and to say what is known */
};

/* Its first part: what the options ask for is chosen and opened, and every right is given up. -1 with err. */
int tracing_open(struct tracing *tracing, struct error *err);
/* From the options to the exit status. -1 with err. */
int tracing_run(const struct trace_settings *settings, struct error *err);

/* The name of an address, when it is known; NULL: not (yet), or names are not wanted. */
const char *tracing_name(void *tracing, const struct address *address);
#define TRACING_NAMES_NS INT64_C(2000000000) /* so long the end of a trace waits for them */
/* Waits until all names are there, or so long (ns). -1 with err. */
int tracing_names(struct tracing *tracing, int64_t patience, struct error *err);

/* How a trace can be shown. */
extern const struct trace_view trace_text_view, trace_json_view, trace_report_view, trace_live_view;
