/* SPDX-License-Identifier: BSD-2-Clause */
/* Each call as it is told, to the letter; that telling changes neither result nor errno; and that silence is silent. */
#include "telling.h"

#include <fcntl.h>
#include <linux/tcp.h>

#define WHY "Because."
#define SAID "\n    Because.\n"

/* ------------------------------------------------------------------------------------------------ each call */

static void opening(void **state)
{
	static const struct {
		int domain, type;
		const char *text;
	} rows[] = {
		{ AF_INET, SOCK_DGRAM, "socket(AF_INET, SOCK_DGRAM|SOCK_CLOEXEC, 0)" },
		{ AF_INET, SOCK_STREAM, "socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, 0)" },
		{ AF_INET, SOCK_STREAM | SOCK_NONBLOCK, "socket(AF_INET, SOCK_STREAM|SOCK_NONBLOCK|SOCK_CLOEXEC, 0)" },
	};
	struct told told = { 0 };
	struct narrator n = told_by(&told, true);

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		int fd = sock_open(&n, rows[i].domain, rows[i].type, WHY);

		told_is(&told, 1, "%s = %d" SAID, rows[i].text, fd);
		assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
		assert_int_equal(sock_close(&n, fd, WHY), 0);
		told_is(&told, 1, "close(%d) = 0" SAID, fd);
	}
	assert_int_equal(sock_open(&n, AF_INET6, 77, WHY), -1);
	assert_int_equal(errno, EINVAL);
	told_is(&told, 1, "socket(AF_INET6, 77|SOCK_CLOEXEC, 0) = -1 EINVAL (Invalid argument)" SAID);
}

static void options(void **state)
{
	static const struct {
		const struct sock_option *option;
		int type, value;
		const char *text;
	} rows[] = {
		{ &sock_broadcast, SOCK_DGRAM, 1, "SOL_SOCKET, SO_BROADCAST" },
		{ &sock_reuseaddr, SOCK_DGRAM, 1, "SOL_SOCKET, SO_REUSEADDR" },
		{ &sock_reuseport, SOCK_DGRAM, 1, "SOL_SOCKET, SO_REUSEPORT" },
		{ &sock_keepalive, SOCK_STREAM, 1, "SOL_SOCKET, SO_KEEPALIVE" },
		{ &sock_nodelay, SOCK_STREAM, 1, "IPPROTO_TCP, TCP_NODELAY" },
		{ &sock_user_timeout, SOCK_STREAM, 9000, "IPPROTO_TCP, TCP_USER_TIMEOUT" },
		{ &sock_keepidle, SOCK_STREAM, 30, "IPPROTO_TCP, TCP_KEEPIDLE" },
		{ &sock_keepintvl, SOCK_STREAM, 10, "IPPROTO_TCP, TCP_KEEPINTVL" },
		{ &sock_pktinfo, SOCK_DGRAM, 1, "IPPROTO_IP, IP_PKTINFO" },
		{ &sock_recverr, SOCK_DGRAM, 1, "IPPROTO_IP, IP_RECVERR" },
	};
	struct told told = { 0 };
	struct narrator n = told_by(&told, true);

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		int fd = sock_open(NULL, AF_INET, rows[i].type, NULL), value = -1;

		assert_int_equal(sock_set(&n, fd, rows[i].option, rows[i].value, WHY), 0);
		told_is(&told, 1, "setsockopt(%d, %s, %d) = 0" SAID, fd, rows[i].text, rows[i].value);
		assert_int_equal(sock_get(&n, fd, rows[i].option, &value, WHY), 0);
		assert_int_equal(value, rows[i].value);
		told_is(&told, 1, "getsockopt(%d, %s, %d) = 0" SAID, fd, rows[i].text, value);
		sock_close(NULL, fd, NULL);
	}
}

