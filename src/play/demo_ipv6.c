/* SPDX-License-Identifier: BSD-2-Clause */
/* IPv6, on ::1. */
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>

#include "play/demo_rows.h"
#include "play/stage.h"

/* Binds a socket of IPv4 to this port of all addresses; the error, 0 when it was possible. */
static int take_port(struct stage *s, uint16_t port, const char *why)
{
	int fd = stage_open(s, AF_INET, SOCK_DGRAM, "A socket of IPv4 for the same port.");
	struct address at = stage_address("0.0.0.0", port);

	return stage_try_bind(s, fd, &at, why);
}

int demo_v6only(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	int both = stage_open(&s, AF_INET6, SOCK_DGRAM, "A socket of IPv6."), only, client, taken, free;
	struct address at, alone, v4;
	char text[256];

	stage_set(&s, both, &sock_v6only, 0, "Of IPv4 as well.");
	at = stage_bind(&s, both, "::", "All addresses, of both.");
	taken = take_port(&s, address_port(&at), "The port is taken, for IPv4 too.");
	client = stage_open(&s, AF_INET, SOCK_DGRAM, "A client of IPv4.");
	v4 = stage_address("127.0.0.1", address_port(&at));
	stage_sendto(&s, client, "over IPv4", &v4, "To the socket of IPv6.");
	stage_receive(&s, both, text, NULL, "It has come, from an address that begins with ::ffff:.");
	only = stage_open(&s, AF_INET6, SOCK_DGRAM, "Another socket of IPv6.");
	stage_set(&s, only, &sock_v6only, 1, "This one leaves IPv4 alone.");
	alone = stage_bind(&s, only, "::", "All addresses of IPv6.");
	free = take_port(&s, address_port(&alone), "The port is free for IPv4.");
	return stage_end(&s, taken == EADDRINUSE && !strcmp(text, "over IPv4") && !free,
			 "IPv4 got %s beside the first and %s beside the second",
			 taken ? strerrorname_np(taken) : "the port", free ? strerrorname_np(free) : "the port");
}

int demo_unicast_hops(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	const struct stage_datagrams ends = stage_datagrams(&s, "::1");
	int usual = 0, small = 0, initial = stage_get(&s, ends.sender, &sock_v6hops, "What a packet begins with.");

	stage_set(&s, ends.receiver, &sock_v6recvhops, 1, "The receiver wants to know what is left of it.");
	stage_sendto(&s, ends.sender, "far", &ends.at, "With the usual hop limit.");
	stage_receive_beside(&s, ends.receiver, IPPROTO_IPV6, IPV6_HOPLIMIT, &usual, sizeof usual,
			     "No router took anything off.");
	stage_set(&s, ends.sender, &sock_v6hops, 5, "No more than five hops.");
	stage_sendto(&s, ends.sender, "near", &ends.at, "The same again.");
	stage_receive_beside(&s, ends.receiver, IPPROTO_IPV6, IPV6_HOPLIMIT, &small, sizeof small,
			     "It arrived with the new value.");
	return stage_end(&s, usual == initial && small == 5, "the packets arrived with %d and %d", usual, small);
}

int demo_recvpktinfo(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	const struct stage_datagrams ends = stage_datagrams(&s, "::");
	const struct address asked = stage_address("::1", address_port(&ends.at));
	struct in6_pktinfo info = { .ipi6_ifindex = 0 };
	bool before, after;

	stage_sendto(&s, ends.sender, "hello", &asked, "To a server that is bound to all addresses.");
	before = stage_receive_beside(&s, ends.receiver, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof info,
				      "It cannot tell which of them was asked.");
	stage_set(&s, ends.receiver, &sock_v6pktinfo, 1, "From now on it is told.");
	stage_sendto(&s, ends.sender, "hello", &asked, "The same again.");
	after = stage_receive_beside(&s, ends.receiver, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof info,
				     "The destination and the interface stand beside the data.");
	return stage_end(&s, !before && after && IN6_IS_ADDR_LOOPBACK(&info.ipi6_addr) && info.ipi6_ifindex,
			 "the address was told %s the option, and interface %u", before ? "without" : "with",
			 info.ipi6_ifindex);
}
