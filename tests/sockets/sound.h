/* SPDX-License-Identifier: BSD-2-Clause */
/* What holds for every socket of a table, whatever the kernel is said to have answered. */
#pragma once

#include <linux/tcp.h>
#include <string.h>

#include "base/error.h"
#include "sockets/socktable.h"

static inline void sound_address(const struct address *address, int family)
{
	if (address->length &&
	    (address->storage.ss_family != family ||
	     address->length != (family == AF_INET ? sizeof address->storage.v4 : sizeof address->storage.v6)))
		bug("an address of %d octets and family %d", (int)address->length, address->storage.ss_family);
}

/* Reads all of it, for the sanitizers. */
static inline void sound_socket(const struct socket *socket, enum socket_kind kind)
{
	size_t sum = socket->name ? strlen(socket->name) : 0;

	if (socket->kind != kind || socket->source > FROM_PROC || !socket->state || socket->state >= SOCKET_STATES)
		bug("kind %d, source %d, state %d", socket->kind, socket->source, socket->state);
	if (kind <= SOCKET_RAW && socket->family != AF_INET && socket->family != AF_INET6)
		bug("family %d", socket->family);
	sound_address(&socket->local, socket->family);
	sound_address(&socket->remote, socket->family);
	for (size_t i = 0; socket->info && i < sizeof *socket->info; i++)
		sum += ((const uint8_t *)socket->info)[i];
	sum += (socket->congestion ? strlen(socket->congestion) : 0) + socket_serves(socket, AF_INET);
	if (sum == SIZE_MAX) /* so that none of this is left out */
		bug("more octets than there are");
}
