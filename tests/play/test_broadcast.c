/* SPDX-License-Identifier: BSD-2-Clause */
/* Where broadcasts go: by which interfaces, from which address, and what is said when they cannot. */
#include "networks.h"
#include "play/broadcast.h"

#define PORT 6666 /* of namespaces of our own */

struct sender {
	struct hearing *h;
	struct client client;
	struct broadcast where;
	struct tally tally;
	struct broadcaster broadcaster;
	struct error err;
};

/* False: it could not be opened, err says why. */
static bool begin(struct sender *s, const char *to, const char *interface)
{
	*s = (struct sender){ .h = hearing_new(), .where = { to, interface } };
	s->client = (struct client){ .port = "6666", .signals = -1, .input = -1, .reporter = &s->h->reporter };
	return !broadcaster_open(&s->broadcaster, &s->client, &s->where, &s->tally, &s->err);
}

static bool say(struct sender *s, const char *text)
{
	return broadcaster_send(&s->broadcaster, text, strlen(text));
}

static void finish(struct sender *s)
{
	broadcaster_close(&s->broadcaster);
	hearing_free(s->h);
}

static void every_interface(void **state)
{
	struct sender s;
	int right, french;

	(void)state;
	networks_need(&nets);
	right = networks_ear(&nets, nets.theirs, "0.0.0.0", PORT);
	french = networks_ear(&nets, nets.theirs, "255.255.255.255", PORT); /* as the course's listener binds */
	assert_true(begin(&s, NULL, NULL));
	assert_true(say(&s, "alice: hello"));
	/* Interfaces are in the order of their numbers: left was made first. */
	networks_hear(right, "alice: hello", "10.9.0.1");
	networks_hear(right, "alice: hello", "10.8.0.1");
	networks_hear(french, "alice: hello", "10.9.0.1");
	networks_hear(french, "alice: hello", "10.8.0.1");
	assert_int_equal(heard(s.h, EVENT_SENT), 2);
	assert_string_equal(nth(s.h, EVENT_SENT, 0)->note, "left");
	assert_string_equal(nth(s.h, EVENT_SENT, 1)->note, "near");
	assert_int_not_equal(address_port(&nth(s.h, EVENT_SENT, 1)->local), 0);
	assert_int_equal(s.tally.messages_out, 1);
	assert_int_equal(s.tally.octets_out, 24);
	assert_int_equal(heard(s.h, EVENT_TROUBLE), 0);
	finish(&s);
	close(right);
	close(french);
}

static void one_interface(void **state)
{
	struct sender s;
	int ear;

	(void)state;
	networks_need(&nets);
	ear = networks_ear(&nets, nets.theirs, "0.0.0.0", PORT);
	assert_true(begin(&s, NULL, "near"));
	assert_true(say(&s, "one"));
	assert_true(say(&s, "two"));
	networks_hear(ear, "one", "10.8.0.1");
	networks_hear(ear, "two", "10.8.0.1"); /* and nothing came by the other cable in between */
	assert_int_equal(heard(s.h, EVENT_SENT), 2);
	finish(&s);
	close(ear);
}

static void a_directed_address(void **state)
{
	struct sender s;
	int any, french;

	(void)state;
	networks_need(&nets);
	any = networks_ear(&nets, nets.theirs, "0.0.0.0", PORT);
	french = networks_ear(&nets, nets.theirs, "255.255.255.255", PORT);
	assert_true(begin(&s, "10.8.0.255", NULL));
	assert_true(say(&s, "directed"));
	networks_hear(any, "directed", "10.8.0.1");
	assert_int_equal(heard(s.h, EVENT_SENT), 1);
	finish(&s);
	/* The course's listener has not heard it: the next that it hears is another one. */
	assert_true(begin(&s, NULL, "near"));
	assert_true(say(&s, "limited"));
	networks_hear(french, "limited", "10.8.0.1");
	finish(&s);
	close(any);
	close(french);
}

static void a_bound_sender(void **state)
{
	struct sender s;
	int ear;

	(void)state;
	networks_need(&nets);
	ear = networks_ear(&nets, nets.theirs, "0.0.0.0", PORT);
	s = (struct sender){ .h = hearing_new(), .where = { NULL, "left" } };
	s.client = (struct client){
		.port = "6666", .bind = "10.8.0.1", .signals = -1, .input = -1, .reporter = &s.h->reporter
	};
	assert_int_equal(broadcaster_open(&s.broadcaster, &s.client, &s.where, &s.tally, &s.err), 0);
	assert_true(say(&s, "bound"));
	networks_hear(ear, "bound", "10.8.0.1");
	finish(&s);
	close(ear);
}

