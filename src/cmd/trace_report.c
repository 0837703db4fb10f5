/* SPDX-License-Identifier: BSD-2-Clause */
/* sonde trace --report: some rounds, and a table at the end. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "cmd/trace_rounds.h"

static int report_begin(struct tracing *tracing, struct error *err)
{
	tracing->state = mem_new(1, sizeof(struct trace_rounds));
	report_start(&tracing->out, (time_t)(clock_utc() / NS_PER_S));
	return trace_rounds_open(tracing->state, tracing, REPORT_ORDER, REPORT_ORDER_LIVE, err);
}

static int report_answered(struct tracing *tracing, const struct probe *probe, const struct answer *answer,
			   enum match_answer what, struct error *err)
{
	(void)answer;
	(void)err;
	trace_rounds_answered(tracing->state, probe, what);
	return 0;
}

static int report_end(struct tracing *tracing, struct error *err)
{
	if (tracing_names(tracing, TRACING_NAMES_NS, err) < 0)
		return -1;
	trace_rounds_table(tracing->state, &tracing->out);
	trace_rounds_notes(tracing->state, &tracing->out);
	return 0;
}

static void report_release(struct tracing *tracing)
{
	if (tracing->state)
		trace_rounds_release(tracing->state);
	free(tracing->state);
	tracing->state = NULL;
}

const struct trace_view trace_report_view = {
	.name = "report",
	.begin = report_begin,
	.answered = report_answered,
	.end = report_end,
	.release = report_release,
};
