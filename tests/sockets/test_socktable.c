/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of TCP and UDP beside what the test did with its sockets. */
#include "stranger.h"

static const struct socktable_request ip = { .kinds = 1 << SOCKET_TCP | 1 << SOCKET_UDP };

/* ------------------------------------------------------------------------------------------------ states */

static enum socket_state state_of(const struct stranger *s)
{
	struct address local = numbered(OURS, s->ours), remote = numbered(STRANGER, s->port);
	struct socktable table = { 0 }, again = { 0 };
	const struct socktable_request proc = { .kinds = ip.kinds, .from_proc = true };
	const struct socket *socket, *other;
	enum socket_state state;

	table_read(&table, &ip);
	table_read(&again, &proc);
	socket = table_between(&table, &local, &remote);
	other = table_between(&again, &local, &remote);
	assert_non_null(socket);
	assert_non_null(other);
	assert_int_equal(socket->source, FROM_DIAG);
	assert_int_equal(other->source, FROM_PROC);
	assert_int_equal(socket->state, other->state);
	assert_int_equal(socket->inode, other->inode);
	assert_int_equal(socket->timer, other->timer);
	state = socket->state;
	socktable_release(&table);
	socktable_release(&again);
	return state;
}

static void we_close_first(void **state)
{
	int listener = listening(AF_INET, "0.0.0.0", 7100, false), fd;
	struct stranger s = stranger_new(1, 7100);

	(void)state;
	stranger_say(&s, TH_SYN);
	stranger_hear(&s, TH_SYN | TH_ACK);
	assert_int_equal(state_of(&s), SOCKET_SYN_RECV);
	stranger_say(&s, TH_ACK);
	fd = accept(listener, NULL, NULL);
	assert_int_equal(state_of(&s), SOCKET_ESTABLISHED);
	shutdown(fd, SHUT_WR);
	stranger_hear(&s, TH_FIN);
	assert_int_equal(state_of(&s), SOCKET_FIN_WAIT1);
	stranger_say(&s, TH_ACK);
	assert_int_equal(state_of(&s), SOCKET_FIN_WAIT2);
	stranger_say(&s, TH_FIN | TH_ACK);
	assert_int_equal(state_of(&s), SOCKET_TIME_WAIT);
	close(fd);
	close(listener);
	close(s.fd);
}

static void they_close_first(void **state)
{
	int listener = listening(AF_INET, "0.0.0.0", 7101, false), fd;
	struct stranger s = stranger_new(2, 7101);

	(void)state;
	fd = stranger_connect(&s, listener);
	stranger_say(&s, TH_FIN | TH_ACK);
	assert_int_equal(state_of(&s), SOCKET_CLOSE_WAIT);
	shutdown(fd, SHUT_WR);
	stranger_hear(&s, TH_FIN);
	assert_int_equal(state_of(&s), SOCKET_LAST_ACK);
	close(fd);
	close(listener);
	close(s.fd);
}

static void both_close_at_once(void **state)
{
	int listener = listening(AF_INET, "0.0.0.0", 7102, false), fd;
	struct stranger s = stranger_new(3, 7102);

	(void)state;
	fd = stranger_connect(&s, listener);
	shutdown(fd, SHUT_WR);
	stranger_hear(&s, TH_FIN);
	s.got--;
	stranger_say(&s, TH_FIN | TH_ACK);
	assert_int_equal(state_of(&s), SOCKET_CLOSING);
	close(fd);
	close(listener);
	close(s.fd);
}

/* Nobody answers: the address is of a network that ends here. */
static void nobody_answers(void **state)
{
	struct address to = numbered(STRANGER, 4);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct socktable table = { 0 };
	const struct socket *found;

	(void)state;
	stranger_need();
	assert_int_equal(connect(fd, (struct sockaddr *)&to.storage, to.length), -1);
	assert_int_equal(errno, EINPROGRESS);
	table_read(&table, &ip);
	found = table_of(&table, fd);
	assert_non_null(found);
	assert_int_equal(found->state, SOCKET_SYN_SENT);
	assert_int_equal(found->timer, TIMER_ON);
	assert_in_range(found->expires, 0, 60000);
	assert_true(address_equal(&found->remote, &to));
	socktable_release(&table);
	close(fd);
}

/* ------------------------------------------------------------------------------------------------ queues */

