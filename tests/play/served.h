/* SPDX-License-Identifier: BSD-2-Clause */
/* A server in a process of its own, for tests: its events come through a pipe, and it ends when it is told. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/process.h"
#include "base/text.h"
#include "play/server.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define GUARD_MS 60000 /* nothing takes so long unless it hangs */

struct served {
	pid_t pid;
	int events;      /* lines "kind number note" */
	struct text log; /* all lines so far */
	uint16_t port;
	unsigned listeners;
};

/* ------------------------------------------------------------------------------------------------ in the server */

static void served_note(void *context, const struct event *event)
{
	static const char *const names[EVENT_KINDS] = {
		[EVENT_LISTENING] = "listening", [EVENT_CONNECTED] = "connected", [EVENT_RECEIVED] = "received",
		[EVENT_SENT] = "sent",           [EVENT_RELAYED] = "relayed",     [EVENT_NAMED] = "named",
		[EVENT_ANSWER] = "answer",       [EVENT_CLOSED] = "closed",       [EVENT_DROPPED] = "dropped",
		[EVENT_TROUBLE] = "trouble",     [EVENT_PROMPT] = "prompt",       [EVENT_DONE] = "done",
	};
	char line[400], address[ADDRESS_TEXT];
	int fd = *(int *)context, length;

	if (event->tally)
		length = snprintf(line, sizeof line,
				  "done datagrams %" PRIu64 " connections %" PRIu64 " in %" PRIu64 " out %" PRIu64
				  " dropped %" PRIu64 "\n",
				  event->tally->datagrams, event->tally->connections, event->tally->octets_in,
				  event->tally->octets_out, event->tally->dropped);
	else
		length = snprintf(line, sizeof line, "%s %d %s\n", names[event->kind],
				  event->kind == EVENT_LISTENING ? event->type : (int)event->connection,
				  event->local && event->kind == EVENT_LISTENING ? address_text(event->local, address)
				  : event->note                                  ? event->note
										 : "");
	/* Whole lines: a pipe takes so little at once, from however many processes. */
	if (write(fd, line, (size_t)length) != length)
		abort();
}

/* descriptors: this process's limit, 0: as it is. Exits 0, or 2 with the error as an event. */
static void served_child(struct server_options options, int events, rlim_t descriptors)
{
	struct reporter reporter = { .wants = 1u << EVENT_LISTENING | 1u << EVENT_CLOSED | 1u << EVENT_DROPPED |
					      1u << EVENT_TROUBLE | 1u << EVENT_DONE,
				     .event = served_note,
				     .context = &events };
	struct error err = { "" };

	prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails leaves nothing behind */
	options.signals = process_signals(&err);
	options.reporter = &reporter;
	if (descriptors && setrlimit(RLIMIT_NOFILE, &(struct rlimit){ descriptors, descriptors }))
		_exit(3);
	if (options.signals < 0 || server_run(&options, NULL, &err)) {
		report_trouble(&reporter, "%s", err.text);
		_exit(2);
	}
	_exit(0);
}

/* ------------------------------------------------------------------------------------------------ in the test */

/* Reads events until the whole log holds the text; "" or an end of the events: false. */
static inline bool served_read(struct served *served, const char *text)
{
	for (;;) {
		ssize_t got;

		text_room(&served->log, 4096)[0] = '\0';
		if (*text && strstr(served->log.data, text))
			return true;
		if (poll(&(struct pollfd){ served->events, POLLIN, 0 }, 1, GUARD_MS) != 1)
			fail_msg("no '%s' from the server, but\n%s", text, served->log.data);
		got = read(served->events, text_room(&served->log, 4096), 4000);
		if (got <= 0)
			return false;
		served->log.length += (size_t)got;
	}
}

static inline void served_await(struct served *served, const char *text)
{
	if (!served_read(served, text))
		fail_msg("the server has ended without '%s', but\n%s", text, served->log.data);
}

static inline struct served served_start(const struct server_options *options, rlim_t descriptors)
{
	struct served served = { .listeners = 0 };
	struct server_options with_port = *options;
	int ends[2];
	const char *last;

	if (!with_port.port)
		with_port.port = "0";
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	fcntl(ends[1], F_SETPIPE_SZ, 1 << 20);
	served.pid = fork();
	assert_true(served.pid >= 0);
	if (!served.pid) {
		close(ends[0]);
		served_child(with_port, ends[1], descriptors);
	}
	close(ends[1]);
	served.events = ends[0];
	served_await(&served, "listening ");
	/* The others follow at once, before anything else. */
	served.listeners = (options->udp + options->tcp) * (options->bind || options->family ? 1u : 2u);
	last = strchr(served.log.data, '\n');
	while (last[-1] != ':')
		last--;
	served.port = (uint16_t)strtoul(last, NULL, 10);
	assert_int_not_equal(served.port, 0);
	return served;
}

