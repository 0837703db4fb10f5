/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names of addresses, asked for beside whatever the program is doing: a name server may take seconds, and a measurement
 * must not wait for it. A few threads ask; whoever owns this is told by a descriptor and never waits.
 */
#pragma once

#include "base/error.h"
#include "base/address.h"

#define REVERSE_THREADS 4   /* that ask at the same time */
#define REVERSE_WAITING 256 /* addresses that wait to be asked for */
#define REVERSE_MOST 4096   /* addresses of a run */

struct reverse;

/*
 * Threads are started when they are needed, with the rights of the caller of reverse_ask(): give up first what is to be
 * given up. They take no signals.
 */
struct reverse *reverse_new(struct error *err);
/*
 * NULL is allowed. Does not wait: a thread that is in the middle of a question (getnameinfo(3) cannot be called off,
 * and pthread_cancel(3) would leave the C library's locks as they are) ends by itself when its answer comes, or with
 * the program. What threads share belongs to whoever leaves last.
 */
void reverse_free(struct reverse *reverse);

/* Asks for the name of an address, whatever its port, once. Above the limits nothing is asked; it may be asked again.
 */
void reverse_ask(struct reverse *reverse, const struct address *address);

enum reverse_state {
	REVERSE_NONE,    /* it has no name, or nobody asked */
	REVERSE_PENDING, /* nobody knows yet */
	REVERSE_KNOWN
};

/*
 * name is set when it is known, lives as long as the reverse, and is NOT escaped: whoever runs the name server of an
 * address chooses its name.
 */
enum reverse_state reverse_get(struct reverse *reverse, const struct address *address, const char **name);

/* Readable when something was answered since reverse_collect() was last called. */
int reverse_fd(const struct reverse *reverse);
void reverse_collect(struct reverse *reverse);

/* So many addresses wait for their names. */
unsigned reverse_pending(struct reverse *reverse);
/* Waits for all of them, until the time (ns of CLOCK_MONOTONIC) at the latest. True: all are there. */
bool reverse_wait(struct reverse *reverse, int64_t until);

/* For tests: what is asked instead of getnameinfo(). 0: the name is in `name`, else there is none. */
typedef int reverse_lookup(const struct address *address, char *name, size_t size);
struct reverse *reverse_new_asking(reverse_lookup *lookup, struct error *err);
