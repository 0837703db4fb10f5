/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The options of a live process's sockets, and which of them are not as a new socket of the same sort has them.
 *
 * pidfd_getfd(2) gives us a copy of the descriptor, getsockopt() reads it, and it is closed before anything else is
 * done: while we have it, the process's own close() ends nothing. Nothing is read that would change the socket, and
 * nothing is set. Where the copy is refused, sock_diag(7) tells what it knows.
 */
#pragma once

#include "base/address.h"
#include "sockets/holders.h"
#include "sockets/sockopt.h"
#include "sockets/socktable.h"

enum inspect_source { INSPECT_GETSOCKOPT, INSPECT_SOCK_DIAG };

struct inspect_value {
	const struct sockopt *option;
	bool differs; /* from a new socket, and not by what the connection has been through */
	bool has_number;
	uint64_t number; /* of a type that is a number; below zero: as two's complement of 64 bits */
	char *value;     /* in words, escaped */
	char *initial;   /* of a new socket; NULL: not known, or the option has none */
};

#define INSPECT_MOST 512 /* options of a socket */

/* Zero-initialise it. */
struct inspected {
	int fd; /* in the process */
	uint64_t inode;
	uint8_t source; /* enum inspect_source */
	int domain, type, protocol;
	bool listens;
	struct address local, remote; /* of IP; length 0: none */
	char *name;                   /* unix: as it is bound, abstract with '@'; not escaped; NULL: it is not */
	size_t name_length;
	struct inspect_value *list;
	size_t count;
	const char *refused; /* with INSPECT_SOCK_DIAG: why the socket itself may not be read */
};

struct inspector {
	uint32_t pid;
	int pidfd;              /* -1: the kernel has none */
	bool elsewhere;         /* in a network namespace that may not be entered: new sockets are of ours */
	struct holders holders; /* its sockets */
	struct socktable table; /* read when it is needed */
	bool has_table;
};

/*
 * Zero-initialise it. Enters the process's network namespace where that may be done, for good. -1 with err: there is no
 * such process, or it may not be looked into at all.
 */
int inspector_open(struct inspector *inspector, uint32_t pid, struct error *err);
void inspector_close(struct inspector *inspector);

/*
 * 1: read; 0: the socket was closed meanwhile; -1 with err: neither way is open. Values are in the order of the table.
 */
int inspect(struct inspector *inspector, const struct holder *holder, struct inspected *out, struct error *err);
void inspected_release(struct inspected *inspected);
