/* SPDX-License-Identifier: BSD-2-Clause */
/* The date client over TCP: servers that close after the date, that stay, that say nothing. */
#include "asking_date.h"
#include "networks.h"

static void say_and_close(struct peer *peer, int fd)
{
	(void)peer;
	if (send(fd, "2024-03-01 ", 11, MSG_NOSIGNAL) + send(fd, "12:30:45\r\n", 10, MSG_NOSIGNAL) != 21)
		abort();
	shutdown(fd, SHUT_WR);
	while (recv(fd, peer->before, sizeof peer->before, 0) > 0)
		continue;
}

static void only_close(struct peer *peer, int fd)
{
	(void)peer;
	(void)fd;
}

static void say_date(int fd)
{
	if (send(fd, PYTHON_DATE, strlen(PYTHON_DATE), MSG_NOSIGNAL) < 0)
		abort();
}

/* Leaves the end of the connection to the client. */
static void answer_and_stay(struct peer *peer, int fd)
{
	say_date(fd);
	if (write(peer->said[1], "", 1) != 1)
		abort();
	while (recv(fd, peer->before, sizeof peer->before, 0) > 0)
		continue;
}

static void date_for_word(struct peer *peer, int fd)
{
	if (recv(fd, peer->before, 5, MSG_WAITALL) == 5 && !memcmp(peer->before, "date\n", 5))
		say_date(fd);
}

#define LONG_REQUEST 60000u

/* What is less, or is cut short, has no answer. */
static void date_for_long_request(struct peer *peer, int fd)
{
	if (recv(fd, peer->before, LONG_REQUEST, MSG_WAITALL) == LONG_REQUEST)
		say_date(fd);
}

static void reset(struct peer *peer, int fd)
{
	struct linger linger = { 1, 0 };

	(void)peer;
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
}

static void stream(void **state)
{
	struct hearing *h = hearing_new();
	struct peer *peer = peer_tcp(say_and_close);
	struct date_client options = asking(h, SOCK_STREAM, peer->port);
	struct tally tally;

	(void)state;
	options.client.count = 2;
	run(&options, &tally, CLIENT_DONE);
	assert_int_equal(heard(h, EVENT_ANSWER), 2);
	assert_data(nth(h, EVENT_ANSWER, 1), "2024-03-01 12:30:45\r\n");
	assert_int_equal(tally.connections, 2);
	assert_int_equal(tally.octets_out, 0);
	peer_end(peer);
	hearing_free(h);
}

/* When the client begins to read, the answer is there already: only the end is missing. */
static void await_answer(struct hearing *h, const struct kept *kept)
{
	const struct peer *peer = h->context;
	char octet;

	if (kept->kind == EVENT_CONNECTED && read(peer->said[0], &octet, 1) != 1)
		abort();
}

static void stream_that_stays(void **state)
{
	struct hearing *h = hearing_new();
	struct peer *peer = peer_tcp(answer_and_stay);
	struct date_client options = asking(h, SOCK_STREAM, peer->port);
	struct tally tally;

	(void)state;
	h->then = await_answer;
	h->context = peer;
	options.request = "date";
	options.client.terminator = "\n";
	options.client.timeout_ns = 50000000;
	run(&options, &tally, CLIENT_DONE);
	assert_data(nth(h, EVENT_ANSWER, 0), PYTHON_DATE);
	assert_noted(nth(h, EVENT_ANSWER, 0), "the server keeps the connection open");
	peer_end(peer);
	hearing_free(h);
}

static void request_over_a_stream(void **state)
{
	struct hearing *h = hearing_new();
	struct peer *peer = peer_tcp(date_for_word);
	struct date_client options = asking(h, SOCK_STREAM, peer->port);
	struct tally tally;

	(void)state;
	options.request = "date";
	options.client.terminator = "\n";
	run(&options, &tally, CLIENT_DONE);
	assert_data(nth(h, EVENT_SENT, 0), "date\n");
	assert_data(nth(h, EVENT_ANSWER, 0), PYTHON_DATE);
	assert_int_equal(tally.octets_out, 5);
	peer_end(peer);
	hearing_free(h);
}

/* In a network of our own, where sockets of TCP take 4 KiB at once. Returns the one before. */
static int small_send_buffers(void)
{
	static const char sizes[] = "4096 4096 4096";
	int usual = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), space = networks_new(), file;

	if (space < 0) {
		print_message("skipped: a network namespace needs CAP_SYS_ADMIN\n");
		skip();
	}
	close(space);
	networks_loopback_up();
	file = open("/proc/sys/net/ipv4/tcp_wmem", O_WRONLY | O_CLOEXEC);
	if (file < 0 || write(file, sizes, strlen(sizes)) < 0)
		skip();
	close(file);
	return usual;
}

/* More than the kernel takes at once for a peer that lets little come. */
static void request_in_several_pieces(void **state)
{
	struct hearing *h = hearing_new();
	int usual = small_send_buffers();
	struct peer *peer = peer_tcp(date_for_long_request);
	struct date_client options = asking(h, SOCK_STREAM, peer->port);
	char *request = mem_new(LONG_REQUEST + 1, 1);
	struct tally tally;

	(void)state;
	assert_int_equal(setsockopt(peer->fd, SOL_SOCKET, SO_RCVBUF, &(int){ 1 }, sizeof(int)), 0);
	memset(request, 'x', LONG_REQUEST);
	options.request = request;
	run(&options, &tally, CLIENT_DONE);
	assert_int_equal(tally.octets_out, LONG_REQUEST);
	assert_int_equal(nth(h, EVENT_SENT, 0)->length, LONG_REQUEST);
	assert_int_equal(heard(h, EVENT_SENT), 1);
	assert_data(nth(h, EVENT_ANSWER, 0), PYTHON_DATE);
	free(request);
	peer_end(peer);
	networks_enter(usual);
	close(usual);
	hearing_free(h);
}

static void stream_without_answer(void **state)
{
	static const struct {
		void (*connection)(struct peer *peer, int fd);
		const char *trouble;
	} rows[] = { { only_close, "has closed the connection without an answer" }, { reset, "reset: 127.0.0.1:" } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct hearing *h = hearing_new();
		struct peer *peer = peer_tcp(rows[i].connection);
		struct date_client options = asking(h, SOCK_STREAM, peer->port);
		struct tally tally;

		run(&options, &tally, CLIENT_NO);
		assert_noted(nth(h, EVENT_TROUBLE, 0), rows[i].trouble);
		assert_int_equal(tally.lost, 1);
		peer_end(peer);
		hearing_free(h);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stream),
		cmocka_unit_test(stream_that_stays),
		cmocka_unit_test(request_over_a_stream),
		cmocka_unit_test(request_in_several_pieces),
		cmocka_unit_test(stream_without_answer),
	};

	return cmocka_run_group_tests_name("client_date_tcp", tests, NULL, NULL);
}
