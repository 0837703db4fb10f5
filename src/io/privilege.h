/* SPDX-License-Identifier: BSD-2-Clause */
/* Giving up rights. To be called before any thread is started: capabilities belong to threads. */
#pragma once

#include <stdbool.h>

#include "base/error.h"

/* What the user is told of that, behind what it was for. */
#define PRIVILEGE_MISSING                                                                                              \
	"no right to capture (CAP_NET_RAW); use sudo, or give it to the program once: sudo setcap cap_net_raw+ep " \
	"PROGRAM"

/* Whether this process may open packet sockets (CAP_NET_RAW). */
bool privilege_can_capture(void);

/*
 * Gives up, for good, what opening a capture does not need; keeps of what is there: capturing, files of others (an
 * output file in the directory of whoever called sudo), and changing the user.
 */
int privilege_limit(struct error *err);

/*
 * Gives up everything, for good: no capability is left in any set (in the bounding set: when the kernel lets us), and
 * nothing that is executed can get one. user: become that one; NULL: stay who we are. What was wanted is checked.
 */
int privilege_drop(const char *user, struct error *err);
