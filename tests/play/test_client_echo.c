/* SPDX-License-Identifier: BSD-2-Clause */
/* The echo client over UDP: equal, changed, late, lost. */
#include "asking_echo.h"

/* ------------------------------------------------------------------------------------------------ servers */

static void equal(struct peer *peer, const uint8_t *data, size_t length, const struct sockaddr_in *from)
{
	peer_say(peer, from, data, length);
}

static void upper(struct peer *peer, const uint8_t *data, size_t length, const struct sockaddr_in *from)
{
	for (size_t i = 0; i < length; i++)
		peer->before[i] = (uint8_t)toupper(data[i]);
	peer_say(peer, from, peer->before, length);
}

static void prefixed(struct peer *peer, const uint8_t *data, size_t length, const struct sockaddr_in *from)
{
	memcpy(peer->before, "ECHO: ", 6);
	memcpy(peer->before + 6, data, length);
	peer_say(peer, from, peer->before, 6 + length);
}

static void wrong(struct peer *peer, const uint8_t *data, size_t length, const struct sockaddr_in *from)
{
	memcpy(peer->before, data, length);
	peer->before[length - 1] ^= 1;
	peer_say(peer, from, peer->before, length);
}

/* As many servers do: an empty datagram is not answered. */
static void not_empty(struct peer *peer, const uint8_t *data, size_t length, const struct sockaddr_in *from)
{
	if (length)
		peer_say(peer, from, data, length);
}

/* Keeps the first back until the second has come, and then sends both, in their order. */
static void late(struct peer *peer, const uint8_t *data, size_t length, const struct sockaddr_in *from)
{
	if (peer->served) {
		peer_say(peer, from, peer->before, peer->before_length);
		peer_say(peer, from, data, length);
	}
	memcpy(peer->before, data, length);
	peer->before_length = length;
}

/* ------------------------------------------------------------------------------------------------ tests */

static const char *const three[] = { "hello", "h\xc3\xa9llo w\xc3\xb6rld", "123", NULL };

