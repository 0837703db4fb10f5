/* SPDX-License-Identifier: BSD-2-Clause */
/* What is remarkable of a socket, in a sentence for who has never seen it. */
#include "render/sockets_explain.h"

static void end_of(struct text *out, const struct socket *socket)
{
	char name[ADDRESS_TEXT];

	text_format(out, "%s ", socket_kind_name(socket->kind));
	if (socket->kind == SOCKET_UNIX && socket->name)
		text_escaped(out, socket->name, strlen(socket->name));
	else if (socket->kind == SOCKET_UNIX)
		text_format(out, "%llu", (unsigned long long)socket->inode);
	else
		text_string(out, address_text(&socket->local, name));
	if (socket->remote.length)
		text_format(out, " to %s", address_text(&socket->remote, name));
	text_string(out, ": ");
}

static void program(struct text *out, const struct socket_row *row)
{
	const char *name = row->holder_count ? row->holders->process->name : NULL;

	if (!name) {
		text_string(out, "the program");
		return;
	}
	text_escaped(out, name, strlen(name));
	text_format(out, " (pid %u)", row->holders->process->pid);
}

static const char *plural(uint32_t count)
{
	return count == 1 ? "" : "s";
}

static void note_listener(struct text *out, const struct socket_row *row)
{
	const struct socket *socket = row->socket;

	text_format(out, "%u connection%s wait%s for accept()", socket->receive_queue, plural(socket->receive_queue),
		    socket->receive_queue == 1 ? "s" : "");
	if (socket->receive_queue < socket->send_queue) {
		text_format(out, " (%u may)", socket->send_queue);
		return;
	}
	text_format(out, ", and %u may: the queue is full, further clients are not let in. ", socket->send_queue);
	program(out, row);
	text_string(out, " does not call accept() fast enough");
}

static void note_close_wait(struct text *out, const struct socket_row *row)
{
	text_string(out, "the peer has closed the connection, and ");
	program(out, row);
	text_string(out, " has not: when this stays, it does not call close()");
}

static void note_unanswered(struct text *out, const struct socket_row *row)
{
	const struct socket *socket = row->socket;

	if (socket->state == SOCKET_SYN_SENT)
		text_string(out, "connect() has no answer yet");
	else
		text_format(out, "%u octet%s not acknowledged", socket->send_queue,
			    socket->send_queue == 1 ? " is" : "s are");
	if (socket->retransmits)
		text_format(out, ", and %s again %u time%s: the peer, or the path to it, does not answer",
			    socket->state == SOCKET_SYN_SENT ? "the SYN was sent" : "were sent", socket->retransmits,
			    plural(socket->retransmits));
}

static void note_unread(struct text *out, const struct socket_row *row)
{
	const struct socket *socket = row->socket;

	if (socket->kind == SOCKET_UDP || socket->kind == SOCKET_RAW)
		text_format(out, "datagrams that take %u octets of memory wait to be read", socket->receive_queue);
	else
		text_format(out, "%u octet%s to be read", socket->receive_queue,
			    socket->receive_queue == 1 ? " waits" : "s wait");
	text_string(out, ": ");
	program(out, row);
	text_string(out, " does not read, or reads slowly");
}

static void note_drops(struct text *out, const struct socket_row *row)
{
	uint32_t drops = row->socket->memory.drops;

	text_format(out, "%u packet%s dropped, most often because the receive buffer was full", drops,
		    drops == 1 ? " was" : "s were");
}

static bool listens(const struct socket *socket)
{
	return socket->state == SOCKET_LISTEN && socket->receive_queue;
}

static bool waits_for_close(const struct socket *socket)
{
	return socket->state == SOCKET_CLOSE_WAIT;
}

static bool is_unanswered(const struct socket *socket)
{
	return socket->state == SOCKET_SYN_SENT || (socket->kind == SOCKET_TCP && socket->state != SOCKET_LISTEN &&
						    socket->send_queue && socket->retransmits);
}

static bool has_drops(const struct socket *socket)
{
	return socket->has_memory && socket->memory.drops;
}

static bool is_unread(const struct socket *socket)
{
	return socket->state != SOCKET_LISTEN && socket->state != SOCKET_TIME_WAIT && socket->kind != SOCKET_PACKET &&
	       socket->receive_queue;
}

/* The first that holds is told. */
static const struct {
	bool (*holds)(const struct socket *socket);
	void (*tell)(struct text *out, const struct socket_row *row);
} notes[] = {
	{ waits_for_close, note_close_wait }, { listens, note_listener },
	{ is_unanswered, note_unanswered },   { has_drops, note_drops },
	{ is_unread, note_unread },
};

void sockets_note(struct text *out, const struct socket_row *row, unsigned *count)
{
	for (size_t i = 0; i < sizeof notes / sizeof *notes; i++) {
		if (!notes[i].holds(row->socket))
			continue;
		if (++*count > SOCKETS_NOTES)
			return;
		end_of(out, row->socket);
		notes[i].tell(out, row);
		text_string(out, ".\n");
		return;
	}
}

void sockets_notes_end(struct text *out, unsigned count)
{
	if (count > SOCKETS_NOTES)
		text_format(out, "%u more sockets are remarkable.\n", count - SOCKETS_NOTES);
}
