/* SPDX-License-Identifier: BSD-2-Clause */
/* The port that a socket gets before its call does it. */
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include "sockets/socket.h"
#include "sockets/supervise_parts.h"

/* Options under which bind() to port 0 gives no port, or one that others have; the program gets them back. */
static const struct {
	int level, option;
	bool shares;
} put_aside[] = {
	{ IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, false },
	{ SOL_SOCKET, SO_REUSEADDR, true },
	{ SOL_SOCKET, SO_REUSEPORT, true },
};
#define PUT_ASIDE (sizeof put_aside / sizeof *put_aside)

static int number_of(int fd, int level, int option)
{
	int value = 0;
	socklen_t length = sizeof value;

	return getsockopt(fd, level, option, &value, &length) ? 0 : value;
}

static void set_number(int fd, int level, int option, int value)
{
	setsockopt(fd, level, option, &value, sizeof value);
}

int port_give(struct seen_call *call, bool alone)
{
	int before[PUT_ASIDE], status;

	for (size_t i = 0; i < PUT_ASIDE; i++) {
		before[i] = !put_aside[i].shares || alone ? number_of(call->fd, put_aside[i].level, put_aside[i].option)
							  : 0;
		if (before[i])
			set_number(call->fd, put_aside[i].level, put_aside[i].option, 0);
	}
	/* Its own address, which is the wildcard unless it has chosen one. */
	status = bind(call->fd, (struct sockaddr *)&call->local.storage, call->local.length);
	for (size_t i = 0; i < PUT_ASIDE; i++)
		if (before[i])
			set_number(call->fd, put_aside[i].level, put_aside[i].option, before[i]);
	call->local.length = sizeof call->local.storage;
	if (status < 0 || getsockname(call->fd, (struct sockaddr *)&call->local.storage, &call->local.length))
		return -1;
	return address_port(&call->local) ? 0 : -1;
}

static bool never_over_tcp(const struct address *to)
{
	const struct sockaddr_in *four = (const void *)&to->storage;

	return to->storage.ss_family == AF_INET && to->length >= sizeof *four &&
	       (IN_MULTICAST(ntohl(four->sin_addr.s_addr)) || four->sin_addr.s_addr == htonl(INADDR_BROADCAST));
}

/*
 * Where no way leads, connect() fails before it has a port, and the program may bind() the socket afterwards.
 * Connecting a socket of UDP asks the same of the kernel, and sends nothing.
 */
bool port_would_connect(const struct seen_call *call, const struct address *to)
{
	int interface = number_of(call->fd, SOL_SOCKET, SO_BINDTOIFINDEX), fd;
	bool would;

	if (never_over_tcp(to))
		return false;
	fd = socket(call->domain, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return true;
	if (interface)
		set_number(fd, SOL_SOCKET, SO_BINDTOIFINDEX, interface);
	if (call->domain == AF_INET6)
		set_number(fd, IPPROTO_IPV6, IPV6_V6ONLY, number_of(call->fd, IPPROTO_IPV6, IPV6_V6ONLY));
	/* A broadcast address is refused to UDP without leave, to TCP always. */
	would = !connect(fd, (const struct sockaddr *)&to->storage, to->length);
	close(fd);
	return would;
}

/* Packets of IPv4 are those of an IPv4 address, whatever the socket is. */
static struct address plain(const struct address *address)
{
	const struct sockaddr_in6 *six = (const void *)&address->storage;
	struct sockaddr_in four = { .sin_family = AF_INET, .sin_port = six->sin6_port };
	struct address out = *address;

	if (address->storage.ss_family != AF_INET6 || address->length < sizeof *six ||
	    !IN6_IS_ADDR_V4MAPPED(&six->sin6_addr))
		return out;
	memcpy(&four.sin_addr, &six->sin6_addr.s6_addr[12], sizeof four.sin_addr);
	memset(&out, 0, sizeof out);
	memcpy(&out.storage, &four, sizeof four);
	out.length = sizeof four;
	return out;
}

static struct address wildcard_four(uint16_t port)
{
	struct sockaddr_in four = { .sin_family = AF_INET, .sin_port = htons(port) };
	struct address out = { .length = sizeof four };

	memcpy(&out.storage, &four, sizeof four);
	return out;
}

/* What connect() was given names a peer only when it is an address, and not "this machine". */
static struct address peer(const struct address *remote)
{
	static const struct address anybody;
	socklen_t needed =
		remote->storage.ss_family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
	bool known = remote->length >= needed &&
		     (remote->storage.ss_family == AF_INET || remote->storage.ss_family == AF_INET6);

	return known && !address_is_any(remote) && address_port(remote) ? plain(remote) : anybody;
}

struct socket_ends port_ends(const struct seen_call *call, const struct address *remote)
{
	struct socket_ends ends = { .kind = call->kind, .local = plain(&call->local), .remote = peer(remote) };

	if (ends.local.storage.ss_family != AF_INET6)
		return ends;
	if (address_is_any(&ends.local) && ends.remote.length && ends.remote.storage.ss_family == AF_INET)
		ends.local = wildcard_four(address_port(&call->local));
	else
		ends.v6only = number_of(call->fd, IPPROTO_IPV6, IPV6_V6ONLY) != 0;
	return ends;
}
