/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A service: what a server says. It knows its protocol and nothing of concurrency: any service runs under any server
 * model (play/server.h). Its callbacks never run at the same time, so it locks nothing; they never wait.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"
#include "play/event.h"

struct connection; /* a client of a stream service; opaque here */

/* A request that came in one datagram, and its answer. */
struct datagram {
	const struct address *peer;
	const uint8_t *data;
	size_t length;
	/* Filled by on_datagram: NULL is no answer, one of no octets has a pointer. May point into data or room. */
	const uint8_t *answer;
	size_t answer_length;
	uint8_t room[512];
};

struct service {
	const char *name;
	const char *title;
	bool relays;       /* what one connection sends goes to others: they must share memory */
	size_t state_size; /* of what connection_state() gives, zeroed */
	size_t line_limit; /* octets of input that may wait for the rest of their message */

	/* All may be NULL. `self` is the service's own state, from the server's options. */
	void (*on_connect)(void *self, struct connection *c);
	/* Returns how many octets were taken; the rest, at most line_limit, comes again with what follows. */
	size_t (*on_data)(void *self, struct connection *c, const uint8_t *data, size_t length);
	/* The deadline of connection_wait() has passed; `data` is what was not taken. Returns the same as on_data. */
	size_t (*on_wait)(void *self, struct connection *c, const uint8_t *data, size_t length);
	/* The peer will send no more (it may still listen); `data` was not taken. The connection is closed after. */
	void (*on_end)(void *self, struct connection *c, const uint8_t *data, size_t length);
	/* The connection is gone, whatever the reason; its state is freed after. Nothing can be sent to it. */
	void (*on_close)(void *self, struct connection *c, const char *why);
	void (*on_datagram)(void *self, struct datagram *datagram);
};

/* ------------------------------------------------------------------------------------------------ connections */

/*
 * Queues octets for the peer; they are sent when all callbacks that are due have run. When more than the queue's limit
 * would wait the connection is dropped for reading too slowly: false, and its on_close comes later, never from inside.
 */
bool connection_send(struct connection *c, const void *data, size_t length);
/* Sends what is queued, then closes; no more callbacks but on_close, which gets `why` (a constant string). */
void connection_close(struct connection *c, const char *why);
/* Calls on_wait unless data comes within this time. 0: not any more. */
void connection_wait(struct connection *c, int64_t ns);

void *connection_state(struct connection *c);
uint64_t connection_number(const struct connection *c);
const struct address *connection_peer(const struct connection *c);
const struct reporter *connection_reporter(const struct connection *c);
/* Counts messages for the server's tally. */
void connection_count(struct connection *c, uint64_t messages_in, uint64_t messages_out);

/* ------------------------------------------------------------------------------------------------ the services */

#include "lab/date.h"

enum date_answer { DATE_ANSWER_ANY, DATE_ANSWER_WORD };

/*
 * date: every datagram gets the date (ANY, the first exercise), or "date", with or without a line's end, does and all
 * else gets the user name (WORD, the second). Over TCP the date is sent at once and the connection closed (RFC 867,
 * RFC 868).
 */
struct date_service {
	enum date_format format;
	enum date_answer answer;
	const char *terminator; /* "", "\n", "\r\n"; binary dates have none */
	const char *user;
	int64_t (*now)(void);   /* ns since 1970 UTC; NULL: the clock */
};
extern const struct service date_service; /* self: const struct date_service * */

/* echo (RFC 862): what comes goes back. No self. */
extern const struct service echo_service;

/* chat: docs/protocols/chat.md. self: from chat_room_new(). */
extern const struct service chat_service;
struct chat_room;
struct chat_room *chat_room_new(void);
void chat_room_free(struct chat_room *room);
