/* SPDX-License-Identifier: BSD-2-Clause */
#include "sockets/columns.h"

#include "sockets/columns_info.h"

static const struct value_name families[] = {
	{ AF_INET, "IPv4" }, { AF_INET6, "IPv6" }, { AF_PACKET, "packet" }, { AF_UNIX, "unix" }, { 0, NULL },
};

static const struct value_name types[] = {
	{ SOCK_STREAM, "stream" },
	{ SOCK_DGRAM, "dgram" },
	{ SOCK_RAW, "raw" },
	{ SOCK_SEQPACKET, "seqpacket" },
	{ 0, NULL },
};

static const struct value_name timers[] = {
	{ TIMER_ON, "on" },
	{ TIMER_KEEPALIVE, "keepalive" },
	{ TIMER_TIMEWAIT, "timewait" },
	{ TIMER_PERSIST, "persist" },
	{ 0, NULL },
};

static const struct value_name sources[] = { { FROM_DIAG, "sock_diag" }, { FROM_PROC, "/proc/net" }, { 0, NULL } };

/* Other names of rows, and names that two rows share. */
static const uint8_t ip_addr[] = { COLUMN_IP_SRC, COLUMN_IP_DST, 0xff };
static const uint8_t ipv6_addr[] = { COLUMN_IPV6_SRC, COLUMN_IPV6_DST, 0xff };
static const uint8_t port[] = { COLUMN_SPORT, COLUMN_DPORT, 0xff };
static const uint8_t process[] = { COLUMN_PROCESS_NAME, 0xff };
static const uint8_t pid[] = { COLUMN_PROCESS_PID, 0xff };
static const uint8_t fd[] = { COLUMN_PROCESS_FD, 0xff };

#define ROW(row_name, row_label, row_type, row_width, row_names, row_help)                                             \
	{                                                                                                              \
		.name = row_name, .label = row_label, .type = row_type, .width = row_width, .names = row_names,        \
		.help = row_help                                                                                       \
	}
#define EITHER(row_name, row_label, row_type, rows, row_help)                                                          \
	{                                                                                                              \
		.name = row_name, .label = row_label, .type = row_type, .flags = FIELD_EITHER, .either = rows,         \
		.help = row_help                                                                                       \
	}
