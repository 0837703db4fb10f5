/* SPDX-License-Identifier: BSD-2-Clause */
/* The options of SOL_SOCKET: buffers, waiting, and the pace of sending. */
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "sockets/sockopt_rows.h"
#include "sockets/sockopt_tell.h"

static void show_lock(const void *value, size_t length, struct text *out)
{
	static const char *const words[] = { "neither", "send", "receive", "send and receive" };
	unsigned bits;

	if (length != sizeof bits)
		return;
	memcpy(&bits, value, sizeof bits);
	text_string(out, words[bits & 3]);
}

static void show_memory(const void *value, size_t length, struct text *out)
{
	static const char *const names[] = { "receive", "receive at most", "send",    "send at most", "put aside",
					     "queued",  "options",         "backlog", "dropped" };
	uint32_t number;

	for (size_t i = 0; i < sizeof names / sizeof *names && (i + 1) * sizeof number <= length; i++) {
		memcpy(&number, (const uint8_t *)value + i * sizeof number, sizeof number);
		text_format(out, "%s%s %u", i ? ", " : "", names[i], number);
	}
}

static void show_time(const void *value, size_t length, struct text *out)
{
	struct {
		int64_t seconds, microseconds; /* struct __kernel_sock_timeval of linux/time_types.h */
	} time;

	if (length != sizeof time)
		return;
	memcpy(&time, value, sizeof time);
	sockopt_tell_limit(time.seconds, time.microseconds, out);
}

/* A limit that was set by 4 octets has 32 ones. */
static void show_rate(const void *value, size_t length, struct text *out)
{
	uint64_t rate = 0;

	memcpy(&rate, value, length < sizeof rate ? length : sizeof rate);
	if (rate == UINT64_MAX || rate == UINT32_MAX)
		text_string(out, "no limit");
	else
		text_format(out, "%llu octets per second", (unsigned long long)rate);
}

static void show_txtime(const void *value, size_t length, struct text *out)
{
	struct {
		int32_t clock;
		uint32_t flags; /* struct sock_txtime of linux/net_tstamp.h */
	} when;

	if (length != sizeof when)
		return;
	memcpy(&when, value, sizeof when);
	text_format(out, "clock %d, flags %u", when.clock, when.flags);
}

