/* SPDX-License-Identifier: BSD-2-Clause */
/* Socket calls of a child: seen, told, and not changed. */
#include <cap-ng.h>
#include <pthread.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/un.h>

#include "supervised.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct told told;

/* The ports that the child said, in its order, are the ports that were told, each once. */
static void assert_told_as_said(unsigned kind)
{
	char *at = told.said, *end;
	unsigned n = 0;

	while (*at) {
		unsigned long port = strtoul(at, &end, 10);

		assert_ptr_not_equal(at, end);
		assert_true(port > 0);
		assert_true(n < told.count);
		assert_int_equal(told.ends[n].kind, kind);
		assert_int_equal(address_port(&told.ends[n].local), port);
		at = *end ? end + 1 : end;
		n++;
	}
	assert_true(n > 0);
	assert_int_equal(told.count, n);
	assert_int_equal(told.unseen.missed, 0);
}

/* ------------------------------------------------------------------------------------------------ UDP */

static void udp_sends(int out)
{
	struct sockaddr_in to = four("127.0.0.1", 9);
	struct sockaddr_in6 to6 = six("::1", 9);
	struct iovec data = { "x", 1 };
	struct mmsghdr many[2] = { { .msg_hdr = { &to, sizeof to, &data, 1, NULL, 0, 0 } },
				   { .msg_hdr = { &to, sizeof to, &data, 1, NULL, 0, 0 } } };

	for (unsigned i = 0; i < 5; i++) {
		int fd = socket(i == 3 ? AF_INET6 : AF_INET, SOCK_DGRAM, 0);

		if (i == 0)
			sendto(fd, "x", 1, 0, (struct sockaddr *)&to, sizeof to);
		else if (i == 1)
			sendmsg(fd, &many[0].msg_hdr, 0);
		else if (i == 2)
			sendmmsg(fd, many, 2, 0);
		else if (i == 3)
			sendto(fd, "x", 1, 0, (struct sockaddr *)&to6, sizeof to6);
		else
			connect(fd, (struct sockaddr *)&to, sizeof to);
		dprintf(out, "%u ", port_of(fd));
	}
}

static void test_udp(void **state)
{
	(void)state;
	supervised_run(udp_sends, &told);
	assert_told_as_said(SOCKET_UDP);
	assert_int_equal(told.ends[0].remote.length, 0);
	assert_true(address_is_any(&told.ends[3].local));
	assert_false(told.ends[3].v6only);
	assert_int_equal(address_port(&told.ends[4].remote), 9);
}

/* Told before it leaves: the receiver asks what is known when the datagram is there. */
static struct sockaddr_in ear;

static void udp_to_ear(int out)
{
	for (unsigned i = 0; i < 200; i++) {
		int fd = socket(AF_INET, SOCK_DGRAM, 0);

		sendto(fd, "x", 1, 0, (struct sockaddr *)&ear, sizeof ear);
		dprintf(out, "%u ", port_of(fd));
		close(fd);
	}
}

static void test_before_it_leaves(void **state)
{
	struct sockaddr_in from;
	socklen_t length = sizeof ear;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char octet;

	(void)state;
	ear = four("127.0.0.1", 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&ear, sizeof ear), 0);
	getsockname(fd, (struct sockaddr *)&ear, &length);
	supervised_run(udp_to_ear, &told);
	assert_told_as_said(SOCKET_UDP);
	for (unsigned i = 0; i < 200; i++) {
		length = sizeof from;
		assert_int_equal(recvfrom(fd, &octet, 1, MSG_DONTWAIT, (struct sockaddr *)&from, &length), 1);
		assert_int_equal(ntohs(from.sin_port), address_port(&told.ends[i].local));
	}
	close(fd);
}

/* ------------------------------------------------------------------------------------------------ TCP */

