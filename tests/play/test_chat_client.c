/* SPDX-License-Identifier: BSD-2-Clause */
/* What the chat client says and hears: handshakes, private forms, terminators, pauses, lengths, lines without end. */
#include "chat_world.h"

static void test_own(void **state)
{
	struct world w;

	(void)state;
	started(&w, NULL);
	server_hears(&w, "/nick alice\n");
	serve(&w, "* alice joined\nbob: hi\n");
	await(&w, "received (alice>) * alice joined\\n\nreceived (bob>) bob: hi\\n\n");
	type(&w, "hello\r\n");
	server_hears(&w, "hello\n");
	type(&w, "@bob  psst you\n");
	server_hears(&w, "@bob psst you\n");
	type(&w, "/me waves\n");
	server_hears(&w, "/me waves\n");
	serve(&w, "[private] bob -> alice: psst\n");
	await(&w, "received (bob>alice) [private] bob -> alice: psst\\n\n");
	end_input(&w);
	server_hears(&w, "/quit\n");
	serve(&w, "bob: bye\n");
	hang_up(&w);
	finish(&w, CLIENT_DONE);
	assert_int_equal(w.tally.connections, 1);
	assert_int_equal(w.tally.messages_out, 5);
	assert_int_equal(w.tally.octets_out, 12 + 6 + 14 + 10 + 6);
	assert_int_equal(w.tally.messages_in, 4);
	assert_int_equal(w.tally.octets_in, 15 + 8 + 29 + 9);
}

/* What the server says, part by part; after the last one, and not before, it is told the name. */
static const struct {
	const char *style, *says[4], *log;
} handshakes[] = {
	{ "first-line", { NULL }, "connected \nsent alice\\n\n" },
	{ "prompt", { "Your name: " }, "connected \nreceived Your name: \nsent alice\\n\n" },
	{ "token", { "NICK" }, "connected \nreceived NICK\nsent alice\\n\n" },
	{ "token", { "hello\n", "nickname? " }, "received hello\\n\nreceived nickname? \nsent alice\\n\n" },
	{ "token", { "hola\n", "@nombre_", "usuario\n" },
	  "received hola\\n\nreceived @nombre_usuario\\n\nsent alice\\n\n" },
	{ "token", { "SUBMITNAME\n" }, "connected \nreceived SUBMITNAME\\n\nsent alice\\n\n" },
	{ "token,/pm", { "Please submitname\n" }, "connected \nreceived Please submitname\\n\nsent alice\\n\n" },
};

static void test_handshakes(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(handshakes); i++) {
		struct world w;

		started(&w, handshakes[i].style);
		type(&w, "not before\n");
		for (size_t j = 0; handshakes[i].says[j]; j++) {
			const char *part = handshakes[i].says[j];

			serve(&w, part);
			if (strchr(part, '\n') && handshakes[i].says[j + 1])
				await(&w, "received ");
		}
		await(&w, handshakes[i].log);
		await(&w, "sent not before\\n\n");
		end_input(&w);
		shutdown(w.server, SHUT_WR);
		finish(&w, CLIENT_DONE);
	}
}

static const struct {
	const char *style, *typed, *sent;
} privates[] = {
	{ "@", "@bob hi there", "@bob hi there\n" },
	{ "/msg", "@bob hi there", "/msg bob hi there\n" },
	{ "/pm", "@bob   hi there", "/pm bob hi there\n" },
	{ "MSG", "@bob hi there", "MSG bob hi there\n" },
	{ "\\dm", "@bob hi there", "\\dm bob hi there\n" },
	{ "/pm", "@bob", "@bob\n" },
	{ "/pm", "@bob  ", "@bob  \n" },
	{ "/pm", "@ bob hi", "@ bob hi\n" },
	{ "/pm", "to @bob hi", "to @bob hi\n" },
	{ "/pm", "/msg bob hi", "/msg bob hi\n" },
	{ "/pm", "h\xc3\xa9 %u %o %t", "h\xc3\xa9 %u %o %t\n" },
	{ "/pm", "", "\n" },
};