const struct sockopt sockopt_socket_flow_rows[] = {
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_SNDBUF),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.unit = "octets",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.initial = "the sysctl net.ipv4.tcp_wmem, second number, for TCP (16384); net.core.wmem_default for "
			   "others (212992)",
		.who = "anybody, up to the sysctl net.core.wmem_max",
		.since = "BSD 4.3",
		.summary = "memory for data that are sent but not yet acknowledged",
		.meaning = "How much the kernel keeps for this socket of what the program has written and the network "
			   "has not yet taken (UDP) or the peer has not yet acknowledged (TCP). When it is full, "
			   "send() waits or fails with EAGAIN. The kernel doubles what is asked for, because its own "
			   "bookkeeping counts as well, and shows the doubled number: ask for 100000 and read 200000. "
			   "More than net.core.wmem_max is cut without an error, less than 4608 (doubled) is raised. "
			   "TCP lets the buffer grow by itself; whoever sets this option ends that for the connection. "
			   "Set it before connect() or listen(); accepted connections inherit it.",
		.use = "int octets = 100000;\n"
		       "setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &octets, sizeof octets);\n"
		       "connect(fd, (struct sockaddr *)&peer, sizeof peer); /* 200000 now */",
		.also = "SO_RCVBUF SO_SNDBUFFORCE SO_BUF_LOCK TCP_NOTSENT_LOWAT",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_RCVBUF),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.unit = "octets",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.initial = "the sysctl net.ipv4.tcp_rmem, second number, for TCP (131072); net.core.rmem_default for "
			   "others (212992)",
		.who = "anybody, up to the sysctl net.core.rmem_max",
		.since = "BSD 4.3",
		.summary = "memory for data that came and were not yet read",
		.meaning = "How much the kernel keeps for this socket of what came from the network and the program "
			   "has not yet read. Full, a UDP socket loses datagrams without a word; TCP offers the peer a "
			   "smaller and smaller window, so that it stops sending. The kernel doubles what is asked "
			   "for, because its own bookkeeping counts as well, and shows the doubled number: ask for "
			   "100000 and read 200000. More than net.core.rmem_max is cut without an error, less than "
			   "2304 (doubled) is raised. TCP lets the buffer grow by itself; whoever sets this option "
			   "ends that for the connection. For TCP set it before connect() or listen(), since the "
			   "window's scale is told in the SYN; accepted connections inherit it.",
		.use = "int octets = 100000;\n"
		       "setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &octets, sizeof octets);\n"
		       "bind(fd, (struct sockaddr *)&address, sizeof address); /* 200000 now */",
		.also = "SO_SNDBUF SO_RCVBUFFORCE SO_RXQ_OVFL SO_MEMINFO TCP_WINDOW_CLAMP",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_SNDBUFFORCE),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.unit = "octets",
		.access = SOCKOPT_SET,
		.initial = "none",
		.who = "CAP_NET_ADMIN",
		.since = "Linux 2.6.14",
		.summary = "as SO_SNDBUF, past the limit of the system",
		.meaning = "The same as SO_SNDBUF, also doubled, but without the limit net.core.wmem_max. For programs "
			   "of the administrator that know what they do. It is read as SO_SNDBUF.",
		.use = "int octets = 16 << 20;\n"
		       "setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &octets, sizeof octets);\n"
		       "perror(\"SO_SNDBUFFORCE\"); /* EPERM without the right */",
		.also = "SO_SNDBUF SO_RCVBUFFORCE",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_RCVBUFFORCE),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.unit = "octets",
		.access = SOCKOPT_SET,
		.initial = "none",
		.who = "CAP_NET_ADMIN",
		.since = "Linux 2.6.14",
		.summary = "as SO_RCVBUF, past the limit of the system",
		.meaning = "The same as SO_RCVBUF, also doubled, but without the limit net.core.rmem_max. For programs "
			   "of the administrator that must not lose datagrams, as those that collect logs or read the "
			   "kernel's own messages. It is read as SO_RCVBUF.",
		.use = "int octets = 16 << 20;\n"
		       "setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &octets, sizeof octets);\n"
		       "perror(\"SO_RCVBUFFORCE\"); /* EPERM without the right */",
		.also = "SO_RCVBUF SO_SNDBUFFORCE",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_BUF_LOCK),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.initial = "neither",
		.who = "anybody",
		.since = "Linux 5.14",
		.lacking = "Linux 5.14",
		.summary = "which buffer sizes were set by hand and stay as they are",
		.meaning = "The bit 1 (SOCK_SNDBUF_LOCK) says that SO_SNDBUF was set, the bit 2 (SOCK_RCVBUF_LOCK) "
			   "that SO_RCVBUF was. TCP makes a buffer larger by itself only while its bit is 0. Clearing "
			   "a bit gives the buffer back to the kernel, which no other option can do.",
		.use = "int none = 0;\n"
		       "setsockopt(fd, SOL_SOCKET, SO_BUF_LOCK, &none, sizeof none);\n"
		       "/* the buffers grow by themselves again */",
		.also = "SO_SNDBUF SO_RCVBUF",
		.show = show_lock,
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_MEMINFO),
		.type = SOCKOPT_STRUCT,
		.type_name = "uint32_t[9]",
		.access = SOCKOPT_GET,
		.flags = SOCKOPT_STATE,
		.initial = "none",
		.who = "nobody",
		.since = "Linux 4.12",
		.summary = "memory that the socket uses now, and packets it lost",
		.meaning = "Nine numbers: memory used for receiving and how much there may be, the same for sending, "
			   "memory put aside, memory queued for sending, for options and for what came while the "
			   "socket was in use, and at the end how many packets were dropped because there was no room. "
			   "ss -m shows the same. The last number is the one to look at when datagrams are missing.",
		.use = "uint32_t memory[9]; socklen_t length = sizeof memory;\n"
		       "getsockopt(fd, SOL_SOCKET, SO_MEMINFO, memory, &length);\n"
		       "printf(\"%u dropped\\n\", memory[8]);",
		.also = "SO_RCVBUF SO_RXQ_OVFL TCP_INFO",
		.show = show_memory,
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_RESERVE_MEM),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.unit = "octets",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.initial = "0 octets",
		.who = "anybody, where memory is counted by cgroup",
		.since = "Linux 5.16",
		.lacking = "Linux 5.16",
		.summary = "memory that stays with the socket, used or not",
		.meaning = "Takes so much memory for the socket from the limit of its cgroup in one piece, so that "
			   "sending and receiving need not ask for each packet. For servers with few, busy "
			   "connections. Where sockets are not counted by a cgroup it fails with EOPNOTSUPP.",
		.use = "int octets = 1 << 20;\n"
		       "setsockopt(fd, SOL_SOCKET, SO_RESERVE_MEM, &octets, sizeof octets);\n"
		       "perror(\"SO_RESERVE_MEM\"); /* EOPNOTSUPP without a cgroup */",
		.also = "SO_MEMINFO",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_RCVLOWAT),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.unit = "octets",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.initial = "1 octet",
		.who = "anybody",
		.since = "BSD 4.3; Linux 2.4",
		.summary = "octets that must be there before reading is worth while",
		.meaning =
			"select(), poll() and epoll call a stream socket readable, and a blocking recv() returns, only "
			"when at least so many octets wait, or the stream has ended. For protocols with records of a "
			"known length: the program is not woken for a piece. 0 counts as 1. TCP cuts the number to "
			"half of what the receive buffer may grow to, and makes the buffer larger where needed. "
			"Accepted connections inherit it. Datagrams are always delivered whole, whatever it says.",
		.use = "int record = 512;\n"
		       "setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &record, sizeof record);\n"
		       "poll(&ready, 1, -1); /* when 512 octets are there */",
		.also = "SO_RCVBUF SO_RCVTIMEO TCP_NOTSENT_LOWAT",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_SNDLOWAT),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.unit = "octets",
		.access = SOCKOPT_GET,
		.initial = "1 octet",
		.who = "nobody",
		.since = "BSD 4.3",
		.summary = "fixed to 1 on Linux",
		.meaning = "On BSD a socket counts as writable when so many octets have room in its send buffer. Linux "
			   "has a rule of its own (a third of the buffer must be free) and always shows 1; setting it "
			   "fails with ENOPROTOOPT. TCP_NOTSENT_LOWAT is what Linux offers instead.",
		.use = "int octets; socklen_t length = sizeof octets;\n"
		       "getsockopt(fd, SOL_SOCKET, SO_SNDLOWAT, &octets, &length);\n"
		       "printf(\"%d\\n\", octets); /* 1 */",
		.also = "TCP_NOTSENT_LOWAT SO_SNDBUF",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_RCVTIMEO),
		.alias = "SO_RCVTIMEO_OLD",
		.type = SOCKOPT_TIMEVAL,
		.type_name = "struct timeval",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.initial = "no limit",
		.who = "anybody",
		.since = "BSD 4.3; Linux 2.3.41",
		.summary = "how long recv(), read() and accept() wait at most",
		.meaning =
			"A call that waits to receive gives up after this time: it returns -1 with EAGAIN when nothing "
			"came, or the octets that did come. Zero (as it begins) means to wait for ever. A client over "
			"UDP sets it because a lost datagram brings no answer at all. It holds for the calls on the "
			"socket itself, not for select(), poll() and epoll_wait(), which have a limit of their own. "
			"The kernel rounds up to its own clock, to 4 ms as a rule. Accepted connections inherit it.",
		.use = "struct timeval limit = { .tv_sec = 3 };\n"
		       "setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);\n"
		       "if (recv(fd, answer, sizeof answer, 0) < 0 && errno == EAGAIN) puts(\"no answer\");",
		.also = "SO_SNDTIMEO TCP_USER_TIMEOUT SO_RCVLOWAT",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_SNDTIMEO),
		.alias = "SO_SNDTIMEO_OLD",
		.type = SOCKOPT_TIMEVAL,
		.type_name = "struct timeval",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.initial = "no limit",
		.who = "anybody",
		.since = "BSD 4.3; Linux 2.3.41",
		.summary = "how long send(), write() and connect() wait at most",
		.meaning = "A call that waits for room in the send buffer gives up after this time, with EAGAIN or "
			   "with the number of octets that were taken. On Linux it holds for connect() as well, which "
			   "then fails with EINPROGRESS: so a connection attempt need not last the two minutes that "
			   "TCP takes. It says nothing about how long data may stay without acknowledgement; that is "
			   "TCP_USER_TIMEOUT. Accepted connections inherit it.",
		.use = "struct timeval limit = { .tv_sec = 3 };\n"
		       "setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);\n"
		       "connect(fd, (struct sockaddr *)&peer, sizeof peer); /* 3 s at most */",
		.also = "SO_RCVTIMEO TCP_USER_TIMEOUT TCP_SYNCNT",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_RCVTIMEO_NEW),
		.type = SOCKOPT_STRUCT,
		.type_name = "struct __kernel_sock_timeval",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.flags = SOCKOPT_STATE,
		.initial = "none",
		.who = "anybody",
		.since = "Linux 5.1",
		.lacking = "Linux 5.1",
		.summary = "SO_RCVTIMEO with 64 bits for the seconds everywhere",
		.meaning =
			"On 32-bit machines the seconds of struct timeval end in the year 2038. This number is for "
			"those; the C library chooses it by itself where time_t has 64 bits and long has 32. On 64-bit "
			"machines it is the same as SO_RCVTIMEO, and programs write that name on all of them.",
		.use = "struct timeval limit = { .tv_sec = 3 };\n"
		       "setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);\n"
		       "/* the header has chosen the number */",
		.also = "SO_RCVTIMEO",
		.show = show_time,
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_SNDTIMEO_NEW),
		.type = SOCKOPT_STRUCT,
		.type_name = "struct __kernel_sock_timeval",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.flags = SOCKOPT_STATE,
		.initial = "none",
		.who = "anybody",
		.since = "Linux 5.1",
		.lacking = "Linux 5.1",
		.summary = "SO_SNDTIMEO with 64 bits for the seconds everywhere",
		.meaning = "The same for sending as SO_RCVTIMEO_NEW is for receiving: for 32-bit machines, chosen by "
			   "the C library. Programs write SO_SNDTIMEO.",
		.use = "struct timeval limit = { .tv_sec = 3 };\n"
		       "setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);\n"
		       "/* the header has chosen the number */",
		.also = "SO_SNDTIMEO",
		.show = show_time,
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_PEEK_OFF),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_TCP | ON_UDP | ON_UNIX,
		.initial = "-1",
		.who = "anybody",
		.since = "Linux 3.4; TCP since Linux 6.10",
		.summary = "where recv() with MSG_PEEK begins to look",
		.meaning = "-1 (as it begins): MSG_PEEK always shows what is at the front of the queue. 0 or more: it "
			   "shows what is so many octets behind the front, and moves on by what it has shown, so that "
			   "a program can look through what waits without taking it. Reading without MSG_PEEK moves it "
			   "back by what was taken.",
		.use = "int front = 0;\n"
		       "setsockopt(fd, SOL_SOCKET, SO_PEEK_OFF, &front, sizeof front);\n"
		       "recv(fd, part, sizeof part, MSG_PEEK); /* the next call shows what follows */",
		.also = "SO_RCVLOWAT",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_BUSY_POLL),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.unit = "microseconds",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.initial = "the sysctl net.core.busy_read (0)",
		.who = "anybody (older kernels: CAP_NET_ADMIN to make it longer)",
		.since = "Linux 3.11",
		.lacking = "CONFIG_NET_RX_BUSY_POLL",
		.summary = "ask the network card instead of waiting for its interrupt",
		.meaning =
			"When nothing is there to be received, the call does not sleep at once but asks the card for "
			"so many microseconds. An answer is then noticed some microseconds earlier, for the price of a "
			"processor that is busy all the time. Only for cards whose drivers can do it; loopback cannot.",
		.use = "int microseconds = 50;\n"
		       "setsockopt(fd, SOL_SOCKET, SO_BUSY_POLL, &microseconds, sizeof microseconds);\n"
		       "recv(fd, data, sizeof data, 0);",
		.also = "SO_PREFER_BUSY_POLL SO_BUSY_POLL_BUDGET SO_INCOMING_NAPI_ID",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_PREFER_BUSY_POLL),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.initial = "0",
		.who = "anybody may clear it; to set it: CAP_NET_ADMIN",
		.since = "Linux 5.11",
		.lacking = "CONFIG_NET_RX_BUSY_POLL",
		.summary = "busy polling goes before the card's interrupts",
		.meaning = "With SO_BUSY_POLL, and with the interface set up for it (napi_defer_hard_irqs, "
			   "gro_flush_timeout), the kernel leaves the card to the program that polls it, and "
			   "interrupts stay off as long as it does so often enough.",
		.use = "int on = 1;\n"
		       "setsockopt(fd, SOL_SOCKET, SO_PREFER_BUSY_POLL, &on, sizeof on);\n"
		       "perror(\"SO_PREFER_BUSY_POLL\"); /* EPERM without the right */",
		.also = "SO_BUSY_POLL",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_BUSY_POLL_BUDGET),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.unit = "packets",
		.access = SOCKOPT_SET,
		.initial = "none",
		.who = "CAP_NET_ADMIN to make it larger",
		.since = "Linux 5.11",
		.lacking = "CONFIG_NET_RX_BUSY_POLL",
		.summary = "packets that one round of busy polling takes at most",
		.meaning = "How many packets are fetched from the card in one round of busy polling; 8 unless it is "
			   "set, 65535 at most. It cannot be read.",
		.use = "int packets = 64;\n"
		       "setsockopt(fd, SOL_SOCKET, SO_BUSY_POLL_BUDGET, &packets, sizeof packets);\n"
		       "perror(\"SO_BUSY_POLL_BUDGET\"); /* EPERM without the right */",
		.also = "SO_BUSY_POLL",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_ZEROCOPY),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.initial = "0",
		.who = "anybody, on TCP and UDP",
		.since = "Linux 4.14; UDP since Linux 5.0",
		.summary = "allow sending out of the program's memory, uncopied",
		.meaning = "With it, send() with MSG_ZEROCOPY does not copy the data into the kernel but lets the card "
			   "read them where they are. The program must not change them until a message in the error "
			   "queue (recvmsg() with MSG_ERRQUEUE) says that they have left. Worth while for pieces of 10 "
			   "KB and more; on loopback the data are copied after all. Accepted connections inherit it.",
		.use = "int on = 1;\n"
		       "setsockopt(fd, SOL_SOCKET, SO_ZEROCOPY, &on, sizeof on);\n"
		       "send(fd, large, sizeof large, MSG_ZEROCOPY);",
		.also = "TCP_ZEROCOPY_RECEIVE UDP_SEGMENT",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_MAX_PACING_RATE),
		.type = SOCKOPT_UINT64,
		.type_name = "unsigned long",
		.unit = "octets per second",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.initial = "no limit",
		.who = "anybody",
		.since = "Linux 3.13",
		.summary = "the fastest that this socket may send",
		.meaning =
			"The socket's packets leave in even distances, not faster than this. TCP does it by itself; "
			"for UDP the interface needs the queueing discipline fq. The value of all ones means no limit. "
			"A program that sends a film need not fill the queues of all routers on the way. getsockopt() "
			"gives 8 octets where there is room for them, 4 otherwise. Accepted connections inherit it.",
		.use = "unsigned long rate = 125000; /* 1 Mbit/s */\n"
		       "setsockopt(fd, SOL_SOCKET, SO_MAX_PACING_RATE, &rate, sizeof rate);\n"
		       "send(fd, film, length, 0);",
		.also = "TCP_INFO SO_TXTIME",
		.show = show_rate,
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_TXTIME),
		.alias = "SCM_TXTIME",
		.type = SOCKOPT_STRUCT,
		.type_name = "struct sock_txtime",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.initial = "clock 0, flags 0",
		.who = "anybody; CAP_NET_ADMIN for a clock other than CLOCK_MONOTONIC",
		.since = "Linux 4.19",
		.summary = "let each packet say when it is to be sent",
		.meaning = "Each sendmsg() may carry a control message SCM_TXTIME with the nanosecond at which the "
			   "packet is to leave. The queueing discipline fq or etf keeps it until then. The clock is "
			   "named here; flags ask for errors when a packet came too late.",
		.use = "struct sock_txtime when = { .clockid = CLOCK_MONOTONIC };\n"
		       "setsockopt(fd, SOL_SOCKET, SO_TXTIME, &when, sizeof when);\n"
		       "sendmsg(fd, &with_time, 0);",
		.also = "SO_MAX_PACING_RATE SO_TIMESTAMPING",
		.show = show_txtime,
	},
	{ .name = NULL },
};
