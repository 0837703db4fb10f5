/* SPDX-License-Identifier: BSD-2-Clause */
/* The options of IPPROTO_IPV6 that are about what is told of packets received. */
#include <netinet/in.h>

#include "sockets/sockopt_rows.h"

/* For headers that are older than the kernel. */
#ifndef IPV6_FLOWINFO
#define IPV6_FLOWINFO 11
#endif

const struct sockopt sockopt_ipv6_receive_rows[] = {
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_RECVPKTINFO),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV6,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 2.6.14",
		.summary = "tell where each datagram arrived",
		.meaning = "recvmsg() then brings a control message IPV6_PKTINFO with a struct in6_pktinfo: the "
			   "destination in the header and the index of the interface. A server bound to :: learns from "
			   "it which of its addresses was asked, and answers from that one by giving sendmsg() the "
			   "same message. For addresses fe80:: the interface is needed to answer at all.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof on) < 0)\n"
		       "    perror(\"IPV6_RECVPKTINFO\");",
		.also = "IPV6_PKTINFO IP_PKTINFO",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_RECVHOPLIMIT),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV6,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 2.6.14",
		.summary = "tell the hop limit of each datagram",
		.meaning = "recvmsg() brings a control message IPV6_HOPLIMIT, an int: what was left of the hop limit. "
			   "255 cannot have passed a router, by which neighbour discovery knows its neighbours.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, &on, sizeof on) < 0)\n"
		       "    perror(\"IPV6_RECVHOPLIMIT\");",
		.also = "IPV6_UNICAST_HOPS IP_RECVTTL",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_RECVTCLASS),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV6,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 2.6.14",
		.summary = "tell the traffic class of each datagram",
		.meaning = "recvmsg() brings a control message IPV6_TCLASS, an int: DSCP and ECN as they arrived.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_RECVTCLASS, &on, sizeof on) < 0)\n"
		       "    perror(\"IPV6_RECVTCLASS\");",
		.also = "IPV6_TCLASS IP_RECVTOS",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_RECVERR),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_IPV6,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 2.2",
		.summary = "queue errors with all that ICMPv6 told",
		.meaning = "As IP_RECVERR: errors are put into a queue, from which recvmsg() with MSG_ERRQUEUE takes "
			   "them as control messages IPV6_RECVERR, with the type and code of ICMPv6 and who sent it. "
			   "Each also makes the next ordinary call fail once. For errors that came as ICMP of IPv4 to "
			   "a socket of both, IP_RECVERR is needed too.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof on) < 0)\n"
		       "    perror(\"IPV6_RECVERR\");",
		.also = "IPV6_RECVERR_RFC4884 IP_RECVERR",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_RECVERR_RFC4884),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV6,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 5.9",
		.lacking = "Linux 5.9",
		.summary = "say where the extensions of an ICMPv6 error begin",
		.meaning = "As IP_RECVERR_RFC4884: ee_data says how long the quoted datagram is, and extensions follow "
			   "it. Only 0 and 1.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR_RFC4884, &on, sizeof on) < 0)\n"
		       "    perror(\"IPV6_RECVERR_RFC4884\");",
		.also = "IPV6_RECVERR IP_RECVERR_RFC4884",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_RECVPATHMTU),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV6,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 2.6.35",
		.summary = "tell when a datagram was too large",
		.meaning = "When a datagram of this socket did not fit the path, recvmsg() brings a control message "
			   "IPV6_PATHMTU with the size that fits, in a message without data. With IPV6_DONTFRAG.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPATHMTU, &on, sizeof on) < 0)\n"
		       "    perror(\"IPV6_RECVPATHMTU\");",
		.also = "IPV6_PATHMTU IPV6_DONTFRAG",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_RECVORIGDSTADDR),
		.alias = "IPV6_ORIGDSTADDR",
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV6,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 2.6.37",
		.summary = "tell the address and port a datagram was sent to",
		.meaning = "As IP_RECVORIGDSTADDR: a control message IPV6_ORIGDSTADDR with a struct sockaddr_in6, for "
			   "transparent proxies.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_RECVORIGDSTADDR, &on, sizeof on) < 0)\n"
		       "    perror(\"IPV6_RECVORIGDSTADDR\");",
		.also = "IPV6_TRANSPARENT IP_RECVORIGDSTADDR",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_RECVFRAGSIZE),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV6,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 4.10",
		.summary = "tell how large the fragments of a datagram were",
		.meaning = "As IP_RECVFRAGSIZE: when a datagram came in fragments, the size of the largest one.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_RECVFRAGSIZE, &on, sizeof on) < 0)\n"
		       "    perror(\"IPV6_RECVFRAGSIZE\");",
		.also = "IP_RECVFRAGSIZE IPV6_MTU",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_RECVHOPOPTS),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV6,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 2.6.14",
		.summary = "tell the hop-by-hop options of each datagram",
		.meaning = "recvmsg() brings the hop-by-hop header as a control message IPV6_HOPOPTS. Needs "
			   "CAP_NET_RAW only for sending such a header, not for seeing it.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_RECVHOPOPTS, &on, sizeof on) < 0)\n"
		       "    perror(\"IPV6_RECVHOPOPTS\");",
		.also = "IPV6_HOPOPTS IPV6_RECVDSTOPTS",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_RECVDSTOPTS),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV6,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 2.6.14",
		.summary = "tell the destination options of each datagram",
		.meaning = "recvmsg() brings the destination options header as a control message IPV6_DSTOPTS.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_RECVDSTOPTS, &on, sizeof on) < 0)\n"
		       "    perror(\"IPV6_RECVDSTOPTS\");",
		.also = "IPV6_DSTOPTS IPV6_RECVHOPOPTS",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_RECVRTHDR),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV6,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 2.6.14",
		.summary = "tell the routing header of each datagram",
		.meaning = "recvmsg() brings the routing header as a control message IPV6_RTHDR: by whom the sender "
			   "had it sent.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_RECVRTHDR, &on, sizeof on) < 0)\n"
		       "    perror(\"IPV6_RECVRTHDR\");",
		.also = "IPV6_RTHDR",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_FLOWINFO),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV6,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 2.2",
		.summary = "tell the flow label of each datagram",
		.meaning = "recvmsg() brings a control message IPV6_FLOWINFO: traffic class and flow label as they "
			   "stand in the header. recvfrom() fills in sin6_flowinfo as well.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_FLOWINFO, &on, sizeof on) < 0)\n"
		       "    perror(\"IPV6_FLOWINFO\");",
		.also = "IPV6_FLOWINFO_SEND IPV6_AUTOFLOWLABEL",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_2292PKTINFO),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV6,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 2.2",
		.summary = "the old IPV6_RECVPKTINFO (RFC 2292)",
		.meaning = "RFC 2292 had the same name for asking and for the message. RFC 3542 parted the two, and "
			   "what programs had compiled in kept these numbers. Do not use it in a new program.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_2292PKTINFO, &on, sizeof on) < 0)\n"
		       "    perror(\"IPV6_2292PKTINFO\");",
		.also = "IPV6_RECVPKTINFO",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_2292HOPLIMIT),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV6,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 2.2",
		.summary = "the old IPV6_RECVHOPLIMIT (RFC 2292)",
		.meaning = "See IPV6_2292PKTINFO: an old form, kept for programs that were compiled long ago.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_2292HOPLIMIT, &on, sizeof on) < 0)\n"
		       "    perror(\"IPV6_2292HOPLIMIT\");",
		.also = "IPV6_RECVHOPLIMIT IPV6_2292PKTINFO",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_2292HOPOPTS),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV6,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 2.2",
		.summary = "the old IPV6_RECVHOPOPTS (RFC 2292)",
		.meaning = "See IPV6_2292PKTINFO: an old form, kept for programs that were compiled long ago.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_2292HOPOPTS, &on, sizeof on) < 0)\n"
		       "    perror(\"IPV6_2292HOPOPTS\");",
		.also = "IPV6_RECVHOPOPTS IPV6_2292PKTINFO",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_2292DSTOPTS),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV6,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 2.2",
		.summary = "the old IPV6_RECVDSTOPTS (RFC 2292)",
		.meaning = "See IPV6_2292PKTINFO: an old form, kept for programs that were compiled long ago.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_2292DSTOPTS, &on, sizeof on) < 0)\n"
		       "    perror(\"IPV6_2292DSTOPTS\");",
		.also = "IPV6_RECVDSTOPTS IPV6_2292PKTINFO",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_2292RTHDR),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV6,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 2.2",
		.summary = "the old IPV6_RECVRTHDR (RFC 2292)",
		.meaning = "See IPV6_2292PKTINFO: an old form, kept for programs that were compiled long ago.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_2292RTHDR, &on, sizeof on) < 0)\n"
		       "    perror(\"IPV6_2292RTHDR\");",
		.also = "IPV6_RECVRTHDR IPV6_2292PKTINFO",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_2292PKTOPTIONS),
		.type = SOCKOPT_BYTES,
		.type_name = "octets",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.flags = SOCKOPT_STATE,
		.on = ON_TCP | ON_IPV6,
		.initial = "none",
		.who = "anybody",
		.since = "Linux 2.2",
		.summary = "control messages of a connection, in one piece",
		.meaning = "Setting: control messages, as for sendmsg(), that hold for everything sent. Reading, on "
			   "TCP only: what the options that ask for control messages would bring, one after the other; "
			   "empty when none is set. RFC 3542 has abolished it.",
		.use = "char control[256];\n"
		       "socklen_t size = sizeof control;\n"
		       "getsockopt(fd, IPPROTO_IPV6, IPV6_2292PKTOPTIONS, control, &size);",
		.also = "IP_PKTOPTIONS IPV6_PKTINFO",
	},
	{ .name = NULL },
};