/* Without the right to open it: the call is told all the same. */
static void sockets_of_a_protocol(void **state)
{
	static const struct {
		int domain, type, protocol;
		const char *text;
	} rows[] = {
		{ AF_INET, SOCK_RAW, IPPROTO_RAW, "socket(AF_INET, SOCK_RAW|SOCK_CLOEXEC, IPPROTO_RAW)" },
		{ AF_INET, SOCK_DGRAM, IPPROTO_ICMP, "socket(AF_INET, SOCK_DGRAM|SOCK_CLOEXEC, IPPROTO_ICMP)" },
		{ AF_INET6, SOCK_DGRAM, IPPROTO_ICMPV6, "socket(AF_INET6, SOCK_DGRAM|SOCK_CLOEXEC, IPPROTO_ICMPV6)" },
	};
	struct told told = { 0 };
	struct narrator n = told_by(&told, false);

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		int fd = sock_open_protocol(&n, rows[i].domain, rows[i].type, rows[i].protocol, WHY);

		text_char(&told.text, '\0');
		assert_int_equal(strncmp(told.text.data, rows[i].text, strlen(rows[i].text)), 0);
		text_clear(&told.text);
		sock_close(NULL, fd, NULL);
	}
	text_release(&told.text);
}

static void options_that_are_no_number(void **state)
{
	struct told told = { 0 };
	struct narrator n = told_by(&told, true);
	int fd = sock_open(NULL, AF_INET, SOCK_STREAM, NULL);
	struct tcp_info info;
	struct linger linger;
	char name[16];
	socklen_t length = sizeof linger;

	(void)state;
	assert_int_equal(sock_set_text(&n, fd, &sock_device, "\033no", WHY), -1);
	assert_true(errno == ENODEV || errno == EPERM);
	text_char(&told.text, '\0');
	assert_non_null(strstr(told.text.data, "SOL_SOCKET, SO_BINDTODEVICE, \"\\x1bno\") = -1 E"));
	text_clear(&told.text);
	told.pieces = 0;
	assert_int_equal(sock_set_linger(&n, fd, 0, WHY), 0);
	told_is(&told, 1, "setsockopt(%d, SOL_SOCKET, SO_LINGER, {on, 0}) = 0" SAID, fd);
	assert_int_equal(getsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, &length), 0);
	assert_true(linger.l_onoff && !linger.l_linger);
	assert_int_equal(sock_set_text(NULL, fd, &sock_congestion, "reno", NULL), 0);
	assert_int_equal(sock_get_text(&n, fd, &sock_congestion, name, sizeof name, WHY), 0);
	assert_string_equal(name, "reno");
	told_is(&told, 1, "getsockopt(%d, IPPROTO_TCP, TCP_CONGESTION, \"reno\") = 0" SAID, fd);
	assert_int_equal(sock_get_text(NULL, fd, &sock_congestion, name, 3, NULL), 0);
	assert_string_equal(name, "re");
	assert_int_equal(sock_get_info(&n, fd, &info, WHY), 0);
	told_is(&told, 1,
		"getsockopt(%d, IPPROTO_TCP, TCP_INFO, {UNCONN, round trip 0.000 ms, window %u segments of 536 octets, "
		"0 unacknowledged, 0 sent again}) = 0" SAID,
		fd, info.tcpi_snd_cwnd);
	sock_close(NULL, fd, NULL);
}

