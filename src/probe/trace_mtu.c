/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Probes as large as the path takes. A hop is asked at the size that the hops before took; a router that says it was
 * too large also says what is not, and the same hop is asked again. Only one hop is asked at a time: which link it is
 * that takes less is known by the TTL alone. The first query of a hop goes alone too: as long as the size may turn out
 * to be wrong, the others would only be thrown away.
 *
 * A router that should have said so and does not makes a black hole: large probes vanish, small ones are answered. So a
 * silent hop is asked once more with what every link takes, and if it answers, the size is found by halving.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>

#include "base/mem.h"
#include "probe/trace_parts.h"

#define HALVING_TRIES 2u /* of each size: one lost packet must not be taken for a limit */

enum phase { ASKING, SMALL, HALVING };

struct sizes {
	enum phase phase;
	uint8_t ttl;             /* the hop that is asked; beyond the last: all is done */
	uint16_t size;           /* what the path takes as far as is known */
	uint16_t trying;         /* size of the probes that count now */
	uint16_t low, high;      /* HALVING: that passed, that did not */
	unsigned planned, over, answered; /* of the size that is tried */
};

static struct sizes *sizes_of(struct trace *trace)
{
	struct sizes *sizes = trace->own;

	if (sizes)
		return sizes;
	sizes = trace->own = mem_new(1, sizeof *sizes);
	*sizes = (struct sizes){ .ttl = trace->options.first, .size = trace->options.size,
				 .trying = trace->options.size };
	return sizes;
}

static void sizes_free(struct trace *trace)
{
	free(trace->own);
}

/* RFC 1191 section 7.1: links are of a few kinds, and so are their MTUs. */
static uint16_t lower_plateau(uint16_t size)
{
	static const uint16_t plateaus[] = { 32000, 17914, 8166, 4352, 2002, 1492, 1006, 508, 296, 68 };
	size_t i = 0;

	while (i + 1 < sizeof plateaus / sizeof *plateaus && plateaus[i] >= size)
		i++;
	return plateaus[i];
}

/* What every link takes: RFC 8200 section 5; for IPv4, what every host takes (RFC 791), for 68 is nowhere in use. */
static uint16_t small(const struct trace *trace)
{
	return trace->base->family == AF_INET6 ? 1280 : 576;
}

static uint16_t least(const struct trace *trace)
{
	uint16_t probe = probe_least(trace->base), link = trace->base->family == AF_INET6 ? 1280 : 68;

	return probe > link ? probe : link;
}

bool trace_too_big(const struct probe *probe)
{
	const struct answer *answer = probe->answer;

	if (!answer || answer->kind != ANSWER_UNREACHABLE)
		return false;
	return answer->family == AF_INET6 ? answer->type == 2 : answer->type == 3 && answer->code == 4;
}

static void try_size(struct sizes *sizes, enum phase phase, uint16_t size)
{
	sizes->phase = phase;
	sizes->trying = size;
	sizes->planned = sizes->over = sizes->answered = 0;
}

static void next_hop(struct sizes *sizes)
{
	try_size(sizes, ASKING, sizes->size);
	if (sizes->ttl < UINT8_MAX)
		sizes->ttl++;
}

/* told: what fits, as the router says; it may say nothing, or nonsense. */
static void shrink(const struct trace *trace, struct sizes *sizes, uint16_t from, uint32_t told)
{
	uint16_t size = told && told < from ? (uint16_t)told : lower_plateau(from);

	sizes->size = size > least(trace) ? size : least(trace);
	try_size(sizes, ASKING, sizes->size);
}

/* ------------------------------------------------------------------------------------------------ what an end means */

static unsigned tries(const struct trace *trace, const struct sizes *sizes)
{
	const unsigned most[] = { [ASKING] = trace->options.queries, [SMALL] = 1, [HALVING] = HALVING_TRIES };

	return most[sizes->phase];
}

static void halve(struct trace *trace, struct sizes *sizes)
{
	if (sizes->high - sizes->low > 1) {
		try_size(sizes, HALVING, (uint16_t)((sizes->low + sizes->high) / 2));
		return;
	}
	sizes->size = sizes->low;
	trace->hops[sizes->ttl].mtu = sizes->low;
	next_hop(sizes);
}

static void asked_all(struct trace *trace, struct sizes *sizes)
{
	if (sizes->answered || sizes->size <= small(trace))
		next_hop(sizes);
	else
		try_size(sizes, SMALL, small(trace));
}

static void asked_small(struct trace *trace, struct sizes *sizes)
{
	if (!sizes->answered) {
		next_hop(sizes);
		return;
	}
	sizes->low = sizes->trying;
	sizes->high = sizes->size;
	halve(trace, sizes);
}

static void asked_half(struct trace *trace, struct sizes *sizes)
{
	*(sizes->answered ? &sizes->low : &sizes->high) = sizes->trying;
	halve(trace, sizes);
}

static void settle(struct trace *trace, struct sizes *sizes)
{
	static void (*const ways[])(struct trace *, struct sizes *) = {
		[ASKING] = asked_all, [SMALL] = asked_small, [HALVING] = asked_half,
	};

	if (sizes->over >= tries(trace, sizes) || (sizes->phase == HALVING && sizes->answered))
		ways[sizes->phase](trace, sizes);
}

static void sizes_over(struct trace *trace, struct probe *probe, int64_t now)
{
	struct sizes *sizes = sizes_of(trace);
	uint16_t size = probe->packet.size;

	(void)now;
	if (probe->packet.ttl != sizes->ttl || size != sizes->trying)
		return; /* about what is known by now */
	if (trace_too_big(probe) && size > least(trace)) {
		shrink(trace, sizes, size, probe->answer->mtu);
		return;
	}
	if (probe->state == PROBE_FAILED && probe->error == EMSGSIZE && size > least(trace)) {
		shrink(trace, sizes, size, 0);
		return;
	}
	if (probe->state != PROBE_EXPIRED || !probe->answer)
		sizes->over++;
	if (probe->answer && !sizes->answered++ && sizes->phase == ASKING)
		trace->hops[sizes->ttl].mtu = size;
	settle(trace, sizes);
}

/* ------------------------------------------------------------------------------------------------ the part */

static bool sizes_plan(struct trace *trace, int64_t now, struct trace_plan *plan, int64_t *until)
{
	const struct sizes *sizes = sizes_of(trace);

	(void)now;
	(void)until;
	if (sizes->ttl > trace_last(trace) || sizes->planned >= tries(trace, sizes))
		return false;
	if (sizes->planned && (!sizes->over || sizes->phase == HALVING) && sizes->over < sizes->planned)
		return false;
	plan->ttl = sizes->ttl;
	plan->size = sizes->trying;
	plan->flow = (uint16_t)(sizes->planned % trace->options.flows);
	plan->round = sizes->planned;
	return true;
}

static void sizes_planned(struct trace *trace, struct probe *probe, int64_t now)
{
	(void)probe;
	(void)now;
	sizes_of(trace)->planned++;
}

static bool sizes_asked(const struct trace *trace, unsigned ttl)
{
	const struct sizes *sizes = trace->own;

	return sizes && sizes->ttl > ttl;
}

const struct trace_part trace_sizes = {
	.plan = sizes_plan,
	.planned = sizes_planned,
	.over = sizes_over,
	.asked = sizes_asked,
	.free = sizes_free,
};

uint32_t trace_path_mtu(const struct trace *trace, unsigned ttl)
{
	return ttl <= PROBE_TTLS ? trace->hops[ttl].mtu : 0;
}
