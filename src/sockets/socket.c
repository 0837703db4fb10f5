/* SPDX-License-Identifier: BSD-2-Clause */
#include "sockets/socket.h"

const struct value_name socket_state_names[] = {
	{ 0, "UNKNOWN" },
	{ SOCKET_ESTABLISHED, "ESTAB" },
	{ SOCKET_SYN_SENT, "SYN-SENT" },
	{ SOCKET_SYN_RECV, "SYN-RECV" },
	{ SOCKET_FIN_WAIT1, "FIN-WAIT-1" },
	{ SOCKET_FIN_WAIT2, "FIN-WAIT-2" },
	{ SOCKET_TIME_WAIT, "TIME-WAIT" },
	{ SOCKET_CLOSE, "UNCONN" },
	{ SOCKET_CLOSE_WAIT, "CLOSE-WAIT" },
	{ SOCKET_LAST_ACK, "LAST-ACK" },
	{ SOCKET_LISTEN, "LISTEN" },
	{ SOCKET_CLOSING, "CLOSING" },
	{ SOCKET_NEW_SYN_RECV, "SYN-RECV" },
	/* The same as netstat has them. */
	{ 0, "UNKNOWN" },
	{ SOCKET_ESTABLISHED, "ESTABLISHED" },
	{ SOCKET_SYN_SENT, "SYN_SENT" },
	{ SOCKET_SYN_RECV, "SYN_RECV" },
	{ SOCKET_FIN_WAIT1, "FIN_WAIT1" },
	{ SOCKET_FIN_WAIT2, "FIN_WAIT2" },
	{ SOCKET_TIME_WAIT, "TIME_WAIT" },
	{ SOCKET_CLOSE, "CLOSE" },
	{ SOCKET_CLOSE_WAIT, "CLOSE_WAIT" },
	{ SOCKET_LAST_ACK, "LAST_ACK" },
	{ SOCKET_LISTEN, "LISTEN" },
	{ SOCKET_CLOSING, "CLOSING" },
	{ SOCKET_NEW_SYN_RECV, "SYN_RECV" },
	{ 0, NULL },
};

const struct value_name socket_kind_names[] = {
	{ SOCKET_TCP, "tcp" },       { SOCKET_UDP, "udp" },   { SOCKET_RAW, "raw" },
	{ SOCKET_PACKET, "packet" }, { SOCKET_UNIX, "unix" }, { 0, NULL },
};

const char *socket_state_ss(enum socket_state state)
{
	return socket_state_names[(unsigned)state < SOCKET_STATES ? state : 0].name;
}

const char *socket_state_netstat(enum socket_state state)
{
	return socket_state_names[SOCKET_STATES + ((unsigned)state < SOCKET_STATES ? state : 0)].name;
}

const char *socket_kind_name(enum socket_kind kind)
{
	return (unsigned)kind < SOCKET_KINDS ? socket_kind_names[kind].name : "unknown";
}

static bool is_mapped(const struct address *address)
{
	return address->length && address->storage.ss_family == AF_INET6 &&
	       IN6_IS_ADDR_V4MAPPED(&address->storage.v6.sin6_addr);
}

bool socket_serves(const struct socket *socket, int family)
{
	bool mapped = is_mapped(&socket->local);

	if (socket->family != AF_INET6)
		return socket->family == family;
	if (family == AF_INET6)
		return !mapped;
	return family == AF_INET && (mapped || (address_is_any(&socket->local) && !socket->v6only));
}
