/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyse/expect.h"

#include <stdlib.h>

#include "analyse/expect_judge.h"
#include "base/mem.h"

#define FACTS_SAID 2 /* behind one sentence */

struct expectations {
	struct expect_words words;
	struct expectation **all; /* each where it was made: parts of it are pointed to */
	size_t count;
	uint64_t packets; /* so far */
	struct expect_facts *facts;
};

struct expectations *expectations_new(const struct expect_words *words)
{
	struct expectations *list = mem_new(1, sizeof *list);

	list->words = *words;
	list->facts = expect_facts_new();
	return list;
}

static void release(struct expectation *e)
{
	if (e->kind && e->kind->release)
		e->kind->release(e);
	for (unsigned i = 0; i < e->filter_count; i++)
		expect_filter_release(&e->filters[i]);
	for (unsigned i = 0; i < e->line_count; i++)
		free(e->lines[i]);
	free(e->label);
	free(e->expression);
	free(e->message);
	free(e->from);
	text_release(&e->says);
	text_release(&e->why);
}

void expectations_free(struct expectations *list)
{
	if (!list)
		return;
	for (size_t i = 0; i < list->count; i++) {
		release(list->all[i]);
		free(list->all[i]);
	}
	expect_facts_free(list->facts);
	free(list->all);
	free(list);
}

/* ------------------------------------------------------------------------------------------------ filling */

int expectations_add(struct expectations *list, const char *text, const char *from, struct error *err)
{
	struct expectation *e;
	struct error why;

	if (list->count == EXPECT_MAX)
		return error_set(err, "more than %d expectations; judge the capture in two runs", EXPECT_MAX);
	e = mem_new(1, sizeof *e);
	e->words = &list->words;
	if (expect_parse(e, text, &why) < 0) {
		release(e);
		free(e);
		return from ? error_set(err, "%.80s: %.400s", from, why.text) : error_set(err, "%s", why.text);
	}
	e->from = from ? mem_copy_string(from) : NULL;
	list->all = mem_resize(list->all, list->count + 1, sizeof *list->all);
	list->all[list->count++] = e;
	return 0;
}

static int add_joined(struct expectations *list, const char *name, unsigned number, struct text *line,
		      struct error *err)
{
	struct text from = { 0 };
	int status;

	if (!line->length)
		return 0;
	text_escaped(&from, name, strlen(name));
	text_format(&from, ":%u", number);
	text_char(&from, '\0');
	text_char(line, '\0');
	if (memchr(line->data, '\0', line->length - 1))
		status = error_set(err, "%.80s: a NUL in a line of text", from.data);
	else
		status = expectations_add(list, line->data, from.data, err);
	text_release(&from);
	text_clear(line);
	return status;
}

int expectations_add_lines(struct expectations *list, const char *name, const char *text, size_t length,
			   struct error *err)
{
	struct text joined = { 0 };
	unsigned number = 0, begun = 0;
	int status = 0;

	for (size_t at = 0; at < length && status == 0;) {
		const char *line = text + at, *end = memchr(line, '\n', length - at);
		size_t size = end ? (size_t)(end - line) : length - at;

		at += size + 1;
		number++;
		while (size && strchr(" \t\r", line[size - 1]))
			size--;
		if (!size || line[strspn(line, " \t")] == '#')
			continue;
		if (*line != ' ' && *line != '\t') {
			status = add_joined(list, name, begun, &joined, err);
			begun = number;
		}
		if (joined.length)
			text_char(&joined, ' ');
		text_add(&joined, line + strspn(line, " \t"), size - strspn(line, " \t"));
	}
	if (status == 0)
		status = add_joined(list, name, begun, &joined, err);
	text_release(&joined);
	return status;
}

size_t expectations_count(const struct expectations *list)
{
	return list->count;
}

const char *expectations_ahead(const struct expectations *list)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct expectation *e = list->all[i];

		for (unsigned k = 0; k < e->filter_count; k++)
			if (filter_reads(e->filters[k].filter, FIELD_AHEAD))
				return e->filters[k].text;
		if (e->measure && e->measure->field->flags & FIELD_AHEAD)
			return e->measure->field->name;
	}
	return NULL;
}

static void want_filter(const struct expect_filter *filter, struct protocols *protocols)
{
	filter_want(filter->filter, protocols);
	for (unsigned i = 0; i < filter->term_count; i++) {
		filter_want(filter->terms[i].filter, protocols);
		if (filter->terms[i].field)
			protocols_want_field(protocols, filter->terms[i].field);
	}
}

void expectations_want(const struct expectations *list, struct protocols *protocols)
{
	/* Lines of packets and addresses of conversations. */
	protocols_want_brief(protocols);
	protocols_want_roles(protocols);
	expect_facts_want(list->facts, protocols);
	for (size_t i = 0; i < list->count; i++) {
		const struct expectation *e = list->all[i];

		for (unsigned k = 0; k < e->filter_count; k++)
			want_filter(&e->filters[k], protocols);
		if (e->measure)
			protocols_want_field(protocols, e->measure->field);
		if (e->each)
			protocols_want_field(protocols, e->each->field);
	}
}

