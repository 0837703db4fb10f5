/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One probe a hop, again and again. The first round goes out at once, to find where the path ends; the others are
 * spread over their interval, so that the probes of a round do not meet in queues that they themselves have filled.
 *
 * Paths change while they are watched. An end that comes nearer shows itself, for the destination answers earlier; that
 * it has gone farther away is seen when a router answers in its place, and then the hops behind it are asked again.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "probe/trace_parts.h"

#define BEYOND 5u        /* hops behind the last that answers, where the end is not known */
#define RECENT 8u        /* rounds: who has not answered for longer does not count as the last */
#define REST 60000000000 /* ns from sending to forgetting a probe: by then duplicates have come too */
#define KEPT_MOST (PROBE_MOST / 2) /* who sends faster than that forgets sooner: there must be keys */

struct rounds {
	uint64_t round;
	unsigned ttl;        /* the next of this round; beyond the reach: all of it were asked */
	unsigned spread;     /* hops that share the interval of this round */
	int64_t begin;       /* of this round; INT64_MIN: nothing has begun */
	uint64_t answered[PROBE_TTLS + 1]; /* 1 + the last round in which the hop answered */
	struct probe **kept; /* a ring: sent and not forgotten */
	size_t kept_first, kept_count, kept_room;
};

static struct rounds *rounds_of(struct trace *trace)
{
	struct rounds *rounds = trace->own;

	if (rounds)
		return rounds;
	rounds = trace->own = mem_new(1, sizeof *rounds);
	rounds->ttl = trace->options.first;
	rounds->begin = INT64_MIN;
	return rounds;
}

static void rounds_free(struct trace *trace)
{
	struct rounds *rounds = trace->own;

	if (rounds)
		free(rounds->kept);
	free(rounds);
}

static bool answered_lately(const struct rounds *rounds, unsigned ttl)
{
	return rounds->answered[ttl] && rounds->answered[ttl] + RECENT > rounds->round;
}

/* In the first round nothing is known: all are asked. */
static unsigned rounds_reach(const struct trace *trace)
{
	const struct rounds *rounds = trace->own;
	unsigned last = trace->options.last;

	if (trace->end || !rounds || !rounds->round)
		return trace_last(trace);
	while (last > trace->options.first && !answered_lately(rounds, last))
		last--;
	return last + BEYOND < trace->options.last ? last + BEYOND : trace->options.last;
}

/* ------------------------------------------------------------------------------------------------ when */

static bool last_round(const struct trace *trace, const struct rounds *rounds)
{
	return trace->options.rounds && rounds->round + 1 >= trace->options.rounds;
}

/* A round that could not begin in time, for the machine was asleep or the first one took long, is not made up for. */
static void begin_next(const struct trace *trace, struct rounds *rounds, int64_t now)
{
	rounds->begin += trace->options.interval;
	if (now - rounds->begin > trace->options.interval)
		rounds->begin = now;
	rounds->round++;
	rounds->ttl = trace->options.first;
	rounds->spread = rounds_reach(trace) - trace->options.first + 1;
}

static bool not_before(int64_t time, int64_t now, int64_t *until)
{
	if (now < time && time < *until)
		*until = time;
	return now >= time;
}

static bool rounds_plan(struct trace *trace, int64_t now, struct trace_plan *plan, int64_t *until)
{
	struct rounds *rounds = rounds_of(trace);
	int64_t due;

	if (rounds->begin == INT64_MIN)
		rounds->begin = now;
	if (rounds->ttl > rounds_reach(trace)) {
		if (last_round(trace, rounds) || !not_before(rounds->begin + trace->options.interval, now, until))
			return false;
		begin_next(trace, rounds, now);
	}
	due = rounds->begin;
	if (rounds->round)
		due += trace->options.interval / rounds->spread * (rounds->ttl - trace->options.first);
	if (!not_before(due, now, until))
		return false;
	plan->ttl = (uint8_t)rounds->ttl;
	plan->round = (uint32_t)rounds->round;
	return true;
}

/* ------------------------------------------------------------------------------------------------ forgetting */

static void keep(struct rounds *rounds, struct probe *probe)
{
	if (rounds->kept_count == rounds->kept_room) {
		size_t room = rounds->kept_room ? 2 * rounds->kept_room : 256;

		rounds->kept = mem_resize(rounds->kept, room, sizeof(struct probe *));
		for (size_t i = 0; i < rounds->kept_first; i++)
			rounds->kept[rounds->kept_room + i] = rounds->kept[i];
		rounds->kept_room = room;
	}
	rounds->kept[(rounds->kept_first + rounds->kept_count++) % rounds->kept_room] = probe;
}

static bool to_forget(const struct trace *trace, const struct rounds *rounds, int64_t now)
{
	int64_t rest = trace->options.wait_most > REST / 2 ? 2 * trace->options.wait_most : REST;
	const struct probe *oldest = rounds->kept_count ? rounds->kept[rounds->kept_first] : NULL;

	if (!oldest || oldest->state == PROBE_PLANNED || oldest->state == PROBE_FLYING)
		return false;
	return rounds->kept_count >= KEPT_MOST || now - oldest->sent > rest;
}

static void rounds_planned(struct trace *trace, struct probe *probe, int64_t now)
{
	struct rounds *rounds = rounds_of(trace);

	rounds->ttl = probe->packet.ttl + 1u;
	while (to_forget(trace, rounds, now)) {
		match_recycle(trace->match, rounds->kept[rounds->kept_first]);
		rounds->kept_first = (rounds->kept_first + 1) % rounds->kept_room;
		rounds->kept_count--;
	}
	keep(rounds, probe);
}

/* ------------------------------------------------------------------------------------------------ what came */

static void rounds_over(struct trace *trace, struct probe *probe, int64_t now)
{
	struct rounds *rounds = rounds_of(trace);
	unsigned ttl = probe->packet.ttl;

	(void)now;
	if (!probe->answer)
		return;
	rounds->answered[ttl] = rounds->round + 1;
	if (ttl == trace->end && probe->answer->kind == ANSWER_EXCEEDED)
		trace->end = 0;
}

static bool rounds_asked(const struct trace *trace, unsigned ttl)
{
	const struct rounds *rounds = trace->own;

	return rounds && last_round(trace, rounds) && rounds->ttl > ttl;
}

const struct trace_part trace_rounds = {
	.plan = rounds_plan,
	.planned = rounds_planned,
	.over = rounds_over,
	.asked = rounds_asked,
	.reach = rounds_reach,
	.free = rounds_free,
};
