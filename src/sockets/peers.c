/* SPDX-License-Identifier: BSD-2-Clause */
#include "sockets/peers.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* What a socket is looked up by: its ends, IPv4 written as IPv6; of unix the inode alone. */
struct key {
	uint8_t hosts[2][16];
	uint16_t ports[2];
	uint32_t kind;
	uint64_t inode;
};

static void set_host(uint8_t host[16], const struct address *address)
{
	if (address->storage.ss_family == AF_INET6) {
		memcpy(host, &address->storage.v6.sin6_addr, 16);
		return;
	}
	memset(host + 10, 0xff, 2);
	memcpy(host + 12, &address->storage.v4.sin_addr, 4);
}

/* False: it cannot be anybody's peer. */
static bool own_key(const struct socket *socket, struct key *key)
{
	*key = (struct key){ .kind = socket->kind };
	if (socket->kind == SOCKET_UNIX) {
		key->inode = socket->inode;
		return socket->inode;
	}
	if (socket->kind > SOCKET_UDP || !address_port(&socket->local) || !address_port(&socket->remote))
		return false;
	set_host(key->hosts[0], &socket->local);
	set_host(key->hosts[1], &socket->remote);
	key->ports[0] = address_port(&socket->local);
	key->ports[1] = address_port(&socket->remote);
	return true;
}

static bool peer_key(const struct socket *socket, struct key *key)
{
	struct key own;

	if (socket->kind == SOCKET_UNIX) {
		*key = (struct key){ .kind = SOCKET_UNIX, .inode = socket->peer_inode };
		return socket->peer_inode;
	}
	if (!own_key(socket, &own))
		return false;
	*key = own;
	memcpy(key->hosts[0], own.hosts[1], 16);
	memcpy(key->hosts[1], own.hosts[0], 16);
	key->ports[0] = own.ports[1];
	key->ports[1] = own.ports[0];
	return true;
}

static size_t slot_of(const struct peers *peers, const struct key *key)
{
	uint64_t words[sizeof *key / sizeof(uint64_t)], hash = 0;

	_Static_assert(sizeof words == sizeof *key, "a key is whole words");
	memcpy(words, key, sizeof words);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		hash = (hash ^ words[i]) * UINT64_C(0x9e3779b97f4a7c15);
		hash ^= hash >> 32;
	}
	return hash & (peers->size - 1);
}

/* Two with the same ends are as good as many: nobody can tell which is meant. */
static void insert(struct peers *peers, size_t index)
{
	const struct socket *list = peers->table->list;
	unsigned same = 0;
	struct key key, other;
	size_t slot;

	if (!own_key(&list[index], &key))
		return;
	for (slot = slot_of(peers, &key); peers->slots[slot]; slot = (slot + 1) & (peers->size - 1)) {
		own_key(&list[peers->slots[slot] - 1], &other);
		same += !memcmp(&key, &other, sizeof key);
		if (same == 2)
			return;
	}
	peers->slots[slot] = (uint32_t)(index + 1);
}

void peers_build(struct peers *peers, const struct socktable *table)
{
	peers_release(peers);
	peers->table = table;
	for (peers->size = 16; peers->size < 2 * table->count;)
		peers->size *= 2;
	peers->slots = mem_new(peers->size, sizeof *peers->slots);
	for (size_t i = 0; i < table->count; i++)
		insert(peers, i);
}

void peers_release(struct peers *peers)
{
	free(peers->slots);
	*peers = (struct peers){ 0 };
}

/* A link-local address is another one on every interface. */
static bool same_link(const struct socket *a, const struct socket *b)
{
	const struct sockaddr_in6 *x = &a->local.storage.v6, *y = &b->local.storage.v6;

	return a->family != AF_INET6 || b->family != AF_INET6 || !x->sin6_scope_id || !y->sin6_scope_id ||
	       x->sin6_scope_id == y->sin6_scope_id;
}

/* A table that changed while it was read may have one socket twice. */
static bool same_socket(const struct socket *a, const struct socket *b)
{
	return (a->cookie && a->cookie == b->cookie) || (a->inode && a->inode == b->inode);
}

size_t peers_of(const struct peers *peers, size_t index)
{
	const struct socket *list = peers->table->list, *socket = &list[index];
	size_t found = PEERS_NONE;
	struct key wanted, key;

	if (!peer_key(socket, &wanted))
		return PEERS_NONE;
	for (size_t slot = slot_of(peers, &wanted); peers->slots[slot]; slot = (slot + 1) & (peers->size - 1)) {
		size_t other = peers->slots[slot] - 1;

		if (!own_key(&list[other], &key) || memcmp(&key, &wanted, sizeof key) != 0 ||
		    !same_link(socket, &list[other]))
			continue;
		if (found != PEERS_NONE && !same_socket(&list[found], &list[other]))
			return PEERS_NONE;
		found = other;
	}
	return found;
}
