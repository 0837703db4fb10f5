/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sockets of a network namespace: by sock_diag(7) through libmnl, or, for what the kernel does not tell there, from
 * /proc/net (struct socket.source says which).
 */
#pragma once

#include <stddef.h>

#include "base/error.h"
#include "sockets/socket.h"

enum socket_want {
	WANT_MEMORY = 1,
	WANT_INFO = 2,  /* TCP_INFO and the congestion control's name */
	WANT_CLASS = 4, /* TOS, traffic class; mark (with CAP_NET_ADMIN) */
	WANT_CGROUP = 8
};

/* Zeroed: everything. */
struct socktable_request {
	unsigned kinds;  /* bits 1 << enum socket_kind; 0: all */
	unsigned states; /* bits SOCKET_STATE(); 0: all */
	int family;      /* AF_INET or AF_INET6: only those of TCP, UDP and raw; AF_UNSPEC: both */
	unsigned wants;  /* bits of enum socket_want */
	bool from_proc;  /* do not ask sock_diag */
};

/* Zero-initialise it. A table may be read again: its memory is used again, and what was in it is gone. */
struct socktable {
	struct socket *list; /* in the kernel's order, kind after kind */
	size_t count;
	unsigned from_proc;  /* bits 1 << enum socket_kind: sock_diag did not tell these (a module is missing, ...) */
	unsigned unreadable; /* bits: nor did /proc/net */
	bool cut;            /* there were more than SOCKTABLE_SOCKETS */
	bool interrupted;    /* the kernel's table changed while it was read (NLM_F_DUMP_INTR): one may be missing */
	/* Private. */
	size_t room;
	struct socktable_strings *strings;
	struct socktable_link *link; /* the netlink socket, kept open */
};

#define SOCKTABLE_SOCKETS 2000000 /* that are kept */

/* -1 with err when nothing at all can be told. Sockets vanish while they are read; that is no error. */
int socktable_read(struct socktable *table, const struct socktable_request *request, struct error *err);
void socktable_release(struct socktable *table);

/*
 * Opens the netlink socket before rights are given up or another namespace is entered: later reads need neither. -1
 * with err: sock_diag is not there at all; socktable_read() then reads /proc/net.
 */
int socktable_open(struct socktable *table, struct error *err);

/*
 * The one socket of these two ends, asked for alone, as the kernel would find it for a packet from `remote` to `local`
 * (for UDP also a wildcard's). 1 found; 0 there is none; -1 with err. What the kernel answers is compared with what was
 * asked: *out has these ports, and is bound to `local`'s address or to the wildcard. No strings are set.
 */
int socktable_find(struct socktable *table, enum socket_kind kind, const struct address *local,
		   const struct address *remote, struct socket *out, struct error *err);

/*
 * This thread's network namespace becomes that of: a name of ip-netns(8), a path, or a process id. Needs CAP_SYS_ADMIN.
 * To be called before a table is opened; /proc/net is then that of the namespace as well (of /proc/thread-self).
 */
int socktable_enter(const char *namespace, struct error *err);
