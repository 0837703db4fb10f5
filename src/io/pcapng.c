/* SPDX-License-Identifier: BSD-2-Clause */
/* Time stamps of pcapng. */
#include "io/pcapng.h"

#define SECOND 1000000000
#define HALF (INT64_MAX / 2)

static const uint64_t powers[] = {
	1u, 10u, 100u, 1000u, 10000u, 100000u, 1000000u, 10000000u, 100000000u, 1000000000u,
};

static int64_t clamp(__int128 value, int64_t limit)
{
	return value > limit ? limit : value < -(__int128)limit ? -limit : (int64_t)value;
}

void pcapng_clock_init(struct pcapng_clock *clock, uint8_t resolution, int64_t offset)
{
	clock->resolution = resolution;
	clock->offset = clamp((__int128)offset * SECOND, HALF);
	clock->multiply = resolution <= 9 ? powers[9 - resolution] : 0;
	clock->most = resolution <= 9 ? (uint64_t)HALF / clock->multiply : 0;
}

bool pcapng_clock_fine(const struct pcapng_clock *clock)
{
	unsigned exponent = clock->resolution & 0x7f;

	return clock->resolution & 0x80 ? exponent >= 20 : exponent > 6;
}

static __int128 binary(uint64_t ticks, unsigned exponent)
{
	return (__int128)ticks * SECOND >> exponent;
}

static __int128 decimal(uint64_t ticks, unsigned exponent)
{
	if (exponent <= 9)
		return (__int128)ticks * (__int128)powers[9 - exponent];
	for (; exponent > 9 && ticks; exponent--)
		ticks /= 10;
	return ticks;
}

int64_t pcapng_clock_far(const struct pcapng_clock *clock, uint64_t ticks)
{
	unsigned exponent = clock->resolution & 0x7f;
	__int128 time = clock->resolution & 0x80 ? binary(ticks, exponent) : decimal(ticks, exponent);

	return clamp(time + clock->offset, INT64_MAX);
}
