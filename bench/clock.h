/* SPDX-License-Identifier: BSD-2-Clause */
/* The clock by which senders keep their rate: ns of CLOCK_MONOTONIC. */
#pragma once

#include <errno.h>
#include <stdint.h>
#include <time.h>

#define SECOND 1000000000LL

static inline int64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * SECOND + t.tv_nsec;
}

static inline void wait_until(int64_t when)
{
	struct timespec t = { when / SECOND, when % SECOND };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR)
		;
}
