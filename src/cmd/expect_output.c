/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/expect_output.h"

#include "base/table.h"
#include "render/color.h"

#define INDENT 8

static const char *const verdicts[] = {
	[EXPECT_OPEN] = "unknown",
	[EXPECT_YES] = "ok",
	[EXPECT_NO] = "not ok",
	[EXPECT_UNJUDGED] = "unknown",
};

static void escaped(struct text *out, const char *string)
{
	text_escaped(out, string, strlen(string));
}

static bool fails(const struct expect_answer *answer)
{
	return answer->verdict != EXPECT_YES;
}

/* What stands below an expectation that fails, a line each, with `before` at its beginning. */
static void details(const struct expect_answer *answer, const char *before, struct text *out)
{
	if (answer->title != answer->expression) {
		text_format(out, "%sexpected: ", before);
		escaped(out, answer->expression);
		text_char(out, '\n');
	}
	for (unsigned i = 0; i < EXPECT_SHOWN && answer->lines[i]; i++)
		text_format(out, "%spacket %llu: %s\n", before, (unsigned long long)answer->numbers[i],
			    answer->lines[i]);
	if (answer->message) {
		text_format(out, "%shint: ", before);
		escaped(out, answer->message);
		text_char(out, '\n');
	}
}

static void totals(const struct expectations *list, struct text *out)
{
	size_t counts[4] = { 0 }, all = expectations_count(list);

	for (size_t i = 0; i < all; i++)
		counts[expectations_answer(list, i).verdict]++;
	text_format(out, "%zu expectation%s: %zu ok, %zu not ok", all, all == 1 ? "" : "s", counts[EXPECT_YES],
		    counts[EXPECT_NO]);
	if (counts[EXPECT_UNJUDGED])
		text_format(out, ", %zu unknown", counts[EXPECT_UNJUDGED]);
	text_char(out, '\n');
}

void expect_plain(const struct expectations *list, bool color, struct text *out)
{
	for (size_t i = 0; i < expectations_count(list); i++) {
		struct expect_answer answer = expectations_answer(list, i);
		bool bad = color && fails(&answer);
		size_t start;

		text_string(out, bad ? COLOR_BAD : "");
		start = out->length;
		text_string(out, verdicts[answer.verdict]);
		text_pad(out, start, INDENT);
		text_string(out, bad ? COLOR_RESET : "");
		escaped(out, answer.title);
		text_format(out, ": %s\n", answer.says);
		if (fails(&answer))
			details(&answer, "        ", out);
	}
	if (expectations_count(list) > 1)
		totals(list, out);
}

/* ------------------------------------------------------------------------------------------------ TAP */

/* A # would begin a directive. */
static void tap_title(struct text *out, const char *title)
{
	struct text safe = { 0 };

	escaped(&safe, title);
	for (size_t i = 0; i < safe.length; i++) {
		if (safe.data[i] == '#')
			text_char(out, '\\');
		text_char(out, safe.data[i]);
	}
	text_release(&safe);
}

void expect_tap(const struct expectations *list, struct text *out)
{
	text_format(out, "TAP version 13\n1..%zu\n", expectations_count(list));
	for (size_t i = 0; i < expectations_count(list); i++) {
		struct expect_answer answer = expectations_answer(list, i);

		text_format(out, "%s %zu - ", fails(&answer) ? "not ok" : "ok", i + 1);
		tap_title(out, answer.title);
		text_format(out, "\n# %s\n", answer.says);
		if (fails(&answer))
			details(&answer, "# ", out);
	}
}

/* ------------------------------------------------------------------------------------------------ rows */

static const struct table_column columns[] = {
	{ "verdict", CELL_TEXT, false }, { "title", CELL_TEXT, false },   { "expression", CELL_TEXT, false },
	{ "says", CELL_TEXT, false },    { "packets", CELL_UINT, true },  { "first_packets", CELL_TEXT, false },
	{ "shown", CELL_TEXT, false },   { "message", CELL_TEXT, false }, { "from", CELL_TEXT, false },
};

