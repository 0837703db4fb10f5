/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * each(FIELD) in {...}, or with another test: every value that the field has, not only one of a packet's. The test is
 * a display filter, run over a packet that holds this one value and nothing else.
 */
#include <stdlib.h>

#include "analyse/expect_judge.h"
#include "base/mem.h"

static int parse_each(struct expectation *e, struct expect_scan *scan, struct error *err)
{
	struct expect_each *each = e->each = mem_new(1, sizeof *each);
	struct expect_slice rest;
	struct text test = { 0 };
	int status;

	each->one = mem_new(1, sizeof *each->one);
	if (expect_parse_field(e, scan, &each->field, &each->dissector, &each->filtered, err) < 0)
		return -1;
	expect_blanks(scan);
	rest = expect_rest(scan);
	if (!rest.length)
		return expect_wrong(scan, err, "what shall each %s be? %s", each->field->name, e->kind->form);
	text_format(&test, "%s ", each->field->name);
	text_add(&test, rest.at, rest.length);
	status = expect_filter_new(&e->filters[e->filter_count++], scan,
				   (struct expect_slice){ test.data, test.length }, err);
	text_release(&test);
	return status;
}

static void release_each(struct expectation *e)
{
	if (!e->each)
		return;
	expect_values_release(&e->each->wrong);
	free(e->each->one);
	free(e->each);
}

static const struct layer *layer_of(const struct packet *packet, const struct field *field)
{
	unsigned at = (unsigned)(field - packet->fields), i = packet->layer_count - 1;

	while (i && packet->layers[i].first_field > at)
		i--;
	return &packet->layers[i];
}

static bool fulfils(struct expectation *e, const struct packet *packet, const struct field *field)
{
	struct packet *one = e->each->one;

	one->frame = packet->frame;
	one->layer_count = one->field_count = 1;
	memset(one->roles, 0xff, sizeof one->roles);
	one->layers[0] = *layer_of(packet, field);
	one->layers[0].first_field = 0;
	one->layers[0].field_count = 1;
	one->fields[0] = *field;
	return filter_run(e->filters[e->filter_count - 1].filter, one);
}

static void packet_each(struct expectation *e, const struct packet *packet, const struct tracked *tracked)
{
	struct expect_each *each = e->each;
	bool any = false, wrong = false;

	(void)tracked;
	if (each->filtered && !expect_filter_run(&e->filters[0], e->words, packet))
		return;
	for (const struct field *field = packet_field(packet, each->dissector, each->field, NULL); field;
	     field = packet_field(packet, each->dissector, each->field, field)) {
		any = true;
		each->values++;
		if (fulfils(e, packet, field))
			continue;
		wrong = true;
		expect_values_add(&each->wrong, e->words, field, packet->frame->number);
	}
	if (any && !wrong)
		expect_number(&e->packets, packet->frame->number);
	if (!wrong)
		return;
	expect_number(&e->wrong, packet->frame->number);
	expect_show(e, packet);
	e->verdict = EXPECT_NO;
}

static enum expect_verdict finish_each(struct expectation *e)
{
	return e->wrong.count || !e->each->values ? EXPECT_NO : EXPECT_YES;
}

static bool each_missing(const struct expectation *e)
{
	return !e->each->values;
}

static void say_each(const struct expectation *e, struct text *out)
{
	const struct expect_each *each = e->each;

	if (!each->values) {
		text_format(out, "nothing to judge, no packet%s has %s",
			    each->filtered ? " that passes the filter" : "", each->field->name);
		if (each->filtered && !e->filters[0].passed.count) {
			size_t before = out->length;

			text_string(out, "; ");
			if (!expect_filter_why_none(&e->filters[0], out))
				out->length = before;
		}
	} else if (!e->wrong.count) {
		expect_who_text(&e->packets, "has such a value", "have such values", out);
	} else {
		text_format(out, "%s is ", each->field->name);
		expect_values_text(&each->wrong, false, out);
	}
}

const struct expect_kind expect_kind_each = {
	.name = "each",
	.form = "each(FIELD where FILTER) in {VALUE, ...}",
	.parse = parse_each,
	.packet = packet_each,
	.finish = finish_each,
	.say = say_each,
	.missing = each_missing,
	.release = release_each,
};
