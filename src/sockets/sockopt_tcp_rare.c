/* SPDX-License-Identifier: BSD-2-Clause */
/* The options of IPPROTO_TCP that are about signatures, and about moving connections. */
#include <linux/tcp.h>
#include <netinet/in.h>

#include "sockets/sockopt_rows.h"

/* For headers that are older than the kernel. */
#ifndef TCP_AO_ADD_KEY
#define TCP_AO_ADD_KEY 38
#endif
#ifndef TCP_AO_DEL_KEY
#define TCP_AO_DEL_KEY 39
#endif
#ifndef TCP_AO_INFO
#define TCP_AO_INFO 40
#endif
#ifndef TCP_AO_GET_KEYS
#define TCP_AO_GET_KEYS 41
#endif
#ifndef TCP_AO_REPAIR
#define TCP_AO_REPAIR 42
#endif

const struct sockopt sockopt_tcp_rare_rows[] = {
	{
		SOCKOPT_NAMED(IPPROTO_TCP, TCP_MD5SIG),
		.type = SOCKOPT_STRUCT,
		.type_name = "struct tcp_md5sig",
		.access = SOCKOPT_SET,
		.on = ON_TCP,
		.initial = "none",
		.who = "anybody",
		.since = "Linux 2.6.20",
		.lacking = "CONFIG_TCP_MD5SIG",
		.summary = "sign segments with a key, for one peer",
		.meaning = "Each segment to and from that address carries an MD5 sum made with the key (RFC 2385), and "
			   "segments without it are dropped in silence. Routers protect BGP so. On a listener before "
			   "the peer connects, on both sides. TCP_AO_ADD_KEY is the newer way.",
		.use = "struct tcp_md5sig key = { .tcpm_addr = peer, .tcpm_keylen = 5, .tcpm_key = \"sonde\" };\n"
		       "if (setsockopt(fd, IPPROTO_TCP, TCP_MD5SIG, &key, sizeof key) < 0)\n"
		       "    perror(\"TCP_MD5SIG\");",
		.also = "TCP_MD5SIG_EXT TCP_AO_ADD_KEY",
	},
	{
		SOCKOPT_NAMED(IPPROTO_TCP, TCP_MD5SIG_EXT),
		.type = SOCKOPT_STRUCT,
		.type_name = "struct tcp_md5sig",
		.access = SOCKOPT_SET,
		.on = ON_TCP,
		.initial = "none",
		.who = "anybody",
		.since = "Linux 4.14",
		.lacking = "CONFIG_TCP_MD5SIG",
		.summary = "sign segments with a key, for many peers",
		.meaning = "As TCP_MD5SIG, with flags: for all addresses of a prefix (TCP_MD5SIG_FLAG_PREFIX), or for "
			   "one interface.",
		.use = "struct tcp_md5sig key = { .tcpm_addr = net, .tcpm_flags = TCP_MD5SIG_FLAG_PREFIX, "
		       ".tcpm_prefixlen = 24 };\n"
		       "if (setsockopt(fd, IPPROTO_TCP, TCP_MD5SIG_EXT, &key, sizeof key) < 0)\n"
		       "    perror(\"TCP_MD5SIG_EXT\");",
		.also = "TCP_MD5SIG",
	},
	{
		SOCKOPT_NAMED(IPPROTO_TCP, TCP_AO_ADD_KEY),
		.type = SOCKOPT_STRUCT,
		.type_name = "struct tcp_ao_add",
		.access = SOCKOPT_SET,
		.on = ON_TCP,
		.initial = "none",
		.who = "anybody",
		.since = "Linux 6.7",
		.lacking = "CONFIG_TCP_AO",
		.summary = "add a key of TCP-AO",
		.meaning = "TCP-AO (RFC 5925) signs segments as TCP_MD5SIG does, with better algorithms and keys that "
			   "can be changed while the connection lives. This adds a key for a peer or a prefix. Before "
			   "the connection is made, or as a further key later.",
		.use = "struct tcp_ao_add value = { 0 }; /* linux/tcp.h tells its members */\n"
		       "if (setsockopt(fd, IPPROTO_TCP, TCP_AO_ADD_KEY, &value, sizeof value) < 0)\n"
		       "    perror(\"TCP_AO_ADD_KEY\");",
		.also = "TCP_AO_DEL_KEY TCP_AO_INFO TCP_MD5SIG",
	},
	{
		SOCKOPT_NAMED(IPPROTO_TCP, TCP_AO_DEL_KEY),
		.type = SOCKOPT_STRUCT,
		.type_name = "struct tcp_ao_del",
		.access = SOCKOPT_SET,
		.on = ON_TCP,
		.initial = "none",
		.who = "anybody",
		.since = "Linux 6.7",
		.lacking = "CONFIG_TCP_AO",
		.summary = "take away a key of TCP-AO",
		.meaning = "The key that is in use cannot be deleted without saying which one takes its place.",
		.use = "struct tcp_ao_del value = { 0 }; /* linux/tcp.h tells its members */\n"
		       "if (setsockopt(fd, IPPROTO_TCP, TCP_AO_DEL_KEY, &value, sizeof value) < 0)\n"
		       "    perror(\"TCP_AO_DEL_KEY\");",
		.also = "TCP_AO_ADD_KEY",
	},
	{
		SOCKOPT_NAMED(IPPROTO_TCP, TCP_AO_INFO),
		.type = SOCKOPT_STRUCT,
		.type_name = "struct tcp_ao_info_opt",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.flags = SOCKOPT_STATE,
		.on = ON_TCP,
		.initial = "none",
		.who = "anybody",
		.since = "Linux 6.7",
		.lacking = "CONFIG_TCP_AO",
		.summary = "counters and the current key of TCP-AO",
		.meaning = "Reading tells how many segments were good, bad or without a key, and which key is in use; "
			   "setting chooses the key.",
		.use = "struct tcp_ao_info_opt value = { 0 }; /* linux/tcp.h tells its members */\n"
		       "if (setsockopt(fd, IPPROTO_TCP, TCP_AO_INFO, &value, sizeof value) < 0)\n"
		       "    perror(\"TCP_AO_INFO\");",
		.also = "TCP_AO_GET_KEYS",
	},
	{
		SOCKOPT_NAMED(IPPROTO_TCP, TCP_AO_GET_KEYS),
		.type = SOCKOPT_STRUCT,
		.type_name = "struct tcp_ao_getsockopt",
		.access = SOCKOPT_GET,
		.flags = SOCKOPT_STATE,
		.on = ON_TCP,
		.initial = "none",
		.who = "nobody",
		.since = "Linux 6.7",
		.lacking = "CONFIG_TCP_AO",
		.summary = "the keys of TCP-AO",
		.meaning = "Lists the keys of the socket. Which ones is said in the value before the call, so it "
			   "cannot be read without that.",
		.use = "struct tcp_ao_getsockopt value = { 0 };\n"
		       "socklen_t size = sizeof value;\n"
		       "getsockopt(fd, IPPROTO_TCP, TCP_AO_GET_KEYS, &value, &size);",
		.also = "TCP_AO_ADD_KEY TCP_AO_INFO",
	},
	{
		SOCKOPT_NAMED(IPPROTO_TCP, TCP_AO_REPAIR),
		.type = SOCKOPT_STRUCT,
		.type_name = "struct tcp_ao_repair",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.flags = SOCKOPT_STATE,
		.on = ON_TCP,
		.initial = "none",
		.who = "CAP_NET_ADMIN",
		.since = "Linux 6.7",
		.lacking = "CONFIG_TCP_AO",
		.summary = "TCP-AO's part of a connection that is moved",
		.meaning = "Saves and restores what a connection with TCP-AO has counted, beside the options of "
			   "TCP_REPAIR.",
		.use = "struct tcp_ao_repair value = { 0 }; /* linux/tcp.h tells its members */\n"
		       "if (setsockopt(fd, IPPROTO_TCP, TCP_AO_REPAIR, &value, sizeof value) < 0)\n"
		       "    perror(\"TCP_AO_REPAIR\");",
		.also = "TCP_REPAIR",
	},
	{
		SOCKOPT_NAMED(IPPROTO_TCP, TCP_REPAIR),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_TCP,
		.initial = "0",
		.who = "CAP_NET_ADMIN",
		.since = "Linux 3.5",
		.summary = "take a connection apart and put it together",
		.meaning = "With 1 the socket stands still: connect() and close() send nothing, and its numbers and "
			   "queues can be read and written. So a process with its connections can be saved and started "
			   "again elsewhere (CRIU). 0 ends it and sends a probe of the window, -1 ends it without one. "
			   "Not on listeners.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_TCP, TCP_REPAIR, &on, sizeof on) < 0)\n"
		       "    perror(\"TCP_REPAIR\");",
		.also = "TCP_REPAIR_QUEUE TCP_QUEUE_SEQ TCP_REPAIR_OPTIONS TCP_REPAIR_WINDOW TCP_TIMESTAMP",
	},
	{
		SOCKOPT_NAMED(IPPROTO_TCP, TCP_REPAIR_QUEUE),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.flags = SOCKOPT_STATE,
		.on = ON_TCP,
		.initial = "none",
		.who = "CAP_NET_ADMIN",
		.since = "Linux 3.5",
		.lacking = "TCP_REPAIR",
		.summary = "which queue is worked on, while in repair",
		.meaning = "TCP_RECV_QUEUE or TCP_SEND_QUEUE: which one send(), recv() with MSG_PEEK and TCP_QUEUE_SEQ "
			   "mean. Without TCP_REPAIR: EPERM when it is set, EINVAL when it is read.",
		.use = "int queue = TCP_SEND_QUEUE;\n"
		       "if (setsockopt(fd, IPPROTO_TCP, TCP_REPAIR_QUEUE, &queue, sizeof queue) < 0)\n"
		       "    perror(\"TCP_REPAIR_QUEUE\");",
		.also = "TCP_REPAIR TCP_QUEUE_SEQ",
	},
	{
		SOCKOPT_NAMED(IPPROTO_TCP, TCP_QUEUE_SEQ),
		.type = SOCKOPT_INT,
		.type_name = "uint32_t",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.flags = SOCKOPT_STATE,
		.on = ON_TCP,
		.initial = "none",
		.who = "CAP_NET_ADMIN",
		.since = "Linux 3.5",
		.lacking = "TCP_REPAIR",
		.summary = "the sequence number of a queue, while in repair",
		.meaning = "The next sequence number of the queue that TCP_REPAIR_QUEUE chose. It can be set before "
			   "the connection only. EINVAL when it is read without TCP_REPAIR.",
		.use = "uint32_t number = 1000;\n"
		       "if (setsockopt(fd, IPPROTO_TCP, TCP_QUEUE_SEQ, &number, sizeof number) < 0)\n"
		       "    perror(\"TCP_QUEUE_SEQ\");",
		.also = "TCP_REPAIR TCP_REPAIR_QUEUE",
	},
	{
		SOCKOPT_NAMED(IPPROTO_TCP, TCP_REPAIR_OPTIONS),
		.type = SOCKOPT_STRUCT,
		.type_name = "struct tcp_repair_opt []",
		.access = SOCKOPT_SET,
		.on = ON_TCP,
		.initial = "none",
		.who = "CAP_NET_ADMIN",
		.since = "Linux 3.5",
		.lacking = "TCP_REPAIR",
		.summary = "what both sides had agreed, while in repair",
		.meaning = "The options of the handshake (MSS, window scale, SACK, timestamps), for a connection that "
			   "is put together without one. Which were agreed is read from TCP_INFO.",
		.use = "struct tcp_repair_opt option = { TCPOPT_MAXSEG, 1460 };\n"
		       "if (setsockopt(fd, IPPROTO_TCP, TCP_REPAIR_OPTIONS, &option, sizeof option) < 0)\n"
		       "    perror(\"TCP_REPAIR_OPTIONS\");",
		.also = "TCP_REPAIR TCP_INFO",
	},
	{
		SOCKOPT_NAMED(IPPROTO_TCP, TCP_REPAIR_WINDOW),
		.type = SOCKOPT_STRUCT,
		.type_name = "struct tcp_repair_window",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.flags = SOCKOPT_STATE,
		.on = ON_TCP,
		.size = 20,
		.initial = "none",
		.who = "CAP_NET_ADMIN",
		.since = "Linux 4.8",
		.lacking = "TCP_REPAIR",
		.summary = "the windows of both sides, while in repair",
		.meaning = "So that the connection goes on with the windows that it had. EINVAL when it is read "
			   "without TCP_REPAIR.",
		.use = "struct tcp_repair_window window;\n"
		       "socklen_t size = sizeof window;\n"
		       "getsockopt(fd, IPPROTO_TCP, TCP_REPAIR_WINDOW, &window, &size);",
		.also = "TCP_REPAIR",
	},
	{
		SOCKOPT_NAMED(IPPROTO_TCP, TCP_TIMESTAMP),
		.type = SOCKOPT_INT,
		.type_name = "uint32_t",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.flags = SOCKOPT_STATE,
		.on = ON_TCP,
		.initial = "none",
		.who = "CAP_NET_ADMIN, in TCP_REPAIR",
		.since = "Linux 3.9",
		.summary = "the clock of this side's timestamps",
		.meaning = "The number that the timestamp option of the next segment would have. It goes on while it "
			   "is read, and begins anywhere, so it tells nothing about the time of day. Set only while a "
			   "connection is repaired, so that the clock does not jump.",
		.use = "uint32_t clock = 1000;\n"
		       "if (setsockopt(fd, IPPROTO_TCP, TCP_TIMESTAMP, &clock, sizeof clock) < 0)\n"
		       "    perror(\"TCP_TIMESTAMP\");",
		.also = "TCP_REPAIR TCP_INFO",
	},
	{ .name = NULL },
};
