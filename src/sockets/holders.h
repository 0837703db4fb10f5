/* SPDX-License-Identifier: BSD-2-Clause */
/* Which processes hold which sockets: the links in /proc/PID/fd. */
#pragma once

#include <stddef.h>

#include "base/error.h"
#include "packet/owner.h"

/* A descriptor of a process. */
struct holder {
	uint64_t inode;                /* of the socket */
	const struct process *process; /* pid and name are set; process_describe() finds the rest */
	int fd;
};

/* Zero-initialise it; it may be read again. Processes live until it is read again or released. */
struct holders {
	struct holder *list; /* by inode, then process, then descriptor */
	size_t count;
	unsigned hidden;     /* processes whose descriptors may not be read: they may hold any socket */
	bool cut;            /* there were more than HOLDERS_LINKS descriptors */
	struct holders_parts *parts;
};

#define HOLDERS_LINKS 4000000 /* descriptors that are looked at */

/*
 * Looks into every process that this user may look into. pids: only those, ended by 0; NULL: all. Processes and
 * descriptors vanish while they are read; that is no error. -1 with err: /proc is not there (a container may lack it).
 *
 * Threads of a process nearly always share its descriptors, so those of one thread are read: the first, or the last
 * when the first has ended. A thread that has taken a table of its own (unshare(CLONE_FILES)) is not looked into:
 * that would cost a call for every thread of the machine. Processes that /proc does not even list (its option
 * hidepid=2) are not counted as hidden.
 */
int holders_read(struct holders *holders, const uint32_t *pids, struct error *err);
void holders_release(struct holders *holders);

/* Those of one socket: the first, and how many follow it in the list; NULL: none. Inode 0 is nobody's. */
const struct holder *holders_of(const struct holders *holders, uint64_t inode, size_t *count);

/*
 * A process by itself, strings in one piece of memory to be released with process_free(): name, user, parent, path,
 * arguments (4096 octets at most). NULL: it is gone. A process id may be used again at any time: `started` (may be
 * NULL) is when the process began, in clock ticks since boot, and tells two of them apart.
 */
struct process *process_read(uint32_t pid, uint64_t *started);
void process_free(struct process *process);
