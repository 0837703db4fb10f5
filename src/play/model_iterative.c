/* SPDX-License-Identifier: BSD-2-Clause */
/* iterative: one client after the other. */
#include "play/front.h"
#include "play/models.h"
#include "play/one.h"

static void serve_next(struct server *server, const struct listener *listener)
{
	struct connection *c;

	if (listener->type == SOCK_DGRAM) {
		server_datagrams(server, listener);
		return;
	}
	c = server_accept(server, listener);
	if (c)
		serve_one(server, c, -1, NULL);
}

static int iterative_run(struct server *server, struct error *err)
{
	int result = 0;

	while (!result && !server_stops(server))
		result = front_wait(server, -1, false, serve_next, err);
	return result;
}

const struct server_model server_model_iterative = {
	.name = "iterative",
	.title = "one client after the other, each to its end",
	.explanation =
		"Everything blocks on the one client that is being served, and it costs the least: one process, one "
		"socket at a time, nothing to share. One slow or silent client makes all others wait in the queue of "
		"the listener, and datagrams in that of their socket, until it leaves.",
	.run = iterative_run,
};
