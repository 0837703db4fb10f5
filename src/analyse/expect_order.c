/* SPDX-License-Identifier: BSD-2-Clause */
/* all(FILTER, FILTER): whoever passes the one passes the other. seq(FILTER, FILTER, ...): packets in this order. */
#include "analyse/expect_judge.h"

static int parse_all(struct expectation *e, struct expect_scan *scan, struct error *err)
{
	return expect_parse_filter(e, scan, err) < 0 || expect_need(e, scan, ',', err) < 0 ||
			       expect_parse_filter(e, scan, err) < 0 || expect_need(e, scan, ')', err) < 0
		       ? -1
		       : 0;
}

static void packet_all(struct expectation *e, const struct packet *packet, const struct tracked *tracked)
{
	(void)tracked;
	if (!expect_filter_run(&e->filters[0], e->words, packet))
		return;
	if (filter_run(e->filters[1].filter, packet)) {
		expect_number(&e->packets, packet->frame->number);
		return;
	}
	if (!e->wrong.count)
		expect_filter_why_not(&e->filters[1], e->words, packet, &e->why);
	expect_number(&e->wrong, packet->frame->number);
	expect_show(e, packet);
	e->verdict = EXPECT_NO;
}

/* Of nothing at all nothing is right: a capture without a packet of the kind shows that the program did not do it. */
static enum expect_verdict finish_all(struct expectation *e)
{
	return e->wrong.count || !e->filters[0].passed.count ? EXPECT_NO : EXPECT_YES;
}

static bool all_missing(const struct expectation *e)
{
	return !e->filters[0].passed.count;
}

static void say_nothing_passed(const struct expect_filter *filter, struct text *out)
{
	size_t before;

	text_string(out, "nothing to judge, no packet passes ");
	text_escaped(out, filter->text, strlen(filter->text));
	before = out->length;
	text_string(out, "; ");
	if (!expect_filter_why_none(filter, out))
		out->length = before;
}

static void say_all(const struct expectation *e, struct text *out)
{
	const struct expect_filter *first = &e->filters[0];

	if (!first->passed.count) {
		say_nothing_passed(first, out);
	} else if (!e->wrong.count) {
		expect_who_text(&first->passed, "passes both", "pass both", out);
	} else {
		uint64_t others = first->passed.count - e->wrong.count;

		expect_who_text(&e->wrong, "fails ", "fail, the first ", out);
		text_add(out, e->why.data, e->why.length);
		if (others)
			text_format(out, "; %llu other%s", (unsigned long long)others,
				    others == 1 ? " passes" : "s pass");
	}
}

const struct expect_kind expect_kind_all = {
	.name = "all",
	.form = "all(FILTER, FILTER)",
	.parse = parse_all,
	.packet = packet_all,
	.finish = finish_all,
	.say = say_all,
	.missing = all_missing,
};

/* ------------------------------------------------------------------------------------------------ seq */

static int parse_seq(struct expectation *e, struct expect_scan *scan, struct error *err)
{
	do {
		if (e->filter_count == EXPECT_FILTERS)
			return expect_wrong(scan, err, "seq() takes at most %d filters", EXPECT_FILTERS);
		if (expect_parse_filter(e, scan, err) < 0)
			return -1;
	} while (expect_take(scan, ","));
	return expect_need(e, scan, ')', err);
}

/* The earliest packet for each step: when that fails nothing else could have succeeded. */
static void packet_seq(struct expectation *e, const struct packet *packet, const struct tracked *tracked)
{
	unsigned step = e->step;
	bool passed = false;

	(void)tracked;
	if (step == e->filter_count)
		return;
	/* Steps that are not due are run as well: to say later that they came, but too early. */
	for (unsigned i = step; i < e->filter_count; i++) {
		bool one = expect_filter_run(&e->filters[i], e->words, packet);

		passed |= one && i == step;
	}
	if (!passed)
		return;
	e->steps[e->step++] = packet->frame->number;
	expect_number(&e->packets, packet->frame->number);
	expect_show(e, packet);
	if (e->step == e->filter_count)
		e->verdict = EXPECT_YES;
}

static enum expect_verdict finish_seq(struct expectation *e)
{
	(void)e;
	return EXPECT_NO;
}

static void say_seq(const struct expectation *e, struct text *out)
{
	const struct expect_filter *due = &e->filters[e->step < e->filter_count ? e->step : 0];
	size_t before;

	if (e->step == e->filter_count) {
		expect_numbers_text(&e->packets, out);
		return;
	}
	if (e->step) {
		expect_numbers_text(&e->packets, out);
		text_format(out, e->step == 1 ? " is step 1, then " : " are steps 1 to %u, then ", e->step);
	}
	text_format(out, "step %u is missing: ", e->step + 1);
	text_escaped(out, due->text, strlen(due->text));
	before = out->length;
	text_string(out, "; ");
	if (due->passed.count) {
		/* The packet of a step cannot be the next step's too. */
		expect_who_text(&due->passed, "passes it, but is not later", "pass it, but are not later", out);
	} else if (!expect_filter_why_none(due, out)) {
		out->length = before;
	}
}

static bool seq_missing(const struct expectation *e)
{
	return !e->filters[e->step < e->filter_count ? e->step : 0].passed.count;
}

const struct expect_kind expect_kind_seq = {
	.name = "seq",
	.form = "seq(FILTER, FILTER, ...)",
	.parse = parse_seq,
	.packet = packet_seq,
	.finish = finish_seq,
	.say = say_seq,
	.missing = seq_missing,
};
