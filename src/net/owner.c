/* SPDX-License-Identifier: BSD-2-Clause */
#include "net/owner.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SOCKETS_MOST 64       /* on the port, of which the first are looked at */
#define LINKS_MOST 500000     /* descriptors of other processes that are looked at, about a second's work */
#define TCP_LISTEN_STATE 0x0a /* as /proc/net/tcp has it */

/* A socket on the port; the lower the rank the more likely it is what stands in the way. */
struct candidate {
	unsigned long inode;
	unsigned rank;
};

struct search {
	const struct address *wanted;
	int type;
	struct candidate found[SOCKETS_MOST];
	size_t count;
	unsigned links;
	unsigned best; /* rank of *out; above all ranks: nothing yet */
	struct owner *out;
};

/* ------------------------------------------------------------------------------------------------ their sockets */

static const struct {
	const char *path;
	int type, family;
} tables[] = {
	{ "/proc/net/udp", SOCK_DGRAM, AF_INET },
	{ "/proc/net/udp6", SOCK_DGRAM, AF_INET6 },
	{ "/proc/net/tcp", SOCK_STREAM, AF_INET },
	{ "/proc/net/tcp6", SOCK_STREAM, AF_INET6 },
};

/* The table has the octets of an address as numbers of four octets in the order of this machine, in hex. */
static bool read_address(const char *hex, unsigned port, int family, struct address *out)
{
	unsigned words[4] = { 0 };
	int count = sscanf(hex, "%8x%8x%8x%8x", &words[0], &words[1], &words[2], &words[3]);

	*out = (struct address){ .storage.ss_family = (sa_family_t)family };
	out->length = family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
	if (family == AF_INET)
		memcpy(&((struct sockaddr_in *)&out->storage)->sin_addr, words, 4);
	else
		memcpy(&((struct sockaddr_in6 *)&out->storage)->sin6_addr, words, 16);
	address_set_port(out, (uint16_t)port);
	return count == (family == AF_INET ? 1 : 4);
}

/* Scopes are not in the table, so addresses of one link are compared without. */
static bool same_host(const struct address *a, struct address b)
{
	if (a->storage.ss_family == AF_INET6 && b.storage.ss_family == AF_INET6)
		((struct sockaddr_in6 *)&b.storage)->sin6_scope_id =
			((const struct sockaddr_in6 *)&a->storage)->sin6_scope_id;
	return address_equal(a, &b);
}

/* A listener before a connection, this family before the other: there a wildcard of IPv6 may take IPv4 as well. */
static bool in_the_way(const struct search *search, const struct address *local, unsigned state, unsigned *rank)
{
	bool same_family = search->wanted->storage.ss_family == local->storage.ss_family;
	bool listens = search->type == SOCK_DGRAM || state == TCP_LISTEN_STATE;

	if (address_port(local) != address_port(search->wanted))
		return false;
	*rank = (listens ? 0 : 2) + (same_family ? 0 : 1);
	return address_is_any(local) || (same_family && address_is_any(search->wanted)) ||
	       same_host(search->wanted, *local);
}

static void read_line(struct search *search, const char *line, int family)
{
	struct candidate *next = &search->found[search->count];
	struct address local;
	char hex[33];
	unsigned port, state;

	if (sscanf(line, " %*d: %32[0-9A-Fa-f]:%x %*[0-9A-Fa-f]:%*x %x %*x:%*x %*x:%*x %*x %*d %*d %lu", hex, &port,
		   &state, &next->inode) != 4 || !next->inode)
		return;
	if (read_address(hex, port, family, &local) && in_the_way(search, &local, state, &next->rank))
		search->count++;
}

static void read_table(struct search *search, const char *path, int family)
{
	FILE *file = fopen(path, "re");
	char line[512];

	if (!file)
		return; /* a kernel without IPv6 */
	while (search->count < SOCKETS_MOST && fgets(line, sizeof line, file))
		read_line(search, line, family);
	fclose(file);
}

/* ------------------------------------------------------------------------------------------------ their processes */

static void read_name(const char *pid, struct owner *out)
{
	char path[64];
	FILE *file;

	snprintf(path, sizeof path, "/proc/%.20s/comm", pid);
	file = fopen(path, "re");
	if (!file || !fgets(out->name, sizeof out->name, file))
		snprintf(out->name, sizeof out->name, "a program");
	out->name[strcspn(out->name, "\n")] = '\0';
	if (file)
		fclose(file);
}

/* Takes note of the process when the link is a better candidate than what was seen before. */
static void look_at(struct search *search, const char *pid, const char *link)
{
	unsigned long inode;

	if (sscanf(link, "socket:[%lu]", &inode) != 1)
		return;
	for (size_t i = 0; i < search->count; i++)
		if (search->found[i].inode == inode && search->found[i].rank < search->best) {
			search->best = search->found[i].rank;
			search->out->pid = (pid_t)strtol(pid, NULL, 10);
			read_name(pid, search->out);
		}
}

static void look_into(struct search *search, const char *pid)
{
	char path[64], link[64];
	const struct dirent *entry;
	DIR *folder;

	snprintf(path, sizeof path, "/proc/%.20s/fd", pid);
	folder = opendir(path);
	if (!folder)
		return; /* it ended, or belongs to somebody else */
	while (search->best > 0 && search->links < LINKS_MOST && (entry = readdir(folder))) {
		ssize_t length = readlinkat(dirfd(folder), entry->d_name, link, sizeof link - 1);

		search->links++;
		if (length <= 0)
			continue;
		link[length] = '\0';
		look_at(search, pid, link);
	}
	closedir(folder);
}

static void look_everywhere(struct search *search)
{
	DIR *folder = opendir("/proc");
	const struct dirent *entry;

	if (!folder)
		return;
	while (search->best > 0 && (entry = readdir(folder)))
		if (isdigit((unsigned char)entry->d_name[0]))
			look_into(search, entry->d_name);
	closedir(folder);
}

bool owner_of(const struct address *address, int type, struct owner *out)
{
	struct search search = { .wanted = address, .type = type, .best = ~0u, .out = out };

	*out = (struct owner){ 0 };
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		if (tables[i].type == type)
			read_table(&search, tables[i].path, tables[i].family);
	if (search.count)
		look_everywhere(&search);
	return search.best != ~0u;
}
