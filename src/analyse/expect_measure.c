/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * min, max, avg, sum and pN of a field's values, compared with a limit. Nothing is kept but sums and counts: pN is
 * below the limit when at least N per cent of the values are (the nearest rank), which counting shows.
 */
#include <stdlib.h>

#include "analyse/expect_judge.h"
#include "base/mem.h"

static bool is_number(enum field_type type)
{
	return type == FIELD_UINT || type == FIELD_HEX || type == FIELD_INT || type == FIELD_BOOL ||
	       type == FIELD_DURATION;
}

static long double value_of(const struct field *field)
{
	enum field_type type = field->def->type;

	return type == FIELD_DURATION || type == FIELD_INT ? (long double)field->value.time
							   : (long double)field->value.uint;
}

static int parse_measure(struct expectation *e, struct expect_scan *scan, struct error *err)
{
	struct expect_measure *m = e->measure;
	struct expect_scan begin = *scan;

	m->percent = (unsigned)e->limit;
	if (expect_parse_field(e, scan, &m->field, &m->dissector, &m->filtered, err) < 0)
		return -1;
	if (!is_number(m->field->type))
		return expect_wrong(&begin, err, "%s is no number and no duration; use each(%s) or count(FILTER)",
				    m->field->name, m->field->name);
	if (expect_sign(scan, &m->sign, err) < 0)
		return -1;
	return expect_limit(scan, m->field->type, &m->limit, err);
}

#define PARSE(name, which)                                                                                             \
	static int parse_##name(struct expectation *e, struct expect_scan *scan, struct error *err)                    \
	{                                                                                                              \
		e->measure = mem_new(1, sizeof *e->measure);                                                           \
		e->measure->what = which;                                                                              \
		return parse_measure(e, scan, err);                                                                    \
	}
PARSE(min, MEASURE_MIN)
PARSE(max, MEASURE_MAX)
PARSE(avg, MEASURE_AVERAGE)
PARSE(sum, MEASURE_SUM)
PARSE(percentile, MEASURE_PERCENTILE)
#undef PARSE

static void take(struct expect_measure *m, long double value, uint64_t number)
{
	if (!m->count || value < m->min) {
		m->min = value;
		m->min_number = number;
	}
	if (!m->count || value > m->max) {
		m->max = value;
		m->max_number = number;
	}
	m->count++;
	m->sum += value;
	m->below += value < m->limit;
	m->equal += expect_holds(value, SIGN_EQ, m->limit);
}

/* What can be certain before the end: what moves in one way only. */
static enum expect_verdict so_far(const struct expect_measure *m)
{
	bool grows = m->field->type == FIELD_UINT || m->field->type == FIELD_HEX || m->field->type == FIELD_BOOL;

	switch (m->what) {
	case MEASURE_MIN:
		return expect_moving(m->min, m->sign, m->limit, false);
	case MEASURE_MAX:
		return expect_moving(m->max, m->sign, m->limit, true);
	case MEASURE_SUM:
		return grows ? expect_moving(m->sum, m->sign, m->limit, true) : EXPECT_OPEN;
	default:
		return EXPECT_OPEN;
	}
}

/* A value that alone breaks the limit shows why. */
static bool shows(const struct expect_measure *m, long double value)
{
	return (m->what == MEASURE_MIN || m->what == MEASURE_MAX || m->what == MEASURE_PERCENTILE) &&
	       !expect_holds(value, m->sign, m->limit);
}

static void packet_measure(struct expectation *e, const struct packet *packet, const struct tracked *tracked)
{
	struct expect_measure *m = e->measure;
	bool any = false, show = false;

	(void)tracked;
	if (m->filtered && !expect_filter_run(&e->filters[0], e->words, packet))
		return;
	for (const struct field *field = packet_field(packet, m->dissector, m->field, NULL); field;
	     field = packet_field(packet, m->dissector, m->field, field)) {
		take(m, value_of(field), packet->frame->number);
		show |= shows(m, value_of(field));
		any = true;
	}
	if (!any)
		return;
	expect_number(show ? &e->wrong : &e->packets, packet->frame->number);
	if (show)
		expect_show(e, packet);
	if (e->verdict == EXPECT_OPEN)
		e->verdict = so_far(m);
}

