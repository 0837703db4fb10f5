/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What server models stand on; for src/play only. connection.c knows no sockets: models move octets between it and the
 * network. server.c opens, accepts, answers datagrams and counts.
 *
 * Locking: everything below marked (locked) is called between server_lock() and server_unlock(), which cost nothing but
 * under a model with threads (server->shared is set by such a model before its first thread).
 */
#pragma once

#include <pthread.h>

#include "base/clock.h"
#include "base/text.h"
#include "play/server.h"

#define SERVER_LISTENERS 4      /* UDP and TCP, IPv4 and IPv6 */
#define DATAGRAM_BATCH 32       /* datagrams taken by one recvmmsg */
#define DATAGRAM_CONTROL 64     /* octets of the packet information that comes with it */
#define DATAGRAM_STRIDE (DATAGRAM_MOST + 1 + 3 * 64) /* of buffers in a row: by 64 KiB they would compete for the same
						       lines of the processor's cache */
#define CONNECTION_READ 16384   /* octets read at once */
#define CONNECTION_PAUSE 65536  /* with so many octets queued for a peer we do not read from it */

enum connection_phase {
	CONNECTION_OPEN,
	CONNECTION_ENDED,   /* the peer sends no more */
	CONNECTION_CLOSING, /* to be closed when the queue is empty */
	CONNECTION_DEAD     /* to be closed now */
};

struct connection {
	struct server *server;
	int fd;                       /* -1: a test without network */
	uint64_t number;
	struct address peer;
	enum connection_phase phase;
	const char *why;              /* of CLOSING and DEAD */
	struct text queue;            /* what is to be sent from queue_sent on */
	size_t queue_sent;
	struct text input;            /* what the service has not taken */
	int64_t wait_until;           /* of connection_wait(), by clock_monotonic(); 0: none */
	void *state;                  /* the service's */
	void *model;                  /* the model's own, NULL at first */
	bool sending;                 /* a request in flight sends from the queue: nobody else may write */
	bool full;                    /* the request before did not send all: this one waits for the reader */
	bool dirty;                   /* is in the server's list of connections with news */
	bool dropped;                 /* EVENT_DROPPED has said it: no EVENT_CLOSED */
	bool ended;                   /* it has said that it sends no more */
	bool deaf;                    /* it takes nothing any more; what it sent before is still read */
	struct connection *next_dirty;
	struct connection *next, *previous;
};

struct listener {
	int fd;
	int type;
	struct address local;
	bool pktinfo; /* bound to every address: answers leave from the address that was asked */
};

struct server {
	const struct server_options *options;
	struct listener listeners[SERVER_LISTENERS];
	unsigned listener_count;
	struct connection *connections; /* all that are open */
	uint64_t connection_count;
	struct connection *dirty, *last_dirty; /* with something to send, or to be closed: see server_news() */
	uint64_t next_number;
	uint64_t finished;              /* datagrams served and connections ended, for options->count */
	int64_t *last_heard;            /* the last arrival (clock_monotonic), for the timeout; shared with children */
	int64_t next_wait;              /* no connection's wait is over before; CLOCK_NEVER: none waits */
	int reserve;                    /* a descriptor kept to turn a client away when none is left; -1: gone too */
	uint64_t turned_away;           /* clients since the last one that was accepted */
	struct datagram_batch *batch;   /* of server_datagrams(), made when first needed */
	bool stopping;                  /* a signal, the count, the timeout */
	bool shared;                    /* threads: lock */
	pthread_mutex_t mutex;
	struct tally *tally;            /* in memory that forked children share */
	void *model;                    /* the model's own */
};

static inline void server_lock(struct server *server)
{
	if (server->shared)
		pthread_mutex_lock(&server->mutex);
}

static inline void server_unlock(struct server *server)
{
	if (server->shared)
		pthread_mutex_unlock(&server->mutex);
}

/* A server that has no sockets yet, and its end. The tally is zero and in memory that children share. */
void server_init(struct server *server, const struct server_options *options);
void server_release(struct server *server);
/* Opens the listeners and the reserve, and reports EVENT_LISTENING. server_release() closes them, also after -1. */
int server_open(struct server *server, struct error *err);
/* Adds to one of the tally's counters; any thread and any process may. */
static inline void server_add(uint64_t *counter, uint64_t amount)
{
	__atomic_fetch_add(counter, amount, __ATOMIC_RELAXED);
}
/* Notes that something came, for options->timeout_ns. */
void server_heard(struct server *server);

/* ------------------------------------------------------------------------------------------------ stopping (locked) */

/* The descriptor that becomes readable when a signal came; -1: none. */
int server_signals(const struct server *server);
/*
 * Called when it is readable: the server stops. The signal is left there: should nobody read what is still printed, it
 * ends the program.
 */
void server_signalled(struct server *server);
/* True when the model's run() is to return: a signal, the count, the timeout. */
bool server_stops(struct server *server);
/*
 * How long the model may sleep, in ms, until a connection's wait or the server's timeout is over: -1 for ever. `c`: of
 * the waits its own alone counts (models that serve one at a time or each in a thread); NULL: all of them.
 */
