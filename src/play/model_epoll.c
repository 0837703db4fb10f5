/* SPDX-License-Identifier: BSD-2-Clause */
/* epoll: the kernel keeps the list of what is watched, and answers with the ready ones alone. */
#include <sys/epoll.h>

#include <errno.h>

#include "base/mem.h"
#include "play/loop.h"
#include "play/models.h"

#define EVENTS_MOST 256 /* answers taken by one call */

struct epoll {
	int fd;
	struct epoll_event events[EVENTS_MOST];
};

static int epoll_open(struct loop *loop, struct error *err)
{
	struct epoll *own;
	int fd = sock_epoll_create(loop->server->options->narrator,
				   "Asks for a list, kept by the kernel, of sockets to watch.");

	if (fd < 0)
		return error_errno(err, "epoll cannot be used");
	own = mem_new(1, sizeof *own);
	own->fd = fd;
	loop->own = own;
	return 0;
}

static void epoll_close(struct loop *loop)
{
	struct epoll *own = loop->own;

	sock_close(loop->server->options->narrator, own->fd, "Throws the list of watched sockets away.");
	free(own);
}

/* The kernel's list changes only when our wish does: a call for each message would be one too many. */
static const char *epoll_watch(struct loop *loop, int fd, unsigned flags)
{
	struct epoll *own = loop->own;
	bool known = loop->watched[fd].known;
	struct epoll_event event = { .data.u64 = (uint64_t)fd };

	event.events = (flags & LOOP_READ ? (uint32_t)EPOLLIN : 0) | (flags & LOOP_WRITE ? (uint32_t)EPOLLOUT : 0);
	if (!sock_epoll_ctl(loop->server->options->narrator, own->fd, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &event,
			    known ? "Watches it for something else from now on."
				  : "Puts it on the list of those watched."))
		return NULL;
	return errno == ENOSPC ? "fs.epoll.max_user_watches is reached" : "epoll does not take it";
}

static void epoll_forget(struct loop *loop, int fd)
{
	const struct epoll *own = loop->own;

	/* Closing would do it, unless somebody else holds the same socket: a forked process, say. */
	sock_epoll_ctl(loop->server->options->narrator, own->fd, EPOLL_CTL_DEL, fd, NULL,
		       "Takes the socket from the list before it is closed.");
}

static unsigned flags_of(uint32_t events)
{
	if (events & (EPOLLERR | EPOLLHUP))
		return LOOP_READ | LOOP_WRITE;
	return (events & EPOLLIN ? LOOP_READ : 0) | (events & EPOLLOUT ? LOOP_WRITE : 0);
}

static int epoll_wait_ready(struct loop *loop, int timeout_ms)
{
	struct epoll *own = loop->own;
	int ready = sock_epoll_wait(loop->server->options->narrator, own->fd, own->events, EVENTS_MOST, timeout_ms,
				    "Sleeps until any of the watched sockets has something for us.");

	for (int i = 0; i < ready; i++)
		loop_ready(loop, (int)own->events[i].data.u64, flags_of(own->events[i].events));
	return ready;
}

static const struct readiness epoll_readiness = {
	.open = epoll_open,
	.close = epoll_close,
	.watch = epoll_watch,
	.forget = epoll_forget,
	.wait = epoll_wait_ready,
};

static int epoll_run(struct server *server, struct error *err)
{
	return loop_run(server, &epoll_readiness, err);
}

const struct server_model server_model_epoll = {
	.name = "epoll",
	.title = "one thread; the kernel keeps the list of sockets and names the ready ones",
	.explanation =
		"Only epoll_wait blocks, and each round costs what is ready and not what is watched, so ten thousand "
		"silent clients cost memory and no time. A slow client delays nobody: what it does not read waits in a "
		"queue of its own, and past a limit it is dropped.",
	.run = epoll_run,
};
