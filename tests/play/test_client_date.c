/* SPDX-License-Identifier: BSD-2-Clause */
/* The date client: who answers what, who does not, and the pauses in which netstat is looked at. */
#include "asking_date.h"
#include "play/asking.h"

/* ------------------------------------------------------------------------------------------------ servers */

/* The second exercise: "date" gets the date, all else the user. */
static void by_word(struct peer *peer, const uint8_t *data, size_t length, const struct sockaddr_in *from)
{
	const char *answer = length == 4 && !memcmp(data, "date", 4) ? PYTHON_DATE : "alice\n";

	peer_say(peer, from, answer, strlen(answer));
}

static void any(struct peer *peer, const uint8_t *data, size_t length, const struct sockaddr_in *from)
{
	memcpy(peer->before, data, length);
	peer->before_length = length;
	peer_say(peer, from, PYTHON_DATE, strlen(PYTHON_DATE));
}

static void binary(struct peer *peer, const uint8_t *data, size_t length, const struct sockaddr_in *from)
{
	(void)data;
	(void)length;
	peer_say(peer, from, "\xee\x00\x00\x01", 4);
}

static void silent(struct peer *peer, const uint8_t *data, size_t length, const struct sockaddr_in *from)
{
	(void)peer;
	(void)data;
	(void)length;
	(void)from;
}

/* Somebody else speaks first. */
static void stranger(struct peer *peer, const uint8_t *data, size_t length, const struct sockaddr_in *from)
{
	char port[8];
	int fd = peer_socket(SOCK_DGRAM, port);

	(void)data;
	(void)length;
	if (sendto(fd, "not me", 6, 0, (const struct sockaddr *)from, sizeof *from) != 6)
		abort();
	close(fd);
	peer_say(peer, from, PYTHON_DATE, strlen(PYTHON_DATE));
}

/* ------------------------------------------------------------------------------------------------ UDP */

static void empty_request(void **state)
{
	struct hearing *h = hearing_new();
	struct peer *peer = peer_udp(any);
	struct date_client options = asking(h, SOCK_DGRAM, peer->port);
	struct tally tally;

	(void)state;
	peer->before_length = 99;
	options.client.terminator = "\n"; /* does not make the empty request one of an octet */
	run(&options, &tally, CLIENT_DONE);
	assert_int_equal(peer->before_length, 0);
	assert_data(nth(h, EVENT_ANSWER, 0), PYTHON_DATE);
	assert_noted(nth(h, EVENT_ANSWER, 0), "python, ");
	assert_noted(nth(h, EVENT_ANSWER, 0), " behind our clock");
	assert_true(nth(h, EVENT_ANSWER, 0)->rtt_ns > 0);
	assert_int_not_equal(address_port(&nth(h, EVENT_SENT, 0)->local), 0);
	assert_int_equal(tally.equal, 1);
	assert_int_equal(tally.messages_out, 1);
	assert_int_equal(tally.octets_in, strlen(PYTHON_DATE));
	assert_int_equal(nth(h, EVENT_DONE, 0)->tally.equal, 1);
	peer_end(peer);
	hearing_free(h);
}

static void words(void **state)
{
	static const struct {
		const char *request, *answer, *note;
		unsigned equal;
	} rows[] = {
		{ "date", PYTHON_DATE, "", 1 },
		{ "user", "alice\n", "", 1 },
		{ "", "alice\n", "no date in it", 0 },
	};
	struct peer *peer = peer_udp(by_word);

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct hearing *h = hearing_new();
		struct date_client options = asking(h, SOCK_DGRAM, peer->port);
		struct tally tally;

		h->reporter.wants &= ~(1u << EVENT_SENT); /* as without -v */
		options.request = rows[i].request;
		run(&options, &tally, CLIENT_DONE);
		assert_data(nth(h, EVENT_ANSWER, 0), rows[i].answer);
		assert_noted(nth(h, EVENT_ANSWER, 0), rows[i].note);
		assert_int_equal(tally.equal, rows[i].equal);
		assert_int_equal(tally.altered, 1 - rows[i].equal);
		if (!*rows[i].note)
			assert_string_equal(nth(h, EVENT_ANSWER, 0)->note, "");
		hearing_free(h);
	}
	peer_end(peer);
}

static void binary_date(void **state)
{
	struct hearing *h = hearing_new();
	struct peer *peer = peer_udp(binary);
	struct date_client options = asking(h, SOCK_DGRAM, peer->port);
	struct tally tally;

	(void)state;
	run(&options, &tally, CLIENT_DONE);
	assert_noted(nth(h, EVENT_ANSWER, 0), "RFC 868: ");
	assert_int_equal(tally.equal, 1);
	peer_end(peer);
	hearing_free(h);
}

