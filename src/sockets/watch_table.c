/* SPDX-License-Identifier: BSD-2-Clause */
/* The sockets that were seen last. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sockets/watch_parts.h"

/* ------------------------------------------------------------------------------------------------ finding */

static uint64_t mix(uint64_t hash, uint64_t value)
{
	hash = (hash ^ value) * UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ hash >> 32;
}

/* Whatever it is known by, equal sockets have equal ones. */
static uint64_t hash_of(const struct socket *socket)
{
	if (socket->cookie)
		return mix(socket->kind, socket->cookie);
	if (socket->inode)
		return mix(~(uint64_t)socket->kind, socket->inode);
	return mix(mix(socket->kind, address_port(&socket->local)), address_port(&socket->remote));
}

static bool same(const struct socket *a, const struct socket *b)
{
	if (a->kind != b->kind || a->cookie != b->cookie)
		return false;
	if (a->cookie)
		return true;
	if (a->inode || b->inode)
		return a->inode == b->inode;
	return a->family == b->family && address_equal(&a->local, &b->local) && address_equal(&a->remote, &b->remote);
}

static struct watched **slot_of(const struct watch *watch, const struct socket *socket)
{
	return &watch->slots[hash_of(socket) & (watch->size - 1)];
}

struct watched *watched_find(const struct watch *watch, const struct socket *socket)
{
	struct watched *watched = *slot_of(watch, socket);

	while (watched && !same(&watched->socket, socket))
		watched = watched->next;
	return watched;
}

static void resize(struct watch *watch)
{
	struct watched **old = watch->slots;
	size_t old_size = watch->size;

	watch->size *= 2;
	watch->slots = mem_new(watch->size, sizeof(struct watched *));
	for (size_t i = 0; i < old_size; i++)
		for (struct watched *next, *watched = old[i]; watched; watched = next) {
			struct watched **slot = slot_of(watch, &watched->socket);

			next = watched->next;
			watched->next = *slot;
			*slot = watched;
		}
	free(old);
}

struct watched *watched_add(struct watch *watch, const struct socket *socket)
{
	struct watched *watched = pool_take(&watch->pool);
	struct watched **slot;

	if (watch->count++ == watch->size)
		resize(watch);
	slot = slot_of(watch, socket);
	*watched = (struct watched){ .next = *slot };
	*slot = watched;
	watched_update(watched, socket);
	return watched;
}

static void discard(struct watch *watch, struct watched *watched)
{
	free((char *)watched->socket.name);
	free(watched->holders);
	pool_give(&watch->pool, watched);
	watch->count--;
}

void watched_sweep(struct watch *watch, bool (*gone)(void *context, struct watched *watched), void *context)
{
	for (size_t i = 0; i < watch->size; i++)
		for (struct watched **at = &watch->slots[i]; *at;) {
			struct watched *watched = *at;

			if (!gone(context, watched)) {
				at = &watched->next;
				continue;
			}
			*at = watched->next;
			discard(watch, watched);
		}
}

/* ------------------------------------------------------------------------------------------------ what is kept */

static bool same_name(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

void watched_update(struct watched *watched, const struct socket *socket)
{
	const char *name = watched->socket.name;

	if (!same_name(name, socket->name)) {
		free((char *)name);
		name = socket->name ? mem_copy_string(socket->name) : NULL;
	}
	watched->socket = *socket;
	watched->socket.name = name;
	watched->socket.congestion = NULL; /* what is the table's goes with it */
	watched->socket.info = NULL;
}

static bool same_processes(const struct holder *a, size_t a_count, const struct holder *b, size_t b_count)
{
	size_t i = 0, j = 0;

	while (i < a_count && j < b_count && a[i].process->pid == b[j].process->pid) {
		uint32_t pid = a[i].process->pid;

		while (i < a_count && a[i].process->pid == pid)
			i++;
		while (j < b_count && b[j].process->pid == pid)
			j++;
	}
	return i == a_count && j == b_count;
}

/* Behind the holders their processes, and behind those the names. */
static struct holder *copy(const struct holder *from, size_t count)
{
	size_t names = 0;
	struct process *process;
	struct holder *to;
	char *name;

	for (size_t i = 0; i < count; i++)
		names += from[i].process->name ? strlen(from[i].process->name) + 1 : 0;
	to = mem_new(1, count * (sizeof *to + sizeof *process) + names);
	process = (struct process *)(to + count);
	name = (char *)(process + count);
	for (size_t i = 0; i < count; i++, process++) {
		*process = (struct process){ .pid = from[i].process->pid };
		if (from[i].process->name) {
			size_t size = strlen(from[i].process->name) + 1;

			process->name = memcpy(name, from[i].process->name, size);
			name += size;
		}
		to[i] = from[i];
		to[i].process = process;
	}
	return to;
}

bool watched_own(struct watched *watched, const struct holder *holders, size_t count)
{
	if (count > OWNERS_MOST)
		count = OWNERS_MOST;
	if (same_processes(watched->holders, watched->holder_count, holders, count))
		return false;
	free(watched->holders);
	watched->holders = count ? copy(holders, count) : NULL;
	watched->holder_count = count;
	return true;
}
