/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading the lines of expectations: words, and display filters whose quotes and brackets are respected. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "analyse/expect_judge.h"
#include "base/mem.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
	       c == '-';
}

int expect_wrong(const struct expect_scan *scan, struct error *err, const char *format, ...)
{
	char sentence[240];
	int column = (int)(scan->at - scan->line);
	va_list list;

	va_start(list, format);
	vsnprintf(sentence, sizeof sentence, format, list);
	va_end(list);
	/* A long line would leave no room for the mark. */
	if (column > 110)
		return error_set(err, "%s, at: %.100s", sentence, scan->at);
	return error_set(err, "%s\n  %.120s\n  %*s^", sentence, scan->line, column, "");
}

void expect_blanks(struct expect_scan *scan)
{
	while (is_blank(*scan->at))
		scan->at++;
}

bool expect_take(struct expect_scan *scan, const char *word)
{
	size_t length = strlen(word);
	const char *at = scan->at + strspn(scan->at, " \t");

	if (strncmp(at, word, length) || (is_word(word[length - 1]) && is_word(at[length])))
		return false;
	scan->at = at + length;
	return true;
}

struct expect_slice expect_word(struct expect_scan *scan)
{
	struct expect_slice word;

	expect_blanks(scan);
	word = (struct expect_slice){ scan->at, 0 };
	while (is_word(*scan->at))
		scan->at++;
	word.length = (size_t)(scan->at - word.at);
	return word;
}

/* Behind what is quoted at `at`; the end of the text when the quote is not closed. */
static const char *behind_quote(const char *at)
{
	char quote = *at++;

	for (; *at && *at != quote; at++)
		if (*at == '\\' && at[1])
			at++;
	return *at ? at + 1 : at;
}

/* One step: behind a quoted text, or behind an octet, with the brackets counted. */
static const char *step(const char *at, unsigned *depth)
{
	if (*at == '"' || *at == '\'')
		return behind_quote(at);
	if (strchr("([{", *at))
		++*depth;
	else if (strchr(")]}", *at) && *depth)
		--*depth;
	return at + 1;
}

static struct expect_slice trimmed(const char *at, const char *end)
{
	while (at < end && is_blank(*at))
		at++;
	while (end > at && is_blank(end[-1]))
		end--;
	return (struct expect_slice){ at, (size_t)(end - at) };
}

bool expect_until(struct expect_scan *scan, const char *ends, struct expect_slice *out)
{
	const char *begin = scan->at;
	unsigned depth = 0;

	while (*scan->at && !(depth == 0 && strchr(ends, *scan->at)))
		scan->at = step(scan->at, &depth);
	*out = trimmed(begin, scan->at);
	return *scan->at != '\0';
}

struct expect_slice expect_rest(struct expect_scan *scan)
{
	const char *begin = scan->at;
	unsigned depth = 0;

	while (*scan->at && !(scan->at[0] == '-' && scan->at[1] == '-' && scan->at > begin && is_blank(scan->at[-1])))
		scan->at = step(scan->at, &depth);
	return trimmed(begin, scan->at);
}

char *expect_copy(struct expect_slice slice)
{
	return mem_copy_bytes(slice.at, slice.length);
}

/* ------------------------------------------------------------------------------------------------ and */

/* The octets of a joining word at `at`, 0: there is none. and: that word, else one that binds looser. */
static size_t joint(const char *at, const char *begin, size_t left, bool and)
{
	static const char *const ands[] = { "and", "&&", NULL }, *const others[] = { "or", "||", "xor", "^^", NULL };

	for (const char *const *word = and? ands : others; *word; word++) {
		size_t length = strlen(*word);
		bool letters = is_word(**word);

		if (length > left || strncmp(at, *word, length))
			continue;
		if (letters && ((at > begin && is_word(at[-1])) || (length < left && is_word(at[length]))))
			continue;
		return length;
	}
	return 0;
}

/* The filter without parentheses that hold all of it. */
static struct expect_slice bare(struct expect_slice filter)
{
	for (;;) {
		const char *end = filter.at + filter.length, *at = filter.at;
		unsigned depth = 0;

		if (!filter.length || *at != '(')
			return filter;
		do
			at = step(at, &depth);
		while (at < end && depth);
		if (depth || at != end)
			return filter;
		filter = trimmed(filter.at + 1, end - 1);
	}
}

/* Cuts at the top level; 0 when it is joined by something that binds looser than `and`. */
static unsigned cut(struct expect_slice filter, struct expect_slice *parts, unsigned max)
{
	const char *end = filter.at + filter.length, *begin = filter.at;
	unsigned depth = 0, count = 0;

	for (const char *at = filter.at; at < end;) {
		size_t length = depth ? 0 : joint(at, filter.at, (size_t)(end - at), true);

		if (!depth && joint(at, filter.at, (size_t)(end - at), false))
			return 0;
		if (!length) {
			at = step(at, &depth);
			continue;
		}
		if (count + 1 < max)
			parts[count] = trimmed(begin, at);
		count++;
		at = begin = at + length;
	}
	if (count < max)
		parts[count] = trimmed(begin, end);
	return count + 1;
}

unsigned expect_split(struct expect_slice filter, struct expect_slice *parts, unsigned max)
{
	struct expect_slice own[EXPECT_TERMS];
	unsigned count, found = 0;

	filter = bare(filter);
	count = cut(filter, own, EXPECT_TERMS < max ? EXPECT_TERMS : max);
	if (count <= 1 || count > EXPECT_TERMS || count > max) {
		parts[0] = filter;
		return 1;
	}
	for (unsigned i = 0; i < count; i++) {
		unsigned more = expect_split(own[i], parts + found, max - found - (count - 1 - i));

		found += more;
	}
	return found;
}
