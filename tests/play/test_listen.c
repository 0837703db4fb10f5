/* SPDX-License-Identifier: BSD-2-Clause */
/* The listener: what it hears, what it hears twice and tells once, and when it ends. */
#include <time.h>

#include "networks.h"
#include "play/broadcast.h"

/* A listener in a thread of its own; the test goes on when it listens. */
struct ear {
	struct hearing *h;
	struct listener_options options;
	struct tally tally;
	struct error err;
	enum client_answer answer;
	pthread_t thread;
	int signals[2], ready[2];
	struct address local;
};

static void tell_ready(struct hearing *h, const struct kept *kept)
{
	struct ear *ear = h->context;

	if (kept->kind != EVENT_LISTENING)
		return;
	ear->local = kept->local;
	if (write(ear->ready[1], "x", 1) != 1)
		abort();
}

static void *listen_in_thread(void *context)
{
	struct ear *ear = context;

	ear->answer = listen_run(&ear->options, &ear->tally, &ear->err);
	close(ear->ready[1]);
	return NULL;
}

static void prepare(struct ear *ear, const char *host, const char *port)
{
	*ear = (struct ear){ .h = hearing_new() };
	assert_int_equal(pipe(ear->signals) | pipe(ear->ready), 0);
	ear->h->then = tell_ready;
	ear->h->context = ear;
	ear->options.client = (struct client){ .host = host,
					       .port = port,
					       .signals = ear->signals[0],
					       .input = -1,
					       .timeout_ns = GUARD_NS,
					       .reporter = &ear->h->reporter };
}

static void start(struct ear *ear)
{
	char octet;

	assert_int_equal(pthread_create(&ear->thread, NULL, listen_in_thread, ear), 0);
	if (read(ear->ready[0], &octet, 1) != 1) {
		pthread_join(ear->thread, NULL);
		fail_msg("%s", ear->err.text);
	}
}

static void finish(struct ear *ear, enum client_answer expected)
{
	pthread_join(ear->thread, NULL);
	assert_int_equal(ear->answer, expected);
	assert_int_equal(heard(ear->h, EVENT_DONE), 1);
	close(ear->signals[0]);
	close(ear->signals[1]);
	close(ear->ready[0]);
}

static void stop(struct ear *ear)
{
	assert_int_equal(write(ear->signals[1], "x", 1), 1);
}

/* To the listener alone, from a socket of the test. */
static void tell(const struct ear *ear, int fd, const void *data, size_t length)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };

	to.sin_port = htons(address_port(&ear->local));
	assert_int_equal(sendto(fd, data, length, 0, (struct sockaddr *)&to, sizeof to), length);
}

static void counted(void **state)
{
	struct ear ear;
	char port[8];
	int fd = peer_socket(SOCK_DGRAM, port);

	(void)state;
	prepare(&ear, "127.0.0.1", "0");
	ear.options.client.count = 4;
	start(&ear);
	tell(&ear, fd, "alice: hello", 12);
	tell(&ear, fd, "alice: hello", 12); /* said twice is heard twice */
	tell(&ear, fd, "", 0);
	tell(&ear, fd, "\0\xff\033[2J", 6);
	finish(&ear, CLIENT_DONE);
	assert_int_equal(heard(ear.h, EVENT_RECEIVED), 4);
	assert_data(nth(ear.h, EVENT_RECEIVED, 1), "alice: hello");
	assert_string_equal(nth(ear.h, EVENT_RECEIVED, 0)->note, "");
	assert_int_equal(nth(ear.h, EVENT_RECEIVED, 3)->length, 6);
	assert_int_equal(address_port(&nth(ear.h, EVENT_RECEIVED, 0)->peer), strtoul(port, NULL, 10));
	assert_int_equal(ear.tally.datagrams, 4);
	assert_int_equal(ear.tally.octets_in, 30);
	close(fd);
	hearing_free(ear.h);
}

