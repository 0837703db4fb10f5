/* SPDX-License-Identifier: BSD-2-Clause */
/* How a conversation of the chat client ends: by either side, in good order or not, by a signal, or before it began. */
#include "chat_world.h"

#include <signal.h>
#include <sys/wait.h>

#include "base/process.h"

static void test_server_ends(void **state)
{
	struct world w;
	char wanted[160];

	(void)state;
	started(&w, NULL);
	server_hears(&w, "/nick alice\n");
	serve(&w, "too late");
	hang_up(&w);
	snprintf(wanted, sizeof wanted,
		 "received too late\ntrouble closed: 127.0.0.1:%s has ended the connection; nothing can be sent there "
		 "any more\nclosed the server ended\n",
		 w.port);
	await(&w, wanted);
	finish(&w, CLIENT_NO);
}

/* A name that is taken: what was to be said is not sent, since the server would take it for another name. */
static void test_name_refused(void **state)
{
	struct world w;

	(void)state;
	started(&w, NULL);
	type(&w, "hello\n");
	server_hears(&w, "/nick alice\n");
	serve(&w, "* welcome: who are you?\n");
	serve(&w, "* refused: the name alice is taken\n");
	server_hears(&w, "/quit\n");
	await(&w, "trouble the name 'alice' was refused: choose another with --user\nsent /quit\\n\n");
	hang_up(&w);
	finish(&w, CLIENT_NO);
}

/* Nothing is said before sonde's own server has taken the name; what it refuses later is no name. */
static void test_name_taken(void **state)
{
	struct world w;

	(void)state;
	started(&w, NULL);
	type(&w, "hello\n");
	server_hears(&w, "/nick alice\n");
	serve(&w, "* welcome: who are you?\n");
	await(&w, "received * welcome: who are you?\\n\n");
	serve(&w, "* alice joined\n");
	await(&w, "received (alice>) * alice joined\\n\nsent hello\\n\n");
	server_hears(&w, "hello\n");
	serve(&w, "* refused: no\n");
	end_input(&w);
	server_hears(&w, "/quit\n");
	hang_up(&w);
	finish(&w, CLIENT_DONE);
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

/* What has no end yet when the time is over was said all the same. */
static void test_half_a_message_at_the_end(void **state)
{
	struct world w;

	(void)state;
	set_up(&w, NULL);
	w.options.client.timeout_ns = 100 * MS; /* less than the quiet after which it would be reported anyway */
	start(&w);
	server_hears(&w, "/nick alice\n");
	serve(&w, "* alice joined\n");
	await(&w, "received (alice>) * alice joined\\n\n");
	serve(&w, "bob: half");
	end_input(&w);
	await(&w, "received (bob>) bob: half\n");
	await(&w, "closed the server did not end in time; we did\n");
	finish(&w, CLIENT_DONE);
}

/* In a process of its own: it is to be ended. */
static pid_t connect_in_vain(const struct address *at)
{
	char port[8];
	struct chat_client options = { .client = { .host = "127.0.0.1", .type = SOCK_STREAM, .terminator = "\n",
						   .input = -1, .port = port },
				       .user = "alice" };
	struct tally tally = { 0 };
	struct error err;
	int ready[2];
	char octet;
	pid_t child;

	snprintf(port, sizeof port, "%u", address_port(at));
	assert_int_equal(pipe(ready), 0);
	child = fork();
	if (!child) {
		alarm(60);
		options.client.signals = process_signals(&err);
		if (chat_peer_find(NULL, &options.peer, &err) < 0 || write(ready[1], "", 1) != 1)
			_exit(99);
		chat_client_run(&options, &tally, &err);
		_exit(98);
	}
	assert_int_equal(read(ready[0], &octet, 1), 1);
	close(ready[0]);
	close(ready[1]);
	return child;
}

/* Nobody answers the handshake: a backlog of 0 holds one connection, and that place is taken. */
static void test_signal_while_connecting(void **state)
{
	int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int first = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct address at;
	pid_t child;
	int status;

	(void)state;
	assert_int_equal(listen(server, 0), 0);
	assert_int_equal(sock_name(NULL, server, &at, NULL), 0);
	assert_int_equal(connect(first, (struct sockaddr *)&at.storage, at.length), 0);
	child = connect_in_vain(&at);
	assert_int_equal(kill(child, SIGTERM), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGTERM);
	close(first);
	close(server);
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
		cmocka_unit_test(test_name_refused),
		cmocka_unit_test(test_name_taken),
		cmocka_unit_test(test_own_goodbye),
		cmocka_unit_test(test_reset),
		cmocka_unit_test(test_server_never_ends),
		cmocka_unit_test(test_half_a_message_at_the_end),
		cmocka_unit_test(test_never_asked),
		cmocka_unit_test(test_signal),
		cmocka_unit_test(test_signal_unheard),
		cmocka_unit_test(test_signal_while_connecting),
		cmocka_unit_test(test_listens_only),
		cmocka_unit_test(test_cannot_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