static void a_pair_and_who_has_made_it(void **state)
{
	struct told told = { 0 };
	struct narrator n = told_by(&told, true);
	struct timeval time;
	struct ucred who;
	socklen_t length = sizeof time;
	uint64_t cookie;
	int fds[2];

	(void)state;
	assert_int_equal(sock_pair(&n, SOCK_DGRAM, fds, WHY), 0);
	told_is(&told, 1, "socketpair(AF_UNIX, SOCK_DGRAM|SOCK_CLOEXEC, 0, [%d, %d]) = 0" SAID, fds[0], fds[1]);
	assert_int_equal(sock_set_time(&n, fds[0], &sock_rcvtimeo, 2500, WHY), 0);
	told_is(&told, 1, "setsockopt(%d, SOL_SOCKET, SO_RCVTIMEO, {2, 500000}) = 0" SAID, fds[0]);
	assert_int_equal(getsockopt(fds[0], SOL_SOCKET, SO_RCVTIMEO, &time, &length), 0);
	assert_true(time.tv_sec == 2 && time.tv_usec == 500000);
	assert_int_equal(sock_get_octets(&n, fds[0], &sock_peercred, &who, sizeof who, WHY), 0);
	assert_int_equal(who.pid, getpid());
	told_is(&told, 1, "getsockopt(%d, SOL_SOCKET, SO_PEERCRED, {process %d, user %u, group %u}) = 0" SAID, fds[0],
		getpid(), getuid(), getgid());
	assert_int_equal(sock_get_octets(&n, fds[0], &sock_cookie, &cookie, sizeof cookie, WHY), 0);
	told_is(&told, 1, "getsockopt(%d, SOL_SOCKET, SO_COOKIE, %llu) = 0" SAID, fds[0], (unsigned long long)cookie);
	assert_int_equal(sock_get_octets(&n, -1, &sock_cookie, &cookie, sizeof cookie, WHY), -1);
	assert_int_equal(errno, EBADF);
	assert_int_equal(cookie, 0);
	told_is(&told, 1, "getsockopt(-1, SOL_SOCKET, SO_COOKIE, value) = -1 EBADF (Bad file descriptor)" SAID);
	assert_int_equal(sock_pair(&n, 77, fds, WHY), -1);
	assert_int_equal(errno, EINVAL);
	told_is(&told, 1, "socketpair(AF_UNIX, 77|SOCK_CLOEXEC, 0, fds) = -1 EINVAL (Invalid argument)" SAID);
	sock_close(NULL, fds[0], NULL);
	sock_close(NULL, fds[1], NULL);
}

static void the_error_of_a_socket_by_its_name(void **state)
{
	struct told told = { 0 };
	struct narrator n = told_by(&told, true);
	struct address nobody;
	int fd, error = 0;

	(void)state;
	sock_close(NULL, bound(SOCK_DGRAM, &nobody), NULL);
	fd = sock_open(NULL, AF_INET, SOCK_DGRAM, NULL);
	assert_int_equal(sock_connect(NULL, fd, &nobody, NULL), 0);
	assert_int_equal(sock_send(NULL, fd, "x", 1, 0, NULL), 1);
	await(fd, POLLERR);
	assert_int_equal(sock_get(&n, fd, &sock_error, &error, WHY), 0);
	assert_int_equal(error, ECONNREFUSED);
	told_is(&told, 1, "getsockopt(%d, SOL_SOCKET, SO_ERROR, ECONNREFUSED) = 0" SAID, fd);
	sock_close(NULL, fd, NULL);
}

static void datagrams(void **state)
{
	struct told told = { 0 };
	struct narrator n = told_by(&told, true);
	struct address at = loopback(AF_INET, 0), here, there, from;
	int a = sock_open(NULL, AF_INET, SOCK_DGRAM, NULL), b = bound(SOCK_DGRAM, &there);
	char data[100];

	(void)state;
	assert_int_equal(sock_bind(&n, a, &at, WHY), 0);
	told_is(&told, 1, "bind(%d, 127.0.0.1:0) = 0" SAID, a);
	assert_int_equal(sock_name(&n, a, &here, WHY), 0);
	told_is(&told, 1, "getsockname(%d, 127.0.0.1:%u) = 0" SAID, a, address_port(&here));

	assert_int_equal(sock_sendto(&n, a, "date\n", 5, 0, &there, WHY), 5);
	told_is(&told, 1, "sendto(%d, \"date\\n\", 5, MSG_NOSIGNAL, 127.0.0.1:%u) = 5" SAID, a, address_port(&there));
	assert_int_equal(sock_recvfrom(&n, b, data, sizeof data, 0, &from, WHY), 5);
	told_is(&told, 2,
		"recvfrom(%d, data, 100, 0, from) ..." SAID
		"... recvfrom(%d, \"date\\n\", 100, 0, 127.0.0.1:%u) = 5\n", b, b, address_port(&here));
	assert_true(address_equal(&from, &here));

	assert_int_equal(sock_recvfrom(&n, b, data, sizeof data, MSG_DONTWAIT, &from, WHY), -1);
	assert_int_equal(errno, EAGAIN);
	assert_int_equal(from.length, 0);
	told_is(&told, 1, "recvfrom(%d, data, 100, MSG_DONTWAIT, from) = -1 EAGAIN (Resource temporarily unavailable)"
		SAID, b);

	assert_int_equal(sock_connect(&n, b, &here, WHY), 0);
	told_is(&told, 1, "connect(%d, 127.0.0.1:%u) = 0" SAID, b, address_port(&here));
	assert_int_equal(sock_peer(&n, b, &from, WHY), 0);
	told_is(&told, 1, "getpeername(%d, 127.0.0.1:%u) = 0" SAID, b, address_port(&here));
	assert_int_equal(sock_send(&n, b, "", 0, MSG_DONTWAIT, WHY), 0);
	told_is(&told, 1, "send(%d, \"\", 0, MSG_DONTWAIT|MSG_NOSIGNAL) = 0" SAID, b);
	await(a, POLLIN);
	assert_int_equal(sock_recvfrom(&n, a, data, sizeof data, MSG_DONTWAIT, NULL, WHY), 0);
	told_is(&told, 1, "recvfrom(%d, \"\", 100, MSG_DONTWAIT, NULL) = 0" SAID, a);
	sock_close(NULL, a, NULL);
	sock_close(NULL, b, NULL);
}

