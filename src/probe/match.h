/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The probes of a run, and whose answer is whose: by what is quoted, never by the order in which answers come.
 */
#pragma once

#include "probe/probe.h"

/* Answers that were no probe's first, by what they are. */
struct match_counts {
	uint64_t answers;    /* that belong to a probe */
	uint64_t late;       /* of them: after it had expired */
	uint64_t again;      /* of them: not the first */
	uint64_t rewritten;  /* of them: with a quotation that differs from what was sent */
	uint64_t strangers;  /* answers to what we did not send */
};

struct match;

struct match *match_new(const struct probe_base *base);
void match_free(struct match *match); /* NULL is allowed; frees the probes and their answers */

/*
 * A new probe, PROBE_PLANNED, with its number and key set and all else zero; NULL when PROBE_MOST have been made. Stays
 * where it is until match_free().
 */
struct probe *match_add(struct match *match);
/*
 * The probe is over and counted: its key may be used again, once all others have been, and until then its answers are
 * strangers. It is PROBE_PLANNED and empty from now on, which who looks at all probes passes over. Once.
 */
void match_recycle(struct match *match, struct probe *probe);

/* Places of probes; the number of a probe is its place unless keys were used again. */
size_t match_count(const struct match *match);
struct probe *match_probe(const struct match *match, size_t number);
/* The probe that has the key; NULL: none that was sent. */
struct probe *match_key(const struct match *match, uint16_t key);

enum match_answer {
	MATCH_STRANGER, /* not ours */
	MATCH_FIRST,    /* the answer is now the probe's */
	MATCH_LATE,     /* the same, but the probe had expired */
	MATCH_AGAIN     /* counted; the probe keeps the first */
};

/* Whose answer it is. The answer is copied when it is the first. probe may be NULL. */
enum match_answer match_take(struct match *match, const struct answer *answer, struct probe **probe);
const struct match_counts *match_counts(const struct match *match);
