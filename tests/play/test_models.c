/* SPDX-License-Identifier: BSD-2-Clause */
/* What is peculiar to the models threads and uring, and that all sleep. What all of them do is in test_server.c. */
#include "modelled.h"

#include <dirent.h>
#include <sys/mman.h>

/* ------------------------------------------------------------------------------------------------ threads */

static size_t threads_of(pid_t pid)
{
	char path[64];
	DIR *tasks;
	struct dirent *entry;
	size_t count = 0;

	snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
	tasks = opendir(path);
	assert_non_null(tasks);
	while ((entry = readdir(tasks)))
		count += entry->d_name[0] != '.';
	closedir(tasks);
	return count;
}

static bool has_threads(const struct served *served, size_t count)
{
	return threads_of(served->pid) == count;
}

/* A sanitizer has threads of its own. */
static void each_client_has_a_thread_and_ends_it(void **state)
{
	struct served served = start(&server_model_threads);
	size_t before = 0;
	int fds[5];

	(void)state;
	for (size_t i = 0; i < COUNT(fds); i++) {
		fds[i] = client_open(&served, SOCK_STREAM, "127.0.0.1");
		say(fds[i], "hello");
		if (!i)
			before = threads_of(served.pid) - 1;
	}
	assert_int_equal(threads_of(served.pid), before + COUNT(fds));
	for (size_t i = 0; i < COUNT(fds); i++)
		close(fds[i]);
	await(has_threads, &served, before);
	stop(&served);
}

/* ------------------------------------------------------------------------------------------------ limits */

static void past_4096_threads_clients_are_turned_away(void **state)
{
	enum { MANY = 4096 };
	struct served served;
	int *fds;

	(void)state;
	need_descriptors(MANY);
	served = start(&server_model_threads);
	fds = open_many(&served, MANY);
	client_expect_end(client_open(&served, SOCK_STREAM, "127.0.0.1"));
	served_await(&served, "dropped 4097 no thread for it: 4096 are at work\n");
	check_echo(&served, SOCK_DGRAM, "127.0.0.1", 5);
	say(fds[MANY - 1], "still here");
	stop(&served);
	close_many(fds, MANY);
}

/* ------------------------------------------------------------------------------------------------ idling */

static size_t expecting_data(void *self, struct connection *c, const uint8_t *data, size_t length)
{
	(void)self;
	(void)data;
	(void)length;
	connection_wait(c, 1000000);
	return 0;
}

static const struct service expecting = { .name = "expecting", .line_limit = 10, .on_data = expecting_data };

static void count_call(void *context, const char *text, size_t length)
{
	(void)text;
	(void)length;
	__atomic_fetch_add((unsigned *)context, 1, __ATOMIC_RELAXED);
}

/* Also when somebody has gone whose time was running: it is counted how often the server did anything at all. */
static void an_idle_server_sleeps(void **state)
{
	unsigned *calls = mmap(NULL, sizeof *calls, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct narrator narrator = { .say = count_call, .context = calls };
	struct server_options options = { .service = &expecting,
					  .model = model_of(state),
					  .bind = "127.0.0.1",
					  .tcp = true,
					  .timeout_ns = 50000000,
					  .narrator = &narrator };
	struct served served = served_start(&options, 0);
	int fd = client_to(&served, SOCK_STREAM, "127.0.0.1");

	assert_ptr_not_equal(calls, MAP_FAILED);
	if (fd >= 0) { /* it may have been idle for too long already */
		send(fd, "x", 1, MSG_NOSIGNAL);
		close(fd);
	}
	assert_int_equal(served_end(&served), 0);
	assert_in_range(*calls, 1, 150);
	munmap(calls, sizeof *calls);
	text_release(&served.log);
}

/* ------------------------------------------------------------------------------------------------ refusals */

static int threads_without_threads(struct server *server, struct error *err)
{
	forbid_new_tasks();
	return server_model_threads.run(server, err);
}

static void without_a_thread_a_client_is_turned_away(void **state)
{
	static const struct server_model model = { .name = "threads", .run = threads_without_threads };

	(void)state;
	check_turned_away(&model, "dropped 1 no thread for it: Resource temporarily unavailable\n");
}

/* In a process of its own, because what is forbidden stays so. */
static void a_forbidden_ring_is_refused_before_anything_is_opened(void **state)
{
	static const long calls[] = { SYS_io_uring_setup };
	struct server_options options = {
		.service = &echo_service, .model = &server_model_uring, .port = "0", .udp = true, .signals = -1
	};
	struct error err = { "" };
	int ends[2], status;
	char text[sizeof err.text] = "";
	pid_t pid;

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		struct reporter reporter = { .wants = ~0u, .event = served_note, .context = &ends[1] };

		options.reporter = &reporter;
		forbid(calls, COUNT(calls), EPERM);
		status = server_run(&options, NULL, &err);
		_exit(write(ends[1], err.text, strlen(err.text)) < 0 ? 3 : status == -1);
	}
	close(ends[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 1);
	assert_true(read(ends[0], text, sizeof text - 1) > 0);
	close(ends[0]);
	assert_string_equal(text, "--model uring: the kernel refuses io_uring: Operation not permitted; "
				  "use --model epoll");
}

/* ------------------------------------------------------------------------------------------------ all of them */

static const struct CMUnitTest of_threads[] = {
	cmocka_unit_test(each_client_has_a_thread_and_ends_it),
	cmocka_unit_test(ended_ones_make_place),
	cmocka_unit_test(past_4096_threads_clients_are_turned_away),
	cmocka_unit_test(without_a_thread_a_client_is_turned_away),
};

static const struct CMUnitTest of_uring[] = {
	cmocka_unit_test(a_forbidden_ring_is_refused_before_anything_is_opened),
};

static const struct CMUnitTest of_each_model[] = {
	cmocka_unit_test(an_idle_server_sleeps),
};

int main(void)
{
	static struct plan all;

	plan(&all, &server_model_threads, of_threads, COUNT(of_threads));
	plan(&all, NULL, of_uring, COUNT(of_uring));
	for (const struct server_model *const *m = server_models; *m; m++)
		plan(&all, *m, of_each_model, COUNT(of_each_model));
	return plan_run(&all);
}
