/* SPDX-License-Identifier: BSD-2-Clause */
#include "render/sockets_parts.h"

#include <netdb.h>

#define PROTOENT 1024 /* octets of a protocol's line */

void sockets_port(struct text *out, const struct sockets_look *look, const struct socket *socket,
		  const struct address *address)
{
	uint16_t port = address_port(address);
	const struct service *service = NULL;

	if (!port) {
		text_char(out, '*');
		return;
	}
	if (look->services)
		service = names_service(look->services, port, socket->kind == SOCKET_TCP);
	if (service)
		text_add(out, service->name, service->length);
	else
		text_uint(out, port);
}

void sockets_protocol(struct text *out, const struct sockets_look *look, unsigned protocol)
{
	struct protoent space, *found = NULL;
	char room[PROTOENT];

	if (look->services && !getprotobynumber_r((int)protocol, &space, room, sizeof room, &found) && found)
		text_escaped(out, found->p_name, strlen(found->p_name));
	else
		text_uint(out, protocol);
}

void sockets_holders(struct text *out, const char *word, const struct holder *list, size_t count)
{
	if (!count)
		return;
	text_format(out, " %s:(", word);
	for (size_t i = 0; i < count; i++) {
		const char *name = list[i].process->name;

		text_string(out, i ? ",(\"" : "(\"");
		if (name)
			text_escaped(out, name, strlen(name));
		text_string(out, "\",pid=");
		text_uint(out, list[i].process->pid);
		text_string(out, ",fd=");
		text_uint(out, (uint64_t)list[i].fd);
		text_char(out, ')');
	}
	text_char(out, ')');
}

void sockets_memory(struct text *out, const struct socket_memory *memory)
{
	text_format(out, " skmem:(r%u,rb%u,t%u,tb%u,f%u,w%u,o%u,bl%u,d%u)", memory->receive, memory->receive_most,
		    memory->send, memory->send_most, memory->forward, memory->queued, memory->option, memory->backlog,
		    memory->drops);
}
