/* SPDX-License-Identifier: BSD-2-Clause */
/* Connecting: to the first that takes it, in time, and what is said when nobody does. */
#include "own.h"

#include <netinet/tcp.h>

#include "net/endpoint.h"

#define SECOND INT64_C(1000000000)
#define GUARD (60 * SECOND) /* only a hang would need so long */

static const int64_t timeouts[] = { 0, GUARD };

/* A port of loopback that was free a moment ago. */
static struct address free_port(void)
{
	struct address at;

	close(bound(SOCK_STREAM, &at));
	return at;
}

static void accepted(void **state)
{
	struct address at;
	int server = bound(SOCK_STREAM, &at);

	(void)state;
	for (size_t i = 0; i < COUNT(timeouts); i++) {
		const struct addresses to = { &at, 1 };
		struct error err = { "" };
		struct address peer;
		int fd, nodelay = 0;

		assert_int_equal(endpoint_connect(NULL, &to, NULL, timeouts[i], &fd, &peer, &err), ENDPOINT_OPEN);
		assert_string_equal(err.text, "");
		assert_true(address_equal(&peer, &at));
		assert_false(fcntl(fd, F_GETFL) & O_NONBLOCK);
		assert_int_equal(sock_get(NULL, fd, &sock_nodelay, &nodelay, NULL), 0);
		assert_int_equal(nodelay, 1);
		assert_int_equal(sock_send(NULL, fd, "x", 1, 0, NULL), 1);
		close(fd);
	}
	close(server);
}

static void refused(void **state)
{
	char expected[256], text[ADDRESS_TEXT];

	(void)state;
	own_need(); /* where nobody takes the port in between */
	for (size_t i = 0; i < COUNT(timeouts); i++) {
		struct address at = free_port();
		const struct addresses to = { &at, 1 };
		struct error err = { "" };
		int fd = 0;

		assert_int_equal(endpoint_connect(NULL, &to, NULL, timeouts[i], &fd, NULL, &err), ENDPOINT_NO);
		assert_int_equal(fd, -1);
		snprintf(expected, sizeof expected, "refused: nobody listens on %s; start the server",
			 address_text(&at, text));
		assert_string_equal(err.text, expected);
	}
}

static void each_address_in_turn(void **state)
{
	struct address list[3], peer;
	const struct addresses to = { list, 3 };
	struct error err = { "" };
	int server, fd;

	(void)state;
	own_need();
	list[0] = at_host("192.0.2.1", 5555); /* no route */
	list[1] = free_port();           /* refused */
	server = bound(SOCK_STREAM, &list[2]);
	assert_int_equal(endpoint_connect(NULL, &to, NULL, GUARD, &fd, &peer, &err), ENDPOINT_OPEN);
	assert_true(address_equal(&peer, &list[2]));
	close(fd);
	close(server);
}

/* A backlog of 0 holds one connection; further ones get no answer until it is accepted. */
static void no_answer_in_time(void **state)
{
	struct address at;
	int server = bound(SOCK_STREAM, &at), first = sock_open(NULL, AF_INET, SOCK_STREAM, NULL), fd;
	const struct addresses to = { &at, 1 };
	struct error err = { "" };
	char expected[256], text[ADDRESS_TEXT];

	(void)state;
	assert_int_equal(sock_listen(NULL, server, 0, NULL), 0);
	assert_int_equal(sock_connect(NULL, first, &at, NULL), 0);
	assert_int_equal(endpoint_connect(NULL, &to, NULL, SECOND / 50, &fd, NULL, &err), ENDPOINT_NO);
	assert_int_equal(fd, -1);
	snprintf(expected, sizeof expected,
		 "no answer from %s in time; check the address, and that no firewall drops the packets",
		 address_text(&at, text));
	assert_string_equal(err.text, expected);
	close(first);
	close(server);
}

static void no_route(void **state)
{
	struct address at;
	const struct addresses to = { &at, 1 };

	(void)state;
	own_need();
	at = at_host("192.0.2.1", 5555);
	for (size_t i = 0; i < COUNT(timeouts); i++) {
		struct error err = { "" };
		int fd;

		assert_int_equal(endpoint_connect(NULL, &to, NULL, timeouts[i], &fd, NULL, &err), ENDPOINT_NO);
		assert_string_equal(err.text, "no route: this machine knows no way to 192.0.2.1:5555; check the "
					      "address and 'ip route'");
	}
}

