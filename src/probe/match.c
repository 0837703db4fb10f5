/* SPDX-License-Identifier: BSD-2-Clause */
#include "probe/match.h"

#include <stdlib.h>

#include "base/mem.h"
#include "probe/answer.h"
#include "probe/match_find.h"

/* Probes are kept in chunks, which never move. */
#define CHUNK 256
#define CHUNKS ((PROBE_MOST + CHUNK - 1) / CHUNK)

struct match {
	const struct probe_base *base;
	struct match_counts counts;
	size_t count;
	struct probe *chunks[CHUNKS];
};

struct match *match_new(const struct probe_base *base)
{
	struct match *match = mem_new(1, sizeof *match);

	match->base = base;
	return match;
}

void match_free(struct match *match)
{
	if (!match)
		return;
	for (size_t number = 0; number < match->count; number++)
		free(match_probe(match, number)->answer);
	for (size_t i = 0; i < CHUNKS; i++)
		free(match->chunks[i]);
	free(match);
}

struct probe *match_add(struct match *match)
{
	struct probe **chunk = &match->chunks[match->count / CHUNK];
	struct probe *probe;

	if (match->count == PROBE_MOST)
		return NULL;
	if (!*chunk)
		*chunk = mem_new(CHUNK, sizeof **chunk);
	probe = &(*chunk)[match->count % CHUNK];
	probe->number = (uint32_t)match->count++;
	probe->packet.key = (uint16_t)match->count;
	return probe;
}

size_t match_count(const struct match *match)
{
	return match->count;
}

struct probe *match_probe(const struct match *match, size_t number)
{
	if (number >= match->count)
		bug("probe %zu of %zu", number, match->count);
	return &match->chunks[number / CHUNK][number % CHUNK];
}

const struct match_counts *match_counts(const struct match *match)
{
	return &match->counts;
}

static void one_more(uint16_t *count)
{
	if (*count < UINT16_MAX)
		++*count;
}

static void keep(const struct match *match, struct probe *probe, const struct answer *answer,
		 const struct match_found *found)
{
	probe->answer = mem_new(1, sizeof *answer);
	*probe->answer = *answer;
	probe->arrived = answer_arrived(answer, match->base);
	probe->rewritten = found->rewritten;
	probe->guessed = found->guessed;
	if (probe->state == PROBE_FLYING)
		probe->state = PROBE_ANSWERED;
}

enum match_answer match_take(struct match *match, const struct answer *answer, struct probe **probe)
{
	struct match_found found = match_find(match, match->base, answer);
	struct match_counts *counts = &match->counts;
	bool late, again;

	if (probe)
		*probe = found.probe;
	if (!found.probe) {
		counts->strangers++;
		return MATCH_STRANGER;
	}
	late = found.probe->state == PROBE_EXPIRED;
	again = found.probe->answer != NULL;
	counts->answers++;
	counts->late += late;
	counts->again += again;
	counts->rewritten += found.rewritten;
	if (late)
		one_more(&found.probe->late);
	if (again)
		one_more(&found.probe->again);
	else
		keep(match, found.probe, answer, &found);
	return again ? MATCH_AGAIN : late ? MATCH_LATE : MATCH_FIRST;
}
