/* SPDX-License-Identifier: BSD-2-Clause */
/* The options of SOL_SOCKET: what is marked, measured and told with each packet. */
#include <linux/net_tstamp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "sockets/sockopt_rows.h"
#include "sockets/sockopt_tell.h"

/* The headers may be older than the kernel. */
#ifndef SO_DEVMEM_DONTNEED
#define SO_DEVMEM_DONTNEED 80
#endif
#ifndef SO_RCVPRIORITY
#define SO_RCVPRIORITY 82
#endif

/* struct so_timestamping: flags, and the clock of a card that they are bound to. */
static void show_stamping(const void *value, size_t length, struct text *out)
{
	static const struct sockopt_word words[] = {
		{ SOF_TIMESTAMPING_TX_HARDWARE, "tx hardware" },
		{ SOF_TIMESTAMPING_TX_SOFTWARE, "tx software" },
		{ SOF_TIMESTAMPING_RX_HARDWARE, "rx hardware" },
		{ SOF_TIMESTAMPING_RX_SOFTWARE, "rx software" },
		{ SOF_TIMESTAMPING_SOFTWARE, "software" },
		{ SOF_TIMESTAMPING_RAW_HARDWARE, "raw hardware" },
		{ SOF_TIMESTAMPING_OPT_ID, "id" },
		{ SOF_TIMESTAMPING_TX_SCHED, "tx scheduled" },
		{ SOF_TIMESTAMPING_TX_ACK, "tx acknowledged" },
		{ SOF_TIMESTAMPING_OPT_CMSG, "cmsg" },
		{ SOF_TIMESTAMPING_OPT_TSONLY, "time only" },
		{ SOF_TIMESTAMPING_OPT_STATS, "statistics" },
		{ SOF_TIMESTAMPING_OPT_PKTINFO, "interface" },
		{ 0, NULL },
	};

	sockopt_tell_bits(words, value, length < sizeof(int) ? length : sizeof(int), out);
}

