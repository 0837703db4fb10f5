/* SPDX-License-Identifier: BSD-2-Clause */
#include "play/loop.h"

#include <errno.h>

#include "base/mem.h"

#define ACCEPT_MOST 64 /* clients accepted before the others are looked at again */
#define BATCHES_MOST 8 /* batches of datagrams taken before */

static const char *watch(struct loop *loop, int fd, unsigned flags)
{
	struct watched *watched;
	const char *refusal;

	if (fd >= loop->size) {
		int size = loop->size ? loop->size : 64;

		while (size <= fd)
			size *= 2;
		loop->watched = mem_resize(loop->watched, (size_t)size, sizeof *loop->watched);
		memset(loop->watched + loop->size, 0, (size_t)(size - loop->size) * sizeof *loop->watched);
		loop->size = size;
	}
	watched = &loop->watched[fd];
	if (watched->known && watched->flags == flags)
		return NULL;
	refusal = loop->kind->watch(loop, fd, flags);
	if (refusal)
		return refusal;
	watched->known = true;
	watched->flags = (uint8_t)flags;
	return NULL;
}

static void forget(struct loop *loop, struct connection *c)
{
	if (c->fd < loop->size && loop->watched[c->fd].known) {
		loop->kind->forget(loop, c->fd);
		loop->watched[c->fd] = (struct watched){ 0 };
	}
	server_forget(loop->server, c);
}

static void watch_connection(struct loop *loop, struct connection *c)
{
	size_t pending;
	unsigned flags = connection_reads(c) ? LOOP_READ : 0;
	const char *refusal;

	if (connection_pending(c, &pending))
		flags |= LOOP_WRITE;
	refusal = watch(loop, c->fd, flags);
	if (refusal) {
		connection_drop(c, refusal, refusal);
		forget(loop, c);
	} else {
		loop->watched[c->fd].connection = c;
	}
}

/*
 * Sends what the callbacks have queued, once for each connection however often they did. Only here are connections
 * forgotten, when nothing of what wait() has found is left to be looked at.
 */
static void settle(struct loop *loop)
{
	struct connection *c;

	while ((c = server_news(loop->server))) {
		connection_write(c);
		if (connection_over(c))
			forget(loop, c);
		else
			watch_connection(loop, c);
	}
}

/* ------------------------------------------------------------------------------------------------ what is ready */

static void accept_some(struct loop *loop, const struct listener *listener)
{
	struct connection *c;

	for (int i = 0; i < ACCEPT_MOST && (c = server_accept(loop->server, listener)); i++)
		connection_news(c); /* settle() has it watched */
}

static void take_some(struct loop *loop, const struct listener *listener)
{
	for (int i = 0; i < BATCHES_MOST; i++)
		if (server_datagrams(loop->server, listener) < DATAGRAM_BATCH)
			return;
}

static void serve_connection(struct loop *loop, struct connection *c, unsigned flags)
{
	if (flags & LOOP_READ)
		connection_read(c, loop->buffer, CONNECTION_READ);
	if (flags & LOOP_WRITE)
		connection_news(c); /* settle() writes */
}

void loop_ready(struct loop *loop, int fd, unsigned flags)
{
	const struct watched *watched = &loop->watched[fd];

	if (watched->connection)
		serve_connection(loop, watched->connection, flags);
	else if (watched->listener && watched->listener->type == SOCK_DGRAM)
		take_some(loop, watched->listener);
	else if (watched->listener)
		accept_some(loop, watched->listener);
	else
		server_signalled(loop->server);
}

/* ------------------------------------------------------------------------------------------------ the loop */

static const char *watch_listeners(struct loop *loop, unsigned flags, bool datagrams)
{
	struct server *server = loop->server;

	for (unsigned i = 0; i < server->listener_count; i++) {
		const struct listener *listener = &server->listeners[i];
		const char *refusal = NULL;

		if (datagrams || listener->type == SOCK_STREAM)
			refusal = watch(loop, listener->fd, flags);
		if (refusal)
			return refusal;
		loop->watched[listener->fd].listener = listener;
	}
	return NULL;
}

static int begin(struct loop *loop, struct error *err)
{
	int signals = server_signals(loop->server);
	const char *refusal = watch_listeners(loop, LOOP_READ, true);

	if (!refusal && signals >= 0)
		refusal = watch(loop, signals, LOOP_READ);
	return refusal ? error_set(err, "the sockets cannot be watched: %s", refusal) : 0;
}

static void pause_when_full(struct loop *loop)
{
	bool full = loop->server->reserve < 0 && server_full(loop->server);

	if (full == loop->paused)
		return;
	watch_listeners(loop, full ? 0 : LOOP_READ, false);
	loop->paused = full;
}

static int go_round(struct loop *loop, struct error *err)
{
	if (loop->kind->wait(loop, server_patience(loop->server, NULL)) < 0 && errno != EINTR)
		return error_errno(err, "the sockets cannot be waited for");
	server_tick(loop->server, NULL);
	settle(loop);
	pause_when_full(loop);
	return 0;
}

int loop_run(struct server *server, const struct readiness *kind, struct error *err)
{
	struct loop loop = { .server = server, .kind = kind };
	int result;

	if (kind->open(&loop, err))
		return -1;
	loop.buffer = mem_new(CONNECTION_READ, 1);
	result = begin(&loop, err);
	while (!result && !server_stops(server))
		result = go_round(&loop, err);
	kind->close(&loop);
	free(loop.buffer);
	free(loop.watched);
	return result;
}
