/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a process's cgroup of version 2 is, by what /proc says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sockets/program_cgroup.h"

#define MOUNT(root, point) "41 31 0:38 " root " " point " rw,relatime shared:9 - cgroup2 cgroup2 rw\n"

static void test_path(void **state)
{
	static const struct {
		const char *mount, *membership, *path; /* NULL: it is not shown */
	} rows[] = {
		{ MOUNT("/", "/sys/fs/cgroup"), "0::/\n", "/sys/fs/cgroup/" },
		{ MOUNT("/", "/sys/fs/cgroup"), "0::/user.slice/a b\n", "/sys/fs/cgroup/user.slice/a b" },
		{ MOUNT("/", "/mnt/a\\040b\\134"), "0::/x\n", "/mnt/a b\\/x" },
		{ MOUNT("/lab", "/sys/fs/cgroup"), "0::/lab/one\n", "/sys/fs/cgroup/one" },
		{ MOUNT("/lab", "/sys/fs/cgroup"), "0::/lab\n", "/sys/fs/cgroup" },
		{ MOUNT("/lab", "/sys/fs/cgroup"), "0::/labour\n", NULL },
		{ MOUNT("/lab", "/sys/fs/cgroup"), "0::/\n", NULL },
		{ MOUNT("/", "/sys/fs/cgroup"), "0::/../other\n", NULL },
		{ MOUNT("/", "/sys/fs/cgroup"), "4:memory:/x\n", NULL },
		{ "41 31 0:38 / /sys rw - cgroup cgroup rw,cpu\n", "0::/\n", NULL },
		{ " - cgroup2 ", "0::/\n", NULL },
		{ MOUNT("/", "/a/mount/whose/path/is/longer/than/the/room/that/is/there/for/it"), "0::/x\n", NULL },
	};
	char path[64];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int status = cgroup_path(rows[i].mount, rows[i].membership, path, sizeof path);

		assert_int_equal(status, rows[i].path ? 0 : -1);
		if (rows[i].path)
			assert_string_equal(path, rows[i].path);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_path) };

	return cmocka_run_group_tests_name("program_cgroup", tests, NULL, NULL);
}
