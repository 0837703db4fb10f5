/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory that is there or the program ends: running out of it is not an answer that a caller could use. */
#pragma once

#include <stddef.h>

#define CACHE_LINE 64

/* The first octet of a cache line in it: allocate CACHE_LINE octets more than are needed. */
static inline void *mem_line(void *memory)
{
	return (char *)memory + (CACHE_LINE - 1 - ((size_t)memory + CACHE_LINE - 1) % CACHE_LINE);
}

/* Its lines will be read and written soon: they are fetched into the cache meanwhile. */
static inline void mem_soon(const void *at, size_t octets)
{
	for (size_t i = 0; i < octets; i += CACHE_LINE)
		__builtin_prefetch((const char *)at + i, 1);
}

/* The caller owns what is returned and frees it with free(). Zeroed: mem_new. Sizes are checked before multiplying. */
void *mem_new(size_t count, size_t size) __attribute__((malloc, returns_nonnull));
/* The same, from the beginning of a cache line on, and written to: for what is used soon. */
void *mem_new_lines(size_t count, size_t size) __attribute__((malloc, returns_nonnull));
/*
 * All of it will be written to: the system gives the pages now, which costs less than one by one. Their content stays
 * as it is, whoever writes to them meanwhile.
 */
void mem_touch(void *memory, size_t octets);
void *mem_resize(void *old, size_t count, size_t size) __attribute__((returns_nonnull));
char *mem_copy_string(const char *text) __attribute__((malloc, returns_nonnull));
/* `length` octets of text and a NUL. */
char *mem_copy_bytes(const void *bytes, size_t length) __attribute__((malloc, returns_nonnull));