static void dates(void **state)
{
	struct ear ear;
	char port[8];
	int fd = peer_socket(SOCK_DGRAM, port);

	(void)state;
	prepare(&ear, "127.0.0.1", "0");
	ear.options.client.count = 3;
	ear.options.dates = true;
	start(&ear);
	tell(&ear, fd, "alice 2024-03-01 12:30:45.123456", 32);
	tell(&ear, fd, "alice: hello", 12);
	tell(&ear, fd, "bob Fri Mar  1 12:30:45 2024\r\n", 30);
	finish(&ear, CLIENT_DONE);
	assert_int_equal(ear.tally.equal, 2);
	assert_int_equal(ear.tally.altered, 1);
	close(fd);
	hearing_free(ear.h);
}

static void long_ones(void **state)
{
	static char octets[65507];
	struct ear ear;
	char port[8];
	int fd = peer_socket(SOCK_DGRAM, port);

	(void)state;
	prepare(&ear, "127.0.0.1", "0");
	ear.options.client.count = 3;
	start(&ear);
	tell(&ear, fd, octets, 128);
	tell(&ear, fd, octets, 129);
	tell(&ear, fd, octets, sizeof octets);
	finish(&ear, CLIENT_DONE);
	assert_string_equal(nth(ear.h, EVENT_RECEIVED, 0)->note, "");
	assert_string_equal(nth(ear.h, EVENT_RECEIVED, 1)->note,
			    "129 octets: the course's listener shows only the first 128");
	assert_noted(nth(ear.h, EVENT_RECEIVED, 2), "65507 octets: ");
	assert_int_equal(nth(ear.h, EVENT_RECEIVED, 2)->length, sizeof octets);
	close(fd);
	hearing_free(ear.h);
}

static void nothing_came(void **state)
{
	struct ear ear;

	(void)state;
	prepare(&ear, "127.0.0.1", "0");
	ear.options.client.timeout_ns = 20000000;
	start(&ear);
	finish(&ear, CLIENT_NO);
	hearing_free(ear.h);
}

/* It is there before the time begins to run. */
static void speak_at_once(struct hearing *h, const struct kept *kept)
{
	struct ear *ear = h->context;
	char port[8];
	int fd;

	tell_ready(h, kept);
	if (kept->kind != EVENT_LISTENING)
		return;
	fd = peer_socket(SOCK_DGRAM, port);
	tell(ear, fd, "one", 3);
	close(fd);
}

static void then_nothing_more(void **state)
{
	struct ear ear;

	(void)state;
	prepare(&ear, "127.0.0.1", "0");
	ear.options.client.timeout_ns = 20000000;
	ear.h->then = speak_at_once;
	start(&ear);
	finish(&ear, CLIENT_DONE);
	assert_data(nth(ear.h, EVENT_RECEIVED, 0), "one");
	hearing_free(ear.h);
}

static void a_signal(void **state)
{
	struct ear ear;

	(void)state;
	prepare(&ear, NULL, "0");
	start(&ear);
	assert_int_equal(ear.local.storage.ss_family, AF_INET);
	assert_true(address_is_any(&ear.local));
	stop(&ear);
	finish(&ear, CLIENT_DONE);
	hearing_free(ear.h);
}

static void what_is_not_there(void **state)
{
	struct error err = { "" };
	struct listener_options options = {
		.client = { .host = "192.0.2.77", .port = "6666", .signals = -1, .input = -1 }
	};
	struct tally tally = { 0 };

	(void)state;
	assert_int_equal(listen_run(&options, &tally, &err), CLIENT_ERROR);
	assert_non_null(strstr(err.text, "192.0.2.77:6666 udp: this machine has no such address"));
	options.client.host = NULL;
	options.client.port = "nosuchservice";
	assert_int_equal(listen_run(&options, &tally, &err), CLIENT_ERROR);
}

/* ------------------------------------------------------------------------------------------------ in namespaces */

struct voice {
	struct hearing *h;
	struct client client;
	struct broadcast where;
	struct tally tally;
	struct broadcaster broadcaster;
};

