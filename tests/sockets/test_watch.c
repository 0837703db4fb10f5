/* SPDX-License-Identifier: BSD-2-Clause */
/* What becomes of sockets between looks, told of tables that are made up. */
#include "../net/numbered.h"
#include "../net/own.h"
#include "sockets/watch.h"

/* What was told, a word and a cookie each: "+1 ~2". */
struct heard {
	struct text text;
	uint64_t of_interest; /* the socket of this cookie is */
};

static bool hear(void *context, const struct watch_event *event)
{
	static const char marks[] = {
		[WATCH_THERE] = '=', [WATCH_NEW] = '+', [WATCH_CHANGED] = '~', [WATCH_GONE] = '-', [WATCH_BRIEF] = '!'
	};
	struct heard *heard = context;
	const struct socket *socket = event->socket;

	text_format(&heard->text, "%s%c%llu", heard->text.length ? " " : "", marks[event->change],
		    (unsigned long long)(socket->cookie ? socket->cookie : socket->inode));
	if (event->what & WATCH_STATE)
		text_format(&heard->text, " state %u>%u", event->before->state, socket->state);
	if (event->what & WATCH_LOCAL)
		text_string(&heard->text, " local");
	if (event->what & WATCH_REMOTE)
		text_string(&heard->text, " remote");
	if (event->what & WATCH_OWNER)
		text_string(&heard->text, " owner");
	for (size_t i = 0; i < event->holder_count; i++)
		text_format(&heard->text, " %s", event->holders[i].process->name);
	if (event->change == WATCH_GONE)
		text_format(&heard->text, " after %lld", (long long)event->lived);
	if (socket->name)
		text_format(&heard->text, " %s", socket->name);
	text_string(&heard->text, socket->info || socket->congestion ? " info" : "");
	text_string(&heard->text, event->told ? " told" : "");
	return socket->cookie == heard->of_interest;
}

static void heard_is(struct heard *heard, const char *expected)
{
	text_char(&heard->text, '\0');
	assert_string_equal(heard->text.data, expected);
	text_clear(&heard->text);
}

static struct socket made(uint64_t cookie, enum socket_state state)
{
	return (struct socket){ .kind = SOCKET_TCP,
				.state = (uint8_t)state,
				.family = AF_INET,
				.cookie = cookie,
				.inode = 100 + cookie,
				.local = numbered("127.0.0.1", (uint16_t)(1000 + cookie)) };
}

/* A look at so many of the list, at this time. */
static bool look(struct watch *watch, struct heard *heard, struct socket *list, size_t count, int64_t now)
{
	struct socktable table = { .list = list, .count = count };

	return watch_compare(watch, &table, NULL, now, hear, heard);
}

static void there_new_changed_gone(void **state)
{
	struct watch *watch = watch_new();
	struct heard heard = { .of_interest = 2 };
	struct socket list[] = { made(1, SOCKET_LISTEN), made(2, SOCKET_SYN_SENT) };

	(void)state;
	assert_false(look(watch, &heard, list, 1, 10));
	heard_is(&heard, "=1");
	assert_false(look(watch, &heard, list, 1, 20));
	heard_is(&heard, "");
	assert_false(look(watch, &heard, list, 2, 30));
	heard_is(&heard, "+2");
	list[1].state = SOCKET_ESTABLISHED;
	list[1].receive_queue = 5; /* of no interest */
	assert_false(look(watch, &heard, list, 2, 40));
	heard_is(&heard, "~2 state 2>1 told");
	list[1].remote = numbered("127.0.0.1", 7);
	list[1].local = numbered("127.0.0.2", 7);
	assert_false(look(watch, &heard, list, 2, 50));
	heard_is(&heard, "~2 local remote told");
	assert_true(look(watch, &heard, list, 1, 60)); /* not there: it may have been left out */
	heard_is(&heard, "");
	assert_false(look(watch, &heard, list, 1, 61));
	heard_is(&heard, "-2 after 31 told");
	assert_true(look(watch, &heard, list, 0, 70));
	assert_false(look(watch, &heard, list, 0, 71));
	heard_is(&heard, "-1 after -1");
	text_release(&heard.text);
	watch_free(watch);
}

static void left_out_once_and_told_twice(void **state)
{
	struct watch *watch = watch_new();
	struct heard heard = { 0 };
	struct socket list[] = { made(1, SOCKET_ESTABLISHED), made(2, SOCKET_ESTABLISHED), made(2, SOCKET_CLOSE) };

	(void)state;
	look(watch, &heard, list, 2, 10);
	heard_is(&heard, "=1 =2");
	assert_true(look(watch, &heard, list, 1, 20));
	assert_false(look(watch, &heard, list, 3, 30));
	heard_is(&heard, "");
	text_release(&heard.text);
	watch_free(watch);
}

