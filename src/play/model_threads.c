/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * threads: a thread for each connection and for each datagram. One lock around all that they share; nobody sleeps while
 * holding it. What one client's lines put into another's queue is sent at once as far as it goes; the rest is left to
 * that client's own thread, which is woken. Only its own thread forgets a connection and closes its socket.
 */
#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/mem.h"
#include "play/front.h"
#include "play/models.h"
#include "play/one.h"

#define THREADS_MOST 4096  /* at once; further clients are turned away */
#define STACK (256 * 1024) /* address space; memory only as far as it is used */

struct worker {
	struct server *server;
	pthread_t thread;
	struct connection *connection; /* or */
	struct request *request;
	int wake; /* eventfd; -1: a datagram's */
	struct worker *next, *previous;
};

struct model {
	struct worker *working, *ended; /* lists; the main thread joins those that have ended */
	unsigned count;                 /* of both */
	pthread_attr_t attributes;
	int wake;  /* eventfd of the main thread: some worker has ended */
	int spare; /* the next client's eventfd; -1: none */
};

static void wake(int fd)
{
	uint64_t one = 1;

	if (write(fd, &one, sizeof one) < 0 && errno != EAGAIN) /* EAGAIN: it is awake more than enough */
		bug("an eventfd cannot be written: %s", strerrordesc_np(errno));
}

/* ------------------------------------------------------------------------------------------------ lists (locked) */

static void list_add(struct worker **list, struct worker *worker)
{
	worker->previous = NULL;
	worker->next = *list;
	if (*list)
		(*list)->previous = worker;
	*list = worker;
}

static void list_remove(struct worker **list, struct worker *worker)
{
	if (worker->previous)
		worker->previous->next = worker->next;
	else
		*list = worker->next;
	if (worker->next)
		worker->next->previous = worker->previous;
}

/* ------------------------------------------------------------------------------------------------ a worker */

/* Another connection has news because of ours. */
static void serve_other(struct server *server, struct connection *other)
{
	const struct worker *worker = other->model;
	size_t pending;

	(void)server;
	connection_write(other);
	if (worker && (connection_over(other) || connection_pending(other, &pending)))
		wake(worker->wake);
}

static void *work(void *argument)
{
	struct worker *worker = argument;
	struct server *server = worker->server;
	struct model *model = server->model;

	if (worker->connection)
		serve_one(server, worker->connection, worker->wake, serve_other);
	server_lock(server);
	if (worker->request)
		server_answer(server, worker->request);
	list_remove(&model->working, worker);
	list_add(&model->ended, worker);
	wake(model->wake);
	server_unlock(server);
	return NULL;
}

/* ------------------------------------------------------------------------------------------------ starting (locked) */

static void worker_free(struct worker *worker)
{
	if (worker->wake >= 0)
		close(worker->wake);
	free(worker->request);
	free(worker);
}

/* 0, or errno of what could not be had; the worker is freed then, but not what it was to serve. */
static int start(struct server *server, struct connection *c, struct request *request)
{
	struct model *model = server->model;
	struct worker *worker = mem_new(1, sizeof *worker);
	int error;

	*worker = (struct worker){ .server = server, .connection = c, .request = request, .wake = -1 };
	if (c) {
		worker->wake = model->spare;
		model->spare = -1;
	}
	error = c && worker->wake < 0 ? EMFILE : 0;
	if (!error)
		error = pthread_create(&worker->thread, &model->attributes, work, worker);
	sock_tell(server->options->narrator, "A thread for this client alone: it may wait for it as long as it likes.",
		  "pthread_create() = %d%s%s", error, error ? " " : "", error ? strerrordesc_np(error) : "");
	if (error) {
		worker->request = NULL;
		worker_free(worker);
		return error;
	}
	list_add(&model->working, worker);
	model->count++;
	if (c)
		c->model = worker;
	return 0;
}

static void settle(struct server *server)
{
	struct connection *c;

	while ((c = server_news(server)))
		serve_other(server, c);
}

static int make_wake(const struct narrator *n, const char *why)
{
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	if (fd >= 0)
		sock_tell(n, why, "eventfd(0, EFD_CLOEXEC|EFD_NONBLOCK) = %d", fd);
	return fd;
}

