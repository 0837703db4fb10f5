/* SPDX-License-Identifier: BSD-2-Clause */
#include "sockets/sockopt_fresh.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

static const struct sort {
	const char *name;
	int domain, type, protocol;
	unsigned on;
} sorts[FRESH_SORTS] = {
	[FRESH_TCP] = { "TCP", AF_INET, SOCK_STREAM, 0, ON_TCP | ON_IPV4 },
	[FRESH_UDP] = { "UDP", AF_INET, SOCK_DGRAM, 0, ON_UDP | ON_IPV4 },
	[FRESH_TCP6] = { "TCP over IPv6", AF_INET6, SOCK_STREAM, 0, ON_TCP | ON_IPV6 },
	[FRESH_UDP6] = { "UDP over IPv6", AF_INET6, SOCK_DGRAM, 0, ON_UDP | ON_IPV6 },
	[FRESH_RAW] = { "raw", AF_INET, SOCK_RAW, IPPROTO_ICMP, ON_RAW | ON_IPV4 },
	[FRESH_RAW6] = { "raw over IPv6", AF_INET6, SOCK_RAW, IPPROTO_ICMPV6, ON_RAW | ON_IPV6 },
	[FRESH_UNIX] = { "unix", AF_UNIX, SOCK_STREAM, 0, ON_UNIX },
	[FRESH_PACKET] = { "packet", AF_PACKET, SOCK_RAW, 0, ON_PACKET },
};

const char *sockopt_fresh_name(unsigned sort)
{
	return sorts[sort].name;
}

void sockopt_fresh_open(struct sockopt_fresh *fresh)
{
	for (unsigned i = 0; i < FRESH_SORTS; i++)
		fresh->fds[i] = socket(sorts[i].domain, sorts[i].type | SOCK_CLOEXEC, sorts[i].protocol);
}

void sockopt_fresh_close(struct sockopt_fresh *fresh)
{
	for (unsigned i = 0; i < FRESH_SORTS; i++)
		if (fresh->fds[i] >= 0)
			close(fresh->fds[i]);
}

bool sockopt_fresh_get(const struct sockopt_fresh *fresh, const struct sockopt *option, unsigned *sort, void *value,
		       size_t *length)
{
	if (!(option->access & SOCKOPT_GET))
		return false;
	for (; *sort < FRESH_SORTS; ++*sort)
		if (fresh->fds[*sort] >= 0 && sockopt_fits(option, sorts[*sort].on) &&
		    !sockopt_get(fresh->fds[*sort], option, value, length))
			return true;
	return false;
}
