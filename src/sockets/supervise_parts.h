/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the supervisor share. */
#pragma once

#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>

#include "sockets/supervise.h"

#if defined(__x86_64__)
#define SUPERVISE_ARCH AUDIT_ARCH_X86_64
#define SUPERVISE_FOREIGN AUDIT_ARCH_I386
#elif defined(__aarch64__)
#define SUPERVISE_ARCH AUDIT_ARCH_AARCH64
#define SUPERVISE_FOREIGN AUDIT_ARCH_ARM
#elif defined(__riscv) && __riscv_xlen == 64
#define SUPERVISE_ARCH AUDIT_ARCH_RISCV64
#endif /* elsewhere the filter is refused, and sockets are known in another way */

#ifndef SYS_landlock_restrict_self
#define SYS_landlock_restrict_self 446
#endif

/* A call that is under way: who makes it, and a copy of the descriptor that it is about. */
struct seen_call {
	uint64_t id; /* of the notification */
	uint32_t pid, thread;
	const __u64 *args; /* the six of the call */
	int fd;            /* the copy; -1: none */
	int domain;
	uint8_t kind; /* SOCKET_TCP or SOCKET_UDP */
	uint64_t cookie;
	struct address local; /* with port 0: none yet */
};

enum seen { SEEN, SEEN_NOT_OURS, SEEN_MISSED };

/* ------------------------------------------------------------------------------------------------ supervise_look.c */

/*
 * Opens the copy and describes it; `call` has id, thread and args. SEEN: the caller closes it. listener -1: the call is
 * under way already.
 */
enum seen seen_call_open(struct seen_call *call, int listener, uint64_t network);
void seen_call_close(struct seen_call *call);
/* Whether the call still waits, so that what was read of its process is that process's. */
bool seen_call_waits(const struct seen_call *call, int listener);
/* Its address, of `length` octets as the call says. 0: copied; else EFAULT (it is unreadable, or too long) or EPERM. */
int seen_call_address(const struct seen_call *call, uint64_t at, uint64_t length, struct address *out);
/* Whether sendmsg() sends to an address, not to whom the socket is connected to; true when that cannot be read. */
bool seen_call_names_peer(const struct seen_call *call);
/* Whom the socket is connected to. */
bool seen_call_peer(const struct seen_call *call, struct address *out);
/* The cookie of the socket's network namespace; 0: the kernel does not tell. */
uint64_t socket_network(int fd);
/* That of ours. */
uint64_t own_network(void);
/* Whether a thread is under the same security label as we are. */
bool same_label(uint32_t thread);

/* ------------------------------------------------------------------------------------------------ supervise_port.c */

/* Gives the socket a port as the kernel would; alone: one that it shares with nobody. -1: it has none. */
int port_give(struct seen_call *call, bool alone);
/* Whether a connection of TCP there comes as far as choosing its port. */
bool port_would_connect(const struct seen_call *call, const struct address *to);
/* What of the socket is told. */
struct socket_ends port_ends(const struct seen_call *call, const struct address *remote);