/* ------------------------------------------------------------------------------------------------ judging */

static void heard(void *context, const struct dialogue *dialogue, bool over)
{
	struct expectations *list = context;

	for (size_t i = 0; i < list->count; i++)
		if (list->all[i]->kind->dialogue)
			list->all[i]->kind->dialogue(list->all[i], dialogue, over);
}

void expectations_listener(struct expectations *list, struct dialogue_listener *listener)
{
	*listener = (struct dialogue_listener){ .dialogue = heard, .context = list };
}

void expectations_packet(struct expectations *list, const struct packet *packet, const struct tracked *tracked)
{
	list->packets++;
	expect_facts_packet(list->facts, packet, tracked);
	for (size_t i = 0; i < list->count; i++)
		list->all[i]->kind->packet(list->all[i], packet, tracked);
}

bool expectations_certain(const struct expectations *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->all[i]->verdict == EXPECT_OPEN)
			return false;
	return true;
}

/* Of the first filter that has passed nothing the packet that comes nearest to it. */
static void show_near(struct expectation *e)
{
	const struct expect_filter *filter = e->filters;

	while (filter < e->filters + e->filter_count && filter->passed.count)
		filter++;
	if (filter < e->filters + e->filter_count && filter->near_line)
		expect_show_line(e, filter->near_number, filter->near_line);
}

static void finish(struct expectations *list, struct expectation *e, const char *incomplete)
{
	bool missing;

	if (e->verdict == EXPECT_OPEN)
		e->verdict = incomplete ? EXPECT_UNJUDGED : e->kind->finish(e);
	missing = e->verdict == EXPECT_NO && e->kind->missing && e->kind->missing(e);
	e->kind->say(e, &e->says);
	if (missing && !list->packets) {
		text_string(&e->says, "; the capture has no packets");
	} else if (missing) {
		show_near(e);
		expect_facts_say(list->facts, e, FACTS_SAID, &e->says);
	}
	if (e->verdict == EXPECT_UNJUDGED)
		text_format(&e->says, "; it could not be judged: %s", incomplete);
	text_char(&e->says, '\0');
}

void expectations_finish(struct expectations *list, const char *incomplete)
{
	for (size_t i = 0; i < list->count; i++)
		finish(list, list->all[i], incomplete);
}

struct expect_answer expectations_answer(const struct expectations *list, size_t index)
{
	const struct expectation *e = list->all[index];
	struct expect_answer answer = {
		.title = e->label ? e->label : e->expression,
		.expression = e->expression,
		.message = e->message,
		.from = e->from,
		.verdict = e->verdict,
		.says = e->says.data,
		.packets = e->wrong.count ? e->wrong : e->packets,
	};

	for (unsigned i = 0; i < e->line_count; i++) {
		answer.lines[i] = e->lines[i];
		answer.numbers[i] = e->numbers[i];
	}
	return answer;
}

/* ------------------------------------------------------------------------------------------------ for the kinds */

char *expect_line(const struct expect_words *words, const struct packet *packet)
{
	struct text line = { 0 };
	char *copy;

	words->packet(words->context, packet, &line);
	copy = mem_copy_bytes(line.data ? line.data : "", line.length);
	text_release(&line);
	return copy;
}

void expect_show_line(struct expectation *e, uint64_t number, const char *line)
{
	for (unsigned i = 0; i < e->line_count; i++)
		if (e->numbers[i] == number)
			return;
	if (e->line_count == EXPECT_SHOWN)
		return;
	e->numbers[e->line_count] = number;
	e->lines[e->line_count++] = mem_copy_string(line);
}

void expect_show(struct expectation *e, const struct packet *packet)
{
	char *line;

	if (e->line_count == EXPECT_SHOWN)
		return;
	line = expect_line(e->words, packet);
	expect_show_line(e, packet->frame->number, line);
	free(line);
}

void expect_values_release(struct expect_values *values)
{
	for (unsigned i = 0; i < values->count; i++)
		free(values->list[i].text);
}

void expect_values_add(struct expect_values *values, const struct expect_words *words, const struct field *field,
		       uint64_t number)
{
	struct text value = { 0 };
	unsigned i = 0;

	words->value(words->context, field, &value);
	text_char(&value, '\0');
	while (i < values->count && strcmp(values->list[i].text, value.data))
		i++;
	if (i == EXPECT_VALUES) {
		values->more = true;
	} else {
		if (i == values->count)
			values->list[values->count++].text = mem_copy_bytes(value.data, value.length - 1);
		if (values->list[i].last != number)
			expect_number(&values->list[i].in, number);
		values->list[i].last = number;
	}
	text_release(&value);
}

void expect_values_text(const struct expect_values *values, bool brief, struct text *out)
{
	for (unsigned i = 0; i < values->count; i++) {
		text_string(out, i ? ", " : "");
		text_string(out, values->list[i].text);
		if (brief && values->count == 1 && !values->more)
			return;
		text_string(out, " (");
		expect_numbers_text(&values->list[i].in, out);
		text_char(out, ')');
	}
	text_string(out, values->more ? " and others" : "");
}
