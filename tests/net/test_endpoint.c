/* SPDX-License-Identifier: BSD-2-Clause */
/* Binding: what is set on a socket of each kind, what is refused and in which words. */
#include "own.h"

#include "net/endpoint.h"

/* ------------------------------------------------------------------------------------------------ binding */

static int bind_to(const struct address *at, int type, unsigned flags, struct address *local)
{
	struct error err = { "" };
	int fd = endpoint_bind(NULL, at, type, flags, local, &err);

	if (fd < 0)
		fail_msg("%s", err.text);
	return fd;
}

static int option_of(int fd, const struct sock_option *option)
{
	int value = -1;

	assert_int_equal(sock_get(NULL, fd, option, &value, NULL), 0);
	return value;
}

static void a_server_of_each_kind(void **state)
{
	static const struct {
		const char *host;
		int type;
		unsigned flags;
		int reuseaddr, reuseport, broadcast, nonblock, listens;
	} rows[] = {
		{ "127.0.0.1", SOCK_DGRAM, 0, 0, 0, 0, 0, 0 },
		{ "127.0.0.1", SOCK_DGRAM, ENDPOINT_SHARED, 1, 1, 0, 0, 0 },
		{ "0.0.0.0", SOCK_DGRAM, ENDPOINT_BROADCAST | ENDPOINT_NONBLOCK, 0, 0, 1, 1, 0 },
		{ "127.0.0.1", SOCK_STREAM, 0, 1, 0, 0, 0, 1 },
		{ "0.0.0.0", SOCK_STREAM, ENDPOINT_NONBLOCK, 1, 0, 0, 1, 1 },
	};
	static const struct sock_option listening = { SOL_SOCKET, SO_ACCEPTCONN, "SOL_SOCKET", "SO_ACCEPTCONN" };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct address at = at_host(rows[i].host, 0), local;
		int fd = bind_to(&at, rows[i].type, rows[i].flags, &local);

		assert_int_not_equal(address_port(&local), 0);
		address_set_port(&at, address_port(&local));
		assert_true(address_equal(&at, &local));
		assert_int_equal(option_of(fd, &sock_reuseaddr), rows[i].reuseaddr);
		assert_int_equal(option_of(fd, &sock_reuseport), rows[i].reuseport);
		assert_int_equal(option_of(fd, &sock_broadcast), rows[i].broadcast);
		assert_int_equal(option_of(fd, &listening), rows[i].listens);
		assert_int_equal(!!(fcntl(fd, F_GETFL) & O_NONBLOCK), rows[i].nonblock);
		close(fd);
	}
}

static void a_tcp_server_is_told(void **state)
{
	struct told told = { 0 };
	struct narrator n = told_by(&told, false);
	struct address at = loopback(AF_INET, 0), local;
	struct error err = { "" };
	int fd = endpoint_bind(&n, &at, SOCK_STREAM, 0, &local, &err);

	(void)state;
	told_is(&told, 5,
		"socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, 0) = %d\n"
		"setsockopt(%d, SOL_SOCKET, SO_REUSEADDR, 1) = 0\n"
		"bind(%d, 127.0.0.1:0) = 0\n"
		"listen(%d, %d) = 0\n"
		"getsockname(%d, 127.0.0.1:%u) = 0\n", fd, fd, fd, fd, SOMAXCONN, fd, address_port(&local));
	close(fd);
}

