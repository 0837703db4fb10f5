/* SPDX-License-Identifier: BSD-2-Clause */
#include "render/names.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "render/render.h"

#define PORTS 65536

struct names {
	uint16_t slots[2][PORTS]; /* udp, tcp: 0 nothing, else index + 1 */
	struct service *services;
	size_t count;
};

/* A name is shown whole or not at all; RFC 6335 section 5.1 allows 15 octets. The first line of a port wins. */
static void add_service(struct names *names, const struct servent *entry)
{
	bool tcp = !strcmp(entry->s_proto, "tcp");
	uint16_t *slot = &names->slots[tcp][ntohs((uint16_t)entry->s_port)];
	size_t length = strlen(entry->s_name);
	struct service *service;

	if (*slot || (!tcp && strcmp(entry->s_proto, "udp")) || length >= sizeof service->name ||
	    names->count == UINT16_MAX)
		return;
	names->services = mem_resize(names->services, names->count + 1, sizeof *names->services);
	service = &names->services[names->count++];
	*service = (struct service){ .length = (uint8_t)length };
	for (size_t i = 0; i < length; i++)
		service->name[i] = entry->s_name[i] > ' ' && entry->s_name[i] < 0x7f ? entry->s_name[i] : '?';
	*slot = (uint16_t)names->count;
}

struct names *names_new(void)
{
	struct names *names = mem_new(1, sizeof *names);
	struct servent space, *entry;
	size_t size = 1024;
	char *buffer = mem_new(size, 1);
	int error;

	setservent(1);
	while (!(error = getservent_r(&space, buffer, size, &entry)) || error == ERANGE) {
		if (!error)
			add_service(names, entry);
		else
			buffer = mem_resize(buffer, size *= 2, 1);
	}
	endservent();
	free(buffer);
	return names;
}

void names_free(struct names *names)
{
	if (!names)
		return;
	free(names->services);
	free(names);
}

const struct service *names_service(const struct names *names, uint16_t port, bool tcp)
{
	uint16_t slot = names->slots[tcp][port];

	return slot ? &names->services[slot - 1] : NULL;
}

const struct service *names_of_port(const struct names *names, const struct field_def *def, uint64_t port)
{
	if (!names || (def->role != ROLE_SRC_PORT && def->role != ROLE_DST_PORT) || port >= PORTS)
		return NULL;
	return names_service(names, (uint16_t)port, !strncmp(def->name, "tcp.", 4));
}

