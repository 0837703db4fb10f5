/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The demonstrations of options: each shows its effect, with rights and without, and none claims one when the option
 * was not set. For that this program has a setsockopt() of its own, which can pass over one option. Most of the time
 * they wait, so several run at once: each in a process of its own, which writes down what was wrong.
 */
#include <dlfcn.h>
#include <grp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "networks.h"
#include "play/demo.h"
#include "sockets/sockopt.h"

#define AT_ONCE 8

static const struct sockopt *passed_over;

int setsockopt(int fd, int level, int option, const void *value, socklen_t length)
{
	static int (*real)(int, int, int, const void *, socklen_t);

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "setsockopt");
	if (passed_over && level == passed_over->level && option == passed_over->option)
		return 0;
	return real(fd, level, option, value, length);
}

static unsigned open_descriptors(void)
{
	unsigned count = 0;

	for (int fd = 0; fd < 256; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

struct story {
	size_t lines;
	bool spoilt; /* no line, or what a terminal obeys */
};

static void listen_to(void *context, const char *line, size_t length)
{
	struct story *story = context;

	story->lines++;
	story->spoilt |= length < 2 || line[length - 1] != '\n';
	for (size_t i = 0; i < length; i++)
		story->spoilt |= ((uint8_t)line[i] < 0x20 && line[i] != '\n') || line[i] == 0x7f;
}

/* Says what is wrong with an answer other than this one. */
static void run(const struct demo *demo, int wanted, int out)
{
	struct story story = { .lines = 0 };
	const struct narrator narrator = { .reasons = true, .say = listen_to, .context = &story };
	const unsigned before = open_descriptors();
	struct error err = { "" };
	const int answer = demo->run(&narrator, &err);

	if (answer != wanted)
		dprintf(out, "%s: %d: %s\n", demo->option, answer, err.text);
	if (answer < 1 && !err.text[0])
		dprintf(out, "%s: %d without a reason\n", demo->option, answer);
	if (story.lines < 4 || story.spoilt)
		dprintf(out, "%s: %zu lines%s\n", demo->option, story.lines, story.spoilt ? ", not all printable" : "");
	if (open_descriptors() != before)
		dprintf(out, "%s: descriptors are left\n", demo->option);
}

/* As the first and as the second: twice in a row works. */
static void is_seen(const struct demo *demo, int out)
{
	run(demo, 1, out);
	run(demo, 1, out);
}

static void is_seen_by_users(const struct demo *demo, int out)
{
	if (setgroups(0, NULL) < 0 || setresgid(65534, 65534, 65534) < 0 || setresuid(65534, 65534, 65534) < 0)
		dprintf(out, "the rights cannot be given up\n");
	run(demo, demo->needs ? -1 : 1, out);
}

/* Those that only read, and those that would wait for a minute for what does not come. */
static bool is_left_out(const struct demo *demo)
{
	static const char *const names[] = {
		"TCP_INFO",    "SO_TYPE",      "SO_DOMAIN",         "SO_PROTOCOL",      "SO_ACCEPTCONN",
		"SO_ERROR",    "SO_COOKIE",    "SO_PEERCRED",       "SO_BINDTODEVICE",  "SO_RCVTIMEO",
		"SO_SNDTIMEO", "SO_KEEPALIVE", "SO_ZEROCOPY",       "SO_DETACH_FILTER", "UDP_NO_CHECK6_RX",
		"UDP_SEGMENT", "TCP_KEEPIDLE", "TCP_KEEPINTVL",     "TCP_KEEPCNT",      "TCP_USER_TIMEOUT",
		"TCP_SYNCNT",  "TCP_LINGER2",  "IP_ADD_MEMBERSHIP", "IP_RECVERR",       "IP_HDRINCL"
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strcmp(demo->option, names[i]))
			return true;
	return false;
}

static void claims_nothing(const struct demo *demo, int out)
{
	struct error err = { "" };
	int answer;

	if (is_left_out(demo))
		return;
	passed_over = sockopt_find(demo->option, &err);
	answer = demo->run(NULL, &err);
	if (answer == 1)
		dprintf(out, "%s: claims an effect that it cannot have had\n", demo->option);
	else if (!err.text[0])
		dprintf(out, "%s: %d without a reason\n", demo->option, answer);
}

static void await_one(void)
{
	int status;

	assert_true(wait(&status) > 0);
	assert_int_equal(status, 0);
}

static void try_all(void (*try)(const struct demo *demo, int out))
{
	const struct demo *demo;
	char wrong[4096];
	int pipes[2], running = 0;
	ssize_t got;

	networks_need(&nets);
	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	for (size_t i = 0; (demo = demo_at(i)); i++, running++) {
		pid_t child;

		if (running == AT_ONCE) {
			await_one();
			running--;
		}
		child = fork();
		assert_true(child >= 0);
		if (!child) {
			try(demo, pipes[1]);
			_exit(0);
		}
	}
	for (; running; running--)
		await_one();
	close(pipes[1]);
	got = read(pipes[0], wrong, sizeof wrong - 1);
	close(pipes[0]);
	assert_true(got >= 0);
	wrong[got] = '\0';
	if (got)
		fail_msg("%s", wrong);
}

static void each_is_seen(void **state)
{
	(void)state;
	try_all(is_seen);
}

static void each_is_seen_without_rights(void **state)
{
	(void)state;
	try_all(is_seen_by_users);
}

static void none_claims_what_was_not_set(void **state)
{
	(void)state;
	try_all(claims_nothing);
}

static void each_is_of_an_option(void **state)
{
	const struct demo *demo;
	size_t count = 0;

	(void)state;
	for (; (demo = demo_at(count)); count++) {
		struct error err = { "" };
		const struct sockopt *option = sockopt_find(demo->option, &err);

		assert_non_null(option);
		assert_string_equal(option->name, demo->option);
		assert_ptr_equal(demo_find(demo->option), demo);
		assert_true(demo->shows && demo->shows[0]);
	}
	assert_true(count > 60);
	assert_null(demo_find("SO_NOSUCH"));
}

/* Servers of Fast Open are not allowed in a new network namespace, and there is no router. */
static int setup(void **state)
{
	networks_setup(state);
	if (!nets.missing && !networks_run("echo 3 >/proc/sys/net/ipv4/tcp_fastopen && "
					   "ip route add default via 10.9.0.2"))
		return -1;
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_of_an_option),
		cmocka_unit_test(each_is_seen),
		cmocka_unit_test(each_is_seen_without_rights),
		cmocka_unit_test(none_claims_what_was_not_set),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, networks_teardown);
}
