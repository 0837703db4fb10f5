/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fork: a process for each connection and for each datagram. The children hold the end of a pipe whose other end only
 * the parent has: they end when it is closed, on purpose or because the parent has gone.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/process.h"
#include "play/front.h"
#include "play/models.h"
#include "play/one.h"

#define CHILDREN_MOST 1024 /* at once; then the next clients wait until one has ended */
#define PATIENCE_MS 5000   /* for children to end by themselves when the server stops */

struct child {
	pid_t pid;
	uint64_t number; /* of its connection; 0: a datagram */
	struct address peer;
};

struct model {
	struct child children[CHILDREN_MOST];
	unsigned count;
	bool crowded; /* it was said that clients wait for a process */
	int ended;    /* signalfd of SIGCHLD */
	int alive[2]; /* the pipe */
	sigset_t mask;
	struct sigaction action; /* of SIGCHLD, before */
};

/* ------------------------------------------------------------------------------------------------ the child */

static void close_in_child(const struct server *server, int fd)
{
	sock_close(server->options->narrator, fd, "The child has inherited it and does not need it.");
}

/* Signals that are sent to the child alone are its own; those of the parent reach it through the pipe. */
static void live_alone(struct server *server, struct server_options *own)
{
	struct model *model = server->model;
	struct error ignored;

	*own = *server->options;
	own->signals = process_signals(&ignored);
	sock_tell(own->narrator, "A child has signals of its own; those of the parent reach it through the pipe.",
		  "signalfd(-1, {SIGINT, SIGTERM, ...}, SFD_CLOEXEC|SFD_NONBLOCK) = %d", own->signals);
	server->options = own;
	close(model->alive[1]);
	close(model->ended);
}

static noreturn void serve_connection(struct server *server, int fd, const struct address *peer)
{
	const struct model *model = server->model;
	struct server_options own;

	live_alone(server, &own);
	for (unsigned i = 0; i < server->listener_count; i++)
		close_in_child(server, server->listeners[i].fd);
	serve_one(server, server_admit(server, fd, peer), model->alive[0], NULL);
	_exit(0);
}

static noreturn void serve_datagram(struct server *server, const struct request *request)
{
	server_answer(server, request);
	_exit(0);
}

/* ------------------------------------------------------------------------------------------------ the parent */

/* Told on both sides: it returns twice. */
static pid_t fork_told(const struct server *server, const char *why)
{
	const struct narrator *n = server->options->narrator;
	pid_t pid = fork();

	if (pid < 0)
		sock_tell(n, why, "fork() = -1 %s (%s)", strerrorname_np(errno), strerrordesc_np(errno));
	else if (pid)
		sock_tell(n, why, "fork() = %d", (int)pid);
	else
		sock_tell(n, "The same call returns in the child as well, with 0.", "fork() = 0 [process %d]",
			  (int)getpid());
	return pid;
}

static void remember(struct server *server, pid_t pid, uint64_t number, const struct address *peer)
{
	struct model *model = server->model;

	model->children[model->count++] = (struct child){ .pid = pid, .number = number, .peer = *peer };
	if (model->count < CHILDREN_MOST || model->crowded)
		return;
	model->crowded = true;
	report_trouble(server->options->reporter, "%d processes are at work: the next clients wait until one has ended",
		       CHILDREN_MOST);
}

static void no_process(struct server *server, int fd, const struct address *peer)
{
	char why[128];

	snprintf(why, sizeof why, "no process for it: %m");
	server_turn_away(server, server_admit(server, fd, peer), why);
}

static void next_connection(struct server *server, const struct listener *listener)
{
	struct address peer = { 0 };
	int fd = server_accept_fd(server, listener, &peer);
	pid_t pid;

	if (fd < 0)
		return;
	pid = fork_told(server, "A process for this client alone: it may wait for it as long as it likes.");
	if (!pid)
		serve_connection(server, fd, &peer);
	if (pid < 0) {
		no_process(server, fd, &peer);
		return;
	}
	remember(server, pid, server->next_number++, &peer);
	server_heard(server);
	sock_close(server->options->narrator, fd, "The child has it; the connection ends when both have closed it.");
}

static void next_datagram(struct server *server, const struct listener *listener)
{
	struct request *request = server_take(server, listener);
	pid_t pid;

	if (!request)
		return;
	pid = fork_told(server, "A process for this datagram alone.");
	if (!pid)
		serve_datagram(server, request);
	if (pid < 0)
		server_answer(server, request);
	else
		remember(server, pid, 0, &request->peer);
	free(request);
}

static void serve_next(struct server *server, const struct listener *listener)
{
	const struct model *model = server->model;

	if (model->count == CHILDREN_MOST)
		return;
	if (listener->type == SOCK_DGRAM)
		next_datagram(server, listener);
	else
		next_connection(server, listener);
}

/* ------------------------------------------------------------------------------------------------ children end */

