/* SPDX-License-Identifier: BSD-2-Clause */
/* Segments of a stream that came too early: sorted, none overlaps another. For stream.c. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Octets from `offset` on, of which the first `length` were captured. */
struct waiting_part {
	uint64_t offset;
	const uint8_t *data;
	uint32_t length;
	uint32_t claimed;      /* >= length */
	uint64_t frame;
	int64_t time;
};

struct waiting {
	struct waiting_part *parts; /* their data is owned */
	unsigned count, room;
	unsigned taken;             /* of the parts, from the front */
	uint32_t octets;            /* captured ones of all parts */
};

/* How much of what came was there already. */
struct waiting_overlap {
	uint64_t repeated, conflicting;
};

static inline uint64_t waiting_end(const struct waiting_part *part)
{
	return part->offset + part->claimed;
}

/* The part without its first `octets`; and only those. */
void waiting_advance(struct waiting_part *part, uint64_t octets);
void waiting_shorten(struct waiting_part *part, uint32_t octets);

/* The first part; NULL: none waits. */
const struct waiting_part *waiting_first(const struct waiting *waiting);
unsigned waiting_count(const struct waiting *waiting);

/* Keeps a copy of what of the part is not there yet. */
struct waiting_overlap waiting_insert(struct waiting *waiting, struct waiting_part part);
/* The first part leaves, and is the caller's. One must be there. */
struct waiting_part waiting_take(struct waiting *waiting);
void waiting_part_free(struct waiting_part *part);
void waiting_release(struct waiting *waiting);
/* Memory for all of it. */
size_t waiting_cost(const struct waiting *waiting);
