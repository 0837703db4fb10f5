/* SPDX-License-Identifier: BSD-2-Clause */
/* The path as traceroute shows it, a line a hop, as soon as all of the hop is known. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "cmd/trace_explain.h"
#include "render/path.h"
#include "render/paths.h"

#define NAMES_NS (2 * NS_PER_S) /* a line waits so long for names, while probes go on */

struct text_view {
	struct path path;
	unsigned next; /* the hop whose line comes next */
	int64_t since; /* when all of it was known; 0: it is not */
};

/* ------------------------------------------------------------------------------------------------ a line */

static bool named(const struct tracing *tracing, const struct probe *const *probes, size_t count)
{
	const char *name;

	for (size_t i = 0; tracing->reverse && i < count; i++)
		if (probes[i]->answer &&
		    reverse_get(tracing->reverse, &probes[i]->answer->from, &name) == REVERSE_PENDING)
			return false;
	return true;
}

/* The names are asked for when answers come; a line does not wait for them for ever. */
static bool is_ready(const struct tracing *tracing, struct text_view *view, const struct probe *const *probes,
		     size_t count, int64_t now)
{
	if (!view->since)
		view->since = now;
	return named(tracing, probes, count) || now >= view->since + NAMES_NS;
}

/* Of many flows a line a probe says little: they are summed up at the end. */
static bool has_paths(const struct tracing *tracing)
{
	return tracing->options.mode == TRACE_FLOWS || tracing->options.mode == TRACE_MDA;
}

/* Prints the next hop's line; false: it is not ready, or, when nobody waits (now is 0), nothing is known of it. */
static bool print_hop(struct tracing *tracing, struct text_view *view, int64_t now)
{
	size_t count;
	const struct probe **probes = path_probes(tracing->match, view->next, &count);
	bool ready = now ? is_ready(tracing, view, probes, count, now) : count > 0;

	if (ready && !has_paths(tracing))
		path_hop(&tracing->out, &view->path, view->next, probes, count);
	free(probes);
	if (!ready)
		return false;
	if (tracing->settings->arguments->explain)
		trace_explain_hop(tracing, view->next);
	view->next++;
	view->since = 0;
	return true;
}

/* ------------------------------------------------------------------------------------------------ the view */

static int text_begin(struct tracing *tracing, struct error *err)
{
	const struct trace_arguments *arguments = tracing->settings->arguments;
	const struct trace_options *options = &tracing->options;
	struct text_view *view = mem_new(1, sizeof *view);

	tracing->state = view;
	view->next = options->first;
	view->path = (struct path){
		.numeric = arguments->numeric,
		.extensions = arguments->extensions,
		.back = arguments->back,
		.mtu = options->mtu,
		.one_flow = options->mode == TRACE_PATH && !options->classic,
		.method = tracing->base.method,
		.tos = tracing->base.tos,
		.name = tracing_name,
		.context = tracing,
	};
	path_header(&tracing->out, tracing->settings->host, &tracing->base.target, options->last, options->size);
	return arguments->explain ? trace_explain_probe(tracing, err) : 0;
}

static int text_look(struct tracing *tracing, int64_t now, int64_t *again, struct error *err)
{
	struct text_view *view = tracing->state;

	(void)err;
	while (view->next <= trace_hops(tracing->trace) && trace_hop_done(tracing->trace, view->next))
		if (!print_hop(tracing, view, now)) {
			*again = view->since + NAMES_NS;
			break;
		}
	return 0;
}

/* Which flows go where. */
static void print_paths(struct tracing *tracing, const struct text_view *view, const struct hops *hops)
{
	size_t count;
	const struct probe **probes = path_probes(tracing->match, 0, &count);
	const struct paths paths = {
		.path = &view->path,
		.hops = hops,
		.probes = probes,
		.probe_count = count,
		.confidence = tracing->options.confidence,
		.tried = trace_flows_tried,
		.trace = tracing->trace,
	};

	text_char(&tracing->out, '\n');
	paths_print(&tracing->out, &paths);
	free(probes);
}

static int text_end(struct tracing *tracing, struct error *err)
{
	struct text_view *view = tracing->state;
	struct hops hops = { 0 };

	if (tracing_names(tracing, TRACING_NAMES_NS, err) < 0)
		return -1;
	/* When it was interrupted: what is known of the hops that are not complete. */
	while (view->next <= trace_hops(tracing->trace) && print_hop(tracing, view, 0))
		;
	hops_collect(&hops, tracing->match, tracing->trace, &tracing->base);
	if (has_paths(tracing))
		print_paths(tracing, view, &hops);
	path_notes(&tracing->out, &view->path, &hops);
	hops_release(&hops);
	return 0;
}

static void text_view_release(struct tracing *tracing)
{
	struct text_view *view = tracing->state;

	free(view);
	tracing->state = NULL;
}

const struct trace_view trace_text_view = {
	.name = "text",
	.begin = text_begin,
	.look = text_look,
	.end = text_end,
	.release = text_view_release,
};
