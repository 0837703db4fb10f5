/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/tap.h"

#include <errno.h>
#include <linux/filter.h>
#include <sys/socket.h>
#include <time.h>

#include "io/privilege.h"

static int64_t read_clock(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

int64_t tap_clock(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

int64_t tap_wall_clock(void)
{
	return read_clock(CLOCK_REALTIME);
}

int tap_refused(struct error *err, const char *interface)
{
	if (errno == EPERM || errno == EACCES)
		return error_set(err, "%s: " PRIVILEGE_MISSING, interface);
	return error_errno(err, "%s: cannot capture", interface);
}

bool tap_shut(int fd)
{
	struct sock_filter reject = BPF_STMT(BPF_RET | BPF_K, 0);
	struct sock_fprog program = { .len = 1, .filter = &reject };

	return !setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}
