/* SPDX-License-Identifier: BSD-2-Clause */
/* Sockets as ss(8) prints them. */
#include <netdb.h>
#include <netinet/in.h>

#include "render/sockets.h"
#include "render/sockets_parts.h"

#define ETHERTYPE_ALL 3

enum { NETID, STATE, RECV_Q, SEND_Q, LOCAL, LOCAL_PORT, PEER, PEER_PORT, COLUMNS };

static const struct sheet_column columns[COLUMNS] = {
	[NETID] = { "Netid", false, 0, 0 },        [STATE] = { "State", false, 1, 0 },
	[RECV_Q] = { "Recv-Q", false, 1, 0 },      [SEND_Q] = { "Send-Q", false, 1, 0 },
	[LOCAL] = { "Local Address", true, 1, 0 }, [LOCAL_PORT] = { ":Port", false, 0, 0 },
	[PEER] = { "Peer Address", true, 1, 0 },   [PEER_PORT] = { ":Port", false, 0, 0 },
};

void sockets_ss_sheet(struct sheet *sheet, const struct sockets_look *look)
{
	sheet_init(sheet, columns, COLUMNS);
	sheet->hidden[NETID] = !look->netid;
	sheet->hidden[STATE] = !look->state;
}

/* ------------------------------------------------------------------------------------------------ ends */

static void host(struct text *out, const struct sockets_look *look, const struct socket *socket,
		 const struct address *address)
{
	const struct sockaddr_in6 *six = &address->storage.v6;
	const char *name =
		look->host && address->length && !address_is_any(address) ? look->host(look->context, address) : NULL;

	if (name) {
		text_escaped(out, name, strlen(name));
	} else if (socket->family == AF_INET) {
		text_wrote(out, put_ipv4(text_room(out, 16),
					 address->length ? ntohl(address->storage.v4.sin_addr.s_addr) : 0));
	} else if ((!address->length || IN6_IS_ADDR_UNSPECIFIED(&six->sin6_addr)) && !socket->v6only) {
		text_char(out, '*');
	} else {
		text_char(out, '[');
		if (IN6_IS_ADDR_V4MAPPED(&six->sin6_addr))
			text_string(out, "::ffff:");
		text_wrote(out, IN6_IS_ADDR_V4MAPPED(&six->sin6_addr)
					? put_ipv4(text_room(out, 16), ntohl(six->sin6_addr.s6_addr32[3]))
					: put_ipv6(text_room(out, 46), six->sin6_addr.s6_addr));
		text_char(out, ']');
	}
}

static void interface(struct text *out, const char *name)
{
	if (!name)
		return;
	text_char(out, '%');
	text_escaped(out, name, strlen(name));
}

static void ip_ends(struct sheet *sheet, const struct sockets_look *look, const struct socket_row *row)
{
	const struct socket *socket = row->socket;

	host(&sheet->cells, look, socket, &socket->local);
	interface(&sheet->cells, row->interface);
	sheet_cell(sheet);
	text_char(&sheet->cells, ':');
	if (socket->kind == SOCKET_RAW)
		sockets_protocol(&sheet->cells, look, socket->protocol);
	else
		sockets_port(&sheet->cells, look, socket, &socket->local);
	sheet_cell(sheet);
	host(&sheet->cells, look, socket, &socket->remote);
	sheet_cell(sheet);
	text_char(&sheet->cells, ':');
	if (socket->kind == SOCKET_RAW)
		text_char(&sheet->cells, '*');
	else
		sockets_port(&sheet->cells, look, socket, &socket->remote);
	sheet_cell(sheet);
}

static void packet_ends(struct sheet *sheet, const struct socket_row *row)
{
	struct text *out = &sheet->cells;

	if (row->socket->protocol == ETHERTYPE_ALL)
		text_char(out, '*');
	else
		text_format(out, "[%u]", row->socket->protocol);
	sheet_cell(sheet);
	text_char(out, ':');
	if (row->interface)
		text_escaped(out, row->interface, strlen(row->interface));
	else
		text_char(out, '*');
	sheet_cell(sheet);
	sheet_word(sheet, "*");
	sheet_cell(sheet);
}

