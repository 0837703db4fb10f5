/* SPDX-License-Identifier: BSD-2-Clause */
#include "sockets/socket.h"

static const struct {
	const char *ss, *netstat;
} states[SOCKET_STATES] = {
	{ "UNKNOWN", "UNKNOWN" },     { "ESTAB", "ESTABLISHED" },    { "SYN-SENT", "SYN_SENT" },
	{ "SYN-RECV", "SYN_RECV" },   { "FIN-WAIT-1", "FIN_WAIT1" }, { "FIN-WAIT-2", "FIN_WAIT2" },
	{ "TIME-WAIT", "TIME_WAIT" }, { "UNCONN", "CLOSE" },         { "CLOSE-WAIT", "CLOSE_WAIT" },
	{ "LAST-ACK", "LAST_ACK" },   { "LISTEN", "LISTEN" },        { "CLOSING", "CLOSING" },
	{ "SYN-RECV", "SYN_RECV" },
};

static const char *const kinds[SOCKET_KINDS] = { "tcp", "udp", "raw", "packet", "unix" };

const char *socket_state_ss(enum socket_state state)
{
	return states[(unsigned)state < SOCKET_STATES ? state : 0].ss;
}

const char *socket_state_netstat(enum socket_state state)
{
	return states[(unsigned)state < SOCKET_STATES ? state : 0].netstat;
}

const char *socket_kind_name(enum socket_kind kind)
{
	return (unsigned)kind < SOCKET_KINDS ? kinds[kind] : "unknown";
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
