/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How many flows are to be tried before it is certain enough that a load balancer has no more next hops than were seen
 * (Veitch, Augustin, Teixeira, Friedman: "Failure control in multipath route tracing", INFOCOM 2009, section III).
 */
#pragma once

#define MDA_BRANCHES 128 /* of one load balancer */

/*
 * Least number of flows n with P(not all of known + 1 equally likely next hops seen in n) <= 1 - confidence / 100.
 * confidence: percent, 50 to 99; known: 1 to MDA_BRANCHES.
 */
unsigned mda_stop(unsigned known, unsigned confidence);
