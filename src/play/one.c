/* SPDX-License-Identifier: BSD-2-Clause */
#include "play/one.h"

#include <errno.h>
#include <unistd.h>

typedef void others_fn(struct server *server, struct connection *other);

enum { POLL_CLIENT, POLL_SIGNALS, POLL_WAKE, POLL_COUNT };

static void settle(struct server *server, const struct connection *c, others_fn *others)
{
	struct connection *news;

	while ((news = server_news(server)))
		if (news != c && others)
			others(server, news);
}

/* Not locked while it sleeps. */
static int wait_for_news(struct connection *c, int wake, struct pollfd fds[POLL_COUNT])
{
	struct server *server = c->server;
	int patience = server_patience(server, c), ready;
	size_t pending;

	fds[POLL_CLIENT] = (struct pollfd){ c->fd, connection_reads(c) ? POLLIN : 0, 0 };
	if (connection_pending(c, &pending))
		fds[POLL_CLIENT].events |= POLLOUT;
	fds[POLL_SIGNALS] = (struct pollfd){ server->shared ? -1 : server_signals(server), POLLIN, 0 };
	fds[POLL_WAKE] = (struct pollfd){ wake, POLLIN, 0 };
	server_unlock(server);
	ready = sock_poll(server->options->narrator, fds, POLL_COUNT, patience,
			  "Sleeps until this client sends something, or takes more of what waits for it.");
	server_lock(server);
	return ready;
}

static void take_wake(struct server *server, int wake)
{
	uint64_t octets[8];

	/* The end of a pipe: whoever could have woken us has gone. */
	if (!read(wake, octets, sizeof octets))
		server->stopping = true;
}

static void go_round(struct connection *c, int wake, uint8_t *buffer)
{
	struct pollfd fds[POLL_COUNT];
	int ready = wait_for_news(c, wake, fds);

	if (ready < 0 && errno != EINTR) {
		connection_drop(c, "it cannot be waited for", "it cannot be waited for: poll failed");
		return;
	}
	if (ready > 0 && fds[POLL_SIGNALS].revents)
		server_signalled(c->server);
	if (ready > 0 && fds[POLL_WAKE].revents)
		take_wake(c->server, wake);
	if (ready > 0 && fds[POLL_CLIENT].revents & ~POLLOUT)
		connection_read(c, buffer, CONNECTION_READ);
	server_tick(c->server, c);
	connection_write(c);
}

void serve_one(struct server *server, struct connection *c, int wake, others_fn *others)
{
	uint8_t buffer[CONNECTION_READ];

	server_lock(server);
	connection_write(c);
	settle(server, c, others);
	while (!connection_over(c) && !server_stops(server)) {
		go_round(c, wake, buffer);
		settle(server, c, others);
	}
	connection_close(c, "the server stops");
	server_forget(server, c);
	settle(server, NULL, others);
	server_unlock(server);
}