static void test_privates(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(privates); i++) {
		struct world w;

		started(&w, privates[i].style);
		server_hears(&w, "/nick alice\n");
		type(&w, privates[i].typed);
		type(&w, "\n");
		server_hears(&w, privates[i].sent);
		end_input(&w);
		server_hears(&w, "/quit\n");
		hang_up(&w);
		finish(&w, CLIENT_DONE);
	}
}

static void test_terminators(void **state)
{
	static const char *const terminators[] = { "", "\n", "\r\n" };

	(void)state;
	for (size_t i = 0; i < COUNT(terminators); i++) {
		char wanted[32];
		struct world w;

		set_up(&w, "first-line");
		w.options.client.terminator = terminators[i];
		start(&w);
		snprintf(wanted, sizeof wanted, "alice%s", terminators[i]);
		server_hears(&w, wanted);
		type(&w, "\nhello\n"); /* an empty line without terminator is nothing */
		if (*terminators[i])
			server_hears(&w, terminators[i]);
		snprintf(wanted, sizeof wanted, "hello%s", terminators[i]);
		server_hears(&w, wanted);
		end_input(&w);
		server_hears(&w, "");
		hang_up(&w);
		finish(&w, CLIENT_DONE);
	}
}

static void check_pause(const char *style, const char *terminator, int64_t pause_ns)
{
	struct world w;

	set_up(&w, style);
	w.options.client.terminator = terminator;
	start(&w);
	type(&w, "one\ntwo\nthree\n");
	end_input(&w);
	await(&w, "sent three");
	hang_up(&w);
	pthread_join(w.thread, NULL);
	assert_true(w.sent >= 4);
	for (size_t i = 1; i < 4; i++)
		assert_true(w.sent_at[i] - w.sent_at[i - 1] >= pause_ns);
	text_release(&w.log);
}

/* A server that takes one recv for one message needs time between two. */
static void test_pause(void **state)
{
	(void)state;
	check_pause("first-line", "\n", CHAT_PAUSE_NS);
	check_pause("nick", "", CHAT_PAUSE_NS);
	check_pause(NULL, "", 300 * MS); /* our own server tells messages without end apart by their pause */
}

static void test_count(void **state)
{
	struct world w;

	(void)state;
	set_up(&w, NULL);
	w.options.client.count = 2;
	start(&w);
	type(&w, "one\ntwo\nthree\n");
	await(&w, "sent one\\n\nsent two\\n\nsent /quit\\n\n");
	hang_up(&w);
	pthread_join(w.thread, NULL);
	assert_false(has(&w.log, "three"));
	text_release(&w.log);
}

/* ------------------------------------------------------------------------------------------------ lengths */

static void test_long_lines(void **state)
{
	char line[CHAT_LINE_SAFE + 2], wanted[CHAT_LINE_SAFE + 1];
	struct world w;

	(void)state;
	started(&w, NULL);
	server_hears(&w, "/nick alice\n");
	memset(line, 'x', sizeof line);
	line[CHAT_LINE_SAFE] = '\n';
	line[CHAT_LINE_SAFE + 1] = '\0';
	type(&w, line); /* with its terminator one octet too many */
	await(&w, "trouble a line was not sent: servers read 1023 octets at once, and it has more; make two of it\n");
	type(&w, line + 1);
	memcpy(wanted, line + 1, sizeof wanted);
	server_hears(&w, wanted);
	end_input(&w);
	server_hears(&w, "/quit\n");
	hang_up(&w);
	finish(&w, CLIENT_DONE);
}

static void test_endless_line_typed(void **state)
{
	FILE *file = tmpfile();
	struct world w;

	(void)state;
	for (int i = 0; i < 100000; i++)
		fputc('x', file);
	fputs("\nshort\n", file);
	rewind(file);
	set_up(&w, NULL);
	w.options.client.input = fileno(file);
	start(&w);
	await(&w, "trouble a line was not sent: ");
	await(&w, "sent short\\n\nsent /quit\\n\n");
	shutdown(w.server, SHUT_WR);
	finish(&w, CLIENT_DONE);
	fclose(file);
}

