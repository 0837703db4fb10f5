/* SPDX-License-Identifier: BSD-2-Clause */
/* What sock_diag(7) tells of a socket's options: of those that may not be looked into. */
#pragma once

#include "sockets/socket.h"
#include "sockets/sockopt.h"

#define SOCKOPT_TOLD 24       /* options at most */
#define SOCKOPT_TOLD_VALUE 32 /* octets of a value */

struct sockopt_told {
	const struct sockopt *option;
	uint8_t value[SOCKOPT_TOLD_VALUE]; /* as getsockopt() would give it */
	size_t length;
};

/*
 * The socket was read with WANT_MEMORY, WANT_INFO and WANT_CLASS; what it does not say is left out. Asks the kernel
 * once more for what struct socket has no room for; a kernel that does not tell that tells less.
 */
size_t sockopt_diag(const struct socket *socket, struct sockopt_told told[SOCKOPT_TOLD]);
