/* SPDX-License-Identifier: BSD-2-Clause */
/* The options of IPPROTO_IP that are about what is sent, and with which addresses. */
#include <netinet/in.h>

#include "sockets/sockopt_rows.h"
#include "sockets/sockopt_words.h"

/* For headers that are older than the kernel. */
#ifndef IP_LOCAL_PORT_RANGE
#define IP_LOCAL_PORT_RANGE 51
#endif
#ifndef IP_PROTOCOL
#define IP_PROTOCOL 52
#endif
#ifndef SO_ORIGINAL_DST
#define SO_ORIGINAL_DST 80
#endif

const struct sockopt sockopt_ip_rows[] = {
	{
		SOCKOPT_NAMED(IPPROTO_IP, IP_TTL),
		.type = SOCKOPT_OCTET,
		.type_name = "int",
		.unit = "hops",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_IPV4,
		.initial = "the sysctl net.ipv4.ip_default_ttl (64)",
		.who = "anybody",
		.since = "Linux 1.0",
		.summary = "hops that a packet may make",
		.meaning =
			"Every router on the way takes one off the time to live of a packet; the router that comes to "
			"zero drops the packet and tells the sender with ICMP \"time exceeded\". Small values keep "
			"packets near: 1 does not pass any router. traceroute sends with 1, 2, 3 and so on, to be told "
			"by each router in turn. 1 to 255; -1 gives the default back. It may be set at any time and "
			"holds for the packets that follow; accept() inherits it. Multicast has a value of its own.",
		.use = "int hops = 1;\n"
		       "if (setsockopt(fd, IPPROTO_IP, IP_TTL, &hops, sizeof hops) < 0)\n"
		       "    perror(\"IP_TTL\");",
		.also = "IP_MULTICAST_TTL IP_MINTTL IP_RECVTTL IPV6_UNICAST_HOPS",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IP, IP_TOS),
		.type = SOCKOPT_OCTET,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_IPV4,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 1.0",
		.summary = "the class of service in the header",
		.meaning = "The second octet of the IPv4 header: six bits of DSCP, by which routers may choose a "
			   "queue, and two of ECN. The network may ignore it or rewrite it. On Linux it also sets the "
			   "priority that SO_PRIORITY gives. On TCP the two bits of ECN belong to TCP and are left as "
			   "they are: setting 0x13 reads 0x10. Larger numbers are cut to one octet without an error. "
			   "accept() inherits it.",
		.use = "int class = 0xb8;\n"
		       "if (setsockopt(fd, IPPROTO_IP, IP_TOS, &class, sizeof class) < 0)\n"
		       "    perror(\"IP_TOS\");",
		.also = "SO_PRIORITY IP_RECVTOS IPV6_TCLASS",
		.show = sockopt_show_class,
	},
	{
		SOCKOPT_NAMED(IPPROTO_IP, IP_MTU_DISCOVER),
		.alias = "IP_PMTUDISC",
		.type = SOCKOPT_INT,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_IPV4,
		.initial = "WANT (DONT where the sysctl net.ipv4.ip_no_pmtu_disc is on)",
		.who = "anybody",
		.since = "Linux 2.2",
		.summary = "whether packets may be cut on their way",
		.meaning = "IP_PMTUDISC_DO sets the bit \"don't fragment\" on every packet: a router that would have "
			   "to cut one drops it and says which size would have passed, and a datagram larger than the "
			   "known MTU fails with EMSGSIZE. WANT sets the bit as well, but datagrams that are too large "
			   "are cut here, before they are sent. DONT clears the bit, so routers may cut. PROBE sets it "
			   "and ignores what is known of the path, for programs that measure it; INTERFACE looks at "
			   "the interface's MTU alone and believes no ICMP, and OMIT does so but lets packets be cut.",
		.use = "int how = IP_PMTUDISC_DO;\n"
		       "if (setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &how, sizeof how) < 0)\n"
		       "    perror(\"IP_MTU_DISCOVER\");",
		.also = "IP_MTU IP_RECVERR IPV6_MTU_DISCOVER",
		.show = sockopt_show_discovery,
	},
	{
		SOCKOPT_NAMED(IPPROTO_IP, IP_MTU),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.unit = "octets",
		.access = SOCKOPT_GET,
		.flags = SOCKOPT_STATE,
		.on = ON_IPV4 | ON_CONNECTED,
		.initial = "none",
		.who = "nobody",
		.since = "Linux 2.2",
		.summary = "the largest packet that the path is known to take",
		.meaning = "The path MTU that the kernel knows for the peer: at first that of the interface, later "
			   "what ICMP \"fragmentation needed\" has told. The headers of IP and of TCP or UDP are a "
			   "part of it. Only a connected socket has one; others answer ENOTCONN. On loopback it is "
			   "65535 or 65536, on Ethernet 1500.",
		.use = "int value;\n"
		       "socklen_t size = sizeof value;\n"
		       "getsockopt(fd, IPPROTO_IP, IP_MTU, &value, &size);",
		.also = "IP_MTU_DISCOVER TCP_MAXSEG IPV6_MTU",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IP, IP_HDRINCL),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_RAW | ON_IPV4,
		.initial = "0 (1 where the protocol is IPPROTO_RAW)",
		.who = "anybody",
		.since = "Linux 2.0",
		.summary = "the program writes the IP header itself",
		.meaning = "What is sent begins with an IPv4 header that the program has made, with any source "
			   "address. The kernel still fills in the total length and the checksum, the source address "
			   "when it is 0, and the identification when it is 0. IP_TTL, IP_TOS and IP_OPTIONS no longer "
			   "count. What is received has the header in any case. Only raw sockets have it, and those "
			   "need CAP_NET_RAW; a socket of IPPROTO_RAW has it from the beginning.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_IP, IP_HDRINCL, &on, sizeof on) < 0)\n"
		       "    perror(\"IP_HDRINCL\");",
		.also = "IP_TTL IPV6_HDRINCL IP_NODEFRAG",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IP, IP_OPTIONS),
		.type = SOCKOPT_BYTES,
		.type_name = "octets",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_IPV4,
		.size = 40,
		.initial = "empty",
		.who = "anybody",
		.since = "Linux 2.0",
		.summary = "options in the header of each packet sent",
		.meaning = "Up to 40 octets that follow the fixed part of the IPv4 header, such as record route or "
			   "timestamp. Most routers on the Internet drop packets that have any, so this is for "
			   "laboratories. On TCP a listener's answers carry what the SYN brought, with the route "
			   "turned around. No octets at all takes the options away.",
		.use = "unsigned char route[] = { 7, 7, 4, 0, 0, 0, 0, 0 };\n"
		       "if (setsockopt(fd, IPPROTO_IP, IP_OPTIONS, route, sizeof route) < 0)\n"
		       "    perror(\"IP_OPTIONS\");",
		.also = "IP_RECVOPTS IP_RETOPTS",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IP, IP_FREEBIND),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_IPV4,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 2.4",
		.summary = "bind() to an address that is not here yet",
		.meaning = "bind() refuses an address that no interface has, with EADDRNOTAVAIL. With this option it "
			   "does not look. A server can then be started before its address has come, as with a "
			   "floating address of two machines. Nothing arrives until the address is there. It needs no "
			   "rights, must be set before bind(), and the sysctl net.ipv4.ip_nonlocal_bind does the same "
			   "for all programs.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_IP, IP_FREEBIND, &on, sizeof on) < 0)\n"
		       "    perror(\"IP_FREEBIND\");",
		.also = "IP_TRANSPARENT IPV6_FREEBIND",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IP, IP_TRANSPARENT),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_IPV4,
		.initial = "0",
		.who = "CAP_NET_ADMIN or CAP_NET_RAW",
		.since = "Linux 2.6.28",
		.summary = "send and receive with foreign addresses",
		.meaning = "The socket may be bound to an address of somebody else and answer in his name: what a "
			   "transparent proxy needs, together with a firewall rule (TPROXY) that leads the packets to "
			   "it. Without the right, setsockopt() fails with EPERM. Switching it off needs none.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_IP, IP_TRANSPARENT, &on, sizeof on) < 0)\n"
		       "    perror(\"IP_TRANSPARENT\");",
		.also = "IP_FREEBIND IP_RECVORIGDSTADDR IPV6_TRANSPARENT",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_TCP | ON_IPV4 | ON_IPV6,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 4.2",
		.summary = "bind() to an address, the port at connect()",
		.meaning = "bind() with port 0 takes a free port at once, although nobody knows yet whom the socket "
			   "will talk to, so an address has as many such sockets as there are ephemeral ports. With "
			   "this option the port is chosen by connect(), which may give one port to several "
			   "connections as long as their peers differ. For clients that open very many connections "
			   "from a chosen address. Before bind().",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on) < 0)\n"
		       "    perror(\"IP_BIND_ADDRESS_NO_PORT\");",
		.also = "IP_LOCAL_PORT_RANGE SO_REUSEADDR",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IP, IP_LOCAL_PORT_RANGE),
		.type = SOCKOPT_INT,
		.type_name = "uint32_t",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_IPV4,
		.initial = "not narrowed",
		.who = "anybody",
		.since = "Linux 6.3",
		.lacking = "Linux 6.3",
		.summary = "ports that the kernel may choose from",
		.meaning = "When the kernel chooses a port (bind() to port 0, or connect() without bind()), it takes "
			   "one of net.ipv4.ip_local_port_range. This narrows it for one socket: the low 16 bits are "
			   "the lowest port, the high 16 bits the highest, 0 leaves an end as it is. A range outside "
			   "of the sysctl's does not widen it. The lowest above the highest is EINVAL.",
		.use = "uint32_t range = 20000 | 20999u << 16;\n"
		       "if (setsockopt(fd, IPPROTO_IP, IP_LOCAL_PORT_RANGE, &range, sizeof range) < 0)\n"
		       "    perror(\"IP_LOCAL_PORT_RANGE\");",
		.also = "IP_BIND_ADDRESS_NO_PORT",
		.show = sockopt_show_range,
	},
	{
		SOCKOPT_NAMED(IPPROTO_IP, IP_MINTTL),
		.type = SOCKOPT_OCTET,
		.type_name = "int",
		.unit = "hops",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_TCP | ON_IPV4,
		.initial = "0 hops",
		.who = "anybody",
		.since = "Linux 2.6.34",
		.summary = "drop what has travelled too far",
		.meaning = "Segments whose time to live is below this are dropped without an answer. A neighbour that "
			   "sends with 255 arrives with 255, and nobody farther away can fake that: routers of BGP use "
			   "it against attacks from afar (GTSM, RFC 5082). Only TCP looks at it; UDP takes the value "
			   "and does nothing. 0 to 255; accept() inherits it.",
		.use = "int least = 255;\n"
		       "if (setsockopt(fd, IPPROTO_IP, IP_MINTTL, &least, sizeof least) < 0)\n"
		       "    perror(\"IP_MINTTL\");",
		.also = "IP_TTL IPV6_MINHOPCOUNT",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IP, IP_UNICAST_IF),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV4,
		.initial = "any interface",
		.who = "anybody",
		.since = "Linux 3.4",
		.summary = "the interface by which packets leave",
		.meaning = "Packets to single hosts leave by this interface if the routing table has a way there. The "
			   "number is the interface's index in network byte order, htonl(if_nametoindex(name)); in "
			   "host order it is refused with EADDRNOTAVAIL. Unlike SO_BINDTODEVICE it does not limit what "
			   "is received. 0 takes it back.",
		.use = "uint32_t index = htonl(if_nametoindex(\"eth0\"));\n"
		       "if (setsockopt(fd, IPPROTO_IP, IP_UNICAST_IF, &index, sizeof index) < 0)\n"
		       "    perror(\"IP_UNICAST_IF\");",
		.also = "SO_BINDTODEVICE IP_PKTINFO IP_MULTICAST_IF IPV6_UNICAST_IF",
		.show = sockopt_show_index,
	},
	{
		SOCKOPT_NAMED(IPPROTO_IP, IP_ROUTER_ALERT),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_RAW | ON_IPV4,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 2.2",
		.summary = "take packets marked for routers",
		.meaning = "A router hands every packet that it would forward and that carries the option \"router "
			   "alert\" to this raw socket instead of sending it on; the program must do that itself. For "
			   "daemons of RSVP and the like. The socket must not be of IPPROTO_RAW; others answer EINVAL.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_IP, IP_ROUTER_ALERT, &on, sizeof on) < 0)\n"
		       "    perror(\"IP_ROUTER_ALERT\");",
		.also = "IPV6_ROUTER_ALERT",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IP, IP_NODEFRAG),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_RAW | ON_IPV4,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 2.6.36",
		.summary = "the firewall leaves sent fragments apart",
		.meaning =
			"With connection tracking in the firewall, fragments that a raw socket sends are put together "
			"first and cut again. This lets them pass as they are, for programs that test how others deal "
			"with fragments. Only raw sockets have it; others answer ENOPROTOOPT when it is set.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_IP, IP_NODEFRAG, &on, sizeof on) < 0)\n"
		       "    perror(\"IP_NODEFRAG\");",
		.also = "IP_HDRINCL",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IP, IP_PROTOCOL),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.access = SOCKOPT_GET,
		.flags = SOCKOPT_STATE,
		.on = ON_RAW | ON_IPV4,
		.initial = "none",
		.who = "nobody",
		.since = "Linux 6.4",
		.lacking = "Linux 6.4",
		.summary = "the protocol of a raw socket",
		.meaning = "The number that socket() was given for a raw socket: 1 is ICMP, 255 is IPPROTO_RAW. With "
			   "IP_HDRINCL, a control message of this name tells the kernel which protocol the header has, "
			   "for the look-up of IPsec policies. On sockets that are not raw the kernel answers with the "
			   "local port, which is an accident of how it is kept.",
		.use = "int value;\n"
		       "socklen_t size = sizeof value;\n"
		       "getsockopt(fd, IPPROTO_IP, IP_PROTOCOL, &value, &size);",
		.also = "SO_PROTOCOL IP_HDRINCL",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IP, IP_IPSEC_POLICY),
		.type = SOCKOPT_STRUCT,
		.type_name = "struct sadb_x_policy",
		.access = SOCKOPT_SET,
		.on = ON_IPV4,
		.initial = "none",
		.who = "CAP_NET_ADMIN",
		.since = "Linux 2.6",
		.lacking = "CONFIG_NET_KEY",
		.summary = "an IPsec policy for this socket, as PF_KEY",
		.meaning = "Says how IPsec is to treat the packets of this one socket, in the form of the PF_KEY "
			   "interface (RFC 2367). Daemons that negotiate keys use it so that their own packets are not "
			   "encrypted. Without the module the answer is EOPNOTSUPP.",
		.use = "/* policy: made by the library of ipsec-tools, which knows the form */\n"
		       "if (setsockopt(fd, IPPROTO_IP, IP_IPSEC_POLICY, policy, length) < 0)\n"
		       "    perror(\"IP_IPSEC_POLICY\");",
		.also = "IP_XFRM_POLICY IPV6_IPSEC_POLICY",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IP, IP_XFRM_POLICY),
		.type = SOCKOPT_STRUCT,
		.type_name = "struct xfrm_userpolicy_info",
		.access = SOCKOPT_SET,
		.on = ON_IPV4,
		.initial = "none",
		.who = "CAP_NET_ADMIN",
		.since = "Linux 2.6",
		.lacking = "CONFIG_XFRM_USER",
		.summary = "an IPsec policy for this socket",
		.meaning =
			"As IP_IPSEC_POLICY, in the form of Linux's own interface (linux/xfrm.h). A key daemon sets a "
			"policy of the action \"allow\" for its port 500, so that its own packets go out in the clear.",
		.use = "struct xfrm_userpolicy_info policy = { .dir = XFRM_POLICY_OUT };\n"
		       "if (setsockopt(fd, IPPROTO_IP, IP_XFRM_POLICY, &policy, sizeof policy) < 0)\n"
		       "    perror(\"IP_XFRM_POLICY\");",
		.also = "IP_IPSEC_POLICY IPV6_XFRM_POLICY",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IP, SO_ORIGINAL_DST),
		.type = SOCKOPT_STRUCT,
		.type_name = "struct sockaddr_in",
		.access = SOCKOPT_GET,
		.flags = SOCKOPT_STATE,
		.on = ON_TCP | ON_IPV4,
		.size = 16,
		.initial = "none",
		.who = "nobody",
		.since = "Linux 2.4",
		.lacking = "nf_conntrack, a module of the firewall",
		.summary = "where a redirected connection wanted to go",
		.meaning = "When the firewall has redirected a connection to this program (REDIRECT or DNAT), the "
			   "socket's own address is no longer what the client asked for. Connection tracking remembers "
			   "it, and this reads it: what a proxy needs. ENOENT: the connection is not tracked.",
		.use = "struct sockaddr_in wanted;\n"
		       "socklen_t size = sizeof wanted;\n"
		       "getsockopt(fd, IPPROTO_IP, SO_ORIGINAL_DST, &wanted, &size);",
		.also = "IP_RECVORIGDSTADDR IP6T_SO_ORIGINAL_DST",
		.show = sockopt_show_peer,
	},
	{ .name = NULL },
};
