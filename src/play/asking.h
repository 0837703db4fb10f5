/* SPDX-License-Identifier: BSD-2-Clause */
/* What clients share: waiting with an eye on signals, and asking one peer over UDP. For src/play only. */
#pragma once

#include "base/clock.h"
#include "base/text.h"
#include "net/endpoint.h"
#include "play/client.h"

/* "3 s", "250 ms", "1.5 s". */
void client_duration(struct text *out, int64_t ns);

/* ------------------------------------------------------------------------------------------------ waiting */

#define WAIT_IN 1u     /* the socket has something to read, an error or the end among it */
#define WAIT_OUT 2u    /* it takes octets */
#define WAIT_INPUT 4u  /* the input has something to read, or has ended */
#define WAIT_SIGNAL 8u /* stays so */

struct wait {
	int fd;        /* the socket; -1: none */
	bool out;      /* wait for WAIT_OUT as well */
	bool input;    /* wait for the client's input as well */
	int64_t until; /* by clock_monotonic() */
	const char *why;
};

/* What there is, WAIT_SIGNAL alone when a signal came; 0: the time is over. */
unsigned client_wait(const struct client *client, const struct wait *wait);
/* Waits for nothing but the time; false: a signal came first. */
bool client_sleep(const struct client *client, int64_t until, const char *why);

/* ------------------------------------------------------------------------------------------------ both transports */

/*
 * Around what cannot be waited for together with the client's signals, a name server or a handshake: they end the
 * program there, as nothing has begun yet that would have to be ended in order.
 */
void client_interruptible(const struct client *client, bool interruptible);
/* client->bind as an address of this family; the first of what the name stands for. */
int client_local_address(const struct client *client, int family, struct address *local, struct error *err);
/* Whether it can be asked at all; -1 with err: port 0, an address of one link without its interface. */
int client_check_peer(const struct address *peer, struct error *err);
/* The addresses of the host, and the local one to ask them from (*local length 0: the kernel's choice): of one family.
 */
int client_resolve(const struct client *client, int type, struct addresses *peers, struct address *local,
		   struct error *err);
/* Counts an answer that took so long; `as_it_should_be` decides between equal and altered. */
void client_count_answer(struct tally *tally, int64_t rtt_ns, bool as_it_should_be);
/* Reports that the peer did not answer in time, with what may be the reason (NULL: nothing), and counts it as lost. */
void client_no_answer(const struct client *client, struct tally *tally, const struct address *peer, const char *hint);
/* Says in the end what there was. */
void client_done(const struct client *client, const struct tally *tally);

/* ------------------------------------------------------------------------------------------------ asking over UDP */

/*
 * One socket and the peer that it asks. A name may have several addresses (localhost: ::1 and 127.0.0.1): as long as
 * none of them has answered, one that refuses gives way to the next.
 */
struct asker {
	const struct client *client;
	struct tally *tally;
	struct addresses peers;
	size_t current;
	bool answered;
	int fd;               /* -1 before asker_open() and after asker_close() */
	struct address from;  /* of --bind; length 0: none */
	struct address local; /* with the port, from the first request on */
	const void *request;  /* borrowed: what was sent last */
	size_t request_length;
	int64_t sent_ns;
};

/* Resolves the client's host and opens a socket. Either way asker_close() comes at the end. */
int asker_open(struct asker *asker, const struct client *client, struct tally *tally, struct error *err);
void asker_close(struct asker *asker);
static inline const struct address *asker_peer(const struct asker *asker)
{
	return &asker->peers.list[asker->current];
}

enum ask_answer {
	ASK_ANSWERED,
	ASK_TIMEOUT,
	ASK_REFUSED, /* has been reported */
	ASK_STOPPED, /* a signal came */
	ASK_ERROR    /* err says why: a socket that cannot be had */
};

/* Sends the request, which stays the caller's until it is answered. ASK_ANSWERED: it is on its way. */
enum ask_answer asker_send(struct asker *asker, const void *request, size_t length, struct error *err);
/* Waits for the next datagram of the peer; what others send is reported as dropped. */
enum ask_answer asker_receive(struct asker *asker, void *data, size_t size, size_t *length, int64_t until,
			      struct error *err);
