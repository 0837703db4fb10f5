/* SPDX-License-Identifier: BSD-2-Clause */
/* What a call that waits is about. */
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "sockets/socket.h"
#include "sockets/supervise_parts.h"

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71
#endif
#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

/* Reads the beginning of a file below /proc. Octets; -1: it is not there. */
static ssize_t read_start(const char *path, char *out, size_t room)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, out, room - 1);

	if (fd >= 0)
		close(fd);
	if (got >= 0)
		out[got] = '\0';
	return got;
}

/* 0: it is not known. */
static uint32_t process_of(uint32_t thread)
{
	char path[64], status[512];
	const char *found;

	snprintf(path, sizeof path, "/proc/%u/status", thread);
	if (read_start(path, status, sizeof status) < 0)
		return 0;
	found = strstr(status, "\nTgid:");
	return found ? (uint32_t)strtoul(found + strlen("\nTgid:"), NULL, 10) : 0;
}

bool same_label(uint32_t thread)
{
	char path[64], theirs[512], ours[512];
	ssize_t length;

	snprintf(path, sizeof path, "/proc/%u/attr/current", thread);
	length = read_start(path, theirs, sizeof theirs);
	if (length != read_start("/proc/thread-self/attr/current", ours, sizeof ours))
		return false;
	return length <= 0 || !memcmp(theirs, ours, (size_t)length);
}

/* The process of a thread by itself takes no look into /proc when the thread is its first. */
static int open_process(struct seen_call *call)
{
	const unsigned thread_flag = O_EXCL; /* PIDFD_THREAD, since Linux 6.9 */
	int fd = (int)syscall(SYS_pidfd_open, call->thread, 0);

	call->pid = call->thread;
	if (fd >= 0)
		return fd;
	call->pid = process_of(call->thread);
	if (!call->pid)
		return -1;
	fd = (int)syscall(SYS_pidfd_open, call->thread, thread_flag);
	return fd >= 0 ? fd : (int)syscall(SYS_pidfd_open, call->pid, 0);
}

static bool get_number(int fd, int option, int *out)
{
	socklen_t length = sizeof *out;

	return !getsockopt(fd, SOL_SOCKET, option, out, &length);
}

uint64_t socket_network(int fd)
{
	uint64_t cookie = 0;
	socklen_t length = sizeof cookie;

	return getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &length) ? 0 : cookie;
}

/* False: not a socket of interest. */
static bool describe(struct seen_call *call, uint64_t network)
{
	socklen_t cookie_length = sizeof call->cookie;
	int type, protocol;

	if (!get_number(call->fd, SO_DOMAIN, &call->domain) || (call->domain != AF_INET && call->domain != AF_INET6))
		return false;
	if (!get_number(call->fd, SO_TYPE, &type) || !get_number(call->fd, SO_PROTOCOL, &protocol))
		return false;
	call->kind = type == SOCK_STREAM ? SOCKET_TCP : SOCKET_UDP;
	if (!(type == SOCK_STREAM && (protocol == IPPROTO_TCP || protocol == IPPROTO_MPTCP)) &&
	    !(type == SOCK_DGRAM && protocol == IPPROTO_UDP))
		return false;
	if (network && socket_network(call->fd) != network)
		return false;
	if (getsockopt(call->fd, SOL_SOCKET, SO_COOKIE, &call->cookie, &cookie_length))
		call->cookie = 0;
	call->local.length = sizeof call->local.storage;
	return !getsockname(call->fd, (struct sockaddr *)&call->local.storage, &call->local.length);
}

bool seen_call_waits(const struct seen_call *call, int listener)
{
	uint64_t id = call->id;

	return listener < 0 || !ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id);
}

enum seen seen_call_open(struct seen_call *call, int listener, uint64_t network)
{
	int process = open_process(call);

	call->fd = -1;
	if (process < 0)
		return SEEN_MISSED;
	call->fd = (int)syscall(SYS_pidfd_getfd, process, (int)call->args[0], 0);
	close(process);
	if (call->fd < 0) /* the kernel will say so to the program itself */
		return errno == EBADF ? SEEN_NOT_OURS : SEEN_MISSED;
	if (seen_call_waits(call, listener) && describe(call, network))
		return SEEN;
	seen_call_close(call);
	return SEEN_NOT_OURS;
}

void seen_call_close(struct seen_call *call)
{
	if (call->fd >= 0)
		close(call->fd);
	call->fd = -1;
}

int seen_call_address(const struct seen_call *call, uint64_t at, uint64_t length, struct address *out)
{
	struct iovec here = { &out->storage, (size_t)length }, there = { (void *)(uintptr_t)at, (size_t)length };
	ssize_t got;

	memset(out, 0, sizeof *out);
	if (length < sizeof(sa_family_t) || length > sizeof out->storage)
		return EFAULT;
	got = process_vm_readv((pid_t)call->pid, &here, 1, &there, 1, 0);
	if (got != (ssize_t)length)
		return got < 0 && errno == EPERM ? EPERM : EFAULT;
	out->length = (socklen_t)length;
	return 0;
}

bool seen_call_names_peer(const struct seen_call *call)
{
	void *name = NULL; /* the first member of struct msghdr */
	struct iovec here = { &name, sizeof name }, there = { (void *)(uintptr_t)call->args[1], sizeof name };

	return process_vm_readv((pid_t)call->pid, &here, 1, &there, 1, 0) != sizeof name || name;
}

bool seen_call_peer(const struct seen_call *call, struct address *out)
{
	memset(out, 0, sizeof *out);
	out->length = sizeof out->storage;
	if (!getpeername(call->fd, (struct sockaddr *)&out->storage, &out->length))
		return true;
	out->length = 0;
	return false;
}
