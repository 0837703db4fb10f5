/* SPDX-License-Identifier: BSD-2-Clause */
/* What the two ways of `sonde expect` share: a file, and the network. */
#pragma once

#include "analyse/expect.h"
#include "cmd/reading.h"

/* As the user gave them; see expect_live_rows. */
struct expect_live_options {
	struct words interfaces;
	int64_t within;
	const char *ready;
	const char *user;
};
extern const struct option_row expect_live_rows[];

/*
 * Captures until the answers are certain, the time is over or a signal comes. reading: what was asked for besides (-Y,
 * -f, -d, -c). *judged: the list is finished. 0, or -1 with err; what was captured until then may be judged all the
 * same.
 */
int expect_live(struct expectations *list, const struct expect_live_options *options,
		const struct reading_options *reading, bool *judged, struct error *err);

/* For expectations_finish(): packets that the capture itself says were lost, in words[128]; NULL: none were. */
const char *expect_lost(uint64_t packets, char *words);