static void many_requests(void **state)
{
	struct hearing *h = hearing_new();
	struct peer *peer = peer_udp(any);
	struct date_client options = asking(h, SOCK_DGRAM, peer->port);
	struct tally tally;

	(void)state;
	options.client.count = 3;
	options.client.every_ns = 1000000;
	options.client.bind = "127.0.0.1";
	options.request = "time";
	options.client.terminator = "\r\n";
	run(&options, &tally, CLIENT_DONE);
	assert_int_equal(heard(h, EVENT_ANSWER), 3);
	assert_int_equal(tally.equal, 3);
	assert_int_equal(tally.octets_out, 18);
	assert_memory_equal(peer->before, "time\r\n", 6);
	assert_true(tally.rtt_min_ns <= tally.rtt_max_ns && tally.rtt_sum_ns >= tally.rtt_max_ns);
	assert_true(address_equal(&nth(h, EVENT_SENT, 0)->local, &nth(h, EVENT_SENT, 2)->local));
	peer_end(peer);
	hearing_free(h);
}

static void no_answer(void **state)
{
	struct hearing *h = hearing_new();
	struct peer *peer = peer_udp(silent);
	struct date_client options = asking(h, SOCK_DGRAM, peer->port);
	struct tally tally;
	char sentence[96];

	(void)state;
	options.client.timeout_ns = 30000000;
	run(&options, &tally, CLIENT_NO);
	snprintf(sentence, sizeof sentence, "no answer from 127.0.0.1:%s within 30 ms", peer->port);
	assert_string_equal(nth(h, EVENT_TROUBLE, 0)->note, sentence);
	assert_int_equal(tally.lost, 1);
	assert_int_equal(heard(h, EVENT_DONE), 1);
	peer_end(peer);
	hearing_free(h);
}

/* At once: the guard is never reached. */
static void refused(void **state)
{
	const int types[] = { SOCK_DGRAM, SOCK_STREAM };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct hearing *h = hearing_new();
		char port[8];
		int fd = refusing_port(types[i], port);
		struct date_client options = asking(h, types[i], port);
		struct tally tally;

		options.client.count = 5;
		run(&options, &tally, CLIENT_NO);
		assert_noted(nth(h, EVENT_TROUBLE, 0), "refused: nobody listens on 127.0.0.1:");
		assert_int_equal(heard(h, EVENT_TROUBLE), 1);
		close(fd);
		hearing_free(h);
	}
}

static void answer_of_a_stranger(void **state)
{
	struct hearing *h = hearing_new();
	struct peer *peer = peer_udp(stranger);
	struct date_client options = asking(h, SOCK_DGRAM, peer->port);
	struct tally tally;

	(void)state;
	run(&options, &tally, CLIENT_DONE);
	assert_data(nth(h, EVENT_DROPPED, 0), "not me");
	assert_noted(nth(h, EVENT_DROPPED, 0), "not from 127.0.0.1:");
	assert_int_equal(heard(h, EVENT_ANSWER), 1);
	assert_data(nth(h, EVENT_ANSWER, 0), PYTHON_DATE);
	peer_end(peer);
	hearing_free(h);
}

/* A name with two addresses, as localhost has, and nobody listens on the first: the next one is asked. */
static void next_address(void **state)
{
	struct hearing *h = hearing_new();
	struct peer *peer = peer_udp(any);
	char port[8];
	int fd = refusing_port(SOCK_DGRAM, port);
	struct date_client options = asking(h, SOCK_DGRAM, port);
	struct tally tally = { 0 };
	struct asker asker;
	struct error err = { "" };
	uint8_t data[64];
	size_t length = 0;

	(void)state;
	assert_int_equal(asker_open(&asker, &options.client, &tally, &err), 0);
	asker.peers.list = mem_resize(asker.peers.list, ++asker.peers.count, sizeof *asker.peers.list);
	asker.peers.list[1] = asker.peers.list[0];
	address_set_port(&asker.peers.list[1], (uint16_t)strtoul(peer->port, NULL, 10));
	assert_int_equal(asker_send(&asker, "date", 4, &err), ASK_ANSWERED);
	assert_int_equal(asker_receive(&asker, data, sizeof data, &length, CLOCK_NEVER, &err), ASK_ANSWERED);
	assert_int_equal(length, strlen(PYTHON_DATE));
	assert_int_equal(asker.current, 1);
	assert_int_equal(peer->before_length, 4);
	assert_int_equal(heard(h, EVENT_TROUBLE), 0);
	assert_int_equal(tally.lost, 0);
	asker_close(&asker);
	close(fd);
	peer_end(peer);
	hearing_free(h);
}

/* ------------------------------------------------------------------------------------------------ pauses, signals,
 * errors */

/* Where the socket is, as netstat sees it, when the user is asked to press Enter. */
struct pausing {
	int input;
	unsigned sent[4], prompts;
};

static void at_prompt(struct hearing *h, const struct kept *kept)
{
	struct pausing *p = h->context;

	if (kept->kind != EVENT_PROMPT)
		return;
	p->sent[p->prompts++] = (unsigned)heard(h, EVENT_SENT);
	if (write(p->input, "\n", 1) != 1)
		abort();
}

