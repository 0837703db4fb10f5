/* SPDX-License-Identifier: BSD-2-Clause */
/* A connection without a network: what waits, what goes, what it costs, how it ends. */
#include <errno.h>

#include "wires.h"

/* A service that takes whole lines, answers each with its length, and writes down what it was told. */
struct script {
	struct text told;
	int64_t wait_ns;    /* asked for whenever something is left */
	const char *closes; /* a line that ends the connection */
};

static size_t line_data(void *self, struct connection *c, const uint8_t *data, size_t length)
{
	struct script *script = self;
	size_t taken = 0;
	const uint8_t *end;

	text_format(&script->told, "data(%.*s)", (int)length, (const char *)data);
	while ((end = memchr(data + taken, '\n', length - taken))) {
		size_t line = (size_t)(end - data) - taken;
		bool closes =
			script->closes && strlen(script->closes) == line && !memcmp(script->closes, data + taken, line);

		taken += line + 1;
		if (closes) {
			connection_send(c, "bye\n", 4);
			connection_close(c, "it said so");
			connection_send(c, "never\n", 6);
			return taken;
		}
		connection_send(c, "ok\n", 3);
	}
	if (taken < length)
		connection_wait(c, script->wait_ns);
	return taken;
}

static size_t line_wait(void *self, struct connection *c, const uint8_t *data, size_t length)
{
	text_format(&((struct script *)self)->told, "wait(%.*s)", (int)length, (const char *)data);
	connection_send(c, data, length);
	return length;
}

/* A stream can still be answered when its end has come. */
static void line_end(void *self, struct connection *c, const uint8_t *data, size_t length)
{
	text_format(&((struct script *)self)->told, "end(%.*s)", (int)length, (const char *)data);
	connection_send(c, "end\n", 4);
}

static void line_close(void *self, struct connection *c, const char *why)
{
	text_format(&((struct script *)self)->told, "close(%s)", why);
	assert_false(connection_send(c, "x", 1));
}

static const struct service lines = {
	.name = "lines",
	.line_limit = 16,
	.state_size = 8,
	.on_data = line_data,
	.on_wait = line_wait,
	.on_end = line_end,
	.on_close = line_close,
};

#define TROUBLES (1u << EVENT_DROPPED | 1u << EVENT_CLOSED)

static void assert_told(struct script *script, const char *want)
{
	assert_octets(&script->told, want, strlen(want));
	text_clear(&script->told);
}

static void receive(struct connection *c, const char *text)
{
	connection_received(c, (const uint8_t *)text, strlen(text));
}

static void what_is_not_taken_comes_again(void **state)
{
	struct script script = { .wait_ns = 0 };
	struct wires wires;
	struct connection *c;

	(void)state;
	wires_open(&wires, &lines, &script, TROUBLES);
	c = wires_connect(&wires);
	assert_memory_equal(connection_state(c), "\0\0\0\0\0\0\0\0", 8);
	receive(c, "on");
	receive(c, "e\ntwo\nth");
	receive(c, "ree\n");
	assert_told(&script, "data(on)data(one\ntwo\nth)data(three\n)");
	assert_gets(c, OCTETS("ok\nok\nok\n"));
	assert_int_equal(wires.server.tally->octets_in, 14);
	assert_int_equal(wires.server.tally->octets_out, 9);
	wires_close(&wires);
	text_release(&script.told);
}

static void a_connection_that_waits_for_nothing_keeps_little(void **state)
{
	static const char large[100000];
	struct script script = { .wait_ns = 0 };
	struct wires wires;
	struct connection *c;

	(void)state;
	wires_open(&wires, &lines, &script, TROUBLES);
	c = wires_connect(&wires);
	assert_true(sizeof *c <= 400);
	receive(c, "half");
	assert_non_null(c->input.data);
	receive(c, " a line\n");
	assert_null(c->input.data);
	assert_gets(c, OCTETS("ok\n"));
	assert_true(c->queue.size <= 512);
	assert_true(connection_send(c, large, sizeof large));
	assert_gets(c, large, sizeof large);
	assert_null(c->queue.data);
	wires_close(&wires);
	text_release(&script.told);
}

