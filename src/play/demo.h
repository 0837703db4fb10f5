/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an option of a socket does, shown for real on loopback: the calls are made, narrated, and what they show is
 * compared with what was to be shown.
 */
#pragma once

#include "base/error.h"
#include "net/sock.h"

/*
 * A demonstration may say sentences in between (with sock_tell()). It uses loopback addresses and ports that the kernel
 * chooses, needs no other host, and leaves nothing behind. 1: the effect was seen; 0: it was not, err says what was
 * seen instead; -1: it cannot be shown here (a right is missing), err says why.
 */
typedef int demo_run(const struct narrator *n, struct error *err);

struct demo {
	const char *option; /* "SO_REUSEADDR", as in struct sockopt */
	const char *shows;  /* one sentence: what will be seen */
	const char *needs;  /* "CAP_NET_RAW"; NULL: no rights */
	demo_run *run;
};

/* The one at this place; NULL: there are not so many. demo.c puts them together from the files that have them. */
const struct demo *demo_at(size_t place);
/* NULL: there is none. */
const struct demo *demo_find(const char *option);
