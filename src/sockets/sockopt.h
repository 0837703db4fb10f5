/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The options of sockets: one row each, from which the list, the explanation, the values of a live process and the
 * completion are made. tests/sockets/test_sockopt compares the rows with what the kernel answers.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

enum sockopt_type {
	SOCKOPT_INT,
	SOCKOPT_BOOL,  /* an int that is 0 or 1 */
	SOCKOPT_OCTET, /* an int of which the kernel may give back one octet */
	SOCKOPT_UINT64,
	SOCKOPT_TIMEVAL,
	SOCKOPT_LINGER,
	SOCKOPT_TEXT,   /* a name: an interface, an algorithm */
	SOCKOPT_STRUCT, /* row->type_name; show() makes words of it, or octets are shown */
	SOCKOPT_BYTES   /* as long as it happens to be */
};

/* What may be done with getsockopt() and setsockopt(). */
enum sockopt_access { SOCKOPT_GET = 1, SOCKOPT_SET = 2 };

/* SOCKOPT_EFFECT: of other processes it is never read. */
enum sockopt_flag {
	SOCKOPT_EFFECT = 1, /* reading changes the socket (SO_ERROR), takes something from it, or makes a descriptor */
	SOCKOPT_CONNECTS = 8, /* a connection changes it by itself: then it has no default */
	SOCKOPT_COUNT = 4, /* its length counts something else than octets: asked for without a buffer, it tells that */
	SOCKOPT_STATE =
		2 /* it tells of the socket's state and is no setting (SO_TYPE), or of another option's: no default */
};

/*
 * On which sockets it means something (the kernel may answer on others); bits of three groups: kinds, families of
 * addresses, and what has been called. Of a group in which a row has bits one must hold; a group without bits is not
 * looked at.
 */
enum sockopt_on {
	ON_TCP = 1,
	ON_UDP = 2,
	ON_RAW = 4,
	ON_UNIX = 8,
	ON_PACKET = 16,
	ON_IPV4 = 32,
	ON_IPV6 = 64,
	ON_LISTENER = 128,
	ON_CONNECTED = 256,
	ON_ANY = 0
};

struct sockopt {
	const char *name;  /* "SO_REUSEADDR" */
	const char *alias; /* macros of the same number, parted by blanks: "SO_GET_FILTER"; NULL: none */
	int level, option; /* SOL_SOCKET, IPPROTO_IP, IPPROTO_IPV6, IPPROTO_TCP, IPPROTO_UDP */
	enum sockopt_type type;
	const char *type_name; /* in C: "int", "struct linger" */
	const char *unit;      /* "octets", "seconds", "milliseconds", "hops"; NULL: none */
	unsigned access;       /* bits of enum sockopt_access */
	unsigned flags;        /* bits of enum sockopt_flag */
	unsigned on;           /* bits of enum sockopt_on; ON_ANY: everywhere */
	size_t size;           /* octets that getsockopt() is given; 0: of the type */
	const char *initial; /* the value of a new socket of TCP or UDP: what sockopt_show() makes of it, or "the sysctl
				NAME (64)"; what stands in parentheses is for people. "none" when there is no such
				value: with SOCKOPT_STATE, or without SOCKOPT_GET */
	const char *who;     /* who may set it: "anybody", "CAP_NET_ADMIN", "nobody" */
	const char *since;   /* "Linux 2.2", "BSD 4.2"; NULL: not known */
	const char *lacking; /* why a kernel may not have it: "CONFIG_MPTCP", "Linux 6.16"; NULL: all have it */
	const char *summary; /* in one line of 60 characters at most */
	const char *meaning; /* a paragraph in plain words: what changes, when to set it, doubled or clamped, whether
				accept() inherits it, before or after bind() */
	const char *use;     /* three lines of C */
	const char *also;    /* names of options to read next, parted by blanks; NULL: none */
	void (*show)(const void *value, size_t length, struct text *out); /* NULL: by its type */
};

/* The name and the number are the macro's: SOCKOPT_NAMED(SOL_SOCKET, SO_REUSEADDR) begins a row. */
#define SOCKOPT_NAMED(of, macro) .name = #macro, .level = (of), .option = (macro)

#define SOCKOPT_PIECES 6

/* A level and its rows. */
struct sockopt_level {
	const char *name;  /* "SOL_SOCKET" */
	const char *title; /* "every socket" */
	int level;
	const struct sockopt *pieces[SOCKOPT_PIECES]; /* each ended by a row without name; ended by NULL */
};
extern const struct sockopt_level sockopt_levels[]; /* ended by one without name */

/* The row at this place in all pieces of the level; NULL: there are not so many. */
const struct sockopt *sockopt_at(const struct sockopt_level *level, size_t place);

/* By its name, with or without IPPROTO_ or SOL_, or by the prefix of its options ("SO", "tcp_"); NULL: none. */
const struct sockopt_level *sockopt_level_find(const char *word);

/* By its name or an alias, in any case and with or without its prefix where that is clear; NULL with err ("did you
 * mean"). */
const struct sockopt *sockopt_find(const char *name, struct error *err);

/* What getsockopt() gave, in words: "1", "212992 octets", "on, 5 seconds", "cubic". Escaped. */
void sockopt_show(const struct sockopt *option, const void *value, size_t length, struct text *out);

#define SOCKOPT_VALUE 1024 /* octets of the longest value */

/*
 * getsockopt() into `value`, of SOCKOPT_VALUE octets, zeroed first. *length: octets that were filled, or what
 * SOCKOPT_COUNT counts. 0; -1 with errno (ENOPROTOOPT: the kernel or this kind of socket does not have it).
 */
int sockopt_get(int fd, const struct sockopt *option, void *value, size_t *length);

/* Whether the option can be on a socket of which all these bits of enum sockopt_on hold. */
bool sockopt_fits(const struct sockopt *option, unsigned on);
