/* SPDX-License-Identifier: BSD-2-Clause */
/* The ring: setting it up, handing requests over, taking completions. */
#include "net/uring.h"

#include <errno.h>
#include <liburing.h>

#include "base/mem.h"
#include "config.h"
#include "net/uring_tell.h"

#define SUBMISSIONS 256u  /* handed over with one system call */
#define COMPLETIONS 8192u /* what may come at once without the kernel having to put it by */

/* Flags and operations that the headers of an older system do not name yet. */
#ifndef IORING_SETUP_COOP_TASKRUN
#define IORING_SETUP_COOP_TASKRUN (1u << 8)
#endif
#ifndef IORING_SETUP_SINGLE_ISSUER
#define IORING_SETUP_SINGLE_ISSUER (1u << 12)
#endif
#ifndef IORING_SETUP_DEFER_TASKRUN
#define IORING_SETUP_DEFER_TASKRUN (1u << 13)
#endif
#ifndef IORING_RECVSEND_POLL_FIRST
#define IORING_RECVSEND_POLL_FIRST (1u << 0)
#endif
#ifndef IORING_ACCEPT_MULTISHOT
#define IORING_ACCEPT_MULTISHOT (1u << 0)
#endif

struct uring {
	struct io_uring ring;
	const struct narrator *narrator;
	struct uring_request *first, *last; /* to be handed over or cancelled, in the order of asking */
	size_t busy;
	unsigned prompt; /* requests that are completed while they are handed over */
	bool links;      /* a send that sends less than it should breaks the chain (Linux 6.1, as the best wish) */
};

/* ------------------------------------------------------------------------------------------------ setting up */

/* From the most that a kernel can do for a program of one thread to what all of them can. */
static const struct io_uring_params wishes[] = {
	{ .flags = IORING_SETUP_CQSIZE | IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_COOP_TASKRUN |
		   IORING_SETUP_DEFER_TASKRUN,
	  .cq_entries = COMPLETIONS },
	{ .flags = IORING_SETUP_CQSIZE | IORING_SETUP_COOP_TASKRUN, .cq_entries = COMPLETIONS },
	{ .flags = IORING_SETUP_CQSIZE, .cq_entries = COMPLETIONS },
	{ .flags = 0 },
};

static int refused(int result, struct error *err)
{
	errno = -result;
	return error_errno(err, "the kernel refuses io_uring");
}

/*
 * Asks for a ring of no size: who may have one is told that this is not possible. A ring that is opened and closed
 * would not do, because its end interrupts system calls later on.
 */
int uring_allowed(struct error *err)
{
	struct io_uring ring;
	int result = io_uring_queue_init(0, &ring, 0);

	if (result < 0)
		return result == -EINVAL ? 0 : refused(result, err);
	io_uring_queue_exit(&ring);
	return 0;
}

struct uring *uring_open(const struct narrator *n, struct error *err)
{
	struct uring *ring = mem_new(1, sizeof *ring);
	int result = -EINVAL;

	ring->narrator = n;
	for (unsigned i = 0; i < sizeof wishes / sizeof *wishes; i++) {
		struct io_uring_params params = wishes[i];

		result = io_uring_queue_init_params(SUBMISSIONS, &ring->ring, &params);
		ring->links = params.flags & IORING_SETUP_DEFER_TASKRUN;
		if (result != -EINVAL && result != -ENOMEM)
			break;
	}
	if (result < 0) {
		sock_tell(n, "Without a ring nothing can be asked of the kernel this way.",
			  "io_uring_queue_init(%u) = %d (%s)", SUBMISSIONS, result, strerrordesc_np(-result));
		free(ring);
		refused(result, err);
		return NULL;
	}
#ifdef HAVE_IO_URING_REGISTER_RING_FD
	io_uring_register_ring_fd(&ring->ring); /* each call finds the ring a little faster; without it works as well */
#endif
	sock_tell(n, "Two rings in memory that the kernel shares: requests go in, completions come out.",
		  "io_uring_queue_init(%u) = %d", SUBMISSIONS, ring->ring.ring_fd);
	return ring;
}

void uring_close(struct uring *ring)
{
	if (!ring)
		return;
	if (ring->busy)
		bug("a ring is closed with %zu requests in flight", ring->busy);
	sock_tell(ring->narrator, "Gives the ring and its memory back.", "io_uring_queue_exit(%d)", ring->ring.ring_fd);
	io_uring_queue_exit(&ring->ring);
	free(ring);
}

size_t uring_busy(const struct uring *ring)
{
	return ring->busy;
}

