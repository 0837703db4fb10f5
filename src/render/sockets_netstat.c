/* SPDX-License-Identifier: BSD-2-Clause */
/* Sockets as netstat(8) prints them; what it would cut is shown whole. */
#include <netinet/in.h>

#include "render/sockets_parts.h"

#define CENTISECONDS 10 /* milliseconds */

enum { PROTO, RECV_Q, SEND_Q, LOCAL, FOREIGN, STATE, USER, INODE, PROCESS, TIMER, COLUMNS };
enum {
	UNIX_PROTO,
	UNIX_REFERENCES,
	UNIX_FLAGS,
	UNIX_TYPE,
	UNIX_STATE,
	UNIX_INODE,
	UNIX_PROCESS,
	UNIX_PATH,
	UNIX_COLUMNS
};

static const struct sheet_column columns[COLUMNS] = {
	[PROTO] = { "Proto", false, 0, 5 },
	[RECV_Q] = { "Recv-Q", true, 1, 6 },
	[SEND_Q] = { "Send-Q", true, 1, 6 },
	[LOCAL] = { "Local Address", false, 1, 23 },
	[FOREIGN] = { "Foreign Address", false, 1, 23 },
	[STATE] = { "State", false, 1, 11 },
	[USER] = { "User", false, 1, 10 },
	[INODE] = { "Inode", false, 1, 10 },
	[PROCESS] = { "PID/Program name", false, 1, 20 },
	[TIMER] = { "Timer", false, 1, 0 },
};

static const struct sheet_column unix_columns[UNIX_COLUMNS] = {
	[UNIX_PROTO] = { "Proto", false, 0, 5 },
	[UNIX_REFERENCES] = { "RefCnt", false, 1, 6 },
	[UNIX_FLAGS] = { "Flags", false, 1, 11 },
	[UNIX_TYPE] = { "Type", false, 1, 10 },
	[UNIX_STATE] = { "State", false, 1, 13 },
	[UNIX_INODE] = { "I-Node", false, 1, 8 },
	[UNIX_PROCESS] = { "PID/Program name", false, 1, 20 },
	[UNIX_PATH] = { "Path", false, 1, 0 },
};

void sockets_netstat_sheet(struct sheet *sheet, const struct sockets_look *look, bool unix_sockets)
{
	if (unix_sockets) {
		sheet_init(sheet, unix_columns, UNIX_COLUMNS);
		sheet->hidden[UNIX_PROCESS] = !look->processes;
		return;
	}
	sheet_init(sheet, columns, COLUMNS);
	sheet->hidden[USER] = sheet->hidden[INODE] = !look->extended;
	sheet->hidden[PROCESS] = !look->processes;
	sheet->hidden[TIMER] = !look->timers;
}

/* ------------------------------------------------------------------------------------------------ pieces */

/* "4242/nc", or "-" for nobody; several are parted by commas. */
static void processes(struct sheet *sheet, const struct socket_row *row)
{
	uint32_t last = 0;

	if (!row->holder_count)
		text_char(&sheet->cells, '-');
	for (size_t i = 0; i < row->holder_count; i++) {
		const struct process *process = row->holders[i].process;

		/* Those of one process stand together. */
		if (i && process->pid == last)
			continue;
		last = process->pid;
		text_format(&sheet->cells, "%s%u/", i ? "," : "", process->pid);
		if (process->name)
			text_escaped(&sheet->cells, process->name, strlen(process->name));
	}
	sheet_cell(sheet);
}

static void host(struct text *out, const struct sockets_look *look, const struct socket *socket,
		 const struct address *address)
{
	bool any = !address->length || address_is_any(address);
	const char *name = look->host && !any ? look->host(look->context, address) : NULL;
	char number[ADDRESS_TEXT];

	if (name)
		text_escaped(out, name, strlen(name));
	else if (!any)
		text_string(out, address_host_text(address, number));
	else if (socket->family == AF_INET)
		text_string(out, "0.0.0.0");
	else
		text_string(out, look->host ? "[::]" : "::");
}

