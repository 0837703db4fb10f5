/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/trace_rounds.h"

#include <string.h>
#include <unistd.h>

static void count_probe(void *context, const struct probe *probe)
{
	struct trace_rounds *rounds = context;

	hops_add(&rounds->hops, probe, &rounds->tracing->base);
}

int trace_rounds_open(struct trace_rounds *rounds, struct tracing *tracing, const char *order, const char *other,
		      struct error *err)
{
	const struct trace_arguments *arguments = tracing->settings->arguments;

	*rounds = (struct trace_rounds){
		.tracing = tracing,
		.path = { .numeric = arguments->numeric,
			  .extensions = arguments->extensions,
			  .back = arguments->back,
			  .one_flow = !tracing->options.classic,
			  .method = tracing->base.method,
			  .tos = tracing->base.tos,
			  .name = tracing_name,
			  .context = tracing },
	};
	if (report_order_parse(arguments->order ? arguments->order : order, &rounds->orders[0], err) < 0 ||
	    report_order_parse(other, &rounds->orders[1], err) < 0)
		return -1;
	if (gethostname(rounds->host, sizeof rounds->host - 1) < 0)
		return error_errno(err, "the name of this machine");
	hops_init(&rounds->hops, tracing->options.first);
	trace_watch(tracing->trace, count_probe, rounds);
	return 0;
}

void trace_rounds_release(struct trace_rounds *rounds)
{
	hops_release(&rounds->hops);
}

void trace_rounds_answered(struct trace_rounds *rounds, const struct probe *probe, enum match_answer what)
{
	if (what == MATCH_AGAIN)
		hops_again(&rounds->hops, probe);
}

void trace_rounds_restart(struct trace_rounds *rounds)
{
	hops_release(&rounds->hops);
	hops_init(&rounds->hops, rounds->tracing->options.first);
}

void trace_rounds_table(struct trace_rounds *rounds, struct text *out)
{
	hops_judge(&rounds->hops, rounds->tracing->trace);
	report_print(out, &rounds->path, &rounds->orders[rounds->order], rounds->host, &rounds->hops);
}

void trace_rounds_notes(struct trace_rounds *rounds, struct text *out)
{
	hops_judge(&rounds->hops, rounds->tracing->trace);
	path_notes(out, &rounds->path, &rounds->hops);
}
