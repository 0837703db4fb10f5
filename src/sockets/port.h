/* SPDX-License-Identifier: BSD-2-Clause */
/* Which process holds a port of this machine (of this network namespace). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/address.h"

struct port_holder {
	uint32_t pid;
	char name[64]; /* the program's name as the kernel has it; NOT escaped */
};

/*
 * Finds who holds the address, or one that conflicts with it (the wildcard, of either family). type: SOCK_DGRAM or
 * SOCK_STREAM (a listener before one that has only a connection there). False when nobody does or when this user may
 * not see who.
 */
bool port_holder(const struct address *address, int type, struct port_holder *out);
