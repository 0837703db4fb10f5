/* SPDX-License-Identifier: BSD-2-Clause */
/* From names to sockets: resolving, binding, listening, connecting, each refusal as one sentence. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/address.h"
#include "net/sock.h"

#define ADDRESSES_MOST 64 /* of one name; the rest is not tried */

/* Some addresses, in the order in which they are to be tried. Zeroed: none. */
struct addresses {
	struct address *list;
	size_t count;
};
void addresses_release(struct addresses *addresses);

/*
 * Resolves (getaddrinfo). host: a name or an address, NULL: any address of this machine (to bind to): 0.0.0.0 and, when
 * the machine has IPv6, ::. service: a port number (0 to 65535) or a name of services(5) such as "rplay". family:
 * AF_UNSPEC, AF_INET or AF_INET6. type: SOCK_DGRAM or SOCK_STREAM.
 */
int endpoint_resolve(const struct narrator *n, const char *host, const char *service, int family, int type,
		     struct addresses *out, struct error *err);

#define ENDPOINT_BROADCAST 1u /* SO_BROADCAST */
#define ENDPOINT_SHARED 2u    /* SO_REUSEADDR and SO_REUSEPORT: many UDP listeners on one port, all hear a broadcast */
#define ENDPOINT_NONBLOCK 4u
#define ENDPOINT_PKTINFO 8u   /* IP_PKTINFO / IPV6_RECVPKTINFO: to answer from the address that was asked */

/*
 * A bound socket; with SOCK_STREAM it listens and SO_REUSEADDR is set, so that a server can be started anew at once.
 * IPv6 sockets take IPv6 only. *local (may be NULL) is where it is bound, with the port that was chosen for port 0. A
 * port in use: err names the program that holds it, when that can be seen. -1 with err.
 */
int endpoint_bind(const struct narrator *n, const struct address *at, int type, unsigned flags, struct address *local,
		  struct error *err);

/* What may go wrong differs in what a program does about it. */
enum endpoint_answer {
	ENDPOINT_OPEN = 0,
	ENDPOINT_NO = 1,     /* refused, no route, no answer in time: the peer's or the network's answer */
	ENDPOINT_ERROR = -1  /* ours: an address that is not here, a port in use */
};

/*
 * A connection of TCP to the first of the addresses that takes it; from: a local address or NULL. Waits timeout_ns at
 * most for each (0: as long as the kernel does). The socket is blocking and has TCP_NODELAY. Unless OPEN, *fd is -1 and
 * err says why: what the last peer answered, or, when none could even be asked, what failed here. peer may be NULL.
 */
enum endpoint_answer endpoint_connect(const struct narrator *n, const struct addresses *to, const struct address *from,
				      int64_t timeout_ns, int *fd, struct address *peer, struct error *err);

/*
 * A sentence for errno of a send, receive or connect: "refused: nobody listens on 127.0.0.1:5555; start the server".
 * A peer without a port (port 0) is told without. what (NULL: nothing) goes in front of it.
 */
void endpoint_refusal(const char *what, const struct address *peer, int error, struct error *err);
