/* SPDX-License-Identifier: BSD-2-Clause */
/* The options of IPPROTO_IPV6 that are about what is sent, and with which addresses. */
#include <netinet/in.h>

#include "sockets/sockopt_rows.h"
#include "sockets/sockopt_words.h"

/* For headers that are older than the kernel. */
#ifndef IPV6_FLOWLABEL_MGR
#define IPV6_FLOWLABEL_MGR 32
#endif
#ifndef IPV6_FLOWINFO_SEND
#define IPV6_FLOWINFO_SEND 33
#endif

const struct sockopt sockopt_ipv6_rows[] = {
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_V6ONLY),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_IPV6,
		.initial = "the sysctl net.ipv6.bindv6only (0)",
		.who = "anybody",
		.since = "Linux 2.4.21",
		.summary = "whether the socket leaves IPv4 alone",
		.meaning = "With 0, a socket of IPv6 that is bound to :: takes IPv4 as well: its peers then look like "
			   "::ffff:192.0.2.1, and a second server on 0.0.0.0 with the same port gets EADDRINUSE. With "
			   "1 it is of IPv6 only, and IPv4 needs a socket of its own. Other systems have other "
			   "defaults, so set it always. Only before bind() (EINVAL afterwards); accept() inherits it.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) < 0)\n"
		       "    perror(\"IPV6_V6ONLY\");",
		.also = "IPV6_ADDRFORM SO_REUSEADDR",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_UNICAST_HOPS),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.unit = "hops",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_IPV6,
		.initial = "the route's, or the sysctl net.ipv6.conf.*.hop_limit (64)",
		.who = "anybody",
		.since = "Linux 2.2",
		.summary = "hops that a packet may make",
		.meaning = "The hop limit of IPv6 is what the time to live is in IPv4: each router takes one off, and "
			   "at zero it drops the packet and tells the sender with ICMPv6 \"time exceeded\". 0 to 255; "
			   "-1 gives the default back. Reading tells what would be used now. accept() inherits it.",
		.use = "int hops = 1;\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &hops, sizeof hops) < 0)\n"
		       "    perror(\"IPV6_UNICAST_HOPS\");",
		.also = "IPV6_MULTICAST_HOPS IPV6_RECVHOPLIMIT IP_TTL",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_TCLASS),
		.type = SOCKOPT_OCTET,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_IPV6,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 2.6.14",
		.summary = "the traffic class in the header",
		.meaning = "As IP_TOS: six bits of DSCP, by which routers may choose a queue, and two of ECN, which on "
			   "TCP are TCP's own. 0 to 255; -1 is the default, 0. IP_TOS does not change it: a socket of "
			   "IPv6 that also speaks IPv4 has both.",
		.use = "int class = 0xb8;\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_TCLASS, &class, sizeof class) < 0)\n"
		       "    perror(\"IPV6_TCLASS\");",
		.also = "IPV6_RECVTCLASS IP_TOS",
		.show = sockopt_show_class,
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_MTU_DISCOVER),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_IPV6,
		.initial = "WANT",
		.who = "anybody",
		.since = "Linux 2.2",
		.summary = "whether packets may be cut before they are sent",
		.meaning = "Routers never cut packets of IPv6; the sender may. IPV6_PMTUDISC_DO: a datagram larger "
			   "than the known path fails with EMSGSIZE. WANT and DONT cut it into fragments here. PROBE "
			   "ignores what is known of the path, INTERFACE looks at the interface alone and believes no "
			   "ICMPv6, OMIT does so too but cuts.",
		.use = "int how = IPV6_PMTUDISC_DO;\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, &how, sizeof how) < 0)\n"
		       "    perror(\"IPV6_MTU_DISCOVER\");",
		.also = "IPV6_MTU IPV6_DONTFRAG IP_MTU_DISCOVER",
		.show = sockopt_show_discovery,
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_MTU),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.unit = "octets",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.flags = SOCKOPT_STATE,
		.on = ON_IPV6 | ON_CONNECTED,
		.initial = "none",
		.who = "anybody",
		.since = "Linux 2.2",
		.summary = "the largest packet of the path; a limit for fragments",
		.meaning = "Reading: the path MTU that the kernel knows for the peer (ENOTCONN without one). Setting "
			   "is something else: it limits the size of the packets that this socket makes, for when the "
			   "path is known to take less. At least 1280, which every link of IPv6 takes; less is EINVAL, "
			   "0 takes it back. What was set is not what is read.",
		.use = "int most = 1280;\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_MTU, &most, sizeof most) < 0)\n"
		       "    perror(\"IPV6_MTU\");",
		.also = "IPV6_MTU_DISCOVER IPV6_PATHMTU IP_MTU",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_DONTFRAG),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_IPV6,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 2.6.35",
		.summary = "datagrams are never cut",
		.meaning = "A datagram that is larger than the path takes is dropped with EMSGSIZE instead of being "
			   "sent in fragments. With IPV6_RECVPATHMTU the program is told which size would have fitted. "
			   "It is the portable name (RFC 3542) for much of what IPV6_MTU_DISCOVER does.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_DONTFRAG, &on, sizeof on) < 0)\n"
		       "    perror(\"IPV6_DONTFRAG\");",
		.also = "IPV6_RECVPATHMTU IPV6_MTU_DISCOVER",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_PATHMTU),
		.type = SOCKOPT_STRUCT,
		.type_name = "struct ip6_mtuinfo",
		.access = SOCKOPT_GET,
		.flags = SOCKOPT_STATE,
		.on = ON_IPV6 | ON_CONNECTED,
		.initial = "none",
		.who = "nobody",
		.since = "Linux 2.6.35",
		.summary = "the path MTU, in the portable form",
		.meaning = "The same number as IPV6_MTU in a struct ip6_mtuinfo (RFC 3542), which is also what "
			   "IPV6_RECVPATHMTU brings. ENOTCONN without a peer.",
		.use = "struct ip6_mtuinfo path;\n"
		       "socklen_t size = sizeof path;\n"
		       "getsockopt(fd, IPPROTO_IPV6, IPV6_PATHMTU, &path, &size);",
		.also = "IPV6_MTU IPV6_RECVPATHMTU",
		.show = sockopt_show_path,
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_HDRINCL),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_RAW | ON_IPV6,
		.initial = "0 (1 where the protocol is IPPROTO_RAW)",
		.who = "anybody",
		.summary = "the program writes the IPv6 header itself",
		.meaning = "What is sent begins with an IPv6 header that the program has made; nothing of it is filled "
			   "in. Only raw sockets have it, and those need CAP_NET_RAW.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_HDRINCL, &on, sizeof on) < 0)\n"
		       "    perror(\"IPV6_HDRINCL\");",
		.also = "IP_HDRINCL IPV6_CHECKSUM",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_CHECKSUM),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_RAW | ON_IPV6,
		.initial = "off (-1), 2 octets for ICMPv6",
		.who = "anybody",
		.since = "Linux 2.2",
		.summary = "where the kernel puts the checksum of raw packets",
		.meaning = "IPv6 has no checksum in its header, so protocols above it must have one, over the "
			   "addresses as well. The kernel computes it if it is told at which octet of the payload it "
			   "stands (an even number), and checks it in what comes in. -1: it does neither. For ICMPv6 "
			   "it is always done and cannot be changed.",
		.use = "int offset = 2;\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_CHECKSUM, &offset, sizeof offset) < 0)\n"
		       "    perror(\"IPV6_CHECKSUM\");",
		.also = "IPV6_HDRINCL",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_FREEBIND),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_IPV6,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 4.19",
		.summary = "bind() to an address that is not here yet",
		.meaning = "As IP_FREEBIND: bind() does not look whether an interface has the address. Before bind(), "
			   "by anybody. The two options are one bit: setting either sets both.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_FREEBIND, &on, sizeof on) < 0)\n"
		       "    perror(\"IPV6_FREEBIND\");",
		.also = "IP_FREEBIND IPV6_TRANSPARENT",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_TRANSPARENT),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_IPV6,
		.initial = "0",
		.who = "CAP_NET_ADMIN or CAP_NET_RAW",
		.since = "Linux 2.6.37",
		.summary = "send and receive with foreign addresses",
		.meaning = "As IP_TRANSPARENT, for transparent proxies of IPv6. EPERM without the right. The two "
			   "options are one bit.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_TRANSPARENT, &on, sizeof on) < 0)\n"
		       "    perror(\"IPV6_TRANSPARENT\");",
		.also = "IP_TRANSPARENT IPV6_RECVORIGDSTADDR",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_UNICAST_IF),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV6,
		.initial = "any interface",
		.who = "anybody",
		.since = "Linux 3.4",
		.summary = "the interface by which packets leave",
		.meaning = "As IP_UNICAST_IF: the index of the interface in network byte order, for packets to single "
			   "hosts. It does not limit what is received. An index in host order is refused with "
			   "EADDRNOTAVAIL.",
		.use = "uint32_t index = htonl(if_nametoindex(\"eth0\"));\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_UNICAST_IF, &index, sizeof index) < 0)\n"
		       "    perror(\"IPV6_UNICAST_IF\");",
		.also = "IP_UNICAST_IF IPV6_MULTICAST_IF SO_BINDTODEVICE",
		.show = sockopt_show_index,
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_MINHOPCOUNT),
		.type = SOCKOPT_OCTET,
		.type_name = "int",
		.unit = "hops",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_TCP | ON_IPV6,
		.initial = "0 hops",
		.who = "anybody",
		.since = "Linux 2.6.35",
		.summary = "drop what has travelled too far",
		.meaning = "As IP_MINTTL: segments of TCP that arrive with a lower hop limit are dropped without an "
			   "answer. 255 lets only neighbours through. accept() inherits it.",
		.use = "int least = 255;\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_MINHOPCOUNT, &least, sizeof least) < 0)\n"
		       "    perror(\"IPV6_MINHOPCOUNT\");",
		.also = "IP_MINTTL IPV6_UNICAST_HOPS",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_ADDR_PREFERENCES),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_IPV6,
		.initial = "PUBTMP_DEFAULT, HOME",
		.who = "anybody",
		.since = "Linux 2.6.26",
		.summary = "which of the own addresses is used",
		.meaning = "A host often has several addresses of IPv6: lasting ones and temporary ones that change "
			   "daily (RFC 8981), and with Mobile IPv6 one at home and one where it is. This says which to "
			   "prefer as the source when bind() has not chosen (RFC 5014). IPV6_PREFER_SRC_PUBLIC, _TMP "
			   "or _PUBTMP_DEFAULT, of which one at a time may be set.",
		.use = "int which = IPV6_PREFER_SRC_TMP;\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_ADDR_PREFERENCES, &which, sizeof which) < 0)\n"
		       "    perror(\"IPV6_ADDR_PREFERENCES\");",
		.also = "IPV6_PKTINFO",
		.show = sockopt_show_preferences,
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_AUTOFLOWLABEL),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_IPV6,
		.initial = "the sysctl net.ipv6.auto_flowlabels (1)",
		.who = "anybody",
		.since = "Linux 3.17",
		.summary = "the kernel gives the flow a label",
		.meaning = "The flow label of the header is made from addresses and ports, so that routers with "
			   "several ways to a destination can spread connections without looking behind the header. "
			   "With 0 it stays 0.",
		.use = "int off = 0;\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_AUTOFLOWLABEL, &off, sizeof off) < 0)\n"
		       "    perror(\"IPV6_AUTOFLOWLABEL\");",
		.also = "IPV6_FLOWINFO_SEND IPV6_FLOWLABEL_MGR",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_FLOWINFO_SEND),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_IPV6,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 2.2",
		.summary = "sin6_flowinfo counts in what is sent",
		.meaning = "The member sin6_flowinfo of the address given to connect() or sendto() goes into the "
			   "header. A flow label there must have been taken with IPV6_FLOWLABEL_MGR first.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_FLOWINFO_SEND, &on, sizeof on) < 0)\n"
		       "    perror(\"IPV6_FLOWINFO_SEND\");",
		.also = "IPV6_FLOWLABEL_MGR IPV6_FLOWINFO",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_FLOWLABEL_MGR),
		.type = SOCKOPT_STRUCT,
		.type_name = "struct in6_flowlabel_req",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.flags = SOCKOPT_STATE,
		.on = ON_IPV6,
		.initial = "none",
		.who = "anybody",
		.since = "Linux 2.2",
		.lacking = "a flow label that was taken",
		.summary = "take and give back flow labels",
		.meaning = "A program that chooses flow labels itself must take each from the kernel, with how long it "
			   "is wanted and who may share it. Reading tells of the label that is in use; without one the "
			   "answer is ENOENT. Some ways of sharing need CAP_NET_ADMIN.",
		.use = "struct in6_flowlabel_req label = { .flr_action = IPV6_FL_A_GET, .flr_flags = IPV6_FL_F_CREATE "
		       "};\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_FLOWLABEL_MGR, &label, sizeof label) < 0)\n"
		       "    perror(\"IPV6_FLOWLABEL_MGR\");",
		.also = "IPV6_FLOWINFO_SEND IPV6_AUTOFLOWLABEL",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_ADDRFORM),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.flags = SOCKOPT_STATE,
		.on = ON_TCP | ON_UDP | ON_IPV6 | ON_CONNECTED,
		.initial = "none",
		.who = "anybody",
		.since = "Linux 2.2",
		.summary = "turn the socket into one of IPv4",
		.meaning = "A connected socket of IPv6 whose peer is an IPv4-mapped address becomes one of AF_INET, "
			   "for handing it to a program that knows no IPv6. It cannot be turned back. Reading tells "
			   "the family now.",
		.use = "int family = AF_INET;\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_ADDRFORM, &family, sizeof family) < 0)\n"
		       "    perror(\"IPV6_ADDRFORM\");",
		.also = "IPV6_V6ONLY SO_DOMAIN",
		.show = sockopt_show_family,
	},
	{ .name = NULL },
};
