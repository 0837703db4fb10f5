/* SPDX-License-Identifier: BSD-2-Clause */
/* What is no socket of TCP or UDP, and what is told on request only. */
#include "tabling.h"

#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/tcp.h>
#include <stddef.h>
#include <sys/un.h>

/* ------------------------------------------------------------------------------------------------ unix */

static int unix_bound(int type, const void *name, size_t length)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

	memcpy(at.sun_path, name, length);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length)),
			 0);
	return fd;
}

static void names(void **state)
{
	static const struct {
		const char *name;
		size_t length;
		const char *told, *in_proc;
	} rows[] = {
		{ "\0plain", 6, "@plain", "@plain" },
		{ "\0a\0b", 4, "@a@b", "@a@b" },
		{ "\0\033[31m red", 10, "@\033[31m red", "@\033[31m red" },
		{ "\0two\nlines", 10, "@two\nlines", "@two" },
		{ "a path", 7, "a path", "a path" },
		{ "\xff\x01path", 7, "\xff\x01path", "\xff\x01path" },
	};
	char folder[] = "/tmp/socktableXXXXXX";

	(void)state;
	own_need();
	assert_non_null(mkdtemp(folder));
	assert_int_equal(chdir(folder), 0);
	for (size_t i = 0; i < COUNT(rows); i++) {
		int fd = unix_bound(SOCK_DGRAM, rows[i].name, rows[i].length);
		struct socktable table = { 0 };

		table_read(&table, &(struct socktable_request){ .kinds = 1 << SOCKET_UNIX });
		assert_string_equal(table_of(&table, fd)->name, rows[i].told);
		table_read(&table, &(struct socktable_request){ .kinds = 1 << SOCKET_UNIX, .from_proc = true });
		assert_string_equal(table_of(&table, fd)->name, rows[i].in_proc);
		socktable_release(&table);
		close(fd);
		if (rows[i].name[0])
			unlink(rows[i].name);
	}
	assert_int_equal(chdir("/"), 0);
	assert_int_equal(rmdir(folder), 0);
}

static void pairs(void **state)
{
	static const int types[] = { SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET };

	(void)state;
	own_need();
	for (size_t i = 0; i < 2 * COUNT(types); i++) {
		struct socktable table = { 0 };
		const struct socket *found;
		bool proc = i & 1;
		int fds[2];

		assert_int_equal(socketpair(AF_UNIX, types[i / 2] | SOCK_CLOEXEC, 0, fds), 0);
		assert_int_equal(send(fds[0], "abc", 3, 0), 3);
		table_read(&table, &(struct socktable_request){ .kinds = 1 << SOCKET_UNIX, .from_proc = proc });
		found = table_of(&table, fds[1]);
		assert_non_null(found);
		assert_int_equal(found->kind, SOCKET_UNIX);
		assert_int_equal(found->type, types[i / 2]);
		assert_int_equal(found->state, SOCKET_ESTABLISHED);
		assert_null(found->name);
		assert_int_equal(found->peer_inode, proc ? 0 : inode_of(fds[0]));
		assert_int_equal(found->receive_queue, proc ? 0 : 3);
		assert_int_equal(found->has_uid, !proc);
		assert_int_equal(found->cookie != 0, !proc);
		socktable_release(&table);
		close(fds[0]);
		close(fds[1]);
	}
}

static void a_listener_of_unix(void **state)
{
	int fd = unix_bound(SOCK_STREAM, "\0waits", 6);
	struct socktable table = { 0 };

	(void)state;
	own_need();
	assert_int_equal(listen(fd, 7), 0);
	for (int proc = 0; proc < 2; proc++) {
		table_read(&table, &(struct socktable_request){ .kinds = 1 << SOCKET_UNIX, .from_proc = proc });
		assert_int_equal(table_of(&table, fd)->state, SOCKET_LISTEN);
		assert_int_equal(table_of(&table, fd)->send_queue, proc ? 0 : 7);
	}
	socktable_release(&table);
	close(fd);
}

/* ------------------------------------------------------------------------------------------------ packet, raw */

static void sockets_of_packets(void **state)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IPV6) };
	struct socktable table = { 0 };
	int raw, cooked;

	(void)state;
	own_need();
	raw = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_ALL));
	cooked = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	at.sll_ifindex = (int)if_nametoindex("lo");
	assert_int_equal(bind(cooked, (struct sockaddr *)&at, sizeof at), 0);
	for (int proc = 0; proc < 2; proc++) {
		table_read(&table, &(struct socktable_request){ .kinds = 1 << SOCKET_PACKET, .from_proc = proc });
		assert_int_equal(table.count, 2);
		assert_int_equal(table_of(&table, raw)->type, SOCK_RAW);
		assert_int_equal(table_of(&table, raw)->protocol, ETH_P_ALL);
		assert_int_equal(table_of(&table, raw)->interface, 0);
		assert_int_equal(table_of(&table, cooked)->type, SOCK_DGRAM);
		assert_int_equal(table_of(&table, cooked)->protocol, ETH_P_IPV6);
		assert_int_equal(table_of(&table, cooked)->interface, at.sll_ifindex);
		assert_int_equal(table_of(&table, cooked)->state, SOCKET_CLOSE);
		assert_true(table_of(&table, cooked)->has_uid);
	}
	socktable_release(&table);
	close(raw);
	close(cooked);
}

