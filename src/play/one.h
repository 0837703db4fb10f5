/* SPDX-License-Identifier: BSD-2-Clause */
/* One connection, served to its end: for models that give a connection all of their attention, or all of a thread's. */
#pragma once

#include "play/serving.h"

/*
 * Serves the connection until it is over or the server stops, then forgets it. It waits, with poll(2), for the
 * connection, for the server's signals (unless server->shared: then the thread that accepts takes them and wakes the
 * others) and for `wake`. Called without the lock; takes it where it is needed.
 *
 * wake: a non-blocking descriptor, or -1. Readable: another thread has queued octets for this connection, or the server
 * stops. It is read empty (an eventfd, a pipe). When it is a pipe whose other end is closed, this process's server
 * stops.
 *
 * It needs 32 KiB of stack for itself, besides what a service and a reporter need.
 *
 * others: called (locked) for each other connection that has news because of this one; NULL when there can be none. It
 * may write to it, and wakes whoever serves it; it must not forget it.
 */
void serve_one(struct server *server, struct connection *c, int wake,
	       void (*others)(struct server *server, struct connection *other));
