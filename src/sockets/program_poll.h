/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sockets of a program and its descendants, looked for again and again, where its calls cannot be seen: what lives for
 * less than REGISTRAR_PERIOD may be missed. For program.c.
 */
#pragma once

#include "sockets/program_cgroup.h"
#include "sockets/supervise.h"

struct polling;

#define POLLING_PROCESSES 4096 /* that are looked into at a time */

/*
 * born: as of supervise_new(), each socket once; the thread is not known. With a cgroup its sockets are looked for and
 * /proc is read only for who holds a new one; NULL: those that we and our descendants hold. NULL with err: /proc does
 * not tell of children, or the kernel not of cgroups.
 */
struct polling *polling_new(const struct cgroup *cgroup, supervise_born *born, void *context, struct error *err);
void polling_free(struct polling *polling);
/* Looks when it is time to; polling_deadline(): that time (clock_monotonic()). */
void polling_look(struct polling *polling, int64_t now);
int64_t polling_deadline(const struct polling *polling);
