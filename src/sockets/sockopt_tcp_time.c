/* SPDX-License-Identifier: BSD-2-Clause */
/* The options of IPPROTO_TCP that are about time. */
#include <linux/tcp.h>
#include <netinet/in.h>

#include "sockets/sockopt_rows.h"

/* For headers that are older than the kernel. */
#ifndef TCP_RTO_MAX_MS
#define TCP_RTO_MAX_MS 44
#endif
#ifndef TCP_RTO_MIN_US
#define TCP_RTO_MIN_US 45
#endif
#ifndef TCP_DELACK_MAX_US
#define TCP_DELACK_MAX_US 46
#endif

const struct sockopt sockopt_tcp_time_rows[] = {
	{
		SOCKOPT_NAMED(IPPROTO_TCP, TCP_KEEPIDLE),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.unit = "seconds",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_TCP,
		.initial = "the sysctl net.ipv4.tcp_keepalive_time (7200)",
		.who = "anybody",
		.since = "Linux 2.4",
		.summary = "silence before the first keepalive probe",
		.meaning = "With SO_KEEPALIVE, a connection that has been silent for this long is probed: an empty "
			   "segment that the peer must acknowledge. The default of two hours is for connections that "
			   "are to survive; against a NAT that forgets after minutes it must be shorter. 1 to 32767. "
			   "accept() inherits it.",
		.use = "int idle = 60;\n"
		       "if (setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle) < 0)\n"
		       "    perror(\"TCP_KEEPIDLE\");",
		.also = "SO_KEEPALIVE TCP_KEEPINTVL TCP_KEEPCNT TCP_USER_TIMEOUT",
	},
	{
		SOCKOPT_NAMED(IPPROTO_TCP, TCP_KEEPINTVL),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.unit = "seconds",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_TCP,
		.initial = "the sysctl net.ipv4.tcp_keepalive_intvl (75)",
		.who = "anybody",
		.since = "Linux 2.4",
		.summary = "time between keepalive probes",
		.meaning = "When a probe is not answered, the next one follows after this. 1 to 32767. Without "
			   "SO_KEEPALIVE it does nothing. accept() inherits it.",
		.use = "int interval = 10;\n"
		       "if (setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof interval) < 0)\n"
		       "    perror(\"TCP_KEEPINTVL\");",
		.also = "SO_KEEPALIVE TCP_KEEPIDLE TCP_KEEPCNT",
	},
	{
		SOCKOPT_NAMED(IPPROTO_TCP, TCP_KEEPCNT),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.unit = "probes",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_TCP,
		.initial = "the sysctl net.ipv4.tcp_keepalive_probes (9)",
		.who = "anybody",
		.since = "Linux 2.4",
		.summary = "unanswered probes before the connection is dead",
		.meaning = "After so many probes without an answer the connection ends, and the program gets "
			   "ETIMEDOUT. A dead peer is therefore noticed after TCP_KEEPIDLE + TCP_KEEPINTVL x "
			   "TCP_KEEPCNT seconds. 1 to 127. TCP_USER_TIMEOUT goes before it. accept() inherits it.",
		.use = "int probes = 3;\n"
		       "if (setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes) < 0)\n"
		       "    perror(\"TCP_KEEPCNT\");",
		.also = "SO_KEEPALIVE TCP_KEEPIDLE TCP_KEEPINTVL",
	},
	{
		SOCKOPT_NAMED(IPPROTO_TCP, TCP_USER_TIMEOUT),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.unit = "milliseconds",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_TCP,
		.initial = "0 milliseconds",
		.who = "anybody",
		.since = "Linux 2.6.37",
		.summary = "how long data may stay unacknowledged",
		.meaning = "When what was sent is not acknowledged for this long, or cannot be sent because the peer's "
			   "window is closed, the connection ends with ETIMEDOUT. 0: the retransmissions of "
			   "net.ipv4.tcp_retries2 decide, about 15 minutes. It also replaces TCP_KEEPCNT. It does not "
			   "change when retransmissions are sent. accept() inherits it.",
		.use = "int most = 10000;\n"
		       "if (setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &most, sizeof most) < 0)\n"
		       "    perror(\"TCP_USER_TIMEOUT\");",
		.also = "TCP_KEEPIDLE TCP_SYNCNT TCP_RTO_MAX_MS",
	},
	{
		SOCKOPT_NAMED(IPPROTO_TCP, TCP_SYNCNT),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.unit = "retransmissions",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_TCP,
		.initial = "the sysctl net.ipv4.tcp_syn_retries (6)",
		.who = "anybody",
		.since = "Linux 2.4",
		.summary = "how often a SYN is sent again",
		.meaning = "connect() to a host that does not answer sends the SYN again after one second and then at "
			   "growing distances; after so many repetitions it fails with ETIMEDOUT. The default takes "
			   "about two minutes; 1 takes a few seconds. 1 to 127, before connect().",
		.use = "int again = 2;\n"
		       "if (setsockopt(fd, IPPROTO_TCP, TCP_SYNCNT, &again, sizeof again) < 0)\n"
		       "    perror(\"TCP_SYNCNT\");",
		.also = "TCP_USER_TIMEOUT",
	},
	{
		SOCKOPT_NAMED(IPPROTO_TCP, TCP_LINGER2),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.unit = "seconds",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_TCP,
		.initial = "the sysctl net.ipv4.tcp_fin_timeout (60)",
		.who = "anybody",
		.since = "Linux 2.4",
		.summary = "how long FIN-WAIT-2 lasts after close()",
		.meaning = "After close() the kernel waits for the peer's FIN although no program has the socket any "
			   "more (FIN-WAIT-2). This limits that. More than 120 is cut to 120; 0 is the default; less "
			   "than 0 does not wait at all, and the peer gets a reset when it sends something. It has "
			   "nothing to do with SO_LINGER. accept() inherits it.",
		.use = "int most = 5;\n"
		       "if (setsockopt(fd, IPPROTO_TCP, TCP_LINGER2, &most, sizeof most) < 0)\n"
		       "    perror(\"TCP_LINGER2\");",
		.also = "SO_LINGER",
	},
	{
		SOCKOPT_NAMED(IPPROTO_TCP, TCP_DEFER_ACCEPT),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.unit = "seconds",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_TCP,
		.initial = "0 seconds",
		.who = "anybody",
		.since = "Linux 2.4",
		.summary = "accept() only when data has come",
		.meaning = "On a listener: the third step of the handshake alone does not wake the server; the "
			   "connection is handed out when the client has sent something. For protocols where the "
			   "client speaks first, such as HTTP. A client that waits for a greeting waits in vain until "
			   "the time is over. The kernel counts retransmissions of its SYN-ACK and not seconds, so "
			   "what is read is rounded up: 1, 3, 7, 15. The accepted socket does not have it.",
		.use = "int most = 5;\n"
		       "if (setsockopt(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, &most, sizeof most) < 0)\n"
		       "    perror(\"TCP_DEFER_ACCEPT\");",
		.also = "TCP_FASTOPEN",
	},
	{
		SOCKOPT_NAMED(IPPROTO_TCP, TCP_THIN_LINEAR_TIMEOUTS),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_TCP,
		.initial = "the sysctl net.ipv4.tcp_thin_linear_timeouts (0)",
		.who = "anybody",
		.since = "Linux 2.6.34",
		.summary = "do not double the wait of thin streams",
		.meaning = "Each time a segment is lost again, TCP doubles the time until it is sent once more. A "
			   "stream with fewer than four segments on their way, such as a game's, is then slow for "
			   "long; with this option the first six repetitions come at equal distances. 0 and 1.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_TCP, TCP_THIN_LINEAR_TIMEOUTS, &on, sizeof on) < 0)\n"
		       "    perror(\"TCP_THIN_LINEAR_TIMEOUTS\");",
		.also = "TCP_RTO_MAX_MS",
	},
	{
		SOCKOPT_NAMED(IPPROTO_TCP, TCP_THIN_DUPACK),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_TCP,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 2.6.34",
		.summary = "does nothing any more",
		.meaning =
			"It made thin streams send again after the first duplicate acknowledgement. Newer ways to find "
			"losses made it needless, and since Linux 4.11 it is accepted, without effect, and reads 0.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_TCP, TCP_THIN_DUPACK, &on, sizeof on) < 0)\n"
		       "    perror(\"TCP_THIN_DUPACK\");",
		.also = "TCP_THIN_LINEAR_TIMEOUTS",
	},
	{
		SOCKOPT_NAMED(IPPROTO_TCP, TCP_RTO_MAX_MS),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.unit = "milliseconds",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_TCP,
		.initial = "the sysctl net.ipv4.tcp_rto_max_ms (120000)",
		.who = "anybody",
		.since = "Linux 6.15",
		.lacking = "Linux 6.15",
		.summary = "the longest time between retransmissions",
		.meaning = "Each time that a segment must be sent again the wait is doubled, up to this. Less finds a "
			   "path that has come back sooner, and gives up sooner. 1000 to 120000, rounded to the "
			   "kernel's clock. accept() inherits it.",
		.use = "int most = 10000;\n"
		       "if (setsockopt(fd, IPPROTO_TCP, TCP_RTO_MAX_MS, &most, sizeof most) < 0)\n"
		       "    perror(\"TCP_RTO_MAX_MS\");",
		.also = "TCP_RTO_MIN_US TCP_USER_TIMEOUT",
	},
	{
		SOCKOPT_NAMED(IPPROTO_TCP, TCP_RTO_MIN_US),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.unit = "microseconds",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_TCP,
		.initial = "the sysctl net.ipv4.tcp_rto_min_us (200000)",
		.who = "anybody",
		.since = "Linux 6.15",
		.lacking = "Linux 6.15",
		.summary = "the shortest time until a retransmission",
		.meaning = "However short the round trip is, TCP waits at least this long for an acknowledgement "
			   "before it sends again, since the peer may delay it. In one room much less than 200 ms "
			   "would do, if the peer's TCP_DELACK_MAX_US is lower as well. Two ticks of the kernel's "
			   "clock at least, 200000 at most. accept() inherits it.",
		.use = "int least = 50000;\n"
		       "if (setsockopt(fd, IPPROTO_TCP, TCP_RTO_MIN_US, &least, sizeof least) < 0)\n"
		       "    perror(\"TCP_RTO_MIN_US\");",
		.also = "TCP_DELACK_MAX_US TCP_RTO_MAX_MS",
	},
	{
		SOCKOPT_NAMED(IPPROTO_TCP, TCP_DELACK_MAX_US),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.unit = "microseconds",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_TCP,
		.initial = "200000 microseconds",
		.who = "anybody",
		.since = "Linux 6.15",
		.lacking = "Linux 6.15",
		.summary = "the longest delay of an acknowledgement",
		.meaning = "An acknowledgement may wait this long for data that it can travel with. Two ticks of the "
			   "kernel's clock at least, 200000 at most. accept() inherits it.",
		.use = "int most = 40000;\n"
		       "if (setsockopt(fd, IPPROTO_TCP, TCP_DELACK_MAX_US, &most, sizeof most) < 0)\n"
		       "    perror(\"TCP_DELACK_MAX_US\");",
		.also = "TCP_QUICKACK TCP_RTO_MIN_US",
	},
	{
		SOCKOPT_NAMED(IPPROTO_TCP, TCP_TX_DELAY),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.unit = "microseconds",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_TCP,
		.initial = "0 microseconds",
		.who = "anybody",
		.since = "Linux 5.3",
		.summary = "delay everything that is sent",
		.meaning = "Each segment leaves so much later, to imitate a long line for this connection only. It "
			   "needs a queueing discipline that knows times, such as fq. accept() inherits it.",
		.use = "int delay = 20000;\n"
		       "if (setsockopt(fd, IPPROTO_TCP, TCP_TX_DELAY, &delay, sizeof delay) < 0)\n"
		       "    perror(\"TCP_TX_DELAY\");",
		.also = "SO_TXTIME SO_MAX_PACING_RATE",
	},
	{ .name = NULL },
};
