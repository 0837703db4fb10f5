/* SPDX-License-Identifier: BSD-2-Clause */
/* E. W. Myers, "An O(ND) Difference Algorithm and Its Variations", Algorithmica 1 (1986); what was reached is kept. */
#include <stdlib.h>

#include "analyse/compare_parts.h"
#include "base/mem.h"

/* Reach of the diagonals -d to d, for each number d of differences: row d begins at d * d. */
struct search {
	const uint64_t *a, *b;
	int64_t a_count, b_count;
	int32_t *reach;
};

static int32_t *row(const struct search *search, int64_t d)
{
	return search->reach + d * d + d;
}

/* Where diagonal k is entered with d differences: from above (something of b is extra) or from the left. */
static int64_t entered(const struct search *search, int64_t d, int64_t k)
{
	const int32_t *before;

	if (!d)
		return 0;
	before = row(search, d - 1);
	if (k == -d || (k != d && before[k - 1] < before[k + 1]))
		return before[k + 1];
	return before[k - 1] + 1;
}

/* The number of differences, or -1: more than `most`. */
static int64_t look(const struct search *search, int64_t most)
{
	for (int64_t d = 0; d <= most; d++)
		for (int64_t k = -d; k <= d; k += 2) {
			int64_t x = entered(search, d, k), y = x - k;

			while (x < search->a_count && y >= 0 && y < search->b_count && search->a[x] == search->b[y]) {
				x++;
				y++;
			}
			row(search, d)[k] = (int32_t)x;
			if (x >= search->a_count && y >= search->b_count)
				return d;
		}
	return -1;
}

static void walk_back(const struct search *search, int64_t d, uint32_t *partners)
{
	int64_t x = search->a_count, y = search->b_count;

	for (; d >= 0; d--) {
		int64_t k = x - y, start = entered(search, d, k);

		for (; x > start; x--, y--)
			partners[x - 1] = (uint32_t)(y - 1);
		if (!d)
			return;
		/* One step back to the diagonal that it was entered from. */
		if (k == -d || (k != d && row(search, d - 1)[k - 1] < row(search, d - 1)[k + 1]))
			y--;
		else
			x--;
	}
}

static bool align_middle(const uint64_t *a, uint32_t a_count, const uint64_t *b, uint32_t b_count, uint32_t *partners)
{
	int64_t most = (int64_t)a_count + b_count < COMPARE_EDITS_MAX ? (int64_t)a_count + b_count : COMPARE_EDITS_MAX;
	struct search search = { a, b, a_count, b_count, mem_new((size_t)((most + 1) * (most + 1)), sizeof(int32_t)) };
	int64_t d = look(&search, most);

	if (d >= 0)
		walk_back(&search, d, partners);
	for (uint32_t i = 0; d < 0 && i < a_count && i < b_count; i++)
		if (a[i] == b[i])
			partners[i] = i;
	free(search.reach);
	return d >= 0;
}

bool align(const uint64_t *a, uint32_t a_count, const uint64_t *b, uint32_t b_count, uint32_t *partners)
{
	uint32_t start = 0, end = 0;
	bool found = true;

	for (uint32_t i = 0; i < a_count; i++)
		partners[i] = UNMATCHED;
	while (start < a_count && start < b_count && a[start] == b[start]) {
		partners[start] = start;
		start++;
	}
	while (end < a_count - start && end < b_count - start && a[a_count - 1 - end] == b[b_count - 1 - end]) {
		partners[a_count - 1 - end] = b_count - 1 - end;
		end++;
	}
	a_count -= start + end;
	b_count -= start + end;
	if (a_count && b_count)
		found = align_middle(a + start, a_count, b + start, b_count, partners + start);
	for (uint32_t i = start; i < start + a_count; i++)
		if (partners[i] != UNMATCHED)
			partners[i] += start;
	return found;
}
