/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A program whose socket calls are seen before they are made: seccomp_unotify(2). Its socket is looked at through
 * pidfd_getfd(2), given the port that the call was about to give it, and let go at once; then the call goes on. For the
 * registrar's process only.
 *
 * Which calls: bind, connect, listen, sendto with an address, sendmsg, sendmmsg, on sockets of TCP and UDP in our own
 * network namespace. A socket that has no port yet gets one as the call itself would have chosen it (bind to port 0),
 * so that the port is known before the first packet leaves. A bind() is made here, on the program's socket, without the
 * right to ports below 1024; where that is refused, and where another policy than ours may stand above the program
 * (Landlock, another security label), the call goes on by itself and its socket is looked at behind it.
 *
 * Not seen: send() and write(), so that inherited sockets are told by supervise_inherited(); connected ones that come
 * from a process that is no descendant, sockets of io_uring, and programs of another architecture: those must be looked
 * for.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "sockets/owners.h"

struct supervise;

/*
 * A socket of the program, told before the call goes on, when something of it is new. remote of length 0: with
 * anybody. cookie: SO_COOKIE of it; 0: the kernel has none.
 */
typedef void supervise_born(void *context, const struct socket_ends *ends, uint64_t cookie, uint32_t pid,
			    uint32_t thread);

/*
 * In the child, before exec: installs the filter; returns its descriptor, -1 with errno (EINVAL, ENOSYS, EACCES, EBUSY:
 * the kernel refuses it, or somebody else supervises already). Without CAP_SYS_ADMIN it sets no_new_privs, so that
 * programs that are executed get no rights from their files; *no_new_privs says so.
 */
int supervise_install(bool *no_new_privs);

/*
 * In the supervisor: `listener` is that descriptor, which becomes its own; the right to bind to ports below 1024 is
 * put down (it is not effective any more), since calls are made in the program's place. -1 is no listener. NULL with
 * err.
 */
struct supervise *supervise_new(int listener, supervise_born *born, void *context, struct error *err);
/* From then on the program's socket calls fail (ENOSYS), so let it end first, or leave it to supervise_let_go(). */
void supervise_free(struct supervise *supervise);
int supervise_fd(const struct supervise *supervise);
/* Answers what waits. False: nobody is under the filter any more: the program and all its descendants have ended. */
bool supervise_serve(struct supervise *supervise);
/* From now on every call goes on without a look. */
void supervise_let_go(struct supervise *supervise);

/*
 * Tells of the sockets of TCP and UDP that a process will have when it executes something, or has from then on: what it
 * inherited, with a port and not to be closed by exec. The first 4096 of its descriptors are looked at.
 */
void supervise_inherited(uint32_t pid, supervise_born *born, void *context);

/* What was not seen. */
struct supervise_unseen {
	unsigned
		missed; /* calls let go without a look: the process or its memory could not be read, no port was free */
	unsigned foreign; /* calls of programs of another architecture */
	unsigned rings;   /* io_uring_setup() */
};
const struct supervise_unseen *supervise_unseen(const struct supervise *supervise);
