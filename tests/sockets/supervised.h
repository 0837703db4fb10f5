/* SPDX-License-Identifier: BSD-2-Clause */
/* A child whose socket calls are seen, and what was told of its sockets. */
#pragma once

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "sockets/socket.h"
#include "sockets/supervise.h"

#define TOLD 8192 /* sockets that are kept */

struct told {
	struct socket_ends ends[TOLD];
	uint32_t pids[TOLD];
	unsigned count;
	char said[65536]; /* by the child */
	struct supervise_unseen unseen;
};

static inline void told_born(void *context, const struct socket_ends *ends, uint64_t cookie, uint32_t pid,
			     uint32_t thread)
{
	struct told *told = context;

	(void)cookie;
	assert_true(told->count < TOLD && thread);
	told->pids[told->count] = pid;
	told->ends[told->count++] = *ends;
}

/* What a child does; it says what it sees to `out`. */
typedef void supervised_body(int out);

/* The number of the listener goes through a pipe, and its descriptor is fetched: what the program itself does not need.
 */
static inline int supervised_listener(pid_t child, int numbers)
{
	int number, process = (int)syscall(SYS_pidfd_open, child, 0), fd;

	assert_int_equal(read(numbers, &number, sizeof number), sizeof number);
	if (number < 0) {
		close(process);
		errno = -number;
		return -1;
	}
	fd = (int)syscall(SYS_pidfd_getfd, process, number, 0);
	assert_true(fd >= 0);
	close(process);
	return fd;
}

static inline void supervised_child(supervised_body *body, int numbers, int go, int out)
{
	bool no_new_privs;
	int fd = supervise_install(&no_new_privs);
	int number = fd < 0 ? -errno : fd;
	char ready;

	/* The listener is fetched before our copy goes. */
	if (write(numbers, &number, sizeof number) != sizeof number || read(go, &ready, 1) != 1)
		_exit(99);
	close(fd);
	body(out);
	_exit(0);
}

static inline void supervised_collect(struct told *told, size_t *length, int fd)
{
	ssize_t got = read(fd, told->said + *length, sizeof told->said - 1 - *length);

	*length += got > 0 ? (size_t)got : 0;
}

/* Serves until nobody is left. */
static inline void supervised_serve(struct supervise *supervise, struct told *told, int said)
{
	struct pollfd events[] = { { supervise_fd(supervise), POLLIN, 0 }, { said, POLLIN, 0 } };
	size_t length = 0;

	for (bool left = true; left;) {
		assert_true(poll(events, 2, 60000) > 0);
		if (events[1].revents & POLLIN)
			supervised_collect(told, &length, said);
		else if (events[1].revents)
			events[1].fd = -1;
		if (events[0].revents)
			left = supervise_serve(supervise);
		/* Older kernels keep those under the filter who are not waited for. */
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
	}
	fcntl(said, F_SETFL, O_NONBLOCK);
	supervised_collect(told, &length, said);
}

static inline void supervised_run(supervised_body *body, struct told *told)
{
	int numbers[2], go[2], out[2], listener;
	struct supervise *supervise;
	struct error err;
	pid_t child;

	memset(told, 0, sizeof *told);
	assert_int_equal(pipe2(numbers, O_CLOEXEC) | pipe2(go, O_CLOEXEC) | pipe2(out, O_CLOEXEC), 0);
	child = fork();
	assert_true(child >= 0);
	if (!child)
		supervised_child(body, numbers[1], go[0], out[1]);
	close(out[1]);
	listener = supervised_listener(child, numbers[0]);
	if (listener < 0)
		fail_msg("the kernel takes no filter: %s", strerror(errno));
	supervise = supervise_new(listener, told_born, told, &err);
	assert_non_null(supervise);
	assert_int_equal(write(go[1], "", 1), 1);
	supervised_serve(supervise, told, out[0]);
	told->unseen = *supervise_unseen(supervise);
	supervise_free(supervise);
	while (waitpid(-1, NULL, 0) > 0)
		;
	for (unsigned i = 0; i < 2; i++) {
		close(numbers[i]);
		close(go[i]);
	}
	close(out[0]);
}

/* The same without anybody looking. */
static inline void alone_run(supervised_body *body, char *said, size_t room)
{
	int out[2];
	size_t length = 0;
	ssize_t got;
	pid_t child;

	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	child = fork();
	assert_true(child >= 0);
	if (!child) {
		body(out[1]);
		_exit(0);
	}
	close(out[1]);
	while ((got = read(out[0], said + length, room - 1 - length)) > 0)
		length += (size_t)got;
	said[length] = '\0';
	close(out[0]);
	while (waitpid(child, NULL, 0) != child)
		;
}

/* ------------------------------------------------------------------------------------------------ what children do */

static inline struct sockaddr_in four(const char *host, uint16_t port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(port) };

	inet_pton(AF_INET, host, &at.sin_addr);
	return at;
}

static inline struct sockaddr_in6 six(const char *host, uint16_t port)
{
	struct sockaddr_in6 at = { .sin6_family = AF_INET6, .sin6_port = htons(port) };

	inet_pton(AF_INET6, host, &at.sin6_addr);
	return at;
}

static inline uint16_t port_of(int fd)
{
	struct address at = { .length = sizeof at.storage };

	return getsockname(fd, (struct sockaddr *)&at.storage, &at.length) ? 0 : address_port(&at);
}
