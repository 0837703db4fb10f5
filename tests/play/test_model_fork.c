/* SPDX-License-Identifier: BSD-2-Clause */
/* The model fork: its processes, and their end. */
#include "modelled.h"

#include <dirent.h>

static pid_t parent_of(pid_t pid)
{
	char path[64], line[512], *after;
	FILE *file;
	int parent = 0;

	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	file = fopen(path, "re");
	if (!file)
		return 0; /* it has gone meanwhile */
	if (fgets(line, sizeof line, file) && (after = strrchr(line, ')')))
		assert_int_equal(sscanf(after, ") %*c %d", &parent), 1);
	fclose(file);
	return parent;
}

/* Zombies among them. *one: any of them. */
static size_t children_of(pid_t parent, pid_t *one)
{
	DIR *processes = opendir("/proc");
	struct dirent *entry;
	size_t count = 0;

	assert_non_null(processes);
	while ((entry = readdir(processes))) {
		pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);

		if (pid <= 0 || parent_of(pid) != parent)
			continue;
		count++;
		if (one)
			*one = pid;
	}
	closedir(processes);
	return count;
}

static bool has_children(const struct served *served, size_t count)
{
	return children_of(served->pid, NULL) == count;
}

static void an_ended_child_is_no_zombie(void **state)
{
	struct served served = start(&server_model_fork);
	int fds[5];

	(void)state;
	for (size_t i = 0; i < COUNT(fds); i++) {
		fds[i] = client_open(&served, SOCK_STREAM, "127.0.0.1");
		say(fds[i], "hello");
	}
	assert_int_equal(children_of(served.pid, NULL), COUNT(fds));
	for (size_t i = 0; i < COUNT(fds); i++)
		close(fds[i]);
	for (int i = 0; i < 5; i++)
		check_echo(&served, SOCK_DGRAM, "127.0.0.1", 5);
	await(has_children, &served, 0);
	stop(&served);
}

/* Children of a parent that has gone become ours. */
static void no_child_outlives_the_server(void **state)
{
	struct served served;
	int fd;

	(void)state;
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	served = start(&server_model_fork);
	fd = client_open(&served, SOCK_STREAM, "127.0.0.1");
	say(fd, "hello");
	assert_int_equal(served_stop(&served), 0);
	assert_logged(&served, "closed 1 the server stops\ndone datagrams 0 connections 1 ");
	text_release(&served.log);
	client_expect_end(fd);
	assert_int_equal(waitpid(-1, NULL, 0), -1);
	assert_int_equal(errno, ECHILD);
}

static void children_end_when_the_server_is_killed(void **state)
{
	struct served served;
	int fd, status;

	(void)state;
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	served = start(&server_model_fork);
	fd = client_open(&served, SOCK_STREAM, "127.0.0.1");
	say(fd, "hello");
	assert_int_equal(kill(served.pid, SIGKILL), 0);
	assert_int_equal(waitpid(served.pid, &status, 0), served.pid);
	client_expect_end(fd);
	assert_true(waitpid(-1, &status, 0) > 0);
	assert_true(WIFEXITED(status));
	served_read(&served, "");
	assert_logged(&served, "closed 1 the server stops\n");
	close(served.events);
	text_release(&served.log);
}

static void a_killed_child_ends_one_connection(void **state)
{
	struct served served = start(&server_model_fork);
	int fd = client_open(&served, SOCK_STREAM, "127.0.0.1");
	pid_t child = 0;

	(void)state;
	say(fd, "hello");
	assert_int_equal(children_of(served.pid, &child), 1);
	assert_int_equal(kill(child, SIGKILL), 0);
	served_await(&served, "dropped 1 its process was ended by signal 9 (Killed)\n");
	client_expect_end(fd);
	check_echo(&served, SOCK_STREAM, "127.0.0.1", 5);
	check_echo(&served, SOCK_DGRAM, "127.0.0.1", 5);
	assert_int_equal(served_stop(&served), 0);
	/* What went out is not asked for: the child may have been killed before it had counted that. */
	assert_logged(&served, "done datagrams 1 connections 2 in 15 ");
	assert_logged(&served, " dropped 1\n");
	text_release(&served.log);
}

static void a_signal_to_a_child_ends_one_connection(void **state)
{
	struct served served = start(&server_model_fork);
	int fd = client_open(&served, SOCK_STREAM, "127.0.0.1");
	pid_t child = 0;

	(void)state;
	say(fd, "hello");
	assert_int_equal(children_of(served.pid, &child), 1);
	assert_int_equal(kill(child, SIGTERM), 0);
	client_expect_end(fd);
	served_await(&served, "closed 1 the server stops\n");
	check_echo(&served, SOCK_STREAM, "127.0.0.1", 5);
	stop(&served);
}

/* ------------------------------------------------------------------------------------------------ limits */

/* The kernel has accepted the client and its words; the server does when one of its children has ended. */
static void past_1024_processes_clients_wait(void **state)
{
	enum { MANY = 1024 };
	struct served served;
	int *fds, fd;

	(void)state;
	need_descriptors(MANY);
	served = start(&server_model_fork);
	fds = open_many(&served, MANY);
	fd = client_open(&served, SOCK_STREAM, "127.0.0.1");
	client_send(fd, "late", 4);
	say(fds[1], "still here");
	assert_int_equal(children_of(served.pid, NULL), MANY);
	served_await(&served, "1024 processes are at work: the next clients wait until one has ended\n");
	close(fds[0]);
	client_expect(fd, "late", 4);
	stop(&served);
	fds[0] = fd;
	close_many(fds, MANY);
}

static int fork_without_processes(struct server *server, struct error *err)
{
	forbid_new_tasks();
	return server_model_fork.run(server, err);
}

/* Datagrams are answered all the same. */
static void without_a_process_a_client_is_turned_away(void **state)
{
	static const struct server_model model = { .name = "fork", .own_memory = true, .run = fork_without_processes };

	(void)state;
	check_turned_away(&model, "dropped 1 no process for it: Resource temporarily unavailable\n");
}

/* ------------------------------------------------------------------------------------------------ all of them */

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(an_ended_child_is_no_zombie),
	cmocka_unit_test(no_child_outlives_the_server),
	cmocka_unit_test(children_end_when_the_server_is_killed),
	cmocka_unit_test(a_killed_child_ends_one_connection),
	cmocka_unit_test(a_signal_to_a_child_ends_one_connection),
	cmocka_unit_test(ended_ones_make_place),
	cmocka_unit_test(past_1024_processes_clients_wait),
	cmocka_unit_test(without_a_process_a_client_is_turned_away),
};

int main(void)
{
	static struct plan all;

	plan(&all, &server_model_fork, tests, COUNT(tests));
	return plan_run(&all);
}
