/* SPDX-License-Identifier: BSD-2-Clause */
/* Boundary sweep: a function on every prefix of a sample, each in a buffer of exactly its size, for the sanitizer. */
#pragma once

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef void sweep_fn(const uint8_t *data, size_t len);

static inline void sweep(const void *sample, size_t len, sweep_fn *run)
{
	for (size_t n = 0; n <= len; n++) {
		uint8_t *copy = malloc(n ? n : 1);

		if (!copy)
			abort();
		memcpy(copy, sample, n);
		run(copy + (n ? 0 : 1), n);
		free(copy);
	}
}
