/* SPDX-License-Identifier: BSD-2-Clause */
/* One client of a stream service: what came and waits, what is to go, and how it ends. Knows no sockets. */
#include <errno.h>
#include <inttypes.h>

#include "play/serving.h"

#define QUEUE_BURST 16 /* times its limit: what a queue may hold until a request in flight has sent from it */
#define QUEUE_KEPT 512 /* an empty queue up to this size keeps its memory, for the next answer */

static const char client_ended[] = "the client ended";
static const char client_reset[] = "the client reset the connection";

void connection_news(struct connection *c)
{
	struct server *server = c->server;

	if (c->dirty)
		return;
	c->dirty = true;
	c->next_dirty = NULL;
	if (server->dirty)
		server->last_dirty->next_dirty = c;
	else
		server->dirty = c;
	server->last_dirty = c;
}

struct connection *server_news(struct server *server)
{
	struct connection *c = server->dirty;

	if (!c)
		return NULL;
	server->dirty = c->next_dirty;
	c->dirty = false;
	return c;
}

static void end(struct connection *c, enum connection_phase phase, const char *why)
{
	c->phase = phase;
	c->why = why;
	c->wait_until = 0;
	text_release(&c->input);
	connection_news(c);
}

void connection_report(const struct connection *c, enum event_kind kind, const void *data, size_t length,
		       const char *note)
{
	const struct reporter *reporter = c->server->options->reporter;
	struct event event = { .kind = kind, .type = SOCK_STREAM };

	if (!reporter_wants(reporter, kind))
		return;
	event.connection = c->number;
	event.peer = &c->peer;
	event.data = data;
	event.length = length;
	event.note = note;
	report(reporter, event);
}

static void forget_queue(struct connection *c)
{
	text_release(&c->queue);
	c->queue_sent = 0;
}

void connection_drop(struct connection *c, const char *why, const char *note)
{
	if (c->phase == CONNECTION_DEAD)
		return;
	c->dropped = true;
	server_add(&c->server->tally->dropped, 1);
	connection_report(c, EVENT_DROPPED, NULL, 0, note);
	forget_queue(c);
	end(c, CONNECTION_DEAD, why);
}

/* ------------------------------------------------------------------------------------------------ for services */

static size_t queued(const struct connection *c)
{
	return c->queue.length - c->queue_sent;
}

/* What was sent leaves the queue's front now and then: seldom enough to cost nothing, often enough to stay small. */
static void move_up(struct connection *c)
{
	size_t left = queued(c);

	if (c->queue_sent < left || !c->queue_sent)
		return;
	memmove(c->queue.data, c->queue.data + c->queue_sent, left);
	c->queue.length = left;
	c->queue_sent = 0;
}

static uint32_t limit_of(const struct connection *c)
{
	return c->server->options->queue_limit ? c->server->options->queue_limit : SERVER_QUEUE_LIMIT;
}

static void drop_slow(struct connection *c)
{
	char note[96];

	snprintf(note, sizeof note, "reads too slowly: %" PRIu32 " octets wait for it", limit_of(c));
	connection_drop(c, "reads too slowly", note);
}

/* Many callbacks may run before anything is sent: a burst of theirs is not the slowness of who reads. */
static bool overflows(struct connection *c, size_t length)
{
	const uint64_t limit = limit_of(c);

	if (c->sending) /* when that is done it is known whether it reads slowly: see connection_lags() */
		return queued(c) + length > (c->full ? limit : limit * QUEUE_BURST);
	if (queued(c) + length > limit && c->fd >= 0)
		connection_write(c);
	return queued(c) + length > limit;
}

bool connection_send(struct connection *c, const void *data, size_t length)
{
	bool much;

	if (c->phase > CONNECTION_ENDED || c->deaf)
		return false;
	if (!length)
		return true;
	much = overflows(c, length);
	if (c->phase > CONNECTION_ENDED || c->deaf)
		return false;
	if (much) {
		drop_slow(c);
		return false;
	}
	move_up(c);
	text_add(&c->queue, data, length);
	connection_news(c);
	return true;
}

void connection_close(struct connection *c, const char *why)
{
	if (c->phase <= CONNECTION_ENDED)
		end(c, CONNECTION_CLOSING, why);
}

void connection_wait(struct connection *c, int64_t ns)
{
	c->wait_until = 0;
	if (!ns || c->phase != CONNECTION_OPEN)
		return;
	c->wait_until = clock_deadline(ns);
	if (c->wait_until < c->server->next_wait)
		c->server->next_wait = c->wait_until;
}

void *connection_state(struct connection *c)
{
	return c->state;
}

uint64_t connection_number(const struct connection *c)
{
	return c->number;
}

const struct address *connection_peer(const struct connection *c)
{
	return &c->peer;
}

const struct reporter *connection_reporter(const struct connection *c)
{
	return c->server->options->reporter;
}

void connection_count(struct connection *c, uint64_t messages_in, uint64_t messages_out)
{
	server_add(&c->server->tally->messages_in, messages_in);
	server_add(&c->server->tally->messages_out, messages_out);
}

/* ------------------------------------------------------------------------------------------------ what came */

static void keep(struct connection *c, const uint8_t *data, size_t length)
{
	char note[96];

	if (c->phase != CONNECTION_OPEN)
		return; /* its input is released already */
	if (!length) {
		text_release(&c->input);
		return;
	}
	if (length > c->server->options->service->line_limit) {
		snprintf(note, sizeof note, "a message without end: %zu octets, and more to come", length);
		connection_drop(c, "a message without end", note);
		return;
	}
	if (c->input.length)
		memmove(c->input.data, data, length);
	else
		text_add(&c->input, data, length);
	c->input.length = length;
}

