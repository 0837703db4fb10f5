/* SPDX-License-Identifier: BSD-2-Clause */
/* Which processes hold a socket: the look into /proc, as seldom as it may be. */
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "sockets/owners_parts.h"

#define LOOK_AGAIN (5 * NS_PER_S) /* who else may hold a socket by now is looked for no more often */
#define SHARE 4                   /* looks take a quarter of the time in the long run, */
#define AHEAD (200 * NS_PER_MS)   /* and so much of it at once */

/* The time since the start of the machine, in the ticks of /proc/PID/stat. */
static uint64_t ticks_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return ((uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec) / (NS_PER_S / (uint64_t)sysconf(_SC_CLK_TCK));
}

static bool links_to(uint32_t pid, int fd, uint64_t inode)
{
	char path[64], link[64], wanted[64];
	ssize_t length;

	snprintf(path, sizeof path, "/proc/%u/fd/%d", pid, fd);
	length = readlink(path, link, sizeof link - 1);
	link[length > 0 ? length : 0] = '\0';
	snprintf(wanted, sizeof wanted, "socket:[%llu]", (unsigned long long)inode);
	return !strcmp(link, wanted);
}

static void note_recent(struct owners *owners, uint32_t pid)
{
	enum { MOST = sizeof owners->recent / sizeof *owners->recent - 1 };
	unsigned at = 0;

	while (at < MOST - 1 && owners->recent[at] && owners->recent[at] != pid)
		at++;
	memmove(owners->recent + 1, owners->recent, at * sizeof *owners->recent);
	owners->recent[0] = pid;
}

/*
 * The processes of a socket by the last look. One whose id was given to another process since then is left out: the
 * other one began later, or does not hold the socket.
 */
static void take_holders(struct owners *owners, struct tenure *tenure)
{
	size_t count = 0;
	const struct holder *holder = holders_of(&owners->holders, tenure->inode, &count);

	tenure->owner.count = 0;
	tenure->owner.more = owners->holders.cut || owners->pids_only;
	for (size_t i = 0; i < count; i++) {
		const struct process *process;
		uint64_t started;

		if (i && holder[i].process == holder[i - 1].process)
			continue;
		if (tenure->owner.count == OWNERS_MOST) {
			tenure->owner.more = true;
			break;
		}
		process = owners_process(owners, holder[i].process->pid, 0, &started);
		if (!process || !links_to(process->pid, holder[i].fd, tenure->inode))
			continue;
		tenure->fds[tenure->owner.count] = holder[i].fd;
		tenure->owner.processes[tenure->owner.count++] = process;
		note_recent(owners, process->pid);
	}
}

/* Processes are known by then, also of sockets that nobody asks for while they are there. */
static void meet_processes(struct owners *owners)
{
	const struct process *last = NULL;
	uint64_t begun = ticks_now(), started;

	for (struct tenure *tenure = owners->tenures.newest; tenure; tenure = tenure->older) {
		size_t count = 0;
		const struct holder *holder = tenure->until == CLOCK_NEVER && !tenure->born && !tenure->owner.count
						      ? holders_of(&owners->holders, tenure->inode, &count)
						      : NULL;

		if (!holder || count > 1)
			continue;
		if (!last || last->pid != holder->process->pid)
			last = owners_process(owners, holder->process->pid, 0, &started);
		if (!last || started >= begun)
			continue;
		tenure->owner.processes[0] = last;
		tenure->owner.count = 1;
		tenure->fds[0] = holder->fd;
	}
}

int64_t processor_time(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

/* The time that looks took, less what they were due since. */
static int64_t debt_now(const struct owners *owners, int64_t now)
{
	int64_t debt = owners->debt - (now - owners->scanned) / SHARE;

	return debt > 0 ? debt : 0;
}

int owners_scan(struct owners *owners, int64_t now, struct error *err)
{
	int64_t begun = processor_time();

	owners->debt = debt_now(owners, now);
	owners->scanned = now;
	owners->pids_only = false;
	if (holders_read(&owners->holders, NULL, err) < 0)
		return -1;
	owners->scans++;
	owners->hidden = owners->holders.hidden;
	meet_processes(owners);
	owners->debt += processor_time() - begun;
	return 0;
}

bool owners_hold(struct owners *owners, const struct tenure *tenure)
{
	for (unsigned i = 0; i < tenure->owner.count; i++) {
		const struct process *process = tenure->owner.processes[i];
		uint64_t started;

		if (owners_process(owners, process->pid, process->thread, &started) != process)
			return false;
		if (!tenure->born && !links_to(process->pid, tenure->fds[i], tenure->inode))
			return false;
	}
	return tenure->owner.count > 0;
}

/* Among the processes that were found last: a server's next connection is most often the same server's. */
static void look_nearby(struct owners *owners, struct tenure *tenure)
{
	struct error ignored;

	if (!owners->recent[0] || holders_read(&owners->holders, owners->recent, &ignored) < 0)
		return;
	owners->pids_only = true;
	take_holders(owners, tenure);
}

bool owners_resolve(struct owners *owners, struct tenure *tenure, int64_t now)
{
	struct error ignored;

	if (tenure->born || !tenure->inode)
		return true;
	if (now - tenure->checked < LOOK_AGAIN && !tenure->owner.more && owners_hold(owners, tenure))
		return true;
	if (owners->scans == tenure->scans || owners->pids_only || now - owners->scanned >= LOOK_AGAIN) {
		if (debt_now(owners, now) > AHEAD) {
			look_nearby(owners, tenure);
			return false;
		}
		if (owners_scan(owners, now, &ignored) < 0)
			return false;
	}
	take_holders(owners, tenure);
	tenure->checked = owners->scanned;
	return true;
}
