/* SPDX-License-Identifier: BSD-2-Clause */
/* Servers: a service under a server model at an endpoint. */
#pragma once

#include "base/error.h"
#include "net/sock.h"
#include "play/event.h"
#include "play/service.h"

struct server;

/* How connections and datagrams are waited for and who serves them. It knows nothing of the protocol. */
struct server_model {
	const char *name;
	const char *title;
	const char *explanation; /* two sentences: what blocks and costs; what one slow client does to the others */
	bool own_memory;         /* connections do not share memory: services that relay cannot run */
	/* Whether this system lets it run; -1 with err when not. NULL: all do. */
	int (*check)(struct error *err);
	/* Serves until server_stops(); -1 with err when the model cannot go on. */
	int (*run)(struct server *server, struct error *err);
};

/* iterative, fork, threads, select, poll, epoll, uring; ended by NULL. */
extern const struct server_model *const server_models[];
/* NULL with err ("did you mean") when there is none of that name. */
const struct server_model *server_model_find(const char *name, struct error *err);
extern const struct server_model *const server_model_default; /* epoll */

#define SERVER_QUEUE_LIMIT 262144u /* octets that may wait for one reader before it is dropped */

struct server_options {
	const struct service *service;
	void *self;                      /* the service's state; outlives the server */
	const struct server_model *model;
	const char *bind;                /* NULL: every address of this machine */
	const char *port;                /* a number or a service's name; "0": any free one, the same for all sockets */
	int family;                      /* AF_UNSPEC, AF_INET, AF_INET6 */
	bool udp, tcp;
	uint64_t count;                  /* stop after so many datagrams and ended connections; 0: never */
	int64_t timeout_ns;              /* stop when nothing has come for so long; 0: never */
	uint32_t queue_limit;            /* 0: SERVER_QUEUE_LIMIT */
	int signals;                     /* from process_signals(): any of them ends the server; -1: none does */
	const struct narrator *narrator; /* may be NULL */
	const struct reporter *reporter; /* may be NULL */
};

/*
 * Opens, reports EVENT_LISTENING for each socket, serves until a signal, the count or the timeout, closes everything
 * and reports EVENT_DONE. Raises the limit of descriptors to what the system allows. -1 with err: could not start (a
 * model that cannot run this service, a port in use), or the model broke; what was served has been reported.
 * The tally (may be NULL) is also filled when -1 is returned.
 */
int server_run(const struct server_options *options, struct tally *tally, struct error *err);
