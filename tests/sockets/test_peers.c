/* SPDX-License-Identifier: BSD-2-Clause */
/* The other end of a connection: of sockets that are made, and of tables that are made up. */
#include "tabling.h"

#include "sockets/peers.h"

static size_t index_of(const struct socktable *table, int fd)
{
	const struct socket *found = table_of(table, fd);

	assert_non_null(found);
	return (size_t)(found - table->list);
}

/* Reads the table and looks whether these two are each other's ends (other -1: it has none). */
static void is_peer(int one, int other)
{
	struct socktable table = { 0 };
	struct socktable_request request = { 0 };
	struct peers peers = { 0 };

	table_read(&table, &request);
	peers_build(&peers, &table);
	if (other < 0) {
		assert_true(peers_of(&peers, index_of(&table, one)) == PEERS_NONE);
	} else {
		assert_int_equal(peers_of(&peers, index_of(&table, one)), index_of(&table, other));
		assert_int_equal(peers_of(&peers, index_of(&table, other)), index_of(&table, one));
	}
	peers_release(&peers);
	socktable_release(&table);
}

static int open_at(const char *host, int type, struct address *local)
{
	struct address at = at_host(host, 0);
	int fd = socket(at.storage.ss_family, type | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&at.storage, at.length), 0);
	assert_int_equal(sock_name(NULL, fd, local, NULL), 0);
	return fd;
}

static void a_connection_of_tcp(void **state)
{
	static const struct {
		const char *listens, *to;
	} rows[] = {
		{ "127.0.0.1", "127.0.0.1" }, { "::1", "::1" }, { "::", "127.0.0.1" }, { "0.0.0.0", "127.0.0.1" }
	};

	(void)state;
	own_need();
	ipv6_need();
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct address at, to;
		int server = open_at(rows[i].listens, SOCK_STREAM, &at), client, one;

		assert_int_equal(listen(server, 5), 0);
		to = at_host(rows[i].to, address_port(&at));
		client = socket(to.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
		assert_int_equal(connect(client, (struct sockaddr *)&to.storage, to.length), 0);
		one = accept(server, NULL, NULL);
		is_peer(client, one);
		is_peer(server, -1);
		close(server);
		close(client);
		close(one);
	}
}

static void datagrams_when_both_are_connected(void **state)
{
	struct address a_at, b_at;
	int a = open_at("127.0.0.1", SOCK_DGRAM, &a_at), b = open_at("127.0.0.1", SOCK_DGRAM, &b_at);

	(void)state;
	own_need();
	is_peer(a, -1);
	assert_int_equal(connect(a, (struct sockaddr *)&b_at.storage, b_at.length), 0);
	is_peer(a, -1);
	assert_int_equal(connect(b, (struct sockaddr *)&a_at.storage, a_at.length), 0);
	is_peer(a, b);
	close(a);
	close(b);
}

static void a_pair_of_unix(void **state)
{
	int pair[2], alone = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	is_peer(pair[0], pair[1]);
	is_peer(alone, -1);
	close(pair[0]);
	close(pair[1]);
	close(alone);
}

/* ------------------------------------------------------------------------------------------------ made up */

static struct socket made(enum socket_kind kind, uint64_t inode, const char *local, uint16_t local_port,
			  const char *remote, uint16_t remote_port)
{
	return (struct socket){ .kind = kind,
				.inode = inode,
				.cookie = inode,
				.family = AF_INET,
				.local = at_host(local, local_port),
				.remote = at_host(remote, remote_port) };
}

static void who_may_be_anybody_is_nobody(void **state)
{
	struct socket list[] = { made(SOCKET_UDP, 1, "127.0.0.1", 10, "127.0.0.1", 20),
				 made(SOCKET_UDP, 2, "127.0.0.1", 20, "127.0.0.1", 10),
				 made(SOCKET_UDP, 3, "127.0.0.1", 20, "127.0.0.1", 10) };
	struct socktable table = { .list = list, .count = COUNT(list) };
	struct peers peers = { 0 };

	(void)state;
	peers_build(&peers, &table);
	assert_true(peers_of(&peers, 0) == PEERS_NONE);
	assert_int_equal(peers_of(&peers, 1), 0);
	assert_int_equal(peers_of(&peers, 2), 0);
	list[2].cookie = list[2].inode = 2; /* one and the same, told twice */
	assert_true(peers_of(&peers, 0) != PEERS_NONE);
	list[2].kind = SOCKET_TCP;
	peers_build(&peers, &table);
	assert_int_equal(peers_of(&peers, 0), 1);
	assert_true(peers_of(&peers, 2) == PEERS_NONE);
	peers_release(&peers);
}

/* A socket that is connected to itself is its own peer; many of them are found as fast as one. */
static void itself_and_many(void **state)
{
	enum { MANY = 20000 };
	struct socket *list = calloc(MANY, sizeof *list);
	struct socktable table = { .list = list, .count = MANY };
	struct peers peers = { 0 };

	(void)state;
	for (unsigned i = 0; i < MANY; i += 2) {
		list[i] = made(SOCKET_TCP, i + 1, "127.0.0.1", (uint16_t)(i + 1), "127.0.0.2", 80);
		list[i + 1] = made(SOCKET_TCP, i + 2, "127.0.0.2", 80, "127.0.0.1", (uint16_t)(i + 1));
	}
	list[0] = made(SOCKET_TCP, 1, "127.0.0.1", 7, "127.0.0.1", 7);
	peers_build(&peers, &table);
	assert_int_equal(peers_of(&peers, 0), 0);
	for (size_t i = 2; i < MANY; i++)
		assert_int_equal(peers_of(&peers, i), i ^ 1);
	peers_release(&peers);
	free(list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_connection_of_tcp), cmocka_unit_test(datagrams_when_both_are_connected),
		cmocka_unit_test(a_pair_of_unix),      cmocka_unit_test(who_may_be_anybody_is_nobody),
		cmocka_unit_test(itself_and_many),
	};

	return cmocka_run_group_tests_name("sockets/peers", tests, own_network, NULL);
}
