/* SPDX-License-Identifier: BSD-2-Clause */
/* Who waits for whom under which server model, and what happens when there is no place for all. */
#include "served.h"

/* Serves one connection at a time. */
static bool is_iterative(void **state)
{
	return !strcmp(model_of(state)->name, "iterative");
}

/* What one says goes to all. */
struct hall {
	struct connection *members[64];
	size_t count;
};

static void hall_connect(void *self, struct connection *c)
{
	struct hall *hall = self;

	assert_true(hall->count < COUNT(hall->members));
	hall->members[hall->count++] = c;
	connection_send(c, "+", 1);
}

static size_t hall_data(void *self, struct connection *c, const uint8_t *data, size_t length)
{
	struct hall *hall = self;

	(void)c;
	for (size_t i = 0; i < hall->count; i++)
		connection_send(hall->members[i], data, length);
	return length;
}

static void hall_close(void *self, struct connection *c, const char *why)
{
	struct hall *hall = self;
	size_t i = 0;

	(void)why;
	while (hall->members[i] != c)
		i++;
	hall->members[i] = hall->members[--hall->count];
}

static const struct service hall_service = {
	.name = "hall",
	.relays = true,
	.on_connect = hall_connect,
	.on_data = hall_data,
	.on_close = hall_close,
};

/* ------------------------------------------------------------------------------------------------ who waits */

/* What the lab asks about. The first client's answer shows that the server is alive while the second one waits. */
static void a_silent_client_blocks_the_next_under_iterative_only(void **state)
{
	struct server_options options = echo_under(state);
	struct served served = served_start(&options, 0);
	int silent = client_open(&served, SOCK_STREAM, "127.0.0.1"), next;
	char octet;

	client_send(silent, "first", 5);
	client_expect(silent, "first", 5);
	next = client_open(&served, SOCK_STREAM, "127.0.0.1");
	client_send(next, "next", 4);
	if (is_iterative(state)) {
		client_send(silent, "again", 5);
		client_expect(silent, "again", 5);
		assert_int_equal(recv(next, &octet, 1, MSG_DONTWAIT), -1);
		assert_int_equal(errno, EAGAIN);
		close(silent);
		client_expect(next, "next", 4);
	} else {
		client_expect(next, "next", 4);
		client_send(silent, "again", 5);
		client_expect(silent, "again", 5);
		close(silent);
	}
	close(next);
	assert_int_equal(served_stop(&served), 0);
	text_release(&served.log);
}