static void what_waits(void **state)
{
	int listener = listening(AF_INET, "0.0.0.0", 7103, false), fd, one, two;
	struct stranger s = stranger_new(5, 7103);
	struct socktable table = { 0 };
	const struct socket *found;

	(void)state;
	fd = stranger_connect(&s, listener);
	assert_int_equal(send(fd, "sieben.", 7, 0), 7);
	one = connected(AF_INET, SOCK_STREAM, "127.0.0.1", 7103);
	assert_int_equal(send(one, "abc", 3, 0), 3);
	two = connected(AF_INET, SOCK_STREAM, "127.0.0.1", 7103);
	table_read(&table, &ip);
	found = table_of(&table, listener);
	assert_non_null(found);
	assert_int_equal(found->state, SOCKET_LISTEN);
	assert_int_equal(found->receive_queue, 2);
	assert_int_equal(found->send_queue, 5);
	assert_int_equal(found->remote.length, 0);
	found = table_of(&table, fd);
	assert_int_equal(found->send_queue, 7);
	assert_int_equal(found->receive_queue, 0);
	assert_true(found->has_uid);
	assert_int_equal(found->uid, getuid());
	assert_true(found->cookie != 0);
	/* Nobody has accepted it, so nobody holds it. */
	found = table_between(&table, &table_of(&table, one)->remote, &table_of(&table, one)->local);
	assert_non_null(found);
	assert_int_equal(found->receive_queue, 3);
	assert_int_equal(found->inode, 0);
	assert_false(found->has_uid);
	socktable_release(&table);
	close(one);
	close(two);
	close(fd);
	close(listener);
	close(s.fd);
}

static void datagrams_wait(void **state)
{
	int ear = bound_to(AF_INET, SOCK_DGRAM, "127.0.0.1", 7104, false);
	int mouth = connected(AF_INET, SOCK_DGRAM, "127.0.0.1", 7104);
	struct socktable table = { 0 };

	(void)state;
	own_need();
	assert_int_equal(send(mouth, "abc", 3, 0), 3);
	table_read(&table, &ip);
	assert_int_equal(table_of(&table, ear)->state, SOCKET_CLOSE);
	assert_int_equal(table_of(&table, ear)->type, SOCK_DGRAM);
	assert_true(table_of(&table, ear)->receive_queue > 3);
	assert_int_equal(table_of(&table, mouth)->state, SOCKET_ESTABLISHED);
	assert_int_equal(address_port(&table_of(&table, mouth)->remote), 7104);
	socktable_release(&table);
	close(ear);
	close(mouth);
}

/* ------------------------------------------------------------------------------------------------ families */

static void what_they_serve(void **state)
{
	static const struct {
		int family;
		const char *host;
		bool v6only, serves4, serves6;
	} rows[] = {
		{ AF_INET, "0.0.0.0", false, true, false },
		{ AF_INET, "127.0.0.1", false, true, false },
		{ AF_INET6, "::", false, true, true },
		{ AF_INET6, "::", true, false, true },
		{ AF_INET6, "::1", true, false, true },
		/* bind() makes it so */ { AF_INET6, "::ffff:127.0.0.1", false, true, false },
	};

	(void)state;
	own_need();
	ipv6_need();
	for (int type = SOCK_STREAM; type <= SOCK_DGRAM; type++) {
		for (size_t i = 0; i < COUNT(rows); i++) {
			int fd = bound_to(rows[i].family, type, rows[i].host, 7105, rows[i].v6only);
			struct socktable table = { 0 };
			const struct socket *found;

			if (type == SOCK_STREAM)
				assert_int_equal(listen(fd, 1), 0);
			table_read(&table, &ip);
			found = table_of(&table, fd);
			assert_non_null(found);
			assert_int_equal(found->family, rows[i].family);
			assert_int_equal(found->has_v6only, rows[i].family == AF_INET6);
			assert_int_equal(found->v6only, rows[i].v6only);
			assert_int_equal(socket_serves(found, AF_INET), rows[i].serves4);
			assert_int_equal(socket_serves(found, AF_INET6), rows[i].serves6);
			socktable_release(&table);
			close(fd);
		}
	}
}

static void an_address_of_a_link_has_its_interface(void **state)
{
	struct address at = numbered("fe80::1", 7106);
	struct socktable table = { 0 };
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	(void)state;
	own_need();
	ipv6_need();
	at.storage.v6.sin6_scope_id = if_nametoindex("lo");
	if (system("ip address add fe80::1/64 dev lo") != 0)
		skip();
	assert_int_equal(bind(fd, (struct sockaddr *)&at.storage, at.length), 0);
	table_read(&table, &ip);
	assert_true(address_equal(&table_of(&table, fd)->local, &at));
	assert_int_equal(table_of(&table, fd)->interface, if_nametoindex("lo"));
	socktable_release(&table);
	close(fd);
}

