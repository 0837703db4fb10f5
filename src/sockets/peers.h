/* SPDX-License-Identifier: BSD-2-Clause */
/* The other end of a connection, when it is a socket of the same table. */
#pragma once

#include <stddef.h>

#include "sockets/socktable.h"

/* Zero-initialise it; it may be built again. */
struct peers {
	const struct socktable *table;
	uint32_t *slots; /* of sockets, by their own ends: 1 + index in the table */
	size_t size;     /* a power of two */
};

#define PEERS_NONE SIZE_MAX

/*
 * The table must not be read again while the peers are in use. Of UDP only connected sockets have a peer: who sends
 * from one to anybody has many.
 */
void peers_build(struct peers *peers, const struct socktable *table);
void peers_release(struct peers *peers);

/*
 * Index of the socket at the other end of the table's socket `index`: TCP and UDP: the one whose ends are these two,
 * swapped; unix: the one it is connected to. PEERS_NONE: it is not connected, its peer is not here, or several
 * sockets have these ends, so that it may be any of them.
 */
size_t peers_of(const struct peers *peers, size_t index);