typedef size_t offer_fn(void *self, struct connection *c, const uint8_t *data, size_t length);

/*
 * The service sees what waits and what came as one piece. What waits is out of the connection meanwhile: the service
 * may end the connection, and that releases the input.
 */
static void offer(struct connection *c, offer_fn *callback, const uint8_t *data, size_t length)
{
	struct text waiting = c->input;
	size_t taken;

	c->input = (struct text){ 0 };
	if (waiting.length) {
		if (length)
			text_add(&waiting, data, length);
		data = (const uint8_t *)waiting.data;
		length = waiting.length;
	}
	taken = callback ? callback(c->server->options->self, c, data, length) : length;
	if (taken > length)
		bug("service %s took %zu octets of %zu", c->server->options->service->name, taken, length);
	if (!waiting.data || c->phase != CONNECTION_OPEN) {
		keep(c, data + taken, length - taken);
		text_release(&waiting);
	} else {
		c->input = waiting;
		keep(c, data + taken, length - taken);
	}
}

void connection_received(struct connection *c, const uint8_t *data, size_t length)
{
	struct server *server = c->server;

	if (c->phase != CONNECTION_OPEN || !length)
		return;
	server_heard(server);
	server_add(&server->tally->octets_in, length);
	connection_report(c, EVENT_RECEIVED, data, length, NULL);
	c->wait_until = 0;
	offer(c, server->options->service->on_data, data, length);
}

void server_tick(struct server *server, struct connection *only)
{
	int64_t now, next = CLOCK_NEVER;
	struct connection *c;

	if (server->next_wait == CLOCK_NEVER)
		return;
	now = clock_monotonic();
	if (now < server->next_wait)
		return;
	for (c = only ? only : server->connections; c; c = only ? NULL : c->next) {
		if (c->wait_until && c->wait_until <= now) {
			c->wait_until = 0;
			offer(c, server->options->service->on_wait, (const uint8_t *)"", 0);
		}
	}
	for (c = server->connections; c; c = c->next)
		if (c->wait_until && c->wait_until < next)
			next = c->wait_until;
	server->next_wait = next;
}

void connection_ended(struct connection *c)
{
	const struct service *service = c->server->options->service;
	struct text waiting = c->input;

	if (c->phase != CONNECTION_OPEN)
		return;
	c->phase = CONNECTION_ENDED;
	c->ended = true;
	c->wait_until = 0;
	c->input = (struct text){ 0 };
	if (service->on_end)
		service->on_end(c->server->options->self, c, (const uint8_t *)(waiting.data ? waiting.data : ""),
				waiting.length);
	text_release(&waiting);
	connection_close(c, c->deaf ? client_reset : client_ended);
}

/* ------------------------------------------------------------------------------------------------ what went wrong */

static bool would_wait(int error)
{
	return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

static bool is_reset(int error)
{
	return error == ECONNRESET || error == EPIPE;
}

void connection_failed(struct connection *c, int error)
{
	const char *why = "the network broke the connection";

	if (would_wait(error) || c->phase == CONNECTION_DEAD)
		return;
	if (is_reset(error))
		why = client_reset;
	else
		server_add(&c->server->tally->dropped, 1);
	if (error == ETIMEDOUT)
		why = "the client does not answer any more";
	forget_queue(c);
	/* A service that has said goodbye does not care whether that was heard. */
	end(c, CONNECTION_DEAD, c->phase == CONNECTION_CLOSING ? c->why : why);
}

void connection_unsent(struct connection *c, int error)
{
	if (is_reset(error) && c->phase == CONNECTION_OPEN) {
		c->deaf = true;
		forget_queue(c);
	} else {
		connection_failed(c, error);
	}
}

/* ------------------------------------------------------------------------------------------------ for models */

const uint8_t *connection_pending(const struct connection *c, size_t *length)
{
	*length = queued(c);
	return *length && c->phase != CONNECTION_DEAD ? (const uint8_t *)c->queue.data + c->queue_sent : NULL;
}

void connection_sent(struct connection *c, size_t length)
{
	server_add(&c->server->tally->octets_out, length);
	connection_report(c, EVENT_SENT, c->queue.data + c->queue_sent, length, NULL);
	c->queue_sent += length;
	if (queued(c))
		return;
	if (c->queue.size > QUEUE_KEPT)
		text_release(&c->queue);
	c->queue.length = 0;
	c->queue_sent = 0;
}

void connection_lags(struct connection *c)
{
	c->full = true;
	if (queued(c) > limit_of(c) && c->phase <= CONNECTION_ENDED)
		drop_slow(c);
}

bool connection_reads(const struct connection *c)
{
	return c->phase == CONNECTION_OPEN && queued(c) < CONNECTION_PAUSE;
}

bool connection_over(const struct connection *c)
{
	return c->phase == CONNECTION_DEAD || (c->phase == CONNECTION_CLOSING && !queued(c));
}

void connection_read(struct connection *c, uint8_t *buffer, size_t size)
{
	ssize_t got;

	if (!connection_reads(c))
		return;
	got = sock_recv(c->server->options->narrator, c->fd, buffer, size, 0,
			"Takes what the client has sent; 0 octets mean that it will send no more.");
	if (got > 0)
		connection_received(c, buffer, (size_t)got);
	else if (!got)
		connection_ended(c);
	else
		connection_failed(c, errno);
}

void connection_write(struct connection *c)
{
	size_t length;
	const uint8_t *data = connection_pending(c, &length);
	ssize_t sent;

	if (!data)
		return;
	sent = sock_send(c->server->options->narrator, c->fd, data, length, 0,
			 "Hands octets to TCP for this client; fewer taken than offered mean that it reads slowly.");
	if (sent < 0)
		connection_unsent(c, errno);
	else
		connection_sent(c, (size_t)sent);
}
