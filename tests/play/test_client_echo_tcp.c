/* SPDX-License-Identifier: BSD-2-Clause */
/* The echo client over TCP: answers in pieces, connections that end early. */
#include "asking_echo.h"

/* ------------------------------------------------------------------------------------------------ servers */

static void say(int fd, const void *data, size_t length)
{
	if (send(fd, data, length, MSG_NOSIGNAL) != (ssize_t)length)
		abort();
}

static size_t hear(struct peer *peer, int fd)
{
	ssize_t got = recv(fd, peer->before, sizeof peer->before, 0);

	return got > 0 ? (size_t)got : 0;
}

static void equal(struct peer *peer, int fd)
{
	for (size_t got; (got = hear(peer, fd));)
		say(fd, peer->before, got);
}

/* An octet a segment. */
static void in_pieces(struct peer *peer, int fd)
{
	int one = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	for (size_t got; (got = hear(peer, fd));)
		for (size_t i = 0; i < got; i++)
			say(fd, peer->before + i, 1);
}

static void upper(struct peer *peer, int fd)
{
	for (size_t got; (got = hear(peer, fd));) {
		for (size_t i = 0; i < got; i++)
			peer->before[i] = (uint8_t)toupper(peer->before[i]);
		say(fd, peer->before, got);
	}
}

static void prefixed(struct peer *peer, int fd)
{
	for (size_t got; (got = hear(peer, fd));) {
		say(fd, "127.0.0.1:40000> ", 17);
		say(fd, peer->before, got);
	}
}

/* The Argentine course's server: one recv, one send, and it closes. */
static void one_round(struct peer *peer, int fd)
{
	size_t got = hear(peer, fd);

	say(fd, peer->before, got);
	shutdown(fd, SHUT_WR);
	while (hear(peer, fd))
		continue;
}

/* The same, but what comes after is answered by a reset. */
static void one_round_and_reset(struct peer *peer, int fd)
{
	say(fd, peer->before, hear(peer, fd));
}

static void half(struct peer *peer, int fd)
{
	size_t got = hear(peer, fd);

	say(fd, peer->before, got / 2);
	shutdown(fd, SHUT_WR);
	while (hear(peer, fd))
		continue;
}

static void at_once_closed(struct peer *peer, int fd)
{
	(void)hear(peer, fd);
}

static void silent(struct peer *peer, int fd)
{
	while (hear(peer, fd))
		continue;
}

static void too_much(struct peer *peer, int fd)
{
	for (size_t got; (got = hear(peer, fd));) {
		memcpy(peer->before + got, "extra", 5);
		say(fd, peer->before, got + 5);
	}
}

/* ------------------------------------------------------------------------------------------------ tests */

static const char *const three[] = { "hello", "e", "goodbye", NULL };

