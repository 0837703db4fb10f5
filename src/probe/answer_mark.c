/* SPDX-License-Identifier: BSD-2-Clause */
/* What an answer says of the path, for people: marks are those of Butskoy's traceroute. */
#include <stdio.h>
#include <string.h>

#include "packet/dissect.h"
#include "probe/answer.h"

enum { V4_UNREACHABLE = 3, V6_UNREACHABLE = 1, V6_TOO_BIG = 2, NEEDS_FRAGMENTS = 4 };

/* What is not here has its number for a mark. */
static const struct {
	bool v6;
	uint8_t type, code;
	const char *mark;
} marks[] = {
	{ false, V4_UNREACHABLE, 0, "!N" },  { false, V4_UNREACHABLE, 1, "!H" },  { false, V4_UNREACHABLE, 2, "!P" },
	{ false, V4_UNREACHABLE, 5, "!S" },  { false, V4_UNREACHABLE, 6, "!N" },  { false, V4_UNREACHABLE, 7, "!H" },
	{ false, V4_UNREACHABLE, 8, "!N" },  { false, V4_UNREACHABLE, 9, "!X" },  { false, V4_UNREACHABLE, 10, "!X" },
	{ false, V4_UNREACHABLE, 11, "!N" }, { false, V4_UNREACHABLE, 12, "!H" }, { false, V4_UNREACHABLE, 13, "!X" },
	{ false, V4_UNREACHABLE, 14, "!V" }, { false, V4_UNREACHABLE, 15, "!C" }, { true, V6_UNREACHABLE, 0, "!N" },
	{ true, V6_UNREACHABLE, 1, "!X" },   { true, V6_UNREACHABLE, 2, "!S" },   { true, V6_UNREACHABLE, 3, "!H" },
};

static bool is_v6(const struct answer *answer)
{
	return answer->family == AF_INET6;
}

static bool is_unreachable(const struct answer *answer)
{
	return answer->kind == ANSWER_UNREACHABLE && answer->type == (is_v6(answer) ? V6_UNREACHABLE : V4_UNREACHABLE);
}

static bool is_too_big(const struct answer *answer)
{
	if (is_v6(answer))
		return answer->kind == ANSWER_UNREACHABLE && answer->type == V6_TOO_BIG;
	return is_unreachable(answer) && answer->code == NEEDS_FRAGMENTS;
}

/* The destination itself says so to UDP: nobody listens on the port. Whoever says it to others is a filter. */
static bool is_own_way(const struct answer *answer, enum probe_method method)
{
	if (answer->kind != ANSWER_UNREACHABLE)
		return true;
	return method == PROBE_UDP && is_unreachable(answer) && answer->code == (is_v6(answer) ? 4 : 3);
}

static const char *known_mark(const struct answer *answer)
{
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (marks[i].v6 == is_v6(answer) && marks[i].type == answer->type && marks[i].code == answer->code)
			return marks[i].mark;
	return NULL;
}

const char *answer_mark(const struct answer *answer, enum probe_method method, char out[16])
{
	const char *known = known_mark(answer);

	if (is_own_way(answer, method))
		*out = '\0';
	else if (is_too_big(answer))
		snprintf(out, 16, answer->mtu ? "!F-%u" : "!F", answer->mtu);
	else if (known)
		snprintf(out, 16, "%s", known);
	else if (is_unreachable(answer))
		snprintf(out, 16, "!<%u>", answer->code);
	else
		snprintf(out, 16, "!<%u-%u>", answer->type, answer->code);
	return out;
}

/* ------------------------------------------------------------------------------------------------ words */

static const char *const kind_words[ANSWER_KINDS] = {
	[ANSWER_TCP_OPEN] = "the port is open",
	[ANSWER_TCP_CLOSED] = "the port is closed",
	[ANSWER_UDP] = "the port answers",
};

/* The dissectors' words for a type, or for its codes where those say more. */
static const struct {
	bool v6;
	uint8_t type;
	const char *row;
	bool of_code;
} word_rows[] = {
	{ false, 3, "icmp.code.unreachable", true },  { false, 12, "icmp.type", false },
	{ true, 1, "icmpv6.code.unreachable", true }, { true, 2, "icmpv6.type", false },
	{ true, 4, "icmpv6.code.parameter", true },
};

static const char *name_of(const char *row, uint8_t value)
{
	const struct dissector *dissector;
	const struct field_def *def = protocols_field(row, &dissector);

	if (!def)
		bug("no field %s", row);
	return value_name(def->names, value);
}

const char *answer_words(const struct answer *answer, enum probe_method method)
{
	if (is_own_way(answer, method))
		return kind_words[answer->kind];
	for (size_t i = 0; i < sizeof word_rows / sizeof *word_rows; i++)
		if (word_rows[i].v6 == is_v6(answer) && word_rows[i].type == answer->type)
			return name_of(word_rows[i].row, word_rows[i].of_code ? answer->code : answer->type);
	return NULL;
}

/* ------------------------------------------------------------------------------------------------ the end */

bool answer_ends(const struct answer *answer, const struct probe_base *base)
{
	if (answer_arrived(answer, base))
		return true;
	return answer->kind != ANSWER_EXCEEDED && !is_too_big(answer);
}

bool answer_arrived(const struct answer *answer, const struct probe_base *base)
{
	if (answer->kind == ANSWER_EXCEEDED || is_too_big(answer))
		return false;
	return address_same_host(&answer->from, &base->target);
}
