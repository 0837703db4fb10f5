/* SPDX-License-Identifier: BSD-2-Clause */
/* What every server model does. */
#include "served.h"

static bool has_ipv6(void)
{
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in6 loopback = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	bool has = fd >= 0 && !bind(fd, (void *)&loopback, sizeof loopback);

	if (fd >= 0)
		close(fd);
	return has;
}

/* ------------------------------------------------------------------------------------------------ services */

/* Waits a moment for the end of a line, then says what it has. */
static size_t patient_data(void *self, struct connection *c, const uint8_t *data, size_t length)
{
	(void)self;
	(void)data;
	(void)length;
	connection_wait(c, 1000000);
	return 0;
}

static size_t patient_wait(void *self, struct connection *c, const uint8_t *data, size_t length)
{
	(void)self;
	connection_send(c, data, length);
	connection_send(c, "!", 1);
	return length;
}

static const struct service patient = {
	.name = "patient",
	.line_limit = 100,
	.on_data = patient_data,
	.on_wait = patient_wait,
};

/* Greets, answers once and closes, whatever else has come. */
static void polite_connect(void *self, struct connection *c)
{
	(void)self;
	connection_send(c, "welcome\n", 8);
}

static size_t polite_data(void *self, struct connection *c, const uint8_t *data, size_t length)
{
	(void)self;
	(void)data;
	(void)length;
	connection_send(c, "goodbye\n", 8);
	connection_close(c, "enough was said");
	return 1;
}

static const struct service polite = {
	.name = "polite",
	.line_limit = 100,
	.on_connect = polite_connect,
	.on_data = polite_data,
};

/* ------------------------------------------------------------------------------------------------ what is served */

/* 127.0.0.2: a client that is connected takes an answer from no other address than the one that it asked. */
static void echo_is_served_at_each_address(void **state)
{
	struct server_options options = echo_under(state);
	struct served served;

	options.bind = NULL;
	served = served_start(&options, 0);
	for (size_t i = 0; i < 2; i++) {
		int type = i ? SOCK_STREAM : SOCK_DGRAM;

		check_echo(&served, type, "127.0.0.1", 5);
		check_echo(&served, type, "127.0.0.2", 64);
		if (has_ipv6())
			check_echo(&served, type, "::1", 1000);
	}
	check_echo(&served, SOCK_DGRAM, "127.0.0.1", 0);
	check_echo(&served, SOCK_DGRAM, "127.0.0.1", 65507);
	assert_int_equal(served_stop(&served), 0);
	assert_logged(&served, has_ipv6() ? "done datagrams 5 connections 3 in 67645 out 67645 dropped 0\n"
					  : "done datagrams 4 connections 2 in 65645 out 65645 dropped 0\n");
	text_release(&served.log);
}

/* Port 0: whatever is chosen, it is the same for all. */
static void all_sockets_have_one_port(void **state)
{
	struct server_options options = echo_under(state);
	struct served served;
	char end[16];
	unsigned lines = 0;

	options.bind = NULL;
	options.count = 1;
	served = served_start(&options, 0);
	check_echo(&served, SOCK_DGRAM, "127.0.0.1", 3);
	assert_int_equal(served_end(&served), 0);
	snprintf(end, sizeof end, ":%u\n", served.port);
	for (const char *at = served.log.data; (at = strstr(at, "listening ")); at++, lines++) {
		const char *colon = strchr(at, '\n');

		while (*colon != ':')
			colon--;
		assert_memory_equal(colon, end, strlen(end));
	}
	assert_int_equal(lines, has_ipv6() ? 4 : 2);
	text_release(&served.log);
}

static void many_are_served_at_once(void **state)
{
	enum { MANY = 150 };
	struct server_options options = echo_under(state);
	int fds[MANY], count = strcmp(model_of(state)->name, "iterative") ? MANY : 1;
	struct served served = served_start(&options, 0);

	for (int i = 0; i < count; i++)
		fds[i] = client_open(&served, SOCK_STREAM, "127.0.0.1");
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < count; i++)
			client_send(fds[i], &(int){ i * 10 + round }, sizeof(int));
		for (int i = 0; i < count; i++)
			client_expect(fds[i], &(int){ i * 10 + round }, sizeof(int));
	}
	for (int i = 0; i < count; i++)
		close(fds[i]);
	/* They came before this one, and so they are in the tally. */
	check_echo(&served, SOCK_STREAM, "127.0.0.1", 1);
	served_await(&served, "closed 1 the client ended\n");
	assert_int_equal(served_stop(&served), 0);
	text_release(&served.log);
}

