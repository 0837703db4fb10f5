/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/privilege.h"

#include <cap-ng.h>
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <unistd.h>

bool privilege_can_capture(void)
{
	return !capng_get_caps_process() && capng_have_capability(CAPNG_EFFECTIVE, CAP_NET_RAW);
}

int privilege_limit(struct error *err)
{
	static const unsigned kept[] = { CAP_NET_RAW, CAP_DAC_OVERRIDE, CAP_SETUID, CAP_SETGID, CAP_SETPCAP };
	bool have[sizeof kept / sizeof *kept];

	if (capng_get_caps_process())
		return error_set(err, "the rights of this process cannot be read");
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
		have[i] = capng_have_capability(CAPNG_PERMITTED, kept[i]);
	capng_clear(CAPNG_SELECT_CAPS);
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
		if (have[i])
			capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, kept[i]);
	if (capng_apply(CAPNG_SELECT_CAPS))
		return error_set(err, "rights that are not needed cannot be given up");
	return 0;
}

static int become(const char *user, struct error *err)
{
	struct passwd entry, *found = NULL;
	char space[16384];

	errno = getpwnam_r(user, &entry, space, sizeof space, &found);
	if (!found && errno)
		return error_errno(err, "user %s", user);
	if (!found)
		return error_set(err, "no such user: %s; -Z takes the name of an account", user);
	if (initgroups(user, found->pw_gid) || setresgid(found->pw_gid, found->pw_gid, found->pw_gid) ||
	    setresuid(found->pw_uid, found->pw_uid, found->pw_uid))
		return error_errno(err, "cannot become user %s", user);
	if (found->pw_uid && (!setuid(0) || !seteuid(0)))
		return error_set(err, "became user %s, but root is still within reach", user);
	return 0;
}

/* The bounding set needs CAP_SETPCAP, so it goes while that is still there. */
static int empty_bounding_set(struct error *err)
{
	if (!capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP))
		return 0;
	for (int capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++)
		if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) < 0)
			return error_errno(err, "capability %d cannot be given up for good", capability);
	return 0;
}

static int verify(struct error *err)
{
	if (capng_get_caps_process())
		return error_set(err, "the rights of this process cannot be read");
	if (capng_have_capabilities(CAPNG_SELECT_CAPS) != CAPNG_NONE ||
	    capng_have_capabilities(CAPNG_SELECT_AMBIENT) != CAPNG_NONE)
		return error_set(err, "rights were to be given up, but some are still there");
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return error_set(err, "the kernel did not promise that no rights come back");
	return 0;
}

int privilege_drop(const char *user, struct error *err)
{
	if (capng_get_caps_process())
		return error_set(err, "the rights of this process cannot be read");
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
		return error_errno(err, "ambient rights cannot be given up");
	if (empty_bounding_set(err) < 0 || (user && become(user, err) < 0))
		return -1;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return error_errno(err, "the kernel does not promise that no rights come back");
	capng_clear(CAPNG_SELECT_CAPS);
	if (capng_apply(CAPNG_SELECT_CAPS))
		return error_set(err, "rights cannot be given up");
	return verify(err);
}
