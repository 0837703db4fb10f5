/* SPDX-License-Identifier: BSD-2-Clause */
/* Which process holds a port of this machine (of this network namespace). */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "base/address.h"

struct owner {
	pid_t pid;
	char name[64]; /* the program's name as the kernel has it; NOT escaped */
};

/*
 * Finds who holds the address, or one that conflicts with it (the wildcard, of either family). type: SOCK_DGRAM or
 * SOCK_STREAM (a listener before one that has only a connection there). False when nobody does or when this user may
 * not see who. Looks at 500000 descriptors at most, about a second's work, and at the first 64 sockets on the port.
 */
bool owner_of(const struct address *address, int type, struct owner *out);
