/* SPDX-License-Identifier: BSD-2-Clause */
/* The loop of one thread, when its way to watch descriptors fails in the middle. */
#include "served.h"

#include "play/loop.h"

#define DESCRIPTORS_MOST 64
#define FLOOD (32u << 20) /* octets: more than sockets take at once */

/* ------------------------------------------------------------------------------------------------ a poor readiness */

static int stubborn_open(struct loop *loop, struct error *err)
{
	struct pollfd *fds = mem_new(DESCRIPTORS_MOST, sizeof *fds);

	(void)err;
	for (int i = 0; i < DESCRIPTORS_MOST; i++)
		fds[i].fd = -1;
	loop->own = fds;
	return 0;
}

static void stubborn_close(struct loop *loop)
{
	free(loop->own);
}

/* What is watched for reading cannot be watched for writing as well. */
static const char *stubborn_watch(struct loop *loop, int fd, unsigned flags)
{
	struct pollfd *fds = loop->own;

	if (flags & LOOP_WRITE)
		return "watched for reading alone";
	fds[fd] = (struct pollfd){ fd, flags ? POLLIN : 0, 0 };
	return NULL;
}

static void stubborn_forget(struct loop *loop, int fd)
{
	((struct pollfd *)loop->own)[fd].fd = -1;
}

/* What was closed is not watched any more, as with epoll. */
static int stubborn_wait(struct loop *loop, int timeout_ms)
{
	struct pollfd *fds = loop->own;
	int ready = poll(fds, DESCRIPTORS_MOST, timeout_ms);

	for (int i = 0; i < DESCRIPTORS_MOST && ready > 0; i++)
		if (fds[i].revents & POLLNVAL)
			fds[i].fd = -1;
		else if (fds[i].revents)
			loop_ready(loop, i, LOOP_READ);
	return ready;
}

static int stubborn_run(struct server *server, struct error *err)
{
	static const struct readiness stubborn = {
		stubborn_open, stubborn_close, stubborn_watch, stubborn_forget, stubborn_wait
	};

	return loop_run(server, &stubborn, err);
}

/* ------------------------------------------------------------------------------------------------ the test */

/* A small answer to a long request, and the other way round. */
static size_t contrary_data(void *self, struct connection *c, const uint8_t *data, size_t length)
{
	(void)data;
	connection_send(c, self, length == 1 ? FLOOD : 1);
	return length;
}

/* Its descriptor is the next client's, who is watched anew. */
static void a_client_that_cannot_be_watched_any_more_is_dropped(void **state)
{
	static const struct service contrary = { .name = "contrary", .on_data = contrary_data };
	static const struct server_model model = { .name = "stubborn", .run = stubborn_run };
	struct server_options options = { .service = &contrary,
					  .self = mem_new(FLOOD, 1),
					  .model = &model,
					  .bind = "127.0.0.1",
					  .tcp = true,
					  .queue_limit = 2 * FLOOD };
	struct served served = served_start(&options, 0);
	int fd = client_open(&served, SOCK_STREAM, "127.0.0.1");

	(void)state;
	client_send(fd, "x", 1);
	served_await(&served, "dropped 1 watched for reading alone\n");
	close(fd);
	fd = client_open(&served, SOCK_STREAM, "127.0.0.1");
	client_send(fd, "xy", 2);
	client_expect(fd, "", 1);
	close(fd);
	assert_int_equal(served_stop(&served), 0);
	text_release(&served.log);
	free(options.self);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_client_that_cannot_be_watched_any_more_is_dropped),
	};

	return cmocka_run_group_tests_name("play/loop", tests, NULL, NULL);
}