static bool percentile_holds(const struct expect_measure *m)
{
	/* The value of the nearest rank: the smallest that at least `percent` of a hundred are not above. */
	uint64_t rank = (uint64_t)(((long double)m->count * m->percent + 99) / 100);
	bool below = m->below >= rank, not_above = m->below + m->equal >= rank;
	const bool answers[] = {
		[SIGN_GE] = !below, [SIGN_GT] = !not_above,          [SIGN_LE] = not_above,
		[SIGN_LT] = below,  [SIGN_EQ] = not_above && !below, [SIGN_NE] = below || !not_above,
	};

	return answers[m->sign];
}

static long double result(const struct expect_measure *m)
{
	const long double results[] = {
		[MEASURE_MIN] = m->min,
		[MEASURE_MAX] = m->max,
		[MEASURE_SUM] = m->sum,
		[MEASURE_AVERAGE] = m->count ? m->sum / (long double)m->count : 0,
	};

	return results[m->what];
}

static enum expect_verdict finish_measure(struct expectation *e)
{
	const struct expect_measure *m = e->measure;

	/* The sum of nothing is 0; nothing has a least value, or an average. */
	if (!m->count && m->what != MEASURE_SUM)
		return EXPECT_NO;
	if (m->what == MEASURE_PERCENTILE)
		return percentile_holds(m) ? EXPECT_YES : EXPECT_NO;
	return expect_holds(result(m), m->sign, m->limit) ? EXPECT_YES : EXPECT_NO;
}

static bool measure_missing(const struct expectation *e)
{
	return !e->measure->count;
}

static void say_percentile(const struct expect_measure *m, struct text *out)
{
	uint64_t above = m->count - m->below - m->equal;

	text_format(out, "of %llu value%s %llu %s above ", (unsigned long long)m->count, m->count == 1 ? "" : "s",
		    (unsigned long long)above, above == 1 ? "is" : "are");
	expect_say_limit(m->field->type, m->limit, out);
	text_string(out, ", the greatest is ");
	expect_say_limit(m->field->type, m->max, out);
	text_format(out, " (packet %llu)", (unsigned long long)m->max_number);
}

static void say_measure(const struct expectation *e, struct text *out)
{
	const struct expect_measure *m = e->measure;
	size_t before;

	if (!m->count) {
		text_format(out, "nothing to measure, no packet%s has %s", m->filtered ? " that passes the filter" : "",
			    m->field->name);
		before = out->length;
		text_string(out, "; ");
		if (!m->filtered || e->filters[0].passed.count || !expect_filter_why_none(&e->filters[0], out))
			out->length = before;
		return;
	}
	if (m->what == MEASURE_PERCENTILE) {
		say_percentile(m, out);
		return;
	}
	text_string(out, "it is ");
	expect_say_limit(m->field->type, result(m), out);
	if (m->what == MEASURE_MIN || m->what == MEASURE_MAX)
		text_format(out, " (packet %llu)",
			    (unsigned long long)(m->what == MEASURE_MIN ? m->min_number : m->max_number));
	else
		text_format(out, ", of %llu value%s", (unsigned long long)m->count, m->count == 1 ? "" : "s");
}

static void release_measure(struct expectation *e)
{
	free(e->measure);
}

#define KIND(suffix, word)                                                                                             \
	const struct expect_kind expect_kind_##suffix = {                                                              \
		.name = word,                                                                                          \
		.form = word "(FIELD where FILTER) < VALUE",                                                           \
		.parse = parse_##suffix,                                                                               \
		.packet = packet_measure,                                                                              \
		.finish = finish_measure,                                                                              \
		.say = say_measure,                                                                                    \
		.missing = measure_missing,                                                                            \
		.release = release_measure,                                                                            \
	}
KIND(min, "min");
KIND(max, "max");
KIND(avg, "avg");
KIND(sum, "sum");
KIND(percentile, "p99");
