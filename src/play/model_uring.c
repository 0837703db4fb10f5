/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * uring: nothing is waited for with one call and done with the next; the calls themselves are handed over, and the
 * kernel says when they are done. One thread, so nothing is locked. A connection is forgotten when none of its requests
 * is in flight: the kernel writes into its memory until then.
 */
#include <errno.h>

#include "base/mem.h"
#include "net/uring.h"
#include "play/models.h"
#include "play/serving.h"
#include "play/uring_datagrams.h"

#define READ_LEAST 512     /* octets read at once from a client that says little: most of them */
#define SEND_MOST 262144   /* octets handed over at once */
#define KEPT 4096          /* a buffer up to this size stays with its client */
#define ACCEPTS_A_KNOCK 64 /* clients accepted at once while descriptors are scarce */

struct model;

/* A listener of TCP. */
struct door {
	struct model *model;
	const struct listener *listener;
	struct uring_request accept, knock; /* one of them in flight */
	bool scarce;                        /* no descriptor was left: a poll, then accept4() */
	bool old;                           /* the kernel accepts but one at a time: the same */
};

struct client {
	struct model *model;
	struct connection *c;
	struct uring_request recv, send;
	uint8_t *input;
	size_t input_size;
	struct text output; /* a copy of the queue's front: the queue may move while the kernel reads */
};

struct model {
	struct server *server;
	struct uring *ring;
	struct uring_request signals;
	struct door doors[SERVER_LISTENERS];
	struct uring_datagrams *boxes[SERVER_LISTENERS];
	unsigned door_count, box_count;
	bool ending; /* no new requests */
};

/* ------------------------------------------------------------------------------------------------ connections */

static void client_free(struct client *client)
{
	client->c->model = NULL;
	text_release(&client->output);
	free(client->input);
	free(client);
}

static const char why_read[] = "Takes what the client sends, when it does; 0 octets mean that it will send no more.";
static const char why_write[] = "Hands the answer to TCP; for a slow reader the request waits, and nobody else does.";

/* What is to be sent, copied to where it stays; 0: nothing. */
static size_t fill_output(struct client *client)
{
	size_t length;
	const uint8_t *data = connection_pending(client->c, &length);

	if (!data)
		return 0;
	if (length > SEND_MOST)
		length = SEND_MOST;
	text_clear(&client->output);
	text_add(&client->output, data, length);
	return length;
}

/* Asks for what the connection wants and has not asked for yet. */
static void exchange(struct client *client)
{
	struct uring *ring = client->model->ring;
	int fd = client->c->fd;
	bool reads = !client->recv.busy && connection_reads(client->c);
	size_t length = client->send.busy ? 0 : fill_output(client);

	if (reads && !client->input)
		client->input = mem_new(client->input_size, 1);
	client->c->sending = client->send.busy || length;
	if (reads && length && !client->c->full) {
		uring_send_recv(ring, &client->send, &client->recv, fd, client->output.data, length, client->input,
				client->input_size, why_write, why_read);
		return;
	}
	if (length)
		uring_send(ring, &client->send, fd, client->output.data, length, why_write);
	if (reads)
		uring_recv(ring, &client->recv, fd, client->input, client->input_size, why_read);
}

/* What it is to do next. The client may be gone after. */
static void settle(struct client *client)
{
	struct connection *c = client->c;
	struct model *model = client->model;

	if (model->ending)
		return;
	if (connection_over(c)) {
		uring_cancel(model->ring, &client->recv);
		uring_cancel(model->ring, &client->send);
		if (client->recv.busy || client->send.busy)
			return;
		client_free(client);
		server_forget(model->server, c);
		return;
	}
	exchange(client);
}

/* Those with news are settled when all callbacks that are due have run. */
static void settle_unless_news(struct client *client)
{
	if (!client->c->dirty)
		settle(client);
}

/* Who fills its buffer gets a larger one, who does not a small one again: 10000 silent clients cost little memory. */
static void fit_input(struct client *client, size_t got)
{
	size_t size = READ_LEAST;

	if (got == client->input_size)
		size = got * 4 < CONNECTION_READ ? got * 4 : CONNECTION_READ;
	if (size == client->input_size)
		return;
	free(client->input);
	client->input = NULL;
	client->input_size = size;
}

static void received(struct uring_request *request, int result)
{
	struct client *client = request->owner;

	if (result > 0) {
		connection_received(client->c, client->input, (size_t)result);
		fit_input(client, (size_t)result);
	} else if (!result) {
		connection_ended(client->c);
	} else if (result != -ECANCELED) {
		connection_failed(client->c, -result);
	}
	settle_unless_news(client);
}

static void sent(struct uring_request *request, int result)
{
	struct client *client = request->owner;

	client->c->sending = false;
	client->c->full = false;
	if (client->output.size > KEPT)
		text_release(&client->output);
	/* The queue of a dead connection is gone. */
	if (result >= 0 && client->c->phase != CONNECTION_DEAD)
		connection_sent(client->c, (size_t)result);
	else if (result < 0 && result != -ECANCELED)
		connection_unsent(client->c, -result);
	if (result < 0 || (size_t)result < request->length)
		connection_lags(client->c);
	settle_unless_news(client);
}

static void welcome(struct model *model, struct connection *c)
{
	struct client *client = mem_new(1, sizeof *client);

	client->model = model;
	client->c = c;
	client->input_size = READ_LEAST;
	client->recv = (struct uring_request){ .done = received, .owner = client };
	client->send = (struct uring_request){ .done = sent, .owner = client };
	c->model = client;
	settle_unless_news(client);
}

/* ------------------------------------------------------------------------------------------------ doors */