static void the_kernel_says_what_ended(void **state)
{
	struct watch *watch = watch_new();
	struct heard heard = { 0 };
	struct socket list[] = { made(1, SOCKET_ESTABLISHED), made(2, SOCKET_ESTABLISHED) };
	struct socket brief = made(3, SOCKET_CLOSE), unbound = made(4, SOCKET_CLOSE), waits = made(5, SOCKET_CLOSE);

	(void)state;
	unbound.local = (struct address){ 0 };
	look(watch, &heard, list, 2, 10);
	heard_is(&heard, "=1 =2");
	watch_destroyed(watch, &list[1]);
	watch_destroyed(watch, &brief);
	watch_destroyed(watch, &unbound);
	assert_false(look(watch, &heard, list, 1, 20)); /* nobody need look again */
	heard_is(&heard, "!3 -2 after -1");
	assert_false(look(watch, &heard, list, 1, 30));
	heard_is(&heard, "");
	/* One that waits out its time keeps its cookie: it has ended, but it is there. */
	watch_destroyed(watch, &list[0]);
	list[0].state = SOCKET_TIME_WAIT;
	list[0].inode = 0;
	watch_destroyed(watch, &waits);
	list[1] = made(5, SOCKET_TIME_WAIT);
	assert_false(look(watch, &heard, list, 2, 40));
	heard_is(&heard, "~1 state 1>6 +5");
	assert_true(look(watch, &heard, list, 0, 50));
	assert_false(look(watch, &heard, list, 0, 60));
	text_clear(&heard.text);
	text_release(&heard.text);
	watch_free(watch);
}

static void the_kernel_says_it_later_than_the_table(void **state)
{
	struct watch *watch = watch_new();
	struct heard heard = { 0 };
	struct socket one = made(1, SOCKET_CLOSE);

	(void)state;
	look(watch, &heard, &one, 1, 10);
	assert_true(look(watch, &heard, &one, 0, 20));
	assert_false(look(watch, &heard, &one, 0, 30));
	heard_is(&heard, "=1 -1 after -1");
	assert_false(look(watch, &heard, &one, 1, 40)); /* it was left out for long */
	heard_is(&heard, "+1");
	assert_true(look(watch, &heard, &one, 0, 50));
	assert_false(look(watch, &heard, &one, 0, 60));
	heard_is(&heard, "-1 after 20");
	watch_destroyed(watch, &one);
	assert_false(look(watch, &heard, &one, 0, 70));
	heard_is(&heard, "");
	watch_destroyed(watch, &one); /* a second time: by then it is forgotten */
	assert_false(look(watch, &heard, &one, 0, 80));
	heard_is(&heard, "!1");
	text_release(&heard.text);
	watch_free(watch);
}

static void more_than_can_be_told(void **state)
{
	struct watch *watch = watch_new();
	struct heard heard = { 0 };
	struct socket brief = made(1, SOCKET_CLOSE);

	(void)state;
	for (unsigned i = 0; i < WATCH_DESTROYED + 3; i++) {
		brief.cookie = i + 1;
		watch_destroyed(watch, &brief);
	}
	look(watch, &heard, NULL, 0, 1);
	assert_int_equal(watch_missed(watch), 3);
	assert_int_equal(watch_missed(watch), 0);
	text_release(&heard.text);
	watch_free(watch);
}

/* ------------------------------------------------------------------------------------------------ processes */

static const struct process processes[] = { { .pid = 10, .name = "server" }, { .pid = 20, .name = "child" } };

/* A look with these holders. */
static void look_with(struct watch *watch, struct heard *heard, struct socket *socket, struct holder *list,
		      size_t count)
{
	struct socktable table = { .list = socket, .count = 1 };
	struct holders holders = { .list = list, .count = count };

	watch_compare(watch, &table, &holders, 1, hear, heard);
}