/* A machine with no network but itself. */
static void loopback_alone(void **state)
{
	struct sender s;
	int space, ear;

	(void)state;
	networks_need(&nets);
	space = networks_new();
	assert_false(begin(&s, NULL, NULL));
	assert_non_null(strstr(s.err.text, "no interface is up, not even lo"));
	finish(&s);
	networks_loopback_up();
	ear = networks_ear(&(struct networks){ .ours = space }, space, "0.0.0.0", PORT);
	assert_true(begin(&s, NULL, NULL));
	assert_true(say(&s, "to myself"));
	assert_true(say(&s, "again"));
	networks_hear(ear, "to myself", "127.0.0.1");
	networks_hear(ear, "again", "127.0.0.1");
	assert_int_equal(heard(s.h, EVENT_TROUBLE), 1); /* said once */
	assert_noted(nth(s.h, EVENT_TROUBLE, 0), "sending on lo, only programs of this machine");
	finish(&s);
	close(ear);
	close(space);
	networks_enter(nets.ours);
}

static void interfaces_that_cannot(void **state)
{
	struct sender s;

	(void)state;
	networks_need(&nets);
	assert_false(begin(&s, NULL, "lefft"));
	assert_non_null(strstr(s.err.text, "lefft: no such interface; did you mean left?"));
	finish(&s);
	assert_true(networks_run("ip link add name spare type veth peer name reraps"));
	assert_false(begin(&s, NULL, "spare"));
	assert_non_null(strstr(s.err.text, "spare is down"));
	finish(&s);
	assert_true(networks_run("ip link set dev spare up"));
	assert_false(begin(&s, NULL, "spare"));
	assert_non_null(strstr(s.err.text, "spare has no IPv4 address"));
	finish(&s);
	assert_true(networks_run("ip link delete dev spare"));
}

/* Down while we speak: the message is lost, the speaker goes on, and is heard again. */
static void an_interface_that_goes(void **state)
{
	struct sender s;
	int ear;

	(void)state;
	networks_need(&nets);
	ear = networks_ear(&nets, nets.theirs, "0.0.0.0", PORT);
	assert_true(begin(&s, NULL, "near"));
	assert_true(networks_run("ip link set dev near down"));
	assert_false(say(&s, "unheard"));
	assert_int_equal(s.tally.lost, 1);
	assert_int_equal(heard(s.h, EVENT_TROUBLE), 1);
	assert_true(networks_run("ip link set dev near up"));
	networks_await("near");
	s.broadcaster.looked_ns = 0; /* as after a second */
	assert_true(say(&s, "heard"));
	networks_hear(ear, "heard", "10.8.0.1");
	finish(&s);
	close(ear);
}

static void nowhere(void **state)
{
	struct sender s;

	(void)state;
	networks_need(&nets);
	assert_true(begin(&s, "192.0.2.255", NULL)); /* no route goes there */
	assert_false(say(&s, "unheard"));
	assert_noted(nth(s.h, EVENT_TROUBLE, 0), "no route");
	finish(&s);
	assert_false(begin(&s, "256.1.1.1", NULL));
	finish(&s);
}

static void an_ipv6_group(void **state)
{
	struct sockaddr_in6 at = { .sin6_family = AF_INET6, .sin6_port = htons(PORT), .sin6_addr = IN6ADDR_ANY_INIT };
	struct sender s;
	char data[16];
	int ear;

	(void)state;
	networks_need(&nets);
	if (access("/proc/net/if_inet6", F_OK)) {
		print_message("skipped: this kernel has no IPv6\n");
		skip();
	}
	networks_enter(nets.theirs);
	ear = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(ear, (struct sockaddr *)&at, sizeof at), 0);
	networks_enter(nets.ours);
	assert_false(begin(&s, "ff02::1", NULL));
	assert_string_equal(s.err.text, "ff02::1: on which interface? name it with -i");
	finish(&s);
	assert_true(begin(&s, "ff02::1", "near"));
	assert_true(say(&s, "six"));
	assert_true(poll(&(struct pollfd){ ear, POLLIN, 0 }, 1, 60000) == 1);
	assert_int_equal(recv(ear, data, sizeof data, 0), 3);
	assert_memory_equal(data, "six", 3);
	finish(&s);
	assert_true(begin(&s, "ff02::1%left", NULL));
	assert_true(say(&s, "left"));
	assert_true(poll(&(struct pollfd){ ear, POLLIN, 0 }, 1, 60000) == 1);
	assert_int_equal(recv(ear, data, sizeof data, 0), 4);
	finish(&s);
	close(ear);
}

