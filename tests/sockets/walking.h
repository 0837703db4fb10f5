/* SPDX-License-Identifier: BSD-2-Clause */
/* Sockets of every sort, of the test's own, for the options to be tried on. What rights are missing for is not there.
 */
#pragma once

#include <errno.h>
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "rows.h"

struct walked {
	const char *name;
	int domain, type, protocol;
	unsigned on; /* bits of enum sockopt_on */
	int fd;      /* -1: it may not be made here */
	int other;   /* of the other end, or of the listener; -1: none */
};

#define WALKED(name, domain, type, protocol, on)                                                                       \
	{                                                                                                              \
		name, domain, type, protocol, on, -1, -1                                                               \
	}

/* A new socket, or one on which listen() or connect() was called. */
static struct walked walked[] = {
	WALKED("TCP", AF_INET, SOCK_STREAM, 0, ON_TCP | ON_IPV4),
	WALKED("TCP listener", AF_INET, SOCK_STREAM, 0, ON_TCP | ON_IPV4 | ON_LISTENER),
	WALKED("TCP connection", AF_INET, SOCK_STREAM, 0, ON_TCP | ON_IPV4 | ON_CONNECTED),
	WALKED("UDP", AF_INET, SOCK_DGRAM, 0, ON_UDP | ON_IPV4),
	WALKED("connected UDP", AF_INET, SOCK_DGRAM, 0, ON_UDP | ON_IPV4 | ON_CONNECTED),
	WALKED("raw", AF_INET, SOCK_RAW, IPPROTO_ICMP, ON_RAW | ON_IPV4),
	WALKED("TCP over IPv6", AF_INET6, SOCK_STREAM, 0, ON_TCP | ON_IPV6),
	WALKED("TCP listener over IPv6", AF_INET6, SOCK_STREAM, 0, ON_TCP | ON_IPV6 | ON_LISTENER),
	WALKED("TCP connection over IPv6", AF_INET6, SOCK_STREAM, 0, ON_TCP | ON_IPV6 | ON_CONNECTED),
	WALKED("UDP over IPv6", AF_INET6, SOCK_DGRAM, 0, ON_UDP | ON_IPV6),
	WALKED("connected UDP over IPv6", AF_INET6, SOCK_DGRAM, 0, ON_UDP | ON_IPV6 | ON_CONNECTED),
	WALKED("raw over IPv6", AF_INET6, SOCK_RAW, IPPROTO_ICMPV6, ON_RAW | ON_IPV6),
	WALKED("unix stream", AF_UNIX, SOCK_STREAM, 0, ON_UNIX),
	WALKED("unix datagram", AF_UNIX, SOCK_DGRAM, 0, ON_UNIX),
	WALKED("unix pair", AF_UNIX, SOCK_STREAM, 0, ON_UNIX | ON_CONNECTED),
	WALKED("packet", AF_PACKET, SOCK_RAW, 0, ON_PACKET),
};

static inline socklen_t walked_loopback(int domain, struct sockaddr_storage *address)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)address;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)address;

	memset(address, 0, sizeof *address);
	address->ss_family = (sa_family_t)domain;
	if (domain == AF_INET)
		v4->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	else
		v6->sin6_addr = in6addr_loopback;
	return domain == AF_INET ? sizeof *v4 : sizeof *v6;
}

/* The address that it is then bound to comes back in *address. */
static inline bool walked_bind(int fd, int domain, struct sockaddr_storage *address, socklen_t *length)
{
	*length = walked_loopback(domain, address);
	if (bind(fd, (struct sockaddr *)address, *length) < 0)
		return false; /* without IPv6 on the loopback interface */
	assert_int_equal(getsockname(fd, (struct sockaddr *)address, length), 0);
	return true;
}

static inline bool walked_connect(struct walked *at)
{
	struct sockaddr_storage address;
	socklen_t length;

	if (at->domain == AF_UNIX) {
		int pair[2];

		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
		close(at->fd);
		at->fd = pair[0];
		at->other = pair[1];
		return true;
	}
	at->other = socket(at->domain, at->type | SOCK_CLOEXEC, at->protocol);
	if (!walked_bind(at->other, at->domain, &address, &length))
		return false;
	if (at->type == SOCK_STREAM)
		assert_int_equal(listen(at->other, 1), 0);
	assert_int_equal(connect(at->fd, (struct sockaddr *)&address, length), 0);
	return true;
}

static inline bool walked_prepare(struct walked *at)
{
	struct sockaddr_storage address;
	socklen_t length;

	if (at->on & ON_CONNECTED)
		return walked_connect(at);
	if (!(at->on & ON_LISTENER))
		return true;
	if (!walked_bind(at->fd, at->domain, &address, &length))
		return false;
	assert_int_equal(listen(at->fd, 1), 0);
	return true;
}

static inline int walked_open(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(walked); i++) {
		struct walked *at = &walked[i];

		at->fd = socket(at->domain, at->type | SOCK_CLOEXEC, at->protocol);
		if (at->fd >= 0 && !walked_prepare(at)) {
			close(at->fd);
			at->fd = -1;
		}
	}
	return 0;
}

static inline int walked_close(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(walked); i++) {
		if (walked[i].fd >= 0)
			close(walked[i].fd);
		if (walked[i].other >= 0)
			close(walked[i].other);
	}
	return 0;
}
