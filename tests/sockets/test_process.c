/* SPDX-License-Identifier: BSD-2-Clause */
/* What is told of one process. */
#include "holding.h"

#include <stdlib.h>

static void ourselves(void **state)
{
	uint64_t started = 0, again = 1;
	struct process *process = process_read((uint32_t)getpid(), &started);
	char path[4096] = "";

	(void)state;
	assert_non_null(process);
	assert_true(readlink("/proc/self/exe", path, sizeof path - 1) > 0);
	assert_int_equal(process->pid, getpid());
	assert_int_equal(process->parent, getppid());
	assert_int_equal(process->thread, 0);
	assert_true(process->has_uid);
	assert_int_equal(process->uid, geteuid());
	if (!geteuid())
		assert_string_equal(process->user, "root");
	assert_string_equal(process->path, path);
	assert_non_null(strstr(process->arguments, "test_process"));
	assert_true(started > 0);
	process_free(process);
	process_free(process_read((uint32_t)getpid(), &again));
	assert_int_equal(again, started);
}

/* A parenthesis in the name does not end it, and a newline does not cut it. */
static void of_any_name(void **state)
{
	static const char *const names[] = { "a) R 7 7", "((", "x\ny", "\033]0;\a", ") Z 1 1 1 1 1" };

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		struct kept_child child = child_new(names[i], NULL);
		uint64_t started = 0;
		struct process *process = process_read((uint32_t)child.pid, &started);

		assert_non_null(process);
		assert_string_equal(process->name, names[i]);
		assert_int_equal(process->parent, getpid());
		assert_true(started > 0);
		process_free(process);
		child_end(&child);
		assert_null(process_read((uint32_t)child.pid, NULL));
	}
}

/* Runs a copy of a program under another name, with these arguments, until the pipe to it is closed. */
static pid_t run(const char *path, char *const *arguments, int *until)
{
	int in[2], told[2];
	char octet;
	pid_t child;

	assert_int_equal(pipe2(in, O_CLOEXEC) | pipe2(told, O_CLOEXEC), 0);
	child = fork();
	assert_true(child >= 0);
	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(in[0], 0);
		execv(path, arguments);
		_exit(99);
	}
	close(told[1]);
	close(in[0]);
	assert_int_equal(read(told[0], &octet, 1), 0); /* closed by exec */
	close(told[0]);
	*until = in[1];
	return child;
}

static void arguments_with_blanks_and_a_program_that_was_deleted(void **state)
{
	static const char copy[] = "cp /bin/cat ./deleted-program && chmod 700 ./deleted-program";
	char *const arguments[] = { "a name", "-u", "--", "-", NULL };
	struct process *process;
	int until, status;
	pid_t child;

	(void)state;
	assert_int_equal(system(copy), 0);
	child = run("./deleted-program", arguments, &until);
	assert_int_equal(unlink("./deleted-program"), 0);
	process = process_read((uint32_t)child, NULL);
	assert_non_null(process);
	assert_string_equal(process->arguments, "a name -u -- -");
	assert_non_null(process->path);
	assert_non_null(strstr(process->path, "/deleted-program (deleted)"));
	assert_string_equal(process->name, "deleted-program");
	process_free(process);
	close(until);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && !WEXITSTATUS(status));
}

static void long_arguments_are_cut(void **state)
{
	char *word = malloc(20001);
	char *const arguments[] = { "cat", "-u", "--", "-", word, NULL };
	struct process *process;
	pid_t child;
	int until;

	(void)state;
	memset(word, 'x', 20000);
	word[20000] = '\0';
	child = run("/bin/cat", arguments, &until);
	process = process_read((uint32_t)child, NULL);
	assert_non_null(process);
	assert_int_equal(strlen(process->arguments), 4096);
	process_free(process);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	close(until);
	free(word);
}

/* Without a name of its own the number is all there is. */
static void a_user_without_name(void **state)
{
	struct holding plan = { .uid = 3987654321u };
	struct kept_child child;
	struct process *process;

	(void)state;
	if (geteuid()) {
		print_message("skipped: only root can become somebody else\n");
		skip();
	}
	child = child_new("stranger", &plan);
	process = process_read((uint32_t)child.pid, NULL);
	assert_non_null(process);
	assert_true(process->has_uid);
	assert_true(process->uid == 3987654321u);
	assert_null(process->user);
	process_free(process);
	child_end(&child);
}

static void the_kernels_own(void **state)
{
	struct process *process = process_read(2, NULL);

	(void)state;
	if (!process || !process->name || strcmp(process->name, "kthreadd") != 0) {
		process_free(process);
		print_message("skipped: the kernel's threads are not seen from here\n");
		skip();
	}
	assert_null(process->path);
	assert_null(process->arguments);
	assert_int_equal(process->parent, 0);
	process_free(process);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ourselves),
		cmocka_unit_test(of_any_name),
		cmocka_unit_test(arguments_with_blanks_and_a_program_that_was_deleted),
		cmocka_unit_test(long_arguments_are_cut),
		cmocka_unit_test(a_user_without_name),
		cmocka_unit_test(the_kernels_own),
	};

	return cmocka_run_group_tests_name("sockets/process", tests, NULL, NULL);
}
