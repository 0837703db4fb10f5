/* SPDX-License-Identifier: BSD-2-Clause */
/* Rights that were given up are gone. Each test gives up those of a child. */
#include <cap-ng.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <pwd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "io/privilege.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define USER "nobody"

static bool opens_packet_socket(void)
{
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* Each returns 0, or the number of what is wrong. */
static int limit(void)
{
	struct error err = { "" };

	if (privilege_limit(&err) < 0)
		return 1;
	if (!privilege_can_capture() || !opens_packet_socket())
		return 2;
	capng_get_caps_process();
	if (capng_have_capability(CAPNG_PERMITTED, CAP_SYS_ADMIN) || capng_have_capability(CAPNG_EFFECTIVE, CAP_KILL))
		return 3;
	/* What is left is enough to give up the rest. */
	return privilege_drop(USER, &err) < 0 ? 4 : 0;
}

static int drop(void)
{
	struct error err = { "" };

	if (!privilege_can_capture())
		return 1;
	if (privilege_drop(NULL, &err) < 0)
		return 2;
	if (privilege_can_capture() || opens_packet_socket())
		return 3;
	if (getuid() != 0 || prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return 4;
	if (prctl(PR_CAPBSET_READ, CAP_NET_RAW, 0, 0, 0) || prctl(PR_CAPBSET_READ, CAP_SYS_ADMIN, 0, 0, 0))
		return 5;
	/* Once more, with nothing left to give up. */
	return privilege_drop(NULL, &err) < 0 ? 6 : 0;
}

static int drop_to_user(void)
{
	const struct passwd *user = getpwnam(USER);
	struct error err = { "" };
	gid_t groups[64];
	int count;

	if (privilege_drop(USER, &err) < 0)
		return 1;
	if (getuid() != user->pw_uid || geteuid() != user->pw_uid || getgid() != user->pw_gid)
		return 2;
	count = getgroups(COUNT(groups), groups);
	for (int i = 0; i < count; i++)
		if (groups[i] == 0)
			return 3;
	if (!setuid(0) || !setgid(0) || opens_packet_socket())
		return 4;
	return 0;
}

static int drop_to_stranger(void)
{
	struct error err = { "" };

	if (privilege_drop("no-such-user-here", &err) == 0)
		return 1;
	return strstr(err.text, "no such user: no-such-user-here") ? 0 : 2;
}

/* Changing the user takes a right that is not there: that is told, not passed over. */
static int drop_to_user_without_rights(void)
{
	struct error err = { "" };

	if (privilege_drop(NULL, &err) < 0)
		return 1;
	if (privilege_drop(USER, &err) == 0)
		return 2;
	return strstr(err.text, "cannot become user " USER) ? 0 : 3;
}

static void in_children(void **state)
{
	static int (*const deeds[])(void) = {
		limit, drop, drop_to_user, drop_to_stranger, drop_to_user_without_rights,
	};

	(void)state;
	if (getuid() != 0 || !privilege_can_capture()) {
		print_message("skipped: only root has rights to give up\n");
		skip();
	}
	for (size_t i = 0; i < COUNT(deeds); i++) {
		pid_t child = fork();
		int status;

		if (!child)
			_exit(deeds[i]());
		assert_int_equal(waitpid(child, &status, 0), child);
		if (status)
			fail_msg("deed %zu: %d", i, WEXITSTATUS(status));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_children),
	};

	return cmocka_run_group_tests_name("privilege", tests, NULL, NULL);
}
