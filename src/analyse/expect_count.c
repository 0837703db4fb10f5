/* SPDX-License-Identifier: BSD-2-Clause */
/* count(FILTER) >= N and none(FILTER). */
#include "analyse/expect_judge.h"

static int parse_count(struct expectation *e, struct expect_scan *scan, struct error *err)
{
	long double limit;
	const char *number;

	if (expect_parse_filter(e, scan, err) < 0 || expect_need(e, scan, ')', err) < 0 ||
	    expect_sign(scan, &e->sign, err) < 0)
		return -1;
	expect_blanks(scan);
	number = scan->at;
	if (expect_limit(scan, FIELD_UINT, &limit, err) < 0)
		return -1;
	e->limit = (uint64_t)(limit < 0 || limit > 1e18L ? 0 : limit);
	if ((long double)e->limit < limit || (long double)e->limit > limit) {
		scan->at = number;
		return expect_wrong(scan, err, "packets are counted in whole numbers from 0");
	}
	return 0;
}

static void packet_count(struct expectation *e, const struct packet *packet, const struct tracked *tracked)
{
	(void)tracked;
	if (!expect_filter_run(&e->filters[0], e->words, packet))
		return;
	expect_show(e, packet);
	e->packets = e->filters[0].passed;
	if (e->verdict == EXPECT_OPEN)
		e->verdict = expect_moving((long double)e->packets.count, e->sign, (long double)e->limit, true);
}

static enum expect_verdict finish_count(struct expectation *e)
{
	return expect_holds((long double)e->packets.count, e->sign, (long double)e->limit) ? EXPECT_YES : EXPECT_NO;
}

static void say_count(const struct expectation *e, struct text *out)
{
	if (e->verdict == EXPECT_NO && e->packets.count && e->packets.count < e->limit)
		text_string(out, "only ");
	expect_who_text(&e->packets, "passes", "pass", out);
	if (!e->packets.count && e->verdict == EXPECT_NO) {
		size_t before = out->length;

		text_string(out, "; ");
		if (!expect_filter_why_none(&e->filters[0], out))
			out->length = before;
	}
}

/* Too few, not too many. */
static bool count_missing(const struct expectation *e)
{
	return e->packets.count < e->limit || (e->packets.count == e->limit && e->sign == SIGN_GT);
}

const struct expect_kind expect_kind_count = {
	.name = "count",
	.form = "count(FILTER) >= NUMBER",
	.parse = parse_count,
	.packet = packet_count,
	.finish = finish_count,
	.say = say_count,
	.missing = count_missing,
};

/* ------------------------------------------------------------------------------------------------ none */

static int parse_none(struct expectation *e, struct expect_scan *scan, struct error *err)
{
	e->sign = SIGN_EQ;
	return expect_parse_filter(e, scan, err) < 0 ? -1 : expect_need(e, scan, ')', err);
}

static void say_none(const struct expectation *e, struct text *out)
{
	expect_who_text(&e->packets, "passes", "pass", out);
}

const struct expect_kind expect_kind_none = {
	.name = "none",
	.form = "none(FILTER)",
	.parse = parse_none,
	.packet = packet_count,
	.finish = finish_count,
	.say = say_none,
};
