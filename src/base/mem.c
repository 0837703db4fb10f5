/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/error.h"

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 /* since Linux 5.14 */
#endif

void *mem_new(size_t count, size_t size)
{
	void *p = calloc(count ? count : 1, size ? size : 1);

	if (!p)
		bug("out of memory for %zu objects of %zu octets", count, size);
	return p;
}

void *mem_new_lines(size_t count, size_t size)
{
	size_t octets;
	void *p = NULL;

	if (!__builtin_mul_overflow(count, size, &octets) && octets <= SIZE_MAX - CACHE_LINE)
		p = aligned_alloc(CACHE_LINE, (octets / CACHE_LINE + 1) * CACHE_LINE);
	if (!p)
		bug("out of memory for %zu objects of %zu octets", count, size);
	return memset(p, 0, octets);
}

/* Only advice: a system that knows nothing of it gives each page when it is first written to. */
void mem_touch(void *memory, size_t octets)
{
	size_t before = (uintptr_t)memory % (size_t)sysconf(_SC_PAGESIZE);

	madvise((char *)memory - before, octets + before, MADV_POPULATE_WRITE);
}

void *mem_resize(void *old, size_t count, size_t size)
{
	void *p = reallocarray(old, count ? count : 1, size);

	if (!p)
		bug("out of memory for %zu objects of %zu octets", count, size);
	return p;
}

char *mem_copy_bytes(const void *bytes, size_t length)
{
	char *copy = mem_new(length + 1, 1);

	memcpy(copy, bytes, length);
	return copy;
}

char *mem_copy_string(const char *text)
{
	return mem_copy_bytes(text, strlen(text));
}
