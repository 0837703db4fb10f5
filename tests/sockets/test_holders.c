/* SPDX-License-Identifier: BSD-2-Clause */
/* Which processes hold which sockets. */
#include "holding.h"

static uint64_t inode_of(int fd)
{
	struct stat stat;

	assert_int_equal(fstat(fd, &stat), 0);
	return stat.st_ino;
}

static void read_all(struct holders *holders, const uint32_t *pids)
{
	struct error err = { "" };

	if (holders_read(holders, pids, &err))
		fail_msg("%s", err.text);
}

static void every_descriptor_of_ours(void **state)
{
	struct holders holders = { 0 };
	int pair[2], copy, file = open("/dev/null", O_RDONLY | O_CLOEXEC);
	const struct holder *found;
	size_t count;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	copy = dup(pair[0]);
	read_all(&holders, NULL);
	found = holders_of(&holders, inode_of(pair[0]), &count);
	assert_int_equal(count, 2);
	assert_int_equal(found[0].fd, pair[0]);
	assert_int_equal(found[1].fd, copy);
	assert_int_equal(found[0].process->pid, getpid());
	assert_ptr_equal(found[0].process, found[1].process);
	assert_non_null(holders_of(&holders, inode_of(pair[1]), &count));
	assert_int_equal(count, 1);
	assert_null(holders_of(&holders, inode_of(file), &count));
	assert_null(holders_of(&holders, 0, &count));
	assert_int_equal(count, 0);
	for (size_t i = 1; i < holders.count; i++)
		assert_true(holders.list[i - 1].inode <= holders.list[i].inode);
	close(pair[0]);
	close(copy);
	read_all(&holders, NULL);
	assert_null(holders_of(&holders, inode_of(file), &count));
	assert_non_null(holders_of(&holders, inode_of(pair[1]), &count));
	close(pair[1]);
	close(file);
	holders_release(&holders);
}

/* Names are what they are; the file ends with a newline that is not the name's. */
static void inherited_by_children_of_any_name(void **state)
{
	static const char *const names[] = { "date-server", "a b) (c", "\033[31mred", "fifteen letters",
					     "two\nlines\n" };
	struct holders holders = { 0 };
	struct kept_child children[COUNT(names)];
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	const struct holder *found;
	size_t count, i, j;

	(void)state;
	for (i = 0; i < COUNT(names); i++)
		children[i] = child_new(names[i], NULL);
	read_all(&holders, NULL);
	found = holders_of(&holders, inode_of(fd), &count);
	assert_int_equal(count, COUNT(names) + 1);
	for (i = 0; i < COUNT(names); i++) {
		for (j = 0; j < count && found[j].process->pid != (uint32_t)children[i].pid; j++)
			continue;
		assert_true(j < count);
		assert_int_equal(found[j].fd, fd);
		assert_string_equal(found[j].process->name, names[i]);
	}
	for (j = 1; j < count; j++)
		assert_true(found[j - 1].process->pid < found[j].process->pid);
	for (i = 0; i < COUNT(names); i++)
		child_end(&children[i]);
	close(fd);
	holders_release(&holders);
}

static void only_of_processes_that_are_named(void **state)
{
	struct holders holders = { 0 };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct kept_child one = child_new("one", NULL), two = child_new("two", NULL);
	uint32_t pids[] = { (uint32_t)two.pid, 0, 0 };
	const struct holder *found;
	size_t count;

	(void)state;
	read_all(&holders, pids);
	found = holders_of(&holders, inode_of(fd), &count);
	assert_int_equal(count, 1);
	assert_int_equal(found->process->pid, two.pid);
	pids[1] = (uint32_t)one.pid;
	child_end(&one);
	read_all(&holders, pids); /* one of them is gone */
	assert_non_null(holders_of(&holders, inode_of(fd), &count));
	assert_int_equal(count, 1);
	assert_int_equal(holders.hidden, 0);
	child_end(&two);
	pids[0] = 0;
	read_all(&holders, pids);
	assert_int_equal(holders.count, 0);
	close(fd);
	holders_release(&holders);
}

/* The dead and the kernel's threads hide nothing. */
static void without_rights_processes_are_counted(void **state)
{
	struct kept_child hidden = child_new("hidden", NULL), dead = child_new("dead", NULL);
	uint32_t pids[] = { (uint32_t)hidden.pid, 0 }, zombie[] = { (uint32_t)dead.pid, 0 };
	struct nobody_sees sees[] = { { pids, 0, 1 }, { zombie, 0, 0 }, { NULL, 0, 0 } };
	siginfo_t info;

	(void)state;
	assert_int_equal(kill(dead.pid, SIGKILL), 0);
	assert_int_equal(waitid(P_PID, (id_t)dead.pid, &info, WEXITED | WNOWAIT), 0);
	sees_as_nobody(&sees[0]);
	sees_as_nobody(&sees[1]);
	assert_int_equal(waitpid(dead.pid, NULL, 0), dead.pid);
	child_end(&hidden);
}

static void the_kernels_own_threads_are_not_hidden(void **state)
{
	uint32_t kernel[] = { 2, 0 };
	struct nobody_sees sees = { kernel, 0, 0 };
	struct process *second = process_read(2, NULL);
	bool there = second && second->name && !strcmp(second->name, "kthreadd");

	(void)state;
	process_free(second);
	if (!there) {
		print_message("skipped: the kernel's threads are not seen from here\n");
		skip();
	}
	sees_as_nobody(&sees);
}

/* More than one thread takes at once, and more than one piece of a directory. */
static void thousands_of_them(void **state)
{
	enum { EACH = 3000 };
	struct holders holders = { 0 };
	struct holding plan = { .sockets = EACH };
	struct kept_child a = child_new("a", &plan), b = child_new("b", &plan);
	uint32_t pids[] = { (uint32_t)a.pid, (uint32_t)b.pid, 0 };
	size_t of_a = 0, count;

	(void)state;
	read_all(&holders, pids);
	assert_true(holders.count >= 2 * EACH);
	for (size_t i = 0; i < holders.count; i++) {
		const struct holder *found = holders_of(&holders, holders.list[i].inode, &count);

		assert_true(found && found <= &holders.list[i] && &holders.list[i] < found + count);
		of_a += holders.list[i].process->pid == pids[0];
	}
	assert_true(of_a >= EACH);
	assert_true(holders.count - of_a >= EACH);
	child_end(&a);
	child_end(&b);
	holders_release(&holders);
}

/* A program whose first thread has ended goes on with the others, and its descriptors with them. */
static void the_first_thread_is_gone(void **state)
{
	struct holders holders = { 0 };
	struct holding plan = { .first_thread_ends = true };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct kept_child child = child_new("headless", &plan);
	uint32_t pids[] = { (uint32_t)child.pid, 0 };
	const struct holder *found;
	size_t count;

	(void)state;
	read_all(&holders, pids);
	found = holders_of(&holders, inode_of(fd), &count);
	assert_non_null(found);
	assert_int_equal(count, 1);
	assert_int_equal(found->process->pid, child.pid);
	assert_int_equal(found->fd, fd);
	child_end(&child);
	close(fd);
	holders_release(&holders);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_descriptor_of_ours),
		cmocka_unit_test(inherited_by_children_of_any_name),
		cmocka_unit_test(only_of_processes_that_are_named),
		cmocka_unit_test(without_rights_processes_are_counted),
		cmocka_unit_test(the_kernels_own_threads_are_not_hidden),
		cmocka_unit_test(thousands_of_them),
		cmocka_unit_test(the_first_thread_is_gone),
	};

	return cmocka_run_group_tests_name("sockets/holders", tests, NULL, NULL);
}
