/* SPDX-License-Identifier: BSD-2-Clause */
#include "sockets/port.h"

#include <stdio.h>

#include "sockets/holders.h"
#include "sockets/socktable.h"

#define RANKS 4

/* A listener before a connection, this family before the other: there a wildcard of IPv6 may take IPv4 as well. */
static unsigned rank_of(const struct socket *socket, const struct address *wanted)
{
	bool listens = socket->kind == SOCKET_UDP || socket->state == SOCKET_LISTEN;

	return (listens ? 0 : 2) + (socket->family == wanted->storage.ss_family ? 0 : 1);
}

static bool in_the_way(const struct socket *socket, const struct address *wanted)
{
	if (!socket->inode || address_port(&socket->local) != address_port(wanted))
		return false;
	return address_is_any(&socket->local) ||
	       (socket->family == wanted->storage.ss_family && address_is_any(wanted)) ||
	       address_same_host(wanted, &socket->local);
}

static const struct process *find(const struct socktable *table, const struct holders *holders,
				  const struct address *wanted)
{
	for (unsigned rank = 0; rank < RANKS; rank++)
		for (size_t i = 0; i < table->count; i++) {
			const struct holder *holder;
			size_t count;

			if (!in_the_way(&table->list[i], wanted) || rank_of(&table->list[i], wanted) != rank)
				continue;
			holder = holders_of(holders, table->list[i].inode, &count);
			if (holder)
				return holder->process;
		}
	return NULL;
}

static bool somebody(const struct socktable *table, const struct address *wanted)
{
	size_t i = 0;

	while (i < table->count && !in_the_way(&table->list[i], wanted))
		i++;
	return i < table->count;
}

/* What cannot be read is not seen from here, which is the answer. */
bool port_holder(const struct address *address, int type, struct port_holder *out)
{
	struct socktable_request request = { .kinds = 1u << (type == SOCK_STREAM ? SOCKET_TCP : SOCKET_UDP) };
	struct socktable table = { 0 };
	struct holders holders = { 0 };
	const struct process *process = NULL;
	struct error unseen;

	*out = (struct port_holder){ 0 };
	if (!socktable_read(&table, &request, &unseen) && somebody(&table, address) &&
	    !holders_read(&holders, NULL, &unseen))
		process = find(&table, &holders, address);
	if (process) {
		out->pid = process->pid;
		snprintf(out->name, sizeof out->name, "%s", process->name ? process->name : "a program");
	}
	holders_release(&holders);
	socktable_release(&table);
	return process;
}
