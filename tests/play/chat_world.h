/* SPDX-License-Identifier: BSD-2-Clause */
/* The chat client in a thread, the server in the test's own hands. Both wait for each other, never for time. */
#pragma once

#include <arpa/inet.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/text.h"
#include "play/asking.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define PATIENCE 60 /* seconds: only what hangs reaches them */
#define MS 1000000

struct world {
	int listener, server; /* the server's descriptors */
	int input[2], signals[2];
	char port[8];
	struct chat_client options;
	struct reporter reporter;
	pthread_t thread;
	bool running;
	/* The client's, until it has been joined. */
	enum client_answer answer;
	struct tally tally;
	struct error err;
	/* Guarded. */
	pthread_mutex_t mutex;
	pthread_cond_t news;
	struct text log;          /* an event a line: "received alice: hello\n" with the escapes of text_escaped() */
	int64_t sent_at[16];
	size_t sent;
	uint64_t octets_received;
};

static const char *const kinds[EVENT_KINDS] = {
	[EVENT_CONNECTED] = "connected", [EVENT_RECEIVED] = "received", [EVENT_SENT] = "sent",
	[EVENT_CLOSED] = "closed",	 [EVENT_TROUBLE] = "trouble",	[EVENT_DONE] = "done",
};

static inline void hear(void *context, const struct event *event)
{
	struct world *w = context;

	pthread_mutex_lock(&w->mutex);
	assert_non_null(kinds[event->kind]);
	text_string(&w->log, kinds[event->kind]);
	if (event->user || event->to)
		text_format(&w->log, " (%s>%s)", event->user ? event->user : "", event->to ? event->to : "");
	text_string(&w->log, " ");
	if (event->note)
		text_string(&w->log, event->note);
	text_escaped(&w->log, event->length ? event->data : "", event->length);
	text_string(&w->log, "\n");
	if (event->kind == EVENT_SENT && w->sent < COUNT(w->sent_at))
		w->sent_at[w->sent++] = clock_monotonic();
	if (event->kind == EVENT_RECEIVED)
		w->octets_received += event->length;
	pthread_cond_signal(&w->news);
	pthread_mutex_unlock(&w->mutex);
}

static inline void *run(void *context)
{
	struct world *w = context;

	w->answer = chat_client_run(&w->options, &w->tally, &w->err);
	return NULL;
}

static inline void set_up(struct world *w, const char *style)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t length = sizeof at;

	*w = (struct world){ .server = -1, .mutex = PTHREAD_MUTEX_INITIALIZER, .news = PTHREAD_COND_INITIALIZER };
	w->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(w->listener, (struct sockaddr *)&at, sizeof at), 0);
	assert_int_equal(listen(w->listener, 1), 0);
	assert_int_equal(getsockname(w->listener, (struct sockaddr *)&at, &length), 0);
	snprintf(w->port, sizeof w->port, "%u", ntohs(at.sin_port));
	assert_int_equal(pipe(w->input), 0);
	assert_int_equal(pipe(w->signals), 0);
	w->reporter = (struct reporter){ .wants = ~0u, .event = hear, .context = w };
	w->options = (struct chat_client){
		.client = { .host = "127.0.0.1", .port = w->port, .timeout_ns = PATIENCE * INT64_C(1000000000),
			    .terminator = "\n", .signals = w->signals[0], .input = w->input[0],
			    .reporter = &w->reporter },
		.user = "alice",
	};
	if (chat_peer_find(style, &w->options.peer, &w->err) < 0)
		fail_msg("%s", w->err.text);
}

/* Starts the client and accepts it. */
static inline void start(struct world *w)
{
	struct timeval guard = { .tv_sec = PATIENCE };

	assert_int_equal(pthread_create(&w->thread, NULL, run, w), 0);
	w->running = true;
	w->server = accept(w->listener, NULL, NULL);
	assert_true(w->server >= 0);
	setsockopt(w->server, SOL_SOCKET, SO_RCVTIMEO, &guard, sizeof guard);
}

static inline void started(struct world *w, const char *style)
{
	set_up(w, style);
	start(w);
}

static inline void type(struct world *w, const char *text)
{
	assert_int_equal(write(w->input[1], text, strlen(text)), strlen(text));
}

static inline void end_input(struct world *w)
{
	close(w->input[1]);
	w->input[1] = -1;
}

static inline void serve(struct world *w, const char *text)
{
	assert_int_equal(send(w->server, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

static inline void hang_up(struct world *w)
{
	close(w->server);
	w->server = -1;
}

/* One recv of the server gives exactly this; "": the end. */
static inline void server_hears(struct world *w, const char *wanted)
{
	char data[4096];
	ssize_t got = recv(w->server, data, sizeof data - 1, 0);

	assert_true(got >= 0);
	data[got] = '\0';
	assert_string_equal(data, wanted);
}

static inline bool has(const struct text *log, const char *part)
{
	return memmem(log->data ? log->data : "", log->length, part, strlen(part)) != NULL;
}

/* Waits until these events have been reported one right after the other. */
static inline void await(struct world *w, const char *events)
{
	struct timespec guard;

	clock_gettime(CLOCK_REALTIME, &guard);
	guard.tv_sec += PATIENCE;
	pthread_mutex_lock(&w->mutex);
	while (!has(&w->log, events)) {
		if (pthread_cond_timedwait(&w->news, &w->mutex, &guard) != 0)
			fail_msg("not reported: %s\nbut:\n%.*s", events, (int)w->log.length, w->log.data);
	}
	pthread_mutex_unlock(&w->mutex);
}

static inline void finish(struct world *w, enum client_answer wanted)
{
	int fds[] = { w->listener, w->server, w->input[0], w->input[1], w->signals[0], w->signals[1] };

	assert_int_equal(pthread_join(w->thread, NULL), 0);
	if (w->answer != wanted)
		fail_msg("answer %d, not %d; %s\n%.*s", w->answer, wanted, w->err.text, (int)w->log.length,
			 w->log.data);
	assert_true(has(&w->log, "done \n"));
	for (size_t i = 0; i < COUNT(fds); i++) {
		if (fds[i] >= 0)
			close(fds[i]);
	}
	text_release(&w->log);
}