static void servers(void **state)
{
	static const struct {
		void (*datagram)(struct peer *peer, const uint8_t *data, size_t length, const struct sockaddr_in *from);
		enum client_answer answer;
		unsigned equal;
		const char *note;
	} rows[] = {
		{ equal, CLIENT_DONE, 3, "" },
		{ upper, CLIENT_DONE, 1, "upper-cased" },
		{ prefixed, CLIENT_DONE, 0, "prefixed with \"ECHO: \"" },
		{ wrong, CLIENT_NO, 0, "differs from what was sent at octet 5" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct hearing *h = hearing_new();
		struct peer *peer = peer_udp(rows[i].datagram);
		struct echo_client options = asking(h, SOCK_DGRAM, peer->port, three);
		struct tally tally;

		run(&options, &tally, rows[i].answer);
		assert_int_equal(heard(h, EVENT_ANSWER), 3);
		assert_int_equal(tally.equal, rows[i].equal);
		assert_int_equal(tally.altered, 3 - rows[i].equal);
		assert_int_equal(tally.lost, 0);
		assert_string_equal(nth(h, EVENT_ANSWER, 0)->note, rows[i].note);
		assert_true(nth(h, EVENT_ANSWER, 0)->rtt_ns > 0);
		assert_true(tally.rtt_sum_ns >= tally.rtt_max_ns && tally.rtt_max_ns >= tally.rtt_min_ns);
		assert_int_equal(heard(h, EVENT_DONE), 1);
		peer_end(peer);
		hearing_free(h);
	}
}

static void lines_of_input(void **state)
{
	struct hearing *h = hearing_new();
	struct peer *peer = peer_udp(equal);
	struct echo_client options = asking(h, SOCK_DGRAM, peer->port, NULL);
	struct tally tally;

	(void)state;
	options.client.input = typed("one\ntwo\r\nlast");
	options.client.terminator = "\r\n";
	run(&options, &tally, CLIENT_DONE);
	assert_int_equal(tally.equal, 3);
	assert_data(nth(h, EVENT_ANSWER, 0), "one\r\n");
	assert_data(nth(h, EVENT_ANSWER, 2), "last\r\n");
	close(options.client.input);
	peer_end(peer);
	hearing_free(h);
}

static void counted(void **state)
{
	struct hearing *h = hearing_new();
	struct peer *peer = peer_udp(equal);
	struct echo_client options = asking(h, SOCK_DGRAM, peer->port, three);
	struct tally tally;

	(void)state;
	options.client.count = 5;
	options.client.every_ns = 1000000;
	run(&options, &tally, CLIENT_DONE);
	assert_int_equal(tally.equal, 5);
	assert_data(nth(h, EVENT_ANSWER, 3), three[0]);
	options.client.count = 2;
	run(&options, &tally, CLIENT_DONE);
	assert_int_equal(tally.equal, 2);
	peer_end(peer);
	hearing_free(h);
}

static void the_longest(void **state)
{
	char *most = mem_new(DATAGRAM_PAYLOAD + 2, 1);
	const char *const texts[] = { most, NULL };
	struct hearing *h = hearing_new();
	struct peer *peer = peer_udp(equal);
	struct echo_client options = asking(h, SOCK_DGRAM, peer->port, texts);
	struct tally tally;

	(void)state;
	memset(most, 'x', DATAGRAM_PAYLOAD);
	run(&options, &tally, CLIENT_DONE);
	assert_int_equal(tally.octets_in, DATAGRAM_PAYLOAD);
	most[DATAGRAM_PAYLOAD] = 'x';
	run(&options, &tally, CLIENT_NO);
	assert_noted(nth(h, EVENT_TROUBLE, 0), "65508 octets: a datagram holds 65507 at most");
	assert_int_equal(tally.messages_out, 0);
	peer_end(peer);
	hearing_free(h);
	free(most);
}

static void an_empty_datagram(void **state)
{
	static const char *const texts[] = { "", NULL };
	struct hearing *h = hearing_new();
	struct peer *peer = peer_udp(not_empty);
	struct echo_client options = asking(h, SOCK_DGRAM, peer->port, texts);
	struct tally tally;

	(void)state;
	options.client.timeout_ns = 30000000;
	run(&options, &tally, CLIENT_NO);
	assert_noted(nth(h, EVENT_TROUBLE, 0), "within 30 ms: many servers do not answer an empty datagram");
	assert_int_equal(nth(h, EVENT_SENT, 0)->length, 0);
	assert_int_equal(tally.lost, 1);
	peer_end(peer);

	peer = peer_udp(equal);
	options = asking(h, SOCK_DGRAM, peer->port, texts);
	run(&options, &tally, CLIENT_DONE);
	assert_int_equal(tally.equal, 1);
	peer_end(peer);
	hearing_free(h);
}

static enum ask_answer ask(struct echoing *e, const char *text)
{
	struct error err = { "" };

	return echo_datagrams.ask(e, (const uint8_t *)text, strlen(text), &err);
}

/* The patience is changed between the two texts: the first has none, the second all the time of the world. */
static void a_late_answer(void **state)
{
	struct hearing *h = hearing_new();
	struct peer *peer = peer_udp(late);
	struct echo_client options = asking(h, SOCK_DGRAM, peer->port, NULL);
	struct tally tally = { 0 };
	struct echoing e = { .options = &options, .tally = &tally };
	struct error err = { "" };

	(void)state;
	assert_int_equal(echo_datagrams.open(&e, &err), 0);
	options.client.timeout_ns = 10000000;
	assert_int_equal(ask(&e, "first"), ASK_TIMEOUT);
	options.client.timeout_ns = GUARD_NS;
	assert_int_equal(ask(&e, "second"), ASK_ANSWERED);
	assert_data(nth(h, EVENT_DROPPED, 0), "first");
	assert_noted(nth(h, EVENT_DROPPED, 0), "late");
	assert_data(nth(h, EVENT_ANSWER, 0), "second");
	assert_int_equal(heard(h, EVENT_ANSWER), 1);
	assert_int_equal(tally.lost, 1);
	assert_int_equal(tally.equal, 1);
	echo_datagrams.close(&e);
	text_release(&e.note);
	peer_end(peer);
	hearing_free(h);
}

static void refused(void **state)
{
	struct hearing *h = hearing_new();
	char port[8];
	int fd = refusing_port(SOCK_DGRAM, port);
	struct echo_client options = asking(h, SOCK_DGRAM, port, three);
	struct tally tally;

	(void)state;
	run(&options, &tally, CLIENT_NO);
	assert_noted(nth(h, EVENT_TROUBLE, 0), "refused: nobody listens on 127.0.0.1:");
	assert_int_equal(heard(h, EVENT_TROUBLE), 1);
	close(fd);
	hearing_free(h);
}

static void a_signal(void **state)
{
	struct hearing *h = hearing_new();
	struct peer *peer = peer_udp(equal);
	struct echo_client options = asking(h, SOCK_DGRAM, peer->port, NULL);
	struct tally tally;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	options.client.input = ends[0]; /* where nobody types */
	options.client.signals = typed("x");
	run(&options, &tally, CLIENT_DONE);
	assert_int_equal(heard(h, EVENT_DONE), 1);
	close(options.client.signals);
	close(ends[0]);
	close(ends[1]);
	peer_end(peer);
	hearing_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(servers),     cmocka_unit_test(lines_of_input),    cmocka_unit_test(counted),
		cmocka_unit_test(the_longest), cmocka_unit_test(an_empty_datagram), cmocka_unit_test(a_late_answer),
		cmocka_unit_test(refused),     cmocka_unit_test(a_signal),
	};

	return cmocka_run_group_tests_name("client_echo", tests, NULL, NULL);
}