/* ------------------------------------------------------------------------------------------------ asking */

static void list_add(struct uring *ring, struct uring_request *r)
{
	r->listed = true;
	r->next = NULL;
	r->previous = ring->last;
	if (ring->last)
		ring->last->next = r;
	else
		ring->first = r;
	ring->last = r;
}

static void list_remove(struct uring *ring, struct uring_request *r)
{
	if (!r->listed)
		return;
	r->listed = false;
	if (r->previous)
		r->previous->next = r->next;
	else
		ring->first = r->next;
	if (r->next)
		r->next->previous = r->previous;
	else
		ring->last = r->previous;
}

static void ask(struct uring *ring, struct uring_request *r, const char *why)
{
	if (r->busy)
		bug("a request is made again while it is in flight");
	r->busy = true;
	r->cancelled = r->handed = r->prompt = r->follows = false;
	r->partner = NULL;
	ring->busy++;
	list_add(ring, r);
	if (ring->narrator)
		uring_tell_request(ring->narrator, r, why);
}

static void fill(struct uring_request *r, enum uring_call call, int fd, const void *data, size_t length, int flags)
{
	r->call = call;
	r->fd = fd;
	r->data = (void *)data;
	r->length = length;
	r->flags = flags;
}

void uring_accept(struct uring *ring, struct uring_request *request, int fd, const char *why)
{
	fill(request, URING_ACCEPT, fd, NULL, 0, SOCK_NONBLOCK | SOCK_CLOEXEC);
	ask(ring, request, why);
}

void uring_recv(struct uring *ring, struct uring_request *request, int fd, void *data, size_t size, const char *why)
{
	fill(request, URING_RECV, fd, data, size, 0);
	ask(ring, request, why);
}

void uring_send(struct uring *ring, struct uring_request *request, int fd, const void *data, size_t length,
		const char *why)
{
	fill(request, URING_SEND, fd, data, length, MSG_NOSIGNAL);
	ask(ring, request, why);
}

void uring_send_recv(struct uring *ring, struct uring_request *send, struct uring_request *recv, int fd,
		     const void *data, size_t length, void *room, size_t size, const char *why_send,
		     const char *why_recv)
{
	fill(send, URING_SEND, fd, data, length,
	     ring->links ? MSG_NOSIGNAL | MSG_DONTWAIT | MSG_WAITALL : MSG_NOSIGNAL);
	ask(ring, send, why_send);
	uring_recv(ring, recv, fd, room, size, why_recv);
	if (ring->links)
		send->partner = recv;
	recv->follows = ring->links;
}

void uring_recvmsg(struct uring *ring, struct uring_request *request, int fd, struct msghdr *message, int flags,
		   const char *why)
{
	fill(request, URING_RECVMSG, fd, message, 0, flags);
	ask(ring, request, why);
}

void uring_sendmsg(struct uring *ring, struct uring_request *request, int fd, const struct msghdr *message,
		   const char *why)
{
	fill(request, URING_SENDMSG, fd, message, 0, MSG_NOSIGNAL);
	ask(ring, request, why);
}

void uring_poll(struct uring *ring, struct uring_request *request, int fd, int events, const char *why)
{
	fill(request, URING_POLL, fd, NULL, 0, events);
	ask(ring, request, why);
}

void uring_cancel(struct uring *ring, struct uring_request *request)
{
	if (!request->busy || request->cancelled)
		return;
	request->cancelled = true;
	if (!request->listed)
		list_add(ring, request);
}

/* ------------------------------------------------------------------------------------------------ handing over */

static void prepare(struct io_uring_sqe *sqe, struct uring_request *r)
{
	switch (r->call) {
	case URING_ACCEPT:
		io_uring_prep_accept(sqe, r->fd, NULL, NULL, r->flags);
		sqe->ioprio |= IORING_ACCEPT_MULTISHOT;
		break;
	case URING_RECV:
		io_uring_prep_recv(sqe, r->fd, r->data, r->length, r->flags);
		if (r->follows) /* a try that would fail is saved */
			sqe->ioprio |= IORING_RECVSEND_POLL_FIRST;
		break;
	case URING_SEND:
		io_uring_prep_send(sqe, r->fd, r->data, r->length, r->flags);
		break;
	case URING_RECVMSG:
		io_uring_prep_recvmsg(sqe, r->fd, r->data, (unsigned)r->flags);
		break;
	case URING_SENDMSG:
		io_uring_prep_sendmsg(sqe, r->fd, r->data, (unsigned)r->flags);
		break;
	case URING_POLL:
		io_uring_prep_poll_add(sqe, r->fd, (unsigned)r->flags);
		break;
	}
	io_uring_sqe_set_data(sqe, r);
}