static void a_message_without_end_is_dropped(void **state)
{
	struct script script = { .wait_ns = 0 };
	struct wires wires;
	struct connection *c;

	(void)state;
	wires_open(&wires, &lines, &script, TROUBLES);
	c = wires_connect(&wires);
	receive(c, "0123456789");
	receive(c, "abcdef");
	assert_false(connection_over(c));
	receive(c, "g");
	assert_true(connection_over(c));
	assert_false(connection_reads(c));
	receive(c, "h\n");
	wires_settle(&wires);
	assert_null(wires.server.connections);
	assert_told(&script,
		    "data(0123456789)data(0123456789abcdef)data(0123456789abcdefg)close(a message without end)");
	assert_octets(&wires.events, OCTETS("dropped 1: a message without end: 17 octets, and more to come\n"));
	assert_int_equal(wires.server.tally->dropped, 1);
	wires_close(&wires);
	text_release(&script.told);
}

static void a_closed_connection_sends_the_rest_and_hears_no_more(void **state)
{
	struct script script = { .closes = "quit", .wait_ns = 1 };
	struct wires wires;
	struct connection *c;

	(void)state;
	wires_open(&wires, &lines, &script, TROUBLES);
	c = wires_connect(&wires);
	receive(c, "one\nquit\nmore");
	receive(c, "deaf\n");
	connection_ended(c);
	wires_settle(&wires);
	assert_ptr_equal(wires.server.connections, c);
	assert_false(connection_over(c));
	assert_gets(c, OCTETS("ok\nbye\n"));
	assert_true(connection_over(c));
	server_forget(&wires.server, c);
	assert_told(&script, "data(one\nquit\nmore)close(it said so)");
	assert_octets(&wires.events, OCTETS("closed 1: it said so\n"));
	assert_int_equal(wires.server.finished, 1);
	wires_close(&wires);
	text_release(&script.told);
}

/* Pieces of all sizes go in and out; what comes out is what went in. */
static void the_queue_keeps_the_order(void **state)
{
	struct text in = { 0 }, out = { 0 };
	struct script script = { .wait_ns = 0 };
	struct wires wires;
	struct connection *c;
	unsigned random = 1;

	(void)state;
	wires_open(&wires, &lines, &script, 0);
	c = wires_connect(&wires);
	for (unsigned i = 0; i < 20000; i++) {
		size_t piece = (random = random * 1103515245 + 12345) >> 20 & 1023, pending;
		const uint8_t *data;

		for (size_t k = 0; k < piece; k++)
			text_char(&in, (char)(in.length * 7 >> 3));
		assert_true(connection_send(c, in.data + in.length - piece, piece));
		data = connection_pending(c, &pending);
		if (pending > 4096 || (data && i % 3)) {
			size_t sent = pending - (pending > 700 ? random % 700 : 0);

			text_add(&out, data, sent);
			connection_sent(c, sent);
		}
		assert_true(c->queue.length <= 65536);
	}
	wires_take(c, &out);
	assert_true(in.length == out.length && !memcmp(in.data, out.data, in.length));
	assert_int_equal(wires.server.tally->octets_out, in.length);
	text_release(&in);
	text_release(&out);
	wires_close(&wires);
	text_release(&script.told);
}

static void a_slow_reader_is_dropped_past_the_limit(void **state)
{
	static const char block[1000];
	struct script script = { .wait_ns = 0 };
	struct wires wires;
	struct connection *c, *other;

	(void)state;
	wires_open(&wires, &lines, &script, TROUBLES);
	c = wires_connect(&wires);
	other = wires_connect(&wires);
	for (unsigned i = 0; i < SERVER_QUEUE_LIMIT / 1000; i++)
		assert_true(connection_send(c, block, 1000));
	assert_true(connection_send(c, block, SERVER_QUEUE_LIMIT % 1000));
	assert_false(connection_send(c, block, 1));
	assert_false(connection_send(c, block, 1));
	assert_true(connection_send(other, block, 1));
	assert_told(&script, ""); /* on_close comes later, never from inside */
	wires_settle(&wires);
	assert_told(&script, "close(reads too slowly)");
	assert_octets(&wires.events, OCTETS("dropped 1: reads too slowly: 262144 octets wait for it\n"));
	assert_ptr_equal(wires.server.connections, other);
	wires_close(&wires);
	text_release(&script.told);
}

