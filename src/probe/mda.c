/* SPDX-License-Identifier: BSD-2-Clause */
#include "probe/mda.h"

/*
 * Inclusion and exclusion would give the probability in one line, as a sum of terms that cancel each other. So it is
 * counted step by step instead: seen[s] is the probability of having seen s of the branches, and each flow that is sent
 * either meets one of them again or one of the others. Nothing is subtracted, so nothing is lost.
 */
static void one_more(long double seen[], unsigned branches)
{
	for (unsigned s = branches; s; s--)
		seen[s] = (seen[s] * s + seen[s - 1] * (branches - s + 1)) / branches;
	seen[0] = 0;
}

static long double missed(const long double seen[], unsigned branches)
{
	long double sum = 0;

	for (unsigned s = 0; s < branches; s++)
		sum += seen[s];
	return sum;
}

unsigned mda_stop(unsigned known, unsigned confidence)
{
	long double seen[MDA_BRANCHES + 2] = { 1 };
	long double allowed = (100 - (confidence < 99 ? confidence : 99)) / 100.0L;
	unsigned branches = (known < MDA_BRANCHES ? known : MDA_BRANCHES) + 1, n = 0;

	while (missed(seen, branches) > allowed) {
		one_more(seen, branches);
		n++;
	}
	return n;
}
