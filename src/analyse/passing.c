/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyse/passing.h"

#include <stdlib.h>

#include "base/mem.h"

void passing_add(struct passing *passing, uint64_t frame)
{
	if (passing->all)
		return;
	if (passing->count == PASSING_MAX) {
		passing->lost++;
		return;
	}
	if (passing->count == passing->room) {
		passing->room = passing->room ? 2 * passing->room : 256;
		passing->frames = mem_resize(passing->frames, passing->room, sizeof *passing->frames);
	}
	passing->frames[passing->count++] = frame;
}

bool passing_has(const struct passing *passing, uint64_t frame)
{
	size_t low = 0, high = passing->count;

	if (passing->all)
		return true;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (passing->frames[middle] < frame)
			low = middle + 1;
		else
			high = middle;
	}
	return low < passing->count && passing->frames[low] == frame;
}

void passing_release(struct passing *passing)
{
	free(passing->frames);
	*passing = (struct passing){ 0 };
}