/* The server does not read: the client still listens, and nothing of what it says gets lost. */
static void test_slow_server(void **state)
{
	enum { LINES = 8000, LENGTH = 1000 };
	FILE *file = tmpfile();
	size_t got = 0;
	char data[65536];
	struct world w;

	(void)state;
	for (int i = 0; i < LINES; i++)
		fprintf(file, "%0*d\n", LENGTH - 1, i);
	rewind(file);
	set_up(&w, NULL);
	w.options.client.input = fileno(file);
	start(&w);
	await(&w, "sent 0000");
	serve(&w, "bob: are you there?\n");
	await(&w, "received (bob>) bob: are you there?\\n\n");
	while (true) {
		ssize_t n = recv(w.server, data, sizeof data, 0);

		assert_true(n > 0);
		got += (size_t)n;
		if (data[n - 1] == '\n' && n >= 6 && !memcmp(data + n - 6, "/quit\n", 6))
			break;
	}
	assert_int_equal(got, 12 + LINES * LENGTH + 6);
	hang_up(&w);
	finish(&w, CLIENT_DONE);
	assert_int_equal(w.tally.octets_out, got);
	assert_int_equal(w.tally.messages_out, LINES + 2);
	fclose(file);
}

/* ------------------------------------------------------------------------------------------------ hearing */

static void test_without_newline(void **state)
{
	struct world w;

	(void)state;
	started(&w, NULL);
	server_hears(&w, "/nick alice\n");
	serve(&w, "bob: one\nbob: t");
	serve(&w, "wo\nbob: three");
	await(&w, "received (bob>) bob: one\\n\nreceived (bob>) bob: two\\n\nreceived (bob>) bob: three\n");
	serve(&w, "\xffrubbish\x1b[2J");
	await(&w, "received \\xffrubbish\\x1b[2J\n");
	end_input(&w);
	server_hears(&w, "/quit\n");
	serve(&w, "the last");
	hang_up(&w);
	finish(&w, CLIENT_DONE);
	assert_int_equal(w.tally.messages_in, 5);
}

/* The end of a C string, sent with it. */
static void test_nul(void **state)
{
	static const char data[] = "bob: one\n\0bob: two\n\0";
	struct world w;

	(void)state;
	started(&w, NULL);
	assert_int_equal(send(w.server, data, sizeof data - 1, 0), sizeof data - 1);
	await(&w, "received (bob>) bob: one\\n\nreceived (bob>) bob: two\\n\n");
	end_input(&w);
	hang_up(&w);
	pthread_join(w.thread, NULL);
	assert_int_equal(w.tally.messages_in, 2);
	text_release(&w.log);
}

static void test_endless_line_heard(void **state)
{
	static char data[300000];
	struct world w;

	(void)state;
	started(&w, NULL);
	server_hears(&w, "/nick alice\n");
	memset(data, 'x', sizeof data);
	for (size_t at = 0; at < sizeof data;) {
		ssize_t n = send(w.server, data + at, sizeof data - at, 0);

		assert_true(n > 0);
		at += (size_t)n;
	}
	end_input(&w);
	server_hears(&w, "/quit\n");
	hang_up(&w);
	finish(&w, CLIENT_DONE);
	assert_int_equal(w.octets_received, sizeof data);
	assert_true(w.tally.messages_in >= 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_own),
		cmocka_unit_test(test_handshakes),
		cmocka_unit_test(test_privates),
		cmocka_unit_test(test_terminators),
		cmocka_unit_test(test_pause),
		cmocka_unit_test(test_count),
		cmocka_unit_test(test_long_lines),
		cmocka_unit_test(test_endless_line_typed),
		cmocka_unit_test(test_slow_server),
		cmocka_unit_test(test_without_newline),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_endless_line_heard),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