static void first_packets(struct table *table, const struct expect_numbers *numbers)
{
	struct text list = { 0 };

	for (uint64_t i = 0; i < numbers->count && i < EXPECT_NAMED; i++)
		text_format(&list, "%s%llu", i ? " " : "", (unsigned long long)numbers->first[i]);
	text_char(&list, '\0');
	table_text(table, numbers->count ? list.data : NULL);
	text_release(&list);
}

static void shown(struct table *table, const struct expect_answer *answer)
{
	struct text lines = { 0 };

	for (unsigned i = 0; i < EXPECT_SHOWN && answer->lines[i]; i++)
		text_format(&lines, "%spacket %llu: %s", i ? "\n" : "", (unsigned long long)answer->numbers[i],
			    answer->lines[i]);
	text_char(&lines, '\0');
	table_text(table, answer->lines[0] ? lines.data : NULL);
	text_release(&lines);
}

void expect_rows(const struct expectations *list, bool json, struct text *out)
{
	struct table table;

	table_init(&table, columns, sizeof columns / sizeof *columns);
	for (size_t i = 0; i < expectations_count(list); i++) {
		struct expect_answer answer = expectations_answer(list, i);

		table_text(&table, verdicts[answer.verdict]);
		table_text(&table, answer.title);
		table_text(&table, answer.expression);
		table_text(&table, answer.says);
		table_uint(&table, answer.packets.count);
		first_packets(&table, &answer.packets);
		shown(&table, &answer);
		table_text(&table, answer.message);
		table_text(&table, answer.from);
	}
	table_print(&table, json ? TABLE_JSON : TABLE_CSV, out);
	table_release(&table);
}

/* ------------------------------------------------------------------------------------------------ JUnit */

/* Escaped for people first: XML has no way to write control characters at all. */
static void xml(struct text *out, const char *string, size_t length)
{
	static const char special[] = "&<>\"'";
	static const char *const names[] = { "&amp;", "&lt;", "&gt;", "&quot;", "&apos;" };

	for (size_t i = 0; i < length; i++) {
		const char *found = strchr(special, string[i]);

		if (string[i] && found)
			text_string(out, names[found - special]);
		else
			text_char(out, string[i]);
	}
}

static void attribute(struct text *out, const char *name, const char *value)
{
	struct text safe = { 0 };

	escaped(&safe, value);
	text_format(out, " %s=\"", name);
	xml(out, safe.data ? safe.data : "", safe.length);
	text_char(out, '"');
	text_release(&safe);
}

static void junit_case(const struct expect_answer *answer, const char *name, struct text *out)
{
	const char *element = answer->verdict == EXPECT_NO ? "failure" : "error";
	struct text below = { 0 };

	text_string(out, "  <testcase");
	attribute(out, "classname", name);
	attribute(out, "name", answer->title);
	if (!fails(answer)) {
		text_string(out, "/>\n");
		return;
	}
	details(answer, "", &below);
	text_format(out, ">\n    <%s message=\"", element);
	xml(out, answer->says, strlen(answer->says));
	text_string(out, "\">");
	xml(out, below.data ? below.data : "", below.length);
	text_format(out, "</%s>\n  </testcase>\n", element);
	text_release(&below);
}

void expect_junit(const struct expectations *list, const char *name, struct text *out)
{
	size_t counts[4] = { 0 };

	for (size_t i = 0; i < expectations_count(list); i++)
		counts[expectations_answer(list, i).verdict]++;
	text_string(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"sonde expect\"");
	text_format(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\">\n", expectations_count(list),
		    counts[EXPECT_NO], counts[EXPECT_UNJUDGED]);
	for (size_t i = 0; i < expectations_count(list); i++) {
		struct expect_answer answer = expectations_answer(list, i);

		junit_case(&answer, name, out);
	}
	text_string(out, "</testsuite>\n");
}
