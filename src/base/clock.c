/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/clock.h"

#include <limits.h>
#include <time.h>

static int64_t read_clock(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

int64_t clock_utc(void)
{
	return read_clock(CLOCK_REALTIME);
}

int64_t clock_monotonic(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

int64_t clock_after(int64_t time_ns, int64_t wait_ns)
{
	int64_t until;

	return wait_ns <= 0 || __builtin_add_overflow(time_ns, wait_ns, &until) ? CLOCK_NEVER : until;
}

int64_t clock_deadline(int64_t wait_ns)
{
	return clock_after(clock_monotonic(), wait_ns);
}

/* Up, not down: to wake too early would be to turn in circles until the time is there. */
int clock_patience(int64_t until)
{
	int64_t left;

	if (until == CLOCK_NEVER)
		return -1;
	left = until - clock_monotonic();
	if (left <= 0)
		return 0;
	left = left / NS_PER_MS + (left % NS_PER_MS > 0);
	return left > INT_MAX ? INT_MAX : (int)left;
}
