/* SPDX-License-Identifier: BSD-2-Clause */
/* The options of IPPROTO_TCP that are about how a connection begins, and what is received of it. */
#include <linux/tcp.h>
#include <netinet/in.h>

#include "sockets/sockopt_rows.h"

/* For headers that are older than the kernel. */
#ifndef TCP_IS_MPTCP
#define TCP_IS_MPTCP 43
#endif

const struct sockopt sockopt_tcp_open_rows[] = {
	{
		SOCKOPT_NAMED(IPPROTO_TCP, TCP_FASTOPEN),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.unit = "connections",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_TCP,
		.initial = "0 connections",
		.who = "anybody",
		.since = "Linux 3.6",
		.summary = "a listener takes data in the SYN",
		.meaning = "With Fast Open (RFC 7413) a client that has been here before may send data in its SYN, and "
			   "the server may answer before the handshake is over: one round trip is saved. The value is "
			   "how many such connections may wait, at most net.core.somaxconn. The sysctl "
			   "net.ipv4.tcp_fastopen must have bit 2; its default has bit 1, for clients, only. The data "
			   "may come twice, so a request must be harmless to repeat.",
		.use = "int waiting = 16;\n"
		       "if (setsockopt(fd, IPPROTO_TCP, TCP_FASTOPEN, &waiting, sizeof waiting) < 0)\n"
		       "    perror(\"TCP_FASTOPEN\");",
		.also = "TCP_FASTOPEN_CONNECT TCP_FASTOPEN_KEY",
	},
	{
		SOCKOPT_NAMED(IPPROTO_TCP, TCP_FASTOPEN_CONNECT),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_TCP,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 4.11",
		.summary = "a client sends its first data in the SYN",
		.meaning = "connect() returns at once without sending anything if a cookie of that server is known, "
			   "and the first write() sends the SYN with data and cookie. Otherwise it connects as usual "
			   "and asks for a cookie. A program that reads first then waits for ever. Before connect(); "
			   "sysctl net.ipv4.tcp_fastopen bit 1.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, &on, sizeof on) < 0)\n"
		       "    perror(\"TCP_FASTOPEN_CONNECT\");",
		.also = "TCP_FASTOPEN TCP_FASTOPEN_NO_COOKIE",
	},
	{
		SOCKOPT_NAMED(IPPROTO_TCP, TCP_FASTOPEN_KEY),
		.type = SOCKOPT_BYTES,
		.type_name = "octets",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_TCP,
		.size = 32,
		.initial = "empty",
		.who = "anybody",
		.since = "Linux 4.15",
		.summary = "the key of a listener's cookies",
		.meaning = "Cookies are made from the client's address with this key of 16 octets, or two of them when "
			   "keys are changed. Several servers behind one address need the same. Empty: the sysctl "
			   "net.ipv4.tcp_fastopen_key.",
		.use = "unsigned char key[16] = \"0123456789abcde\";\n"
		       "if (setsockopt(fd, IPPROTO_TCP, TCP_FASTOPEN_KEY, key, sizeof key) < 0)\n"
		       "    perror(\"TCP_FASTOPEN_KEY\");",
		.also = "TCP_FASTOPEN",
	},
	{
		SOCKOPT_NAMED(IPPROTO_TCP, TCP_FASTOPEN_NO_COOKIE),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_TCP,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 4.15",
		.summary = "Fast Open without cookies",
		.meaning = "Data in the SYN is taken and sent without a cookie. Cookies keep strangers from making the "
			   "server work with faked addresses, so this is for closed networks. Before connect() or "
			   "listen().",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_TCP, TCP_FASTOPEN_NO_COOKIE, &on, sizeof on) < 0)\n"
		       "    perror(\"TCP_FASTOPEN_NO_COOKIE\");",
		.also = "TCP_FASTOPEN TCP_FASTOPEN_CONNECT",
	},
	{
		SOCKOPT_NAMED(IPPROTO_TCP, TCP_SAVE_SYN),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_TCP,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 4.2",
		.summary = "a listener keeps the SYN of each connection",
		.meaning = "With 1 the headers of IP and TCP of the SYN are kept for TCP_SAVED_SYN, with 2 that of the "
			   "link as well. They show options, window and time to live, from which the client's system "
			   "can be guessed. Before the connection comes.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_TCP, TCP_SAVE_SYN, &on, sizeof on) < 0)\n"
		       "    perror(\"TCP_SAVE_SYN\");",
		.also = "TCP_SAVED_SYN",
	},
	{
		SOCKOPT_NAMED(IPPROTO_TCP, TCP_SAVED_SYN),
		.type = SOCKOPT_BYTES,
		.type_name = "octets",
		.access = SOCKOPT_GET,
		.flags = SOCKOPT_EFFECT | SOCKOPT_STATE,
		.on = ON_TCP,
		.initial = "none",
		.who = "nobody",
		.since = "Linux 4.2",
		.summary = "the SYN that began the connection; once",
		.meaning = "What TCP_SAVE_SYN has kept, from an accepted socket. Reading takes it away: the second "
			   "time it is empty. A buffer that is too small gives EINVAL, with the length that is needed.",
		.use = "unsigned char syn[256];\n"
		       "socklen_t size = sizeof syn;\n"
		       "getsockopt(fd, IPPROTO_TCP, TCP_SAVED_SYN, syn, &size);",
		.also = "TCP_SAVE_SYN",
	},
	{
		SOCKOPT_NAMED(IPPROTO_TCP, TCP_ULP),
		.type = SOCKOPT_TEXT,
		.type_name = "char []",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_TCP,
		.size = 16,
		.initial = "empty",
		.who = "anybody",
		.since = "Linux 4.13",
		.summary = "a protocol of the kernel above TCP",
		.meaning = "With \"tls\" the kernel encrypts and decrypts the records of TLS itself, after the program "
			   "has done the handshake and given it the keys; sendfile() then works over TLS. Only on a "
			   "connection. ENOENT: there is no such module. It cannot be taken off.",
		.use = "const char name[] = \"tls\";\n"
		       "if (setsockopt(fd, IPPROTO_TCP, TCP_ULP, name, sizeof name) < 0)\n"
		       "    perror(\"TCP_ULP\");",
		.also = "TCP_INFO",
	},
	{
		SOCKOPT_NAMED(IPPROTO_TCP, TCP_INQ),
		.alias = "TCP_CM_INQ",
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_TCP,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 4.18",
		.summary = "tell with each message how much more is there",
		.meaning = "recvmsg() brings a control message TCP_CM_INQ with the number of octets that can still be "
			   "read, so that a program knows how large its next buffer should be without asking. 0 and 1. "
			   "accept() inherits it.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_TCP, TCP_INQ, &on, sizeof on) < 0)\n"
		       "    perror(\"TCP_INQ\");",
		.also = "SO_RCVLOWAT TCP_ZEROCOPY_RECEIVE",
	},
	{
		SOCKOPT_NAMED(IPPROTO_TCP, TCP_ZEROCOPY_RECEIVE),
		.type = SOCKOPT_STRUCT,
		.type_name = "struct tcp_zerocopy_receive",
		.access = SOCKOPT_GET,
		.flags = SOCKOPT_EFFECT | SOCKOPT_STATE,
		.on = ON_TCP,
		.size = 64,
		.initial = "none",
		.who = "nobody",
		.since = "Linux 4.18",
		.summary = "receive by moving pages into memory",
		.meaning = "This getsockopt() receives: pages that hold received data appear at an address that mmap() "
			   "of the socket gave, instead of being copied. It pays for very fast transfers whose packets "
			   "hold whole pages. What was taken so is gone from the queue.",
		.use = "struct tcp_zerocopy_receive take = { .address = (uint64_t)area, .length = 65536 };\n"
		       "socklen_t size = sizeof take;\n"
		       "getsockopt(fd, IPPROTO_TCP, TCP_ZEROCOPY_RECEIVE, &take, &size);",
		.also = "SO_ZEROCOPY TCP_INQ",
	},
	{
		SOCKOPT_NAMED(IPPROTO_TCP, TCP_IS_MPTCP),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET,
		.flags = SOCKOPT_STATE,
		.on = ON_TCP,
		.initial = "none",
		.who = "nobody",
		.lacking = "a newer kernel (it is in 6.18)",
		.summary = "whether the connection is Multipath TCP",
		.meaning = "1 when the socket is one of IPPROTO_MPTCP and the peer speaks it too; 0 when it has fallen "
			   "back to plain TCP, or never was anything else.",
		.use = "int value;\n"
		       "socklen_t size = sizeof value;\n"
		       "getsockopt(fd, IPPROTO_TCP, TCP_IS_MPTCP, &value, &size);",
		.also = "SO_PROTOCOL TCP_INFO",
	},
	{ .name = NULL },
};