/* Waits for its end and gives its exit status; all of its events are in the log then. */
static inline int served_end(struct served *served)
{
	int status = -1;

	served_read(served, "");
	close(served->events);
	text_room(&served->log, 1)[0] = '\0';
	assert_int_equal(waitpid(served->pid, &status, 0), served->pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static inline int served_stop(struct served *served)
{
	assert_int_equal(kill(served->pid, SIGTERM), 0);
	return served_end(served);
}

static inline void assert_logged(const struct served *served, const char *text)
{
	if (!strstr(served->log.data, text))
		fail_msg("no '%s' in\n%s", text, served->log.data);
}

/* ------------------------------------------------------------------------------------------------ clients */

/* A socket that is connected to the server at this address, and waits for the guard's time at most. -1 with errno. */
static inline int client_to(const struct served *served, int type, const char *host)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons(served->port) };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(served->port) };
	bool is_v4 = inet_pton(AF_INET, host, &v4.sin_addr) == 1;
	int fd = socket(is_v4 ? AF_INET : AF_INET6, type | SOCK_CLOEXEC, 0);

	if (!is_v4)
		assert_int_equal(inet_pton(AF_INET6, host, &v6.sin6_addr), 1);
	assert_true(fd >= 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){ .tv_sec = GUARD_MS / 1000 }, sizeof(struct timeval));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &(struct timeval){ .tv_sec = GUARD_MS / 1000 }, sizeof(struct timeval));
	if (connect(fd, is_v4 ? (void *)&v4 : (void *)&v6, is_v4 ? sizeof v4 : sizeof v6)) {
		int error = errno;

		close(fd);
		errno = error;
		return -1;
	}
	return fd;
}

static inline int client_open(const struct served *served, int type, const char *host)
{
	int fd = client_to(served, type, host);

	if (fd < 0)
		fail_msg("cannot connect to %s: %s", host, strerror(errno));
	return fd;
}

static inline void client_send(int fd, const void *data, size_t length)
{
	assert_int_equal(send(fd, data, length, MSG_NOSIGNAL), length);
}

/* Exactly this comes next. */
static inline void client_expect(int fd, const void *data, size_t length)
{
	uint8_t *got = test_malloc(length + 1);
	size_t have = 0;

	while (have < length) {
		ssize_t n = recv(fd, got + have, length - have, 0);

		if (n <= 0)
			fail_msg("%zu octets of %zu came, then %s", have, length, n ? strerror(errno) : "the end");
		have += (size_t)n;
	}
	assert_memory_equal(got, data, length);
	test_free(got);
}

static inline void client_expect_end(int fd)
{
	char octet;

	assert_int_equal(recv(fd, &octet, 1, 0), 0);
	close(fd);
}

static inline void fill(uint8_t *data, size_t length)
{
	for (size_t i = 0; i < length; i++)
		data[i] = (uint8_t)(i * 31 >> 2);
}

/* Sends so many octets to an echo server, and they come back. */
static inline void check_echo(const struct served *served, int type, const char *host, size_t length)
{
	int fd = client_open(served, type, host);
	uint8_t *data = mem_new(length + 1, 1), *back = mem_new(length + 1, 1);

	fill(data, length);
	client_send(fd, data, length);
	if (type == SOCK_STREAM) {
		client_expect(fd, data, length);
		assert_int_equal(shutdown(fd, SHUT_WR), 0);
		client_expect_end(fd);
	} else {
		assert_int_equal(recv(fd, back, length + 1, 0), length);
		assert_memory_equal(back, data, length);
		close(fd);
	}
	free(data);
	free(back);
}

/* ------------------------------------------------------------------------------------------------ models */

/* The state of a test is the model. */
static const struct server_model *model_of(void **state)
{
	return *state;
}

static inline struct server_options echo_under(void **state)
{
	return (struct server_options){
		.service = &echo_service, .model = model_of(state), .bind = "127.0.0.1", .udp = true, .tcp = true
	};
}

struct plan {
	struct CMUnitTest tests[300];
	char names[300][100];
	size_t count;
};

/* In place of each test of a model that this system forbids. */
static inline void forbidden(void **state)
{
	struct error err;

	assert_int_equal(model_of(state)->check(&err), -1);
	print_message("%s\n", err.text);
	skip();
}

static inline void plan(struct plan *plan, const struct server_model *model, const struct CMUnitTest *tests,
			size_t count)
{
	struct error err;
	bool runs = !model || !model->check || !model->check(&err);

	for (size_t i = 0; i < count; i++, plan->count++) {
		char *name = plan->names[plan->count];

		if (plan->count == COUNT(plan->tests))
			abort();
		snprintf(name, sizeof plan->names[0], "%s%s%s", model ? model->name : "", model ? ": " : "",
			 tests[i].name);
		plan->tests[plan->count] = tests[i];
		if (!runs)
			plan->tests[plan->count].test_func = forbidden;
		plan->tests[plan->count].name = name;
		plan->tests[plan->count].initial_state = (void *)model;
	}
}

static inline int plan_run(struct plan *plan)
{
	return _cmocka_run_group_tests("servers", plan->tests, plan->count, NULL, NULL);
}
