/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/nearest.h"

#include <ctype.h>
#include <string.h>

#define LONGEST 48

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Levenshtein's distance, with a swap of neighbours as one step (optimal string alignment); letters of either case. */
static unsigned distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
	unsigned rows[3][LONGEST + 1];

	for (unsigned j = 0; j <= b_length; j++)
		rows[0][j] = j;
	for (unsigned i = 1; i <= a_length; i++) {
		unsigned *row = rows[i % 3], *above = rows[(i - 1) % 3], *two_above = rows[(i + 1) % 3];

		row[0] = i;
		for (unsigned j = 1; j <= b_length; j++) {
			char x = (char)tolower((unsigned char)a[i - 1]), y = (char)tolower((unsigned char)b[j - 1]);

			row[j] = least(least(above[j] + 1, row[j - 1] + 1), above[j - 1] + (x != y));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = least(row[j], two_above[j - 2] + 1);
		}
	}
	return rows[a_length % 3][b_length];
}

const char *nearest(const char *word, const char *const *words)
{
	size_t length = strlen(word);
	unsigned best = (unsigned)(length + 2) / 3 + 1;
	const char *found = NULL;

	if (!length || length > LONGEST)
		return NULL;
	for (; *words; words++) {
		size_t other = strlen(*words);
		unsigned d = other > LONGEST ? LONGEST : distance(word, length, *words, other);

		if (d < best) {
			best = d;
			found = *words;
		}
	}
	return found;
}
