/* SPDX-License-Identifier: BSD-2-Clause */
/* Children that hold what they have inherited, and sockets of their own, until they are told to end. */
#pragma once

#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "../net/own.h"
#include "sockets/holders.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct holding {
	unsigned sockets; /* of its own */
	bool first_thread_ends;
	uid_t uid; /* it becomes; 0: it stays */
};

/* Whoever else has inherited from it ends first: children are ended by a signal, and with their parent. */
struct kept_child {
	pid_t pid;
};

/* All is there when the kernel says that the first thread is a zombie. */
static inline void *child_rest(void *context)
{
	const int *ready = context;
	char path[64], stat[512] = "";
	int fd;

	snprintf(path, sizeof path, "/proc/%d/stat", (int)getpid());
	while (!strstr(stat, ") Z ")) {
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (read(fd, stat, sizeof stat - 1) <= 0)
			_exit(97);
		close(fd);
	}
	if (write(*ready, "", 1) == 1)
		pause();
	_exit(96);
}

static inline void child_main(const char *name, const struct holding *plan, int *ready)
{
	pthread_t thread;

	if (plan && plan->uid && setresuid(plan->uid, plan->uid, plan->uid))
		_exit(95);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, name);
	for (unsigned i = 0; plan && i < plan->sockets; i++)
		if (socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0) < 0)
			_exit(98);
	if (plan && plan->first_thread_ends) {
		if (!pthread_create(&thread, NULL, child_rest, ready))
			pthread_exit(NULL);
	} else if (write(*ready, "", 1) == 1) {
		pause();
	}
	_exit(96);
}

static inline struct kept_child child_new(const char *name, const struct holding *plan)
{
	static int ready[2]; /* outlives the child's first thread */
	char octet;
	pid_t child;

	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	child = fork();
	assert_true(child >= 0);
	if (!child) {
		close(ready[0]);
		child_main(name, plan, &ready[1]);
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &octet, 1), 1);
	close(ready[0]);
	return (struct kept_child){ child };
}

static inline void child_end(const struct kept_child *child)
{
	int status;

	assert_int_equal(kill(child->pid, SIGKILL), 0);
	assert_int_equal(waitpid(child->pid, &status, 0), child->pid);
	assert_true(WIFSIGNALED(status));
}

/* What a process without rights finds of these processes. */
struct nobody_sees {
	const uint32_t *pids;
	size_t count;
	unsigned hidden;
};

static inline int see(void *context)
{
	const struct nobody_sees *expected = context;
	struct holders holders = { 0 };
	struct error err = { "" };

	if (holders_read(&holders, expected->pids, &err))
		return 98;
	return holders.count != expected->count ? 97 : holders.hidden != expected->hidden;
}

static inline void sees_as_nobody(struct nobody_sees *expected)
{
	as_nobody(see, expected);
}