/* What a child could not report itself. */
static void note_killed(struct server *server, const struct child *child, int status)
{
	char note[128];

	snprintf(note, sizeof note, "its process was ended by signal %d (%s)", WTERMSIG(status),
		 sigdescr_np(WTERMSIG(status)) ? sigdescr_np(WTERMSIG(status)) : "unknown");
	server_add(&server->tally->dropped, 1);
	report(server->options->reporter, (struct event){ .kind = EVENT_DROPPED,
							  .type = child->number ? SOCK_STREAM : SOCK_DGRAM,
							  .connection = child->number,
							  .peer = &child->peer,
							  .note = note });
}

/* A datagram counts when it is taken, a connection when its process has ended. */
static void bury(struct server *server, const struct child *child, int status)
{
	sock_tell(server->options->narrator, "A process that has ended stays a zombie until its parent has asked how.",
		  "waitpid(%d, WNOHANG) = %d", (int)child->pid, (int)child->pid);
	if (WIFSIGNALED(status))
		note_killed(server, child, status);
	if (child->number)
		server->finished++;
}

/* One signal may stand for many children, so all are asked; and each by its name: the program may have others. */
static void reap(struct server *server)
{
	struct model *model = server->model;
	struct signalfd_siginfo info;
	int status;

	while (read(model->ended, &info, sizeof info) == sizeof info)
		;
	for (unsigned i = 0; i < model->count;) {
		pid_t pid = waitpid(model->children[i].pid, &status, WNOHANG);

		if (!pid || (pid < 0 && errno == EINTR)) {
			i++;
			continue;
		}
		bury(server, &model->children[i], pid < 0 ? 0 : status);
		model->children[i] = model->children[--model->count];
	}
	if (model->count < CHILDREN_MOST / 2) /* not at once: it would be said for each that ends */
		model->crowded = false;
}

static void wait_for_all(struct server *server)
{
	struct model *model = server->model;
	int64_t end = clock_monotonic() + PATIENCE_MS * NS_PER_MS;
	int left;

	for (reap(server); model->count; reap(server)) {
		struct pollfd ended = { model->ended, POLLIN, 0 };

		left = clock_patience(end);
		if (!left)
			break;
		sock_poll(server->options->narrator, &ended, 1, left, "Waits for the children to end.");
	}
	for (unsigned i = 0; i < model->count; i++)
		kill(model->children[i].pid, SIGKILL);
	for (unsigned i = 0; i < model->count; i++)
		waitpid(model->children[i].pid, NULL, 0);
}

/* ------------------------------------------------------------------------------------------------ the model */

static int begin(struct model *model, const struct narrator *n, struct error *err)
{
	struct sigaction usual = { .sa_handler = SIG_DFL };
	sigset_t child;

	if (pipe2(model->alive, O_CLOEXEC | O_NONBLOCK))
		return error_errno(err, "no pipe for the children");
	sock_tell(n, "Nothing is ever written to it: when the parent closes its end, the children see that it stops.",
		  "pipe2([%d, %d], O_CLOEXEC|O_NONBLOCK) = 0", model->alive[0], model->alive[1]);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	model->ended = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
	if (model->ended < 0) {
		error_errno(err, "the end of children cannot be waited for");
		close(model->alive[0]);
		close(model->alive[1]);
		return -1;
	}
	sock_tell(n, "The end of a child comes as something to read from this descriptor, as a client does.",
		  "signalfd(-1, {SIGCHLD}, SFD_CLOEXEC|SFD_NONBLOCK) = %d", model->ended);
	sigaction(SIGCHLD, &usual, &model->action); /* ignored, it would not come */
	pthread_sigmask(SIG_BLOCK, &child, &model->mask);
	return 0;
}

static void finish(struct server *server)
{
	struct model *model = server->model;

	close(model->alive[1]); /* tells the children */
	wait_for_all(server);
	close(model->alive[0]);
	close(model->ended);
	pthread_sigmask(SIG_SETMASK, &model->mask, NULL);
	sigaction(SIGCHLD, &model->action, NULL);
}

static int run(struct server *server, struct error *err)
{
	struct model model = { 0 };
	int result = 0;

	if (begin(&model, server->options->narrator, err))
		return -1;
	server->model = &model;
	while (!result && !server_stops(server)) {
		result = front_wait(server, model.ended, model.count == CHILDREN_MOST, serve_next, err);
		reap(server);
	}
	finish(server);
	server->model = NULL;
	return result;
}

const struct server_model server_model_fork = {
	.name = "fork",
	.title = "a process for each client",
	.explanation =
		"Each process blocks on its own client while the parent accepts the next, at the price of a fork, "
		"a process and its memory for each of them; they share nothing, so a chat cannot pass lines on. "
		"One slow client keeps one process and delays nobody, until 1024 of them are kept and the next "
		"client waits.",
	.own_memory = true,
	.run = run,
};
