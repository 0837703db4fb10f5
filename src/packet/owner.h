/* SPDX-License-Identifier: BSD-2-Clause */
/* Whose a packet is: the processes that hold the socket at one of its ends, and how sure that is. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "packet/field.h"

/*
 * How the socket of an end was found. Only OWNER_EXACT is a certainty; who shows an owner shows this as well.
 */
enum owner_certainty {
	OWNER_UNKNOWN,    /* nobody was found */
	OWNER_REMEMBERED, /* it held the port a moment ago and is gone, or was seen holding it only afterwards */
	OWNER_PORT,       /* it is bound to the port with the wildcard, or shares it with others: it may be this one */
	OWNER_EXACT       /* the socket of these two ends, or the only one that could be meant */
};
extern const struct value_name owner_certainty_names[]; /* "unknown" ... "exact" */

/* A process of the machine that captured. Strings are as the kernel has them: NOT escaped; NULL: not known. */
struct process {
	uint32_t pid;
	uint32_t thread;       /* 0: not known */
	uint32_t parent;       /* its pid; 0: not known */
	uint32_t uid;
	bool has_uid;
	const char *name;      /* /proc/PID/comm: 15 octets at most */
	const char *user;      /* the uid's name */
	const char *path;      /* of the executable */
	const char *arguments; /* the command line, its words parted by blanks */
};

#define OWNERS_MOST 16 /* processes of one socket that are kept: inherited ones are told all */

struct owner {
	uint8_t certainty;     /* enum owner_certainty */
	uint8_t count;         /* of processes; 0 with OWNER_UNKNOWN */
	bool more;             /* there were more than OWNERS_MOST, or some that may not be looked into */
	const struct process *processes[OWNERS_MOST];
};

/* The ends of a packet. */
enum owner_end { OWNER_SOURCE, OWNER_DESTINATION, OWNER_ENDS };
extern const struct value_name owner_end_names[]; /* "source", "destination" */
