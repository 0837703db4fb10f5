/* SPDX-License-Identifier: BSD-2-Clause */
/* A server's life: from the options to the tally. */
#include "play/server.h"

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "play/serving.h"

#define FULL_PAUSE_MS 1000 /* until a server without descriptors looks again whether there are any */

/* What forked children write to as well. */
struct common {
	struct tally tally;
	int64_t last_heard;
};

void server_init(struct server *server, const struct server_options *options)
{
	struct common *common = mmap(NULL, sizeof *common, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (common == MAP_FAILED)
		bug("out of memory for a tally");
	*server = (struct server){ .options = options,
				   .reserve = -1,
				   .next_number = 1,
				   .next_wait = CLOCK_NEVER,
				   .tally = &common->tally,
				   .last_heard = &common->last_heard };
	pthread_mutex_init(&server->mutex, NULL);
}

void server_release(struct server *server)
{
	for (unsigned i = 0; i < server->listener_count; i++)
		sock_close(server->options->narrator, server->listeners[i].fd,
			   "Gives the port back: the next server can have it.");
	if (server->reserve >= 0)
		close(server->reserve);
	free(server->batch);
	pthread_mutex_destroy(&server->mutex);
	munmap(server->tally, sizeof(struct common));
}

/* ------------------------------------------------------------------------------------------------ stopping */

int server_signals(const struct server *server)
{
	return server->options->signals;
}

void server_signalled(struct server *server)
{
	server->stopping = true;
}

void server_heard(struct server *server)
{
	if (server->options->timeout_ns)
		__atomic_store_n(server->last_heard, clock_monotonic(), __ATOMIC_RELAXED);
}

/* When the server has been idle for too long, by clock_monotonic(); CLOCK_NEVER when it may be. */
static int64_t idle_end(const struct server *server)
{
	if (!server->options->timeout_ns)
		return CLOCK_NEVER;
	return clock_after(__atomic_load_n(server->last_heard, __ATOMIC_RELAXED), server->options->timeout_ns);
}

bool server_stops(struct server *server)
{
	const struct server_options *options = server->options;

	if (options->count && server->finished >= options->count)
		server->stopping = true;
	if (options->timeout_ns && clock_monotonic() >= idle_end(server))
		server->stopping = true;
	return server->stopping;
}

int server_patience(const struct server *server, const struct connection *c)
{
	int64_t until = idle_end(server);
	int patience;

	if (c && c->wait_until && c->wait_until < until)
		until = c->wait_until;
	if (!c && server->next_wait < until)
		until = server->next_wait;
	if (until == CLOCK_NEVER && server->reserve >= 0)
		return -1;
	patience = clock_patience(until);
	if (server->reserve < 0 && (patience < 0 || patience > FULL_PAUSE_MS))
		patience = FULL_PAUSE_MS;
	return patience;
}

/* ------------------------------------------------------------------------------------------------ running */

/* Each client needs a descriptor, and the usual limit is 1024. What is not granted shows when a client is turned away.
 */
static void raise_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur == limit.rlim_max)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

/* "threads, select, poll, epoll or uring" */
static void list_shared_models(struct text *out)
{
	const char *last = NULL;

	for (const struct server_model *const *m = server_models; *m; m++) {
		if ((*m)->own_memory)
			continue;
		if (last)
			text_format(out, "%s%s", out->length ? ", " : "", last);
		last = (*m)->name;
	}
	text_format(out, "%s%s", out->length ? " or " : "", last ? last : "another one");
	text_char(out, '\0');
}

static int check_model(const struct server_options *options, struct error *err)
{
	struct text names = { 0 };

	if (options->model->check && options->model->check(err))
		return -1;
	if (!options->service->relays || !options->model->own_memory)
		return 0;
	list_shared_models(&names);
	error_set(err, "--model %s: %s relays lines between connections, and processes do not share memory; use %s",
		  options->model->name, options->service->name, names.data);
	text_release(&names);
	return -1;
}

/* Whatever is queued gets one last chance; nobody is waited for. */
static void forget_all(struct server *server)
{
	for (struct connection *c = server->connections; c; c = c->next) {
		connection_write(c);
		connection_close(c, "the server stops");
	}
	while (server_news(server))
		;
	while (server->connections)
		server_forget(server, server->connections);
}

int server_run(const struct server_options *options, struct tally *tally, struct error *err)
{
	struct server server;
	int result;

	if (check_model(options, err))
		return -1;
	raise_descriptors();
	server_init(&server, options);
	result = server_open(&server, err);
	if (!result) {
		server_heard(&server);
		result = options->model->run(&server, err);
		forget_all(&server);
		report(options->reporter, (struct event){ .kind = EVENT_DONE, .tally = server.tally });
	}
	if (tally)
		*tally = *server.tally;
	server_release(&server);
	return result;
}
