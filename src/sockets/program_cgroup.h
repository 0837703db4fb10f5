/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A cgroup of the program's own, in the hierarchy of version 2: a folder below our own cgroup. Each socket carries the
 * id of the cgroup in which its maker was, so the program's are told from all others, whoever of its descendants made
 * them. Not those that it inherits, and not those of descendants that enter another cgroup. For program.c.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"

struct cgroup;

/* NULL with err: there is no such hierarchy here, or no folder may be made in it. */
struct cgroup *cgroup_new(struct error *err);
/* Ends a program's cgroup: the folder goes when nobody is in it. NULL is allowed. */
void cgroup_free(struct cgroup *cgroup);
/* The process enters it; its children begin there. -1 with err. */
int cgroup_add(struct cgroup *cgroup, pid_t pid, struct error *err);
/* What its sockets carry (struct socket.cgroup). */
uint64_t cgroup_id(const struct cgroup *cgroup);
/* The processes in it, `most` of them at most. */
size_t cgroup_members(const struct cgroup *cgroup, uint32_t *pids, size_t most);
/* Waits until nobody is in it. */
void cgroup_wait(const struct cgroup *cgroup);

/*
 * The folder of a cgroup (a line "0::/..." of `membership`, as /proc/PID/cgroup has it) by a line of
 * /proc/PID/mountinfo. -1: the mount is another, or does not show that cgroup.
 */
int cgroup_path(const char *mount, const char *membership, char *out, size_t room);