static void unix_ends(struct sheet *sheet, const struct socket *socket)
{
	struct text *out = &sheet->cells;

	if (socket->name)
		text_escaped(out, socket->name, strlen(socket->name));
	else
		text_char(out, '*');
	sheet_cell(sheet);
	text_char(out, ' ');
	sheet_uint(sheet, socket->inode);
	sheet_word(sheet, "*");
	text_char(out, ' ');
	sheet_uint(sheet, socket->peer_inode);
}

/* ------------------------------------------------------------------------------------------------ rows */

static const char *netid(const struct socket *socket)
{
	if (socket->kind == SOCKET_PACKET)
		return socket->type == SOCK_DGRAM ? "p_dgr" : "p_raw";
	if (socket->kind == SOCKET_UNIX)
		return socket->type == SOCK_DGRAM ? "u_dgr" : socket->type == SOCK_SEQPACKET ? "u_seq" : "u_str";
	return socket_kind_name(socket->kind);
}

/* "119min", "1.204ms", "204ms": as ss shortens them. */
static void remaining(struct text *out, uint32_t ms)
{
	uint32_t seconds = ms / 1000, minutes = seconds / 60;

	ms %= 1000;
	seconds %= 60;
	if (minutes) {
		text_format(out, "%umin", minutes);
		ms = 0;
		seconds = minutes > 9 ? 0 : seconds;
	}
	if (seconds) {
		ms = seconds > 9 ? 0 : ms;
		text_format(out, "%u%s", seconds, ms ? "." : "sec");
	}
	if (ms)
		text_format(out, "%03ums", ms);
}

static void timer(struct text *out, const struct socket *socket)
{
	static const char *const names[] = { "off", "on", "keepalive", "timewait", "persist" };

	if (socket->timer == TIMER_NONE)
		return;
	text_format(out, " timer:(%s,",
		    socket->timer < sizeof names / sizeof *names ? names[socket->timer] : "unknown");
	remaining(out, socket->expires);
	text_format(out, ",%u)", socket->retransmits);
}

static void extended(struct text *out, const struct socket_row *row)
{
	static const char *const arrows[] = { "<->", "-->", "<--", "---" };
	const struct socket *socket = row->socket;

	if (socket->has_uid && socket->uid)
		text_format(out, " uid:%u", socket->uid);
	if (socket->kind != SOCKET_UNIX) {
		text_format(out, " ino:%llu", (unsigned long long)socket->inode);
		if (socket->cookie)
			text_format(out, " sk:%llx", (unsigned long long)socket->cookie);
	}
	if (socket->has_cgroup)
		text_format(out, " cgroup:%llu", (unsigned long long)socket->cgroup);
	if (socket->has_v6only)
		text_format(out, " v6only:%u", socket->v6only);
	if (socket->state != SOCKET_TIME_WAIT && socket->kind != SOCKET_PACKET)
		text_format(out, " %s", arrows[socket->shutdown & 3]);
	sockets_holders(out, "peer", row->peers, row->peer_count);
}

void sockets_ss_row(struct sheet *sheet, const struct sockets_look *look, const struct socket_row *row)
{
	const struct socket *socket = row->socket;
	struct text *out = &sheet->cells;

	sheet_word(sheet, netid(socket));
	sheet_word(sheet, socket_state_ss(socket->state));
	sheet_uint(sheet, socket->receive_queue);
	sheet_uint(sheet, socket->send_queue);
	if (socket->kind == SOCKET_PACKET)
		packet_ends(sheet, row);
	else if (socket->kind == SOCKET_UNIX)
		unix_ends(sheet, socket);
	else
		ip_ends(sheet, look, row);
	if (look->processes)
		sockets_holders(out, "users", row->holders, row->holder_count);
	if (look->timers || look->extended)
		timer(out, socket);
	if (look->extended)
		extended(out, row);
	if ((look->memory && socket->has_memory) || (look->information && socket->info)) {
		text_string(out, look->one_line ? "" : "\n\t");
		if (look->memory && socket->has_memory)
			sockets_memory(out, &socket->memory);
		if (look->information)
			sockets_information(out, look, socket);
	}
	sheet_cell(sheet);
}