#define MEMORY(row_name, row_label, row_help) ROW("memory." row_name, row_label, FIELD_UINT, 4, NULL, row_help)
#define INFO(member, row_label, row_help)                                                                              \
	ROW("tcp_info." #member, row_label, FIELD_UINT, sizeof((struct tcp_info *)0)->tcpi_##member, NULL, row_help),
#define INFO_BITS(member, row_label, row_help) ROW("tcp_info." #member, row_label, FIELD_UINT, 1, NULL, row_help),

static const struct field_def rows[] = {
	[COLUMN_KIND] = ROW("kind", "Kind", FIELD_UINT, 0, socket_kind_names, "tcp, udp, raw, packet or unix"),
	[COLUMN_FAMILY] = ROW("family", "Family", FIELD_UINT, 0, families,
			      "IPv4, IPv6, packet or unix: what the program asked socket() for"),
	[COLUMN_TYPE] = ROW("type", "Type", FIELD_UINT, 0, types,
			    "stream, dgram, seqpacket or raw: how socket() was told to move data"),
	[COLUMN_STATE] = ROW("state", "State", FIELD_UINT, 0, socket_state_names,
			     "ESTAB, LISTEN and others: what TCP is waiting for; other sockets are ESTAB when they "
			     "are connected, else UNCONN"),
	[COLUMN_RECV_Q] = ROW("recv_q", "Recv-Q", FIELD_UINT, 4, NULL,
			      "of a connection: octets that the program has not read; of a listener: connections that "
			      "wait for accept(); of UDP: memory of datagrams that wait to be read"),
	[COLUMN_SEND_Q] = ROW("send_q", "Send-Q", FIELD_UINT, 4, NULL,
			      "of a connection: octets that the peer has not acknowledged; of a listener: how many "
			      "connections may wait (the backlog); of UDP: memory of datagrams that wait to be sent"),
	[COLUMN_LOCAL] =
		ROW("local", "Local address", FIELD_STRING, 0, NULL, "this end: address and port; of unix its name"),
	[COLUMN_REMOTE] = ROW("remote", "Peer address", FIELD_STRING, 0, NULL,
			      "the other end; not there when the socket is not connected"),
	[COLUMN_IP_SRC] = ROW("ip.src", "Local IPv4 address", FIELD_IPV4, 4, NULL,
			      "IPv4 address of this end, also inside IPv6 (::ffff:10.0.0.1)"),
	[COLUMN_IP_DST] = ROW("ip.dst", "Peer IPv4 address", FIELD_IPV4, 4, NULL, "IPv4 address of the other end"),
	[COLUMN_IP_ADDR] = EITHER("ip.addr", "IPv4 address", FIELD_IPV4, ip_addr, "that of either end"),
	[COLUMN_IPV6_SRC] = ROW("ipv6.src", "Local IPv6 address", FIELD_IPV6, 16, NULL, "IPv6 address of this end"),
	[COLUMN_IPV6_DST] = ROW("ipv6.dst", "Peer IPv6 address", FIELD_IPV6, 16, NULL, "IPv6 address of the other end"),
	[COLUMN_IPV6_ADDR] = EITHER("ipv6.addr", "IPv6 address", FIELD_IPV6, ipv6_addr, "that of either end"),
	[COLUMN_SPORT] = ROW("sport", "Local port", FIELD_UINT, 2, NULL, "port of this end, TCP and UDP"),
	[COLUMN_DPORT] = ROW("dport", "Peer port", FIELD_UINT, 2, NULL, "port of the other end"),
	[COLUMN_PORT] = EITHER("port", "Port", FIELD_UINT, port, "that of either end"),
	[COLUMN_PROTOCOL] = ROW("protocol", "Protocol", FIELD_UINT, 2, NULL,
				"of raw: the protocol of IP; of packet: the EtherType, 3 for all"),
	[COLUMN_DEV] = ROW("dev", "Interface", FIELD_STRING, 0, NULL, "interface that the socket is bound to"),
	[COLUMN_V6ONLY] = ROW("v6only", "IPV6_V6ONLY", FIELD_BOOL, 1, NULL,
			      "the option IPV6_V6ONLY: false lets a socket of IPv6 take IPv4 as well"),
	[COLUMN_SERVES_IPV4] = ROW("serves.ipv4", "Serves IPv4", FIELD_BOOL, 1, NULL,
				   "it takes packets of IPv4, also as a socket of IPv6"),
	[COLUMN_SERVES_IPV6] = ROW("serves.ipv6", "Serves IPv6", FIELD_BOOL, 1, NULL, "it takes packets of IPv6"),
	[COLUMN_UID] = ROW("uid", "User id", FIELD_UINT, 4, NULL, "number of the user who made it"),
	[COLUMN_USER] = ROW("user", "User", FIELD_STRING, 0, NULL, "name of that user"),
	[COLUMN_INODE] = ROW("inode", "Inode", FIELD_UINT, 8, NULL,
			     "number of the socket as a file; 0: no process has it (TIME-WAIT, not accepted yet)"),
	[COLUMN_COOKIE] = ROW("cookie", "Cookie", FIELD_UINT, 8, NULL,
			      "number of this socket alone, never used again; ss calls it sk, in hexadecimal"),
	[COLUMN_PEER_INODE] =
		ROW("peer_inode", "Inode of the peer", FIELD_UINT, 8, NULL, "unix: inode of the other end"),
	[COLUMN_SHUTDOWN] = ROW("shutdown", "Shut down", FIELD_UINT, 1, NULL,
				"bits: 1 nothing is received any more, 2 nothing is sent any more"),
	[COLUMN_TOS] = ROW("tos", "TOS", FIELD_UINT, 1, NULL, "octet in the header of IPv4 packets that are sent"),
	[COLUMN_TCLASS] = ROW("tclass", "Traffic class", FIELD_UINT, 1, NULL, "the same of IPv6"),
	[COLUMN_MARK] = ROW("mark", "Mark", FIELD_UINT, 4, NULL, "SO_MARK, for routing and firewalls of this machine"),
	[COLUMN_CGROUP] =
		ROW("cgroup", "Control group", FIELD_UINT, 8, NULL, "number of the control group it was made in"),
	[COLUMN_SOURCE] = ROW("source", "Source", FIELD_UINT, 0, sources,
			      "where this was read: sock_diag, or /proc/net, which tells less"),
	[COLUMN_PROCESS_NAME] = ROW("process.name", "Process", FIELD_STRING, 0, NULL,
				    "name of a process that has it open; there may be several"),
	[COLUMN_PROCESS_PID] = ROW("process.pid", "Process id", FIELD_UINT, 4, NULL, "its process id"),
	[COLUMN_PROCESS_FD] = ROW("process.fd", "Descriptor", FIELD_UINT, 4, NULL, "its descriptor there"),
	[COLUMN_PROCESS] = EITHER("process", "Process", FIELD_STRING, process, "the same as process.name"),
	[COLUMN_PID] = EITHER("pid", "Process id", FIELD_UINT, pid, "the same as process.pid"),
	[COLUMN_FD] = EITHER("fd", "Descriptor", FIELD_UINT, fd, "the same as process.fd"),
	[COLUMN_PEER_NAME] = ROW("peer.name", "Peer process", FIELD_STRING, 0, NULL,
				 "name of a process that has the other end, when that is on this machine"),
	[COLUMN_PEER_PID] = ROW("peer.pid", "Peer process id", FIELD_UINT, 4, NULL, "its process id"),
	[COLUMN_PEER_FD] = ROW("peer.fd", "Peer descriptor", FIELD_UINT, 4, NULL, "its descriptor there"),
	[COLUMN_TIMER_NAME] =
		ROW("timer.name", "Timer", FIELD_UINT, 0, timers,
		    "what TCP waits for: on (an acknowledgement, then it sends again), keepalive, timewait, "
		    "persist (room in the peer's window)"),
	[COLUMN_TIMER_EXPIRES] =
		ROW("timer.expires", "Timer ends in", FIELD_DURATION, 0, NULL, "seconds until the timer ends"),
	[COLUMN_TIMER_RETRANSMITS] = ROW("timer.retransmits", "Without answer", FIELD_UINT, 1, NULL,
					 "times that it has ended in a row without answer"),
	[COLUMN_MEMORY] = MEMORY("receive", "Receive memory (r)", "octets of memory that received data takes"),
	MEMORY("receive_most", "Receive buffer (rb)", "octets that it may take: SO_RCVBUF"),
	MEMORY("send", "Send memory (t)", "octets of memory that sent packets take until the network card is done"),
	MEMORY("send_most", "Send buffer (tb)", "octets that data to be sent may take: SO_SNDBUF"),
	MEMORY("forward", "Reserved memory (f)", "octets that the socket has reserved and does not use yet"),
	MEMORY("queued", "Queued memory (w)", "octets of memory that data to be sent, or not acknowledged, takes"),
	MEMORY("option", "Option memory (o)", "octets of memory that options and filters take"),
	MEMORY("backlog", "Backlog memory (bl)",
	       "octets of packets that came while the program was busy with the socket"),
	MEMORY("drops", "Drops (d)", "packets that were thrown away, most often because the receive buffer was full"),
	[COLUMN_INFO_CONGESTION] = ROW("tcp_info.congestion", "Congestion control", FIELD_STRING, 0, NULL,
				       "name of the algorithm that decides how fast to send"),
	/* [COLUMN_INFO] on */
	SOCKET_INFO(INFO, INFO_BITS)
};

const struct dissector socket_columns = {
	.name = "socket",
	.title = "socket",
	.full_name = "Socket",
	.fields = rows,
	.field_count = sizeof rows / sizeof *rows,
};

static const struct dissector *const tables[] = { &socket_columns, NULL };

const struct filter_names socket_names = {
	.tables = tables,
	.kind = "column",
	.list = "sonde sockets --explain",
	.thing = "socket",
};
