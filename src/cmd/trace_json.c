/* SPDX-License-Identifier: BSD-2-Clause */
/* sonde trace --json: an object for each probe and answer as they come, for each hop, and one for the whole. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "cmd/trace_rounds.h"
#include "render/path_json.h"

struct json_view {
	struct path path;
	struct path_json json;
	struct trace_rounds
		*rounds; /* TRACE_ROUNDS: statistics of a run whose probes do not stay; NULL: it has an end */
	unsigned next;   /* the hop that is told next */
};

static struct json_view *view_of(const struct tracing *tracing)
{
	return tracing->state;
}

static int json_begin(struct tracing *tracing, struct error *err)
{
	const struct trace_options *options = &tracing->options;
	struct json_view *view = mem_new(1, sizeof *view);

	tracing->state = view;
	view->next = options->first;
	view->path = (struct path){ .method = tracing->base.method, .name = tracing_name, .context = tracing };
	view->json = (struct path_json){
		.path = &view->path,
		.base = &tracing->base,
		.trace = tracing->trace,
		.flows = options->mode == TRACE_FLOWS || options->mode == TRACE_MDA,
		.confidence = options->confidence,
	};
	if (options->mode != TRACE_ROUNDS)
		return 0;
	view->rounds = mem_new(1, sizeof *view->rounds);
	return trace_rounds_open(view->rounds, tracing, REPORT_ORDER, REPORT_ORDER_LIVE, err);
}

static int json_sent(struct tracing *tracing, const struct probe *probe, struct error *err)
{
	(void)err;
	path_json_probe(&tracing->out, &view_of(tracing)->json, clock_utc(), probe);
	return 0;
}

static int json_answered(struct tracing *tracing, const struct probe *probe, const struct answer *answer,
			 enum match_answer what, struct error *err)
{
	(void)err;
	if (view_of(tracing)->rounds)
		trace_rounds_answered(view_of(tracing)->rounds, probe, what);
	path_json_answer(&tracing->out, &view_of(tracing)->json, clock_utc(), probe, answer, what);
	return 0;
}

/* Of a run without end a hop is never done: all of them are told with the whole. */
static int json_look(struct tracing *tracing, int64_t now, int64_t *again, struct error *err)
{
	struct json_view *view = view_of(tracing);
	struct hops hops = { 0 };

	(void)now;
	(void)again;
	(void)err;
	if (view->rounds || view->next > trace_hops(tracing->trace) || !trace_hop_done(tracing->trace, view->next))
		return 0;
	hops_collect(&hops, tracing->match, tracing->trace, &tracing->base);
	for (; view->next <= trace_hops(tracing->trace) && trace_hop_done(tracing->trace, view->next); view->next++)
		path_json_hop(&tracing->out, &view->json, clock_utc(), &hops.list[view->next - tracing->options.first]);
	hops_release(&hops);
	return 0;
}

static int json_end(struct tracing *tracing, struct error *err)
{
	struct json_view *view = view_of(tracing);
	struct hops collected = { 0 };
	struct path_json_end end = {
		.host = tracing->settings->host,
		.reached = trace_reached(tracing->trace),
		.interrupted = tracing->interrupted,
		.sent = tracing->sent,
		.unsent = tracing->unsent,
		.counts = match_counts(tracing->match),
		.limits = wire_limits(tracing->wire),
		.hops = &collected,
	};

	if (tracing_names(tracing, TRACING_NAMES_NS, err) < 0)
		return -1;
	if (view->rounds) {
		hops_judge(&view->rounds->hops, tracing->trace);
		end.hops = &view->rounds->hops;
	} else {
		hops_collect(&collected, tracing->match, tracing->trace, &tracing->base);
	}
	path_json_trace(&tracing->out, &view->json, clock_utc(), &end);
	hops_release(&collected);
	return 0;
}

static void json_release(struct tracing *tracing)
{
	struct json_view *view = view_of(tracing);

	if (view && view->rounds)
		trace_rounds_release(view->rounds);
	if (view)
		free(view->rounds);
	free(view);
	tracing->state = NULL;
}

const struct trace_view trace_json_view = {
	.name = "json",
	.begin = json_begin,
	.sent = json_sent,
	.answered = json_answered,
	.look = json_look,
	.end = json_end,
	.release = json_release,
};