static void what_was_sent_makes_room_below_the_limit(void **state)
{
	static const char block[600];
	struct script script = { .wait_ns = 0 };
	struct wires wires;
	struct connection *c;

	(void)state;
	wires_open(&wires, &lines, &script, TROUBLES);
	wires.options.queue_limit = 1000;
	c = wires_connect(&wires);
	for (unsigned i = 0; i < 100; i++) {
		assert_true(connection_send(c, block, 600));
		connection_sent(c, i % 2 ? 800 : 400); /* 200 stay, then none */
	}
	assert_true(connection_send(c, block, 600));
	assert_false(connection_send(c, block, 401));
	wires_close(&wires);
	text_release(&script.told);
}

static void who_does_not_read_is_not_read_from(void **state)
{
	static const char block[CONNECTION_PAUSE];
	struct script script = { .wait_ns = 0 };
	struct wires wires;
	struct connection *c;

	(void)state;
	wires_open(&wires, &lines, &script, 0);
	c = wires_connect(&wires);
	connection_send(c, block, sizeof block - 1);
	assert_true(connection_reads(c));
	connection_send(c, block, 1);
	assert_false(connection_reads(c));
	connection_sent(c, 1);
	assert_true(connection_reads(c));
	wires_close(&wires);
	text_release(&script.told);
}

static void the_end_of_a_stream_is_not_the_end_of_the_answer(void **state)
{
	struct script script = { .wait_ns = 1000000000 };
	struct wires wires;
	struct connection *c;

	(void)state;
	wires_open(&wires, &lines, &script, TROUBLES);
	c = wires_connect(&wires);
	receive(c, "one\ntw");
	connection_ended(c);
	connection_ended(c);
	wires_settle(&wires);
	assert_false(connection_reads(c));
	assert_gets(c, OCTETS("ok\nend\n"));
	assert_true(connection_over(c));
	server_forget(&wires.server, c);
	assert_told(&script, "data(one\ntw)end(tw)close(the client ended)");
	assert_octets(&wires.events, OCTETS("closed 1: the client ended\n"));
	assert_int_equal(wires.server.tally->dropped, 0);
	wires_close(&wires);
	text_release(&script.told);
}

