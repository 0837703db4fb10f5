/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Socket calls through io_uring: a request is handed over, the kernel carries it out when it can, and says so later.
 * Nothing waits but uring_wait(), which hands over all that was asked for since and waits in the same system call.
 * Told as the calls of net/sock are: each request when it is made, each completion when it comes.
 *
 * Of one thread only. Memory that a request names must stay until its done() has been called.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/error.h"
#include "net/sock.h"

enum uring_call { URING_ACCEPT, URING_RECV, URING_SEND, URING_RECVMSG, URING_SENDMSG, URING_POLL };

/* Zero it, and set done and owner; the rest is the ring's. */
struct uring_request {
	/* result: the call's, or -errno (-ECANCELED after uring_cancel). May ask for more, and free what it is in. */
	void (*done)(struct uring_request *request, int result);
	void *owner;

	bool busy; /* in flight: it may not be asked for again, nor freed */
	bool cancelled;
	bool listed; /* in the ring's list: to be handed over, or (handed) to be cancelled */
	bool handed;
	bool prompt;                   /* counted in the ring: completed before the kernel sleeps */
	struct uring_request *partner; /* what follows a prompt one, and is cancelled when not all could be sent */
	bool follows;                  /* a prompt one: what it waits for is not there yet, most likely */
	enum uring_call call;
	int fd, flags;
	void *data; /* octets, or a struct msghdr */
	size_t length;
	struct uring_request *next, *previous;
};

struct uring;

/* Whether this kernel lets this process have a ring; -1 with err when not. Leaves nothing behind. */
int uring_allowed(struct error *err);
/* NULL with err when the kernel refuses. */
struct uring *uring_open(const struct narrator *n, struct error *err);
/* Nothing may be in flight: see uring_busy(). NULL is allowed. */
void uring_close(struct uring *ring);
/* How many requests are in flight. */
size_t uring_busy(const struct uring *ring);

/*
 * Accepts one connection after the other with one request: done() is called for each, and the request stays busy until
 * it fails. Kernels before 5.19 answer -EINVAL.
 */
void uring_accept(struct uring *ring, struct uring_request *request, int fd, const char *why);
void uring_recv(struct uring *ring, struct uring_request *request, int fd, void *data, size_t size, const char *why);
void uring_send(struct uring *ring, struct uring_request *request, int fd, const void *data, size_t length,
		const char *why);
/*
 * Sends, then receives, and uring_wait() does not return for the first alone: an answer and the wait for the next
 * request in one round. Sends what goes without waiting; when that is not all, receiving is completed with -ECANCELED.
 * On older kernels the same as uring_send() and uring_recv().
 */
void uring_send_recv(struct uring *ring, struct uring_request *send, struct uring_request *recv, int fd,
		     const void *data, size_t length, void *room, size_t size, const char *why_send,
		     const char *why_recv);
/* flags: MSG_DONTWAIT asks for what is there now: -EAGAIN at once when there is nothing. */
void uring_recvmsg(struct uring *ring, struct uring_request *request, int fd, struct msghdr *message, int flags,
		   const char *why);
void uring_sendmsg(struct uring *ring, struct uring_request *request, int fd, const struct msghdr *message,
		   const char *why);
/* Until one of the events of poll(2) is there; the result is which. */
void uring_poll(struct uring *ring, struct uring_request *request, int fd, int events, const char *why);
/* Asks for its end; done() is still called, with what had been done or -ECANCELED. Nothing when it is not busy. */
void uring_cancel(struct uring *ring, struct uring_request *request);

/*
 * Hands over, waits for one completion at least (timeout_ms: -1 for ever, 0 not at all) and calls done() of all that
 * are there. -1 with err when the kernel no longer works on the ring.
 */
int uring_wait(struct uring *ring, int timeout_ms, struct error *err);