/* More than all buffers hold, both ways at once, and the end of ours long before the end of the answer. */
static void a_long_stream_comes_back(void **state)
{
	enum { LONG = 8 << 20 };
	struct server_options options = echo_under(state);
	struct served served = served_start(&options, 0);
	int fd = client_open(&served, SOCK_STREAM, "127.0.0.1");
	uint8_t *data = mem_new(LONG, 1), *back = mem_new(LONG, 1);
	size_t sent = 0, got = 0;

	fill(data, LONG);
	while (got < LONG) {
		struct pollfd wait = { fd, sent < LONG ? POLLIN | POLLOUT : POLLIN, 0 };
		ssize_t n;

		assert_int_equal(poll(&wait, 1, GUARD_MS), 1);
		/* It writes as much as goes before it reads: the server has to stop reading, and to go on. */
		if (sent < LONG && wait.revents & POLLOUT) {
			n = send(fd, data + sent, LONG - sent, MSG_DONTWAIT | MSG_NOSIGNAL);
			assert_true(n > 0);
			sent += (size_t)n;
			if (sent == LONG)
				assert_int_equal(shutdown(fd, SHUT_WR), 0);
		} else {
			n = recv(fd, back + got, LONG - got, MSG_DONTWAIT);
			assert_true(n > 0);
			got += (size_t)n;
		}
	}
	assert_memory_equal(data, back, LONG);
	client_expect_end(fd);
	assert_int_equal(served_stop(&served), 0);
	assert_logged(&served,
		      "closed 1 the client ended\ndone datagrams 0 connections 1 in 8388608 out 8388608 dropped 0\n");
	free(data);
	free(back);
	text_release(&served.log);
}

static void a_client_that_resets_harms_nobody(void **state)
{
	struct server_options options = echo_under(state);
	struct served served = served_start(&options, 0);

	for (int i = 0; i < 3; i++) {
		int fd = client_open(&served, SOCK_STREAM, "127.0.0.1");

		client_send(fd, "hello", 5);
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &(struct linger){ 1, 0 }, sizeof(struct linger));
		close(fd);
		check_echo(&served, SOCK_STREAM, "127.0.0.1", 100);
	}
	served_await(&served, "the client reset the connection\n");
	assert_int_equal(served_stop(&served), 0);
	assert_logged(&served, " connections 6 ");
	text_release(&served.log);
}

/* ------------------------------------------------------------------------------------------------ time, farewells */

static void a_wait_is_kept(void **state)
{
	struct server_options options = echo_under(state);
	struct served served;
	int fd;

	options.service = &patient;
	options.udp = false;
	served = served_start(&options, 0);
	fd = client_open(&served, SOCK_STREAM, "127.0.0.1");
	for (int i = 0; i < 3; i++) {
		client_send(fd, "no newline", 10);
		client_expect(fd, "no newline!", 11);
	}
	close(fd);
	assert_int_equal(served_stop(&served), 0);
	text_release(&served.log);
}

/* What the client sent besides is no reason to take the last answer from it. */
static void a_farewell_arrives(void **state)
{
	struct server_options options = echo_under(state);
	struct served served;

	options.service = &polite;
	options.udp = false;
	options.count = 3;
	served = served_start(&options, 0);
	for (int i = 0; i < 3; i++) {
		int fd = client_open(&served, SOCK_STREAM, "127.0.0.1");

		client_send(fd, "enough, and much more", 21);
		client_expect(fd, "welcome\ngoodbye\n", 16);
		client_expect_end(fd);
	}
	assert_int_equal(served_end(&served), 0);
	assert_logged(&served, "closed 3 enough was said\ndone datagrams 0 connections 3 in 63 out 48 dropped 0\n");
	text_release(&served.log);
}

/* ------------------------------------------------------------------------------------------------ endings */

static void a_signal_ends_it(void **state)
{
	struct server_options options = echo_under(state);
	struct served served = served_start(&options, 0);
	int fd = client_open(&served, SOCK_STREAM, "127.0.0.1");

	client_send(fd, "hello", 5);
	client_expect(fd, "hello", 5);
	assert_int_equal(served_stop(&served), 0);
	client_expect_end(fd);
	assert_logged(&served, "closed 1 the server stops\ndone datagrams 0 connections 1 in 5 out 5 dropped 0\n");
	text_release(&served.log);
}

static void the_count_ends_it(void **state)
{
	struct server_options options = echo_under(state);
	struct served served;
	int fd;

	options.count = 4;
	served = served_start(&options, 0);
	fd = client_open(&served, SOCK_DGRAM, "127.0.0.1");
	for (int i = 0; i < 3; i++) {
		client_send(fd, "one", 3);
		client_expect(fd, "one", 3);
	}
	close(fd);
	check_echo(&served, SOCK_STREAM, "127.0.0.1", 9);
	assert_int_equal(served_end(&served), 0);
	assert_logged(&served, "done datagrams 3 connections 1 in 18 out 18 dropped 0\n");
	text_release(&served.log);
}

