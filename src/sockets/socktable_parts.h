/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the table share. */
#pragma once

#include <stdio.h>

#include "sockets/socktable.h"

/* Room for strings and other small things that live as long as what is in the table. */
void strings_clear(struct socktable_strings **strings); /* the room is kept */
void strings_release(struct socktable_strings **strings);
/* Octets for anything, not cleared. length: STRINGS_MOST at most. */
void *strings_take(struct socktable_strings **strings, size_t length) __attribute__((returns_nonnull));
#define STRINGS_MOST 4096

/* A zeroed socket at the end of the table; NULL: there are SOCKTABLE_SOCKETS, and table->cut says so. */
struct socket *socktable_add(struct socktable *table);
/* Takes back the one that was added last. */
void socktable_drop(struct socktable *table);

/* ------------------------------------------------------------------------------------------------ netlink */

/* A conversation with the kernel: which answers belong to it, and where they go. */
struct answers {
	enum socket_kind kind;
	uint32_t states;         /* bits SOCKET_STATE() */
	uint32_t sequence;       /* of the question */
	struct socktable *table; /* NULL: nothing is kept */
	int error;               /* errno, when the kernel refused */
};

/*
 * Reads one datagram of netlink messages into the table; what is malformed is passed over. bytes: aligned as struct
 * nlmsghdr. True: that was the last of them, or the kernel refused (error).
 */
bool answers_take(struct answers *answers, const void *bytes, size_t length);

struct nlmsghdr;
/* Whether all of the message is among the octets that are left. */
bool message_whole(const struct nlmsghdr *message, size_t left);
/* One socket of one message: false when it is none, or malformed. strings NULL: none are set. */
bool message_read(const struct nlmsghdr *message, enum socket_kind kind, struct socktable_strings **strings,
		  struct socket *out);

/* The netlink socket. NULL with err. */
struct socktable_link *link_open(struct error *err);
void link_close(struct socktable_link *link);
/* Adds one kind of sockets to the table, of one family for those of IP. 0, or an errno. */
int link_read(struct socktable *table, enum socket_kind kind, int family, const struct socktable_request *request);

/* A question of one answer: the request of `size` octets goes out, the answer's message is returned. NULL: errno. */
const struct nlmsghdr *link_ask(struct socktable_link *link, const void *request, size_t size);

/* ------------------------------------------------------------------------------------------------ /proc/net */

/* Adds one kind of sockets to the table. -1 with errno: there is no such file. */
int proc_read(struct socktable *table, enum socket_kind kind, const struct socktable_request *request);

/* One file of it. */
struct proc_file;
struct proc_file {
	const char *name;
	enum socket_kind kind;
	int family;
	/* False: the line is of no socket. */
	bool (*line)(const struct proc_file *file, const char *line, struct socktable_strings **strings,
		     struct socket *out);
};
extern const struct proc_file proc_files[]; /* ended by one without name */
void proc_take(struct socktable *table, const struct proc_file *file, FILE *in, uint32_t states);

/* ------------------------------------------------------------------------------------------------ both */

/* An address of IP as the kernel's tables have it: `octets` in network order, port in host order. */
void socket_address(struct address *out, int family, const void *octets, uint16_t port, uint32_t interface);
/* Of the other end: none when it is a wildcard without port. */
void socket_remote(struct address *out, int family, const void *octets, uint16_t port, uint32_t interface);