static void find_voice(struct voice *v, const char *interface)
{
	struct error err = { "" };

	*v = (struct voice){ .h = hearing_new(), .where = { NULL, interface } };
	v->client = (struct client){ .port = "6666", .signals = -1, .input = -1, .reporter = &v->h->reporter };
	assert_int_equal(broadcaster_open(&v->broadcaster, &v->client, &v->where, &v->tally, &err), 0);
}

static void say(struct voice *v, const char *text)
{
	assert_true(broadcaster_send(&v->broadcaster, text, strlen(text)));
}

static void lose_voice(struct voice *v)
{
	broadcaster_close(&v->broadcaster);
	hearing_free(v->h);
}

/* Three listeners share the port, one of them bound as the course's is; all hear. */
static void many_hear(void **state)
{
	static const char *const hosts[] = { NULL, NULL, "255.255.255.255" };
	struct ear ears[3];
	struct voice voice;

	(void)state;
	networks_need(&nets);
	for (size_t i = 0; i < 3; i++) {
		prepare(&ears[i], hosts[i], "6666");
		ears[i].options.client.count = 2;
		start(&ears[i]);
	}
	find_voice(&voice, "left");
	say(&voice, "alice: hello");
	say(&voice, "alice: bye");
	for (size_t i = 0; i < 3; i++) {
		finish(&ears[i], CLIENT_DONE);
		assert_data(nth(ears[i].h, EVENT_RECEIVED, 0), "alice: hello");
		assert_data(nth(ears[i].h, EVENT_RECEIVED, 1), "alice: bye");
		hearing_free(ears[i].h);
	}
	lose_voice(&voice);
}

/* Sent by both interfaces of this machine, it comes back to us by both: told once. Said again, it is told again. */
static void heard_twice_told_once(void **state)
{
	struct ear ear;
	struct voice voice;

	(void)state;
	networks_need(&nets);
	prepare(&ear, NULL, "6666");
	ear.options.client.count = 4;
	start(&ear);
	find_voice(&voice, NULL);
	say(&voice, "alice: hello");
	say(&voice, "alice: hello");
	say(&voice, "alice: bye");
	say(&voice, "alice: end");
	assert_int_equal(heard(voice.h, EVENT_SENT), 8);
	finish(&ear, CLIENT_DONE);
	assert_data(nth(ear.h, EVENT_RECEIVED, 0), "alice: hello");
	assert_data(nth(ear.h, EVENT_RECEIVED, 1), "alice: hello");
	assert_data(nth(ear.h, EVENT_RECEIVED, 2), "alice: bye");
	assert_data(nth(ear.h, EVENT_RECEIVED, 3), "alice: end");
	lose_voice(&voice);
	hearing_free(ear.h);
}

/* The same words by both cables from another machine: it is told as it came, twice. */
static void strangers_are_told_each(void **state)
{
	struct ear ear;
	struct voice voice;

	(void)state;
	networks_need(&nets);
	prepare(&ear, NULL, "6666");
	ear.options.client.count = 2;
	start(&ear);
	networks_enter(nets.theirs);
	find_voice(&voice, NULL);
	say(&voice, "bob: hello");
	networks_enter(nets.ours);
	finish(&ear, CLIENT_DONE);
	assert_int_equal(heard(ear.h, EVENT_RECEIVED), 2);
	assert_false(address_equal(&nth(ear.h, EVENT_RECEIVED, 0)->peer, &nth(ear.h, EVENT_RECEIVED, 1)->peer));
	lose_voice(&voice);
	hearing_free(ear.h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counted),
		cmocka_unit_test(dates),
		cmocka_unit_test(long_ones),
		cmocka_unit_test(nothing_came),
		cmocka_unit_test(then_nothing_more),
		cmocka_unit_test(a_signal),
		cmocka_unit_test(what_is_not_there),
		cmocka_unit_test(many_hear),
		cmocka_unit_test(heard_twice_told_once),
		cmocka_unit_test(strangers_are_told_each),
	};

	return cmocka_run_group_tests_name("listen", tests, networks_setup, networks_teardown);
}
