/* SPDX-License-Identifier: BSD-2-Clause */
#include "sockets/program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "sockets/program_cgroup.h"
#include "sockets/program_child.h"
#include "sockets/program_closing.h"
#include "sockets/program_poll.h"

#define ANCESTORS 4096 /* that are looked at */

struct program {
	const struct registrar_options *options;
	pid_t pid;
	int line;     /* to the child, until its exec */
	int children; /* signalfd: some of them have ended */
	enum registrar_way way;
	bool no_new_privs;
	struct supervise *supervise; /* NULL: not known in this way, or nobody is under the filter any more */
	struct supervise_unseen unseen;
	struct polling *polling; /* NULL: not known in this way */
	struct cgroup *cgroup;   /* NULL: it has none of its own */
	supervise_born *born;
	void *context;
	struct closing *closing;
	bool all_ended; /* the program and its descendants */
	int status;
};

/* ------------------------------------------------------------------------------------------------ the fork */

/* The end of a child is told; where we were started with SIGCHLD ignored nobody would keep it for us. */
static int children_signal(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	signal(SIGCHLD, SIG_DFL);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

struct program *program_new(const struct registrar_options *options, int *fd, struct error *err)
{
	struct program *program;
	int line[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, line) < 0) {
		error_errno(err, "the program cannot be started");
		return NULL;
	}
	pid = fork();
	if (!pid) {
		close(line[0]);
		program_child(options, line[1]);
	}
	close(line[1]);
	if (pid < 0) {
		error_errno(err, "the program cannot be started");
		close(line[0]);
		return NULL;
	}
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	program = mem_new(1, sizeof *program);
	program->options = options;
	program->pid = pid;
	program->line = *fd = line[0];
	program->children = -1;
	program->closing = closing_new();
	return program;
}

/* ------------------------------------------------------------------------------------------------ the exec */

static void order(struct program *program, uint8_t order)
{
	send(program->line, &order, sizeof order, MSG_NOSIGNAL);
}

/* 1; 0: the child has executed, or is gone. *fd: what came along; -1: nothing. */
static int hear(struct program *program, struct program_report *report, int *fd)
{
	struct iovec data = { report, sizeof *report };
	union {
		struct cmsghdr align;
		char space[CMSG_SPACE(sizeof(int))];
	} control;
	struct msghdr message = {
		.msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control
	};
	struct cmsghdr *header;
	ssize_t got;

	*fd = -1;
	do
		got = recvmsg(program->line, &message, MSG_CMSG_CLOEXEC);
	while (got < 0 && errno == EINTR);
	if (got != sizeof *report)
		return 0;
	header = CMSG_FIRSTHDR(&message);
	if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS &&
	    header->cmsg_len == CMSG_LEN(sizeof *fd))
		memcpy(fd, CMSG_DATA(header), sizeof *fd);
	return 1;
}

static void note_born(void *context, const struct socket_ends *ends, uint64_t cookie, uint32_t pid, uint32_t thread)
{
	struct program *program = context;

	closing_note(program->closing, ends);
	program->born(program->context, ends, cookie, pid, thread);
}

static int refused(const struct program *program, const struct program_report *report, bool *not_found,
		   struct error *err)
{
	const char *name = program->options->program[0];

	errno = report->error;
	*not_found = report->kind == REPORT_NOT_EXECUTED && report->error == ENOENT;
	if (report->kind == REPORT_NOT_EXECUTED)
		return error_errno(err, "%s cannot be executed", name);
	if (report->kind == REPORT_NO_USER && report->error)
		return error_errno(err, "%s cannot run as user %s", name, program->options->user);
	return error_set(err, "no such user: %s; --user takes the name of an account", program->options->user);
}

/* 1: its calls will be seen; 0: they will not, since the kernel refuses; -1 with err. */
static int supervise(struct program *program, bool *not_found, struct error *err)
{
	struct program_report report;
	int listener;

	if (program->options->way != WAY_NONE && program->options->way != WAY_SUPERVISED)
		return 0;
	/* Who has ended may have said why. */
	order(program, ORDER_INSTALL);
	if (!hear(program, &report, &listener))
		return error_set(err, "the process that was to become %s is gone", program->options->program[0]);
	if (report.kind == REPORT_NO_FILTER && program->options->way != WAY_SUPERVISED)
		return 0;
	errno = report.error;
	if (report.kind == REPORT_NO_FILTER)
		return error_errno(err, "socket calls cannot be seen (seccomp)");
	if (report.kind != REPORT_LISTENER || listener < 0)
		return refused(program, &report, not_found, err);
	program->no_new_privs = report.no_new_privs;
	program->supervise = supervise_new(listener, note_born, program, err);
	return program->supervise ? 1 : -1;
}

/* 1: it is in a cgroup of its own; 0: it is not, and need not be; -1 with err. */
static int enclose(struct program *program, struct error *err)
{
	bool needed = program->options->way == WAY_CGROUP;
	struct error ignored, *why = needed ? err : &ignored;

	if (program->options->way != WAY_NONE && !needed)
		return 0;
	program->cgroup = cgroup_new(why);
	if (program->cgroup && cgroup_add(program->cgroup, program->pid, why) == 0 &&
	    (program->polling = polling_new(program->cgroup, note_born, program, why)))
		return 1;
	cgroup_free(program->cgroup);
	program->cgroup = NULL;
	return needed ? -1 : 0;
}