static void servers(void **state)
{
	static const struct {
		void (*connection)(struct peer *peer, int fd);
		enum client_answer answer;
		unsigned answers, equal, connections;
		const char *note;
	} rows[] = {
		{ equal, CLIENT_DONE, 3, 3, 1, "" },
		{ in_pieces, CLIENT_DONE, 3, 3, 1, "" },
		{ upper, CLIENT_DONE, 3, 0, 1, "upper-cased" },
		{ prefixed, CLIENT_DONE, 3, 0, 1, "prefixed with \"127.0.0.1:40000> \"" },
		{ one_round, CLIENT_DONE, 3, 3, 3, "" },
		{ one_round_and_reset, CLIENT_DONE, 3, 3, 3, "" },
		{ half, CLIENT_NO, 3, 0, 3, "differs from what was sent at octet 4" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct hearing *h = hearing_new();
		struct peer *peer = peer_tcp(rows[i].connection);
		struct echo_client options = asking(h, SOCK_STREAM, peer->port, three);
		struct tally tally;

		options.client.terminator = "\n";
		run(&options, &tally, rows[i].answer);
		assert_int_equal(heard(h, EVENT_ANSWER), rows[i].answers);
		assert_int_equal(tally.equal, rows[i].equal);
		assert_int_equal(tally.altered, rows[i].answers - rows[i].equal);
		assert_int_equal(tally.connections, rows[i].connections);
		assert_int_equal(heard(h, EVENT_CLOSED), rows[i].connections);
		assert_string_equal(nth(h, EVENT_ANSWER, 0)->note, rows[i].note);
		peer_end(peer);
		hearing_free(h);
	}
}

static void closed_without_answer(void **state)
{
	struct hearing *h = hearing_new();
	struct peer *peer = peer_tcp(at_once_closed);
	struct echo_client options = asking(h, SOCK_STREAM, peer->port, three);
	struct tally tally;

	(void)state;
	run(&options, &tally, CLIENT_NO);
	assert_int_equal(tally.lost, 3);
	assert_int_equal(tally.connections, 3);
	assert_noted(nth(h, EVENT_TROUBLE, 0), "has closed the connection without an answer");
	peer_end(peer);
	hearing_free(h);
}

static void no_answer(void **state)
{
	static const char *const texts[] = { "hello", "", NULL };
	struct hearing *h = hearing_new();
	struct peer *peer = peer_tcp(silent);
	struct echo_client options = asking(h, SOCK_STREAM, peer->port, texts);
	struct tally tally;

	(void)state;
	options.client.timeout_ns = 50000000;
	run(&options, &tally, CLIENT_NO);
	assert_int_equal(tally.lost, 1);
	assert_noted(nth(h, EVENT_TROUBLE, 0), "no answer from 127.0.0.1:");
	assert_noted(nth(h, EVENT_TROUBLE, 1), "an empty text");
	peer_end(peer);
	hearing_free(h);
}

static void more_than_was_sent(void **state)
{
	struct hearing *h = hearing_new();
	struct peer *peer = peer_tcp(too_much);
	struct echo_client options = asking(h, SOCK_STREAM, peer->port, three);
	struct tally tally;

	(void)state;
	options.client.count = 1;
	run(&options, &tally, CLIENT_NO);
	assert_int_equal(tally.equal, 1);
	assert_data(nth(h, EVENT_DROPPED, 0), "extra");
	peer_end(peer);
	hearing_free(h);
}

/* More than the buffers of both sides hold: who only sent would wait for the server, and it for us. */
static void a_long_text(void **state)
{
	const size_t length = 16u << 20;
	char *text = mem_new(length + 1, 1);
	const char *const texts[] = { text, NULL };
	struct hearing *h = hearing_new();
	struct peer *peer = peer_tcp(equal);
	struct echo_client options = asking(h, SOCK_STREAM, peer->port, texts);
	struct tally tally;

	(void)state;
	for (size_t i = 0; i < length; i++)
		text[i] = (char)('a' + i % 26);
	run(&options, &tally, CLIENT_DONE);
	assert_int_equal(tally.equal, 1);
	assert_int_equal(tally.octets_in, length);
	assert_int_equal(tally.octets_out, length);
	peer_end(peer);
	hearing_free(h);
	free(text);
}

static void refused(void **state)
{
	struct hearing *h = hearing_new();
	char port[8];
	int fd = refusing_port(SOCK_STREAM, port);
	struct echo_client options = asking(h, SOCK_STREAM, port, three);
	struct tally tally;

	(void)state;
	options.client.bind = "127.0.0.1";
	run(&options, &tally, CLIENT_NO);
	assert_noted(nth(h, EVENT_TROUBLE, 0), "refused: nobody listens on 127.0.0.1:");
	assert_int_equal(tally.lost, 1);
	assert_int_equal(heard(h, EVENT_CLOSED), 0);
	close(fd);
	hearing_free(h);
}

static void a_signal(void **state)
{
	struct hearing *h = hearing_new();
	struct peer *peer = peer_tcp(silent);
	struct echo_client options = asking(h, SOCK_STREAM, peer->port, three);
	struct tally tally;

	(void)state;
	options.client.signals = typed("x");
	run(&options, &tally, CLIENT_NO);
	assert_int_equal(tally.lost, 1);
	close(options.client.signals);
	peer_end(peer);
	hearing_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(servers),     cmocka_unit_test(closed_without_answer),
		cmocka_unit_test(no_answer),   cmocka_unit_test(more_than_was_sent),
		cmocka_unit_test(a_long_text), cmocka_unit_test(refused),
		cmocka_unit_test(a_signal),
	};

	return cmocka_run_group_tests_name("client_echo_tcp", tests, NULL, NULL);
}
