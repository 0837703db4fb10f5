/* SPDX-License-Identifier: BSD-2-Clause */
/* How a connection comes to a server, is turned away, and goes. */
#include <errno.h>
#include <inttypes.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/mem.h"
#include "play/serving.h"

/* ------------------------------------------------------------------------------------------------ turning away */

bool server_full(struct server *server)
{
	if (server->reserve >= 0)
		return false;
	server->reserve = eventfd(0, EFD_CLOEXEC);
	if (server->reserve >= 0 && server->options->tcp)
		sock_tell(server->options->narrator,
			  "A descriptor in reserve: when no other is left it is given up, to accept a client and tell "
			  "it so.",
			  "eventfd(0, EFD_CLOEXEC) = %d", server->reserve);
	return server->reserve < 0;
}

/* One event for a burst of them: a server that is full would else say nothing but that. */
static void note_turned_away(struct server *server, const struct address *peer, int error)
{
	struct rlimit limit = { 0 };
	char note[160];

	server_add(&server->tally->dropped, 1);
	if (server->turned_away++)
		return;
	getrlimit(RLIMIT_NOFILE, &limit);
	if (error == EMFILE)
		snprintf(note, sizeof note,
			 "no descriptor is left for it: this process may have %" PRIu64 "; ulimit -n raises it",
			 (uint64_t)limit.rlim_cur);
	else
		snprintf(note, sizeof note,
			 "no descriptor is left for it in the whole system; fs.file-max raises that");
	report(server->options->reporter,
	       (struct event){ .kind = EVENT_DROPPED, .type = SOCK_STREAM, .peer = peer, .note = note });
}

/*
 * No descriptor is left, and a client that is not accepted stays readable for ever. The reserve is given up for a
 * moment to accept it and to close it: it learns at once that there is no place.
 */
static void turn_away(struct server *server, const struct listener *listener, int error)
{
	const struct narrator *n = server->options->narrator;
	struct address peer = { 0 };
	int fd;

	if (server->reserve < 0)
		return;
	sock_close(n, server->reserve, "Gives the descriptor in reserve up.");
	server->reserve = -1;
	fd = sock_accept(n, listener->fd, &peer, SOCK_NONBLOCK,
			 "No descriptor was left: the one kept for this accepts the client, only to close it.");
	if (fd >= 0) {
		note_turned_away(server, &peer, error);
		sock_close(n, fd, "Turns the client away: it learns at once that there is no place.");
	}
	server_full(server);
}

static void end_of_burst(struct server *server)
{
	if (server->turned_away > 1)
		report_trouble(server->options->reporter,
			       "%" PRIu64 " clients were turned away for want of descriptors; now there is place again",
			       server->turned_away);
	server->turned_away = 0;
}

/* ------------------------------------------------------------------------------------------------ accepting */

int server_accept_fd(struct server *server, const struct listener *listener, struct address *peer)
{
	int fd;

	server_full(server);
	fd = sock_accept(server->options->narrator, listener->fd, peer, SOCK_NONBLOCK,
			 "Takes the next client from the listener's queue, unless none waits (EAGAIN): a new socket, "
			 "for this client alone.");
	if (fd >= 0) {
		end_of_burst(server);
		return fd;
	}
	/* Anything else is about one client that has gone again (ECONNABORTED), or about nobody being there. */
	if (errno == EMFILE || errno == ENFILE)
		turn_away(server, listener, errno);
	return -1;
}

struct connection *server_admit(struct server *server, int fd, const struct address *peer)
{
	const struct service *service = server->options->service;
	struct connection *c = mem_new(1, sizeof *c);

	c->server = server;
	c->fd = fd;
	c->number = server->next_number++;
	c->peer = *peer;
	c->state = service->state_size ? mem_new(1, service->state_size) : NULL;
	c->next = server->connections;
	if (c->next)
		c->next->previous = c;
	server->connections = c;
	server->connection_count++;
	server_add(&server->tally->connections, 1);
	server_heard(server);
	connection_report(c, EVENT_CONNECTED, NULL, 0, NULL);
	if (service->on_connect)
		service->on_connect(server->options->self, c);
	return c;
}

struct connection *server_accept(struct server *server, const struct listener *listener)
{
	struct address peer = { 0 };
	int fd = server_accept_fd(server, listener, &peer);

	return fd < 0 ? NULL : server_admit(server, fd, &peer);
}

void server_turn_away(struct server *server, struct connection *c, const char *why)
{
	connection_drop(c, why, why);
	server_forget(server, c);
}

/* ------------------------------------------------------------------------------------------------ forgetting */

static void leave_news(struct server *server, struct connection *c)
{
	struct connection **link = &server->dirty, *before = NULL;

	for (; *link && *link != c; link = &(*link)->next_dirty)
		before = *link;
	if (!*link)
		bug("connection %" PRIu64 " has news but is not in the list", c->number);
	*link = c->next_dirty;
	if (server->last_dirty == c)
		server->last_dirty = before;
	c->dirty = false;
}

static void leave_list(struct server *server, struct connection *c)
{
	if (c->previous)
		c->previous->next = c->next;
	else
		server->connections = c->next;
	if (c->next)
		c->next->previous = c->previous;
	server->connection_count--;
}

static void close_socket(const struct connection *c, bool orderly)
{
	const struct narrator *n = c->server->options->narrator;
	uint8_t rest[CONNECTION_READ];

	if (c->fd < 0)
		return;
	/* Closing with octets unread is a reset, and that could take our last answer from the client. */
	if (orderly)
		sock_recv(n, c->fd, rest, sizeof rest, 0,
			  "Throws away what the client still sent: left unread, it would turn the close into a reset.");
	sock_close(n, c->fd, "Ends the connection: the client reads the end of the stream.");
}

void server_forget(struct server *server, struct connection *c)
{
	const struct service *service = server->options->service;
	bool orderly = c->phase == CONNECTION_CLOSING && !c->ended;

	if (!c->why)
		c->why = "the server stops";
	c->phase = CONNECTION_DEAD;
	if (service->on_close)
		service->on_close(server->options->self, c, c->why);
	if (!c->dropped)
		connection_report(c, EVENT_CLOSED, NULL, 0, c->why);
	if (c->dirty)
		leave_news(server, c);
	leave_list(server, c);
	close_socket(c, orderly);
	server->finished++;
	text_release(&c->queue);
	text_release(&c->input);
	free(c->state);
	free(c);
}
