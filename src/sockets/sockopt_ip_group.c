/* SPDX-License-Identifier: BSD-2-Clause */
/* The options of IPPROTO_IP that are about multicast groups. */
#include <netinet/in.h>

#include "sockets/sockopt_rows.h"
#include "sockets/sockopt_words.h"

const struct sockopt sockopt_ip_group_rows[] = {
	{
		SOCKOPT_NAMED(IPPROTO_IP, IP_MULTICAST_IF),
		.type = SOCKOPT_STRUCT,
		.type_name = "struct in_addr",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV4,
		.size = 4,
		.initial = "0.0.0.0",
		.who = "anybody",
		.since = "Linux 1.2",
		.summary = "the interface by which multicast leaves",
		.meaning = "Packets to a group leave by the interface that has this address; 0.0.0.0 lets the routing "
			   "table decide, which on a machine with several networks is seldom what was meant. Setting "
			   "takes a struct in_addr, ip_mreq or ip_mreqn, told apart by their size; the last has an "
			   "index, which is surer. Reading gives the address. On TCP setting it is EINVAL.",
		.use = "struct ip_mreqn by = { .imr_ifindex = if_nametoindex(\"eth0\") };\n"
		       "if (setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &by, sizeof by) < 0)\n"
		       "    perror(\"IP_MULTICAST_IF\");",
		.also = "IP_ADD_MEMBERSHIP IP_UNICAST_IF IPV6_MULTICAST_IF",
		.show = sockopt_show_host,
	},
	{
		SOCKOPT_NAMED(IPPROTO_IP, IP_MULTICAST_TTL),
		.type = SOCKOPT_OCTET,
		.type_name = "int",
		.unit = "hops",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV4,
		.initial = "1 hop",
		.who = "anybody",
		.since = "Linux 1.2",
		.summary = "hops that a packet to a group may make",
		.meaning = "With 1, the default, multicast stays in the local network; with 0 it does not leave the "
			   "machine. IP_TTL does not count for packets to groups. 0 to 255; -1 is 1 again.",
		.use = "int hops = 4;\n"
		       "if (setsockopt(fd, IPPROTO_IP, IP_MULTICAST_TTL, &hops, sizeof hops) < 0)\n"
		       "    perror(\"IP_MULTICAST_TTL\");",
		.also = "IP_TTL IP_MULTICAST_LOOP IPV6_MULTICAST_HOPS",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IP, IP_MULTICAST_LOOP),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV4,
		.initial = "1",
		.who = "anybody",
		.since = "Linux 1.2",
		.summary = "whether this machine hears what it sends to a group",
		.meaning = "With 1, members of the group on the sending machine get the packet too, the sender itself "
			   "included. On Linux the option belongs to the sending socket; on some other systems to the "
			   "receiving one, so portable programs set it on both.",
		.use = "int off = 0;\n"
		       "if (setsockopt(fd, IPPROTO_IP, IP_MULTICAST_LOOP, &off, sizeof off) < 0)\n"
		       "    perror(\"IP_MULTICAST_LOOP\");",
		.also = "IP_ADD_MEMBERSHIP IPV6_MULTICAST_LOOP",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IP, IP_MULTICAST_ALL),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV4,
		.initial = "1",
		.who = "anybody",
		.since = "Linux 2.6.31",
		.summary = "hear groups that others on this machine joined",
		.meaning = "A socket that is bound to the wildcard gets packets to every group that any socket of the "
			   "machine has joined, as long as the port is right. With 0 only those that it joined itself, "
			   "which is what most people expect from the start. A socket that is bound to the group's "
			   "address gets that group alone. Only 0 and 1.",
		.use = "int off = 0;\n"
		       "if (setsockopt(fd, IPPROTO_IP, IP_MULTICAST_ALL, &off, sizeof off) < 0)\n"
		       "    perror(\"IP_MULTICAST_ALL\");",
		.also = "IP_ADD_MEMBERSHIP IPV6_MULTICAST_ALL",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IP, IP_ADD_MEMBERSHIP),
		.type = SOCKOPT_STRUCT,
		.type_name = "struct ip_mreqn",
		.access = SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV4,
		.initial = "none",
		.who = "anybody",
		.since = "Linux 1.2",
		.summary = "join a multicast group",
		.meaning = "Without it no packet to the group reaches the socket. The machine tells the routers by "
			   "IGMP that it wants the group on that interface, and the network card lets its frames pass. "
			   "imr_ifindex or imr_address name the interface; with neither the routing table decides "
			   "(ENODEV: it knows none). bind() to the port as well. A socket may join 20 groups (the "
			   "sysctl net.ipv4.igmp_max_memberships; ENOBUFS); the same one twice is EADDRINUSE. It ends "
			   "with the socket. Sending to a group needs no membership.",
		.use = "struct ip_mreqn group = { .imr_multiaddr.s_addr = inet_addr(\"239.1.2.3\") };\n"
		       "if (setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof group) < 0)\n"
		       "    perror(\"IP_ADD_MEMBERSHIP\");",
		.also = "IP_DROP_MEMBERSHIP IP_MULTICAST_ALL IP_ADD_SOURCE_MEMBERSHIP IPV6_JOIN_GROUP",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IP, IP_DROP_MEMBERSHIP),
		.type = SOCKOPT_STRUCT,
		.type_name = "struct ip_mreqn",
		.access = SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV4,
		.initial = "none",
		.who = "anybody",
		.since = "Linux 1.2",
		.summary = "leave a multicast group",
		.meaning = "Takes back what IP_ADD_MEMBERSHIP did, with the same group and interface. When the last "
			   "socket of the machine leaves, IGMP tells the routers. EADDRNOTAVAIL: the socket is no "
			   "member. close() does it as well.",
		.use = "struct ip_mreqn group = { .imr_multiaddr.s_addr = inet_addr(\"239.1.2.3\") };\n"
		       "if (setsockopt(fd, IPPROTO_IP, IP_DROP_MEMBERSHIP, &group, sizeof group) < 0)\n"
		       "    perror(\"IP_DROP_MEMBERSHIP\");",
		.also = "IP_ADD_MEMBERSHIP",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IP, IP_ADD_SOURCE_MEMBERSHIP),
		.type = SOCKOPT_STRUCT,
		.type_name = "struct ip_mreq_source",
		.access = SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV4,
		.initial = "none",
		.who = "anybody",
		.since = "Linux 2.4.22",
		.summary = "join a group, but hear one sender only",
		.meaning = "Source-specific multicast: what other senders send to the group is dropped, and with "
			   "IGMPv3 routers do not even bring it. To hear several senders it is called for each. 10 of "
			   "them fit (the sysctl net.ipv4.igmp_max_msf; ENOBUFS).",
		.use = "struct ip_mreq_source from = { group, interface, source };\n"
		       "if (setsockopt(fd, IPPROTO_IP, IP_ADD_SOURCE_MEMBERSHIP, &from, sizeof from) < 0)\n"
		       "    perror(\"IP_ADD_SOURCE_MEMBERSHIP\");",
		.also = "IP_DROP_SOURCE_MEMBERSHIP IP_MSFILTER",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IP, IP_DROP_SOURCE_MEMBERSHIP),
		.type = SOCKOPT_STRUCT,
		.type_name = "struct ip_mreq_source",
		.access = SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV4,
		.initial = "none",
		.who = "anybody",
		.since = "Linux 2.4.22",
		.summary = "no longer hear one sender of a group",
		.meaning = "Takes back IP_ADD_SOURCE_MEMBERSHIP for one sender; others that were asked for are still "
			   "heard.",
		.use = "struct ip_mreq_source from = { group, interface, source };\n"
		       "if (setsockopt(fd, IPPROTO_IP, IP_DROP_SOURCE_MEMBERSHIP, &from, sizeof from) < 0)\n"
		       "    perror(\"IP_DROP_SOURCE_MEMBERSHIP\");",
		.also = "IP_ADD_SOURCE_MEMBERSHIP",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IP, IP_BLOCK_SOURCE),
		.type = SOCKOPT_STRUCT,
		.type_name = "struct ip_mreq_source",
		.access = SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV4,
		.initial = "none",
		.who = "anybody",
		.since = "Linux 2.4.22",
		.summary = "of a joined group, do not hear this sender",
		.meaning = "The other way round: the group was joined with IP_ADD_MEMBERSHIP, everybody is heard, and "
			   "this sender is not.",
		.use = "struct ip_mreq_source from = { group, interface, source };\n"
		       "if (setsockopt(fd, IPPROTO_IP, IP_BLOCK_SOURCE, &from, sizeof from) < 0)\n"
		       "    perror(\"IP_BLOCK_SOURCE\");",
		.also = "IP_UNBLOCK_SOURCE IP_ADD_MEMBERSHIP",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IP, IP_UNBLOCK_SOURCE),
		.type = SOCKOPT_STRUCT,
		.type_name = "struct ip_mreq_source",
		.access = SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV4,
		.initial = "none",
		.who = "anybody",
		.since = "Linux 2.4.22",
		.summary = "hear a blocked sender again",
		.meaning = "Takes back IP_BLOCK_SOURCE. EADDRNOTAVAIL: that sender was not blocked.",
		.use = "struct ip_mreq_source from = { group, interface, source };\n"
		       "if (setsockopt(fd, IPPROTO_IP, IP_UNBLOCK_SOURCE, &from, sizeof from) < 0)\n"
		       "    perror(\"IP_UNBLOCK_SOURCE\");",
		.also = "IP_BLOCK_SOURCE",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IP, IP_MSFILTER),
		.type = SOCKOPT_STRUCT,
		.type_name = "struct ip_msfilter",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.flags = SOCKOPT_STATE,
		.on = ON_UDP | ON_RAW | ON_IPV4,
		.initial = "none",
		.who = "anybody",
		.since = "Linux 2.4.22",
		.lacking = "a group that was joined, named in the value",
		.summary = "all senders of a group that are heard or blocked",
		.meaning = "The whole list at once: MCAST_INCLUDE hears only those in it, MCAST_EXCLUDE all others. "
			   "Reading is unusual: the group and the interface must stand in the value before the call, "
			   "and the socket must have joined it; otherwise the answer is EINVAL or EADDRNOTAVAIL.",
		.use = "struct ip_msfilter filter = { group, interface, MCAST_INCLUDE, 1, { sender } };\n"
		       "if (setsockopt(fd, IPPROTO_IP, IP_MSFILTER, &filter, IP_MSFILTER_SIZE(1)) < 0)\n"
		       "    perror(\"IP_MSFILTER\");",
		.also = "IP_ADD_SOURCE_MEMBERSHIP MCAST_MSFILTER",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IP, MCAST_JOIN_GROUP),
		.type = SOCKOPT_STRUCT,
		.type_name = "struct group_req",
		.access = SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV4 | ON_IPV6,
		.initial = "none",
		.who = "anybody",
		.since = "Linux 2.4.22",
		.summary = "join a multicast group, of IPv4 or of IPv6",
		.meaning = "As IP_ADD_MEMBERSHIP and IPV6_JOIN_GROUP, with one struct for both families (RFC 3678): "
			   "the index of the interface and the address of the group. Also at the level IPPROTO_IPV6, "
			   "with the same number, for groups of IPv6.",
		.use = "struct group_req group = { .gr_interface = 2, .gr_group = address };\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, MCAST_JOIN_GROUP, &group, sizeof group) < 0)\n"
		       "    perror(\"MCAST_JOIN_GROUP\");",
		.also = "IP_ADD_MEMBERSHIP MCAST_LEAVE_GROUP",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IP, MCAST_LEAVE_GROUP),
		.type = SOCKOPT_STRUCT,
		.type_name = "struct group_req",
		.access = SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV4 | ON_IPV6,
		.initial = "none",
		.who = "anybody",
		.since = "Linux 2.4.22",
		.summary = "leave a multicast group, of either family",
		.meaning = "Takes back MCAST_JOIN_GROUP. Also at the level IPPROTO_IPV6, with the same number, for "
			   "groups of IPv6.",
		.use = "struct group_req group = { .gr_interface = 2, .gr_group = address };\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, MCAST_LEAVE_GROUP, &group, sizeof group) < 0)\n"
		       "    perror(\"MCAST_LEAVE_GROUP\");",
		.also = "MCAST_JOIN_GROUP",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IP, MCAST_JOIN_SOURCE_GROUP),
		.type = SOCKOPT_STRUCT,
		.type_name = "struct group_source_req",
		.access = SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV4 | ON_IPV6,
		.initial = "none",
		.who = "anybody",
		.since = "Linux 2.4.22",
		.summary = "join a group of either family, hear one sender",
		.meaning = "As IP_ADD_SOURCE_MEMBERSHIP, for both families. IPv6 has no other option for it. Also at "
			   "the level IPPROTO_IPV6, with the same number, for groups of IPv6.",
		.use = "struct group_source_req from = { index, group, source };\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, MCAST_JOIN_SOURCE_GROUP, &from, sizeof from) < 0)\n"
		       "    perror(\"MCAST_JOIN_SOURCE_GROUP\");",
		.also = "MCAST_LEAVE_SOURCE_GROUP IP_ADD_SOURCE_MEMBERSHIP",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IP, MCAST_LEAVE_SOURCE_GROUP),
		.type = SOCKOPT_STRUCT,
		.type_name = "struct group_source_req",
		.access = SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV4 | ON_IPV6,
		.initial = "none",
		.who = "anybody",
		.since = "Linux 2.4.22",
		.summary = "no longer hear one sender, of either family",
		.meaning = "Takes back MCAST_JOIN_SOURCE_GROUP for one sender. Also at the level IPPROTO_IPV6, with "
			   "the same number, for groups of IPv6.",
		.use = "struct group_source_req from = { index, group, source };\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, MCAST_LEAVE_SOURCE_GROUP, &from, sizeof from) < 0)\n"
		       "    perror(\"MCAST_LEAVE_SOURCE_GROUP\");",
		.also = "MCAST_JOIN_SOURCE_GROUP",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IP, MCAST_BLOCK_SOURCE),
		.type = SOCKOPT_STRUCT,
		.type_name = "struct group_source_req",
		.access = SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV4 | ON_IPV6,
		.initial = "none",
		.who = "anybody",
		.since = "Linux 2.4.22",
		.summary = "of a joined group of either family, block a sender",
		.meaning = "As IP_BLOCK_SOURCE, for both families: the group was joined with MCAST_JOIN_GROUP, and "
			   "this sender is not heard. Also at the level IPPROTO_IPV6, with the same number, for groups "
			   "of IPv6.",
		.use = "struct group_source_req from = { index, group, source };\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, MCAST_BLOCK_SOURCE, &from, sizeof from) < 0)\n"
		       "    perror(\"MCAST_BLOCK_SOURCE\");",
		.also = "MCAST_UNBLOCK_SOURCE",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IP, MCAST_UNBLOCK_SOURCE),
		.type = SOCKOPT_STRUCT,
		.type_name = "struct group_source_req",
		.access = SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV4 | ON_IPV6,
		.initial = "none",
		.who = "anybody",
		.since = "Linux 2.4.22",
		.summary = "hear a blocked sender of either family again",
		.meaning = "Takes back MCAST_BLOCK_SOURCE. Also at the level IPPROTO_IPV6, with the same number, for "
			   "groups of IPv6.",
		.use = "struct group_source_req from = { index, group, source };\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, MCAST_UNBLOCK_SOURCE, &from, sizeof from) < 0)\n"
		       "    perror(\"MCAST_UNBLOCK_SOURCE\");",
		.also = "MCAST_BLOCK_SOURCE",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IP, MCAST_MSFILTER),
		.type = SOCKOPT_STRUCT,
		.type_name = "struct group_filter",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.flags = SOCKOPT_STATE,
		.on = ON_UDP | ON_RAW | ON_IPV4 | ON_IPV6,
		.initial = "none",
		.who = "anybody",
		.since = "Linux 2.4.22",
		.lacking = "a group that was joined, named in the value",
		.summary = "all senders of a group of either family",
		.meaning = "As IP_MSFILTER, for both families: the list of senders that are heard (MCAST_INCLUDE) or "
			   "not (MCAST_EXCLUDE). For reading, the group must stand in the value and the socket must "
			   "have joined it. Also at the level IPPROTO_IPV6, with the same number, for groups of IPv6.",
		.use = "struct group_filter filter = { index, group, MCAST_INCLUDE, 1, { sender } };\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, MCAST_MSFILTER, &filter, GROUP_FILTER_SIZE(1)) < 0)\n"
		       "    perror(\"MCAST_MSFILTER\");",
		.also = "IP_MSFILTER MCAST_JOIN_SOURCE_GROUP",
	},
	{ .name = NULL },
};
