/* SPDX-License-Identifier: BSD-2-Clause */
/* Just so much of match, answer and probe that the scheduler can be tested without them. */
#include <stdlib.h>

#include "base/mem.h"
#include "probe/answer.h"
#include "probe/match.h"

struct match {
	struct probe *probes[PROBE_MOST];
	size_t count;
};

struct match *match_new(const struct probe_base *base)
{
	(void)base;
	return mem_new(1, sizeof(struct match));
}

void match_free(struct match *match)
{
	for (size_t i = 0; i < match->count; i++) {
		free(match->probes[i]->answer);
		free(match->probes[i]);
	}
	free(match);
}

struct probe *match_add(struct match *match)
{
	struct probe *probe = mem_new(1, sizeof *probe);

	probe->number = (uint32_t)match->count;
	match->probes[match->count++] = probe;
	probe->packet.key = (uint16_t)match->count;
	return probe;
}

size_t match_count(const struct match *match)
{
	return match->count;
}

struct probe *match_probe(const struct match *match, size_t number)
{
	return match->probes[number];
}

enum match_answer match_take(struct match *match, const struct answer *answer, struct probe **out)
{
	struct probe *probe = *out = match->probes[answer->quote.id - 1];
	bool late = probe->state == PROBE_EXPIRED;

	if (probe->answer) {
		probe->again++;
		return MATCH_AGAIN;
	}
	probe->answer = mem_new(1, sizeof *answer);
	*probe->answer = *answer;
	probe->late += late;
	return late ? MATCH_LATE : MATCH_FIRST;
}

bool answer_ends(const struct answer *answer, const struct probe_base *base)
{
	(void)base;
	return answer->kind == ANSWER_UNREACHABLE;
}

bool answer_arrived(const struct answer *answer, const struct probe_base *base)
{
	return address_equal(&answer->from, &base->target);
}

int64_t probe_round_trip(const struct probe *probe)
{
	return probe->answer ? probe->answer->seen - probe->sent : PROBE_NO_TIME;
}

uint16_t probe_least(const struct probe_base *base)
{
	return base->family == AF_INET6 ? 52 : 32;
}
