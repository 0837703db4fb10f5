/* SPDX-License-Identifier: BSD-2-Clause */
/* The rows that are told of a socket: each well formed and documented; made-up sockets as JSON and as text. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "render/sockets_explain.h"

static const struct process server = { .pid = 4242, .name = "date\nserver" }, child = { .pid = 4243, .name = "sh" };
static const struct holder owners[] = { { 77, &server, 3 }, { 77, &child, 5 } };

static struct address at(const char *host, uint16_t port)
{
	struct address address = { .length = sizeof address.storage.v4 };

	address.storage.v4.sin_family = AF_INET;
	if (inet_pton(AF_INET, host, &address.storage.v4.sin_addr) != 1) {
		address.length = sizeof address.storage.v6;
		address.storage.v6.sin6_family = AF_INET6;
		assert_int_equal(inet_pton(AF_INET6, host, &address.storage.v6.sin6_addr), 1);
	}
	address_set_port(&address, port);
	return address;
}

static struct socket listener(void)
{
	return (struct socket){
		.kind = SOCKET_TCP,
		.state = SOCKET_LISTEN,
		.family = AF_INET6,
		.type = SOCK_STREAM,
		.has_v6only = true,
		.receive_queue = 6,
		.send_queue = 5,
		.has_uid = true,
		.uid = 1000,
		.inode = 77,
		.cookie = 26,
		.local = at("::", 5555),
		.has_memory = true,
		.memory = { .receive_most = 131072, .drops = 2 },
	};
}

static void test_rows(void **state)
{
	(void)state;
	assert_true(socket_columns.field_count < 255);
	for (unsigned i = 0; i < socket_columns.field_count; i++) {
		const struct field_def *def = &socket_columns.fields[i];

		if (!def->name || !def->label || !def->help)
			fail_msg("column %u has no name, label or meaning", i);
		if (!(def->flags & FIELD_EITHER) != !def->either)
			fail_msg("%s: another name, but for which?", def->name);
		for (unsigned k = 0; k < i; k++)
			assert_string_not_equal(socket_columns.fields[k].name, def->name);
	}
}

/* Each row stands in the document as it is here. */
static void test_documented(void **state)
{
	char path[4096], *text = calloc(1, 1 << 17);
	struct text line = { 0 };
	FILE *in;

	(void)state;
	snprintf(path, sizeof path, "%s/docs/sockets.md", getenv("top_srcdir") ? getenv("top_srcdir") : ".");
	in = fopen(path, "re");
	assert_non_null(in);
	assert_in_range(fread(text, 1, (1 << 17) - 1, in), 1000, (1 << 17) - 2);
	fclose(in);
	for (unsigned i = 0; i < socket_columns.field_count; i++) {
		text_clear(&line);
		text_format(&line, "\n| `%s` | %s |\n", socket_columns.fields[i].name, socket_columns.fields[i].help);
		text_char(&line, '\0');
		if (!strstr(text, line.data))
			fail_msg("docs/sockets.md lacks: %s", line.data);
	}
	text_release(&line);
	free(text);
}

static void is(struct text *out, const char *expected)
{
	text_char(out, '\0');
	assert_string_equal(out->data, expected);
	text_release(out);
}

static void test_json(void **state)
{
	struct socket socket = listener();
	const struct socket_row row = { &socket, owners, 2, NULL, 0, NULL, "jo\"e" };
	struct socket_fields *fields = socket_fields_new(NULL, true);
	struct text out = { 0 };

	(void)state;
	sockets_json(socket_fields_of(fields, &row), &out);
	is(&out,
	   "{\"kind\":\"tcp\",\"family\":\"IPv6\",\"type\":\"stream\",\"state\":\"LISTEN\",\"recv_q\":6,\"send_q\":5,"
	   "\"local\":\"[::]:5555\",\"ipv6\":{\"src\":\"::\"},\"sport\":5555,\"v6only\":false,"
	   "\"serves\":{\"ipv4\":true,\"ipv6\":true},\"uid\":1000,\"user\":\"jo\\\"e\",\"inode\":77,\"cookie\":26,"
	   "\"shutdown\":0,\"source\":\"sock_diag\",\"process\":[{\"name\":\"date\\nserver\",\"pid\":4242,\"fd\":3},"
	   "{\"name\":\"sh\",\"pid\":4243,\"fd\":5}],\"memory\":{\"receive\":0,\"receive_most\":131072,\"send\":0,"
	   "\"send_most\":0,\"forward\":0,\"queued\":0,\"option\":0,\"backlog\":0,\"drops\":2}}\n");
	socket_fields_free(fields);
}

static void test_many_owners(void **state)
{
	struct holder *many = calloc(5000, sizeof *many);
	struct socket socket = listener();
	struct socket_row row = { .socket = &socket, .holders = many, .holder_count = 5000 };
	struct socket_fields *fields = socket_fields_new(NULL, true);

	(void)state;
	for (unsigned i = 0; i < 5000; i++)
		many[i] = (struct holder){ 77, &server, (int)i };
	assert_int_equal(socket_fields_of(fields, &row)->field_count, PACKET_MAX_FIELDS);
	socket_fields_free(fields);
	free(many);
}

static const struct {
	const char *expression;
	bool passes;
} filters[] = {
	{ "state == \"LISTEN\" and sport == 5555", true },
	{ "state == \"ESTABLISHED\"", false },
	{ "process == \"sh\" and pid == 4242", true },
	{ "process == \"bash\"", false },
	{ "memory.drops > 2", false },
	{ "memory.drops >= 2 and recv_q > send_q", true },
	{ "ipv6.src == ::/128 and not ip.src and not dport", true },
	{ "port == 5555 and serves.ipv4 == true and v6only == 0", true },
	{ "tcp_info.rtt", false },
	{ "timer.name == \"on\"", false },
};