static void streams(void **state)
{
	struct told told = { 0 };
	struct narrator n = told_by(&told, true);
	struct address at, peer;
	int server = bound(SOCK_STREAM, &at), client = sock_open(NULL, AF_INET, SOCK_STREAM, NULL), one;
	char data[4];

	(void)state;
	assert_int_equal(sock_listen(&n, server, 5, WHY), 0);
	told_is(&told, 1, "listen(%d, 5) = 0" SAID, server);
	assert_int_equal(sock_connect(&n, client, &at, WHY), 0);
	told_is(&told, 2, "connect(%d, 127.0.0.1:%u) ..." SAID "... connect(%d, 127.0.0.1:%u) = 0\n", client,
		address_port(&at), client, address_port(&at));
	one = sock_accept(&n, server, &peer, SOCK_NONBLOCK, WHY);
	told_is(&told, 2,
		"accept4(%d, peer, SOCK_NONBLOCK|SOCK_CLOEXEC) ..." SAID
		"... accept4(%d, 127.0.0.1:%u, SOCK_NONBLOCK|SOCK_CLOEXEC) = %d\n",
		server, server, address_port(&peer), one);

	assert_int_equal(sock_recv(&n, one, data, sizeof data, 0, WHY), -1);
	assert_int_equal(errno, EAGAIN);
	told_is(&told, 1, "recv(%d, data, 4, 0) = -1 EAGAIN (Resource temporarily unavailable)" SAID, one);
	assert_int_equal(sock_send(&n, one, "hi", 2, 0, WHY), 2);
	told_is(&told, 1, "send(%d, \"hi\", 2, MSG_NOSIGNAL) = 2" SAID, one);
	assert_int_equal(sock_recv(&n, client, data, sizeof data, MSG_PEEK, WHY), 2);
	told_is(&told, 2, "recv(%d, data, 4, MSG_PEEK) ..." SAID "... recv(%d, \"hi\", 4, MSG_PEEK) = 2\n", client,
		client);

	assert_int_equal(sock_shutdown(&n, one, SHUT_WR, WHY), 0);
	told_is(&told, 1, "shutdown(%d, SHUT_WR) = 0" SAID, one);
	assert_int_equal(fcntl(server, F_SETFL, O_NONBLOCK), 0);
	assert_int_equal(sock_accept(&n, server, NULL, 0, WHY), -1);
	told_is(&told, 1, "accept4(%d, NULL, SOCK_CLOEXEC) = -1 EAGAIN (Resource temporarily unavailable)" SAID,
		server);
	sock_close(NULL, one, NULL);
	sock_close(NULL, client, NULL);
	sock_close(NULL, server, NULL);
}