static void failures_have_reasons(void **state)
{
	static const struct {
		int error;
		const char *told;
		unsigned dropped;
	} cases[] = {
		{ ECONNRESET, "close(the client reset the connection)", 0 },
		{ ETIMEDOUT, "close(the client does not answer any more)", 1 },
		{ EHOSTUNREACH, "close(the network broke the connection)", 1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct script script = { .wait_ns = 0 };
		struct wires wires;
		struct connection *c;

		wires_open(&wires, &lines, &script, 0);
		c = wires_connect(&wires);
		connection_failed(c, EAGAIN);
		connection_failed(c, EINTR);
		assert_false(connection_over(c));
		connection_failed(c, cases[i].error);
		connection_failed(c, EPIPE);
		assert_true(connection_over(c));
		wires_settle(&wires);
		assert_null(wires.server.connections);
		assert_told(&script, cases[i].told);
		assert_int_equal(wires.server.tally->dropped, cases[i].dropped);
		wires_close(&wires);
		text_release(&script.told);
	}
}

/* The client has sent two lines and gone; that it takes no answer shows after the first one. */
static void what_came_before_a_reset_is_still_read(void **state)
{
	struct script script = { .wait_ns = 0 };
	struct wires wires;
	struct connection *c;
	size_t pending;

	(void)state;
	wires_open(&wires, &lines, &script, TROUBLES);
	c = wires_connect(&wires);
	receive(c, "one\n");
	connection_unsent(c, EAGAIN);
	assert_non_null(connection_pending(c, &pending));
	connection_unsent(c, ECONNRESET);
	assert_null(connection_pending(c, &pending));
	assert_true(connection_reads(c));
	receive(c, "two\n");
	assert_null(connection_pending(c, &pending));
	connection_ended(c);
	wires_settle(&wires);
	assert_told(&script, "data(one\n)data(two\n)end()close(the client reset the connection)");
	assert_octets(&wires.events, OCTETS("closed 1: the client reset the connection\n"));
	wires_close(&wires);
	text_release(&script.told);
}

static void a_wait_ends_with_its_time_or_with_data(void **state)
{
	struct script script = { .wait_ns = 3600000000000 };
	struct wires wires;
	struct connection *a, *b;

	(void)state;
	wires_open(&wires, &lines, &script, 0);
	wires.server.reserve = 0; /* as if it were open */
	a = wires_connect(&wires);
	b = wires_connect(&wires);
	assert_int_equal(server_patience(&wires.server, NULL), -1);
	receive(a, "half");
	script.wait_ns = 7200000000000;
	receive(b, "other");
	assert_in_range(server_patience(&wires.server, NULL), 3500000, 3600000);
	assert_in_range(server_patience(&wires.server, b), 7100000, 7200000);
	assert_told(&script, "data(half)data(other)");
	server_tick(&wires.server, NULL);
	assert_told(&script, "");
	wires_pass_time(&wires, a);
	assert_told(&script, "wait(half)");
	assert_gets(a, OCTETS("half"));
	assert_int_equal(server_patience(&wires.server, a), -1);
	assert_in_range(server_patience(&wires.server, NULL), 7100000, 7200000);
	receive(b, " line\n");
	assert_int_equal(server_patience(&wires.server, b), -1);
	assert_told(&script, "data(other line\n)");
	wires.server.reserve = -1;
	wires_close(&wires);
	text_release(&script.told);
}

static void news_come_once_and_in_order(void **state)
{
	struct script script = { .wait_ns = 0 };
	struct wires wires;
	struct connection *c[4];

	(void)state;
	wires_open(&wires, &lines, &script, 0);
	for (unsigned i = 0; i < 4; i++)
		c[i] = wires_connect(&wires);
	assert_null(server_news(&wires.server));
	connection_send(c[2], "x", 1);
	connection_send(c[0], "x", 1);
	connection_send(c[2], "x", 1);
	connection_send(c[3], "x", 1);
	connection_send(c[1], "x", 1);
	server_forget(&wires.server, c[0]);
	server_forget(&wires.server, c[1]); /* the last of the list */
	assert_ptr_equal(server_news(&wires.server), c[2]);
	connection_send(c[2], "x", 1);
	assert_ptr_equal(server_news(&wires.server), c[3]);
	assert_ptr_equal(server_news(&wires.server), c[2]);
	assert_null(server_news(&wires.server));
	assert_int_equal(wires.server.connection_count, 2);
	assert_int_equal(wires.server.tally->connections, 4);
	wires_close(&wires);
	text_release(&script.told);
}

static void the_count_and_the_idle_time_stop_a_server(void **state)
{
	struct script script = { .wait_ns = 0 };
	struct wires wires;

	(void)state;
	wires_open(&wires, &lines, &script, 0);
	assert_false(server_stops(&wires.server));
	wires.options.count = 2;
	server_forget(&wires.server, wires_connect(&wires));
	assert_false(server_stops(&wires.server));
	server_forget(&wires.server, wires_connect(&wires));
	assert_true(server_stops(&wires.server));
	wires_close(&wires);

	wires_open(&wires, &lines, &script, 0);
	wires.options.timeout_ns = 3600000000000;
	server_heard(&wires.server);
	assert_false(server_stops(&wires.server));
	assert_in_range(server_patience(&wires.server, NULL), 0, 3600000);
	*wires.server.last_heard -= 3600000000000;
	assert_int_equal(server_patience(&wires.server, NULL), 0);
	assert_true(server_stops(&wires.server));
	wires_close(&wires);
	text_release(&script.told);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_taken_comes_again),
		cmocka_unit_test(a_connection_that_waits_for_nothing_keeps_little),
		cmocka_unit_test(a_message_without_end_is_dropped),
		cmocka_unit_test(a_closed_connection_sends_the_rest_and_hears_no_more),
		cmocka_unit_test(the_queue_keeps_the_order),
		cmocka_unit_test(a_slow_reader_is_dropped_past_the_limit),
		cmocka_unit_test(what_was_sent_makes_room_below_the_limit),
		cmocka_unit_test(who_does_not_read_is_not_read_from),
		cmocka_unit_test(the_end_of_a_stream_is_not_the_end_of_the_answer),
		cmocka_unit_test(failures_have_reasons),
		cmocka_unit_test(what_came_before_a_reset_is_still_read),
		cmocka_unit_test(a_wait_ends_with_its_time_or_with_data),
		cmocka_unit_test(news_come_once_and_in_order),
		cmocka_unit_test(the_count_and_the_idle_time_stop_a_server),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
