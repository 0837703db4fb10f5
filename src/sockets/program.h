/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The program of `sonde run`, from its fork to the end of the last of its descendants. For the registrar's process
 * only, which becomes the parent of all of them that lose their own, and has no other children.
 */
#pragma once

#include "sockets/registrar.h"
#include "sockets/supervise.h"

struct program;

/*
 * Forks. The program waits before its exec, with the rights and descriptors that we have now; if we end before it is
 * let go, it ends as well. *fd: a descriptor that must stay open. NULL with err.
 */
struct program *program_new(const struct registrar_options *options, int *fd, struct error *err);

/*
 * Executes it. born: as of supervise_new(); the program's sockets are told whatever way they are known. -1 with err;
 * *not_found: there is no such program.
 */
int program_go(struct program *program, supervise_born *born, void *context, bool *not_found, struct error *err);
enum registrar_way program_way(const struct program *program);
/* Executed programs get no rights from their files (set-user-ID and the like). */
bool program_no_new_privs(const struct program *program);
const struct supervise_unseen *program_unseen(const struct program *program);

#define PROGRAM_FDS 2
/* How many descriptors to wait for, until one is readable or it is time (clock_monotonic()). */
unsigned program_wait_for(const struct program *program, int fds[PROGRAM_FDS], int64_t *deadline);
/* Does what is to do: answers, reaps, looks. */
void program_tend(struct program *program, int64_t now);

/*
 * Whether it and its descendants have ended and their connections are closed, or have waited for their peers for
 * REGISTRAR_LINGER. *status as of wait(2).
 */
bool program_ended(const struct program *program, int *status);
void program_signal(const struct program *program, int signal);

/* Whether a process is the program or a descendant: we are its ancestor. */
bool program_has(const struct program *program, uint32_t pid);
/* Whether somebody needs us still: a call under the filter of the supervisor, the folder of a cgroup. */
bool program_lives(const struct program *program);

/* In a child of ours, when we are about to end: calls go on without a look; returns when nobody is left. */
void program_let_go(struct program *program);
void program_free(struct program *program);
