/* SPDX-License-Identifier: BSD-2-Clause */
/* New sockets of each sort, to ask what their options are before anybody has set one. */
#pragma once

#include "sockets/sockopt.h"

enum { FRESH_TCP, FRESH_UDP, FRESH_TCP6, FRESH_UDP6, FRESH_RAW, FRESH_RAW6, FRESH_UNIX, FRESH_PACKET, FRESH_SORTS };

struct sockopt_fresh {
	int fds[FRESH_SORTS]; /* -1: it may not be made here */
};

void sockopt_fresh_open(struct sockopt_fresh *fresh);
void sockopt_fresh_close(struct sockopt_fresh *fresh);

/* "TCP", "UDP over IPv6". */
const char *sockopt_fresh_name(unsigned sort);

/*
 * The value on the first sort, from *sort on, on which the option means something and is answered; *sort is then that
 * one. False: there is none.
 */
bool sockopt_fresh_get(const struct sockopt_fresh *fresh, const struct sockopt *option, unsigned *sort, void *value,
		       size_t *length);
