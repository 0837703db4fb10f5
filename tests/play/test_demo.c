/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The demonstrations of TCP, IP and IPv6: each shows its effect, and none claims one when the option was not set. For
 * that this program has a setsockopt() of its own, which can pass over one option.
 */
#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "networks.h"
#include "play/demo_rows.h"
#include "sockets/sockopt.h"

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

static const struct demo *const lists[] = { demo_tcp_rows, demo_ip_rows };

static unsigned open_descriptors(void)
{
	unsigned count = 0;

	for (int fd = 0; fd < 256; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

static void swallow(void *context, const char *line, size_t length)
{
	size_t *lines = context;

	assert_true(length > 1 && line[length - 1] == '\n');
	++*lines;
}

/* Servers of Fast Open are not allowed in a new network namespace. */
static void allow_fast_open(void)
{
	assert_true(networks_run("echo 3 >/proc/sys/net/ipv4/tcp_fastopen"));
}

static void each_is_seen(void **state)
{
	(void)state;
	networks_need(&nets);
	allow_fast_open();
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		for (const struct demo *demo = lists[i]; demo->option; demo++) {
			struct error err = { "" };
			size_t lines = 0;
			const struct narrator narrator = { .reasons = true, .say = swallow, .context = &lines };
			const unsigned before = open_descriptors();
			int answer = demo->run(&narrator, &err);

			if (answer != 1)
				fail_msg("%s: %d: %s", demo->option, answer, err.text);
			assert_true(lines > 3);
			assert_int_equal(open_descriptors(), before);
		}
}

/* Those that only read, and those that would wait for a minute for what does not come. */
static bool is_left_out(const struct demo *demo)
{
	static const char *const names[] = { "TCP_INFO",         "TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT",
					     "TCP_USER_TIMEOUT", "TCP_SYNCNT",   "TCP_LINGER2",   "IP_ADD_MEMBERSHIP",
					     "IP_RECVERR",       "IP_HDRINCL" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strcmp(demo->option, names[i]))
			return true;
	return false;
}

static void none_claims_what_was_not_set(void **state)
{
	(void)state;
	networks_need(&nets);
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		for (const struct demo *demo = lists[i]; demo->option; demo++) {
			struct error err = { "" };
			int answer;

			if (is_left_out(demo))
				continue;
			passed_over = sockopt_find(demo->option, &err);
			assert_non_null(passed_over);
			answer = demo->run(NULL, &err);
			passed_over = NULL;
			if (answer == 1)
				fail_msg("%s claims an effect that it cannot have had", demo->option);
			assert_true(err.text[0]);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_seen),
		cmocka_unit_test(none_claims_what_was_not_set),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, networks_setup, networks_teardown);
}