static void no_broadcast_in_ipv6(void **state)
{
	struct hearing *h = hearing_new();
	struct client client = {
		.port = "6666", .family = AF_INET6, .signals = -1, .input = -1, .reporter = &h->reporter
	};
	struct broadcast where = { NULL, NULL };
	struct broadcaster b;
	struct tally tally = { 0 };
	struct error err = { "" };

	(void)state;
	assert_int_equal(broadcaster_open(&b, &client, &where, &tally, &err), -1);
	assert_non_null(strstr(err.text, "IPv6 has no broadcast"));
	broadcaster_close(&b);
	hearing_free(h);
}

/* ------------------------------------------------------------------------------------------------ everybody's date */

struct answering {
	pthread_t thread;
	int fd, stop;
	const char *answer;
};

static void *answer_all(void *context)
{
	struct answering *a = context;
	struct pollfd fds[] = { { a->fd, POLLIN, 0 }, { a->stop, POLLIN, 0 } };

	while (poll(fds, 2, -1) > 0 && !fds[1].revents) {
		struct sockaddr_in from;
		socklen_t size = sizeof from;
		char data[16];

		if (recvfrom(a->fd, data, sizeof data, 0, (struct sockaddr *)&from, &size) != 0 ||
		    sendto(a->fd, a->answer, strlen(a->answer), 0, (struct sockaddr *)&from, size) < 0)
			abort();
	}
	return NULL;
}

/* The second answer is the signal that ends the waiting, which would else be for the guard. */
static void after_two(struct hearing *h, const struct kept *kept)
{
	int *signals = h->context;

	if (kept->kind == EVENT_ANSWER && heard(h, EVENT_ANSWER) == 2 && write(signals[1], "x", 1) != 1)
		abort();
}

static void everybodys_date(void **state)
{
	struct answering servers[2] = { { .answer = "2024-03-01 12:30:45.123456\n" },
					{ .answer = "2024-03-01 12:30:46\n" } };
	struct hearing *h = hearing_new();
	struct broadcast where = { NULL, NULL };
	struct date_client options = { .request = "", .broadcast = &where };
	struct tally tally = { 0 };
	struct error err = { "" };
	int signals[2], stop[2];

	(void)state;
	networks_need(&nets);
	assert_int_equal(pipe(signals) | pipe(stop), 0);
	for (int i = 0; i < 2; i++) {
		/* Each at one end of a cable, so that each hears one request. */
		servers[i].fd = networks_ear(&nets, nets.theirs, "255.255.255.255", PORT);
		servers[i].stop = stop[0];
		assert_int_equal(setsockopt(servers[i].fd, SOL_SOCKET, SO_BINDTODEVICE, i ? "far" : "right", i ? 3 : 5),
				 0);
		assert_int_equal(pthread_create(&servers[i].thread, NULL, answer_all, &servers[i]), 0);
	}
	h->then = after_two;
	h->context = signals;
	options.client = (struct client){
		.port = "6666", .signals = signals[0], .input = -1, .timeout_ns = GUARD_NS, .reporter = &h->reporter
	};
	assert_int_equal(date_client_run(&options, &tally, &err), CLIENT_DONE);
	assert_int_equal(tally.equal, 2);
	assert_false(address_equal(&nth(h, EVENT_ANSWER, 0)->peer, &nth(h, EVENT_ANSWER, 1)->peer));
	close(stop[1]);
	for (int i = 0; i < 2; i++) {
		pthread_join(servers[i].thread, NULL);
		close(servers[i].fd);
	}
	close(stop[0]);
	close(signals[0]);
	close(signals[1]);
	hearing_free(h);
}

static void nobodys_date(void **state)
{
	struct hearing *h = hearing_new();
	struct broadcast where = { NULL, "left" };
	struct date_client options = { .request = "date", .broadcast = &where };
	struct tally tally = { 0 };
	struct error err = { "" };

	(void)state;
	networks_need(&nets);
	options.client = (struct client){
		.port = "6666", .signals = -1, .input = -1, .timeout_ns = 20000000, .reporter = &h->reporter
	};
	assert_int_equal(date_client_run(&options, &tally, &err), CLIENT_NO);
	assert_string_equal(nth(h, EVENT_TROUBLE, 0)->note, "no answer from 255.255.255.255:6666 within 20 ms");
	hearing_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_interface),        cmocka_unit_test(one_interface),
		cmocka_unit_test(a_directed_address),     cmocka_unit_test(a_bound_sender),
		cmocka_unit_test(loopback_alone),         cmocka_unit_test(interfaces_that_cannot),
		cmocka_unit_test(an_interface_that_goes), cmocka_unit_test(nowhere),
		cmocka_unit_test(an_ipv6_group),          cmocka_unit_test(no_broadcast_in_ipv6),
		cmocka_unit_test(everybodys_date),        cmocka_unit_test(nobodys_date),
	};

	return cmocka_run_group_tests_name("broadcast", tests, networks_setup, networks_teardown);
}
