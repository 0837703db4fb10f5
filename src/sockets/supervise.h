/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A program whose socket calls are seen before they are made: seccomp_unotify(2). Its socket is looked at through
 * pidfd_getfd(2), given the port that the call was about to give it, and let go at once; then the call goes on. For the
 * registrar's process only.
 *
 * Which calls: bind, connect, listen, sendto, sendmsg, sendmmsg, of which those on sockets of IPv4 and IPv6 are of
 * interest. A socket that has no port yet gets one as the call itself would have chosen it (bind to port 0), so that
 * the port is known before the first packet leaves.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"
#include "sockets/owners.h"

struct supervise;

/* A socket of the program, told before the call goes on. */
typedef void supervise_born(void *context, const struct socket_ends *ends, uint32_t pid, uint32_t thread);

/*
 * In the child, before exec: installs the filter; returns its descriptor, -1 with errno (EINVAL, ENOSYS, EACCES: the
 * kernel refuses it). Without CAP_SYS_ADMIN it sets no_new_privs, so that programs that are executed get no rights
 * from their files; *no_new_privs says so.
 */
int supervise_install(bool *no_new_privs);

/* In the supervisor: `listener` is that descriptor, which becomes its own. */
struct supervise *supervise_new(int listener, supervise_born *born, void *context);
void supervise_free(struct supervise *supervise);
int supervise_fd(const struct supervise *supervise);
/* Answers what waits. False: nobody is under the filter any more: the program and all its descendants have ended. */
bool supervise_serve(struct supervise *supervise);
/* Calls that were let go without a look (the process could not be looked into, the address could not be read). */
unsigned supervise_missed(const struct supervise *supervise);