static void accepted(struct uring_request *request, int result)
{
	struct door *door = request->owner;
	struct server *server = door->model->server;
	struct address peer = { 0 };

	if (result >= 0) {
		/* A client that has gone again has no name; that it has gone is said when it is read from. */
		if (sock_peer(
			    server->options->narrator, result, &peer,
			    "Asks who it is: one request accepts all clients, so it has no room for their addresses."))
			peer.length = 0;
		welcome(door->model, server_admit(server, result, &peer));
	} else if (result == -EINVAL || result == -EAGAIN) {
		door->old = true;
	} else if (result != -ECANCELED && result != -EINTR && result != -ECONNABORTED) {
		door->scarce = true;
	}
}

static void knocked(struct uring_request *request, int result)
{
	struct door *door = request->owner;
	struct connection *c;

	if (result < 0)
		return;
	for (unsigned i = 0; i < ACCEPTS_A_KNOCK; i++) {
		c = server_accept(door->model->server, door->listener);
		if (!c)
			return;
		door->scarce = false;
		welcome(door->model, c);
	}
}

static void door_watch(struct door *door)
{
	struct server *server = door->model->server;
	struct uring *ring = door->model->ring;

	if (door->accept.busy || door->knock.busy || (server->reserve < 0 && server_full(server)))
		return;
	if (door->scarce || door->old)
		uring_poll(ring, &door->knock, door->listener->fd, POLLIN, "Sleeps until a client is at the door.");
	else
		uring_accept(ring, &door->accept, door->listener->fd,
			     "Accepts every client that comes: the request stays, and each client is a completion.");
}

static void door_open(struct model *model, const struct listener *listener)
{
	struct door *door = &model->doors[model->door_count++];

	*door = (struct door){ .model = model, .listener = listener };
	door->accept = (struct uring_request){ .done = accepted, .owner = door };
	door->knock = (struct uring_request){ .done = knocked, .owner = door };
}

/* ------------------------------------------------------------------------------------------------ the model */

static void signalled(struct uring_request *request, int result)
{
	if (result > 0)
		server_signalled(((struct model *)request->owner)->server);
}

static void model_open(struct model *model)
{
	struct server *server = model->server;

	model->signals = (struct uring_request){ .done = signalled, .owner = model };
	for (unsigned i = 0; i < server->listener_count; i++) {
		const struct listener *listener = &server->listeners[i];

		if (listener->type == SOCK_STREAM)
			door_open(model, listener);
		else
			model->boxes[model->box_count++] = uring_datagrams_new(server, model->ring, listener);
	}
}

/* False: the server stops; what is settled here may have been the last of the count. */
static bool watch(struct model *model)
{
	struct connection *c;

	while ((c = server_news(model->server)))
		settle(c->model);
	if (server_stops(model->server))
		return false;
	for (unsigned i = 0; i < model->door_count; i++)
		door_watch(&model->doors[i]);
	for (unsigned i = 0; i < model->box_count; i++)
		uring_datagrams_watch(model->boxes[i]);
	if (!model->signals.busy && server_signals(model->server) >= 0)
		uring_poll(model->ring, &model->signals, server_signals(model->server), POLLIN,
			   "Waits for a signal as well: it ends the server.");
	return true;
}

static int serve(struct model *model, struct error *err)
{
	struct server *server = model->server;

	while (watch(model)) {
		if (uring_wait(model->ring, server_patience(server, NULL), err))
			return -1;
		server_tick(server, NULL);
	}
	return 0;
}

/* The kernel uses our memory until every request is completed; answers to datagrams are still sent. */
static int finish(struct model *model, struct error *err)
{
	model->ending = true;
	uring_cancel(model->ring, &model->signals);
	for (unsigned i = 0; i < model->door_count; i++) {
		uring_cancel(model->ring, &model->doors[i].accept);
		uring_cancel(model->ring, &model->doors[i].knock);
	}
	for (unsigned i = 0; i < model->box_count; i++)
		uring_datagrams_stop(model->boxes[i]);
	for (struct connection *c = model->server->connections; c; c = c->next) {
		struct client *client = c->model;

		uring_cancel(model->ring, &client->recv);
		uring_cancel(model->ring, &client->send);
	}
	while (uring_busy(model->ring))
		if (uring_wait(model->ring, -1, err))
			return -1;
	return 0;
}

static int refused(const struct error *why, struct error *err)
{
	return error_set(err, "--model uring: %s; use --model epoll", why->text);
}

static int check(struct error *err)
{
	struct error why;

	return uring_allowed(&why) ? refused(&why, err) : 0;
}

static int run(struct server *server, struct error *err)
{
	struct model model = { .server = server };
	struct error later;
	int result;

	model.ring = uring_open(server->options->narrator, &later);
	if (!model.ring)
		return refused(&later, err);
	model_open(&model);
	result = serve(&model, err);
	if (finish(&model, result ? &later : err)) /* the kernel may still write there: what is left is not freed */
		return -1;
	for (struct connection *c = server->connections; c; c = c->next)
		client_free(c->model);
	for (unsigned i = 0; i < model.box_count; i++)
		uring_datagrams_free(model.boxes[i]);
	uring_close(model.ring);
	return result;
}

const struct server_model server_model_uring = {
	.name = "uring",
	.title = "one thread that hands its calls to the kernel",
	.explanation =
		"Nothing blocks: the server leaves its accepts, reads and writes in a queue that it shares with "
		"the kernel and sleeps until some of them are done, so that one system call serves whoever is "
		"ready and an idle client costs little memory. A slow client delays nobody: its requests wait in "
		"the kernel, and when too much is queued for it, it is dropped.",
	.check = check,
	.run = run,
};
