/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines of a descriptor, as they come: what the user types, a file, a pipe. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"
#include "net/sock.h"

#define LINES_MOST DATAGRAM_PAYLOAD /* octets of a line: what a datagram can hold */

/* Start with { .fd = fd }; release with lines_release(), which leaves the descriptor open. */
struct lines {
	int fd;
	struct text kept;
	size_t given;  /* octets of kept that have been given out */
	bool skipping; /* the rest of a line that was too long is on its way */
	bool ended;
};
void lines_release(struct lines *lines);

enum lines_answer {
	LINES_NONE, /* no whole line is there: wait until the descriptor is readable and call lines_read() */
	LINES_LINE,
	LINES_LONG, /* a line of more than LINES_MOST octets was thrown away; said once for it */
	LINES_END   /* nothing more will come */
};

/*
 * The next line without its end (LF or CRLF); the last one needs none. It is borrowed until the next call of anything
 * here. To be called until it says NONE before the descriptor is waited for again.
 */
enum lines_answer lines_next(struct lines *lines, const char **line, size_t *length);

/* Reads once; waits only when the descriptor was not readable. -1 with err. */
int lines_read(struct lines *lines, struct error *err);
