/* SPDX-License-Identifier: BSD-2-Clause */
/* What a program that runs for long owes its surroundings: to end when told, and to say when it is ready. */
#pragma once

#include <signal.h>
#include <stdbool.h>

#include "base/error.h"

/*
 * Blocks SIGINT, SIGTERM, SIGHUP (unless it is ignored) and SIGUSR1 and returns a descriptor that delivers them
 * (signalfd(2), non-blocking). To be called before whatever they are to end is opened, and before threads are started;
 * the caller closes it.
 */
int process_signals(struct error *err);

/*
 * For what cannot be waited for together with that descriptor (a name server, a handshake): between the two calls,
 * true and false, the same signals end the program as usual, also one that has come before.
 */
void process_interruptible(bool interruptible);

/* Writing to who does not read any more is answered with EPIPE, and does not end the program. */
void process_ignore_pipes(void);

/* Which signals are blocked; to be asked before process_signals() by who starts another program. */
void process_blocked(sigset_t *out);

/* In a child, before exec: signals are dealt with as when we were started, and these are blocked. */
void process_inherit(const sigset_t *blocked);

/* Tells whoever waits on fd that all is ready: writes a newline and closes it. */
int process_ready(int fd, struct error *err);

/*
 * Standard input, output and error keep their numbers: where one of them was closed, reading says the end and writing
 * fails, instead of going to whatever is opened next.
 */
void process_keep_standard(void);
