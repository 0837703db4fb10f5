/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel tells of ends from a queue of each processor, some time after they were. A socket of ours that is closed
 * there stands behind all that ended there before: when its end is told, so are theirs.
 */
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "sockets/owners_parts.h"

#define PATIENCE (100 * NS_PER_MS)

struct fence {
	uint64_t cookies[CPU_SETSIZE]; /* of sockets that were closed and not told */
	unsigned count;
	void (*gone)(void *context, const struct socket *socket);
	void *context;
};

static void post_here(struct fence *fence)
{
	socklen_t length = sizeof fence->cookies[0];
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && !getsockopt(fd, SOL_SOCKET, SO_COOKIE, &fence->cookies[fence->count], &length))
		fence->count++;
	if (fd >= 0)
		close(fd);
}

/* On each processor where we may run. -1: not on all of them. */
static int post(struct fence *fence)
{
	cpu_set_t own, all, one;
	unsigned visited = 0, most;

	if (sched_getaffinity(0, sizeof own, &own) < 0)
		return -1;
	memset(&all, 0xff, sizeof all);
	if (sched_setaffinity(0, sizeof all, &all) < 0 || sched_getaffinity(0, sizeof all, &all) < 0)
		all = own;
	most = (unsigned)CPU_COUNT(&all);
	for (int cpu = 0; cpu < CPU_SETSIZE && visited < most; cpu++) {
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		if (!CPU_ISSET(cpu, &all) || sched_setaffinity(0, sizeof one, &one) < 0)
			continue;
		visited++;
		post_here(fence);
	}
	sched_setaffinity(0, sizeof own, &own);
	return visited == most && fence->count == most ? 0 : -1;
}

static void take(void *context, const struct socket *socket)
{
	struct fence *fence = context;

	for (unsigned i = 0; i < fence->count; i++)
		if (fence->cookies[i] == socket->cookie)
			fence->cookies[i] = fence->cookies[--fence->count];
	if (fence->gone)
		fence->gone(fence->context, socket);
}

bool owners_fence(struct owners *owners, void (*gone)(void *context, const struct socket *socket), void *context)
{
	struct fence *fence = mem_new(1, sizeof *fence);
	struct pollfd told = { .fd = owners->events, .events = POLLIN };
	int64_t looked = owners->looked[SOCKET_UDP], deadline = clock_deadline(PATIENCE);
	bool whole = owners->events >= 0 && post(fence) == 0;

	fence->gone = gone;
	fence->context = context;
	while (whole && fence->count && clock_monotonic() < deadline) {
		poll(&told, 1, clock_patience(deadline));
		whole = owners_collect(owners, clock_utc(), take, fence);
	}
	whole &= !fence->count;
	free(fence);
	if (whole)
		owners->fenced = looked;
	return whole;
}
