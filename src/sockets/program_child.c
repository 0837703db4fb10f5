/* SPDX-License-Identifier: BSD-2-Clause */
#include "sockets/program_child.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/sched.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/process.h"
#include "sockets/supervise.h"

#define GROUPS 256 /* that a user may be in */

struct identity {
	bool wanted;
	uid_t user;
	gid_t group;
	gid_t groups[GROUPS];
	int count;
};

struct listener {
	int fd;
	bool no_new_privs;
};

static noreturn void give_up(int line, enum program_report_kind kind, int error)
{
	struct program_report report = { .kind = (uint8_t)kind, .error = error };

	/* Nobody to tell it to: then it does not matter either. */
	if (write(line, &report, sizeof report) < 0)
		_exit(1);
	_exit(0);
}

/* Looked up while socket calls are still free: a name server may be asked. */
static int find_user(const char *name, struct identity *identity)
{
	struct passwd entry, *found = NULL;
	char space[16384];
	int error = getpwnam_r(name, &entry, space, sizeof space, &found);

	if (!found)
		return error ? error : -1;
	*identity = (struct identity){ .wanted = true, .user = entry.pw_uid, .group = entry.pw_gid, .count = GROUPS };
	return getgrouplist(name, entry.pw_gid, identity->groups, &identity->count) < 0 ? E2BIG : 0;
}

static int become(const struct identity *identity)
{
	if (!identity->wanted)
		return 0;
	return setgroups((size_t)identity->count, identity->groups) ||
			       setresgid(identity->group, identity->group, identity->group) ||
			       setresuid(identity->user, identity->user, identity->user)
		       ? -1
		       : 0;
}

/*
 * A process that is not under the filter and has the same descriptors: it sends the listener on. We could not without
 * asking the listener, and nobody needs rights over us this way.
 */
static noreturn void messenger(int line, int number)
{
	struct program_report report = { .kind = REPORT_LISTENER };
	struct iovec data = { &report, sizeof report };
	union {
		struct cmsghdr align;
		char space[CMSG_SPACE(sizeof(int))];
	} control = { .space = { 0 } };
	struct msghdr message = {
		.msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control
	};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	struct listener got;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (read(number, &got, sizeof got) != sizeof got)
		_exit(1);
	report.no_new_privs = got.no_new_privs;
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof got.fd);
	memcpy(CMSG_DATA(header), &got.fd, sizeof got.fd);
	_exit(sendmsg(line, &message, 0) < 0);
}

static void install(int line)
{
	struct clone_args shared = { .flags = CLONE_FILES };
	struct listener got;
	int number[2], error;
	pid_t helper;

	memset(&got, 0, sizeof got);
	helper = pipe2(number, O_CLOEXEC) < 0 ? -1 : (pid_t)syscall(SYS_clone3, &shared, sizeof shared);
	if (!helper)
		messenger(line, number[0]);
	got.fd = helper < 0 ? -1 : supervise_install(&got.no_new_privs);
	error = errno;
	if (got.fd >= 0 && write(number[1], &got, sizeof got) != sizeof got)
		_exit(1);
	if (got.fd < 0 && helper > 0)
		kill(helper, SIGKILL);
	if (helper > 0)
		waitpid(helper, NULL, __WALL);
	if (got.fd < 0) {
		struct program_report report = { .kind = REPORT_NO_FILTER, .error = error };

		if (write(line, &report, sizeof report) < 0)
			_exit(1);
	}
}

void program_child(const struct registrar_options *options, int line)
{
	struct identity identity = { .wanted = false };
	uint8_t order = 0;
	int unknown = options->user ? find_user(options->user, &identity) : 0;

	if (unknown)
		give_up(line, REPORT_NO_USER, unknown < 0 ? 0 : unknown);
	while (order != ORDER_EXECUTE) {
		if (read(line, &order, sizeof order) != sizeof order)
			_exit(1); /* it was not to be */
		if (order == ORDER_INSTALL)
			install(line);
	}
	if (become(&identity) < 0)
		give_up(line, REPORT_NO_USER, errno);
	process_inherit(&options->blocked);
	execvp(options->program[0], options->program);
	give_up(line, REPORT_NOT_EXECUTED, errno);
}