static void test_filters(void **state)
{
	struct socket socket = listener();
	const struct socket_row row = { &socket, owners, 2, NULL, 0, NULL, NULL };

	(void)state;
	for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
		struct error err = { "" };
		struct filter *filter = filter_compile_for(&socket_names, filters[i].expression, &err);
		struct socket_fields *fields;

		if (!filter)
			fail_msg("%s", err.text);
		fields = socket_fields_new(filter, false);
		if (filter_run(filter, socket_fields_of(fields, &row)) != filters[i].passes)
			fail_msg("%s: not what is expected", filters[i].expression);
		socket_fields_free(fields);
		filter_free(filter);
	}
}

static void test_text(void **state)
{
	const struct sockets_look look = {
		.state = true, .processes = true, .extended = true, .memory = true, .one_line = true
	};
	struct socket socket = listener();
	const struct socket_row row = { &socket, owners, 2, owners + 1, 1, "e\x1b[1m", NULL };
	struct sheet sheet;
	struct text out = { 0 };

	(void)state;
	sockets_ss_sheet(&sheet, &look);
	sockets_ss_row(&sheet, &look, &row);
	sheet_print(&sheet, &out);
	is(&out, "LISTEN 6      5         *%e\\x1b[1m:5555            *:*    "
		 "users:((\"date\\nserver\",pid=4242,fd=3),(\"sh\",pid=4243,fd=5)) uid:1000 ino:77 sk:1a v6only:0 <-> "
		 "peer:((\"sh\",pid=4243,fd=5)) skmem:(r0,rb131072,t0,tb0,f0,w0,o0,bl0,d2)\n");
	sheet_release(&sheet);
}

static const struct {
	uint8_t kind, state;
	uint32_t receive, send;
	uint8_t retransmits;
	const char *note;
} notes[] = {
	{ SOCKET_TCP, SOCKET_LISTEN, 6, 5, 0,
	  "tcp 10.0.0.1:80: 6 connections wait for accept(), and 5 may: the queue is full, further clients are not let "
	  "in. date\\nserver (pid 4242) does not call accept() fast enough.\n" },
	{ SOCKET_TCP, SOCKET_LISTEN, 1, 5, 0, "tcp 10.0.0.1:80: 1 connection waits for accept() (5 may).\n" },
	{ SOCKET_TCP, SOCKET_LISTEN, 0, 5, 0, "" },
	{ SOCKET_TCP, SOCKET_CLOSE_WAIT, 1, 0, 0,
	  "tcp 10.0.0.1:80: the peer has closed the connection, and date\\nserver (pid 4242) has not: when this stays, "
	  "it "
	  "does not call close().\n" },
	{ SOCKET_TCP, SOCKET_ESTABLISHED, 0, 9, 0, "" },
	{ SOCKET_TCP, SOCKET_ESTABLISHED, 0, 9, 3,
	  "tcp 10.0.0.1:80: 9 octets are not acknowledged, and were sent again 3 times: the peer, or the path to it, "
	  "does "
	  "not answer.\n" },
	{ SOCKET_TCP, SOCKET_SYN_SENT, 0, 1, 1,
	  "tcp 10.0.0.1:80: connect() has no answer yet, and the SYN was sent again 1 time: the peer, or the path to "
	  "it, "
	  "does not answer.\n" },
	{ SOCKET_TCP, SOCKET_TIME_WAIT, 1, 0, 0, "" },
	{ SOCKET_UDP, SOCKET_CLOSE, 832, 0, 0,
	  "udp 10.0.0.1:80: datagrams that take 832 octets of memory wait to be read: date\\nserver (pid 4242) does "
	  "not "
	  "read, or reads slowly.\n" },
};

static void test_notes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof notes / sizeof *notes; i++) {
		struct socket socket = { .kind = notes[i].kind,
					 .state = notes[i].state,
					 .family = AF_INET,
					 .receive_queue = notes[i].receive,
					 .send_queue = notes[i].send,
					 .retransmits = notes[i].retransmits,
					 .local = at("10.0.0.1", 80) };
		const struct socket_row row = { &socket, owners, 2, NULL, 0, NULL, NULL };
		struct text out = { 0 };
		unsigned count = 0;

		sockets_note(&out, &row, &count);
		assert_int_equal(count, *notes[i].note != '\0');
		is(&out, notes[i].note);
	}
}

static void test_notes_limit(void **state)
{
	struct socket socket = listener();
	const struct socket_row row = { .socket = &socket };
	struct text out = { 0 };
	unsigned count = 0;
	size_t length = 0;

	(void)state;
	for (unsigned i = 0; i < SOCKETS_NOTES + 5; i++) {
		sockets_note(&out, &row, &count);
		if (i == SOCKETS_NOTES - 1)
			length = out.length;
	}
	assert_int_equal(out.length, length);
	text_clear(&out);
	sockets_notes_end(&out, count);
	is(&out, "5 more sockets are remarkable.\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),    cmocka_unit_test(test_documented),  cmocka_unit_test(test_json),
		cmocka_unit_test(test_filters), cmocka_unit_test(test_many_owners), cmocka_unit_test(test_text),
		cmocka_unit_test(test_notes),   cmocka_unit_test(test_notes_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
