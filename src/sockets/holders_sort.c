/* SPDX-License-Identifier: BSD-2-Clause */
/* By inode in passes of some bits each, without comparisons; then the few that share one. */
#include <stdlib.h>
#include <string.h>

#include "sockets/holders_parts.h"

#define BITS 11
#define VALUES (1u << BITS)

static unsigned digit(uint64_t inode, unsigned shift)
{
	return inode >> shift & (VALUES - 1);
}

static void pass(const struct holder *from, struct holder *to, size_t count, unsigned shift)
{
	size_t at[VALUES] = { 0 }, sum = 0;

	for (size_t i = 0; i < count; i++)
		at[digit(from[i].inode, shift)]++;
	for (unsigned i = 0; i < VALUES; i++) {
		size_t here = at[i];

		at[i] = sum;
		sum += here;
	}
	for (size_t i = 0; i < count; i++)
		to[at[digit(from[i].inode, shift)]++] = from[i];
}

static int compare(const void *a, const void *b)
{
	const struct holder *x = a, *y = b;

	if (x->process->pid != y->process->pid)
		return x->process->pid < y->process->pid ? -1 : 1;
	return (x->fd > y->fd) - (x->fd < y->fd);
}

static void sort_shared(struct holder *list, size_t count)
{
	for (size_t i = 0, end; i < count; i = end) {
		for (end = i + 1; end < count && list[end].inode == list[i].inode;)
			end++;
		if (end - i > 1)
			qsort(list + i, end - i, sizeof *list, compare);
	}
}

void holders_sort(struct holder *list, struct holder *spare, size_t count)
{
	struct holder *from = list, *to = spare, *other;
	uint64_t differ = 0;

	for (size_t i = 1; i < count; i++)
		differ |= list[i].inode ^ list[0].inode;
	for (unsigned shift = 0; shift < 64; shift += BITS) {
		if (!digit(differ, shift))
			continue;
		pass(from, to, count, shift);
		other = from;
		from = to;
		to = other;
	}
	if (from != list)
		memcpy(list, from, count * sizeof *list);
	sort_shared(list, count);
}
