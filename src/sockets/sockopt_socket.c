/* SPDX-License-Identifier: BSD-2-Clause */
/* The options of SOL_SOCKET: addresses, connections, and what a socket is. */
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "base/address.h"
#include "sockets/sockopt_rows.h"
#include "sockets/sockopt_tell.h"

static void show_type(const void *value, size_t length, struct text *out)
{
	static const struct sockopt_word words[] = { { SOCK_STREAM, "SOCK_STREAM" },
						     { SOCK_DGRAM, "SOCK_DGRAM" },
						     { SOCK_RAW, "SOCK_RAW" },
						     { SOCK_SEQPACKET, "SOCK_SEQPACKET" },
						     { 0, NULL } };

	sockopt_tell_word(words, value, length, out);
}

static void show_domain(const void *value, size_t length, struct text *out)
{
	static const struct sockopt_word words[] = { { AF_UNIX, "AF_UNIX" },
						     { AF_INET, "AF_INET" },
						     { AF_INET6, "AF_INET6" },
						     { AF_NETLINK, "AF_NETLINK" },
						     { AF_PACKET, "AF_PACKET" },
						     { AF_VSOCK, "AF_VSOCK" },
						     { 0, NULL } };

	sockopt_tell_word(words, value, length, out);
}

static void show_protocol(const void *value, size_t length, struct text *out)
{
	static const struct sockopt_word words[] = {
		{ IPPROTO_ICMP, "IPPROTO_ICMP" },     { IPPROTO_TCP, "IPPROTO_TCP" }, { IPPROTO_UDP, "IPPROTO_UDP" },
		{ IPPROTO_ICMPV6, "IPPROTO_ICMPV6" }, { IPPROTO_RAW, "IPPROTO_RAW" }, { 0, NULL }
	};

	sockopt_tell_word(words, value, length, out);
}

/* The row asks for as much as an address of IPv4 has; of a longer one no more is there than its port. */
static void show_peer(const void *value, size_t length, struct text *out)
{
	struct address peer = { .length = sizeof(struct sockaddr_in) };

	char host[ADDRESS_TEXT];

	if (length < sizeof(struct sockaddr_in))
		return;
	memcpy(&peer.storage, value, sizeof(struct sockaddr_in));
	if (peer.storage.ss_family == AF_INET)
		text_string(out, address_text(&peer, host));
	else if (peer.storage.ss_family == AF_INET6)
		text_format(out, "port %u of an IPv6 address", address_port(&peer));
}

