/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Many objects of one size that come and go: the one that was given back last is the next to be taken, so that it is
 * still in the processor's cache. Memory goes back to the system when the pool is released, and not before.
 */
#pragma once

#include <stddef.h>

struct pool {
	size_t size;           /* of an object; what is larger than a line of the cache begins at one */
	void *free;            /* linked through their first octets */
	void **slabs;
	unsigned slab_count;
};

void pool_init(struct pool *pool, size_t size);
/* What was taken and not given back goes too. */
void pool_release(struct pool *pool);

/* Its content is left from whoever had it before. */
void *pool_take(struct pool *pool) __attribute__((returns_nonnull));
/* NULL is allowed. */
void pool_give(struct pool *pool, void *object);
