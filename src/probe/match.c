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
	uint32_t made;         /* the next probe's number */
	struct probe *chunks[CHUNKS];
	uint16_t *resting;     /* keys to be used again: a ring of PROBE_MOST, for a key rests as long as it can */
	size_t resting_first, resting_count;
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
	free(match->resting);
	free(match);
}

static struct probe *at_key(const struct match *match, size_t key)
{
	return &match->chunks[(key - 1) / CHUNK][(key - 1) % CHUNK];
}

/* 0: there is none. */
static uint16_t next_key(struct match *match)
{
	struct probe **chunk = &match->chunks[match->count / CHUNK];
	uint16_t key;

	if (match->count < PROBE_MOST) {
		if (!*chunk)
			*chunk = mem_new(CHUNK, sizeof **chunk);
		return (uint16_t)++match->count;
	}
	if (!match->resting_count)
		return 0;
	key = match->resting[match->resting_first];
	match->resting_first = (match->resting_first + 1) % PROBE_MOST;
	match->resting_count--;
	return key;
}

struct probe *match_add(struct match *match)
{
	uint16_t key = next_key(match);
	struct probe *probe;

	if (!key)
		return NULL;
	probe = at_key(match, key);
	*probe = (struct probe){ .number = match->made++, .packet.key = key };
	return probe;
}

void match_recycle(struct match *match, struct probe *probe)
{
	uint16_t key = probe->packet.key;

	if (!match->resting)
		match->resting = mem_new(PROBE_MOST, sizeof *match->resting);
	free(probe->answer);
	*probe = (struct probe){ .packet.key = key };
	match->resting[(match->resting_first + match->resting_count++) % PROBE_MOST] = key;
}

size_t match_count(const struct match *match)
{
	return match->count;
}

struct probe *match_probe(const struct match *match, size_t number)
{
	if (number >= match->count)
		bug("probe %zu of %zu", number, match->count);
	return at_key(match, number + 1);
}

struct probe *match_key(const struct match *match, uint16_t key)
{
	struct probe *probe = key && key <= match->count ? match_probe(match, key - 1u) : NULL;

	return probe && probe->state != PROBE_PLANNED ? probe : NULL;
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
