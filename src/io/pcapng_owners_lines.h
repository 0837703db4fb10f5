/* SPDX-License-Identifier: BSD-2-Clause */
/* A packet's comments as processes; for the files of src/io only. */
#pragma once

#include "packet/owner.h"

#define OWNERS_FOUND_MOST (OWNER_ENDS * OWNERS_MOST) /* processes of one packet; more are said to be there */

/* A process as a comment tells it. */
struct owner_found {
	struct process process;
	uint8_t end;       /* OWNER_ENDS: not told */
	uint8_t certainty; /* OWNER_UNKNOWN: not told */
	bool more;
};

struct owner_lines {
	struct owner_found found[OWNERS_FOUND_MOST];
	unsigned count;
	char *room; /* for the strings: never more octets than the comments have */
};

/* Whether a comment begins with a line that tells of a process. */
bool owner_lines_are(const char *comment, size_t length);

/*
 * Reads one comment. One that does not begin with PID goes on about the process before. Lines that are not known, and
 * numbers that are none, are passed over.
 */
void owner_lines_read(struct owner_lines *lines, const char *comment, size_t length);