static void a_connect_that_does_not_block(void **state)
{
	struct told told = { 0 };
	struct narrator n = told_by(&told, true);
	struct address at;
	int server = bound(SOCK_STREAM, &at), fd = sock_open(NULL, AF_INET, SOCK_STREAM | SOCK_NONBLOCK, NULL);

	(void)state;
	assert_int_equal(sock_connect(&n, fd, &at, WHY), -1);
	assert_int_equal(errno, EINPROGRESS);
	told_is(&told, 1, "connect(%d, 127.0.0.1:%u) = -1 EINPROGRESS (Operation now in progress)" SAID, fd,
		address_port(&at));
	sock_close(NULL, fd, NULL);
	sock_close(NULL, server, NULL);
}

/* ------------------------------------------------------------------------------------------------ failures */

static const struct address nowhere; /* no address at all */

static long fail_set(const struct narrator *n) { return sock_set(n, -1, &sock_broadcast, 1, WHY); }
static long fail_get(const struct narrator *n) { return sock_get(n, -1, &sock_error, &(int){ 0 }, WHY); }
static long fail_get_text(const struct narrator *n)
{
	char name[16];

	return sock_get_text(n, -1, &sock_congestion, name, sizeof name, WHY);
}
static long fail_get_info(const struct narrator *n) { return sock_get_info(n, -1, &(struct tcp_info){ 0 }, WHY); }
static long fail_bind(const struct narrator *n) { return sock_bind(n, -1, &nowhere, WHY); }
static long fail_listen(const struct narrator *n) { return sock_listen(n, -1, 1, WHY); }
static long fail_connect(const struct narrator *n) { return sock_connect(n, -1, &nowhere, WHY); }
static long fail_accept(const struct narrator *n) { return sock_accept(n, -1, &(struct address){ 0 }, 0, WHY); }
static long fail_name(const struct narrator *n) { return sock_name(n, -1, &(struct address){ 0 }, WHY); }
static long fail_peer(const struct narrator *n) { return sock_peer(n, -1, &(struct address){ 0 }, WHY); }
static long fail_send(const struct narrator *n) { return sock_send(n, -1, "a", 1, 0, WHY); }
static long fail_sendto(const struct narrator *n) { return sock_sendto(n, -1, "a", 1, 0, &nowhere, WHY); }
static long fail_sendmsg(const struct narrator *n) { return sock_sendmsg(n, -1, &(struct msghdr){ 0 }, 0, WHY); }
static long fail_sendmmsg(const struct narrator *n)
{
	struct mmsghdr message = { 0 };

	return sock_sendmmsg(n, -1, &message, 1, 0, WHY);
}
static long fail_recv(const struct narrator *n) { return sock_recv(n, -1, &(char){ 0 }, 1, 0, WHY); }
static long fail_recvfrom(const struct narrator *n)
{
	return sock_recvfrom(n, -1, &(char){ 0 }, 1, MSG_TRUNC, &(struct address){ 0 }, WHY);
}
static long fail_recvmsg(const struct narrator *n) { return sock_recvmsg(n, -1, &(struct msghdr){ 0 }, 0, WHY); }
static long fail_recvmmsg(const struct narrator *n)
{
	struct mmsghdr message = { 0 };

	return sock_recvmmsg(n, -1, &message, 1, MSG_WAITFORONE, WHY);
}
static long fail_shutdown(const struct narrator *n) { return sock_shutdown(n, -1, SHUT_RDWR, WHY); }
static long fail_close(const struct narrator *n) { return sock_close(n, -1, WHY); }
static long fail_ctl(const struct narrator *n) { return sock_epoll_ctl(n, -1, EPOLL_CTL_DEL, 0, NULL, WHY); }
static long fail_wait(const struct narrator *n)
{
	struct epoll_event event;

	return sock_epoll_wait(n, -1, &event, 1, 0, WHY);
}

