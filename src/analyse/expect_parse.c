/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A line of the language: ["LABEL":] KIND(...) [COMPARISON] [-- MESSAGE]. What stands between parentheses is the
 * kind's own business.
 */
#include <stdlib.h>

#include "analyse/expect_judge.h"
#include "base/nearest.h"

static const struct expect_kind *const kinds[] = {
	&expect_kind_count, &expect_kind_none, &expect_kind_all, &expect_kind_seq, &expect_kind_paired,
	&expect_kind_each,  &expect_kind_min,  &expect_kind_max, &expect_kind_avg, &expect_kind_sum,
};
#define KINDS (sizeof kinds / sizeof *kinds)

int expect_need(const struct expectation *e, struct expect_scan *scan, char c, struct error *err)
{
	expect_blanks(scan);
	if (*scan->at != c)
		return expect_wrong(scan, err, "'%c' is missing: %s", c, e->kind->form);
	scan->at++;
	return 0;
}

int expect_parse_filter(struct expectation *e, struct expect_scan *scan, struct error *err)
{
	struct expect_slice text;

	if (!expect_until(scan, ",)", &text))
		return expect_wrong(scan, err, "a parenthesis is not closed: %s", e->kind->form);
	return expect_filter_new(&e->filters[e->filter_count++], scan, text, err);
}

static int no_field(const struct expect_scan *scan, const char *name, struct error *err)
{
	const char *near = *name ? protocols_nearest_field(name) : NULL;

	if (!*name)
		return expect_wrong(scan, err, "a field is missing; sonde list fields knows them");
	if (near)
		return expect_wrong(scan, err, "no field '%s'; did you mean %s?", name, near);
	return expect_wrong(scan, err, "no field '%s'; sonde list fields knows them", name);
}

int expect_parse_field(struct expectation *e, struct expect_scan *scan, const struct field_def **field,
		       const struct dissector **dissector, bool *filtered, struct error *err)
{
	struct expect_slice word = expect_word(scan);
	struct expect_scan at = { scan->line, word.at };
	char *name = expect_copy(word);
	int status = 0;

	*field = protocols_field(name, dissector);
	if (!*field)
		status = no_field(&at, name, err);
	free(name);
	if (status < 0)
		return -1;
	*filtered = expect_take(scan, "where");
	if (*filtered && expect_parse_filter(e, scan, err) < 0)
		return -1;
	return expect_need(e, scan, ')', err);
}

/* ------------------------------------------------------------------------------------------------ the line */

static int parse_label(struct expectation *e, struct expect_scan *scan, struct error *err)
{
	const char *end;

	expect_blanks(scan);
	if (*scan->at != '"')
		return 0;
	end = strchr(scan->at + 1, '"');
	if (!end || end == scan->at + 1)
		return expect_wrong(scan, err,
				    "a label is words in double quotes and a colon: \"the server answers\": ...");
	e->label = expect_copy((struct expect_slice){ scan->at + 1, (size_t)(end - scan->at - 1) });
	scan->at = end + 1;
	if (!expect_take(scan, ":"))
		return expect_wrong(scan, err, "a colon is missing behind the label");
	return 0;
}

/* pN for any N from 1 to 99: p50, p99. */
static bool is_percentile(const char *name)
{
	return name[0] == 'p' && name[1] >= '1' && name[1] <= '9' &&
	       (!name[2] || (name[2] >= '0' && name[2] <= '9' && !name[3]));
}

static const struct expect_kind *find_kind(const char *name)
{
	for (size_t i = 0; i < KINDS; i++)
		if (!strcmp(kinds[i]->name, name))
			return kinds[i];
	return is_percentile(name) ? &expect_kind_percentile : NULL;
}

static int no_kind(const struct expect_scan *scan, const char *name, struct error *err)
{
	const char *names[KINDS + 1] = { NULL }, *near;
	const struct dissector *dissector;

	for (size_t i = 0; i < KINDS; i++)
		names[i] = kinds[i]->name;
	near = nearest(name, names);
	if (protocols_field(name, &dissector) || protocols_find(name))
		return expect_wrong(scan, err,
				    "a display filter alone expects nothing; write count(FILTER) >= 1 or "
				    "none(FILTER)");
	if (near)
		return expect_wrong(scan, err, "no expectation '%s'; did you mean %s?", name, near);
	return expect_wrong(scan, err,
			    "an expectation begins with count, none, all, seq, paired, each, min, max, avg, "
			    "sum or p99");
}

static int parse_clause(struct expectation *e, struct expect_scan *scan, struct error *err)
{
	struct expect_slice word = expect_word(scan);
	struct expect_scan begin = { scan->line, word.at };
	char *name = expect_copy(word);
	int status = 0;

	e->kind = find_kind(name);
	if (!e->kind)
		status = no_kind(&begin, name, err);
	else if (e->kind == &expect_kind_percentile)
		e->limit = strtoul(name + 1, NULL, 10);
	free(name);
	if (status < 0 || expect_need(e, scan, '(', err) < 0)
		return -1;
	return e->kind->parse(e, scan, err);
}

static int parse_message(struct expectation *e, struct expect_scan *scan, struct error *err)
{
	size_t length;

	expect_blanks(scan);
	if (!*scan->at)
		return 0;
	if (strncmp(scan->at, "--", 2))
		return expect_wrong(scan, err, "what is this? The expectation has ended; a message begins with --");
	scan->at += 2;
	expect_blanks(scan);
	length = strlen(scan->at);
	while (length && strchr(" \t\r", scan->at[length - 1]))
		length--;
	if (length)
		e->message = expect_copy((struct expect_slice){ scan->at, length });
	return 0;
}

int expect_parse(struct expectation *e, const char *text, struct error *err)
{
	struct expect_scan scan = { text, text }, begin;
	struct expect_slice clause;

	if (strlen(text) > EXPECT_LINE_MAX)
		return error_set(err, "an expectation has at most %d octets", EXPECT_LINE_MAX);
	if (parse_label(e, &scan, err) < 0)
		return -1;
	expect_blanks(&scan);
	begin = scan;
	if (parse_clause(e, &scan, err) < 0)
		return -1;
	clause = (struct expect_slice){ begin.at, (size_t)(scan.at - begin.at) };
	while (clause.length && strchr(" \t\r", clause.at[clause.length - 1]))
		clause.length--;
	e->expression = expect_copy(clause);
	return parse_message(e, &scan, err);
}
