/* SPDX-License-Identifier: BSD-2-Clause */
/* Which process holds a port. */
#include "../net/own.h"
#include "holding.h"

#include "net/endpoint.h"
#include "sockets/port.h"

static int hold(const char *host, int family, int type, struct address *local)
{
	struct addresses at;
	struct error err = { "" };
	int fd = -1;

	if (!endpoint_resolve(NULL, host, "0", family, type, &at, &err))
		fd = endpoint_bind(NULL, &at.list[0], type, 0, local, &err);
	if (fd < 0)
		fail_msg("%s", err.text);
	addresses_release(&at);
	return fd;
}

static void the_address_and_what_conflicts(void **state)
{
	static const struct {
		const char *held;
		int type;
		const char *asked;
		int asked_type;
		bool found;
	} rows[] = {
		{ "127.0.0.1", SOCK_DGRAM, "127.0.0.1", SOCK_DGRAM, true },
		{ "127.0.0.1", SOCK_STREAM, "127.0.0.1", SOCK_STREAM, true },
		{ "127.0.0.1", SOCK_DGRAM, "0.0.0.0", SOCK_DGRAM, true },
		{ "0.0.0.0", SOCK_DGRAM, "127.0.0.1", SOCK_DGRAM, true },
		{ "127.0.0.1", SOCK_DGRAM, "127.0.0.2", SOCK_DGRAM, false },
		{ "127.0.0.1", SOCK_DGRAM, "127.0.0.1", SOCK_STREAM, false },
		{ "127.0.0.1", SOCK_STREAM, "127.0.0.1", SOCK_DGRAM, false },
		{ "::1", SOCK_DGRAM, "::1", SOCK_DGRAM, true },
		{ "::1", SOCK_STREAM, "::", SOCK_STREAM, true },
		{ "::", SOCK_STREAM, "127.0.0.1", SOCK_STREAM, true },
		{ "::1", SOCK_DGRAM, "127.0.0.1", SOCK_DGRAM, false },
	};

	(void)state;
	own_need();
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct address local, asked;
		struct port_holder owner = { .pid = 1 };
		int fd;

		if (strchr(rows[i].held, ':') && !have_ipv6())
			continue;
		fd = hold(rows[i].held, AF_UNSPEC, rows[i].type, &local);
		asked = at_host(rows[i].asked, address_port(&local));
		if (port_holder(&asked, rows[i].asked_type, &owner) != rows[i].found)
			fail_msg("%s is held, %s asked for", rows[i].held, rows[i].asked);
		assert_int_equal(owner.pid, rows[i].found ? getpid() : 0);
		close(fd);
		assert_false(port_holder(&local, rows[i].type, &owner));
	}
}

/* Holds the socket alone, under a name of its own. */
static struct kept_child holder(int fd, const char *name)
{
	struct kept_child child = child_new(name, NULL);

	close(fd);
	return child;
}

static void another_process_by_its_name(void **state)
{
	static const char *const names[] = { "date-server", "a b) (c", "\033[31mred", "fifteen letters" };

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		struct address local;
		int fd = hold("127.0.0.1", AF_INET, SOCK_STREAM, &local);
		struct kept_child child = holder(fd, names[i]);
		struct port_holder owner;

		assert_true(port_holder(&local, SOCK_STREAM, &owner));
		assert_int_equal(owner.pid, child.pid);
		assert_string_equal(owner.name, names[i]);
		child_end(&child);
	}
}

/* The port of a connection is taken as well, but who listens there is the better answer. */
static void a_listener_before_a_connection(void **state)
{
	struct address local, client_at;
	int server = hold("127.0.0.1", AF_INET, SOCK_STREAM, &local);
	int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one;
	struct port_holder owner;
	struct kept_child child;

	(void)state;
	assert_int_equal(sock_connect(NULL, client, &local, NULL), 0);
	assert_int_equal(sock_name(NULL, client, &client_at, NULL), 0);
	assert_true(port_holder(&client_at, SOCK_STREAM, &owner));
	assert_int_equal(owner.pid, getpid());
	one = accept(server, NULL, NULL);
	assert_true(one >= 0);
	child = holder(server, "listener");
	/* The child has all three sockets; here only those of the connection are left. */
	assert_true(port_holder(&local, SOCK_STREAM, &owner));
	assert_int_equal(owner.pid, child.pid);
	assert_string_equal(owner.name, "listener");
	child_end(&child);
	close(one);
	close(client);
}

struct held {
	int fd;
	struct address local;
};

static int sees_nothing(void *context)
{
	const struct held *held = context;
	struct port_holder owner;

	close(held->fd); /* else the child itself holds it */
	return port_holder(&held->local, SOCK_DGRAM, &owner) || owner.pid || owner.name[0];
}

static void who_may_not_look_sees_nothing(void **state)
{
	struct held held;

	(void)state;
	held.fd = hold("127.0.0.1", AF_INET, SOCK_DGRAM, &held.local);
	as_nobody(sees_nothing, &held);
	close(held.fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_address_and_what_conflicts),
		cmocka_unit_test(another_process_by_its_name),
		cmocka_unit_test(a_listener_before_a_connection),
		cmocka_unit_test(who_may_not_look_sees_nothing),
	};

	return cmocka_run_group_tests_name("sockets/port", tests, own_network, NULL);
}
