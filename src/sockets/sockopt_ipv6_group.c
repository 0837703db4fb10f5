/* SPDX-License-Identifier: BSD-2-Clause */
/* The options of IPPROTO_IPV6 that are about groups. */
#include <netinet/in.h>

#include "sockets/sockopt_rows.h"

/* For headers that are older than the kernel. */
#ifndef IPV6_MULTICAST_ALL
#define IPV6_MULTICAST_ALL 29
#endif

const struct sockopt sockopt_ipv6_group_rows[] = {
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_MULTICAST_IF),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV6,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 2.2",
		.summary = "the interface by which multicast leaves",
		.meaning = "The index of the interface, in host order. 0: the routing table decides. Groups such as "
			   "ff02::1 exist once on each link, so a program on a machine with several should set it. "
			   "ENODEV: there is no such interface. On TCP setting it is ENOPROTOOPT.",
		.use = "int index = if_nametoindex(\"eth0\");\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &index, sizeof index) < 0)\n"
		       "    perror(\"IPV6_MULTICAST_IF\");",
		.also = "IPV6_JOIN_GROUP IPV6_UNICAST_IF IP_MULTICAST_IF",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_MULTICAST_HOPS),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.unit = "hops",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV6,
		.initial = "1 hop",
		.who = "anybody",
		.since = "Linux 2.2",
		.summary = "hops that a packet to a group may make",
		.meaning = "1, the default, stays on the link. 0 to 255, and -1 for the default. How far a group "
			   "reaches is also said by its address: ff02:: never leaves the link, ff05:: is a site's.",
		.use = "int hops = 4;\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &hops, sizeof hops) < 0)\n"
		       "    perror(\"IPV6_MULTICAST_HOPS\");",
		.also = "IPV6_UNICAST_HOPS IP_MULTICAST_TTL",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_MULTICAST_LOOP),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV6,
		.initial = "1",
		.who = "anybody",
		.since = "Linux 2.2",
		.summary = "whether this machine hears what it sends to a group",
		.meaning = "With 1, members of the group on the sending machine get the packet too. On Linux it is the "
			   "sending socket's option. Only 0 and 1; others are EINVAL.",
		.use = "int off = 0;\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, &off, sizeof off) < 0)\n"
		       "    perror(\"IPV6_MULTICAST_LOOP\");",
		.also = "IP_MULTICAST_LOOP IPV6_JOIN_GROUP",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_MULTICAST_ALL),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV6,
		.initial = "1",
		.who = "anybody",
		.since = "Linux 4.20",
		.lacking = "Linux 4.20",
		.summary = "hear groups that others on this machine joined",
		.meaning = "As IP_MULTICAST_ALL: with 1 a socket bound to :: gets packets to every group that any "
			   "socket of the machine has joined; with 0 only those of its own groups.",
		.use = "int off = 0;\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_ALL, &off, sizeof off) < 0)\n"
		       "    perror(\"IPV6_MULTICAST_ALL\");",
		.also = "IP_MULTICAST_ALL IPV6_JOIN_GROUP",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_JOIN_GROUP),
		.alias = "IPV6_ADD_MEMBERSHIP",
		.type = SOCKOPT_STRUCT,
		.type_name = "struct ipv6_mreq",
		.access = SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV6,
		.initial = "none",
		.who = "anybody",
		.since = "Linux 2.2",
		.summary = "join a multicast group",
		.meaning = "As IP_ADD_MEMBERSHIP, with the index of the interface and the address of the group; the "
			   "routers are told by MLD, a part of ICMPv6. Index 0 lets the routing table choose. It ends "
			   "with the socket. The same group twice is EADDRINUSE.",
		.use = "struct ipv6_mreq group = { .ipv6mr_interface = if_nametoindex(\"eth0\"), .ipv6mr_multiaddr = "
		       "address };\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, &group, sizeof group) < 0)\n"
		       "    perror(\"IPV6_JOIN_GROUP\");",
		.also = "IPV6_LEAVE_GROUP IPV6_MULTICAST_IF MCAST_JOIN_GROUP IP_ADD_MEMBERSHIP",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_LEAVE_GROUP),
		.alias = "IPV6_DROP_MEMBERSHIP",
		.type = SOCKOPT_STRUCT,
		.type_name = "struct ipv6_mreq",
		.access = SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV6,
		.initial = "none",
		.who = "anybody",
		.since = "Linux 2.2",
		.summary = "leave a multicast group",
		.meaning = "Takes back IPV6_JOIN_GROUP, with the same group and interface. EADDRNOTAVAIL: the socket "
			   "is no member.",
		.use = "struct ipv6_mreq group = { .ipv6mr_interface = if_nametoindex(\"eth0\"), .ipv6mr_multiaddr = "
		       "address };\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_LEAVE_GROUP, &group, sizeof group) < 0)\n"
		       "    perror(\"IPV6_LEAVE_GROUP\");",
		.also = "IPV6_JOIN_GROUP",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_JOIN_ANYCAST),
		.type = SOCKOPT_STRUCT,
		.type_name = "struct ipv6_mreq",
		.access = SOCKOPT_SET,
		.on = ON_IPV6,
		.initial = "none",
		.who = "CAP_NET_ADMIN",
		.since = "Linux 2.4",
		.summary = "share an anycast address",
		.meaning =
			"An anycast address belongs to several hosts, and packets reach the nearest. While the socket "
			"is open this host answers for the address on that interface. EPERM without the right.",
		.use = "struct ipv6_mreq group = { .ipv6mr_interface = if_nametoindex(\"eth0\"), .ipv6mr_multiaddr = "
		       "address };\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_JOIN_ANYCAST, &group, sizeof group) < 0)\n"
		       "    perror(\"IPV6_JOIN_ANYCAST\");",
		.also = "IPV6_LEAVE_ANYCAST",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_LEAVE_ANYCAST),
		.type = SOCKOPT_STRUCT,
		.type_name = "struct ipv6_mreq",
		.access = SOCKOPT_SET,
		.on = ON_IPV6,
		.initial = "none",
		.who = "anybody",
		.since = "Linux 2.4",
		.summary = "no longer share an anycast address",
		.meaning = "Takes back IPV6_JOIN_ANYCAST, which needed the right; this does not.",
		.use = "struct ipv6_mreq group = { .ipv6mr_interface = if_nametoindex(\"eth0\"), .ipv6mr_multiaddr = "
		       "address };\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_LEAVE_ANYCAST, &group, sizeof group) < 0)\n"
		       "    perror(\"IPV6_LEAVE_ANYCAST\");",
		.also = "IPV6_JOIN_ANYCAST",
	},
	{ .name = NULL },
};
