/* SPDX-License-Identifier: BSD-2-Clause */
/* The clocks of this machine, in nanoseconds, and how long there is to wait by them. */
#pragma once

#include <stdint.h>

#define NS_PER_S INT64_C(1000000000)
#define NS_PER_MS INT64_C(1000000)

/* What is told: since 1970 UTC; it may be set, forwards and back. */
int64_t clock_utc(void);
/* What is measured and waited by: it only goes on (CLOCK_MONOTONIC). */
int64_t clock_monotonic(void);

/* From `begin` to `end`, in ns. Captures may claim any times: what does not fit wraps. */
static inline int64_t time_between(int64_t begin, int64_t end)
{
	return (int64_t)((uint64_t)end - (uint64_t)begin);
}

#define CLOCK_NEVER INT64_MAX
/* So much after the time; CLOCK_NEVER for a wait of 0, and for one that the clock will not see the end of. */
int64_t clock_after(int64_t time_ns, int64_t wait_ns);
/* clock_after() by clock_monotonic(). */
int64_t clock_deadline(int64_t wait_ns);
/* How long to sleep until then, as poll(2) takes it: milliseconds, rounded up; -1 for CLOCK_NEVER. */
int clock_patience(int64_t until);
