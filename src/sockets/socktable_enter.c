/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sockets/socktable.h"

#define NAMED "/run/netns/" /* where ip-netns(8) keeps them */

static bool is_number(const char *text)
{
	return text[0] && !text[strspn(text, "0123456789")];
}

/* A name of digits is a name before it is a process. Returns a descriptor. */
static int open_space(const char *namespace, char path[PATH_MAX])
{
	int fd;

	snprintf(path, PATH_MAX, "%s%s", strchr(namespace, '/') ? "" : NAMED, namespace);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0 || errno != ENOENT || !is_number(namespace))
		return fd;
	snprintf(path, PATH_MAX, "/proc/%s/ns/net", namespace);
	return open(path, O_RDONLY | O_CLOEXEC);
}

static int refuse_open(const char *namespace, struct error *err)
{
	if (errno != ENOENT || strchr(namespace, '/'))
		return error_errno(err, "the network namespace %s", namespace);
	if (is_number(namespace))
		return error_set(err, "%s: no process has this id, and no network namespace this name", namespace);
	return error_set(err, "%s: no network namespace has this name; `ip netns list` shows those that have one",
			 namespace);
}

int socktable_enter(const char *namespace, struct error *err)
{
	char path[PATH_MAX];
	int fd = open_space(namespace, path), result;

	if (fd < 0)
		return refuse_open(namespace, err);
	result = setns(fd, CLONE_NEWNET);
	if (result < 0 && errno == EPERM)
		error_set(err, "the network namespace %s: entering it needs CAP_SYS_ADMIN; use sudo", namespace);
	else if (result < 0 && errno == EINVAL)
		error_set(err, "%s: this is no network namespace", path);
	else if (result < 0)
		error_errno(err, "the network namespace %s", namespace);
	close(fd);
	return result;
}