static void tcp_listens(int out)
{
	struct sockaddr_in at = four("127.0.0.1", 0);
	socklen_t length = sizeof at;
	int door = socket(AF_INET, SOCK_STREAM, 0), fd = socket(AF_INET, SOCK_STREAM, 0);

	listen(door, 5); /* without bind() */
	dprintf(out, "%u ", port_of(door));
	getsockname(door, (struct sockaddr *)&at, &length);
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	connect(fd, (struct sockaddr *)&at, sizeof at);
	dprintf(out, "%u ", port_of(fd));
	send(fd, "x", 1, 0);
	close(accept(door, NULL, NULL));
}

static void test_tcp(void **state)
{
	(void)state;
	supervised_run(tcp_listens, &told);
	assert_told_as_said(SOCKET_TCP);
	assert_int_equal(told.ends[0].remote.length, 0);
	assert_int_equal(address_port(&told.ends[1].remote), address_port(&told.ends[0].local));
}

/* ------------------------------------------------------------------------------------------------ bind */

static struct sockaddr_in taken;

static void binds(int out)
{
	struct sockaddr_in at = four("127.0.0.1", 0), free_port = four("127.0.0.1", 0);
	socklen_t length = sizeof free_port;
	int first = socket(AF_INET, SOCK_DGRAM, 0), second = socket(AF_INET, SOCK_DGRAM, 0);

	if (!bind(second, (struct sockaddr *)&taken, sizeof taken) || errno != EADDRINUSE)
		dprintf(out, "0 ");
	bind(first, (struct sockaddr *)&at, sizeof at);
	dprintf(out, "%u ", port_of(first));
	getsockname(first, (struct sockaddr *)&free_port, &length);
	close(first);
	if (bind(second, (struct sockaddr *)&free_port, sizeof free_port))
		dprintf(out, "0 ");
	dprintf(out, "%u ", port_of(second));
	if (!bind(second, (struct sockaddr *)&at, sizeof at) || errno != EINVAL)
		dprintf(out, "0 ");
}

static void test_bind(void **state)
{
	socklen_t length = sizeof taken;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	(void)state;
	taken = four("127.0.0.1", 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&taken, sizeof taken), 0);
	getsockname(fd, (struct sockaddr *)&taken, &length);
	supervised_run(binds, &told);
	assert_told_as_said(SOCKET_UDP);
	close(fd);
}

static void binds_low_as_nobody(int out)
{
	struct sockaddr_in at = four("127.0.0.1", 77);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (setresgid(65534, 65534, 65534) || setresuid(65534, 65534, 65534))
		dprintf(out, "not nobody");
	dprintf(out, "%s", bind(fd, (struct sockaddr *)&at, sizeof at) ? strerrorname_np(errno) : "bound");
}

static void test_low_port_stays_refused(void **state)
{
	(void)state;
	if (geteuid()) {
		print_message("skipped: only root can become nobody\n");
		skip();
	}
	supervised_run(binds_low_as_nobody, &told);
	assert_string_equal(told.said, "EACCES");
	assert_int_equal(told.count, 0);
}

static void binds_low(int out)
{
	struct sockaddr_in at = four("127.0.0.1", 77);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (bind(fd, (struct sockaddr *)&at, sizeof at))
		dprintf(out, "%s", strerrorname_np(errno));
	/* It is looked at behind the call. */
	poll(NULL, 0, 1);
	listen(fd, 1);
	dprintf(out, "%u", port_of(fd));
}

static void test_low_port_of_who_may(void **state)
{
	(void)state;
	if (geteuid()) {
		print_message("skipped: ports below 1024 need root\n");
		skip();
	}
	assert_int_equal(capng_get_caps_process(), 0);
	capng_update(CAPNG_ADD, CAPNG_EFFECTIVE, CAP_NET_BIND_SERVICE);
	assert_int_equal(capng_apply(CAPNG_SELECT_CAPS), 0);
	supervised_run(binds_low, &told);
	assert_told_as_said(SOCKET_TCP);
}

