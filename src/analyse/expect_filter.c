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

	while (length < text.length &&
	       strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-", text.at[length]))
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
		expect_values_release(&term->near_values);
		expect_values_release(&term->values);
	}
	free(filter->near_line);
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

/* A part that passes every packet, or a bare comparison that is far off, makes no packet alike. */
static void keep_nearest(struct expect_filter *filter, unsigned failures, bool alike, const struct expect_words *words,
			 const struct packet *packet)
{
	if (!alike || (filter->near_line && filter->near_failures <= failures))
		return;
	free(filter->near_line);
	filter->near_line = expect_line(words, packet);
	filter->near_number = packet->frame->number;
	filter->near_failures = failures;
}

static void add_values(struct expect_values *values, const struct expect_term *term, const struct expect_words *words,
		       const struct packet *packet)
{
	const struct field *field = NULL;

	while (term->field && (field = packet_field(packet, term->dissector, term->field, field)))
		expect_values_add(values, words, field, packet->frame->number);
}

/* Whether it has what the part is about. */
static bool has_subject(const struct expect_term *term, const struct packet *packet)
{
	return term->field && packet_field(packet, term->dissector, term->field, NULL);
}

static void look_at_terms(struct expect_filter *filter, const struct expect_words *words, const struct packet *packet)
{
	struct expect_term *failed = NULL;
	unsigned failures = 0;
	bool alike = false;

	for (unsigned i = 0; i < filter->term_count; i++) {
		struct expect_term *term = &filter->terms[i];

		if (term->dissector && has_layer(packet, term->dissector)) {
			expect_number(&term->protocol, packet->frame->number);
			alike = true;
		}
		if (filter_run(term->filter, packet)) {
			expect_number(&term->passed, packet->frame->number);
			continue;
		}
		failed = term;
		failures++;
		add_values(&term->values, term, words, packet);
	}
	keep_nearest(filter, failures, alike, words, packet);
	/* All parts but this one pass: what is it that the packet has instead? */
	if (failures == 1 && (filter->term_count > 1 || has_subject(failed, packet))) {
		expect_number(&failed->near, packet->frame->number);
		add_values(&failed->near_values, failed, words, packet);
	}
}

bool expect_filter_run(struct expect_filter *filter, const struct expect_words *words, const struct packet *packet)
{
	filter->run++;
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

static void say_text(const char *text, struct text *out)
{
	text_escaped(out, text, strlen(text));
}

static void say_values(const struct expect_term *term, const struct expect_values *values, bool brief, struct text *out)
{
	text_format(out, "%s is ", term->field->name);
	expect_values_text(values, brief, out);
}

static void say_near(const struct expect_filter *filter, const struct expect_term *term, struct text *out)
{
	if (filter->term_count == 1) {
		say_values(term, &term->near_values, false, out);
		return;
	}
	expect_who_text(&term->near, "passes all but ", "pass all but ", out);
	say_text(term->text, out);
	if (!term->near_values.count)
		return;
	text_string(out, ": ");
	say_values(term, &term->near_values, true, out);
}

/* What there is of a part that nothing has passed. */
static void say_dead(const struct expect_term *term, struct text *out)
{
	if (term->values.count) {
		say_values(term, &term->values, false, out);
	} else if (term->dissector && !term->protocol.count) {
		text_format(out, "no packet is %s", term->dissector->name);
	} else if (term->dissector && term->field) {
		expect_who_text(&term->protocol, "is ", "are ", out);
		text_format(out, "%s, but not %s", term->dissector->name, term->field->name);
	} else {
		text_string(out, "no packet passes ");
		say_text(term->text, out);
	}
}

/* Parts that never pass are worth a word; when each does somewhere, they never meet. */
static void say_parts(const struct expect_filter *filter, struct text *out)
{
	size_t start = out->length;

	for (unsigned i = 0; i < filter->term_count; i++) {
		if (filter->terms[i].passed.count)
			continue;
		text_string(out, out->length > start ? ", and " : "");
		say_dead(&filter->terms[i], out);
	}
	if (out->length > start)
		return;
	text_string(out, "no packet passes all parts: ");
	for (unsigned i = 0; i < filter->term_count; i++) {
		text_string(out, i ? ", " : "");
		expect_who_text(&filter->terms[i].passed, "passes ", "pass ", out);
		say_text(filter->terms[i].text, out);
	}
}

bool expect_filter_why_none(const struct expect_filter *filter, struct text *out)
{
	const struct expect_term *near = nearest_term(filter);

	if (!filter->run)
		return false;
	if (near)
		say_near(filter, near, out);
	else if (filter->term_count > 1 || (filter->term_count && filter->terms[0].dissector))
		say_parts(filter, out);
	else
		return false;
	return true;
}

void expect_filter_why_not(struct expect_filter *filter, const struct expect_words *words, const struct packet *packet,
			   struct text *out)
{
	struct expect_term *term = NULL;
	struct expect_values values = { 0 };

	for (unsigned i = 0; i < filter->term_count && !term; i++)
		if (!filter_run(filter->terms[i].filter, packet))
			term = &filter->terms[i];
	say_text(term ? term->text : filter->text, out);
	if (!term || !term->field)
		return;
	add_values(&values, term, words, packet);
	if (values.count) {
		text_string(out, ": ");
		say_values(term, &values, true, out);
	} else if (strcmp(term->text, term->field->name)) {
		text_format(out, ": it has no %s", term->field->name);
	}
	expect_values_release(&values);
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
