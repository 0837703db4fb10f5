/* SPDX-License-Identifier: BSD-2-Clause */
/* The options of IPPROTO_IP that are about what is told of packets received. */
#include <netinet/in.h>

#include "sockets/sockopt_rows.h"

const struct sockopt sockopt_ip_receive_rows[] = {
	{
		SOCKOPT_NAMED(IPPROTO_IP, IP_PKTINFO),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV4,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 2.2",
		.summary = "tell where each datagram arrived",
		.meaning =
			"recvmsg() then brings a control message with a struct in_pktinfo: the index of the interface, "
			"the local address and the destination in the header. A server bound to the wildcard learns "
			"from it which of its addresses was asked, and answers from that one by giving sendmsg() the "
			"same message; otherwise the kernel chooses the source address, and the client may not take "
			"the answer. Control messages are lost when the buffer for them is too small (MSG_CTRUNC).",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof on) < 0)\n"
		       "    perror(\"IP_PKTINFO\");",
		.also = "IP_RECVORIGDSTADDR IPV6_RECVPKTINFO",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IP, IP_RECVTTL),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV4,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 2.2",
		.summary = "tell the time to live of each datagram",
		.meaning = "recvmsg() brings a control message IP_TTL: an int with what was left of the time to live. "
			   "Senders begin with 64, 128 or 255, so the difference says how many routers were passed.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_IP, IP_RECVTTL, &on, sizeof on) < 0)\n"
		       "    perror(\"IP_RECVTTL\");",
		.also = "IP_TTL IPV6_RECVHOPLIMIT",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IP, IP_RECVTOS),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV4,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 2.2",
		.summary = "tell the class of service of each datagram",
		.meaning = "recvmsg() brings a control message IP_TOS with one octet: DSCP and ECN as they arrived. "
			   "Protocols over UDP that react to congestion, such as QUIC, need the ECN bits from here.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_IP, IP_RECVTOS, &on, sizeof on) < 0)\n"
		       "    perror(\"IP_RECVTOS\");",
		.also = "IP_TOS IPV6_RECVTCLASS",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IP, IP_RECVERR),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_IPV4,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 2.2",
		.summary = "queue errors with all that ICMP told",
		.meaning = "ICMP errors and local ones are put into a queue of the socket, from which recvmsg() with "
			   "MSG_ERRQUEUE takes them: the error, the type and code of ICMP, who sent it, the "
			   "destination, and the beginning of the packet that caused it. poll() says POLLERR. Without "
			   "it a UDP socket that is not connected hears nothing of ICMP at all. Surprise: each queued "
			   "error also makes the next ordinary call fail once. TCP has no such queue; there an error "
			   "of ICMP that is otherwise only remembered makes the next call fail at once.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof on) < 0)\n"
		       "    perror(\"IP_RECVERR\");",
		.also = "IP_RECVERR_RFC4884 SO_ERROR IPV6_RECVERR",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IP, IP_RECVERR_RFC4884),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV4,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 5.9",
		.lacking = "Linux 5.9",
		.summary = "say where the extensions of an ICMP error begin",
		.meaning = "ICMP errors may carry extensions (RFC 4884), such as the MPLS labels of the router. With "
			   "IP_RECVERR as well, ee_data then says how long the quoted datagram is, so that what "
			   "follows can be read as extensions. Only 0 and 1.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_IP, IP_RECVERR_RFC4884, &on, sizeof on) < 0)\n"
		       "    perror(\"IP_RECVERR_RFC4884\");",
		.also = "IP_RECVERR IPV6_RECVERR_RFC4884",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IP, IP_RECVORIGDSTADDR),
		.alias = "IP_ORIGDSTADDR",
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV4,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 2.6.29",
		.summary = "tell the address and port a datagram was sent to",
		.meaning =
			"recvmsg() brings a control message IP_ORIGDSTADDR with a struct sockaddr_in: the destination "
			"in the packet, with its port. When a firewall rule has led the datagram to this socket "
			"(TPROXY), that is where it wanted to go. IP_PKTINFO has the interface, but no port.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_IP, IP_RECVORIGDSTADDR, &on, sizeof on) < 0)\n"
		       "    perror(\"IP_RECVORIGDSTADDR\");",
		.also = "IP_TRANSPARENT IP_PKTINFO IPV6_RECVORIGDSTADDR",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IP, IP_RECVOPTS),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV4,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 2.2",
		.summary = "tell the IP options of each datagram",
		.meaning = "recvmsg() brings the options of the header in a control message. What this host itself had "
			   "to fill in, such as its timestamp or its address in a recorded route, is filled in.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_IP, IP_RECVOPTS, &on, sizeof on) < 0)\n"
		       "    perror(\"IP_RECVOPTS\");",
		.also = "IP_RETOPTS IP_OPTIONS",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IP, IP_RETOPTS),
		.alias = "IP_RECVRETOPTS",
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV4,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 2.2",
		.summary = "tell the IP options as an answer needs them",
		.meaning = "As IP_RECVOPTS, but turned around: a source route is reversed, and the octets can be given "
			   "to IP_OPTIONS or to sendmsg() for the answer.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_IP, IP_RETOPTS, &on, sizeof on) < 0)\n"
		       "    perror(\"IP_RETOPTS\");",
		.also = "IP_RECVOPTS IP_OPTIONS",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IP, IP_RECVFRAGSIZE),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UDP | ON_RAW | ON_IPV4,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 4.10",
		.summary = "tell how large the fragments of a datagram were",
		.meaning =
			"When a datagram came in fragments, recvmsg() brings the size of the largest one as a control "
			"message: whoever sends back can keep below it. On a connection of TCP setting it is EINVAL.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_IP, IP_RECVFRAGSIZE, &on, sizeof on) < 0)\n"
		       "    perror(\"IP_RECVFRAGSIZE\");",
		.also = "IP_MTU_DISCOVER IPV6_RECVFRAGSIZE",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IP, IP_CHECKSUM),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UDP | ON_IPV4,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 4.0",
		.summary = "tell the checksum of what a datagram holds",
		.meaning = "recvmsg() brings the sum over the octets that the program gets, as the kernel or the "
			   "network card has computed it. For programs that carry the data on under another checksum.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_IP, IP_CHECKSUM, &on, sizeof on) < 0)\n"
		       "    perror(\"IP_CHECKSUM\");",
		.also = "SO_NO_CHECK",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IP, IP_PASSSEC),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UDP | ON_IPV4,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 2.6.17",
		.summary = "tell the security label of the sender",
		.meaning = "With labelled IPsec or NetLabel (SELinux), recvmsg() brings the security context of the "
			   "sending socket as a control message SCM_SECURITY. Without such a system nothing comes.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_IP, IP_PASSSEC, &on, sizeof on) < 0)\n"
		       "    perror(\"IP_PASSSEC\");",
		.also = "SO_PEERSEC SO_PASSSEC",
	},
	{
		SOCKOPT_NAMED(IPPROTO_IP, IP_PKTOPTIONS),
		.type = SOCKOPT_BYTES,
		.type_name = "octets",
		.access = SOCKOPT_GET,
		.flags = SOCKOPT_STATE,
		.on = ON_TCP | ON_IPV4,
		.initial = "none",
		.who = "nobody",
		.since = "Linux 2.2",
		.summary = "control messages of a connection, in one piece",
		.meaning = "On TCP there are no control messages of single packets. This reads what IP_PKTINFO, "
			   "IP_RECVTTL and IP_RECVTOS of the socket ask for, as control messages one after the other, "
			   "with the values of the connection's SYN. With none of them set the answer is empty.",
		.use = "char control[256];\n"
		       "socklen_t size = sizeof control;\n"
		       "getsockopt(fd, IPPROTO_IP, IP_PKTOPTIONS, control, &size);",
		.also = "IP_PKTINFO IPV6_2292PKTOPTIONS",
	},
	{ .name = NULL },
};