static void complete(struct uring *ring, struct uring_request *r, int result, bool more)
{
	if (!more) {
		list_remove(ring, r);
		r->busy = false;
		ring->busy--;
		ring->prompt -= r->prompt;
	}
	if (ring->narrator)
		uring_tell_completion(ring->narrator, r, result);
	r->done(r, result);
}

/*
 * A prompt send is completed at once, and we need not hear of it before something else is completed: unless it failed,
 * and then its partner is cancelled, and that is this something. When the partner was cancelled before, the send is an
 * ordinary one that does not wait.
 */
static void chain(struct uring *ring, struct io_uring_sqe *sqe, struct uring_request *r)
{
	if (!r->partner || r->partner->cancelled)
		return;
	if (ring->first != r->partner)
		bug("a request and its partner were parted");
	sqe->flags |= IOSQE_IO_LINK;
	r->prompt = true;
	ring->prompt++;
}

/* Puts what is listed into the ring, as far as there is room. True when all is said: nothing prevents a sleep. */
static bool hand_over(struct uring *ring)
{
	struct uring_request *r;
	struct io_uring_sqe *sqe;
	bool quiet = true;

	while ((r = ring->first)) {
		if (!r->handed && r->cancelled) { /* cancelled before the kernel has heard of it */
			complete(ring, r, -ECANCELED, false);
			quiet = false;
			continue;
		}
		if (io_uring_sq_space_left(&ring->ring) < 2) /* partners go together */
			return false;
		sqe = io_uring_get_sqe(&ring->ring);
		list_remove(ring, r);
		if (r->handed) {
			io_uring_prep_cancel(sqe, r, 0);
			io_uring_sqe_set_data(sqe, NULL);
			sock_tell(ring->narrator, NULL, "io_uring cancel(%d)", r->fd);
		} else {
			prepare(sqe, r);
			chain(ring, sqe, r);
			r->handed = true;
		}
	}
	return quiet;
}

/* The system call. Returns -errno when it fails. */
static int enter(struct uring *ring, int timeout_ms)
{
	struct __kernel_timespec limit = { .tv_sec = timeout_ms / 1000, .tv_nsec = timeout_ms % 1000 * 1000000LL };
	unsigned enough = 1 + ring->prompt;
	struct io_uring_cqe *cqe;
	int result;

	if (timeout_ms <= 0)
		return io_uring_submit_and_wait(&ring->ring, timeout_ms ? enough : 0);
#ifdef HAVE_IO_URING_SUBMIT_AND_WAIT_TIMEOUT
	result = io_uring_submit_and_wait_timeout(&ring->ring, &cqe, enough, &limit, NULL);
#else
	result = io_uring_submit(&ring->ring);
	if (result >= 0)
		result = io_uring_wait_cqes(&ring->ring, &cqe, enough, &limit, NULL);
#endif
	return result;
}

static int tell_and_enter(struct uring *ring, int timeout_ms)
{
	const struct narrator *n = ring->narrator;
	int result;

	if (!n)
		return enter(ring, timeout_ms);
	sock_tell(n, "Hands over all requests since the last time, and sleeps until so many are completed.",
		  "io_uring_enter(%d, %u, %u) ...", ring->ring.ring_fd, io_uring_sq_ready(&ring->ring),
		  timeout_ms ? 1 + ring->prompt : 0);
	result = enter(ring, timeout_ms);
	sock_tell(n, NULL, "... io_uring_enter: %u completed", io_uring_cq_ready(&ring->ring));
	return result;
}

int uring_wait(struct uring *ring, int timeout_ms, struct error *err)
{
	struct io_uring_cqe *cqe;
	unsigned ready;
	int result;

	result = tell_and_enter(ring, hand_over(ring) ? timeout_ms : 0);
	/* EBUSY: older kernels want completions taken first. */
	if (result < 0 && result != -ETIME && result != -EINTR && result != -EAGAIN && result != -EBUSY) {
		errno = -result;
		return error_errno(err, "io_uring");
	}
	ready = io_uring_cq_ready(&ring->ring);
	while (ready-- && io_uring_peek_cqe(&ring->ring, &cqe) == 0) {
		struct uring_request *r = io_uring_cqe_get_data(cqe);
		bool more = cqe->flags & IORING_CQE_F_MORE;

		result = cqe->res;
		io_uring_cqe_seen(&ring->ring, cqe);
		if (r)
			complete(ring, r, result, more);
	}
	return 0;
}