int server_patience(const struct server *server, const struct connection *c);
/* Runs the on_wait that are due: of `c`, or of all with NULL. Called after each sleep. */
void server_tick(struct server *server, struct connection *c);

/* ----------------------------------------------------------------------------------------- accepting (locked) */

/*
 * Accepts one connection, non-blocking, and runs on_connect. NULL: nobody was there, or there was no descriptor or
 * memory for it: then the client has been turned away and EVENT_DROPPED reported. The model takes care of its fd until
 * server_forget().
 */
struct connection *server_accept(struct server *server, const struct listener *listener);
/*
 * The descriptor alone, for models that serve it elsewhere (after a fork, say) and call server_admit() there. -1: as
 * above.
 */
int server_accept_fd(struct server *server, const struct listener *listener, struct address *peer);
/* For a descriptor that was accepted: counts it, reports EVENT_CONNECTED and runs on_connect. Calls nothing on it. */
struct connection *server_admit(struct server *server, int fd, const struct address *peer);
/*
 * No descriptor is left, not even the reserve: listeners of TCP stay readable and nothing can be done about it, so they
 * are left alone for this time; server_patience() sees to it that it is not long.
 */
bool server_full(struct server *server);
/* The model cannot take a connection (FD_SETSIZE, no thread): it is closed and reported with the reason. */
void server_turn_away(struct server *server, struct connection *c, const char *why);
/* on_close, close(fd) unless it is -1, and free; takes it out of all lists. Not from inside a callback. */
void server_forget(struct server *server, struct connection *c);

/* --------------------------------------------------------------------------------------- connections (locked) */

/* An event about it, if it is wanted. */
void connection_report(const struct connection *c, enum event_kind kind, const void *data, size_t length,
		       const char *note);
/* Octets came. */
void connection_received(struct connection *c, const uint8_t *data, size_t length);
/* The peer has shut down its side (recv said 0). */
void connection_ended(struct connection *c);
/* errno of a failed recv: the connection is dead (unless it says that it would have to wait). */
void connection_failed(struct connection *c, int error);
/*
 * errno of a failed send. A client that has gone takes nothing more, but what it sent before it went is still to be
 * read: the connection lives until recv says that it ended.
 */
void connection_unsent(struct connection *c, int error);
/* Drops it: `why` (a constant string) for on_close, `note` for EVENT_DROPPED. It is over then. */
void connection_drop(struct connection *c, const char *why, const char *note);
/* What is to be sent now; NULL when nothing is. Valid until the next callback of the service. */
const uint8_t *connection_pending(const struct connection *c, size_t *length);
void connection_sent(struct connection *c, size_t length);
/*
 * For models whose requests send while more is queued: one of them has sent less than it should, so the peer is behind,
 * and dropped when more than the queue's limit is left. Until then a queue may hold more: a burst is no slow reader.
 */
void connection_lags(struct connection *c);
/* Whether the model should read from it: open, and what is queued for it is below CONNECTION_PAUSE. */
bool connection_reads(const struct connection *c);
/* Whether the model should now forget it: dead, or closing and nothing is queued. */
bool connection_over(const struct connection *c);

/* For models that read and write themselves (all but uring). Nothing is done to a connection in another phase. */
void connection_read(struct connection *c, uint8_t *buffer, size_t size); /* one recv, then connection_received() */
void connection_write(struct connection *c);                             /* sends what is pending, as far as it goes */

/* Puts it among those with news, where it stays until server_news() gives it out. */
void connection_news(struct connection *c);
/*
 * Takes the next connection with news from the server's list; NULL: none left. The usual loop of a model after its
 * callbacks: while ((c = server_news(server))) { connection_write(c); forget it when over, else watch it }.
 */
struct connection *server_news(struct server *server);

/* ------------------------------------------------------------------------------------------------ datagrams */

/* Takes and answers what is there, up to DATAGRAM_BATCH, non-blocking. (locked) Returns how many came; 0: none. */
int server_datagrams(struct server *server, const struct listener *listener);

/* For models that give each datagram to a process or a thread of its own. */
struct request {
	const struct listener *listener;
	struct address peer;
	_Alignas(struct cmsghdr) uint8_t control[DATAGRAM_CONTROL]; /* answers leave from where it was asked */
	size_t control_length;
	size_t length;
	uint8_t data[];
};
/* Takes one, counts and reports it; NULL: none there. Free it with free(). (locked) */
struct request *server_take(struct server *server, const struct listener *listener);
/* Runs the service, sends the answer, counts and reports that. (locked) */
void server_answer(struct server *server, const struct request *request);

/* For models that receive and send themselves: counts and reports a request and runs the service on it. (locked) */
void server_ask(struct server *server, const struct listener *listener, struct datagram *datagram);
/* Counts and reports that the answer was sent; error is errno when it could not be. (locked) */
void server_answered(struct server *server, const struct listener *listener, const struct datagram *datagram,
		     int error);
/*
 * Makes of the control data that came with a request what goes with its answer, so that it leaves from the address that
 * was asked. Returns its length; 0: the kernel's choice.
 */
size_t server_answer_control(const struct listener *listener, void *control, size_t length);