/* Without its sentence no call would teach anything. */
static void each_call_has_its_reason(void **state)
{
	static const struct {
		int type;
		unsigned flags;
		unsigned calls;
		const char *says;
	} rows[] = {
		{ SOCK_DGRAM, 0, 2, "without SO_REUSEADDR" },
		{ SOCK_DGRAM, ENDPOINT_SHARED, 4, "with both we get on with either" },
		{ SOCK_DGRAM, ENDPOINT_BROADCAST, 3, "EACCES" },
		{ SOCK_DGRAM, ENDPOINT_PKTINFO, 3, "the answer leaves from there" },
		{ SOCK_STREAM, 0, 4, "TIME_WAIT" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct told told = { 0 };
		struct narrator n = told_by(&told, true);
		struct address at = loopback(AF_INET, 0), local;
		struct error err = { "" };
		unsigned sentences = 0;
		char *story;

		close(bind_to(&at, rows[i].type, 0, &local)); /* a port that is free */
		close(endpoint_bind(&n, &local, rows[i].type, rows[i].flags, NULL, &err));
		assert_int_equal(told.pieces, rows[i].calls);
		story = told_take(&told);
		assert_non_null(strstr(story, rows[i].says));
		for (const char *line = story; (line = strstr(line, "\n    ")); line++)
			sentences++;
		assert_int_equal(sentences, rows[i].calls);
		free(story);
	}
}

static void ipv6_leaves_ipv4_alone(void **state)
{
	static const int types[] = { SOCK_DGRAM, SOCK_STREAM };

	(void)state;
	ipv6_need();
	own_need(); /* where nobody else takes the port in between */
	for (size_t i = 0; i < COUNT(types); i++) {
		struct address any6 = at_host("::", 0), any4 = at_host("0.0.0.0", 0), local;
		int six = bind_to(&any6, types[i], 0, &local), four;

		address_set_port(&any4, address_port(&local));
		four = bind_to(&any4, types[i], 0, NULL);
		close(six);
		close(four);
	}
}

static void where_a_datagram_came_to(void **state)
{
	static const char *const hosts[] = { "127.0.0.1", "::1" }, *const any[] = { "0.0.0.0", "::" };

	(void)state;
	for (size_t i = 0; i < COUNT(hosts); i++) {
		struct address at = at_host(any[i], 0), local, to;
		_Alignas(struct cmsghdr) char control[128];
		struct msghdr message = { .msg_control = control, .msg_controllen = sizeof control };
		const struct cmsghdr *header;
		int server, client;

		if (i && !have_ipv6())
			break;
		server = bind_to(&at, SOCK_DGRAM, ENDPOINT_PKTINFO, &local);
		to = at_host(hosts[i], address_port(&local));
		at = at_host(hosts[i], 0);
		client = bind_to(&at, SOCK_DGRAM, 0, NULL);
		assert_int_equal(sock_sendto(NULL, client, "", 0, 0, &to, NULL), 0);
		assert_int_equal(sock_recvmsg(NULL, server, &message, 0, NULL), 0);
		header = CMSG_FIRSTHDR(&message);
		assert_non_null(header);
		assert_int_equal(header->cmsg_type, i ? IPV6_PKTINFO : IP_PKTINFO);
		close(server);
		close(client);
	}
}

/* The server closes first, so the connection's end stays with its port; a new server has it at once all the same. */
static void a_server_again_at_once(void **state)
{
	struct address at = loopback(AF_INET, 0), local;
	int server = bind_to(&at, SOCK_STREAM, 0, &local), client = sock_open(NULL, AF_INET, SOCK_STREAM, NULL), one;
	char octet;

	(void)state;
	assert_int_equal(sock_connect(NULL, client, &local, NULL), 0);
	one = sock_accept(NULL, server, NULL, 0, NULL);
	assert_int_equal(close(one), 0);
	assert_int_equal(sock_recv(NULL, client, &octet, 1, 0, NULL), 0);
	close(client);
	close(server);
	close(bind_to(&local, SOCK_STREAM, 0, NULL));
}

static void listeners_share_a_broadcast(void **state)
{
	struct address any = at_host("0.0.0.0", 0), local, to;
	int ears[3], mouth;
	char data[8];

	(void)state;
	own_need(); /* for the broadcast */
	ears[0] = bind_to(&any, SOCK_DGRAM, ENDPOINT_SHARED, &local);
	for (size_t i = 1; i < COUNT(ears); i++)
		ears[i] = bind_to(&local, SOCK_DGRAM, ENDPOINT_SHARED, NULL);
	to = at_host("127.255.255.255", address_port(&local));
	mouth = bind_to(&any, SOCK_DGRAM, 0, NULL);
	assert_int_equal(sock_sendto(NULL, mouth, "hear", 4, 0, &to, NULL), -1);
	assert_int_equal(errno, EACCES);
	close(mouth);
	mouth = bind_to(&any, SOCK_DGRAM, ENDPOINT_BROADCAST, NULL);
	assert_int_equal(sock_sendto(NULL, mouth, "hear", 4, 0, &to, NULL), 4);
	for (size_t i = 0; i < COUNT(ears); i++) {
		await(ears[i], POLLIN);
		assert_int_equal(sock_recv(NULL, ears[i], data, sizeof data, 0, NULL), 4);
		close(ears[i]);
	}
	close(mouth);
}

/* ------------------------------------------------------------------------------------------------ refusals */

static void a_port_in_use_names_who_has_it(void **state)
{
	static const struct {
		const char *held, *wanted;
		int type;
		unsigned flags;
		const char *what;
	} rows[] = {
		{ "127.0.0.1", "127.0.0.1", SOCK_DGRAM, 0, "udp" },
		{ "0.0.0.0", "127.0.0.1", SOCK_DGRAM, 0, "udp" },
		{ "127.0.0.1", "0.0.0.0", SOCK_DGRAM, 0, "udp" },
		{ "127.0.0.1", "127.0.0.1", SOCK_DGRAM, ENDPOINT_SHARED, "udp" },
		{ "127.0.0.1", "127.0.0.1", SOCK_STREAM, 0, "tcp" },
		{ "0.0.0.0", "0.0.0.0", SOCK_STREAM, 0, "tcp" },
	};
	char expected[512], text[ADDRESS_TEXT];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct address at = at_host(rows[i].held, 0), local;
		int fd = bind_to(&at, rows[i].type, 0, &local);
		struct error err = { "" };

		at = at_host(rows[i].wanted, address_port(&local));
		assert_int_equal(endpoint_bind(NULL, &at, rows[i].type, rows[i].flags, NULL, &err), -1);
		snprintf(expected, sizeof expected,
			 "%s %s: in use by %.15s (pid %d); stop it or choose another port with -p",
			 address_text(&at, text), rows[i].what, program_invocation_short_name, (int)getpid());
		assert_string_equal(err.text, expected);
		close(fd);
	}
}