/* Whether sock_diag tells them depends on a module; /proc/net does always. */
static void raw_sockets(void **state)
{
	struct address to = numbered("127.0.0.1", 0);
	struct socktable table = { 0 };
	int four, six;

	(void)state;
	own_need();
	ipv6_need();
	four = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
	six = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, 89);
	assert_int_equal(connect(four, (struct sockaddr *)&to.storage, to.length), 0);
	for (int proc = 0; proc < 2; proc++) {
		const struct socket *found;

		table_read(&table, &(struct socktable_request){ .kinds = 1 << SOCKET_RAW, .from_proc = proc });
		assert_int_equal(table.count, 2);
		found = table_of(&table, four);
		assert_int_equal(found->source == FROM_PROC, table.from_proc != 0);
		assert_int_equal(found->protocol, IPPROTO_ICMP);
		assert_int_equal(found->state, SOCKET_ESTABLISHED);
		assert_true(address_equal(&found->remote, &to));
		found = table_of(&table, six);
		assert_int_equal(found->family, AF_INET6);
		assert_int_equal(found->protocol, 89);
		assert_int_equal(found->state, SOCKET_CLOSE);
		assert_true(address_is_any(&found->local));
		assert_int_equal(found->remote.length, 0);
	}
	socktable_release(&table);
	close(four);
	close(six);
}

/* ------------------------------------------------------------------------------------------------ on request */

static void on_request_only(void **state)
{
	int listener = listening(AF_INET6, "::1", 7300, true), size = 40000, tos = 0x20, mark = 77;
	int client = connected(AF_INET6, SOCK_STREAM, "::1", 7300), server = accept(listener, NULL, NULL);
	struct socktable table = { 0 };
	const struct socket *found;

	(void)state;
	own_need();
	ipv6_need();
	assert_int_equal(setsockopt(server, SOL_SOCKET, SO_RCVBUF, &size, sizeof size), 0);
	assert_int_equal(setsockopt(server, IPPROTO_IPV6, IPV6_TCLASS, &tos, sizeof tos), 0);
	assert_int_equal(setsockopt(server, SOL_SOCKET, SO_MARK, &mark, sizeof mark), 0);
	assert_int_equal(setsockopt(server, IPPROTO_TCP, TCP_CONGESTION, "reno", 4), 0);
	assert_int_equal(send(client, "abcde", 5, 0), 5);
	shutdown(server, SHUT_RD);
	table_read(&table, &(struct socktable_request){ .kinds = 1 << SOCKET_TCP });
	found = table_of(&table, server);
	assert_false(found->has_memory || found->has_class);
	assert_null(found->info);
	assert_null(found->congestion);
	assert_int_equal(found->shutdown, 1);
	table_read(&table, &(struct socktable_request){ .wants = WANT_MEMORY | WANT_INFO | WANT_CLASS | WANT_CGROUP });
	found = table_of(&table, server);
	assert_true(found->has_memory);
	assert_int_equal(found->memory.receive_most, 80000);
	assert_non_null(found->info);
	assert_int_equal(found->info->tcpi_bytes_received, 5);
	assert_int_equal(found->info->tcpi_state, SOCKET_ESTABLISHED);
	assert_string_equal(found->congestion, "reno");
	assert_true(found->has_class);
	assert_int_equal(found->traffic_class, 0x20);
	assert_true(found->has_mark);
	assert_int_equal(found->mark, 77);
	socktable_release(&table);
	close(client);
	close(server);
	close(listener);
}

static void names_of_states(void **state)
{
	(void)state;
	assert_string_equal(socket_state_ss(SOCKET_ESTABLISHED), "ESTAB");
	assert_string_equal(socket_state_ss(SOCKET_FIN_WAIT1), "FIN-WAIT-1");
	assert_string_equal(socket_state_ss(SOCKET_CLOSE), "UNCONN");
	assert_string_equal(socket_state_netstat(SOCKET_FIN_WAIT2), "FIN_WAIT2");
	assert_string_equal(socket_state_netstat(SOCKET_NEW_SYN_RECV), "SYN_RECV");
	assert_string_equal(socket_state_netstat((enum socket_state)99), "UNKNOWN");
	assert_string_equal(socket_kind_name(SOCKET_PACKET), "packet");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(pairs),
		cmocka_unit_test(a_listener_of_unix),
		cmocka_unit_test(sockets_of_packets),
		cmocka_unit_test(raw_sockets),
		cmocka_unit_test(on_request_only),
		cmocka_unit_test(names_of_states),
	};

	return cmocka_run_group_tests_name("sockets/socktable_kinds", tests, own_network, NULL);
}