/* The best way that there is. -1 with err. */
static int choose_way(struct program *program, bool *not_found, struct error *err)
{
	int status = supervise(program, not_found, err);

	program->way = WAY_SUPERVISED;
	if (status == 0) {
		status = enclose(program, err);
		program->way = WAY_CGROUP;
	}
	if (status == 0) {
		program->polling = polling_new(NULL, note_born, program, err);
		status = program->polling ? 1 : -1;
		program->way = WAY_POLLED;
	}
	return status < 0 ? -1 : 0;
}

int program_go(struct program *program, supervise_born *born, void *context, bool *not_found, struct error *err)
{
	struct program_report report;
	int none;

	*not_found = false;
	program->children = children_signal();
	closing_open(program->closing);
	program->born = born;
	program->context = context;
	if (choose_way(program, not_found, err) < 0) {
		/* It has copies of our descriptors until it knows that it is not to be. */
		shutdown(program->line, SHUT_RDWR);
		return -1;
	}
	/* Before it can use them; and by its name, which it has only then. */
	supervise_inherited((uint32_t)program->pid, note_born, program);
	order(program, ORDER_EXECUTE);
	if (hear(program, &report, &none))
		return refused(program, &report, not_found, err);
	supervise_inherited((uint32_t)program->pid, note_born, program);
	close(program->line);
	program->line = -1;
	return 0;
}

enum registrar_way program_way(const struct program *program)
{
	return program->way;
}

bool program_no_new_privs(const struct program *program)
{
	return program->no_new_privs;
}

const struct supervise_unseen *program_unseen(const struct program *program)
{
	return program->supervise ? supervise_unseen(program->supervise) : &program->unseen;
}

/* ------------------------------------------------------------------------------------------------ its life */

unsigned program_wait_for(const struct program *program, int fds[PROGRAM_FDS], int64_t *deadline)
{
	unsigned count = 0;

	*deadline = program->all_ended ? closing_deadline(program->closing)
		    : program->polling ? polling_deadline(program->polling)
				       : CLOCK_NEVER;
	if (program->children >= 0)
		fds[count++] = program->children;
	if (program->supervise)
		fds[count++] = supervise_fd(program->supervise);
	return count;
}

static void nobody_left(struct program *program)
{
	program->unseen = *supervise_unseen(program->supervise);
	supervise_free(program->supervise);
	program->supervise = NULL;
}

/* All descendants become our children when they lose their parents: without children nobody is left. */
static void reap(struct program *program, int64_t now)
{
	struct signalfd_siginfo info;
	int status;
	pid_t pid;

	while (read(program->children, &info, sizeof info) == sizeof info)
		;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		if (pid == program->pid)
			program->status = status;
	if (pid < 0 && errno == ECHILD && !program->all_ended) {
		program->all_ended = true;
		closing_begin(program->closing, now);
	}
}

void program_tend(struct program *program, int64_t now)
{
	if (program->supervise && !supervise_serve(program->supervise))
		nobody_left(program);
	if (program->polling && !program->all_ended)
		polling_look(program->polling, now);
	reap(program, now);
	if (program->all_ended)
		closing_look(program->closing, now);
}

bool program_ended(const struct program *program, int *status)
{
	*status = program->status;
	return program->all_ended && closing_done(program->closing);
}

void program_signal(const struct program *program, int signal)
{
	if (!program->all_ended && program->line < 0)
		kill(program->pid, signal);
}

/* The parent of a process as /proc/PID/stat has it, behind a name that may hold anything; 0: not known. */
static uint32_t parent_of(uint32_t pid)
{
	char path[64], stat[512];
	const char *at;
	ssize_t got;
	int fd;

	snprintf(path, sizeof path, "/proc/%u/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	got = fd < 0 ? -1 : read(fd, stat, sizeof stat - 1);
	if (fd >= 0)
		close(fd);
	if (got <= 0)
		return 0;
	stat[got] = '\0';
	at = strrchr(stat, ')');
	return at && strlen(at) > 4 ? (uint32_t)strtoul(at + 4, NULL, 10) : 0;
}

bool program_has(const struct program *program, uint32_t pid)
{
	const uint32_t own = (uint32_t)getpid();

	/* Processes change while they are looked at: a circle is possible, if not likely. */
	for (unsigned i = 0; pid > 1 && i < ANCESTORS; i++) {
		pid = parent_of(pid);
		if (pid == own)
			return program->line < 0;
	}
	return false;
}

bool program_lives(const struct program *program)
{
	return program->supervise || (program->cgroup && !program->all_ended);
}

void program_let_go(struct program *program)
{
	struct pollfd call = { .events = POLLIN };

	if (!program->supervise) {
		cgroup_wait(program->cgroup);
		return;
	}
	call.fd = supervise_fd(program->supervise);
	supervise_let_go(program->supervise);
	while (poll(&call, 1, -1) < 0 || supervise_serve(program->supervise))
		;
}

void program_free(struct program *program)
{
	if (!program)
		return;
	if (program->line >= 0)
		close(program->line);
	if (program->supervise)
		supervise_free(program->supervise);
	polling_free(program->polling);
	cgroup_free(program->cgroup);
	closing_free(program->closing);
	if (program->children >= 0)
		close(program->children);
	free(program);
}
