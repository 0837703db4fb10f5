/* SPDX-License-Identifier: BSD-2-Clause */
/* The options of IPPROTO_TCP that are about how a connection sends. */
#include <linux/tcp.h>
#include <netinet/in.h>

#include "sockets/sockopt_rows.h"
#include "sockets/sockopt_words.h"

const struct sockopt sockopt_tcp_rows[] = {
	{
		SOCKOPT_NAMED(IPPROTO_TCP, TCP_NODELAY),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_TCP,
		.initial = "0",
		.who = "anybody",
		.since = "BSD 4.3",
		.summary = "send small pieces at once (no Nagle)",
		.meaning =
			"Nagle's rule: while something sent is not acknowledged, a piece smaller than a full segment "
			"waits for that acknowledgement or for more to send. It saves packets when a program writes in "
			"drops. Where a small message must arrive at once (games, terminals, a request written in two "
			"pieces), it costs a round trip, and together with the peer's delayed acknowledgement 40 ms or "
			"more. 1 switches the rule off and sends what was waiting. accept() inherits it.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) < 0)\n"
		       "    perror(\"TCP_NODELAY\");",
		.also = "TCP_CORK TCP_QUICKACK TCP_NOTSENT_LOWAT",
	},
	{
		SOCKOPT_NAMED(IPPROTO_TCP, TCP_CORK),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_TCP,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 2.2",
		.summary = "send full segments only, until it is taken off",
		.meaning = "While it is set, nothing smaller than a full segment leaves; when it is cleared, the rest "
			   "goes. For a program that writes a header and then a file: they share segments. After 200 "
			   "ms the kernel sends what is there in any case. MSG_MORE does the same for one call. It is "
			   "stronger than TCP_NODELAY.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_TCP, TCP_CORK, &on, sizeof on) < 0)\n"
		       "    perror(\"TCP_CORK\");",
		.also = "TCP_NODELAY",
	},
	{
		SOCKOPT_NAMED(IPPROTO_TCP, TCP_QUICKACK),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.flags = SOCKOPT_CONNECTS,
		.on = ON_TCP,
		.initial = "1",
		.who = "anybody",
		.since = "Linux 2.4.4",
		.summary = "acknowledge at once, for now",
		.meaning = "Acknowledgements usually wait up to 40 ms or 200 ms, for data that they could travel with. "
			   "1 sends them at once, 0 lets them wait. It is no lasting setting: the kernel goes on to "
			   "choose for itself and may have changed it by the next packet, so programs that need it set "
			   "it again after each recv(). A new connection starts with it on.",
		.use = "int on = 1;\n"
		       "if (setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on) < 0)\n"
		       "    perror(\"TCP_QUICKACK\");",
		.also = "TCP_NODELAY TCP_DELACK_MAX_US",
	},
	{
		SOCKOPT_NAMED(IPPROTO_TCP, TCP_MAXSEG),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.unit = "octets",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.flags = SOCKOPT_CONNECTS,
		.on = ON_TCP,
		.initial = "536 octets",
		.who = "anybody",
		.since = "BSD 4.3",
		.summary = "the largest segment",
		.meaning = "Before connect() or listen(): limits the data of a segment; the peer is told in the SYN "
			   "(the MSS option) and keeps to it as well. 88 to 32767, 0 for no limit of one's own. It "
			   "cannot be raised over what the interface takes. Read on a connection: what a segment "
			   "carries now, without the 12 octets of timestamps, so 1448 on Ethernet, and 988 after 1000 "
			   "was asked for. 536 is what is assumed before anything is known. accept() inherits it.",
		.use = "int most = 1000;\n"
		       "if (setsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, &most, sizeof most) < 0)\n"
		       "    perror(\"TCP_MAXSEG\");",
		.also = "IP_MTU TCP_INFO",
	},
	{
		SOCKOPT_NAMED(IPPROTO_TCP, TCP_WINDOW_CLAMP),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.unit = "octets",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.flags = SOCKOPT_CONNECTS,
		.on = ON_TCP,
		.initial = "0 octets",
		.who = "anybody",
		.since = "Linux 2.4",
		.summary = "the largest window that is offered",
		.meaning = "The receive window, which tells the peer how much it may send before it is acknowledged, "
			   "grows no larger than this. Less than half of the smallest receive buffer (1152 here) is "
			   "raised to that. 0, which takes the limit away, is only allowed without a connection. "
			   "SO_RCVBUF is the usual way to the same end. On a connection the kernel keeps its own "
			   "number here.",
		.use = "int most = 8192;\n"
		       "if (setsockopt(fd, IPPROTO_TCP, TCP_WINDOW_CLAMP, &most, sizeof most) < 0)\n"
		       "    perror(\"TCP_WINDOW_CLAMP\");",
		.also = "SO_RCVBUF TCP_INFO",
	},
	{
		SOCKOPT_NAMED(IPPROTO_TCP, TCP_NOTSENT_LOWAT),
		.type = SOCKOPT_INT,
		.type_name = "uint32_t",
		.unit = "octets",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_TCP,
		.initial = "0 octets",
		.who = "anybody",
		.since = "Linux 3.12",
		.summary = "how much unsent data counts as enough",
		.meaning = "poll() says that the socket is writable only while less than this waits here unsent, "
			   "whatever SO_SNDBUF would hold. What has not been handed over yet can still be changed or "
			   "be overtaken by something more urgent, so video and HTTP/2 set it. 0: the sysctl "
			   "net.ipv4.tcp_notsent_lowat, which is no limit. accept() inherits it.",
		.use = "int most = 16384;\n"
		       "if (setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &most, sizeof most) < 0)\n"
		       "    perror(\"TCP_NOTSENT_LOWAT\");",
		.also = "SO_SNDBUF TCP_NODELAY",
	},
	{
		SOCKOPT_NAMED(IPPROTO_TCP, TCP_CONGESTION),
		.type = SOCKOPT_TEXT,
		.type_name = "char []",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_TCP,
		.size = 16,
		.initial = "the sysctl net.ipv4.tcp_congestion_control",
		.who = "anybody, of net.ipv4.tcp_allowed_congestion_control; others CAP_NET_ADMIN",
		.since = "Linux 2.6.13",
		.summary = "the algorithm that decides how fast to send",
		.meaning =
			"How the sender reacts to loss and delay: reno halves its window after a loss, cubic grows "
			"back faster, bbr measures rate and delay and largely ignores loss. It is the sender's choice "
			"alone; the peer need not know it, and it may change during a connection. ENOENT: the kernel "
			"has no such module. EPERM: it has, but only for CAP_NET_ADMIN. accept() inherits it.",
		.use = "const char name[] = \"reno\";\n"
		       "if (setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, name, sizeof name) < 0)\n"
		       "    perror(\"TCP_CONGESTION\");",
		.also = "TCP_CC_INFO TCP_INFO",
	},
	{
		SOCKOPT_NAMED(IPPROTO_TCP, TCP_INFO),
		.type = SOCKOPT_STRUCT,
		.type_name = "struct tcp_info",
		.access = SOCKOPT_GET,
		.flags = SOCKOPT_STATE,
		.on = ON_TCP,
		.initial = "none",
		.who = "nobody",
		.since = "Linux 2.4",
		.summary = "what TCP knows of the connection",
		.meaning = "State, round-trip time and its variation, the congestion window, segments sent, received, "
			   "lost and sent again, rates, and much more: what ss -i shows. The struct grows with each "
			   "kernel, so look at the length that comes back: what lies behind it is not there. Reading "
			   "changes nothing.",
		.use = "struct tcp_info info;\n"
		       "socklen_t size = sizeof info;\n"
		       "getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size);",
		.also = "TCP_CC_INFO TCP_MAXSEG",
		.show = sockopt_show_tcp_info,
	},
	{
		SOCKOPT_NAMED(IPPROTO_TCP, TCP_CC_INFO),
		.type = SOCKOPT_STRUCT,
		.type_name = "union tcp_cc_info",
		.access = SOCKOPT_GET,
		.flags = SOCKOPT_STATE,
		.on = ON_TCP,
		.initial = "none",
		.who = "nobody",
		.since = "Linux 4.1",
		.lacking = "an algorithm that tells something",
		.summary = "what the congestion algorithm knows",
		.meaning = "What the algorithm of TCP_CONGESTION tells about itself: vegas, dctcp and bbr each have a "
			   "struct of their own. Others tell nothing, and the length is 0.",
		.use = "union tcp_cc_info info;\n"
		       "socklen_t size = sizeof info;\n"
		       "getsockopt(fd, IPPROTO_TCP, TCP_CC_INFO, &info, &size);",
		.also = "TCP_CONGESTION TCP_INFO",
	},
	{ .name = NULL },
};
