/* SPDX-License-Identifier: BSD-2-Clause */
/* select: two sets of descriptors below 1024, handed to the kernel in each round and overwritten by it. */
#include <sys/select.h>

#include "base/mem.h"
#include "play/loop.h"
#include "play/models.h"

struct select_sets {
	fd_set readable, writable; /* what is wished */
	int count;                 /* one more than the highest descriptor that was ever in them */
};

static int select_open(struct loop *loop, struct error *err)
{
	struct select_sets *own = mem_new(1, sizeof *own);

	(void)err;
	FD_ZERO(&own->readable);
	FD_ZERO(&own->writable);
	loop->own = own;
	return 0;
}

static void select_close(struct loop *loop)
{
	free(loop->own);
}

static const char *select_watch(struct loop *loop, int fd, unsigned flags)
{
	struct select_sets *own = loop->own;

	_Static_assert(FD_SETSIZE == 1024, "the message says so");
	if (fd >= FD_SETSIZE)
		return "select watches descriptors below 1024 only, and all are taken; use poll or epoll";
	if (flags & LOOP_READ)
		FD_SET(fd, &own->readable);
	else
		FD_CLR(fd, &own->readable);
	if (flags & LOOP_WRITE)
		FD_SET(fd, &own->writable);
	else
		FD_CLR(fd, &own->writable);
	if (fd >= own->count)
		own->count = fd + 1;
	return NULL;
}

static void select_forget(struct loop *loop, int fd)
{
	struct select_sets *own = loop->own;

	FD_CLR(fd, &own->readable);
	FD_CLR(fd, &own->writable);
}

static int select_wait_ready(struct loop *loop, int timeout_ms)
{
	const struct select_sets *own = loop->own;
	fd_set readable = own->readable, writable = own->writable;
	int ready = sock_select(
		loop->server->options->narrator, own->count, &readable, &writable, timeout_ms,
		"Sleeps until a socket of these sets has something for us; the kernel looks at each of them.");
	int left = ready;

	for (int fd = 0; fd < own->count && left > 0; fd++) {
		bool reads = FD_ISSET(fd, &readable), writes = FD_ISSET(fd, &writable);

		left -= reads + writes;
		if (reads || writes)
			loop_ready(loop, fd, (reads ? LOOP_READ : 0) | (writes ? LOOP_WRITE : 0));
	}
	return ready;
}

static const struct readiness select_readiness = {
	.open = select_open,
	.close = select_close,
	.watch = select_watch,
	.forget = select_forget,
	.wait = select_wait_ready,
};

static int select_run(struct server *server, struct error *err)
{
	return loop_run(server, &select_readiness, err);
}

const struct server_model server_model_select = {
	.name = "select",
	.title = "one thread; sets of sockets with descriptors below 1024, given to the kernel each round",
	.explanation = "Only select blocks, and each round the sets are copied and every descriptor up to the highest "
		       "is looked "
		       "at; from descriptor 1024 on clients are turned away. A slow client delays nobody: what it does "
		       "not read "
		       "waits in a queue of its own, and past a limit it is dropped.",
	.run = select_run,
};
