/* SPDX-License-Identifier: BSD-2-Clause */
/* The rows of tcp that the tcp files of src/analyse read and write, in one run. */
#pragma once

#include "analyse/tcp.h"

struct tcp_told; /* tcp_notes.c */

struct tcp_rows {
	const struct field_def *length;      /* tcp.len */
	struct tcp_row {
		const struct field_def *def;
		const struct tcp_told *told; /* what it says, and when */
	} wanted[TCP_NOTES_MAX];
	unsigned count;
	struct tcp_row quiet[TCP_NOTES_MAX]; /* those of them that say something of a segment without trouble */
	unsigned quiet_count;
};