static void bound_and_nothing_else(void **state)
{
	int fd = bound_to(AF_INET, SOCK_STREAM, "127.0.0.1", 7107, false);
	struct socktable table = { 0 };
	const struct socktable_request some = { .kinds = 1 << SOCKET_TCP, .states = SOCKET_CONNECTED };

	(void)state;
	own_need();
	table_read(&table, &some);
	assert_null(table_of(&table, fd));
	table_read(&table, &ip);
	/* Linux 6.8 and later tell it. */
	assert_true(!table_of(&table, fd) || table_of(&table, fd)->state == SOCKET_CLOSE);
	socktable_release(&table);
	close(fd);
}

/* ------------------------------------------------------------------------------------------------ requests */

static void only_what_was_asked_for(void **state)
{
	int four = listening(AF_INET, "0.0.0.0", 7108, false), six = listening(AF_INET6, "::1", 7109, true);
	int udp = bound_to(AF_INET, SOCK_DGRAM, "0.0.0.0", 7108, false);
	const struct {
		struct socktable_request request;
		bool four, six, udp;
	} rows[] = {
		{ { 0 }, true, true, true },
		{ { .kinds = 1 << SOCKET_TCP }, true, true, false },
		{ { .kinds = 1 << SOCKET_UDP }, false, false, true },
		{ { .family = AF_INET }, true, false, true },
		{ { .family = AF_INET6 }, false, true, false },
		{ { .states = SOCKET_STATE(SOCKET_LISTEN) }, true, true, false },
		{ { .states = SOCKET_STATE(SOCKET_CLOSE) }, false, false, true },
		{ { .states = SOCKET_CONNECTED }, false, false, false },
	};

	(void)state;
	own_need();
	ipv6_need();
	for (size_t i = 0; i < 2 * COUNT(rows); i++) {
		struct socktable_request request = rows[i / 2].request;
		struct socktable table = { 0 };

		request.from_proc = i & 1;
		table_read(&table, &request);
		if (!table_of(&table, four) == rows[i / 2].four || !table_of(&table, six) == rows[i / 2].six ||
		    !table_of(&table, udp) == rows[i / 2].udp)
			fail_msg("row %zu%s", i / 2, i & 1 ? " from /proc" : "");
		socktable_release(&table);
	}
	close(four);
	close(six);
	close(udp);
}

/* Others come and go while it is read: those that stay are told each time, and only once. */
static void sockets_that_vanish(void **state)
{
	int stays = listening(AF_INET, "127.0.0.1", 7110, false), quit[2];
	struct socktable table = { 0 };
	pid_t child;

	(void)state;
	own_need();
	assert_int_equal(pipe2(quit, O_CLOEXEC | O_NONBLOCK), 0);
	child = fork();
	if (!child) {
		char octet;

		close(quit[1]);
		while (read(quit[0], &octet, 1) < 0)
			for (int i = 0; i < 50; i++)
				close(connected(AF_INET, SOCK_DGRAM, "127.0.0.1", 7110));
		_exit(0);
	}
	for (unsigned i = 0; i < 200; i++) {
		unsigned seen = 0;

		table_read(&table, &(struct socktable_request){ .from_proc = i & 1 });
		for (size_t j = 0; j < table.count; j++)
			seen += table.list[j].inode == inode_of(stays);
		assert_int_equal(seen, 1);
	}
	socktable_release(&table);
	close(quit[1]);
	assert_int_equal(waitpid(child, NULL, 0), child);
	close(quit[0]);
	close(stays);
}

static int setup(void **state)
{
	own_network(state);
	return stranger_network();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(we_close_first),
		cmocka_unit_test(they_close_first),
		cmocka_unit_test(both_close_at_once),
		cmocka_unit_test(nobody_answers),
		cmocka_unit_test(what_waits),
		cmocka_unit_test(datagrams_wait),
		cmocka_unit_test(what_they_serve),
		cmocka_unit_test(an_address_of_a_link_has_its_interface),
		cmocka_unit_test(bound_and_nothing_else),
		cmocka_unit_test(only_what_was_asked_for),
		cmocka_unit_test(sockets_that_vanish),
	};

	return cmocka_run_group_tests_name("sockets/socktable", tests, setup, NULL);
}
