/* SPDX-License-Identifier: BSD-2-Clause */
/* A network namespace of the test's own, with nothing in it but loopback; without it a test that needs it skips. */
#pragma once

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#include "net/endpoint.h"
#include "telling.h"

static const char *own_missing = "it was not set up";

static inline int own_network(void **state)
{
	struct ifreq up = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
	int fd;

	(void)state;
	own_missing = "a network namespace needs CAP_SYS_ADMIN";
	if (unshare(CLONE_NEWNET) < 0)
		return 0;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	own_missing = ioctl(fd, SIOCSIFFLAGS, &up) ? "loopback cannot be brought up" : NULL;
	close(fd);
	return 0;
}

static inline void own_need(void)
{
	if (!own_missing)
		return;
	print_message("skipped: %s\n", own_missing);
	skip();
}

/* An address written out, at this port. */
static inline struct address at_host(const char *host, uint16_t port)
{
	struct addresses at;
	struct error err = { "" };
	struct address first;

	assert_int_equal(endpoint_resolve(NULL, host, "0", AF_UNSPEC, SOCK_STREAM, &at, &err), 0);
	first = at.list[0];
	addresses_release(&at);
	address_set_port(&first, port);
	return first;
}

static inline bool have_ipv6(void)
{
	struct address at = loopback(AF_INET6, 0);
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool have = fd >= 0 && !bind(fd, (struct sockaddr *)&at.storage, at.length);

	if (fd >= 0)
		close(fd);
	return have;
}

static inline void ipv6_need(void)
{
	if (have_ipv6())
		return;
	print_message("skipped: there is no IPv6 here\n");
	skip();
}

/* Runs body in a child that is nobody, with what the parent has open; it reports by its exit status: 0 is well. */
static inline void as_nobody(int (*body)(void *context), void *context)
{
	pid_t child;
	int status;

	if (geteuid()) {
		print_message("skipped: only root can become nobody\n");
		skip();
	}
	child = fork();
	assert_true(child >= 0);
	if (!child)
		_exit(setresgid(65534, 65534, 65534) || setresuid(65534, 65534, 65534) ? 99 : body(context));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}
