/* SPDX-License-Identifier: BSD-2-Clause */
/* What is read while a copy of another process's socket is held, and nothing more. For inspect.c. */
#pragma once

#include "base/address.h"
#include "sockets/inspect.h"

struct copied_value {
	const struct sockopt *option;
	size_t at, length; /* in octets */
};

#define COPIED_NAME 108 /* octets of a unix address's path */

/* Zero-initialise it. */
struct copied {
	int domain, type, protocol, listens;
	bool connected;
	struct address local, remote;
	char name[COPIED_NAME];
	size_t name_length;
	struct copied_value *list; /* INSPECT_MOST */
	size_t count;
	struct text octets;
};

/* Takes the copy, reads, and closes it. 0, or an errno: of pidfd_getfd(), or ENOTSOCK. */
int copy_read(int pidfd, int fd, struct copied *copied);
/* The same of a socket of ours. It stays open. */
void copy_read_options(int fd, unsigned on, struct copied *copied);
void copied_release(struct copied *copied);

/* Bits of enum sockopt_on. */
unsigned copied_on(const struct copied *copied);