static const struct {
	long (*call)(const struct narrator *n);
	const char *text;
} failures[] = {
	{ fail_set, "setsockopt(-1, SOL_SOCKET, SO_BROADCAST, 1)" },
	{ fail_get, "getsockopt(-1, SOL_SOCKET, SO_ERROR, value)" },
	{ fail_get_text, "getsockopt(-1, IPPROTO_TCP, TCP_CONGESTION, value)" },
	{ fail_get_info, "getsockopt(-1, IPPROTO_TCP, TCP_INFO, value)" },
	{ fail_bind, "bind(-1, -)" },
	{ fail_listen, "listen(-1, 1)" },
	{ fail_connect, "connect(-1, -)" },
	{ fail_accept, "accept4(-1, peer, SOCK_CLOEXEC)" },
	{ fail_name, "getsockname(-1, -)" },
	{ fail_peer, "getpeername(-1, -)" },
	{ fail_send, "send(-1, \"a\", 1, MSG_NOSIGNAL)" },
	{ fail_sendto, "sendto(-1, \"a\", 1, MSG_NOSIGNAL, -)" },
	{ fail_sendmsg, "sendmsg(-1, {\"\"}, MSG_NOSIGNAL)" },
	{ fail_sendmmsg, "sendmmsg(-1, [{\"\"}], 1, MSG_NOSIGNAL)" },
	{ fail_recv, "recv(-1, data, 1, 0)" },
	{ fail_recvfrom, "recvfrom(-1, data, 1, MSG_TRUNC, from)" },
	{ fail_recvmsg, "recvmsg(-1, message, 0)" },
	{ fail_recvmmsg, "recvmmsg(-1, messages, 1, MSG_WAITFORONE, NULL)" },
	{ fail_shutdown, "shutdown(-1, SHUT_RDWR)" },
	{ fail_close, "close(-1)" },
	{ fail_ctl, "epoll_ctl(-1, EPOLL_CTL_DEL, 0, NULL)" },
	{ fail_wait, "epoll_wait(-1, [], 1, 0)" },
};

static void each_failure_is_told_and_kept(void **state)
{
	struct told told = { 0 };
	struct narrator reasons = told_by(&told, true), calls = told_by(&told, false);

	(void)state;
	for (size_t i = 0; i < COUNT(failures); i++) {
		errno = 0;
		assert_int_equal(failures[i].call(&reasons), -1);
		assert_int_equal(errno, EBADF);
		told_is(&told, 1, "%s = -1 EBADF (Bad file descriptor)" SAID, failures[i].text);
		assert_int_equal(failures[i].call(&calls), -1);
		told_is(&told, 1, "%s = -1 EBADF (Bad file descriptor)\n", failures[i].text);
	}
}

static void without_a_narrator_the_same(void **state)
{
	struct address at, from;
	int fd = bound(SOCK_DGRAM, &at);
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	char data[8];

	(void)state;
	for (size_t i = 0; i < COUNT(failures); i++) {
		errno = 0;
		assert_int_equal(failures[i].call(NULL), -1);
		assert_int_equal(errno, EBADF);
	}
	assert_int_equal(sock_sendto(NULL, fd, "abc", 3, 0, &at, NULL), 3);
	assert_int_equal(sock_poll(NULL, &wait, 1, -1, NULL), 1);
	assert_int_equal(sock_recvfrom(NULL, fd, data, sizeof data, 0, &from, NULL), 3);
	assert_true(address_equal(&at, &from));
	sock_tell(NULL, WHY, "nobody listens to %d", 1);
	assert_int_equal(sock_close(NULL, fd, NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opening),
		cmocka_unit_test(options),
		cmocka_unit_test(sockets_of_a_protocol),
		cmocka_unit_test(options_that_are_no_number),
		cmocka_unit_test(a_pair_and_who_has_made_it),
		cmocka_unit_test(the_error_of_a_socket_by_its_name),
		cmocka_unit_test(datagrams),
		cmocka_unit_test(streams),
		cmocka_unit_test(a_connect_that_does_not_block),
		cmocka_unit_test(each_failure_is_told_and_kept),
		cmocka_unit_test(without_a_narrator_the_same),
	};

	return cmocka_run_group_tests_name("net/sock", tests, NULL, NULL);
}
