/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two machines of the test's own, in network namespaces: ours is joined to theirs by two cables.
 *
 *	ours	left 10.9.0.1/24 ---- right 10.9.0.2/24	theirs
 *		near 10.8.0.1/24 ---- far   10.8.0.2/24
 *
 * A thread is in one namespace at a time; a socket stays in that where it was opened.
 */
#pragma once

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#include "peers.h"

struct networks {
	int ours, theirs;    /* namespaces; -1: there are none */
	const char *missing; /* why */
};

static inline bool networks_run(const char *command)
{
	return system(command) == 0;
}

static inline void networks_enter(int space)
{
	assert_int_equal(setns(space, CLONE_NEWNET), 0);
}

/* The kernel connects an interface that came up in its own time, and drops what is sent until then. */
static inline void networks_await(const char *interface)
{
	struct ifreq request = { .ifr_flags = 0 };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char again[64];

	memcpy(request.ifr_name, interface, strlen(interface) + 1);
	while (!ioctl(fd, SIOCGIFFLAGS, &request) && !(request.ifr_flags & IFF_RUNNING))
		poll(NULL, 0, 1);
	close(fd);
	/* Nothing changes, but it waits for the lock under which the kernel was at work. */
	snprintf(again, sizeof again, "ip link set dev %s up", interface);
	assert_true(networks_run(again));
}

/* Without ip(8): tests that need no cable need this at least. */
static inline void networks_loopback_up(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	assert_int_equal(ioctl(fd, SIOCSIFFLAGS, &request), 0);
	close(fd);
}

/* A new namespace, which the caller is in afterwards. Addresses of IPv6 are good at once, without asking around. */
static inline int networks_new(void)
{
	static const char *const files[] = { "/proc/sys/net/ipv6/conf/default/accept_dad",
					     "/proc/sys/net/ipv6/conf/all/accept_dad" };

	if (unshare(CLONE_NEWNET) < 0)
		return -1;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		int fd = open(files[i], O_WRONLY | O_CLOEXEC);

		if (fd >= 0 && write(fd, "0", 1) != 1)
			abort();
		if (fd >= 0)
			close(fd);
	}
	return open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
}

static inline int networks_close(struct networks *n)
{
	if (n->ours >= 0)
		close(n->ours);
	if (n->theirs >= 0)
		close(n->theirs);
	return 0;
}

/* `ip link ... netns` takes a process: one that stays in theirs until the cables are laid. */
static inline bool networks_cable(struct networks *n)
{
	char command[256];
	pid_t there = fork();
	bool laid;

	if (!there) {
		if (!setns(n->theirs, CLONE_NEWNET))
			pause();
		_exit(1);
	}
	/* It is there when its link says so. */
	for (;;) {
		char name[64], here[64] = "", is[64] = "";

		snprintf(name, sizeof name, "/proc/%d/ns/net", (int)there);
		if (readlink(name, is, sizeof is - 1) < 0 || readlink("/proc/self/ns/net", here, sizeof here - 1) < 0)
			return false;
		if (strcmp(is, here) != 0)
			break;
		poll(NULL, 0, 1);
	}
	snprintf(command, sizeof command,
		 "ip link add name left type veth peer name right netns %d && "
		 "ip link add name near type veth peer name far netns %d",
		 (int)there, (int)there);
	laid = networks_run(command);
	kill(there, SIGKILL);
	waitpid(there, NULL, 0);
	return laid;
}

static inline const char *networks_make(struct networks *n)
{
	n->theirs = networks_new();
	n->ours = n->theirs < 0 ? -1 : networks_new();
	if (n->ours < 0)
		return "a network namespace needs CAP_SYS_ADMIN";
	networks_loopback_up();
	if (!networks_cable(n))
		return "ip(8) cannot make veth pairs between namespaces";
	if (!networks_run("ip address add 10.9.0.1/24 broadcast + dev left && "
			  "ip address add 10.8.0.1/24 broadcast + dev near && ip link set dev left up && "
			  "ip link set dev near up"))
		return "ip(8) cannot give addresses";
	networks_enter(n->theirs);
	if (!networks_run("ip link set dev lo up && ip address add 10.9.0.2/24 broadcast + dev right && "
			  "ip address add 10.8.0.2/24 broadcast + dev far && ip link set dev right up && "
			  "ip link set dev far up"))
		return "ip(8) cannot give addresses";
	networks_await("right");
	networks_await("far");
	networks_enter(n->ours);
	networks_await("left");
	networks_await("near");
	return NULL;
}

/* Those of the test's program. */
static struct networks nets = { -1, -1, "it was not set up" };

static inline int networks_setup(void **state)
{
	(void)state;
	nets.missing = networks_make(&nets);
	return 0;
}

static inline int networks_teardown(void **state)
{
	(void)state;
	return networks_close(&nets);
}

static inline void networks_need(const struct networks *n)
{
	if (!n->missing)
		return;
	print_message("skipped: %s\n", n->missing);
	skip();
}

/* A socket of UDP in `space`, bound there, with room for several on the port. */
static inline int networks_ear(const struct networks *n, int space, const char *host, uint16_t port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd, one = 1;

	networks_enter(space);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_int_equal(inet_pton(AF_INET, host, &at.sin_addr), 1);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one), 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
	networks_enter(n->ours);
	return fd;
}

/* The next datagram, waited for, and who sent it. */
static inline void networks_hear(int fd, const char *data, const char *from)
{
	struct pollfd wait = { fd, POLLIN, 0 };
	struct sockaddr_in peer;
	socklen_t size = sizeof peer;
	char octets[512], name[INET_ADDRSTRLEN];
	ssize_t got;

	assert_int_equal(poll(&wait, 1, 60000), 1);
	got = recvfrom(fd, octets, sizeof octets - 1, 0, (struct sockaddr *)&peer, &size);
	assert_true(got >= 0);
	octets[got] = '\0';
	assert_string_equal(octets, data);
	assert_string_equal(inet_ntop(AF_INET, &peer.sin_addr, name, sizeof name), from);
}