/* The eventfd first: if there is none, accepting fails as well, and says so in the way of all models. */
static void next_connection(struct server *server, const struct listener *listener)
{
	struct model *model = server->model;
	struct connection *c;
	char why[128];
	int error;

	if (model->spare < 0)
		model->spare = make_wake(server->options->narrator, "The next client's thread is woken through it when "
					 "others have something for its client.");
	c = server_accept(server, listener);
	if (!c)
		return;
	error = model->count < THREADS_MOST ? start(server, c, NULL) : 0;
	if (error)
		snprintf(why, sizeof why, "no thread for it: %s", strerrordesc_np(error));
	else
		snprintf(why, sizeof why, "no thread for it: %d are at work", THREADS_MOST);
	if (!c->model)
		server_turn_away(server, c, why);
	settle(server);
}

/* Without a thread for it a datagram is answered here: that does not take long. */
static void next_datagram(struct server *server, const struct listener *listener)
{
	const struct model *model = server->model;
	struct request *request = server_take(server, listener);

	if (!request)
		return;
	if (model->count < THREADS_MOST && !start(server, NULL, request))
		return;
	server_answer(server, request);
	free(request);
}

static void serve_next(struct server *server, const struct listener *listener)
{
	if (listener->type == SOCK_DGRAM)
		next_datagram(server, listener);
	else
		next_connection(server, listener);
}

/* ------------------------------------------------------------------------------------------------ ending */

/* Those that have ended, taken out of the lock: joining waits for their last breath. */
static struct worker *take_ended(struct server *server)
{
	struct model *model = server->model;
	struct worker *worker;

	server_lock(server);
	worker = model->ended;
	if (worker) {
		list_remove(&model->ended, worker);
		model->count--;
	}
	server_unlock(server);
	return worker;
}

static void join_ended(struct server *server)
{
	const struct model *model = server->model;
	struct worker *worker;
	uint64_t count;

	if (read(model->wake, &count, sizeof count) < 0)
		return;
	while ((worker = take_ended(server))) {
		pthread_join(worker->thread, NULL);
		sock_tell(server->options->narrator, "Takes back what is left of a thread that has ended: its stack.",
			  "pthread_join() = 0");
		worker_free(worker);
	}
}

static void end_all(struct server *server)
{
	struct model *model = server->model;
	struct pollfd ended = { model->wake, POLLIN, 0 };
	unsigned count;

	server_lock(server);
	server->stopping = true;
	for (struct worker *worker = model->working; worker; worker = worker->next)
		if (worker->wake >= 0)
			wake(worker->wake);
	count = model->count;
	server_unlock(server);
	while (count) {
		sock_poll(server->options->narrator, &ended, 1, -1, "Waits for the threads to end.");
		join_ended(server);
		server_lock(server);
		count = model->count;
		server_unlock(server);
	}
}

/* ------------------------------------------------------------------------------------------------ the model */

/* After front_wait(), which may have run an on_wait. */
static bool stops(struct server *server)
{
	bool result;

	server_lock(server);
	settle(server);
	result = server_stops(server);
	server_unlock(server);
	return result;
}

static int run(struct server *server, struct error *err)
{
	struct model model = { .spare = -1 };
	int result = 0;

	model.wake = make_wake(server->options->narrator, "A thread that has ended says so through it.");
	if (model.wake < 0)
		return error_errno(err, "threads cannot be waited for");
	pthread_attr_init(&model.attributes);
	pthread_attr_setstacksize(&model.attributes, STACK);
	server->model = &model;
	server->shared = true;
	while (!result && !stops(server)) {
		result = front_wait(server, model.wake, false, serve_next, err);
		join_ended(server);
	}
	end_all(server);
	server->shared = false;
	server->model = NULL;
	pthread_attr_destroy(&model.attributes);
	close(model.wake);
	if (model.spare >= 0)
		close(model.spare);
	return result;
}

const struct server_model server_model_threads = {
	.name = "threads",
	.title = "a thread for each client",
	.explanation =
		"Each thread blocks on its own client while another accepts the next, at the price of a stack for "
		"each and of a lock around everything that they share. One slow client keeps one thread and "
		"delays nobody: what it does not read waits in a queue of its own, and past a limit it is dropped.",
	.run = run,
};
