/* SPDX-License-Identifier: BSD-2-Clause */
/* Differences written down, as people and machines shall read them. */
#include <string.h>

#include "analyse/compare_parts.h"
#include "base/mem.h"

#define VALUE_SHOWN 80  /* octets of a value that are shown */
#define VALUE_BEFORE 20 /* of these, before the first that differs */

static const char *keep(const struct side_by_side *pair, const struct text *text)
{
	return strings_keep(&pair->comparison->strings, text);
}

static const char *keep_escaped(const struct side_by_side *pair, const void *octets, size_t length)
{
	struct text text = { 0 };
	const char *kept;

	text_escaped(&text, octets, length);
	kept = keep(pair, &text);
	text_release(&text);
	return kept;
}

static const char *keep_name(const struct side_by_side *pair, uint32_t host, bool student)
{
	const char *name = role_name(pair->roles, host, student);

	return keep_escaped(pair, name, strlen(name));
}

/* NULL: there are enough, it is only counted. */
static struct difference *add(struct side_by_side *pair, enum compare_change change)
{
	struct comparison *comparison = pair->comparison;
	uint32_t n = comparison->count;

	comparison->changes[change]++;
	if (n == COMPARE_DIFFERENCES_MAX)
		return NULL;
	if (!(n & (n - 1)))
		comparison->differences =
			mem_resize(comparison->differences, 2 * (size_t)n + 1, sizeof *comparison->differences);
	comparison->differences[n] = (struct difference){
		.change = change,
		.conversation = (uint32_t)(pair->result - comparison->conversations),
	};
	comparison->count++;
	pair->result->count++;
	return &comparison->differences[n];
}

static void name_message(const struct side_by_side *pair, struct difference *difference, const struct said *said,
			 bool student)
{
	const struct transcript *transcript = student ? pair->student : pair->golden;
	const struct conversation *conversation = &transcript->conversations[said->conversation];
	const char *kind = transcript->strings.data + said->kind.at;
	struct text name = { 0 };

	text_string(&name, said->protocol);
	if (said->kind.length) {
		text_char(&name, ' ');
		text_escaped(&name, kind, said->kind.length);
	}
	difference->message = keep(pair, &name);
	text_release(&name);
	difference->from = keep_name(pair, said->from, student);
	difference->to = keep_name(pair, conversation->hosts[!said->side], student);
}

void tell_only(struct side_by_side *pair, const struct said *said, bool student, uint64_t place)
{
	const struct transcript *transcript = student ? pair->student : pair->golden;
	struct difference *difference = add(pair, student ? COMPARE_EXTRA : COMPARE_MISSING);

	if (!difference)
		return;
	difference->place = place;
	*(student ? &difference->student : &difference->golden) = said->frame;
	name_message(pair, difference, said, student);
	if (said->words.length) {
		const struct text words = { transcript->strings.data + said->words.at, said->words.length, 0 };

		difference->words = keep(pair, &words);
	}
}

/* ------------------------------------------------------------------------------------------------ values */

static uint32_t first_difference(const struct text *a, const struct text *b)
{
	uint32_t i = 0;

	while (i < a->length && i < b->length && a->data[i] == b->data[i])
		i++;
	return i;
}

/* A piece of the value around what differs, quoted when it is octets. */
static const char *show(const struct side_by_side *pair, const struct text *octets, const struct said_value *value,
			uint32_t differs)
{
	uint32_t start = differs > VALUE_SHOWN - VALUE_BEFORE ? differs - VALUE_BEFORE : 0;
	size_t length = octets->length > start ? octets->length - start : 0;
	struct text text = { 0 };
	const char *kept;

	if (!value->quoted)
		return keep_escaped(pair, octets->data, octets->length);
	if (start)
		text_string(&text, "...");
	text_char(&text, '"');
	text_escaped(&text, octets->data + start, length < VALUE_SHOWN ? length : VALUE_SHOWN);
	text_char(&text, '"');
	if (start + VALUE_SHOWN < value->octets)
		text_format(&text, "... (%llu octets)", (unsigned long long)value->octets);
	kept = keep(pair, &text);
	text_release(&text);
	return kept;
}

