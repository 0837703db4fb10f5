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

/* ------------------------------------------------------------------------------------------- moving */

#define FINEST_BINARY 63  /* beyond these, 64 bits of ticks last less than a second or two */
#define FINEST_DECIMAL 28

static __int128 rounded(__int128 value, __int128 by)
{
	return (value < 0 ? value - by / 2 : value + by / 2) / by;
}

static bool ticks_in(unsigned resolution, int64_t ns, __int128 *ticks)
{
	unsigned exponent = resolution & 0x7f;

	*ticks = ns;
	if (resolution & 0x80) {
		if (exponent > FINEST_BINARY)
			return false;
		*ticks = rounded(*ticks * ((__int128)1 << exponent), SECOND);
		return true;
	}
	if (exponent <= 9)
		*ticks = rounded(ns, (__int128)powers[9 - exponent]);
	else if (exponent > FINEST_DECIMAL)
		return false;
	for (; exponent > 9; exponent--)
		*ticks *= 10;
	return true;
}

bool pcapng_clock_shift(const struct pcapng_clock *clock, uint64_t *ticks, int64_t ns)
{
	__int128 by;

	if (!ns)
		return true;
	if (!ticks_in(clock->resolution, ns, &by))
		return false;
	by += *ticks;
	if (by < 0 || by > UINT64_MAX)
		return false;
	*ticks = (uint64_t)by;
	return true;
}
