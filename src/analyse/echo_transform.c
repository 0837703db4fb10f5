/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyse/echo_transform.h"

#include "analyse/dialogue.h"

#define SEARCHED 1024 /* octets of a text that is looked for behind a prefix of unknown length, with a suffix too */

/* ASCII, and the accented letters that stand behind 0xc3 in UTF-8: the ones that French and Spanish texts have. */
static uint8_t lower(const uint8_t *text, size_t at)
{
	uint8_t c = text[at];

	if (c >= 'A' && c <= 'Z')
		return c | 0x20;
	if (c >= 0x80 && c <= 0x9e && c != 0x97 && at && text[at - 1] == 0xc3)
		return c | 0x20;
	return c;
}

size_t transform_run(const uint8_t *sent, const uint8_t *answer, size_t length, bool *raised, bool *lowered)
{
	for (size_t at = 0; at < length; at++) {
		if (sent[at] == answer[at])
			continue;
		if (lower(sent, at) == answer[at])
			*lowered = true;
		else if (lower(answer, at) == sent[at])
			*raised = true;
		else
			return at;
	}
	return length;
}

static bool equal_but_case(const uint8_t *sent, const uint8_t *answer, size_t length, struct transform *t)
{
	bool raised = false, lowered = false;

	if (transform_run(sent, answer, length, &raised, &lowered) != length)
		return false;
	t->raised = raised;
	t->lowered = lowered;
	return true;
}

static size_t without_end(const uint8_t *text, size_t length)
{
	while (length && (text[length - 1] == '\n' || text[length - 1] == '\r' || !text[length - 1]))
		length--;
	return length;
}

/* The text stands at `at` of the answer; what is around it was added. */
static bool found_at(const uint8_t *sent, size_t length, const uint8_t *answer, size_t answer_length, size_t at,
		     struct transform *t)
{
	size_t behind = answer_length - at - length;

	if (at > ECHO_EXTRA_MAX || behind > ECHO_EXTRA_MAX || !equal_but_case(sent, answer + at, length, t))
		return false;
	t->known = true;
	t->prefix = answer;
	t->prefix_length = at;
	t->suffix = answer + at + length;
	t->suffix_length = behind;
	return true;
}

static bool is_within(const uint8_t *sent, size_t length, const uint8_t *answer, size_t answer_length,
		      struct transform *t)
{
	size_t more = answer_length - length;

	/* Words are put in front more often than behind. */
	if (found_at(sent, length, answer, answer_length, more, t) ||
	    found_at(sent, length, answer, answer_length, 0, t))
		return true;
	for (size_t at = 1; length && length <= SEARCHED && at < more && at <= ECHO_EXTRA_MAX; at++)
		if (found_at(sent, length, answer, answer_length, at, t))
			return true;
	return false;
}

static bool is_reversed(const uint8_t *sent, size_t length, const uint8_t *answer)
{
	for (size_t at = 0; at < length; at++)
		if (sent[at] != answer[length - 1 - at])
			return false;
	return length > 1;
}

static bool is_turned(const uint8_t *sent, size_t sent_length, const uint8_t *answer, size_t answer_length,
		      struct transform *t)
{
	size_t body = without_end(sent, sent_length), got = without_end(answer, answer_length);

	t->reversed = (sent_length == answer_length && is_reversed(sent, sent_length, answer)) ||
		      (body == got && is_reversed(sent, body, answer));
	t->known = t->reversed;
	return t->known;
}

/* All but the end of the line is there, with something before it or without. */
static bool has_other_end(const uint8_t *sent, size_t sent_length, const uint8_t *answer, size_t answer_length,
			  struct transform *t)
{
	size_t body = without_end(sent, sent_length), got = without_end(answer, answer_length);

	if (!body || got < body || (body == sent_length && got == answer_length))
		return false;
	t->ending = found_at(sent, body, answer, got, got - body, t);
	return t->ending;
}

static bool is_cut(const uint8_t *sent, size_t sent_length, const uint8_t *answer, size_t answer_length,
		   struct transform *t)
{
	if (answer_length >= sent_length || !equal_but_case(sent, answer, answer_length, t))
		return false;
	t->known = t->cut = true;
	t->kept = answer_length;
	return true;
}

struct transform transform_of(const uint8_t *sent, size_t sent_length, const uint8_t *answer, size_t answer_length)
{
	struct transform t = { .identical = sent_length == answer_length &&
			       (!sent_length || !memcmp(sent, answer, sent_length)) };

	t.known = t.identical;
	if (t.identical || (answer_length >= sent_length && is_within(sent, sent_length, answer, answer_length, &t)))
		return t;
	if (!has_other_end(sent, sent_length, answer, answer_length, &t) &&
	    !is_turned(sent, sent_length, answer, answer_length, &t))
		is_cut(sent, sent_length, answer, answer_length, &t);
	return t;
}

static const char *case_name(const struct transform *t)
{
	if (t->raised && t->lowered)
		return "another case";
	return t->raised ? "upper case" : t->lowered ? "lower case" : NULL;
}

const char *transform_name(const struct transform *t)
{
	if (!t->known || t->identical)
		return NULL;
	if (case_name(t))
		return case_name(t);
	if (t->prefix_length)
		return "prefix";
	if (t->suffix_length)
		return "suffix";
	if (t->reversed)
		return "reversed";
	return t->cut ? "cut" : t->ending ? "another end of line" : NULL;
}

static void add_part(struct text *out, size_t start, const char *words)
{
	if (out->length > start)
		text_string(out, ", ");
	text_string(out, words);
}

static void add_quoted(struct text *out, size_t start, const char *word, const uint8_t *octets, size_t length)
{
	if (!length)
		return;
	add_part(out, start, word);
	text_string(out, " \"");
	text_add(out, octets, length);
	text_char(out, '"');
}

void transform_text(const struct transform *t, struct text *out)
{
	size_t start = out->length;

	if (!t->known || t->identical)
		return;
	if (case_name(t))
		add_part(out, start, case_name(t));
	if (t->reversed)
		add_part(out, start, "reversed");
	add_quoted(out, start, "prefix", t->prefix, t->prefix_length);
	add_quoted(out, start, "suffix", t->suffix, t->suffix_length);
	if (t->ending)
		add_part(out, start, "another end of line");
	if (t->cut) {
		add_part(out, start, "cut to ");
		text_uint(out, t->kept);
		text_string(out, t->kept == 1 ? " octet" : " octets");
	}
}
