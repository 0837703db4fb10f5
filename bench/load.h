/* SPDX-License-Identifier: BSD-2-Clause */
/* The clients of the players' benchmark: the same for every server that is measured. */
#pragma once

#include <netinet/in.h>
#include <stdint.h>

#define MESSAGE 64 /* octets of a request */

struct load {
	struct sockaddr_in to;
	char **arguments; /* what follows the port, ended by NULL */
};

/* Each prints one line of numbers and returns 0; -1: said on standard error why not. */
int load_udp(const struct load *load);
int load_tcp(const struct load *load);
int load_chat(const struct load *load);

int64_t load_now(void);                      /* CLOCK_MONOTONIC, ns */
double load_number(const struct load *load, unsigned index);
int load_fail(const char *what);             /* perror, -1 */
int load_connect(const struct load *load);   /* TCP, TCP_NODELAY; -1: said */
/* The value below which `share` (0 to 1) of the values lie; sorts them. */
int64_t load_quantile(int64_t *values, unsigned count, double share);