/* It sends for ever and reads nothing: what waits for it is bounded, and the others are served. */
static void who_never_reads_stops_only_itself(void **state)
{
	static const uint8_t block[65536];
	struct server_options options = echo_under(state);
	struct served served;
	int greedy;

	served = served_start(&options, 0);
	greedy = client_open(&served, SOCK_STREAM, "127.0.0.1");
	for (int i = 0; i < 100; i++)
		if (send(greedy, block, sizeof block, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
			check_echo(&served, SOCK_STREAM, "127.0.0.1", 1000);
	check_echo(&served, SOCK_DGRAM, "127.0.0.1", 1000);
	check_echo(&served, SOCK_STREAM, "127.0.0.1", 1000);
	close(greedy);
	assert_int_equal(served_stop(&served), 0);
	assert_null(strstr(served.log.data, "reads too slowly"));
	text_release(&served.log);
}

/* Others speak to it, and it does not read: it cannot stop them, so it is dropped. */
static void a_slow_reader_is_dropped(void **state)
{
	static uint8_t block[16384];
	struct hall hall = { .count = 0 };
	struct server_options options = echo_under(state);
	struct served served;
	int slow, speaker, listener;

	options.service = &hall_service;
	options.self = &hall;
	served = served_start(&options, 0);
	slow = client_open(&served, SOCK_STREAM, "127.0.0.1");
	speaker = client_open(&served, SOCK_STREAM, "127.0.0.1");
	listener = client_open(&served, SOCK_STREAM, "127.0.0.1");
	client_expect(slow, "+", 1);
	client_expect(speaker, "+", 1);
	client_expect(listener, "+", 1);
	for (int i = 0; i < 20000 && !strstr(served.log.data, "dropped 1 "); i++) {
		ssize_t got;

		fill(block, sizeof block);
		block[0] = (uint8_t)i;
		client_send(speaker, block, sizeof block);
		client_expect(speaker, block, sizeof block);
		client_expect(listener, block, sizeof block);
		if (poll(&(struct pollfd){ served.events, POLLIN, 0 }, 1, 0) == 1) {
			got = read(served.events, text_room(&served.log, 4096), 4000);
			assert_true(got > 0);
			served.log.length += (size_t)got;
			text_room(&served.log, 1)[0] = '\0';
		}
	}
	assert_logged(&served, "dropped 1 reads too slowly: 262144 octets wait for it\n");
	client_send(speaker, "still here", 10);
	client_expect(speaker, "still here", 10);
	client_expect(listener, "still here", 10);
	close(slow);
	close(speaker);
	close(listener);
	assert_int_equal(served_stop(&served), 0);
	assert_null(strstr(served.log.data, "closed 1 "));
	assert_logged(&served, " dropped 1\n");
	text_release(&served.log);
}

/* Each octet of one's goes to all the others 256 times, in as many sends. */
static size_t loud_data(void *self, struct connection *c, const uint8_t *data, size_t length)
{
	struct hall *hall = self;
	uint8_t block[256];

	for (size_t i = 0; i < length; i++) {
		memset(block, data[i], sizeof block);
		for (size_t k = 0; k < hall->count; k++)
			if (hall->members[k] != c)
				connection_send(hall->members[k], block, sizeof block);
	}
	return length;
}

static const struct service loud_service = {
	.name = "loud",
	.relays = true,
	.on_connect = hall_connect,
	.on_data = loud_data,
	.on_close = hall_close,
};

/* More than the queue's limit comes at once for one who reads: whatever the model does between, it is not slow. */
static void a_burst_drops_nobody_who_reads(void **state)
{
	static uint8_t said[2560], heard[sizeof said * 256];
	struct hall hall = { .count = 0 };
	struct server_options options = echo_under(state);
	struct served served;
	int speaker, listener;

	options.service = &loud_service;
	options.self = &hall;
	served = served_start(&options, 0);
	listener = client_open(&served, SOCK_STREAM, "127.0.0.1");
	speaker = client_open(&served, SOCK_STREAM, "127.0.0.1");
	client_expect(listener, "+", 1);
	client_expect(speaker, "+", 1);
	fill(said, sizeof said);
	for (size_t i = 0; i < sizeof heard; i++)
		heard[i] = said[i / 256];
	client_send(speaker, said, sizeof said);
	client_expect(listener, heard, sizeof heard);
	close(speaker);
	close(listener);
	assert_int_equal(served_stop(&served), 0);
	assert_logged(&served, " dropped 0\n");
	text_release(&served.log);
}

/* ------------------------------------------------------------------------------------------------ no place */

/* 1: it is served, 0: it was turned away. */
static int is_served(int fd)
{
	char octet = 'x';

	if (send(fd, &octet, 1, MSG_NOSIGNAL) != 1 || recv(fd, &octet, 1, 0) != 1)
		return 0;
	return octet == 'x';
}

static void without_descriptors_clients_are_turned_away(void **state)
{
	enum { CLIENTS = 60, LIMIT = 40 };
	struct server_options options = echo_under(state);
	int fds[CLIENTS], served_count = 0, tries = 0, fd;
	struct served served;

	served = served_start(&options, LIMIT);
	for (int i = 0; i < CLIENTS; i++) {
		fds[i] = client_open(&served, SOCK_STREAM, "127.0.0.1");
		served_count += is_served(fds[i]);
	}
	assert_in_range(served_count, 8, LIMIT - 5);
	served_await(&served,
		     "dropped 0 no descriptor is left for it: this process may have 40; ulimit -n raises it\n");
	for (int i = 0; i < CLIENTS; i++)
		close(fds[i]);
	/* The server need not have seen all of the closings before it sees the next client. */
	do {
		fd = client_open(&served, SOCK_STREAM, "127.0.0.1");
	} while (!is_served(fd) && ++tries < 100000 && !close(fd));
	close(fd);
	check_echo(&served, SOCK_DGRAM, "127.0.0.1", 10);
	served_await(&served, "clients were turned away for want of descriptors; now there is place again\n");
	assert_int_equal(served_stop(&served), 0);
	text_release(&served.log);
}

static void select_turns_away_from_1024_on(void **state)
{
	enum { CLIENTS = 1100 };
	struct server_options options = echo_under(state);
	struct rlimit limit;
	struct served served;
	static int fds[CLIENTS];
	int served_count = 0;

	getrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_max < CLIENTS + 100)
		skip();
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	served = served_start(&options, 0);
	for (int i = 0; i < CLIENTS; i++) {
		fds[i] = client_open(&served, SOCK_STREAM, "127.0.0.1");
		served_count += is_served(fds[i]);
	}
	assert_in_range(served_count, 900, 1023);
	assert_true(is_served(fds[0]));
	for (int i = 0; i < CLIENTS; i++)
		close(fds[i]);
	served_await(&served, " select watches descriptors below 1024 only");
	assert_int_equal(served_stop(&served), 0);
	text_release(&served.log);
}

/* ------------------------------------------------------------------------------------------------ all of them */

static const struct CMUnitTest of_each_model[] = {
	cmocka_unit_test(a_silent_client_blocks_the_next_under_iterative_only),
};

/* For those that serve more than one at a time. */
static const struct CMUnitTest of_many[] = {
	cmocka_unit_test(who_never_reads_stops_only_itself),
};

/* For those that do so in one process: there connections speak to each other, and share its descriptors. */
static const struct CMUnitTest of_one_process[] = {
	cmocka_unit_test(a_slow_reader_is_dropped),
	cmocka_unit_test(a_burst_drops_nobody_who_reads),
	cmocka_unit_test(without_descriptors_clients_are_turned_away),
};

static const struct CMUnitTest of_select[] = {
	cmocka_unit_test(select_turns_away_from_1024_on),
};

int main(void)
{
	static struct plan all;

	for (const struct server_model *const *m = server_models; *m; m++) {
		bool many = strcmp((*m)->name, "iterative");

		plan(&all, *m, of_each_model, COUNT(of_each_model));
		if (many)
			plan(&all, *m, of_many, COUNT(of_many));
		if (many && !(*m)->own_memory)
			plan(&all, *m, of_one_process, COUNT(of_one_process));
		if (!strcmp((*m)->name, "select"))
			plan(&all, *m, of_select, COUNT(of_select));
	}
	return plan_run(&all);
}
