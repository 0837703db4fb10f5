/* SPDX-License-Identifier: BSD-2-Clause */
/* Which conversation is which: of one kind first those that are equal, then the most similar ones. */
#include <stdlib.h>
#include <string.h>

#include "analyse/compare_parts.h"
#include "base/mem.h"

#define WEIGHED 256 /* messages of a conversation that its similarity is judged by: the first ones */

/* A conversation that has no partner so far, with a key by which those of a kind, or equal ones, find each other. */
struct candidate {
	uint64_t key;
	uint32_t number;
};

struct pair {
	uint32_t score; /* of 1000 */
	uint32_t apart; /* places */
	uint32_t golden, student;
};

struct matching {
	const struct transcript *golden, *student;
	const struct compare_rules *rules;
	uint32_t *partners; /* of the model's */
	bool *taken;        /* the student's */
	bool in_order;
};

/* ------------------------------------------------------------------------------------------------ kinds */

static uint64_t digest_word(uint64_t digest, const char *word)
{
	return word ? digest_of(digest, word, strlen(word) + 1) : digest_number(digest, 0);
}

static bool is_known(const struct conversation *conversation)
{
	return conversation->application && strcmp(conversation->application, "data") != 0;
}

/* What belongs together by right; by transport and port or, without ports, by what is spoken. 0: never. */
static uint64_t by_port(const struct matching *matching, const struct conversation *conversation)
{
	uint64_t key = digest_word(DIGEST_START, conversation->transport);

	if (conversation->has_port && rules_count_port(matching->rules))
		return digest_number(key, conversation->ports[1]);
	return digest_word(key, conversation->application);
}

/* On a wrong port. */
static uint64_t by_protocol(const struct matching *matching, const struct conversation *conversation)
{
	(void)matching;
	if (!is_known(conversation))
		return 0;
	return digest_word(digest_word(DIGEST_START, conversation->transport), conversation->application);
}

/* Over the wrong transport. */
static uint64_t by_application(const struct matching *matching, const struct conversation *conversation)
{
	(void)matching;
	return is_known(conversation) ? digest_word(DIGEST_START, conversation->application) : 0;
}

/* On a port where nobody knew the protocol. */
static uint64_t by_content(const struct matching *matching, const struct conversation *conversation)
{
	(void)matching;
	return digest_word(DIGEST_START, conversation->transport);
}

static const struct kind {
	uint64_t (*key)(const struct matching *matching, const struct conversation *conversation);
	bool similar; /* only those that have something in common */
} kinds[] = { { by_port, false }, { by_protocol, false }, { by_application, false }, { by_content, true } };

/* ------------------------------------------------------------------------------------------------ similarity */

static int by_number(const void *a, const void *b)
{
	uint64_t one = *(const uint64_t *)a, other = *(const uint64_t *)b;

	return one < other ? -1 : one > other;
}

static uint32_t digests_of(const struct transcript *transcript, const struct conversation *conversation, bool payload,
			   uint64_t *digests)
{
	uint32_t count = conversation->count < WEIGHED ? conversation->count : WEIGHED, kept = 0;
	const struct said *said = &transcript->messages[conversation->first];

	for (uint32_t i = 0; i < count; i++, said++)
		if (!payload || said->payload)
			digests[kept++] = payload ? digest_number(said->payload, said->side) : said->digest;
	qsort(digests, kept, sizeof *digests, by_number);
	return kept;
}

static uint32_t common(const uint64_t *a, uint32_t a_count, const uint64_t *b, uint32_t b_count)
{
	uint32_t count = 0;

	for (uint32_t i = 0, j = 0; i < a_count && j < b_count;) {
		if (a[i] == b[j]) {
			count++;
			i++;
			j++;
		} else if (a[i] < b[j]) {
			i++;
		} else {
			j++;
		}
	}
	return count;
}

/* The share of messages that both have; what was said in other forms counts when nothing else is alike. */
static uint32_t similarity(const struct matching *matching, uint32_t golden, uint32_t student)
{
	const struct conversation *a = &matching->golden->conversations[golden];
	const struct conversation *b = &matching->student->conversations[student];
	uint64_t one[WEIGHED], other[WEIGHED];
	uint32_t scores[2];

	for (unsigned payload = 0; payload < 2; payload++) {
		uint32_t n = digests_of(matching->golden, a, payload, one);
		uint32_t m = digests_of(matching->student, b, payload, other);

		scores[payload] = n + m ? 2000 * common(one, n, other, m) / (n + m) : 0;
	}
	return scores[0] ? scores[0] : scores[1] / 10;
}

/* ------------------------------------------------------------------------------------------------ of one kind */

static void join(struct matching *matching, uint32_t golden, uint32_t student)
{
	matching->partners[golden] = student;
	matching->taken[student] = true;
}

static int by_key(const void *a, const void *b)
{
	const struct candidate *one = a, *other = b;

	if (one->key != other->key)
		return one->key < other->key ? -1 : 1;
	return one->number < other->number ? -1 : one->number > other->number;
}

