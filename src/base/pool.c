/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/pool.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define SLAB (64u << 10) /* octets */

void pool_init(struct pool *pool, size_t size)
{
	if (size > CACHE_LINE)
		size = (size + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
	*pool = (struct pool){ .size = size };
}

void pool_release(struct pool *pool)
{
	for (unsigned i = 0; i < pool->slab_count; i++)
		free(pool->slabs[i]);
	free(pool->slabs);
	*pool = (struct pool){ .size = pool->size };
}

#ifdef __SANITIZE_ADDRESS__

/* Each by itself, so that the sanitizer sees who uses what he gave back, and what is never given back. */
void *pool_take(struct pool *pool)
{
	return mem_new(1, pool->size);
}

void pool_give(struct pool *pool, void *object)
{
	(void)pool;
	free(object);
}

#else

static void more(struct pool *pool)
{
	char *slab = mem_new_lines(1, SLAB);

	pool->slabs = mem_resize(pool->slabs, pool->slab_count + 1, sizeof *pool->slabs);
	pool->slabs[pool->slab_count++] = slab;
	for (size_t i = SLAB / pool->size; i; i--)
		pool_give(pool, slab + (i - 1) * pool->size);
}

void *pool_take(struct pool *pool)
{
	void *object;

	if (!pool->free)
		more(pool);
	object = pool->free;
	memcpy(&pool->free, object, sizeof pool->free);
	return object;
}

void pool_give(struct pool *pool, void *object)
{
	if (!object)
		return;
	memcpy(object, &pool->free, sizeof pool->free);
	pool->free = object;
}

#endif
