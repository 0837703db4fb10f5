/* SPDX-License-Identifier: BSD-2-Clause */
/* One socket asked for by its ends, and other namespaces. */
#include <signal.h>

#include "tabling.h"

static struct socktable table;

static int find(enum socket_kind kind, const struct address *local, const struct address *remote, struct socket *out)
{
	struct error err = { "" };
	int found = socktable_find(&table, kind, local, remote, out, &err);

	if (found < 0)
		fail_msg("%s", err.text);
	return found;
}

/* Asked for with addresses written out; found is the descriptor, -1: none. */
static void finds(enum socket_kind kind, const char *local, uint16_t port, const char *remote, uint16_t remote_port,
		  int fd)
{
	struct address from = numbered(local, port), to = numbered(remote, remote_port);
	struct socket out;
	int found = find(kind, &from, &to, &out);

	if (found != (fd >= 0) || (found && out.inode != inode_of(fd)))
		fail_msg("%s port %d, from %s port %d: %s", local, port, remote, remote_port,
			 found ? "found" : "not found");
	if (found)
		assert_int_equal(out.kind, kind);
}

static void a_connection_before_its_listener(void **state)
{
	int listener = listening(AF_INET6, "::", 7200, false);
	int client = connected(AF_INET, SOCK_STREAM, "127.0.0.1", 7200), server = accept(listener, NULL, NULL);
	uint16_t port;
	struct address name = name_of(client);

	(void)state;
	own_need();
	port = address_port(&name);
	finds(SOCKET_TCP, "127.0.0.1", port, "127.0.0.1", 7200, client);
	finds(SOCKET_TCP, "::ffff:127.0.0.1", port, "::ffff:127.0.0.1", 7200, client);
	finds(SOCKET_TCP, "127.0.0.1", 7200, "127.0.0.1", port, server);
	finds(SOCKET_TCP, "::ffff:127.0.0.1", 7200, "127.0.0.1", port, server);
	finds(SOCKET_TCP, "127.0.0.1", 7200, "127.0.0.1", 9, listener);
	finds(SOCKET_TCP, "::1", 7200, "::1", 9, listener);
	finds(SOCKET_TCP, "127.0.0.1", 7201, "127.0.0.1", 9, -1);
	finds(SOCKET_UDP, "127.0.0.1", 7200, "127.0.0.1", port, -1);
	finds(SOCKET_TCP, "127.0.0.1", port, "127.0.0.1", 7201, -1);
	close(client);
	close(server);
	close(listener);
}

static void datagrams(void **state)
{
	int any = bound_to(AF_INET6, SOCK_DGRAM, "::", 7210, false);
	int four = bound_to(AF_INET, SOCK_DGRAM, "0.0.0.0", 7211, false);
	int six = bound_to(AF_INET6, SOCK_DGRAM, "::", 7211, true);
	int client = connected(AF_INET, SOCK_DGRAM, "127.0.0.1", 7211);
	uint16_t port;
	struct address name = name_of(client);

	(void)state;
	own_need();
	port = address_port(&name);
	finds(SOCKET_UDP, "127.0.0.1", 7210, "127.0.0.1", 9, any);
	finds(SOCKET_UDP, "::1", 7210, "::1", 9, any);
	finds(SOCKET_UDP, "127.0.0.1", 7211, "127.0.0.1", port, four);
	finds(SOCKET_UDP, "::1", 7211, "::1", port, six);
	finds(SOCKET_UDP, "127.0.0.1", port, "127.0.0.1", 7211, client);
	/* It is connected to another. */
	finds(SOCKET_UDP, "127.0.0.1", port, "127.0.0.1", 7210, -1);
	finds(SOCKET_UDP, "127.0.0.1", 7212, "127.0.0.1", port, -1);
	close(client);
	close(four);
	close(six);
	close(any);
	finds(SOCKET_UDP, "127.0.0.1", 7211, "127.0.0.1", port, -1);
}

static void with_anybody(void **state)
{
	int four = bound_to(AF_INET, SOCK_DGRAM, "127.0.0.1", 7220, false);
	struct address local = numbered("127.0.0.1", 7220), none = { 0 };
	struct socket out;

	(void)state;
	own_need();
	assert_int_equal(find(SOCKET_UDP, &local, &none, &out), 1);
	assert_int_equal(out.inode, inode_of(four));
	assert_int_equal(find(SOCKET_UDP, &none, &local, &out), 0);
	close(four);
}

static void of_two_families_there_is_none(void **state)
{
	int any = bound_to(AF_INET6, SOCK_DGRAM, "::", 7230, false);

	(void)state;
	own_need();
	finds(SOCKET_UDP, "127.0.0.1", 7230, "::1", 9, -1);
	close(any);
}

/* ------------------------------------------------------------------------------------------------ namespaces */

static void another_namespace(void **state)
{
	char path[64], number[16];
	int here, fd;
	struct socktable other = { 0 };
	struct error err = { "" };
	pid_t child;
	int ready[2];
	char octet;

	(void)state;
	own_need();
	here = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	child = fork();
	if (!child) {
		if (unshare(CLONE_NEWNET) < 0)
			_exit(1);
		fd = listening(AF_INET, "0.0.0.0", 7240, false);
		if (fd < 0 || write(ready[1], "", 1) != 1)
			_exit(1);
		pause();
	}
	assert_int_equal(read(ready[0], &octet, 1), 1);
	snprintf(path, sizeof path, "/proc/%d/ns/net", (int)child);
	snprintf(number, sizeof number, "%d", (int)child);
	for (int way = 0; way < 4; way++) {
		assert_int_equal(socktable_enter(way & 1 ? path : number, &err), 0);
		table_read(&other, &(struct socktable_request){ .kinds = 1 << SOCKET_TCP, .from_proc = way & 2 });
		assert_int_equal(setns(here, CLONE_NEWNET), 0);
		assert_int_equal(other.count, 1);
		assert_int_equal(address_port(&other.list[0].local), 7240);
		socktable_release(&other);
	}
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, NULL, 0), child);
	close(here);
	close(ready[0]);
	close(ready[1]);
}

static void no_namespace(void **state)
{
	static const struct {
		const char *name, *says;
	} rows[] = {
		{ "none such",
		  "none such: no network namespace has this name; `ip netns list` shows those that have one" },
		{ "4194999", "4194999: no process has this id, and no network namespace this name" },
		{ "/none/such", "the network namespace /none/such: No such file or directory" },
		{ "/proc/self/ns/uts", "/proc/self/ns/uts: this is no network namespace" },
		{ "/dev/null", "/dev/null: this is no network namespace" },
	};

	(void)state;
	own_need();
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct error err = { "" };

		assert_int_equal(socktable_enter(rows[i].name, &err), -1);
		assert_string_equal(err.text, rows[i].says);
	}
}

static int cannot_enter(void *context)
{
	struct error err = { "" };

	(void)context;
	return socktable_enter("/proc/self/ns/net", &err) != -1 || !strstr(err.text, "needs CAP_SYS_ADMIN");
}

static void without_rights(void **state)
{
	(void)state;
	as_nobody(cannot_enter, NULL);
}

static int teardown(void **state)
{
	(void)state;
	socktable_release(&table);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_connection_before_its_listener),
		cmocka_unit_test(datagrams),
		cmocka_unit_test(with_anybody),
		cmocka_unit_test(of_two_families_there_is_none),
		cmocka_unit_test(another_namespace),
		cmocka_unit_test(no_namespace),
		cmocka_unit_test(without_rights),
	};

	return cmocka_run_group_tests_name("sockets/socktable_find", tests, own_network, teardown);
}
