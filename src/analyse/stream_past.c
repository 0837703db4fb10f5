/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyse/stream_past.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void past_init(struct stream_past *past, uint32_t size, uint64_t next)
{
	*past = (struct stream_past){ .octets = mem_resize(past->octets, size, 1), .size = size, .from = next,
				      .next = next };
}

void past_release(struct stream_past *past)
{
	free(past->octets);
	*past = (struct stream_past){ 0 };
}

void past_add(struct stream_past *past, const uint8_t *data, uint32_t length)
{
	uint32_t skip = length > past->size ? length - past->size : 0;

	if (!past->octets)
		return;
	for (uint32_t i = skip; i < length;) {
		uint32_t at = (uint32_t)(past->next + i) & (past->size - 1), room = past->size - at;
		uint32_t octets = length - i < room ? length - i : room;

		memcpy(past->octets + at, data + i, octets);
		i += octets;
	}
	past->next += length;
	if (past->next - past->from > past->size)
		past->from = past->next - past->size;
}

void past_hole(struct stream_past *past, uint64_t length)
{
	past->next += length;
	past->from = past->next;
}

uint64_t past_differences(const struct stream_past *past, uint64_t offset, const uint8_t *data, uint64_t length)
{
	uint64_t count = 0, i = past->from > offset ? past->from - offset : 0;

	if (!past->octets)
		return 0;
	for (; i < length && offset + i < past->next; i++)
		count += past->octets[(offset + i) & (past->size - 1)] != data[i];
	return count;
}