static void pauses(void **state)
{
	struct hearing *h = hearing_new();
	struct peer *peer = peer_udp(any);
	struct date_client options = asking(h, SOCK_DGRAM, peer->port);
	struct tally tally;
	struct pausing p = { 0 };
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	p.input = ends[1];
	h->then = at_prompt;
	h->context = &p;
	options.pause = true;
	options.client.input = ends[0];
	run(&options, &tally, CLIENT_DONE);
	assert_int_equal(p.prompts, 2);
	assert_int_equal(p.sent[0], 0); /* nothing had been sent at the first */
	assert_int_equal(p.sent[1], 1);
	assert_noted(nth(h, EVENT_PROMPT, 0), "press Enter to send the request");
	assert_noted(nth(h, EVENT_PROMPT, 1), "press Enter to end");
	close(ends[0]);
	close(ends[1]);
	peer_end(peer);
	hearing_free(h);
}

/* Both Enters at once, and an input that ends: no pause hangs. */
static void pauses_of_a_pipe(void **state)
{
	const char *inputs[] = { "\n\n", "\n", "" };
	struct peer *peer = peer_udp(any);

	(void)state;
	for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
		struct hearing *h = hearing_new();
		struct date_client options = asking(h, SOCK_DGRAM, peer->port);
		struct tally tally;

		options.pause = true;
		options.client.input = typed(inputs[i]);
		run(&options, &tally, CLIENT_DONE);
		assert_int_equal(heard(h, EVENT_PROMPT), 2);
		close(options.client.input);
		hearing_free(h);
	}
	peer_end(peer);
}

/* Any readable descriptor is a signal to a client. */
static void a_signal(void **state)
{
	struct peer *peer = peer_udp(silent);
	int signal = typed("x");

	(void)state;
	for (int pause = 0; pause < 2; pause++) {
		struct hearing *h = hearing_new();
		struct date_client options = asking(h, SOCK_DGRAM, peer->port);
		struct tally tally;
		int ends[2];

		assert_int_equal(pipe(ends), 0);
		options.pause = pause;
		options.client.input = ends[0];
		options.client.signals = signal;
		run(&options, &tally, CLIENT_NO);
		assert_int_equal(heard(h, EVENT_SENT), pause ? 0 : 1);
		assert_int_equal(heard(h, EVENT_DONE), 1);
		close(ends[0]);
		close(ends[1]);
		hearing_free(h);
	}
	close(signal);
	peer_end(peer);
}

static void what_is_not_there(void **state)
{
	struct hearing *h = hearing_new();
	struct date_client options = asking(h, SOCK_DGRAM, "nosuchservice");
	struct tally tally;

	(void)state;
	run(&options, &tally, CLIENT_ERROR);
	options = asking(h, SOCK_DGRAM, "5555");
	options.client.bind = "192.0.2.77";
	run(&options, &tally, CLIENT_ERROR);
	options = asking(h, SOCK_STREAM, "5555");
	options.client.host = "256.1.2.3";
	run(&options, &tally, CLIENT_ERROR);
	assert_int_equal(h->count, 0);
	hearing_free(h);
}

/* ------------------------------------------------------------------------------------------------ --explain */

static void keep_told(void *context, const char *text, size_t length)
{
	text_add(context, text, length);
}

/* The program of the exercise, call by call. */
static void told_in_order(void **state)
{
	static const char *const calls[] = { "getaddrinfo(", "socket(AF_INET, SOCK_DGRAM",
					     "setsockopt(",  "sendto(",
					     "getsockname(", "poll(",
					     "recvfrom(",    "close(" };
	struct hearing *h = hearing_new();
	struct peer *peer = peer_udp(any);
	struct date_client options = asking(h, SOCK_DGRAM, peer->port);
	struct text told = { 0 };
	struct narrator narrator = { true, keep_told, &told };
	struct tally tally;
	const char *at;

	(void)state;
	options.client.narrator = &narrator;
	run(&options, &tally, CLIENT_DONE);
	text_char(&told, '\0');
	at = told.data;
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
		at = strstr(at, calls[i]);
		if (!at)
			fail_msg("no %s in its place in:\n%s", calls[i], told.data);
	}
	text_release(&told);
	peer_end(peer);
	hearing_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty_request),
		cmocka_unit_test(words),
		cmocka_unit_test(binary_date),
		cmocka_unit_test(many_requests),
		cmocka_unit_test(no_answer),
		cmocka_unit_test(refused),
		cmocka_unit_test(answer_of_a_stranger),
		cmocka_unit_test(next_address),
		cmocka_unit_test(pauses),
		cmocka_unit_test(pauses_of_a_pipe),
		cmocka_unit_test(a_signal),
		cmocka_unit_test(what_is_not_there),
		cmocka_unit_test(told_in_order),
	};

	return cmocka_run_group_tests_name("client_date", tests, NULL, NULL);
}