static int by_score(const void *a, const void *b)
{
	const struct pair *one = a, *other = b;

	if (one->score != other->score)
		return one->score > other->score ? -1 : 1;
	if (one->apart != other->apart)
		return one->apart < other->apart ? -1 : 1;
	return one->golden < other->golden ? -1 : one->golden > other->golden;
}

/* Those whose keys are the same, in order. */
static void join_equal(struct matching *matching, struct candidate *a, uint32_t n, struct candidate *b, uint32_t m)
{
	for (uint32_t i = 0; i < n; i++)
		a[i].key = matching->golden->conversations[a[i].number].digest;
	for (uint32_t i = 0; i < m; i++)
		b[i].key = matching->student->conversations[b[i].number].digest;
	qsort(a, n, sizeof *a, by_key);
	qsort(b, m, sizeof *b, by_key);
	for (uint32_t i = 0, j = 0; i < n && j < m;) {
		if (a[i].key == b[j].key)
			join(matching, a[i++].number, b[j++].number);
		else if (a[i].key < b[j].key)
			i++;
		else
			j++;
	}
}

/* In their order again, without those that have a partner. */
static uint32_t still_alone(struct candidate *list, uint32_t count, const struct matching *matching, bool student)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < count; i++) {
		uint32_t number = list[i].number;

		if (student ? matching->taken[number] : matching->partners[number] != UNMATCHED)
			continue;
		list[kept] = list[i];
		list[kept++].key = 0;
	}
	qsort(list, kept, sizeof *list, by_key);
	return kept;
}

static void join_similar(struct matching *matching, const struct candidate *a, uint32_t n, const struct candidate *b,
			 uint32_t m, bool similar)
{
	struct pair *pairs = mem_new((size_t)n * m, sizeof *pairs);
	size_t count = 0;

	for (uint32_t i = 0; i < n; i++)
		for (uint32_t j = 0; j < m; j++) {
			uint32_t score = similarity(matching, a[i].number, b[j].number);

			if (score || !similar)
				pairs[count++] =
					(struct pair){ score, i < j ? j - i : i - j, a[i].number, b[j].number };
		}
	qsort(pairs, count, sizeof *pairs, by_score);
	for (size_t i = 0; i < count; i++)
		if (matching->partners[pairs[i].golden] == UNMATCHED && !matching->taken[pairs[i].student])
			join(matching, pairs[i].golden, pairs[i].student);
	free(pairs);
}

static void join_kind(struct matching *matching, struct candidate *a, uint32_t n, struct candidate *b, uint32_t m,
		      bool similar)
{
	join_equal(matching, a, n, b, m);
	n = still_alone(a, n, matching, false);
	m = still_alone(b, m, matching, true);
	if (!n || !m)
		return;
	if ((uint64_t)n * m <= COMPARE_PAIRS_MAX) {
		join_similar(matching, a, n, b, m, similar);
		return;
	}
	matching->in_order = true;
	for (uint32_t i = 0; !similar && i < n && i < m; i++)
		join(matching, a[i].number, b[i].number);
}

/* ------------------------------------------------------------------------------------------------ all */

static uint32_t gather(const struct matching *matching, const struct kind *kind, bool student, struct candidate *list)
{
	const struct transcript *transcript = student ? matching->student : matching->golden;
	uint32_t count = 0;

	for (uint32_t i = 0; i < transcript->conversation_count; i++) {
		uint64_t key;

		if (student ? matching->taken[i] : matching->partners[i] != UNMATCHED)
			continue;
		key = kind->key(matching, &transcript->conversations[i]);
		if (key)
			list[count++] = (struct candidate){ key, i };
	}
	qsort(list, count, sizeof *list, by_key);
	return count;
}

static uint32_t run_of(const struct candidate *list, uint32_t count)
{
	uint32_t n = 0;

	while (n < count && list[n].key == list[0].key)
		n++;
	return n;
}

static void match_kind(struct matching *matching, const struct kind *kind, struct candidate *a, struct candidate *b)
{
	uint32_t a_count = gather(matching, kind, false, a), b_count = gather(matching, kind, true, b);

	for (uint32_t i = 0, j = 0; i < a_count && j < b_count;) {
		uint32_t n = run_of(a + i, a_count - i), m = run_of(b + j, b_count - j);

		if (a[i].key == b[j].key) {
			join_kind(matching, a + i, n, b + j, m, kind->similar);
			i += n;
			j += m;
		} else if (a[i].key < b[j].key) {
			i += n;
		} else {
			j += m;
		}
	}
}

bool match_conversations(const struct transcript *golden, const struct transcript *student,
			 const struct compare_rules *rules, uint32_t *partners)
{
	struct matching matching = {
		.golden = golden,
		.student = student,
		.rules = rules,
		.partners = partners,
		.taken = mem_new((size_t)student->conversation_count + 1, sizeof(bool)),
	};
	struct candidate *a = mem_new((size_t)golden->conversation_count + 1, sizeof *a);
	struct candidate *b = mem_new((size_t)student->conversation_count + 1, sizeof *b);

	for (uint32_t i = 0; i < golden->conversation_count; i++)
		partners[i] = UNMATCHED;
	for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++)
		match_kind(&matching, &kinds[i], a, b);
	free(matching.taken);
	free(a);
	free(b);
	return matching.in_order;
}