static void end(struct sheet *sheet, const struct sockets_look *look, const struct socket *socket,
		const struct address *address)
{
	host(&sheet->cells, look, socket, address);
	text_char(&sheet->cells, ':');
	if (socket->kind == SOCKET_RAW && address == &socket->local)
		sockets_protocol(&sheet->cells, look, socket->protocol);
	else
		sockets_port(&sheet->cells, look, socket, address);
	sheet_cell(sheet);
}

static void state(struct sheet *sheet, const struct socket *socket)
{
	/* A number is what netstat has there. */
	if (socket->kind == SOCKET_RAW)
		text_uint(&sheet->cells, socket->state);
	else if (socket->kind == SOCKET_TCP || socket->state != SOCKET_CLOSE)
		text_string(&sheet->cells, socket_state_netstat(socket->state));
	sheet_cell(sheet);
}

static void user(struct sheet *sheet, const struct sockets_look *look, const struct socket_row *row)
{
	if (look->services && row->user)
		text_escaped(&sheet->cells, row->user, strlen(row->user));
	else
		text_uint(&sheet->cells, row->socket->uid);
	sheet_cell(sheet);
}

static void timer(struct sheet *sheet, const struct socket *socket)
{
	static const char *const names[] = { "off", "on", "keepalive", "timewait", "probe" };
	bool probes = socket->timer == TIMER_KEEPALIVE || socket->timer == TIMER_PERSIST;

	if (socket->timer < sizeof names / sizeof *names)
		text_string(&sheet->cells, names[socket->timer]);
	else
		text_format(&sheet->cells, "unkn-%u", socket->timer);
	text_format(&sheet->cells, " (%u.%02u/%u/%u)", socket->expires / 1000, socket->expires % 1000 / CENTISECONDS,
		    probes ? 0 : socket->retransmits, probes ? socket->retransmits : 0);
	sheet_cell(sheet);
}

/* ------------------------------------------------------------------------------------------------ rows */

static void unix_row(struct sheet *sheet, const struct sockets_look *look, const struct socket_row *row)
{
	const struct socket *socket = row->socket;
	bool listens = socket->state == SOCKET_LISTEN;

	sheet_word(sheet, "unix");
	sheet_word(sheet, "-"); /* sock_diag does not tell it */
	sheet_word(sheet, listens ? "[ ACC ]" : "[ ]");
	sheet_word(sheet, socket->type == SOCK_DGRAM       ? "DGRAM"
			  : socket->type == SOCK_SEQPACKET ? "SEQPACKET"
							   : "STREAM");
	sheet_word(sheet, listens ? "LISTENING" : socket->state == SOCKET_ESTABLISHED ? "CONNECTED" : "");
	sheet_uint(sheet, socket->inode);
	processes(sheet, row);
	if (socket->name)
		text_escaped(&sheet->cells, socket->name, strlen(socket->name));
	sheet_cell(sheet);
	sheet_cell(sheet);
	(void)look;
}

void sockets_netstat_row(struct sheet *sheet, const struct sockets_look *look, const struct socket_row *row)
{
	const struct socket *socket = row->socket;

	if (socket->kind == SOCKET_UNIX) {
		unix_row(sheet, look, row);
		return;
	}
	text_string(&sheet->cells, socket_kind_name(socket->kind));
	text_string(&sheet->cells, socket->family == AF_INET6 ? "6" : "");
	sheet_cell(sheet);
	sheet_uint(sheet, socket->receive_queue);
	/* The backlog of a listener is what /proc/net, and so netstat, does not tell. */
	sheet_uint(sheet, socket->state == SOCKET_LISTEN ? 0 : socket->send_queue);
	end(sheet, look, socket, &socket->local);
	end(sheet, look, socket, &socket->remote);
	state(sheet, socket);
	user(sheet, look, row);
	sheet_uint(sheet, socket->inode);
	processes(sheet, row);
	timer(sheet, socket);
	sheet_cell(sheet);
}
