/* SPDX-License-Identifier: BSD-2-Clause */
/* Conversations that were matched are compared message by message. */
#include "analyse/compare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/compare_parts.h"
#include "base/mem.h"

#define NEAR 64 /* messages among which the changed form of one, or what it stands behind, is looked for */

const char *const compare_change_names[] = {
	[COMPARE_MISSING] = "missing",
	[COMPARE_EXTRA] = "extra",
	[COMPARE_CHANGED] = "changed",
	[COMPARE_MOVED] = "moved",
};

/* What one side said in each capture, or both sides together: numbers of messages, and the place of their partner. */
struct lane {
	uint32_t *messages, *partners;
	uint64_t *digests;
	uint32_t count;
};

/* By message, from the first of the conversation: the number of its partner. */
struct met {
	uint32_t *golden, *student;
};

static void lane_init(struct lane *lane, const struct transcript *transcript, const struct conversation *conversation,
		      int side)
{
	lane->messages = mem_new((size_t)conversation->count + 1, sizeof *lane->messages);
	lane->partners = mem_new((size_t)conversation->count + 1, sizeof *lane->partners);
	lane->digests = mem_new((size_t)conversation->count + 1, sizeof *lane->digests);
	lane->count = 0;
	for (uint32_t i = conversation->first; i < conversation->first + conversation->count; i++) {
		if (side >= 0 && transcript->messages[i].side != side)
			continue;
		lane->messages[lane->count] = i;
		lane->partners[lane->count] = UNMATCHED;
		lane->digests[lane->count++] = transcript->messages[i].digest;
	}
}

static void lane_release(struct lane *lane)
{
	free(lane->messages);
	free(lane->partners);
	free(lane->digests);
}

/* ------------------------------------------------------------------------------------------------ messages */

static void meet(const struct side_by_side *pair, struct met *met, struct lane *a, uint32_t i, struct lane *b,
		 uint32_t j)
{
	a->partners[i] = j;
	b->partners[j] = i;
	met->golden[a->messages[i] - pair->a->first] = b->messages[j];
	met->student[b->messages[j] - pair->b->first] = a->messages[i];
}

/* What the model has here and the student elsewhere. Only where few have no partner. */
static void find_moved(struct side_by_side *pair, struct met *met, struct lane *a, struct lane *b)
{
	for (uint32_t i = 0; i < a->count; i++)
		for (uint32_t j = 0; a->partners[i] == UNMATCHED && j < b->count; j++)
			if (b->partners[j] == UNMATCHED && a->digests[i] == b->digests[j]) {
				meet(pair, met, a, i, b, j);
				tell_moved(pair, &pair->golden->messages[a->messages[i]],
					   &pair->student->messages[b->messages[j]]);
			}
}

/* Of the same protocol and kind, or the same octets taken for another protocol. */
static bool are_forms(const struct side_by_side *pair, const struct said *a, const struct said *b)
{
	if (strcmp(a->protocol, b->protocol) != 0)
		return a->payload && a->payload == b->payload && a->side == b->side;
	return a->side == b->side && a->kind.length == b->kind.length &&
	       !memcmp(pair->golden->strings.data + a->kind.at, pair->student->strings.data + b->kind.at,
		       a->kind.length);
}

/*
 * Where a message stands between those of both sides: the partner of the last one before it that has one. UNMATCHED:
 * none near.
 */
static uint32_t behind_golden(const struct side_by_side *pair, const struct met *met, uint32_t message)
{
	for (uint32_t i = 0; i < NEAR && message-- > pair->a->first; i++)
		if (met->golden[message - pair->a->first] != UNMATCHED)
			return met->golden[message - pair->a->first];
	return UNMATCHED;
}

static uint32_t behind_student(const struct side_by_side *pair, const struct met *met, uint32_t message)
{
	for (uint32_t i = 0; i < NEAR && message-- > pair->b->first; i++)
		if (met->student[message - pair->b->first] != UNMATCHED)
			return message;
	return UNMATCHED;
}

/*
 * Between two messages that are the same in both, those without a partner are forms of each other, in order; first
 * those that come behind the same message of either side.
 */
static void find_changed(struct side_by_side *pair, struct met *met, struct lane *a, struct lane *b, bool placed)
{
	uint32_t next = 0;

	for (uint32_t i = 0; i < a->count; i++) {
		const struct said *one = &pair->golden->messages[a->messages[i]];

		if (a->partners[i] != UNMATCHED) {
			if (a->partners[i] >= next)
				next = a->partners[i] + 1;
			continue;
		}
		for (uint32_t j = next; j < b->count && j < next + NEAR && b->partners[j] == UNMATCHED; j++) {
			if (!are_forms(pair, one, &pair->student->messages[b->messages[j]]) ||
			    (placed &&
			     behind_golden(pair, met, a->messages[i]) != behind_student(pair, met, b->messages[j])))
				continue;
			meet(pair, met, a, i, b, j);
			next = j + 1;
			tell_changed(pair, one, &pair->student->messages[b->messages[j]]);
			break;
		}
	}
}

/* What is extra stands behind the last message before it, of either side, that has a partner. */
static uint64_t place_of_extra(const struct side_by_side *pair, const struct met *met, uint32_t message)
{
	uint32_t before = behind_student(pair, met, message);

	if (before == UNMATCHED)
		return 2 * (uint64_t)pair->a->first;
	return 2 * (uint64_t)met->student[before - pair->b->first] + 1;
}