const struct sockopt sockopt_socket_rows[] = {
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_REUSEADDR),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.initial = "0 (1 for raw sockets)",
		.who = "anybody",
		.since = "BSD 4.2",
		.summary = "bind to a port that an earlier connection still occupies",
		.meaning = "After a TCP server ends, its old connections stay in TIME_WAIT for a minute, and a new "
			   "server that binds to the same port is refused with EADDRINUSE. With this option bind() "
			   "takes the port in spite of them. It never lets two sockets listen on the same address and "
			   "port at the same time. Linux asks for it on both sockets: the one that had the port and "
			   "the one that wants it. For UDP it means more: several sockets may have the same address "
			   "and port, each gets its own copy of multicast and broadcast datagrams, and the last one "
			   "that was bound gets all others. Set it before bind(); an accepted connection inherits it.",
		.use = "int on = 1;\n"
		       "setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);\n"
		       "bind(fd, (struct sockaddr *)&address, sizeof address);",
		.also = "SO_REUSEPORT SO_LINGER",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_REUSEPORT),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.initial = "0",
		.who = "anybody; all sockets of the port must be of one user",
		.since = "BSD 4.4; Linux 3.9",
		.summary = "several sockets share a port; the kernel spreads the load",
		.meaning = "Several sockets, each with this option set before bind(), may be bound to the same address "
			   "and port. The kernel chooses one of them for each new connection (TCP) or for each "
			   "sender's datagrams (UDP), by a hash of the addresses and ports: so several processes or "
			   "threads serve one port without a common lock. All of them must belong to the same user, so "
			   "that nobody can steal another's port. When a listening socket is closed, connections that "
			   "wait in its own queue are lost, unless net.ipv4.tcp_migrate_req is on. Unix sockets refuse "
			   "it with EOPNOTSUPP.",
		.use = "int on = 1;\n"
		       "setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);\n"
		       "bind(fd, (struct sockaddr *)&address, sizeof address);",
		.also = "SO_REUSEADDR SO_ATTACH_REUSEPORT_CBPF SO_INCOMING_CPU",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_BROADCAST),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.initial = "0",
		.who = "anybody",
		.since = "BSD 4.3",
		.summary = "allow datagrams to a broadcast address",
		.meaning = "Without it sendto() and connect() to a broadcast address (255.255.255.255, or the last "
			   "address of a network) fail with EACCES: a protection against programs that disturb "
			   "everybody by accident. With it they are sent. It is about sending only: to receive "
			   "broadcasts a socket needs nothing but to be bound to the port, and to the wildcard or the "
			   "broadcast address itself. It means nothing to TCP, which has no broadcasts, nor to IPv6, "
			   "which has multicast instead.",
		.use = "int on = 1;\n"
		       "setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof on);\n"
		       "sendto(fd, \"hello\", 5, 0, (struct sockaddr *)&everybody, sizeof everybody);",
		.also = "IP_MULTICAST_TTL SO_BINDTODEVICE",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_BINDTODEVICE),
		.type = SOCKOPT_TEXT,
		.type_name = "char[IFNAMSIZ]",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.size = IFNAMSIZ,
		.initial = "empty",
		.who = "anybody, once; to change it again: CAP_NET_RAW",
		.since = "Linux 2.0.30; without rights since Linux 5.7",
		.summary = "use one network interface only, for both directions",
		.meaning = "The socket sends out of this interface only and takes only what came in by it; routes of "
			   "other interfaces are not looked at. The value is the interface's name; the empty text "
			   "takes the binding away. A listening socket hands it on to the connections that it accepts. "
			   "It is stricter than bind() to the interface's address: an address belongs to the whole "
			   "machine, and packets for it may come in by any interface. Packet sockets ignore it and are "
			   "bound with bind(). An interface that is not there gives ENODEV.",
		.use = "const char *name = \"eth0\";\n"
		       "setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, strlen(name));\n"
		       "bind(fd, (struct sockaddr *)&any, sizeof any);",
		.also = "SO_BINDTOIFINDEX IP_UNICAST_IF IP_PKTINFO",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_BINDTOIFINDEX),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.initial = "0",
		.who = "anybody, once; to change it again: CAP_NET_RAW",
		.since = "Linux 5.0",
		.summary = "as SO_BINDTODEVICE, with the number of the interface",
		.meaning = "The same binding as SO_BINDTODEVICE, told by the interface's number (if_nametoindex()) "
			   "instead of its name, so that it stays right when the interface is renamed. 0 takes the "
			   "binding away. Either option shows what the other has set. The kernel does not look whether "
			   "an interface of that number is there.",
		.use = "int index = if_nametoindex(\"eth0\");\n"
		       "setsockopt(fd, SOL_SOCKET, SO_BINDTOIFINDEX, &index, sizeof index);\n"
		       "bind(fd, (struct sockaddr *)&any, sizeof any);",
		.also = "SO_BINDTODEVICE IPV6_UNICAST_IF",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_DONTROUTE),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.initial = "0",
		.who = "anybody",
		.since = "BSD 4.2",
		.summary = "send to hosts of the own networks only, past all routers",
		.meaning = "Packets go only to hosts that are on a network of this machine; routes that lead through a "
			   "router are not used, and sending elsewhere fails with ENETUNREACH. For programs that must "
			   "not speak to the world by accident, and for routing daemons. The flag MSG_DONTROUTE does "
			   "the same for one send().",
		.use = "int on = 1;\n"
		       "setsockopt(fd, SOL_SOCKET, SO_DONTROUTE, &on, sizeof on);\n"
		       "connect(fd, (struct sockaddr *)&neighbour, sizeof neighbour);",
		.also = "SO_BINDTODEVICE IP_TTL",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_KEEPALIVE),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.initial = "0",
		.who = "anybody",
		.since = "BSD 4.2",
		.summary = "ask a silent peer whether it is still there",
		.meaning = "A TCP connection on which nobody speaks sends no packets, so a peer whose machine lost "
			   "power is never noticed. With this option the kernel asks: after a time of silence "
			   "(TCP_KEEPIDLE, two hours unless it is set) it sends a probe that the peer must "
			   "acknowledge, repeats it every TCP_KEEPINTVL seconds, and after TCP_KEEPCNT probes without "
			   "answer it ends the connection: reading then fails with ETIMEDOUT. The probes carry no data "
			   "and the peer's program does not see them. Set it on the listening socket and accepted "
			   "connections inherit it. UDP sockets take the option, and nothing happens.",
		.use = "int on = 1, idle = 60;\n"
		       "setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);\n"
		       "setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);",
		.also = "TCP_KEEPIDLE TCP_KEEPINTVL TCP_KEEPCNT TCP_USER_TIMEOUT",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_LINGER),
		.type = SOCKOPT_LINGER,
		.type_name = "struct linger",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.initial = "off",
		.who = "anybody",
		.since = "BSD 4.2",
		.summary = "what close() does with data that are not yet delivered",
		.meaning = "Off (as it begins), close() returns at once and the kernel delivers what is left in the "
			   "background. On, with l_linger above 0, close() waits until the peer has acknowledged "
			   "everything, or that many seconds have passed. On with l_linger 0, close() throws away what "
			   "is left and sends RST instead of FIN: the peer's next call fails with ECONNRESET, and no "
			   "TIME_WAIT remains on this side. That last form is for tests and for getting rid of hostile "
			   "peers, not for avoiding TIME_WAIT: data may be lost. Accepted connections inherit it.",
		.use = "struct linger reset = { .l_onoff = 1, .l_linger = 0 };\n"
		       "setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);\n"
		       "close(fd); /* RST */",
		.also = "TCP_LINGER2 SO_REUSEADDR",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_OOBINLINE),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.initial = "0",
		.who = "anybody",
		.since = "BSD 4.3",
		.summary = "leave the urgent octet of TCP in the stream",
		.meaning = "TCP can mark one octet as urgent (send() with MSG_OOB). Off, the kernel takes that octet "
			   "out of the stream, and recv() with MSG_OOB fetches it. On, it stays where the sender wrote "
			   "it, and sockatmark() says when the mark is reached. Programs of today hardly use urgent "
			   "data; telnet and ftp did. Accepted connections inherit it.",
		.use = "int on = 1;\n"
		       "setsockopt(fd, SOL_SOCKET, SO_OOBINLINE, &on, sizeof on);\n"
		       "if (sockatmark(fd) == 1) recv(fd, &urgent, 1, 0);",
		.also = "TCP_NODELAY",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_TYPE),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.access = SOCKOPT_GET,
		.flags = SOCKOPT_STATE,
		.initial = "none",
		.who = "nobody",
		.since = "BSD 4.3",
		.summary = "stream, datagram, raw: as socket() was called",
		.meaning = "Tells the second argument of socket(): SOCK_STREAM, SOCK_DGRAM, SOCK_RAW or "
			   "SOCK_SEQPACKET. For a program that was given its descriptor by another one, as servers are "
			   "that inetd or systemd started, and has to find out what it holds.",
		.use = "int type; socklen_t length = sizeof type;\n"
		       "getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length);\n"
		       "if (type == SOCK_DGRAM) serve_datagrams(fd);",
		.also = "SO_DOMAIN SO_PROTOCOL SO_ACCEPTCONN",
		.show = show_type,
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_DOMAIN),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.access = SOCKOPT_GET,
		.flags = SOCKOPT_STATE,
		.initial = "none",
		.who = "nobody",
		.since = "Linux 2.6.32",
		.summary = "IPv4, IPv6, unix: as socket() was called",
		.meaning = "Tells the first argument of socket(): AF_INET, AF_INET6, AF_UNIX, AF_PACKET and so on. "
			   "getsockname() tells it as well, and does so on other systems.",
		.use = "int domain; socklen_t length = sizeof domain;\n"
		       "getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &length);\n"
		       "if (domain == AF_INET6) puts(\"IPv6\");",
		.also = "SO_TYPE SO_PROTOCOL",
		.show = show_domain,
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_PROTOCOL),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.access = SOCKOPT_GET,
		.flags = SOCKOPT_STATE,
		.initial = "none",
		.who = "nobody",
		.since = "Linux 2.6.32",
		.summary = "TCP, UDP, ICMP: the protocol of the socket",
		.meaning = "Tells the protocol that socket() chose or was given: IPPROTO_TCP (6), IPPROTO_UDP (17), "
			   "IPPROTO_ICMP (1) and so on. It is 0 for unix sockets, which have no protocol, and for "
			   "packet sockets, whose EtherType getsockname() tells.",
		.use = "int protocol; socklen_t length = sizeof protocol;\n"
		       "getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &length);\n"
		       "if (protocol == IPPROTO_TCP) puts(\"TCP\");",
		.also = "SO_TYPE SO_DOMAIN",
		.show = show_protocol,
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_ACCEPTCONN),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET,
		.flags = SOCKOPT_STATE,
		.initial = "none",
		.who = "nobody",
		.since = "BSD 4.2",
		.summary = "whether listen() was called",
		.meaning = "1 when the socket listens for connections, 0 when it does not. For a program that was "
			   "given its descriptor by another one: on a listening socket it calls accept(), on a "
			   "connected one it reads.",
		.use = "int listens; socklen_t length = sizeof listens;\n"
		       "getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &length);\n"
		       "int client = listens ? accept(fd, NULL, NULL) : fd;",
		.also = "SO_TYPE TCP_DEFER_ACCEPT",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_ERROR),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.access = SOCKOPT_GET,
		.flags = SOCKOPT_EFFECT | SOCKOPT_STATE,
		.initial = "none",
		.who = "nobody",
		.since = "BSD 4.3",
		.summary = "the error that waits for the next call; takes it away",
		.meaning = "An error that came from the network, as ECONNREFUSED or EHOSTUNREACH, waits at the socket "
			   "until a call can return it. This option returns it as a number of errno (0: none) and "
			   "clears it: the next call then succeeds. It is how a program learns whether a connect() "
			   "that did not block has worked: wait until the socket is writable, then ask. sonde never "
			   "reads it from another process, because that would take the error away from it.",
		.use = "int error; socklen_t length = sizeof error;\n"
		       "getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length);\n"
		       "if (error) fprintf(stderr, \"connect: %s\\n\", strerror(error));",
		.also = "IP_RECVERR TCP_USER_TIMEOUT",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_PEERNAME),
		.type = SOCKOPT_BYTES,
		.type_name = "struct sockaddr",
		.access = SOCKOPT_GET,
		.flags = SOCKOPT_STATE,
		.on = ON_CONNECTED,
		.size = sizeof(struct sockaddr_in),
		.initial = "none",
		.who = "nobody",
		.since = "Linux 2.4",
		.summary = "the peer's address; getpeername() is the usual way",
		.meaning = "The same as getpeername(), which every system has and which should be used instead. It "
			   "fails with ENOTCONN when the socket is not connected, and with EINVAL when the buffer is "
			   "longer than the address.",
		.use = "struct sockaddr_in peer; socklen_t length = sizeof peer;\n"
		       "getsockopt(fd, SOL_SOCKET, SO_PEERNAME, &peer, &length);\n"
		       "printf(\"%s\\n\", inet_ntoa(peer.sin_addr));",
		.also = "SO_PEERCRED",
		.show = show_peer,
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_COOKIE),
		.type = SOCKOPT_UINT64,
		.type_name = "uint64_t",
		.access = SOCKOPT_GET,
		.flags = SOCKOPT_STATE,
		.initial = "none",
		.who = "nobody",
		.since = "Linux 4.12",
		.summary = "a number that no other socket has, now or later",
		.meaning = "The kernel gives the socket this number when somebody first asks; it is not used again "
			   "while the machine runs. Inode numbers and ports are. ss -e shows it as sk:, sock_diag and "
			   "BPF programs tell it, so that what two tools say about a socket can be put together.",
		.use = "uint64_t cookie; socklen_t length = sizeof cookie;\n"
		       "getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &length);\n"
		       "printf(\"sk:%llx\\n\", (unsigned long long)cookie);",
		.also = "SO_NETNS_COOKIE",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_NETNS_COOKIE),
		.type = SOCKOPT_UINT64,
		.type_name = "uint64_t",
		.access = SOCKOPT_GET,
		.flags = SOCKOPT_STATE,
		.initial = "none",
		.who = "nobody",
		.since = "Linux 5.14",
		.lacking = "Linux 5.14",
		.summary = "a number for the network namespace of the socket",
		.meaning = "Two sockets with the same number are in the same network namespace and see the same "
			   "interfaces, routes and ports. A socket stays in the namespace in which it was made, even "
			   "when its process goes to another one.",
		.use = "uint64_t cookie; socklen_t length = sizeof cookie;\n"
		       "getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &length);\n"
		       "printf(\"%llu\\n\", (unsigned long long)cookie);",
		.also = "SO_COOKIE",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_TXREHASH),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_TCP,
		.initial = "the sysctl net.core.txrehash (1)",
		.who = "anybody",
		.since = "Linux 5.18",
		.lacking = "Linux 5.18",
		.summary = "take another path when retransmissions are not answered",
		.meaning = "Routers and switches choose among equal paths by a hash of the packet, to which an IPv6 "
			   "flow label belongs. When a TCP segment must be sent again, the kernel changes its own hash "
			   "for the connection, in the hope that another path is not broken. 0 keeps the old one. -1 "
			   "sets what the sysctl says. Accepted connections inherit it.",
		.use = "int off = 0;\n"
		       "setsockopt(fd, SOL_SOCKET, SO_TXREHASH, &off, sizeof off);\n"
		       "connect(fd, (struct sockaddr *)&peer, sizeof peer);",
		.also = "IPV6_AUTOFLOWLABEL",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_CNX_ADVICE),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.access = SOCKOPT_SET,
		.initial = "none",
		.who = "anybody",
		.since = "Linux 4.6",
		.summary = "tell the kernel that the path seems to be broken",
		.meaning = "With the value 1 a program that sees no progress asks for another route: the one that the "
			   "socket remembered is looked up anew. For protocols above UDP that find out by themselves "
			   "that a peer is not reached; TCP does it without being told. It cannot be read.",
		.use = "int bad = 1;\n"
		       "setsockopt(fd, SOL_SOCKET, SO_CNX_ADVICE, &bad, sizeof bad);\n"
		       "sendto(fd, data, length, 0, (struct sockaddr *)&peer, sizeof peer);",
		.also = "SO_TXREHASH",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_DEBUG),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.initial = "0",
		.who = "anybody may clear it; to set it: CAP_NET_ADMIN",
		.since = "BSD 4.2",
		.summary = "a mark for debugging that Linux hardly uses",
		.meaning = "On BSD the kernel kept a trace of the connection's packets. Linux keeps the mark and does "
			   "next to nothing with it. Setting it without rights fails with EACCES. To see the packets "
			   "of a connection, capture them.",
		.use = "int on = 1;\n"
		       "setsockopt(fd, SOL_SOCKET, SO_DEBUG, &on, sizeof on);\n"
		       "perror(\"SO_DEBUG\"); /* EACCES without rights */",
		.also = "TCP_INFO",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_BSDCOMPAT),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 2.0",
		.summary = "without effect; it hid errors from UDP long ago",
		.meaning = "In Linux 2.0 and 2.2 errors from ICMP were reported to UDP sockets only without this "
			   "option, as BSD does not report them. Today setting it is accepted, changes nothing, and "
			   "reading it always gives 0.",
		.use = "int on = 1;\n"
		       "setsockopt(fd, SOL_SOCKET, SO_BSDCOMPAT, &on, sizeof on);\n"
		       "/* nothing has changed */",
		.also = "SO_ERROR IP_RECVERR",
	},
	{ .name = NULL },
};
