/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

static sigset_t ending_signals(void)
{
	struct sigaction hangup;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGUSR1);
	if (!sigaction(SIGHUP, NULL, &hangup) && hangup.sa_handler != SIG_IGN)
		sigaddset(&set, SIGHUP);
	return set;
}

void process_interruptible(bool interruptible)
{
	sigset_t set = ending_signals();

	sigprocmask(interruptible ? SIG_UNBLOCK : SIG_BLOCK, &set, NULL);
}

int process_signals(struct error *err)
{
	sigset_t set = ending_signals();
	int fd;

	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd < 0 ? error_errno(err, "signals cannot be received") : fd;
}

/* The kernel keeps for us that it was we who chose: the flag means nothing for a signal that is ignored. */
#define CHOSEN SA_NODEFER

void process_ignore_pipes(void)
{
	struct sigaction was;

	if (!sigaction(SIGPIPE, NULL, &was) && was.sa_handler != SIG_IGN)
		sigaction(SIGPIPE, &(struct sigaction){ .sa_handler = SIG_IGN, .sa_flags = CHOSEN }, NULL);
}

void process_blocked(sigset_t *out)
{
	sigemptyset(out);
	sigprocmask(SIG_BLOCK, NULL, out);
}

void process_inherit(const sigset_t *blocked)
{
	struct sigaction is;

	if (!sigaction(SIGPIPE, NULL, &is) && is.sa_handler == SIG_IGN && (is.sa_flags & CHOSEN))
		sigaction(SIGPIPE, &(struct sigaction){ .sa_handler = SIG_DFL }, NULL);
	sigprocmask(SIG_SETMASK, blocked, NULL);
}

int process_ready(int fd, struct error *err)
{
	ssize_t written = write(fd, "\n", 1);

	if (written != 1)
		error_errno(err, "descriptor %d takes no news that all is ready", fd);
	close(fd);
	return written == 1 ? 0 : -1;
}

void process_keep_standard(void)
{
	/* The lowest free number is taken; output opened for reading only is refused when it is written to. */
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			open("/dev/null", O_RDONLY);
}
