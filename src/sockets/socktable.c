/* SPDX-License-Identifier: BSD-2-Clause */
#include "sockets/socktable.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sockets/socktable_parts.h"

/* ------------------------------------------------------------------------------------------------ rows */

struct socket *socktable_add(struct socktable *table)
{
	struct socket *added;

	if (table->count == SOCKTABLE_SOCKETS) {
		table->cut = true;
		return NULL;
	}
	if (table->count == table->room) {
		table->room = table->room ? 2 * table->room : 64;
		table->list = mem_resize(table->list, table->room, sizeof *table->list);
	}
	added = &table->list[table->count++];
	memset(added, 0, sizeof *added);
	return added;
}

void socktable_drop(struct socktable *table)
{
	table->count--;
}

/* Scopes are told with the addresses of one link only, as programs are given them. */
void socket_address(struct address *out, int family, const void *octets, uint16_t port, uint32_t interface)
{
	struct sockaddr_in *v4 = &out->storage.v4;
	struct sockaddr_in6 *v6 = &out->storage.v6;

	out->storage.ss_family = (sa_family_t)family;
	if (family == AF_INET) {
		out->length = sizeof *v4;
		v4->sin_port = htons(port);
		memcpy(&v4->sin_addr, octets, sizeof v4->sin_addr);
		return;
	}
	out->length = sizeof *v6;
	v6->sin6_port = htons(port);
	memcpy(&v6->sin6_addr, octets, sizeof v6->sin6_addr);
	if (IN6_IS_ADDR_LINKLOCAL(&v6->sin6_addr) || IN6_IS_ADDR_MC_LINKLOCAL(&v6->sin6_addr))
		v6->sin6_scope_id = interface;
}

void socket_remote(struct address *out, int family, const void *octets, uint16_t port, uint32_t interface)
{
	static const uint8_t none[16];

	if (port || memcmp(octets, none, family == AF_INET ? 4 : 16) != 0)
		socket_address(out, family, octets, port, interface);
}

/* ------------------------------------------------------------------------------------------------ reading */

static int read_diag(struct socktable *table, enum socket_kind kind, const struct socktable_request *request)
{
	static const int families[] = { AF_INET, AF_INET6 };
	int error = 0;

	if (kind > SOCKET_RAW)
		return link_read(table, kind, 0, request);
	for (size_t i = 0; i < sizeof families / sizeof *families && !error; i++)
		if (!request->family || request->family == families[i])
			error = link_read(table, kind, families[i], request);
	return error;
}

static void read_kind(struct socktable *table, enum socket_kind kind, const struct socktable_request *request)
{
	size_t before = table->count;

	if (table->link && !request->from_proc && !read_diag(table, kind, request))
		return;
	table->count = before;
	table->from_proc |= 1u << kind;
	if (proc_read(table, kind, request) < 0)
		table->unreadable |= 1u << kind;
}

int socktable_read(struct socktable *table, const struct socktable_request *request, struct error *err)
{
	unsigned all = (1u << SOCKET_KINDS) - 1, kinds = request->kinds ? request->kinds & all : all;
	struct error refused = { "" };

	table->count = 0;
	table->from_proc = table->unreadable = 0;
	table->cut = table->interrupted = false;
	strings_clear(&table->strings);
	if (!request->from_proc && !table->link)
		socktable_open(table, &refused);
	for (unsigned kind = 0; kind < SOCKET_KINDS; kind++)
		if (kinds & 1u << kind)
			read_kind(table, (enum socket_kind)kind, request);
	if (table->unreadable != kinds)
		return 0;
	return error_set(err, "the table of sockets: neither sock_diag(7) nor /proc/net tells it%s%s; mount /proc",
			 refused.text[0] ? ": " : "", refused.text);
}

int socktable_open(struct socktable *table, struct error *err)
{
	if (!table->link)
		table->link = link_open(err);
	return table->link ? 0 : -1;
}

void socktable_release(struct socktable *table)
{
	link_close(table->link);
	strings_release(&table->strings);
	free(table->list);
	*table = (struct socktable){ 0 };
}