const struct sockopt sockopt_socket_mark_rows[] = {
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_PRIORITY),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.initial = "0",
		.who = "anybody from 0 to 6; others: CAP_NET_RAW or CAP_NET_ADMIN",
		.since = "Linux 2.0",
		.summary = "which queue of the interface its packets go through",
		.meaning = "A number that the queueing discipline of the interface (tc) looks at: pfifo_fast and prio "
			   "send packets of a higher class first. It is for this machine only and stands in no packet, "
			   "except that VLAN interfaces can be told to copy it into their header. Setting IP_TOS sets "
			   "it as well. Accepted connections do not inherit it.",
		.use = "int priority = 6;\n"
		       "setsockopt(fd, SOL_SOCKET, SO_PRIORITY, &priority, sizeof priority);\n"
		       "send(fd, urgent, length, 0);",
		.also = "IP_TOS SO_MARK SO_RCVPRIORITY",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_MARK),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.initial = "0",
		.who = "CAP_NET_RAW or CAP_NET_ADMIN (before Linux 5.17 CAP_NET_ADMIN)",
		.since = "Linux 2.6.25",
		.summary = "a number on its packets for this machine's rules",
		.meaning = "Packets that the socket sends carry this number inside the kernel: rules of routing (ip "
			   "rule fwmark) and of the firewall can look at it, so that one program's packets take "
			   "another way. It stands in no packet on the network. A VPN marks its own packets so that "
			   "they do not go into its own tunnel. Accepted connections inherit it.",
		.use = "int mark = 42;\n"
		       "setsockopt(fd, SOL_SOCKET, SO_MARK, &mark, sizeof mark);\n"
		       "connect(fd, (struct sockaddr *)&peer, sizeof peer);",
		.also = "SO_RCVMARK SO_PRIORITY SO_BINDTODEVICE",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_RCVMARK),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.initial = "0",
		.who = "anybody (some kernels before Linux 6.5: CAP_NET_RAW or CAP_NET_ADMIN)",
		.since = "Linux 5.19",
		.lacking = "Linux 5.19",
		.summary = "tell the mark of each datagram that is received",
		.meaning = "recvmsg() gives a control message SO_MARK with the number that the firewall or the routing "
			   "rules put on the packet when it came in.",
		.use = "int on = 1;\n"
		       "setsockopt(fd, SOL_SOCKET, SO_RCVMARK, &on, sizeof on);\n"
		       "recvmsg(fd, &message, 0); /* cmsg_type SO_MARK */",
		.also = "SO_MARK",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_RCVPRIORITY),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 6.14",
		.lacking = "Linux 6.14",
		.summary = "tell the priority of each datagram that is received",
		.meaning = "recvmsg() gives a control message SO_PRIORITY with the priority that the packet has inside "
			   "the kernel, as a VLAN interface or a rule of the firewall set it.",
		.use = "int on = 1;\n"
		       "setsockopt(fd, SOL_SOCKET, SO_RCVPRIORITY, &on, sizeof on);\n"
		       "recvmsg(fd, &message, 0); /* cmsg_type SO_PRIORITY */",
		.also = "SO_PRIORITY",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_RXQ_OVFL),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 2.6.33",
		.summary = "tell with each datagram how many were lost before it",
		.meaning =
			"recvmsg() gives a control message SO_RXQ_OVFL with the number of packets that this socket has "
			"lost since it was made because its receive buffer was full. Without it UDP loses them without "
			"a word. It is told from the first loss on, with the next datagram that is received.",
		.use = "int on = 1;\n"
		       "setsockopt(fd, SOL_SOCKET, SO_RXQ_OVFL, &on, sizeof on);\n"
		       "recvmsg(fd, &message, 0); /* uint32_t dropped */",
		.also = "SO_RCVBUF SO_MEMINFO",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_TIMESTAMP),
		.alias = "SO_TIMESTAMP_OLD SCM_TIMESTAMP",
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 2.2",
		.summary = "tell when each packet came, in microseconds",
		.meaning = "recvmsg() gives a control message SCM_TIMESTAMP with the time of day at which the kernel "
			   "received the packet, as a struct timeval. It is more exact than to look at the clock after "
			   "recvmsg(), because the time that the datagram waited is not in it. For TCP it tells the "
			   "time of the last segment that was read. Only one of SO_TIMESTAMP and SO_TIMESTAMPNS is on: "
			   "the later one wins.",
		.use = "int on = 1;\n"
		       "setsockopt(fd, SOL_SOCKET, SO_TIMESTAMP, &on, sizeof on);\n"
		       "recvmsg(fd, &message, 0); /* CMSG_DATA: struct timeval */",
		.also = "SO_TIMESTAMPNS SO_TIMESTAMPING",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_TIMESTAMPNS),
		.alias = "SO_TIMESTAMPNS_OLD SCM_TIMESTAMPNS",
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 2.6.22",
		.summary = "tell when each packet came, in nanoseconds",
		.meaning = "The same as SO_TIMESTAMP with a struct timespec: nanoseconds instead of microseconds. "
			   "Switching it on switches SO_TIMESTAMP off.",
		.use = "int on = 1;\n"
		       "setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);\n"
		       "recvmsg(fd, &message, 0); /* CMSG_DATA: struct timespec */",
		.also = "SO_TIMESTAMP SO_TIMESTAMPING",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_TIMESTAMPING),
		.alias = "SO_TIMESTAMPING_OLD SCM_TIMESTAMPING",
		.type = SOCKOPT_STRUCT,
		.type_name = "struct so_timestamping",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.initial = "none",
		.who = "anybody",
		.since = "Linux 2.6.30",
		.summary = "times of receiving and of sending, also by the card",
		.meaning = "A set of bits (SOF_TIMESTAMPING_...; an int will do) chooses which times are taken: when a "
			   "packet was received, when it was queued, given to the card, put on the wire, acknowledged "
			   "(TCP), by the kernel's clock or by the card's. Times of received packets come with "
			   "recvmsg(), those of sent ones through the error queue (MSG_ERRQUEUE). At least one bit "
			   "must say that a time is taken and one that it is reported. This is how ping-like tools and "
			   "PTP measure in microseconds and below.",
		.use = "int bits = SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE;\n"
		       "setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPING, &bits, sizeof bits);\n"
		       "recvmsg(fd, &message, 0); /* CMSG_DATA: struct timespec[3] */",
		.also = "SO_TIMESTAMPNS SO_SELECT_ERR_QUEUE SO_TXTIME",
		.show = show_stamping,
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_TIMESTAMP_NEW),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 5.1",
		.lacking = "Linux 5.1",
		.summary = "SO_TIMESTAMP with 64 bits for the seconds everywhere",
		.meaning =
			"The same as SO_TIMESTAMP, but the times that it brings have 64 bits for the seconds on 32-bit "
			"machines as well, where the older form ends in the year 2038. The C library chooses the "
			"number: programs write SO_TIMESTAMP. It reads as 1 only when it was set by this number.",
		.use = "int on = 1;\n"
		       "setsockopt(fd, SOL_SOCKET, SO_TIMESTAMP, &on, sizeof on);\n"
		       "/* the header has chosen the number */",
		.also = "SO_TIMESTAMP",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_TIMESTAMPNS_NEW),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 5.1",
		.lacking = "Linux 5.1",
		.summary = "SO_TIMESTAMPNS with 64 bits for the seconds everywhere",
		.meaning =
			"The same as SO_TIMESTAMPNS, but the times that it brings have 64 bits for the seconds on "
			"32-bit machines as well, where the older form ends in the year 2038. The C library chooses "
			"the number: programs write SO_TIMESTAMPNS. It reads as 1 only when it was set by this number.",
		.use = "int on = 1;\n"
		       "setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);\n"
		       "/* the header has chosen the number */",
		.also = "SO_TIMESTAMPNS",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_TIMESTAMPING_NEW),
		.type = SOCKOPT_STRUCT,
		.type_name = "struct so_timestamping",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.flags = SOCKOPT_STATE,
		.initial = "none",
		.who = "anybody",
		.since = "Linux 5.1",
		.lacking = "Linux 5.1",
		.summary = "SO_TIMESTAMPING with 64 bits for the seconds everywhere",
		.meaning = "The same as SO_TIMESTAMPING, but the times that it brings have 64 bits for the seconds on "
			   "32-bit machines as well, where the older form ends in the year 2038. The C library chooses "
			   "the number: programs write SO_TIMESTAMPING.",
		.use = "int bits = SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE;\n"
		       "setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPING, &bits, sizeof bits);\n"
		       "/* the header has chosen the number */",
		.also = "SO_TIMESTAMPING",
		.show = show_stamping,
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_SELECT_ERR_QUEUE),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 3.10",
		.summary = "select() tells errors in its third set",
		.meaning = "With it, poll() adds POLLPRI to POLLERR, and select() tells a message in the error queue "
			   "by its set of exceptions alone, so that a program can wait for errors and time stamps "
			   "without waking up for data. Since Linux 4.16 it is hardly needed.",
		.use = "int on = 1;\n"
		       "setsockopt(fd, SOL_SOCKET, SO_SELECT_ERR_QUEUE, &on, sizeof on);\n"
		       "select(fd + 1, NULL, NULL, &exceptions, NULL);",
		.also = "IP_RECVERR SO_TIMESTAMPING",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_WIFI_STATUS),
		.alias = "SCM_WIFI_STATUS",
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 3.3",
		.summary = "tell whether a station of the WLAN got the frame",
		.meaning = "For each packet that leaves through a WLAN interface the error queue tells with "
			   "SCM_WIFI_STATUS whether the receiver's acknowledgement came. Only some drivers do so, for "
			   "packet sockets and UDP.",
		.use = "int on = 1;\n"
		       "setsockopt(fd, SOL_SOCKET, SO_WIFI_STATUS, &on, sizeof on);\n"
		       "recvmsg(fd, &message, MSG_ERRQUEUE);",
		.also = "SO_NOFCS SO_TIMESTAMPING",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_NOFCS),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.initial = "0",
		.who = "anybody; only packet sockets look at it",
		.since = "Linux 3.4",
		.summary = "the frame that is sent has its checksum already",
		.meaning = "For packet sockets: the last four octets of what is sent are the frame check sequence of "
			   "Ethernet, and the card is not to append its own. For tests that must send damaged frames. "
			   "Few drivers support it; the others refuse to send.",
		.use = "int on = 1;\n"
		       "setsockopt(fd, SOL_SOCKET, SO_NOFCS, &on, sizeof on);\n"
		       "send(fd, frame, length + 4, 0);",
		.also = "SO_NO_CHECK SO_WIFI_STATUS",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_NO_CHECK),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 2.0",
		.summary = "send UDP over IPv4 without checksum",
		.meaning = "The checksum field of datagrams over IPv4 is sent as 0, which tells the receiver not to "
			   "check it. It saved time when computers were slow; today cards compute checksums, and "
			   "damaged datagrams would go unnoticed. Over IPv6 a checksum is a duty, and UDP_NO_CHECK6_TX "
			   "is the exception for tunnels. Other kinds of sockets take the option, and nothing happens.",
		.use = "int on = 1;\n"
		       "setsockopt(fd, SOL_SOCKET, SO_NO_CHECK, &on, sizeof on);\n"
		       "sendto(fd, data, length, 0, (struct sockaddr *)&peer, sizeof peer);",
		.also = "UDP_NO_CHECK6_TX SO_NOFCS",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_INCOMING_CPU),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.flags = SOCKOPT_STATE,
		.initial = "none",
		.who = "anybody",
		.since = "Linux 3.19; may be set since Linux 4.4",
		.summary = "the processor on which its packets come in",
		.meaning = "Read: the number of the processor that handled the last packet of this socket, -1 before "
			   "the first: a server with a thread for each processor gives the connection to the right "
			   "one. Set, on sockets that share a port by SO_REUSEPORT: the kernel prefers the socket "
			   "whose number is that of the processor on which the packet came in.",
		.use = "int processor; socklen_t length = sizeof processor;\n"
		       "getsockopt(fd, SOL_SOCKET, SO_INCOMING_CPU, &processor, &length);\n"
		       "hand_over(fd, processor);",
		.also = "SO_REUSEPORT SO_INCOMING_NAPI_ID",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_INCOMING_NAPI_ID),
		.type = SOCKOPT_INT,
		.type_name = "unsigned int",
		.access = SOCKOPT_GET,
		.flags = SOCKOPT_STATE,
		.initial = "none",
		.who = "nobody",
		.since = "Linux 4.12",
		.lacking = "CONFIG_NET_RX_BUSY_POLL",
		.summary = "the card's queue on which its packets come in",
		.meaning = "A number for the receive queue of the network card that brought the last packet; 0 when "
			   "there is none, as on loopback. A server that polls the queues itself puts the connections "
			   "of one queue into one thread.",
		.use = "unsigned int queue; socklen_t length = sizeof queue;\n"
		       "getsockopt(fd, SOL_SOCKET, SO_INCOMING_NAPI_ID, &queue, &length);\n"
		       "printf(\"%u\\n\", queue);",
		.also = "SO_INCOMING_CPU SO_BUSY_POLL",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_DEVMEM_DONTNEED),
		.type = SOCKOPT_BYTES,
		.type_name = "struct dmabuf_token[]",
		.access = SOCKOPT_SET,
		.on = ON_TCP,
		.initial = "none",
		.who = "anybody who receives into device memory",
		.since = "Linux 6.12",
		.lacking = "Linux 6.12",
		.summary = "give back pieces of a device's memory that were read",
		.meaning = "For TCP that receives straight into the memory of a graphics card or another device "
			   "(MSG_SOCK_DEVMEM): tells the kernel which pieces the program has done with, so that they "
			   "can be filled again. Without such a set-up it fails with EINVAL.",
		.use = "struct dmabuf_token done = { .token_start = first, .token_count = count };\n"
		       "setsockopt(fd, SOL_SOCKET, SO_DEVMEM_DONTNEED, &done, sizeof done);\n"
		       "recvmsg(fd, &message, MSG_SOCK_DEVMEM);",
		.also = "SO_ZEROCOPY",
	},
	{ .name = NULL },
};
