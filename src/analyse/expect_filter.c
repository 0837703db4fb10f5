/* SPDX-License-Identifier: BSD-2-Clause */
/* A display filter in an expectation: run over every packet, and asked why when none has passed. */
#include <stdlib.h>

#include "analyse/expect_judge.h"
#include "base/mem.h"

/* What the term is about: a field at its beginning, or a protocol that is all of it. */
static void find_subject(struct expect_term *term, struct expect_slice text)
{
	size_t length = 0;
	char *name;

	while (length < text.length && strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-",
					      text.at[length]))
		length++;
	/* A slice or a layer of a field is not what the field is. */
	if (!length || (length < text.length && strchr("[#(", text.at[length])))
		return;
	name = mem_copy_bytes(text.at, length);
	term->field = protocols_field(name, &term->dissector);
	if (!term->field)
		term->dissector = length == text.length ? protocols_find(name) : NULL;
	free(name);
}

static int add_term(struct expect_filter *filter, struct expect_slice text, struct error *err)
{
	struct expect_term *term = &filter->terms[filter->term_count++];

	term->text = expect_copy(text);
	term->filter = filter_compile(term->text, err);
	if (!term->filter)
		return -1;
	find_subject(term, text);
	return 0;
}

int expect_filter_new(struct expect_filter *filter, const struct expect_scan *scan, struct expect_slice text,
		      struct error *err)
{
	struct expect_slice parts[EXPECT_TERMS];
	unsigned count;
	struct error unused;

	*filter = (struct expect_filter){ .text = expect_copy(text) };
	if (!text.length)
		return expect_wrong(scan, err, "a display filter is missing here");
	filter->filter = filter_compile(filter->text, err);
	if (!filter->filter)
		return -1;
	count = expect_split(text, parts, EXPECT_TERMS);
	/* What was joined by `and` is a filter each; should one not be, the whole is looked at as one. */
	for (unsigned i = 0; i < count; i++)
		if (add_term(filter, parts[i], &unused) < 0) {
			filter->term_count = 0;
			break;
		}
	return 0;
}

void expect_filter_release(struct expect_filter *filter)
{
	for (unsigned i = 0; i < EXPECT_TERMS; i++) {
		struct expect_term *term = &filter->terms[i];

		free(term->text);
		filter_free(term->filter);
		for (unsigned k = 0; k < term->had_count; k++)
			free(term->had[k].text);
		free(term->line);
	}
	filter_free(filter->filter);
	free(filter->text);
	*filter = (struct expect_filter){ 0 };
}

/* ------------------------------------------------------------------------------------------------ running */

static bool has_layer(const struct packet *packet, const struct dissector *dissector)
{
	for (unsigned i = 0; i < packet->layer_count; i++)
		if (packet->layers[i].dissector == dissector && !packet->layers[i].quoted)
			return true;
	return false;
}

static void keep_line(struct expect_term *term, const struct expect_words *words, const struct packet *packet, bool near)
{
	if (term->line && (term->line_is_near || !near))
		return;
	free(term->line);
	term->line = expect_line(words, packet);
	term->line_number = packet->frame->number;
	term->line_is_near = near;
}

/* All parts but this one pass: what is it that the packet has instead? */
static void note_near(struct expect_term *term, bool alone, const struct expect_words *words,
		      const struct packet *packet)
{
	const struct field *field = NULL;

	if (term->field)
		field = packet_field(packet, term->dissector, term->field, NULL);
	if (alone && !field)
		return;
	expect_number(&term->near, packet->frame->number);
	keep_line(term, words, packet, true);
	for (; field; field = packet_field(packet, term->dissector, term->field, field))
		expect_had(term->had, &term->had_count, &term->had_more, words, field, packet->frame->number);
}

static void look_at_terms(struct expect_filter *filter, const struct expect_words *words, const struct packet *packet)
{
	struct expect_term *failed = NULL;
	unsigned failures = 0;

	for (unsigned i = 0; i < filter->term_count; i++) {
		struct expect_term *term = &filter->terms[i];

		if (term->dissector && has_layer(packet, term->dissector)) {
			expect_number(&term->protocol, packet->frame->number);
			keep_line(term, words, packet, false);
		}
		if (filter_run(term->filter, packet)) {
			expect_number(&term->passed, packet->frame->number);
		} else {
			failed = term;
			failures++;
		}
	}
	if (failures == 1)
		note_near(failed, filter->term_count == 1, words, packet);
}