/* ------------------------------------------------------------------------------------------------ who */

static void *thread_sends(void *out)
{
	struct sockaddr_in to = four("127.0.0.1", 9);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	sendto(fd, "x", 1, 0, (struct sockaddr *)&to, sizeof to);
	dprintf(*(int *)out, "%u ", port_of(fd));
	return NULL;
}

static void threads(int out)
{
	pthread_t thread;

	for (unsigned i = 0; i < 3; i++) {
		pthread_create(&thread, NULL, thread_sends, &out);
		pthread_join(thread, NULL);
	}
	thread_sends(&out);
}

static void test_threads(void **state)
{
	(void)state;
	supervised_run(threads, &told);
	assert_told_as_said(SOCKET_UDP);
	for (unsigned i = 1; i < told.count; i++)
		assert_int_equal(told.pids[i], told.pids[0]);
}

/* The child ends at once; its grandchild lives on, in a session of its own. */
static void forks(int out)
{
	int ended[2];
	char none;

	thread_sends(&out);
	if (pipe(ended) || fork())
		return;
	close(ended[1]);
	setsid();
	if (!fork()) {
		thread_sends(&out);
		_exit(read(ended[0], &none, 1) != 0);
	}
	_exit(0);
}

static void test_descendants(void **state)
{
	(void)state;
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	supervised_run(forks, &told);
	assert_told_as_said(SOCKET_UDP);
	assert_int_equal(told.count, 2);
	assert_int_not_equal(told.pids[0], told.pids[1]);
}

static void thousands(int out)
{
	struct sockaddr_in to = four("127.0.0.1", 9);

	for (unsigned i = 0; i < 5000; i++) {
		int fd = socket(AF_INET, SOCK_DGRAM, 0);

		sendto(fd, "x", 1, 0, (struct sockaddr *)&to, sizeof to);
		dprintf(out, "%u ", port_of(fd));
		if (i % 2)
			close(fd);
	}
}

static void test_thousands(void **state)
{
	int before = open("/dev/null", O_RDONLY | O_CLOEXEC), after;

	(void)state;
	supervised_run(thousands, &told);
	assert_told_as_said(SOCKET_UDP);
	/* No copy was kept. */
	after = open("/dev/null", O_RDONLY | O_CLOEXEC);
	assert_int_equal(after, before + 1);
	close(before);
	close(after);
}

static void elsewhere(int out)
{
	if (unshare(CLONE_NEWNET))
		dprintf(out, "no namespace");
	thread_sends(&(int){ open("/dev/null", O_WRONLY) });
}

static void test_other_namespace_is_not_ours(void **state)
{
	(void)state;
	supervised_run(elsewhere, &told);
	if (told.said[0]) {
		print_message("skipped: a network namespace needs CAP_SYS_ADMIN\n");
		skip();
	}
	assert_int_equal(told.count, 0);
}

static void restricts_itself(int out)
{
	struct sockaddr_in at = four("127.0.0.1", 0);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	syscall(446, -1, 0); /* landlock_restrict_self(): fails here, and counts all the same */
	bind(fd, (struct sockaddr *)&at, sizeof at);
	poll(NULL, 0, 1);
	sendto(fd, "x", 1, 0, (struct sockaddr *)&at, sizeof at);
	dprintf(out, "%u", port_of(fd));
}

static void test_restricted(void **state)
{
	(void)state;
	supervised_run(restricts_itself, &told);
	assert_told_as_said(SOCKET_UDP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_udp),
		cmocka_unit_test(test_before_it_leaves),
		cmocka_unit_test(test_tcp),
		cmocka_unit_test(test_bind),
		cmocka_unit_test(test_low_port_stays_refused),
		cmocka_unit_test(test_low_port_of_who_may),
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_descendants),
		cmocka_unit_test(test_thousands),
		cmocka_unit_test(test_other_namespace_is_not_ours),
		cmocka_unit_test(test_restricted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
