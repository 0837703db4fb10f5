/* SPDX-License-Identifier: BSD-2-Clause */
/* Looking into another process: that nothing of it is held afterwards, and what of it is told. */
#include "rows.h"

#include <dirent.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sockets/inspect.h"

#define PATIENCE 60000 /* ms */

/* A child that holds one end of a connection, closes it at a word, and ends at the next. */
struct child {
	pid_t pid;
	int ours;  /* our end of the connection */
	int words; /* written to */
	int done;  /* what it answers */
	int held;  /* its descriptor */
};

static void connect_pair(int pair[2])
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t length = sizeof address;
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(listener, (struct sockaddr *)&address, length), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &length), 0);
	assert_int_equal(listen(listener, 1), 0);
	pair[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(pair[0], (struct sockaddr *)&address, length), 0);
	pair[1] = accept(listener, NULL, NULL);
	assert_true(pair[1] >= 0);
	close(listener);
}

static void live(int held, int words, int done)
{
	char word = 'r';

	if (write(done, &word, 1) != 1)
		_exit(1);
	while (read(words, &word, 1) == 1) {
		close(held);
		if (write(done, &word, 1) != 1)
			break;
	}
	_exit(0);
}

static void start(struct child *child)
{
	int pair[2], words[2], done[2];
	char ready;

	connect_pair(pair);
	assert_int_equal(pipe(words), 0);
	assert_int_equal(pipe(done), 0);
	child->pid = fork();
	assert_true(child->pid >= 0);
	if (!child->pid) {
		close(pair[0]);
		close(words[1]);
		close(done[0]);
		live(pair[1], words[0], done[1]);
	}
	close(pair[1]);
	close(words[0]);
	close(done[1]);
	assert_int_equal(read(done[0], &ready, 1), 1);
	*child = (struct child){ child->pid, pair[0], words[1], done[0], pair[1] };
}

static void tell_to_close(struct child *child)
{
	char word = 'c';

	assert_int_equal(write(child->words, &word, 1), 1);
	assert_int_equal(read(child->done, &word, 1), 1);
}

static void end(struct child *child)
{
	close(child->words);
	close(child->done);
	close(child->ours);
	assert_int_equal(waitpid(child->pid, NULL, 0), child->pid);
}

static unsigned descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	unsigned count = 0;

	assert_non_null(folder);
	while (readdir(folder))
		count++;
	closedir(folder);
	return count;
}

static const struct inspect_value *value_of(const struct inspected *socket, const char *name)
{
	for (size_t i = 0; i < socket->count; i++)
		if (!strcmp(socket->list[i].option->name, name))
			return &socket->list[i];
	return NULL;
}

/* What may be traced is a matter of the system: a child of ours may be, unless it forbids that to everybody. */
static void open_child(struct inspector *inspector, struct child *child)
{
	struct error err = { "" };

	start(child);
	if (inspector_open(inspector, (uint32_t)child->pid, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(inspector->holders.count, 1);
	assert_int_equal(inspector->holders.list[0].fd, child->held);
}

/* ------------------------------------------------------------------------------------------------ */

/* While a copy is open the peer would see no end. */
static void the_copy_is_closed_at_once(void **state)
{
	struct inspector inspector = { .pidfd = -1 };
	struct inspected socket = { 0 };
	struct child child;
	struct error err;
	unsigned before;
	struct pollfd end_seen;
	char octet;

	(void)state;
	open_child(&inspector, &child);
	before = descriptors();
	assert_int_equal(inspect(&inspector, inspector.holders.list, &socket, &err), 1);
	assert_int_equal(descriptors(), before);
	assert_int_equal(socket.source, INSPECT_GETSOCKOPT);
	tell_to_close(&child);
	end_seen = (struct pollfd){ .fd = child.ours, .events = POLLIN };
	assert_int_equal(poll(&end_seen, 1, PATIENCE), 1);
	assert_int_equal(read(child.ours, &octet, 1), 0);
	inspected_release(&socket);
	inspector_close(&inspector);
	end(&child);
}

static void a_socket_that_was_closed_meanwhile_is_no_error(void **state)
{
	struct inspector inspector = { .pidfd = -1 };
	struct inspected socket = { 0 };
	struct child child;
	struct error err;

	(void)state;
	open_child(&inspector, &child);
	tell_to_close(&child);
	assert_int_equal(inspect(&inspector, inspector.holders.list, &socket, &err), 0);
	inspected_release(&socket);
	inspector_close(&inspector);
	end(&child);
}

static void a_process_that_ended_meanwhile_is_no_error(void **state)
{
	struct inspector inspector = { .pidfd = -1 };
	struct inspected socket = { 0 };
	struct child child;
	struct error err;

	(void)state;
	open_child(&inspector, &child);
	end(&child);
	assert_int_equal(inspect(&inspector, inspector.holders.list, &socket, &err), 0);
	inspected_release(&socket);
	inspector_close(&inspector);
}

static void what_has_an_effect_is_never_read(void **state)
{
	struct inspector inspector = { .pidfd = -1 };
	struct inspected socket = { 0 };
	struct row_walk walk = { 0 };
	const struct sockopt *row;
	struct child child;
	struct error err;
	unsigned effects = 0;

	(void)state;
	open_child(&inspector, &child);
	assert_int_equal(inspect(&inspector, inspector.holders.list, &socket, &err), 1);
	assert_non_null(value_of(&socket, "SO_REUSEADDR"));
	while ((row = row_next(&walk)))
		if (row->flags & SOCKOPT_EFFECT) {
			assert_null(value_of(&socket, row->name));
			effects++;
		}
	assert_true(effects >= 4); /* SO_ERROR, SO_PEERPIDFD, TCP_SAVED_SYN, TCP_ZEROCOPY_RECEIVE */
	inspected_release(&socket);
	inspector_close(&inspector);
	end(&child);
}

static void its_ends_and_its_sort_are_told(void **state)
{
	struct inspector inspector = { .pidfd = -1 };
	struct inspected socket = { 0 };
	struct address ours = { .length = 0 };
	socklen_t length = sizeof ours.storage;
	struct child child;
	struct error err;

	(void)state;
	open_child(&inspector, &child);
	assert_int_equal(getsockname(child.ours, (struct sockaddr *)&ours.storage, &length), 0);
	ours.length = length;
	assert_int_equal(inspect(&inspector, inspector.holders.list, &socket, &err), 1);
	assert_int_equal(socket.domain, AF_INET);
	assert_int_equal(socket.type, SOCK_STREAM);
	assert_int_equal(socket.protocol, IPPROTO_TCP);
	assert_false(socket.listens);
	assert_true(address_equal(&socket.remote, &ours));
	inspected_release(&socket);
	inspector_close(&inspector);
	end(&child);
}

/* ------------------------------------------------------------------------------------------------ */

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_copy_is_closed_at_once),
		cmocka_unit_test(a_socket_that_was_closed_meanwhile_is_no_error),
		cmocka_unit_test(a_process_that_ended_meanwhile_is_no_error),
		cmocka_unit_test(what_has_an_effect_is_never_read),
		cmocka_unit_test(its_ends_and_its_sort_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