bool expect_filter_run(struct expect_filter *filter, const struct expect_words *words, const struct packet *packet)
{
	if (filter_run(filter->filter, packet)) {
		expect_number(&filter->passed, packet->frame->number);
		return true;
	}
	if (!filter->passed.count)
		look_at_terms(filter, words, packet);
	return false;
}

/* ------------------------------------------------------------------------------------------------ saying why */

static const struct expect_term *nearest_term(const struct expect_filter *filter)
{
	const struct expect_term *best = NULL;

	for (unsigned i = 0; i < filter->term_count; i++) {
		const struct expect_term *term = &filter->terms[i];

		if (term->near.count && (!best || term->near.count > best->near.count))
			best = term;
	}
	return best;
}

/* Only parts that never pass are worth a word; when each does, they never meet. */
static const struct expect_term *dead_term(const struct expect_filter *filter)
{
	for (unsigned i = 0; i < filter->term_count; i++)
		if (!filter->terms[i].passed.count)
			return &filter->terms[i];
	return NULL;
}

static void say_near(const struct expect_filter *filter, const struct expect_term *term, struct text *out)
{
	bool alone = filter->term_count == 1;

	if (alone) {
		text_string(out, term->field->name);
		text_string(out, term->had_count == 1 && !term->had_more ? " is " : " is one of ");
		expect_had_text(term->had, term->had_count, term->had_more, out);
		return;
	}
	expect_numbers_text(&term->near, out);
	text_string(out, term->near.count == 1 ? " fulfils all but " : " fulfil all but ");
	text_escaped(out, term->text, strlen(term->text));
	if (term->had_count == 1 && !term->had_more) {
		text_format(out, ": %s is %s there", term->field->name, term->had[0].text);
	} else if (term->had_count) {
		text_format(out, ": %s is ", term->field->name);
		expect_had_text(term->had, term->had_count, term->had_more, out);
	}
}

static void say_protocol(const struct expect_term *term, struct text *out)
{
	const char *name = term->dissector->name;

	if (!term->protocol.count) {
		text_format(out, "no packet is %s", name);
		return;
	}
	expect_count_text(&term->protocol, out);
	text_format(out, term->protocol.count == 1 ? " is %s, without " : " are %s, without ", name);
	text_escaped(out, term->text, strlen(term->text));
}

static void say_parts(const struct expect_filter *filter, struct text *out)
{
	for (unsigned i = 0; i < filter->term_count; i++) {
		const struct expect_term *term = &filter->terms[i];

		text_string(out, i ? ", " : "no packet fulfils all parts: ");
		text_escaped(out, term->text, strlen(term->text));
		text_string(out, ": ");
		expect_numbers_text(&term->passed, out);
	}
}

bool expect_filter_why_none(const struct expect_filter *filter, struct text *out)
{
	const struct expect_term *near = nearest_term(filter), *dead = dead_term(filter);

	if (!filter->term_count)
		return false;
	if (near)
		say_near(filter, near, out);
	else if (dead && dead->dissector)
		say_protocol(dead, out);
	else if (filter->term_count > 1)
		say_parts(filter, out);
	else
		return false;
	return true;
}

void expect_filter_why_not(struct expect_filter *filter, const struct expect_words *words, const struct packet *packet,
			   struct text *out)
{
	struct expect_term *term = NULL;
	const struct field *field;

	for (unsigned i = 0; i < filter->term_count && !term; i++)
		if (!filter_run(filter->terms[i].filter, packet))
			term = &filter->terms[i];
	if (!term) {
		text_string(out, "it does not pass ");
		text_escaped(out, filter->text, strlen(filter->text));
		return;
	}
	if (!term->field) {
		text_string(out, term->dissector ? "it is not " : "it does not pass ");
		text_escaped(out, term->text, strlen(term->text));
		return;
	}
	field = packet_field(packet, term->dissector, term->field, NULL);
	text_format(out, field ? "%s is " : "it has no %s", term->field->name);
	for (const struct field *next = field; next;
	     next = packet_field(packet, term->dissector, term->field, next)) {
		text_string(out, next == field ? "" : " and ");
		words->value(words->context, next, out);
	}
}

bool expect_filter_about(const struct expect_filter *filter, const char *protocol)
{
	size_t length = strlen(protocol);

	for (const char *at = filter->text; (at = strstr(at, protocol)); at += length) {
		char before = at == filter->text ? ' ' : at[-1], after = at[length];

		if (strchr(" (!{[&|", before) && (!after || strchr(" .)!=<>&|]}", after)))
			return true;
	}
	return false;
}