static void processes_of_a_socket(void **state)
{
	struct watch *watch = watch_new();
	struct heard heard = { 0 };
	struct socket socket = made(1, SOCKET_ESTABLISHED);
	struct socktable table = { .list = &socket, .count = 1 };
	struct holder list[] = { { 101, &processes[0], 3 }, { 101, &processes[0], 4 }, { 101, &processes[1], 3 } };

	(void)state;
	socket.inode = 0; /* it waits for accept() */
	assert_false(watch_asks(watch, &table));
	look_with(watch, &heard, &socket, list, 3);
	heard_is(&heard, "=1");
	assert_false(watch_asks(watch, &table));
	socket.inode = 101;
	assert_true(watch_asks(watch, &table));
	look_with(watch, &heard, &socket, list, 1);
	heard_is(&heard, "~1 owner server");
	assert_false(watch_asks(watch, &table));
	look_with(watch, &heard, &socket, list, 2); /* a second descriptor is not a second process */
	heard_is(&heard, "");
	look_with(watch, &heard, &socket, list, 3);
	heard_is(&heard, "~1 owner server server child");
	look_with(watch, &heard, &socket, NULL, 0); /* it is about to go, or was not seen */
	heard_is(&heard, "");
	socket.state = SOCKET_FIN_WAIT1;
	socket.inode = 0; /* closed by the last of them */
	look_with(watch, &heard, &socket, list, 3);
	heard_is(&heard, "~1 state 1>4 server server child");
	text_release(&heard.text);
	watch_free(watch);
}

static void a_name_that_is_gone_is_kept(void **state)
{
	struct watch *watch = watch_new();
	struct heard heard = { 0 };
	char name[] = "date", path[] = "/tmp/socket";
	struct process process = { .pid = 10, .name = name };
	struct holder holder = { 101, &process, 3 };
	struct socket socket = made(1, SOCKET_ESTABLISHED);

	(void)state;
	socket.kind = SOCKET_UNIX;
	socket.name = path;
	socket.congestion = name;
	socket.info = (const void *)name;
	look_with(watch, &heard, &socket, &holder, 1);
	heard_is(&heard, "=1 date /tmp/socket info");
	memset(name, 'x', 4);
	memset(path, 'y', 4);
	look(watch, &heard, NULL, 0, 2);
	look(watch, &heard, NULL, 0, 3);
	heard_is(&heard, "-1 date after -1 /tmp/socket");
	text_release(&heard.text);
	watch_free(watch);
}

/* ------------------------------------------------------------------------------------------------ /proc/net */

static void without_cookies(void **state)
{
	struct watch *watch = watch_new();
	struct heard heard = { .of_interest = UINT64_MAX };
	struct socket list[] = { made(0, SOCKET_ESTABLISHED), made(0, SOCKET_ESTABLISHED), made(0, SOCKET_TIME_WAIT) };

	(void)state;
	list[0].inode = 7;
	list[1].inode = 8;
	list[2].inode = 0;
	look(watch, &heard, list, 3, 1);
	heard_is(&heard, "=7 =8 =0");
	list[0].state = SOCKET_CLOSE_WAIT;
	look(watch, &heard, list, 3, 2);
	heard_is(&heard, "~7 state 1>8");
	list[2].local = numbered("127.0.0.9", 9);
	look(watch, &heard, list, 3, 3);
	heard_is(&heard, "+0");
	look(watch, &heard, list, 3, 4);
	heard_is(&heard, "-0 after -1");
	text_release(&heard.text);
	watch_free(watch);
}

static void thousands(void **state)
{
	enum { MANY = 20000 };
	struct watch *watch = watch_new();
	struct heard heard = { 0 };
	struct socket *list = malloc(MANY * sizeof *list);

	(void)state;
	for (unsigned i = 0; i < MANY; i++)
		list[i] = made(i + 1, SOCKET_ESTABLISHED);
	look(watch, &heard, list, MANY, 1);
	text_clear(&heard.text);
	look(watch, &heard, list, MANY, 2);
	heard_is(&heard, "");
	look(watch, &heard, list, MANY - 1, 3);
	look(watch, &heard, list, MANY - 1, 4);
	heard_is(&heard, "-20000 after -1");
	free(list);
	text_release(&heard.text);
	watch_free(watch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_new_changed_gone),
		cmocka_unit_test(left_out_once_and_told_twice),
		cmocka_unit_test(the_kernel_says_what_ended),
		cmocka_unit_test(the_kernel_says_it_later_than_the_table),
		cmocka_unit_test(more_than_can_be_told),
		cmocka_unit_test(processes_of_a_socket),
		cmocka_unit_test(a_name_that_is_gone_is_kept),
		cmocka_unit_test(without_cookies),
		cmocka_unit_test(thousands),
	};

	return cmocka_run_group_tests_name("sockets/watch", tests, NULL, NULL);
}
