/* SPDX-License-Identifier: BSD-2-Clause */
/* Opening a server's sockets: each address, UDP and TCP, and the same port for all of them. */
#include "net/endpoint.h"
#include "play/serving.h"

#define PORT_TRIES 32 /* a port that is free on one socket can be taken on the next */

static void close_listeners(struct server *server)
{
	while (server->listener_count)
		sock_close(
			server->options->narrator, server->listeners[--server->listener_count].fd,
			"This port is taken on another address or protocol, and all sockets are to have the same one.");
}

/* Accepted connections inherit these, so they are set once and not for each client. */
static int set_for_clients(const struct narrator *n, int fd, struct error *err)
{
	static const struct {
		const struct sock_option *option;
		int value;
		const char *why;
	} settings[] = {
		{ &sock_nodelay, 1,
		  "Sends each answer at once: TCP would else wait to fill a segment. The sockets of clients inherit "
		  "this." },
		{ &sock_keepalive, 1,
		  "Asks silent clients now and then whether they are still there (inherited, as the rest)." },
		{ &sock_keepidle, 60, "Asks after a minute of silence." },
		{ &sock_keepintvl, 10, "Asks again every ten seconds." },
		{ &sock_user_timeout, 30000, "Gives up a client that has confirmed nothing for 30 seconds." },
	};

	for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
		if (sock_set(n, fd, settings[i].option, settings[i].value, settings[i].why))
			return error_errno(err, "%s cannot be set", settings[i].option->option_name);
	return 0;
}

static int open_one(struct server *server, const struct address *at, int type, struct error *err)
{
	const struct server_options *options = server->options;
	struct listener *listener = &server->listeners[server->listener_count];
	unsigned flags = ENDPOINT_NONBLOCK;

	if (server->listener_count == SERVER_LISTENERS)
		return error_set(err, "--bind %s: more than %d sockets; name one address",
				 options->bind ? options->bind : "", SERVER_LISTENERS);
	*listener = (struct listener){ .type = type, .pktinfo = type == SOCK_DGRAM && address_is_any(at) };
	if (listener->pktinfo)
		flags |= ENDPOINT_PKTINFO;
	listener->fd = endpoint_bind(options->narrator, at, type, flags, &listener->local, err);
	if (listener->fd < 0)
		return -1;
	server->listener_count++;
	return type == SOCK_STREAM ? set_for_clients(options->narrator, listener->fd, err) : 0;
}

/* All of them, at the port that the first one got when any will do. */
static int open_all(struct server *server, const struct addresses *to, struct error *err)
{
	static const int types[] = { SOCK_DGRAM, SOCK_STREAM };
	const bool wanted[] = { server->options->udp, server->options->tcp };

	for (size_t i = 0; i < to->count; i++) {
		for (size_t t = 0; t < 2; t++) {
			struct address at = to->list[i];

			if (!wanted[t])
				continue;
			if (!address_port(&at) && server->listener_count)
				address_set_port(&at, address_port(&server->listeners[0].local));
			if (open_one(server, &at, types[t], err))
				return -1;
		}
	}
	return 0;
}

static int open_sockets(struct server *server, const struct addresses *to, struct error *err)
{
	bool any_port = to->count && !address_port(&to->list[0]);

	for (int tries = 1;; tries++) {
		if (!open_all(server, to, err))
			return 0;
		/* Only a later socket can have found the port that the kernel chose taken. */
		if (!any_port || !server->listener_count || tries == PORT_TRIES)
			return -1;
		close_listeners(server);
	}
}

static void announce(const struct server *server)
{
	for (unsigned i = 0; i < server->listener_count; i++)
		report(server->options->reporter, (struct event){ .kind = EVENT_LISTENING,
								  .type = server->listeners[i].type,
								  .local = &server->listeners[i].local,
								  .more = server->listener_count - 1 - i });
}

int server_open(struct server *server, struct error *err)
{
	const struct server_options *options = server->options;
	struct addresses to = { 0 };
	int result;

	if (!options->udp && !options->tcp)
		bug("a server with neither UDP nor TCP");
	if (endpoint_resolve(options->narrator, options->bind, options->port, options->family,
			     options->udp ? SOCK_DGRAM : SOCK_STREAM, &to, err))
		return -1;
	result = open_sockets(server, &to, err);
	addresses_release(&to);
	if (result)
		return -1;
	server_full(server); /* makes the reserve */
	announce(server);
	return 0;
}