static void nothing_to_connect_to(void **state)
{
	const struct addresses none = { 0 };
	struct error err = { "" };
	int fd;

	(void)state;
	assert_int_equal(endpoint_connect(NULL, &none, NULL, GUARD, &fd, NULL, &err), ENDPOINT_ERROR);
	assert_string_equal(err.text, "nothing to connect to: the name has no address");
}

/* ------------------------------------------------------------------------------------------------ from */

static void from_an_address_of_ours(void **state)
{
	struct address at, from = at_host("127.0.0.3", 0), peer;
	int server = bound(SOCK_STREAM, &at), fd, one;
	const struct addresses to = { &at, 1 };
	struct error err = { "" };

	(void)state;
	assert_int_equal(endpoint_connect(NULL, &to, &from, GUARD, &fd, NULL, &err), ENDPOINT_OPEN);
	one = sock_accept(NULL, server, &peer, 0, NULL);
	address_set_port(&from, address_port(&peer));
	assert_true(address_equal(&peer, &from));
	close(one);
	close(fd);
	close(server);
}

static void from_an_address_that_is_not(void **state)
{
	struct address at, from = at_host("192.0.2.1", 0);
	int server = bound(SOCK_STREAM, &at), fd;
	const struct addresses to = { &at, 1 };
	struct error err = { "" };

	(void)state;
	own_need();
	assert_int_equal(endpoint_connect(NULL, &to, &from, GUARD, &fd, NULL, &err), ENDPOINT_ERROR);
	assert_string_equal(err.text, "192.0.2.1:0: cannot connect from there: Cannot assign requested address; "
				      "'ip address' lists what this machine has");
	close(server);
}

/* What a peer answered is told, not that another address could not even be tried. */
static void the_peers_answer_counts_most(void **state)
{
	struct address list[2], from = loopback(AF_INET, 0);
	const struct addresses to = { list, 2 }, last = { list + 1, 1 };
	struct error err = { "" };
	int fd;

	(void)state;
	own_need();
	list[0] = free_port();
	list[1] = at_host("::1", 5555);
	assert_int_equal(endpoint_connect(NULL, &to, &from, GUARD, &fd, NULL, &err), ENDPOINT_NO);
	assert_non_null(strstr(err.text, "refused: nobody listens on 127.0.0.1:"));
	assert_int_equal(endpoint_connect(NULL, &last, &from, GUARD, &fd, NULL, &err), ENDPOINT_ERROR);
	assert_string_equal(err.text, "[::1]:5555: cannot be reached from 127.0.0.1, which is of the other version of "
				      "IP; use -4 or -6");
	list[0] = list[1];
	list[1] = free_port();
	assert_int_equal(endpoint_connect(NULL, &to, &from, GUARD, &fd, NULL, &err), ENDPOINT_NO);
	assert_non_null(strstr(err.text, "refused: nobody listens on 127.0.0.1:"));
}

/* ------------------------------------------------------------------------------------------------ as it is told */

static void without_a_limit_told(void **state)
{
	struct told told = { 0 };
	struct narrator n = told_by(&told, false);
	struct address at;
	int server = bound(SOCK_STREAM, &at), fd;
	const struct addresses to = { &at, 1 };
	unsigned port = address_port(&at);
	struct error err = { "" };

	(void)state;
	assert_int_equal(endpoint_connect(&n, &to, NULL, 0, &fd, NULL, &err), ENDPOINT_OPEN);
	told_is(&told, 4,
		"socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, 0) = %d\n"
		"connect(%d, 127.0.0.1:%u) ...\n"
		"... connect(%d, 127.0.0.1:%u) = 0\n"
		"setsockopt(%d, IPPROTO_TCP, TCP_NODELAY, 1) = 0\n", fd, fd, port, fd, port, fd);
	close(fd);
	close(server);
}

