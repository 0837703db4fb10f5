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
struct strings;
const char *strings_keep(struct strings **strings, const struct text *text);
void strings_free(struct strings *strings);
