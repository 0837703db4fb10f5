/* SPDX-License-Identifier: BSD-2-Clause */
/* Ends, sockets and questions in one form, and compared. */
#include <netinet/in.h>

#include "sockets/owners_parts.h"

static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

void place_from(struct place *place, const struct address *address)
{
	*place = (struct place){ .port = address->length ? address_port(address) : 0 };
	if (address->length && address->storage.ss_family == AF_INET) {
		memcpy(place->address, mapped, sizeof mapped);
		memcpy(place->address + 12, &((const struct sockaddr_in *)&address->storage)->sin_addr, 4);
	} else if (address->length) {
		memcpy(place->address, &((const struct sockaddr_in6 *)&address->storage)->sin6_addr, 16);
	}
}

void place_address(const struct place *place, struct address *address)
{
	*address = (struct address){ .length = 0 };
	if (!place->port)
		return;
	if (!memcmp(place->address, mapped, sizeof mapped)) {
		address->storage.ss_family = AF_INET;
		address->length = sizeof(struct sockaddr_in);
		memcpy(&((struct sockaddr_in *)&address->storage)->sin_addr, place->address + 12, 4);
	} else {
		address->storage.ss_family = AF_INET6;
		address->length = sizeof(struct sockaddr_in6);
		memcpy(&((struct sockaddr_in6 *)&address->storage)->sin6_addr, place->address, 16);
	}
	address_set_port(address, place->port);
}

void end_key_from(struct end_key *key, const struct socket_ends *ends)
{
	*key = (struct end_key){ .kind = ends->kind };
	place_from(&key->local, &ends->local);
	place_from(&key->remote, &ends->remote);
	key->v4 = !memcmp(key->local.address, mapped, sizeof mapped);
}

uint64_t socket_identity(const struct socket *socket)
{
	return socket->cookie || !socket->inode ? socket->cookie : socket->inode | UINT64_C(1) << 63;
}

void tenure_describe(struct tenure *tenure, const struct socket *socket)
{
	struct socket_ends ends = { .kind = socket->kind, .local = socket->local, .remote = socket->remote };

	end_key_from(&tenure->key, &ends);
	tenure->id = socket_identity(socket);
	/* One that is closing has none any more, but it was somebody's. */
	tenure->inode = socket->inode ? socket->inode : tenure->inode;
	tenure->any = address_is_any(&socket->local);
	tenure->serves_v4 = socket_serves(socket, AF_INET);
	tenure->serves_v6 = socket_serves(socket, AF_INET6);
	tenure->listens = socket->kind == SOCKET_TCP && socket->state == SOCKET_LISTEN;
}

bool tenure_serves(const struct tenure *tenure, const struct end_key *key)
{
	if (tenure->key.kind != key->kind || tenure->key.local.port != key->local.port)
		return false;
	if (tenure->key.remote.port && !place_same(&tenure->key.remote, &key->remote))
		return false;
	if (tenure->any)
		return key->v4 ? tenure->serves_v4 : tenure->serves_v6;
	return !memcmp(tenure->key.local.address, key->local.address, sizeof key->local.address);
}
