/* SPDX-License-Identifier: BSD-2-Clause */
/* The steps of a comparison. */
#pragma once

#include "analyse/transcript.h"

#define UNMATCHED UINT32_MAX

/*
 * Which conversation of the student is which of the model: partners[golden], UNMATCHED where there is none. True: there
 * were too many of a kind, and those were taken in order.
 */
bool match_conversations(const struct transcript *golden, const struct transcript *student,
			 const struct compare_rules *rules, uint32_t *partners);

/*
 * The longest common run of two lists of digests (Myers' O(ND) method): partners[i] is the place in b of what stands
 * at i in a, UNMATCHED where there is none. False: there are more than COMPARE_EDITS_MAX differences, and only what
 * stands at the same place in both is matched.
 */
bool align(const uint64_t *a, uint32_t a_count, const uint64_t *b, uint32_t b_count, uint32_t *partners);

/* Who is who: names for the hosts of both captures. */
struct roles;
struct roles *roles_new(const struct transcript *golden, const struct transcript *student, const uint32_t *partners);
void roles_free(struct roles *roles);
/* "client 1", "server", "all"; student: a host of the student's capture. */
const char *role_name(const struct roles *roles, uint32_t host, bool student);

/* Strings that stay where they are. */
const char *strings_keep(struct strings **strings, const struct text *text);
void strings_free(struct strings *strings);

/* ------------------------------------------------------------------------------------------------ telling */

/* Two conversations side by side; or one of them, the other being NULL. */
struct side_by_side {
	const struct transcript *golden, *student;
	const struct conversation *a, *b;
	const struct roles *roles;
	struct comparison *comparison;
	struct compared_conversation *result;
};

/* A message that one of them does not have; place: as in struct difference. */
void tell_only(struct side_by_side *pair, const struct said *said, bool student, uint64_t place);
/* Two forms of a message: a difference for each field. */
void tell_changed(struct side_by_side *pair, const struct said *a, const struct said *b);
void tell_moved(struct side_by_side *pair, const struct said *a, const struct said *b);
/* A conversation that one of them does not have (field NULL), or that is otherwise as a whole: field is constant. */
void tell_conversation(struct side_by_side *pair, const char *field, const char *before, const char *after);
