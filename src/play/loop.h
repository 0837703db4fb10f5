/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One thread that serves all clients: it sleeps until the kernel says which sockets are ready, then does for each what
 * can be done without waiting. select, poll and epoll differ only in how they are told what to watch, and in how they
 * answer: those three operations.
 */
#pragma once

#include "play/serving.h"

#define LOOP_READ 1u  /* something can be read, or the stream has ended, or failed */
#define LOOP_WRITE 2u /* something can be written */

struct loop;

struct readiness {
	int (*open)(struct loop *loop, struct error *err);
	void (*close)(struct loop *loop);
	/*
	 * From now on fd is watched for these LOOP_ flags (0: for its end only). Called when they change, and for the
	 * first time when loop->watched[fd].known is false. NULL, or why that is impossible.
	 */
	const char *(*watch)(struct loop *loop, int fd, unsigned flags);
	/* fd will be closed. */
	void (*forget)(struct loop *loop, int fd);
	/*
	 * Sleeps until something is ready, timeout_ms at most (-1: for ever); calls loop_ready() for each. Returns -1
	 * with errno.
	 */
	int (*wait)(struct loop *loop, int timeout_ms);
};

/* What a descriptor is for. All NULL: the signals, or nothing. */
struct watched {
	const struct listener *listener;
	struct connection *connection;
	bool known;
	uint8_t flags;
	int slot; /* the readiness's own */
};

struct loop {
	struct server *server;
	const struct readiness *kind;
	struct watched *watched; /* by descriptor */
	int size;                /* of watched */
	bool paused;             /* listeners of TCP are not watched: there is no descriptor for a client */
	uint8_t *buffer;         /* CONNECTION_READ octets, for all connections in turn */
	void *own;               /* the readiness's */
};

/* Serves until the server stops. No lock is taken: there is one thread. */
int loop_run(struct server *server, const struct readiness *kind, struct error *err);
/* What fd is ready for: LOOP_ flags; both when it has failed. */
void loop_ready(struct loop *loop, int fd, unsigned flags);
