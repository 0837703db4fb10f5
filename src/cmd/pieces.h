/* SPDX-License-Identifier: BSD-2-Clause */
/* A long result, made in pieces by two threads and put out in order. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

#define PIECES_THREADS 2

struct pieces {
	size_t count;
	bool alone; /* in the caller's thread only */
	/* Every piece once, at any time, in the caller's thread (0) or the other one (1). */
	void (*make)(void *context, unsigned thread, size_t piece);
	/* In the thread that made the piece, after those before: 0, or -1 with err: it was the last. NULL: nothing. */
	int (*put)(void *context, unsigned thread, struct error *err);
	void *context;
};

/* Until all of them are put out; -1 with err: one could not be. */
int pieces_run(const struct pieces *pieces, struct error *err);