static void silence_ends_it(void **state)
{
	struct server_options options = echo_under(state);
	struct served served;

	options.timeout_ns = 1000000;
	served = served_start(&options, 0);
	assert_int_equal(served_end(&served), 0);
	assert_logged(&served, "done datagrams 0 connections 0 in 0 out 0 dropped 0\n");
	text_release(&served.log);
}

/* ------------------------------------------------------------------------------------------------ refusals */

static int never_runs(struct server *server, struct error *err)
{
	(void)server;
	return error_set(err, "the model broke");
}

static void a_model_without_common_memory_relays_nothing(void **state)
{
	static const struct service hall = { .name = "hall", .relays = true };
	static const struct server_model apart = { .name = "apart", .own_memory = true, .run = never_runs };
	struct server_options options = {
		.service = &hall, .model = &apart, .port = "0", .tcp = true, .signals = -1
	};
	struct tally tally = { .datagrams = 1 };
	struct error err;

	(void)state;
	assert_int_equal(server_run(&options, &tally, &err), -1);
	assert_non_null(strstr(err.text,
			       "--model apart: hall relays lines between connections, and processes do not share "
			       "memory; use iterative, "));
	assert_non_null(strstr(err.text, " or "));
}

static void a_model_that_breaks_says_so(void **state)
{
	static const struct server_model broken = { .name = "broken", .run = never_runs };
	struct server_options options = {
		.service = &echo_service, .model = &broken, .bind = "127.0.0.1", .port = "0", .tcp = true, .signals = -1
	};
	struct tally tally = { .datagrams = 1 };
	struct error err;

	(void)state;
	assert_int_equal(server_run(&options, &tally, &err), -1);
	assert_string_equal(err.text, "the model broke");
	assert_int_equal(tally.datagrams, 0);
}

static void a_port_in_use_is_refused(void **state)
{
	struct server_options options = {
		.service = &echo_service, .model = server_model_default, .bind = "127.0.0.1", .udp = true, .tcp = true
	};
	struct served served = served_start(&options, 0);
	struct error err;
	char port[8];

	(void)state;
	snprintf(port, sizeof port, "%u", served.port);
	options.port = port;
	options.signals = -1;
	assert_int_equal(server_run(&options, NULL, &err), -1);
	assert_non_null(strstr(err.text, port));
	options.udp = false;
	assert_int_equal(server_run(&options, NULL, &err), -1);
	assert_int_equal(served_stop(&served), 0);
	text_release(&served.log);
}

static void models_are_found_by_name(void **state)
{
	struct error err;

	(void)state;
	for (const struct server_model *const *m = server_models; *m; m++) {
		assert_ptr_equal(server_model_find((*m)->name, &err), *m);
		assert_non_null((*m)->title);
		assert_non_null((*m)->explanation);
		assert_non_null((*m)->run);
	}
	assert_string_equal(server_model_default->name, "epoll");
	assert_null(server_model_find("epol", &err));
	assert_string_equal(err.text, "there is no server model 'epol'; did you mean 'epoll'?");
	assert_null(server_model_find("miracles", &err));
	assert_non_null(strstr(err.text, "'sonde list models'"));
}

/* ------------------------------------------------------------------------------------------------ all of them */

static const struct CMUnitTest of_each_model[] = {
	cmocka_unit_test(echo_is_served_at_each_address),
	cmocka_unit_test(all_sockets_have_one_port),
	cmocka_unit_test(many_are_served_at_once),
	cmocka_unit_test(a_long_stream_comes_back),
	cmocka_unit_test(a_client_that_resets_harms_nobody),
	cmocka_unit_test(a_wait_is_kept),
	cmocka_unit_test(a_farewell_arrives),
	cmocka_unit_test(a_signal_ends_it),
	cmocka_unit_test(the_count_ends_it),
	cmocka_unit_test(silence_ends_it),
};

static const struct CMUnitTest of_none[] = {
	cmocka_unit_test(a_model_without_common_memory_relays_nothing),
	cmocka_unit_test(a_model_that_breaks_says_so),
	cmocka_unit_test(a_port_in_use_is_refused),
	cmocka_unit_test(models_are_found_by_name),
};

int main(void)
{
	static struct plan all;

	for (const struct server_model *const *m = server_models; *m; m++)
		plan(&all, *m, of_each_model, COUNT(of_each_model));
	plan(&all, NULL, of_none, COUNT(of_none));
	return plan_run(&all);
}