static void tell_rest(struct side_by_side *pair, const struct met *met, const struct lane *a, const struct lane *b)
{
	for (uint32_t i = 0; i < a->count; i++)
		if (a->partners[i] == UNMATCHED)
			tell_only(pair, &pair->golden->messages[a->messages[i]], false, 2 * (uint64_t)a->messages[i]);
	for (uint32_t j = 0; j < b->count; j++)
		if (b->partners[j] == UNMATCHED)
			tell_only(pair, &pair->student->messages[b->messages[j]], true,
				  place_of_extra(pair, met, b->messages[j]));
}

static void find_same(struct side_by_side *pair, struct met *met, struct lane *a, struct lane *b)
{
	bool found = align(a->digests, a->count, b->digests, b->count, a->partners);

	for (uint32_t i = 0; i < a->count; i++)
		if (a->partners[i] != UNMATCHED) {
			meet(pair, met, a, i, b, a->partners[i]);
			pair->result->same++;
		}
	if (found)
		find_moved(pair, met, a, b);
	else
		pair->result->in_order = true;
}

/* lanes: 2, each side's; 1, both together. */
static void compare_messages(struct side_by_side *pair, unsigned lanes)
{
	struct met met = { mem_new((size_t)pair->a->count + 1, sizeof *met.golden),
			   mem_new((size_t)pair->b->count + 1, sizeof *met.student) };
	struct lane a[2], b[2];

	memset(met.golden, 0xff, pair->a->count * sizeof *met.golden);
	memset(met.student, 0xff, pair->b->count * sizeof *met.student);
	for (unsigned i = 0; i < lanes; i++) {
		lane_init(&a[i], pair->golden, pair->a, lanes == 1 ? -1 : (int)i);
		lane_init(&b[i], pair->student, pair->b, lanes == 1 ? -1 : (int)i);
		find_same(pair, &met, &a[i], &b[i]);
	}
	for (unsigned i = 0; i < 2 * lanes; i++)
		find_changed(pair, &met, &a[i % lanes], &b[i % lanes], i < lanes);
	for (unsigned i = 0; i < lanes; i++) {
		tell_rest(pair, &met, &a[i], &b[i]);
		lane_release(&a[i]);
		lane_release(&b[i]);
	}
	free(met.golden);
	free(met.student);
}

/* ------------------------------------------------------------------------------------------------ conversations */

static void compare_whole(struct side_by_side *pair, const struct compare_rules *rules)
{
	const struct conversation *a = pair->a, *b = pair->b;
	char before[24], after[24];

	if (!a || !b) {
		tell_conversation(pair, NULL, NULL, NULL);
		return;
	}
	if (strcmp(a->transport, b->transport) != 0)
		tell_conversation(pair, "transport", a->transport, b->transport);
	if (a->has_port && b->has_port && a->ports[1] != b->ports[1] && rules_count_port(rules)) {
		snprintf(before, sizeof before, "%u", a->ports[1]);
		snprintf(after, sizeof after, "%u", b->ports[1]);
		tell_conversation(pair, "server port", before, after);
	}
}

static int by_place(const void *a, const void *b)
{
	const struct difference *one = a, *other = b;

	if (one->place != other->place)
		return one->place < other->place ? -1 : 1;
	return one->student < other->student ? -1 : one->student > other->student;
}

static void begin(struct side_by_side *pair)
{
	const struct conversation *shown = pair->a ? pair->a : pair->b;
	struct comparison *comparison = pair->comparison;

	pair->result = &comparison->conversations[comparison->conversation_count++];
	*pair->result = (struct compared_conversation){
		.transport = shown->transport,
		.application = shown->application,
		.has_port = shown->has_port,
		.port = shown->ports[1],
		.in_golden = pair->a,
		.in_student = pair->b,
		.first = comparison->count,
	};
}

static void compare_pair(struct side_by_side *pair, const struct compare_rules *rules)
{
	struct comparison *comparison = pair->comparison;
	uint32_t whole;

	begin(pair);
	compare_whole(pair, rules);
	whole = pair->result->count;
	if (pair->a && pair->b && pair->a->digest == pair->b->digest && pair->a->count == pair->b->count) {
		pair->result->same = pair->a->count;
	} else if (pair->a && pair->b) {
		compare_messages(pair, rules_count_order(rules) ? 1 : 2);
	}
	if (pair->result->count > whole)
		qsort(comparison->differences + pair->result->first + whole, pair->result->count - whole,
		      sizeof *comparison->differences, by_place);
	comparison->same += pair->result->same;
}

void compare(const struct transcript *golden, const struct transcript *student, const struct compare_rules *rules,
	     struct comparison *comparison)
{
	uint32_t *partners = mem_new((size_t)golden->conversation_count + 1, sizeof *partners);
	bool *taken = mem_new((size_t)student->conversation_count + 1, sizeof *taken);
	struct side_by_side pair = { .golden = golden, .student = student, .comparison = comparison };

	*comparison = (struct comparison){ 0 };
	comparison->conversations = mem_new((size_t)golden->conversation_count + student->conversation_count + 1,
					    sizeof *comparison->conversations);
	comparison->in_order = match_conversations(golden, student, rules, partners);
	pair.roles = roles_new(golden, student, partners);
	for (uint32_t i = 0; i < golden->conversation_count; i++) {
		pair.a = &golden->conversations[i];
		pair.b = partners[i] == UNMATCHED ? NULL : &student->conversations[partners[i]];
		if (pair.b)
			taken[partners[i]] = true;
		compare_pair(&pair, rules);
	}
	for (uint32_t i = 0; i < student->conversation_count; i++) {
		pair.a = NULL;
		pair.b = &student->conversations[i];
		if (!taken[i])
			compare_pair(&pair, rules);
	}
	roles_free((struct roles *)pair.roles);
	free(partners);
	free(taken);
}

void comparison_release(struct comparison *comparison)
{
	free(comparison->conversations);
	free(comparison->differences);
	strings_free(comparison->strings);
}
