/* SPDX-License-Identifier: BSD-2-Clause */
#include "play/front.h"

#include <errno.h>

enum { POLL_SIGNALS, POLL_OWN, POLL_LISTENERS, POLL_COUNT = POLL_LISTENERS + SERVER_LISTENERS };

static bool is_left_waiting(struct server *server, const struct listener *listener)
{
	return listener->type == SOCK_STREAM && server->reserve < 0 && server_full(server);
}

/* Not locked while it sleeps. */
static int sleep_until_next(struct server *server, int own, bool closed, struct pollfd fds[POLL_COUNT])
{
	unsigned count = server->listener_count;
	int patience = server_patience(server, NULL), ready;

	fds[POLL_SIGNALS] = (struct pollfd){ server_signals(server), POLLIN, 0 };
	fds[POLL_OWN] = (struct pollfd){ own, POLLIN, 0 };
	for (unsigned i = 0; i < count; i++) {
		const struct listener *listener = &server->listeners[i];
		bool left = closed || is_left_waiting(server, listener);

		fds[POLL_LISTENERS + i] = (struct pollfd){ left ? -1 : listener->fd, POLLIN, 0 };
	}
	server_unlock(server);
	ready = sock_poll(server->options->narrator, fds, POLL_LISTENERS + count, patience,
			  "Sleeps until the next client comes.");
	server_lock(server);
	return ready;
}

int front_wait(struct server *server, int own, bool closed,
	       void (*serve)(struct server *server, const struct listener *listener), struct error *err)
{
	struct pollfd fds[POLL_COUNT];
	int ready, error;

	server_lock(server);
	ready = sleep_until_next(server, own, closed, fds);
	error = errno;
	if (ready > 0 && fds[POLL_SIGNALS].revents)
		server_signalled(server);
	for (unsigned i = 0; i < server->listener_count && ready > 0 && !server_stops(server); i++)
		if (fds[POLL_LISTENERS + i].revents)
			serve(server, &server->listeners[i]);
	server_tick(server, NULL);
	server_unlock(server);
	errno = error;
	return ready < 0 && error != EINTR ? error_errno(err, "the next client cannot be waited for") : 0;
}