static void an_address_that_is_not_here(void **state)
{
	struct told told = { 0 };
	struct narrator n = told_by(&told, false);
	struct address at = at_host("192.0.2.1", 5555);
	struct error err = { "" };
	char *story;

	(void)state;
	own_need();
	assert_int_equal(endpoint_bind(&n, &at, SOCK_DGRAM, 0, NULL, &err), -1);
	assert_string_equal(err.text, "192.0.2.1:5555 udp: this machine has no such address; 'ip address' lists those "
				      "it has");
	story = told_take(&told);
	assert_non_null(strstr(story, "192.0.2.1:5555) = -1 EADDRNOTAVAIL (Cannot assign requested address)\nclose("));
	free(story);
	if (!have_ipv6())
		return;
	at = at_host("fe80::1", 5555);
	assert_int_equal(endpoint_bind(NULL, &at, SOCK_STREAM, 0, NULL, &err), -1);
	assert_string_equal(err.text, "[fe80::1]:5555 tcp: cannot be bound; an address of one link needs its "
				      "interface, as in fe80::1%eth0");
}

static int port_80_is_refused(void *context)
{
	struct address at = loopback(AF_INET, 80);
	struct error err = { "" };

	(void)context;
	return endpoint_bind(NULL, &at, SOCK_STREAM, 0, NULL, &err) != -1 ||
	       strcmp(err.text, "127.0.0.1:80 tcp: ports below 1024 are for root; be root, or choose another with -p");
}

static void low_ports_are_for_root(void **state)
{
	(void)state;
	own_need(); /* where they are */
	as_nobody(port_80_is_refused, NULL);
}

struct taken {
	int fd;
	struct address local;
};

static int somebody_has_it(void *context)
{
	const struct taken *taken = context;
	struct error err = { "" };

	close(taken->fd);
	return endpoint_bind(NULL, &taken->local, SOCK_DGRAM, 0, NULL, &err) != -1 ||
	       !strstr(err.text, " udp: in use by a program that you may not see; be root, or choose another port "
				 "with -p");
}

static void a_port_that_others_hold(void **state)
{
	struct address at = loopback(AF_INET, 0);
	struct taken taken;

	(void)state;
	taken.fd = bind_to(&at, SOCK_DGRAM, 0, &taken.local);
	as_nobody(somebody_has_it, &taken);
	close(taken.fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_server_of_each_kind),
		cmocka_unit_test(a_tcp_server_is_told),
		cmocka_unit_test(each_call_has_its_reason),
		cmocka_unit_test(ipv6_leaves_ipv4_alone),
		cmocka_unit_test(where_a_datagram_came_to),
		cmocka_unit_test(a_server_again_at_once),
		cmocka_unit_test(listeners_share_a_broadcast),
		cmocka_unit_test(a_port_in_use_names_who_has_it),
		cmocka_unit_test(an_address_that_is_not_here),
		cmocka_unit_test(low_ports_are_for_root),
		cmocka_unit_test(a_port_that_others_hold),
	};

	return cmocka_run_group_tests_name("net/endpoint", tests, own_network, NULL);
}
