/* SPDX-License-Identifier: BSD-2-Clause */
/* The options of IPPROTO_IPV6 that few programs need. */
#include <netinet/in.h>

#include "sockets/sockopt_rows.h"
#include "sockets/sockopt_words.h"

/* For headers that are older than the kernel. */
#ifndef IP6T_SO_ORIGINAL_DST
#define IP6T_SO_ORIGINAL_DST 80
#endif

const struct sockopt sockopt_ipv6_rare_rows[] = {
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_ROUTER_ALERT),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_RAW | ON_IPV6,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 2.2",
		.summary = "take packets marked for routers",
		.meaning = "A router hands packets that it would forward to this raw socket when their hop-by-hop "
			   "option \"router alert\" has this value; -1 ends it. The program must send them on itself. "
			   "The protocol of the socket must be IPPROTO_RAW; others answer ENOPROTOOPT when it is set.",
		.use = "int value = 0;\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_ROUTER_ALERT, &value, sizeof value) < 0)\n"
		       "    perror(\"IPV6_ROUTER_ALERT\");",
		.also = "IPV6_ROUTER_ALERT_ISOLATE IP_ROUTER_ALERT",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_ROUTER_ALERT_ISOLATE),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_RAW | ON_IPV6,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 5.1",
		.summary = "router alerts of the own namespace only",
		.meaning = "Sockets of IPV6_ROUTER_ALERT get packets of every network namespace of the machine. With "
			   "this option only those of their own.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_ROUTER_ALERT_ISOLATE, &on, sizeof on) < 0)\n"
		       "    perror(\"IPV6_ROUTER_ALERT_ISOLATE\");",
		.also = "IPV6_ROUTER_ALERT",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_PKTINFO),
		.type = SOCKOPT_STRUCT,
		.type_name = "struct in6_pktinfo",
		.access = SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV6,
		.initial = "none",
		.who = "anybody",
		.since = "Linux 2.6.14",
		.summary = "source address and interface for all that is sent",
		.meaning = "The interface and the source address of every datagram that follows, until it is set "
			   "again; zeroes leave the choice to the kernel. For one datagram alone the same struct goes "
			   "to sendmsg() as a control message. To be told of received ones is IPV6_RECVPKTINFO.",
		.use = "struct in6_pktinfo from = { .ipi6_ifindex = if_nametoindex(\"eth0\") };\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_PKTINFO, &from, sizeof from) < 0)\n"
		       "    perror(\"IPV6_PKTINFO\");",
		.also = "IPV6_RECVPKTINFO",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_HOPOPTS),
		.alias = "IPV6_RXHOPOPTS",
		.type = SOCKOPT_BYTES,
		.type_name = "octets",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_IPV6,
		.initial = "empty",
		.who = "CAP_NET_RAW",
		.since = "Linux 2.6.14",
		.summary = "hop-by-hop options of all that is sent",
		.meaning = "The whole extension header, for every packet that follows; no octets take it away. Every "
			   "router on the way may look at it, and many drop such packets. The functions "
			   "inet6_opt_init() and so on (RFC 3542) build it.",
		.use = "/* options: made with inet6_opt_init(), inet6_opt_append(), inet6_opt_finish() */\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_HOPOPTS, options, length) < 0)\n"
		       "    perror(\"IPV6_HOPOPTS\");",
		.also = "IPV6_RECVHOPOPTS IPV6_DSTOPTS",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_DSTOPTS),
		.alias = "IPV6_RXDSTOPTS",
		.type = SOCKOPT_BYTES,
		.type_name = "octets",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_IPV6,
		.initial = "empty",
		.who = "CAP_NET_RAW",
		.since = "Linux 2.6.14",
		.summary = "destination options of all that is sent",
		.meaning = "The same as IPV6_HOPOPTS, but routers pass these options over: only the destination looks "
			   "at them.",
		.use = "/* options: made with inet6_opt_init(), inet6_opt_append(), inet6_opt_finish() */\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_DSTOPTS, options, length) < 0)\n"
		       "    perror(\"IPV6_DSTOPTS\");",
		.also = "IPV6_RECVDSTOPTS IPV6_RTHDRDSTOPTS",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_RTHDRDSTOPTS),
		.type = SOCKOPT_BYTES,
		.type_name = "octets",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_IPV6,
		.initial = "empty",
		.who = "CAP_NET_RAW",
		.since = "Linux 2.6.14",
		.summary = "destination options before a routing header",
		.meaning = "As IPV6_DSTOPTS, but the header stands before the routing header: every host that the "
			   "routing header names looks at it. Sent only when there is a routing header.",
		.use = "/* options: made with inet6_opt_init(), inet6_opt_append(), inet6_opt_finish() */\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_RTHDRDSTOPTS, options, length) < 0)\n"
		       "    perror(\"IPV6_RTHDRDSTOPTS\");",
		.also = "IPV6_RTHDR IPV6_DSTOPTS",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_RTHDR),
		.type = SOCKOPT_BYTES,
		.type_name = "octets",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_IPV6,
		.initial = "empty",
		.who = "anybody",
		.since = "Linux 2.6.14",
		.summary = "routing header of all that is sent",
		.meaning = "Names hosts that the packet is to visit on its way. The kernel takes type 2 of Mobile IPv6 "
			   "and type 4, segment routing. Type 0, which let the sender choose any way, was abolished "
			   "(RFC 5095) and is refused.",
		.use = "/* header: a struct ipv6_sr_hdr with the segments, length octets */\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_RTHDR, header, length) < 0)\n"
		       "    perror(\"IPV6_RTHDR\");",
		.also = "IPV6_RECVRTHDR IPV6_RTHDRDSTOPTS",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_IPSEC_POLICY),
		.type = SOCKOPT_STRUCT,
		.type_name = "struct sadb_x_policy",
		.access = SOCKOPT_SET,
		.on = ON_IPV6,
		.initial = "none",
		.who = "CAP_NET_ADMIN",
		.since = "Linux 2.6",
		.lacking = "CONFIG_NET_KEY",
		.summary = "an IPsec policy for this socket, as PF_KEY",
		.meaning = "The same as IP_IPSEC_POLICY, for what the socket sends and receives over IPv6.",
		.use = "/* policy: made by the library of ipsec-tools, which knows the form */\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_IPSEC_POLICY, policy, length) < 0)\n"
		       "    perror(\"IPV6_IPSEC_POLICY\");",
		.also = "IP_IPSEC_POLICY IPV6_XFRM_POLICY",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IPV6_XFRM_POLICY),
		.type = SOCKOPT_STRUCT,
		.type_name = "struct xfrm_userpolicy_info",
		.access = SOCKOPT_SET,
		.on = ON_IPV6,
		.initial = "none",
		.who = "CAP_NET_ADMIN",
		.since = "Linux 2.6",
		.lacking = "CONFIG_XFRM_USER",
		.summary = "an IPsec policy for this socket",
		.meaning = "The same as IP_XFRM_POLICY, for what the socket sends and receives over IPv6.",
		.use = "struct xfrm_userpolicy_info policy = { .dir = XFRM_POLICY_OUT };\n"
		       "if (setsockopt(fd, IPPROTO_IPV6, IPV6_XFRM_POLICY, &policy, sizeof policy) < 0)\n"
		       "    perror(\"IPV6_XFRM_POLICY\");",
		.also = "IP_XFRM_POLICY",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IPV6, IP6T_SO_ORIGINAL_DST),
		.type = SOCKOPT_STRUCT,
		.type_name = "struct sockaddr_in6",
		.access = SOCKOPT_GET,
		.flags = SOCKOPT_STATE,
		.on = ON_TCP | ON_IPV6,
		.size = 28,
		.initial = "none",
		.who = "nobody",
		.since = "Linux 3.8",
		.lacking = "nf_conntrack, a module of the firewall",
		.summary = "where a redirected connection wanted to go",
		.meaning = "As SO_ORIGINAL_DST, for IPv6: the destination that the client asked for, before the "
			   "firewall redirected the connection here.",
		.use = "struct sockaddr_in6 wanted;\n"
		       "socklen_t size = sizeof wanted;\n"
		       "getsockopt(fd, IPPROTO_IPV6, IP6T_SO_ORIGINAL_DST, &wanted, &size);",
		.also = "SO_ORIGINAL_DST IPV6_RECVORIGDSTADDR",
		.show = sockopt_show_peer,
	},
	{ .name = NULL },
};