static void with_a_limit_told(void **state)
{
	struct told told = { 0 };
	struct narrator n = told_by(&told, true);
	struct address at;
	int server = bound(SOCK_STREAM, &at), fd;
	const struct addresses to = { &at, 1 };
	struct error err = { "" };
	char expected[1024];
	char *story, *at_poll;

	(void)state;
	assert_int_equal(endpoint_connect(&n, &to, NULL, GUARD, &fd, NULL, &err), ENDPOINT_OPEN);
	assert_int_equal(told.pieces, 7);
	story = told_take(&told);
	snprintf(expected, sizeof expected,
		 "connect(%d, 127.0.0.1:%u) = -1 EINPROGRESS (Operation now in progress)\n    Begins the handshake;",
		 fd, address_port(&at));
	assert_non_null(strstr(story, expected));
	at_poll = strstr(story, "... poll(");
	assert_non_null(at_poll);
	snprintf(expected, sizeof expected,
		 " = 1: {%d, POLLOUT}\n"
		 "getsockopt(%d, SOL_SOCKET, SO_ERROR, 0) = 0\n"
		 "    Writable does not mean connected: here is the result.\n"
		 "fcntl(%d, F_SETFL, O_RDWR) = 0\n    ", fd, fd, fd);
	assert_non_null(strstr(at_poll, expected));
	free(story);
	close(fd);
	close(server);
}

/* ------------------------------------------------------------------------------------------------ sentences */

static void each_refusal_a_sentence(void **state)
{
	static const struct {
		const char *what;
		int error;
		const char *says;
	} rows[] = {
		{ "sendto", ECONNREFUSED, "sendto: refused: nobody listens on 192.0.2.1:5555; start the server" },
		{ NULL, ECONNRESET,
		  "reset: 192.0.2.1:5555 broke the connection off; see what the program there says" },
		{ "", EPIPE,
		  "closed: 192.0.2.1:5555 has ended the connection; nothing can be sent there any more" },
		{ NULL, EHOSTUNREACH,
		  "no such host: 192.0.2.1:5555 cannot be reached; check the address and the cable" },
		{ NULL, EACCES,
		  "not permitted: 192.0.2.1:5555: a broadcast address takes SO_BROADCAST (--broadcast), else a "
		  "firewall of this machine forbids it" },
		{ NULL, ENOBUFS,
		  "not sent: the interface towards 192.0.2.1:5555 takes no packets now; see the cable, and 'ip link'" },
		{ NULL, EMSGSIZE,
		  "too long: the message does not fit into one datagram to 192.0.2.1:5555; send less at once" },
		{ NULL, EINVAL,
		  "not a place to send to: 192.0.2.1:5555; an address of one link needs its interface, as in "
		  "fe80::1%eth0" },
		{ "recv", ENOMEM, "recv: 192.0.2.1:5555: Cannot allocate memory" },
		{ NULL, 4095, "192.0.2.1:5555: an unknown error" },
	};
	struct address peer = at_host("192.0.2.1", 5555), none = { 0 };
	struct error err;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		endpoint_refusal(rows[i].what, &peer, rows[i].error, &err);
		assert_string_equal(err.text, rows[i].says);
	}
	endpoint_refusal(NULL, NULL, ECONNREFUSED, &err);
	assert_string_equal(err.text, "refused: nobody listens on the peer; start the server");
	endpoint_refusal(NULL, &none, ECONNRESET, &err);
	assert_string_equal(err.text, "reset: the peer broke the connection off; see what the program there says");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepted),
		cmocka_unit_test(refused),
		cmocka_unit_test(each_address_in_turn),
		cmocka_unit_test(no_answer_in_time),
		cmocka_unit_test(no_route),
		cmocka_unit_test(nothing_to_connect_to),
		cmocka_unit_test(from_an_address_of_ours),
		cmocka_unit_test(from_an_address_that_is_not),
		cmocka_unit_test(the_peers_answer_counts_most),
		cmocka_unit_test(without_a_limit_told),
		cmocka_unit_test(with_a_limit_told),
		cmocka_unit_test(each_refusal_a_sentence),
	};

	return cmocka_run_group_tests_name("net/connect", tests, own_network, NULL);
}