static struct text octets_of(const struct transcript *transcript, const struct said_value *value)
{
	return (struct text){ transcript->strings.data + value->text.at, value->text.length, 0 };
}

static void changed_field(struct side_by_side *pair, const struct said *a, const struct said *b,
			  const struct said_value *before, const struct said_value *after)
{
	struct text old = { 0 }, new = { 0 };
	struct difference *difference;
	uint32_t differs;

	if (before)
		old = octets_of(pair->golden, before);
	if (after)
		new = octets_of(pair->student, after);
	difference = add(pair, COMPARE_CHANGED);
	if (!difference)
		return;
	differs = before && after ? first_difference(&old, &new) : 0;
	name_message(pair, difference, a, false);
	difference->place = 2 * (uint64_t)(a - pair->golden->messages);
	difference->golden = a->frame;
	difference->student = b->frame;
	difference->field = before ? before->name : after->name;
	difference->before = before ? show(pair, &old, before, differs) : NULL;
	difference->after = after ? show(pair, &new, after, differs) : NULL;
}

/* The value of the same name, the nth of them. */
static const struct said_value *value_of(const struct transcript *transcript, const struct said *said, const char *name,
					 uint32_t nth)
{
	for (uint32_t i = 0; i < said->value_count; i++) {
		const struct said_value *value = &transcript->values[said->first_value + i];

		if (!strcmp(value->name, name) && !nth--)
			return value;
	}
	return NULL;
}

static uint32_t nth_of(const struct transcript *transcript, const struct said *said, uint32_t i)
{
	const struct said_value *values = &transcript->values[said->first_value];
	uint32_t nth = 0;

	for (uint32_t n = 0; n < i; n++)
		nth += !strcmp(values[n].name, values[i].name);
	return nth;
}

static void changed_protocol(struct side_by_side *pair, const struct said *a, const struct said *b)
{
	struct difference *difference = add(pair, COMPARE_CHANGED);

	if (!difference)
		return;
	name_message(pair, difference, a, false);
	difference->place = 2 * (uint64_t)(a - pair->golden->messages);
	difference->golden = a->frame;
	difference->student = b->frame;
	difference->field = "protocol";
	difference->before = a->protocol;
	difference->after = b->protocol;
}

void tell_changed(struct side_by_side *pair, const struct said *a, const struct said *b)
{
	const struct transcript *golden = pair->golden, *student = pair->student;

	if (strcmp(a->protocol, b->protocol) != 0) {
		changed_protocol(pair, a, b);
		return;
	}
	for (uint32_t i = 0; i < a->value_count; i++) {
		const struct said_value *before = &golden->values[a->first_value + i];
		const struct said_value *after = value_of(student, b, before->name, nth_of(golden, a, i));

		if (!after || after->octets != before->octets || after->digest != before->digest)
			changed_field(pair, a, b, before, after);
	}
	for (uint32_t i = 0; i < b->value_count; i++) {
		const struct said_value *after = &student->values[b->first_value + i];

		if (!value_of(golden, a, after->name, nth_of(student, b, i)))
			changed_field(pair, a, b, NULL, after);
	}
}

void tell_moved(struct side_by_side *pair, const struct said *a, const struct said *b)
{
	struct difference *difference = add(pair, COMPARE_MOVED);

	if (!difference)
		return;
	name_message(pair, difference, a, false);
	difference->place = 2 * (uint64_t)(a - pair->golden->messages);
	difference->golden = a->frame;
	difference->student = b->frame;
}

/* ------------------------------------------------------------------------------------------------ conversations */

void tell_conversation(struct side_by_side *pair, const char *field, const char *before, const char *after)
{
	enum compare_change change = !pair->b ? COMPARE_MISSING : !pair->a ? COMPARE_EXTRA : COMPARE_CHANGED;
	struct difference *difference = add(pair, change);

	if (!difference)
		return;
	difference->golden = pair->a ? pair->golden->messages[pair->a->first].frame : 0;
	difference->student = pair->b ? pair->student->messages[pair->b->first].frame : 0;
	difference->field = field;
	difference->before = before ? keep_escaped(pair, before, strlen(before)) : NULL;
	difference->after = after ? keep_escaped(pair, after, strlen(after)) : NULL;
}
