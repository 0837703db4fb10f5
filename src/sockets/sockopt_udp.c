/* SPDX-License-Identifier: BSD-2-Clause */
/* The options of IPPROTO_UDP. */
#include <netinet/in.h>
#include <netinet/udp.h>

#include "sockets/sockopt_rows.h"
#include "sockets/sockopt_tell.h"

/* No header for programs has these two: udplite(7) tells to define them. */
#ifndef UDPLITE_SEND_CSCOV
#define UDPLITE_SEND_CSCOV 10
#define UDPLITE_RECV_CSCOV 11
#endif

static void show_encapsulation(const void *value, size_t length, struct text *out)
{
	static const struct sockopt_word words[] = {
		{ UDP_ENCAP_ESPINUDP, "UDP_ENCAP_ESPINUDP" },
		{ UDP_ENCAP_L2TPINUDP, "UDP_ENCAP_L2TPINUDP" },
		{ UDP_ENCAP_GTP0, "UDP_ENCAP_GTP0" },
		{ UDP_ENCAP_GTP1U, "UDP_ENCAP_GTP1U" },
		{ 0, NULL },
	};

	sockopt_tell_word(words, value, length, out);
}

const struct sockopt sockopt_udp_rows[] = {
	{
		SOCKOPT_NAMED(IPPROTO_UDP, UDP_CORK),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UDP,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 2.5.44",
		.summary = "collect several send() into one datagram",
		.meaning = "While it is 1, what is sent is put together instead of being sent; when it becomes 0, all "
			   "of it leaves as one datagram. The flag MSG_MORE does the same for a single send(). "
			   "sendmsg() with several pieces, or sendto() with one buffer, says the same with fewer calls "
			   "and on every system.",
		.use = "int on = 1, off = 0; setsockopt(fd, IPPROTO_UDP, UDP_CORK, &on, sizeof on);\n"
		       "send(fd, head, 4, 0); send(fd, body, 100, 0);\n"
		       "setsockopt(fd, IPPROTO_UDP, UDP_CORK, &off, sizeof off); /* one datagram of 104 octets */",
		.also = "TCP_CORK UDP_SEGMENT",
	},
	{
		SOCKOPT_NAMED(IPPROTO_UDP, UDP_SEGMENT),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.unit = "octets",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UDP,
		.initial = "0 octets",
		.who = "anybody",
		.since = "Linux 4.18",
		.summary = "the kernel cuts one large send() into many datagrams",
		.meaning =
			"What one send() hands over is cut into datagrams of this many octets, the last one shorter; 0 "
			"switches it off. One call for up to 64 KB instead of one for each datagram makes a busy "
			"sender several times as fast. On the network they are ordinary datagrams; a capture on the "
			"sending machine may show them still in one piece. It may be set for one sendmsg() as well, by "
			"a control message of the same name. sonde's servers use it under load.",
		.use = "int size = 1000;\n"
		       "setsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof size);\n"
		       "send(fd, data, 10000, 0); /* ten datagrams */",
		.also = "UDP_GRO UDP_CORK SO_ZEROCOPY",
	},
	{
		SOCKOPT_NAMED(IPPROTO_UDP, UDP_GRO),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UDP,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 5.0",
		.summary = "receive datagrams of one sender in one large piece",
		.meaning = "Datagrams of equal size from one sender that come close together are delivered by one "
			   "recvmsg(), in one piece; a control message UDP_GRO tells how long each of them is. Only "
			   "for programs that can cut them apart again: a buffer for one datagram is too small, and "
			   "the rest is lost.",
		.use = "int on = 1;\n"
		       "setsockopt(fd, IPPROTO_UDP, UDP_GRO, &on, sizeof on);\n"
		       "recvmsg(fd, &message, 0); /* CMSG_DATA: int size of each */",
		.also = "UDP_SEGMENT",
	},
	{
		SOCKOPT_NAMED(IPPROTO_UDP, UDP_NO_CHECK6_TX),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UDP,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 3.16",
		.summary = "send UDP over IPv6 without checksum",
		.meaning = "Over IPv6 a datagram must have a checksum; RFC 6935 makes an exception for tunnels, whose "
			   "content has one of its own. The receiver must have UDP_NO_CHECK6_RX, otherwise it drops "
			   "them. Over IPv4 the option is SO_NO_CHECK.",
		.use = "int on = 1;\n"
		       "setsockopt(fd, IPPROTO_UDP, UDP_NO_CHECK6_TX, &on, sizeof on);\n"
		       "sendto(fd, data, length, 0, (struct sockaddr *)&peer, sizeof peer);",
		.also = "UDP_NO_CHECK6_RX SO_NO_CHECK",
	},
	{
		SOCKOPT_NAMED(IPPROTO_UDP, UDP_NO_CHECK6_RX),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UDP,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 3.16",
		.summary = "take UDP over IPv6 without checksum",
		.meaning = "Datagrams over IPv6 whose checksum field is 0 are delivered instead of dropped. For the "
			   "receiving end of tunnels.",
		.use = "int on = 1;\n"
		       "setsockopt(fd, IPPROTO_UDP, UDP_NO_CHECK6_RX, &on, sizeof on);\n"
		       "recv(fd, data, sizeof data, 0);",
		.also = "UDP_NO_CHECK6_TX",
	},
	{
		SOCKOPT_NAMED(IPPROTO_UDP, UDP_ENCAP),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UDP,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 2.5.67",
		.summary = "what comes in is a tunnel: the kernel unpacks it",
		.meaning = "Tells which protocol lies inside the datagrams, so that the kernel takes them out: "
			   "UDP_ENCAP_ESPINUDP (2) for IPsec through address translation, as IKE daemons set it on "
			   "port 4500, UDP_ENCAP_L2TPINUDP (3) for L2TP. Datagrams that are no packets of the tunnel "
			   "still come to the program. A protocol that the kernel does not have gives ENOPROTOOPT.",
		.use = "int esp = UDP_ENCAP_ESPINUDP;\n"
		       "setsockopt(fd, IPPROTO_UDP, UDP_ENCAP, &esp, sizeof esp);\n"
		       "bind(fd, (struct sockaddr *)&port4500, sizeof port4500);",
		.also = "IP_XFRM_POLICY",
		.show = show_encapsulation,
	},
	{
		SOCKOPT_NAMED(IPPROTO_UDP, UDPLITE_SEND_CSCOV),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.unit = "octets",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UDP,
		.initial = "0 octets",
		.who = "anybody, on a socket of UDP-Lite",
		.since = "Linux 2.6.20",
		.summary = "UDP-Lite: how much the checksum of what is sent covers",
		.meaning =
			"UDP-Lite (RFC 3828, IPPROTO_UDPLITE) lets the checksum cover the first octets only, for "
			"speech and video, which rather have damaged data than none. 0 covers all of it, less than 8 "
			"counts as 8. On an ordinary UDP socket it reads as 0 and setting it fails with ENOPROTOOPT.",
		.use = "int octets = 20;\n"
		       "setsockopt(fd, IPPROTO_UDPLITE, UDPLITE_SEND_CSCOV, &octets, sizeof octets);\n"
		       "send(fd, speech, length, 0);",
		.also = "UDPLITE_RECV_CSCOV SO_NO_CHECK",
	},
	{
		SOCKOPT_NAMED(IPPROTO_UDP, UDPLITE_RECV_CSCOV),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.unit = "octets",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UDP,
		.initial = "0 octets",
		.who = "anybody, on a socket of UDP-Lite",
		.since = "Linux 2.6.20",
		.summary = "UDP-Lite: how much of what comes must be covered",
		.meaning =
			"Datagrams of UDP-Lite whose checksum covers fewer octets than this are dropped; 0 takes all "
			"of them. On an ordinary UDP socket it reads as 0 and setting it fails with ENOPROTOOPT.",
		.use = "int octets = 20;\n"
		       "setsockopt(fd, IPPROTO_UDPLITE, UDPLITE_RECV_CSCOV, &octets, sizeof octets);\n"
		       "recv(fd, speech, sizeof speech, 0);",
		.also = "UDPLITE_SEND_CSCOV",
	},
	{ .name = NULL },
};
