/* SPDX-License-Identifier: BSD-2-Clause */
/* The golden captures, for programs that look at each of them, and the TAP that they print. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct capture {
	char *path;
	const char *name;   /* the part behind pcaps/ */
	uint8_t *data;
	size_t length;
};

struct captures {
	struct capture *list;
	size_t count;
};

/*
 * Those named by the arguments or, when there are none, all below pcaps/ in the source tree, which $top_srcdir names
 * (default: the folder above the working directory). Ends the program when one cannot be read or none was found.
 */
struct captures captures_load(int argc, char **argv);
void captures_free(struct captures *captures);

/*
 * The test program: a TAP line for each capture. check() returns 0, or -1 after it printed what is wrong as a line that
 * begins with "# ".
 */
int captures_test(int argc, char **argv, int (*check)(const struct capture *capture));
