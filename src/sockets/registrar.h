/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A process beside ours that keeps the rights to look into other processes, and never sees a packet; ours sees the
 * packets and has no rights. It is asked whose an end is, tells on its own what ended, and starts and supervises the
 * program of `sonde run`.
 */
#pragma once

#include <sys/types.h>

#include "base/error.h"
#include "sockets/owners.h"

struct registrar;

/* How a started program's sockets are known. */
enum registrar_way {
	WAY_NONE,       /* no program was started: sockets are asked for when their packets come */
	WAY_SUPERVISED, /* seccomp user notification: each socket call is seen before it is made */
	WAY_CGROUP,     /* its sockets carry the id of its cgroup */
	WAY_POLLED      /* the sockets of its processes are looked for, every REGISTRAR_PERIOD */
};
#define REGISTRAR_PERIOD 1000000 /* ns */

struct registrar_options {
	char *const *program;   /* argv, ended by NULL: to be started by registrar_go(); NULL: none */
	const char *user;       /* whom the program runs as; NULL: who we are */
};

/*
 * Forks. To be called before rights are given up, before threads are started, and after process_signals(). With a
 * program: it is there, stopped before its exec, with all rights that we have now.
 */
struct registrar *registrar_start(const struct registrar_options *options, struct error *err);

/*
 * Whose the ends of a packet are: those that answer NULL are not of this machine, or nobody's (then *out is an owner
 * with OWNER_UNKNOWN). A look at a table that is kept here; a question to the other process when it is not known. What
 * is answered lives as long as the registrar. time: of the packet, ns since 1970.
 */
void registrar_ask(struct registrar *registrar, const struct socket_ends *ends, int64_t time,
		   const struct owner **out);

/* Lets the program run. -1 with err: it cannot be executed (`not_found`: there is none of that name). */
int registrar_go(struct registrar *registrar, bool *not_found, struct error *err);
enum registrar_way registrar_way(const struct registrar *registrar);

/* Whether an owner has one of the started program's processes. */
bool registrar_is_ours(const struct registrar *registrar, const struct owner *owner);

/*
 * Readable when the program and all of its descendants have ended, and so have their connections (or have waited for
 * their peers for REGISTRAR_LINGER): then it is time to drain. *status: as wait(2) has it, of the program itself.
 */
int registrar_fd(const struct registrar *registrar);
bool registrar_ended(struct registrar *registrar, int *status);
#define REGISTRAR_LINGER 2000000000ll /* ns */

/* A signal for the program; it is passed on. */
void registrar_signal(struct registrar *registrar, int signal);

/* Processes that may not be looked into. */
unsigned registrar_hidden(const struct registrar *registrar);

/* Ends the other process and waits for it; the program is not ended. NULL is allowed. */
void registrar_free(struct registrar *registrar);
