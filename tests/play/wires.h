/* SPDX-License-Identifier: BSD-2-Clause */
/* A service on real connections without a network: what is received is given, what is pending is taken. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "play/serving.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define OCTETS(s) (s), sizeof(s) - 1

/* What was reported, as lines "kind connection to_connection user to data". */
struct wires {
	struct server_options options;
	struct reporter reporter;
	struct server server;
	struct text events;
};

static void wires_note(void *context, const struct event *event)
{
	static const char *const names[EVENT_KINDS] = { [EVENT_NAMED] = "named",
							[EVENT_RELAYED] = "relayed",
							[EVENT_DROPPED] = "dropped",
							[EVENT_CLOSED] = "closed" };
	struct text *out = context;

	text_format(out, "%s %d", names[event->kind], (int)event->connection);
	if (event->to_connection)
		text_format(out, " -> %d", (int)event->to_connection);
	if (event->user)
		text_format(out, " %s", event->user);
	if (event->to)
		text_format(out, " to %s", event->to);
	if (event->note)
		text_format(out, ": %s", event->note);
	if (event->data)
		text_escaped(out, event->data, event->length);
	text_char(out, '\n');
}

static inline void wires_open(struct wires *wires, const struct service *service, void *self, unsigned wants)
{
	*wires = (struct wires){ .options = { .service = service, .self = self, .signals = -1 } };
	wires->reporter = (struct reporter){ wants, wires_note, &wires->events };
	wires->options.reporter = &wires->reporter;
	server_init(&wires->server, &wires->options);
}

static inline struct connection *wires_connect(struct wires *wires)
{
	return server_admit(&wires->server, -1, &(struct address){ 0 });
}

/* Forgets what is over, as a model does after its callbacks. */
static inline void wires_settle(struct wires *wires)
{
	struct connection *c;

	while ((c = server_news(&wires->server))) {
		if (connection_over(c))
			server_forget(&wires->server, c);
	}
}

/* Everything that is pending, appended; the peer has read it. */
static inline void wires_take(struct connection *c, struct text *out)
{
	size_t length;
	const uint8_t *data = connection_pending(c, &length);

	if (data) {
		text_add(out, data, length);
		connection_sent(c, length);
	}
}

static inline void assert_octets(const struct text *got, const void *want, size_t length)
{
	struct text shown = { 0 };

	if (got->length == length && (length == 0 || memcmp(got->data, want, length) == 0))
		return;
	text_string(&shown, "got '");
	text_escaped(&shown, got->data, got->length);
	text_string(&shown, "', not '");
	text_escaped(&shown, want, length);
	text_add(&shown, "'", 2);
	fail_msg("%s", shown.data);
}

/* What waits for the peer is exactly this. */
static inline void assert_gets(struct connection *c, const void *want, size_t length)
{
	struct text got = { 0 };

	wires_take(c, &got);
	assert_octets(&got, want, length);
	text_release(&got);
}

/* The time of connection_wait() is over at once; nothing may have to be waited for in a test. */
static inline void wires_pass_time(struct wires *wires, struct connection *c)
{
	assert_true(c->wait_until > 0);
	c->wait_until = wires->server.next_wait = 1;
	server_tick(&wires->server, c);
}

static inline void wires_close(struct wires *wires)
{
	while (wires->server.connections)
		server_forget(&wires->server, wires->server.connections);
	server_release(&wires->server);
	text_release(&wires->events);
}
