/* SPDX-License-Identifier: BSD-2-Clause */
/* What the other process keeps: the right to look into processes, and its own descriptors. */
#include <cap-ng.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "sockets/registrar_parts.h"

/* Links of other processes' descriptors, and folders that are not everybody's. */
static const unsigned wanted[] = { CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH };

/*
 * Without CAP_SYS_PTRACE the kernel lets us look into a program only when it can do nothing that we could not: then
 * what we may do stays permitted, and is not in effect.
 */
static int limit(unsigned kept, bool program)
{
	unsigned have = 0;
	bool stays[CAP_LAST_CAP + 1] = { false };

	if (capng_get_caps_process())
		return -1;
	for (unsigned i = 0; i < sizeof wanted / sizeof *wanted; i++)
		kept |= 1u << wanted[i];
	for (unsigned right = 0; right < 32; right++)
		if (kept & 1u << right && capng_have_capability(CAPNG_PERMITTED, right))
			have |= 1u << right;
	for (unsigned right = 0; right <= CAP_LAST_CAP; right++)
		stays[right] =
			program && !(have & 1u << CAP_SYS_PTRACE) && capng_have_capability(CAPNG_PERMITTED, right);
	capng_clear(CAPNG_SELECT_CAPS);
	for (unsigned right = 0; right <= CAP_LAST_CAP; right++)
		if (stays[right])
			capng_update(CAPNG_ADD, CAPNG_PERMITTED, right);
	for (unsigned right = 0; right < 32; right++)
		if (have & 1u << right)
			capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, right);
	return capng_apply(CAPNG_SELECT_CAPS) ? -1 : 0;
}

/* Descriptors above the standard ones that are not among the kept, which are in rising order. */
static int close_others(const int *kept, unsigned count)
{
	unsigned from = 3;

	for (unsigned i = 0; i < count; i++) {
		if (kept[i] < 0)
			continue;
		if ((unsigned)kept[i] > from && close_range(from, (unsigned)kept[i] - 1, 0) < 0)
			return -1;
		from = (unsigned)kept[i] + 1;
	}
	return close_range(from, ~0u, 0);
}

/* A program that is to be started has the standard descriptors; without one nobody shall wait for us to close them. */
static int close_standard(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0)
		return -1;
	return close(null);
}

int registrar_shed(const struct registrar_server *server, unsigned kept_rights)
{
	int kept[] = { server->questions, server->tidings, server->ended, server->guest_fd };
	const unsigned count = sizeof kept / sizeof *kept;

	for (unsigned i = 0; i < count; i++)
		for (unsigned j = i + 1; j < count; j++)
			if (kept[j] < kept[i]) {
				int swapped = kept[i];

				kept[i] = kept[j];
				kept[j] = swapped;
			}
	if (close_others(kept, count) < 0 || (!server->options->guest && close_standard() < 0))
		return -1;
	return limit(kept_rights, server->options->guest != NULL);
}
