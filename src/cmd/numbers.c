/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/numbers.h"

#include <stdlib.h>

#include "base/mem.h"

static bool is_digit(const char *at, const char *end)
{
	return at < end && *at >= '0' && *at <= '9';
}

/* False: too large. */
static bool read_number(const char **at, const char *end, uint64_t *number)
{
	for (*number = 0; is_digit(*at, end); ++*at)
		if (__builtin_mul_overflow(*number, UINT64_C(10), number) ||
		    __builtin_add_overflow(*number, (uint64_t)(**at - '0'), number))
			return false;
	return true;
}

/* N, N-M, N- or -M, up to the comma or the end. */
static bool read_range(const char **at, const char *end, struct number_range *range)
{
	bool from = is_digit(*at, end);

	*range = (struct number_range){ 1, UINT64_MAX };
	if (from && !read_number(at, end, &range->first))
		return false;
	if (*at == end || **at != '-') {
		range->last = range->first;
		return from && range->first && (*at == end || **at == ',');
	}
	++*at;
	if (!from && !is_digit(*at, end))
		return false;
	if (is_digit(*at, end) && !read_number(at, end, &range->last))
		return false;
	return range->first && range->first <= range->last && (*at == end || **at == ',');
}

static int by_first(const void *a, const void *b)
{
	const struct number_range *left = a, *right = b;

	return left->first < right->first ? -1 : left->first > right->first;
}

/* In order, and what touches becomes one. */
static void settle(struct numbers *numbers)
{
	size_t count = 0;

	qsort(numbers->list, numbers->count, sizeof *numbers->list, by_first);
	for (size_t i = 0; i < numbers->count; i++) {
		struct number_range *before = count ? &numbers->list[count - 1] : NULL, *range = &numbers->list[i];

		if (!before || range->first > before->last)
			numbers->list[count++] = *range;
		else if (range->last > before->last)
			before->last = range->last;
	}
	numbers->count = count;
}

int numbers_parse(struct numbers *numbers, const char *option, const char *text, size_t length, struct error *err)
{
	const char *at = text, *end = text + length;
	struct number_range range;

	for (;; at++) {
		if (!read_range(&at, end, &range))
			return error_set(err, "%s %.*s: not a list of packet numbers; write it as 1-100,205,300-",
					 option, (int)(length > 100 ? 100 : length), text);
		if (numbers->count == NUMBERS_MOST)
			return error_set(err, "%s: more than %u ranges in one list", option, NUMBERS_MOST);
		numbers->list = mem_resize(numbers->list, numbers->count + 1, sizeof *numbers->list);
		numbers->list[numbers->count++] = range;
		if (at == end)
			break;
	}
	settle(numbers);
	return 0;
}

bool numbers_has(struct numbers *numbers, uint64_t number)
{
	while (numbers->at < numbers->count && numbers->list[numbers->at].last < number)
		numbers->at++;
	return numbers->at < numbers->count && numbers->list[numbers->at].first <= number;
}

void numbers_release(struct numbers *numbers)
{
	free(numbers->list);
	*numbers = (struct numbers){ 0 };
}
