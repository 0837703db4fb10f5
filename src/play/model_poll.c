/* SPDX-License-Identifier: BSD-2-Clause */
/* poll: an array of descriptors, handed to the kernel in each round. */
#include "base/mem.h"
#include "play/loop.h"
#include "play/models.h"

struct poll_list {
	struct pollfd *fds;
	int count, size;
};

static int poll_open(struct loop *loop, struct error *err)
{
	(void)err;
	loop->own = mem_new(1, sizeof(struct poll_list));
	return 0;
}

static void poll_close(struct loop *loop)
{
	struct poll_list *own = loop->own;

	free(own->fds);
	free(own);
}

static const char *poll_watch(struct loop *loop, int fd, unsigned flags)
{
	struct poll_list *own = loop->own;
	struct watched *watched = &loop->watched[fd];

	if (!watched->known) {
		if (own->count == own->size) {
			own->size = own->size ? 2 * own->size : 64;
			own->fds = mem_resize(own->fds, (size_t)own->size, sizeof *own->fds);
		}
		watched->slot = own->count++;
	}
	own->fds[watched->slot] = (struct pollfd){ fd, 0, 0 };
	if (flags & LOOP_READ)
		own->fds[watched->slot].events |= POLLIN;
	if (flags & LOOP_WRITE)
		own->fds[watched->slot].events |= POLLOUT;
	return NULL;
}

/* The last one takes the free place. */
static void poll_forget(struct loop *loop, int fd)
{
	struct poll_list *own = loop->own;
	int slot = loop->watched[fd].slot;

	own->fds[slot] = own->fds[--own->count];
	loop->watched[own->fds[slot].fd].slot = slot;
}

static int poll_wait_ready(struct loop *loop, int timeout_ms)
{
	const struct poll_list *own = loop->own;
	int ready =
		sock_poll(loop->server->options->narrator, own->fds, (nfds_t)own->count, timeout_ms,
			  "Sleeps until any of these sockets has something for us; the kernel looks at each of them.");
	int left = ready;

	for (int i = 0; i < own->count && left > 0; i++) {
		unsigned events = (unsigned)own->fds[i].revents, flags;

		if (!events)
			continue;
		left--;
		flags = (events & POLLIN ? LOOP_READ : 0) | (events & POLLOUT ? LOOP_WRITE : 0);
		loop_ready(loop, own->fds[i].fd,
			   events & (POLLERR | POLLHUP | POLLNVAL) ? LOOP_READ | LOOP_WRITE : flags);
	}
	return ready;
}

static const struct readiness poll_readiness = {
	.open = poll_open,
	.close = poll_close,
	.watch = poll_watch,
	.forget = poll_forget,
	.wait = poll_wait_ready,
};

static int poll_run(struct server *server, struct error *err)
{
	return loop_run(server, &poll_readiness, err);
}

const struct server_model server_model_poll = {
	.name = "poll",
	.title = "one thread; an array of sockets, as long as you like, given to the kernel each round",
	.explanation =
		"Only poll blocks, and each round the kernel and the server look through the whole array, so a message "
		"costs more the more silent clients there are. A slow client delays nobody: what it does not read "
		"waits "
		"in a queue of its own, and past a limit it is dropped.",
	.run = poll_run,
};
