/* SPDX-License-Identifier: BSD-2-Clause */
/* How a conversation of the chat client ends: by either side, in good order or not, by a signal, or before it began. */
#include "chat_world.h"

static void test_server_ends(void **state)
{
	struct world w;

	(void)state;
	started(&w, NULL);
	server_hears(&w, "/nick alice\n");
	serve(&w, "too late");
	hang_up(&w);
	await(&w, "received too late\nclosed the server ended\n");
	finish(&w, CLIENT_NO);
}

/* Whoever says goodbye himself is done when the server ends. */
static void test_own_goodbye(void **state)
{
	static const char *const words[] = { "/quit", "exit", "/leave" };

	(void)state;
	for (size_t i = 0; i < COUNT(words); i++) {
		char wanted[16];
		struct world w;

		started(&w, NULL);
		server_hears(&w, "/nick alice\n");
		snprintf(wanted, sizeof wanted, "%s\n", words[i]);
		type(&w, wanted);
		server_hears(&w, wanted);
		hang_up(&w);
		await(&w, "closed the server ended\n");
		finish(&w, CLIENT_DONE);
	}
}

/* All that came before is reported. */
static void test_reset(void **state)
{
	struct linger linger = { .l_onoff = 1 };
	struct world w;

	(void)state;
	started(&w, NULL);
	server_hears(&w, "/nick alice\n");
	serve(&w, "bob: one\nbob: two");
	setsockopt(w.server, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
	hang_up(&w);
	await(&w, "received (bob>) bob: one\\n\nreceived (bob>) bob: two\ntrouble reset: 127.0.0.1:");
	await(&w, "closed the connection was lost\n");
	finish(&w, CLIENT_NO);
}

static void test_server_never_ends(void **state)
{
	struct world w;

	(void)state;
	set_up(&w, NULL);
	w.options.client.timeout_ns = 200 * MS;
	start(&w);
	end_input(&w);
	await(&w, "sent /quit\\n\nclosed the server did not end in time; we did\n");
	finish(&w, CLIENT_DONE);
}

static void test_never_asked(void **state)
{
	struct world w;

	(void)state;
	set_up(&w, "token");
	w.options.client.timeout_ns = 200 * MS;
	start(&w);
	serve(&w, "welcome\n");
	await(&w, "trouble the server did not ask for the name; it is told all the same: see --peer");
	await(&w, "sent alice\\n\n");
	end_input(&w);
	hang_up(&w);
	pthread_join(w.thread, NULL);
	text_release(&w.log);
}

static void test_signal(void **state)
{
	struct world w;

	(void)state;
	started(&w, NULL);
	server_hears(&w, "/nick alice\n");
	assert_int_equal(write(w.signals[1], "", 1), 1);
	server_hears(&w, "/quit\n");
	serve(&w, "bob: bye\n");
	hang_up(&w);
	await(&w, "received (bob>) bob: bye\\n\nclosed the server ended\n");
	finish(&w, CLIENT_DONE);
}

/* The server does not care. */
static void test_signal_unheard(void **state)
{
	struct world w;

	(void)state;
	started(&w, "prompt");
	assert_int_equal(write(w.signals[1], "", 1), 1);
	server_hears(&w, "");
	await(&w, "closed the server did not end in time; we did\n");
	finish(&w, CLIENT_DONE);
}

static void test_listens_only(void **state)
{
	struct world w;

	(void)state;
	set_up(&w, NULL);
	w.options.client.input = -1;
	start(&w);
	server_hears(&w, "/nick alice\n");
	serve(&w, "bob: hi\n");
	hang_up(&w);
	await(&w, "received (bob>) bob: hi\\n\nclosed the server ended\n");
	finish(&w, CLIENT_DONE);
}

static void test_cannot_start(void **state)
{
	struct world w;

	(void)state;
	set_up(&w, NULL);
	close(w.listener);
	assert_int_equal(chat_client_run(&w.options, &w.tally, &w.err), CLIENT_NO);
	assert_true(has(&w.log, "trouble refused: nobody listens on 127.0.0.1:"));
	w.options.client.host = "300.0.0.1";
	assert_int_equal(chat_client_run(&w.options, &w.tally, &w.err), CLIENT_ERROR);
	assert_string_not_equal(w.err.text, "");
	w.options.user = "alice\n/quit";
	assert_int_equal(chat_client_run(&w.options, &w.tally, &w.err), CLIENT_ERROR);
	assert_string_equal(w.err.text, "no name for a chat: it has more than a line; choose another with --user");
	text_release(&w.log);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_server_ends),
		cmocka_unit_test(test_own_goodbye),
		cmocka_unit_test(test_reset),
		cmocka_unit_test(test_server_never_ends),
		cmocka_unit_test(test_never_asked),
		cmocka_unit_test(test_signal),
		cmocka_unit_test(test_signal_unheard),
		cmocka_unit_test(test_listens_only),
		cmocka_unit_test(test_cannot_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
