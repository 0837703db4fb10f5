/* SPDX-License-Identifier: BSD-2-Clause */
/* Programs with sockets, in a network namespace of the test's own. */
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "sockets/owners.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Without rights for a namespace the tests are done in this one; its other sockets do not matter. */
static inline void own_namespace(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd;

	if (unshare(CLONE_NEWNET) < 0)
		return;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_int_equal(ioctl(fd, SIOCSIFFLAGS, &request), 0);
	close(fd);
}

static inline struct address at(const char *host, uint16_t port)
{
	struct address address = { .length = 0 };
	struct sockaddr_in *v4 = (struct sockaddr_in *)&address.storage;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&address.storage;

	if (strchr(host, ':')) {
		*v6 = (struct sockaddr_in6){ .sin6_family = AF_INET6, .sin6_port = htons(port) };
		assert_int_equal(inet_pton(AF_INET6, host, &v6->sin6_addr), 1);
		address.length = sizeof *v6;
	} else {
		*v4 = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons(port) };
		assert_int_equal(inet_pton(AF_INET, host, &v4->sin_addr), 1);
		address.length = sizeof *v4;
	}
	return address;
}

/* Bound there; of TCP it listens. */
static inline int socket_at(int type, const char *host, uint16_t port)
{
	struct address address = at(host, port);
	int fd = socket(address.storage.ss_family, type | SOCK_CLOEXEC, 0), one = 1;

	assert_true(fd >= 0);
	assert_int_equal(
		setsockopt(fd, SOL_SOCKET, type == SOCK_STREAM ? SO_REUSEADDR : SO_REUSEPORT, &one, sizeof one), 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address.storage, address.length), 0);
	if (type == SOCK_STREAM)
		assert_int_equal(listen(fd, 8), 0);
	return fd;
}

static inline uint16_t port_of(int fd)
{
	struct address address = { .length = sizeof address.storage };

	assert_int_equal(getsockname(fd, (struct sockaddr *)&address.storage, &address.length), 0);
	return address_port(&address);
}

static inline int connected(int type, const char *host, uint16_t port)
{
	struct address address = at(host, port);
	int fd = socket(address.storage.ss_family, type | SOCK_CLOEXEC, 0);

	assert_int_equal(connect(fd, (struct sockaddr *)&address.storage, address.length), 0);
	return fd;
}

static inline struct socket_ends ends_of(uint8_t kind, const char *local, uint16_t port, const char *remote,
					 uint16_t remote_port)
{
	struct socket_ends ends = { .kind = kind, .local = at(local, port), .remote = at(remote, remote_port) };

	return ends;
}

/* Another program: it has what is open here, and does what `play` says at each go(). Those made later end first. */
struct program {
	pid_t pid;
	int orders, done;
};

static inline struct program program_new(const char *name, void (*play)(unsigned step))
{
	int orders[2], done[2];
	struct program program;
	char octet;

	assert_int_equal(pipe2(orders, O_CLOEXEC), 0);
	assert_int_equal(pipe2(done, O_CLOEXEC), 0);
	program = (struct program){ fork(), orders[1], done[0] };
	assert_true(program.pid >= 0);
	if (program.pid)
		close(orders[0]), close(done[1]);
	else
		close(orders[1]), close(done[0]);
	if (!program.pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		prctl(PR_SET_NAME, name);
		for (unsigned step = 0; write(done[1], "", 1) == 1 && read(orders[0], &octet, 1) == 1; step++)
			play(step);
		_exit(0);
	}
	assert_int_equal(read(program.done, &octet, 1), 1);
	return program;
}

static inline void go(const struct program *program)
{
	char octet;

	assert_int_equal(write(program->orders, "", 1), 1);
	assert_int_equal(read(program->done, &octet, 1), 1);
}

static inline void end(const struct program *program)
{
	int status;

	close(program->orders);
	close(program->done);
	assert_int_equal(waitpid(program->pid, &status, 0), program->pid);
	assert_int_equal(status, 0);
}

static inline struct owners *owners_made(void)
{
	struct error err = { "" };
	struct owners *owners = owners_new(clock_utc(), &err);

	if (!owners)
		fail_msg("%s", err.text);
	return owners;
}

static inline struct owners_answer found(struct owners *owners, const struct socket_ends *ends, int64_t time)
{
	struct owners_answer answer;

	owners_find(owners, ends, time, clock_utc(), &answer);
	return answer;
}

static inline void assert_owner(const struct owner *owner, enum owner_certainty certainty, unsigned count, pid_t first)
{
	assert_int_equal(owner->certainty, certainty);
	assert_int_equal(owner->count, count);
	if (count)
		assert_int_equal(owner->processes[0]->pid, first);
}

/* Waits until the kernel has told of the end of a socket. */
static inline void collect_end(struct owners *owners)
{
	struct pollfd told = { .fd = owners_fd(owners), .events = POLLIN };

	assert_true(told.fd >= 0);
	assert_int_equal(poll(&told, 1, 60000), 1);
	assert_true(owners_collect(owners, clock_utc(), NULL, NULL));
}
