/* SPDX-License-Identifier: BSD-2-Clause */
/* Segments of a stream that came too early. There are few of them: a sorted array is all that is needed. */
#include "analyse/stream_waiting.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define ALLOCATION 32 /* what an allocation costs besides its octets, at most */

void waiting_advance(struct waiting_part *part, uint64_t octets)
{
	uint32_t captured = octets < part->length ? (uint32_t)octets : part->length;

	part->offset += octets;
	part->claimed -= (uint32_t)octets;
	part->length -= captured;
	if (captured)
		part->data += captured;
}

void waiting_shorten(struct waiting_part *part, uint32_t octets)
{
	part->claimed = octets;
	if (part->length > octets)
		part->length = octets;
}

const struct waiting_part *waiting_first(const struct waiting *waiting)
{
	return waiting->count > waiting->taken ? &waiting->parts[waiting->taken] : NULL;
}

unsigned waiting_count(const struct waiting *waiting)
{
	return waiting->count - waiting->taken;
}

/* The first part that ends behind the offset, or the place behind the last one. */
static unsigned place_of(const struct waiting *waiting, uint64_t offset)
{
	unsigned low = waiting->taken, high = waiting->count;

	while (low < high) {
		unsigned middle = low + (high - low) / 2;

		if (waiting_end(&waiting->parts[middle]) > offset)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* Room for one more, before `at`. */
static void open_place(struct waiting *waiting, unsigned at)
{
	if (waiting->count == waiting->room) {
		waiting->room = waiting->room ? waiting->room * 2 : 4;
		waiting->parts = mem_resize(waiting->parts, waiting->room, sizeof *waiting->parts);
	}
	memmove(&waiting->parts[at + 1], &waiting->parts[at], (waiting->count - at) * sizeof *waiting->parts);
	waiting->count++;
}

/* The first `octets` of the part, before `at`. */
static void keep(struct waiting *waiting, unsigned at, const struct waiting_part *part, uint64_t octets)
{
	struct waiting_part *kept;

	open_place(waiting, at);
	kept = &waiting->parts[at];
	*kept = *part;
	waiting_shorten(kept, (uint32_t)octets);
	kept->data = kept->length ? (const uint8_t *)mem_copy_bytes(part->data, kept->length) : NULL;
	waiting->octets += kept->length;
}

/* Where both have octets; what one of them only claims to have is not judged. */
static void compare(const struct waiting_part *old, const struct waiting_part *new, uint64_t octets,
		    struct waiting_overlap *overlap)
{
	uint64_t skip = new->offset - old->offset;

	for (uint64_t i = 0; i < octets; i++)
		if (skip + i < old->length && i < new->length && old->data[skip + i] != new->data[i])
			overlap->conflicting++;
		else
			overlap->repeated++;
}

struct waiting_overlap waiting_insert(struct waiting *waiting, struct waiting_part part)
{
	struct waiting_overlap overlap = { 0 };

	while (part.claimed) {
		unsigned at = place_of(waiting, part.offset);
		const struct waiting_part *old = at < waiting->count ? &waiting->parts[at] : NULL;
		uint64_t octets = part.claimed;

		if (!old || old->offset > part.offset) {
			if (old && old->offset - part.offset < octets)
				octets = old->offset - part.offset;
			keep(waiting, at, &part, octets);
		} else {
			if (waiting_end(old) - part.offset < octets)
				octets = waiting_end(old) - part.offset;
			compare(old, &part, octets, &overlap);
		}
		waiting_advance(&part, octets);
	}
	return overlap;
}

struct waiting_part waiting_take(struct waiting *waiting)
{
	struct waiting_part part = waiting->parts[waiting->taken++];

	waiting->octets -= part.length;
	if (waiting->taken == waiting->count)
		waiting->taken = waiting->count = 0;
	/* Moving all for each would be quadratic; half of the places may stand empty. */
	if (waiting->taken > waiting->count / 2) {
		waiting->count -= waiting->taken;
		memmove(waiting->parts, waiting->parts + waiting->taken, waiting->count * sizeof *waiting->parts);
		waiting->taken = 0;
	}
	return part;
}

void waiting_part_free(struct waiting_part *part)
{
	free((void *)(uintptr_t)part->data);
	part->data = NULL;
}

void waiting_release(struct waiting *waiting)
{
	while (waiting_first(waiting)) {
		struct waiting_part part = waiting_take(waiting);

		waiting_part_free(&part);
	}
	free(waiting->parts);
	*waiting = (struct waiting){ 0 };
}

size_t waiting_cost(const struct waiting *waiting)
{
	return waiting->octets + waiting_count(waiting) * ALLOCATION + waiting->room * sizeof *waiting->parts;
}
