/* SPDX-License-Identifier: BSD-2-Clause */
/* Our side of the registrar. */
#pragma once

#include "base/mem.h"
#include "sockets/registrar_parts.h"

struct seen_process {
	struct process process;
	bool ours;
};

struct kept_owner {
	struct owner owner;
	uint32_t number;
	struct kept_owner *next;
};

#define KEPT_SLOTS 4096

/* What was answered; all of it stays until the end. */
struct registrar_known {
	struct seen_process **processes; /* by number */
	uint32_t count, room;
	struct kept_owner *owners[KEPT_SLOTS];
	const struct owner **list; /* of all, by number */
	uint32_t owner_count, owner_room;
};

struct known_end {
	const struct owner *owner, *before; /* NULL: not here */
	int64_t since, until;
	int64_t proven; /* later packets are asked for anew */
	uint64_t cookie;
	bool found;              /* it was asked for */
	bool stale;              /* what was found is over */
	uint32_t next, previous; /* in the chain of its port: number of a conversation * 2 + end; 0: none */
};

/*
 * What the usual packet looks at: one line of the cache, for a thousand conversations do not stay in the nearest ones.
 * Times are in units of 2^REGISTRAR_UNIT ns since the registrar began, and may be inexact to the safe side.
 */
struct conversation_line {
	struct place ends[2];
	uint8_t kind;
	bool used;
	uint32_t next;        /* with the same hash; 0: none */
	uint32_t from, until; /* between these, `owners` are as good as asked for */
	uint32_t owners[2];   /* numbers of kept owners */
};
_Static_assert(sizeof(struct conversation_line) <= CACHE_LINE, "a conversation has to fit in a line of the cache");
#define REGISTRAR_UNIT 24

struct conversation {
	int64_t since; /* from then on both `owners` hold */
	int64_t until; /* after that one of them holds no more */
	int64_t check; /* until then they may be taken as they are */
	int64_t last;  /* of the packet before, while few come */
	const struct owner *owners[2];
	int64_t asked;    /* the packet for which it was asked last */
	int64_t patience; /* how long the last answer was taken for good */
	struct known_end known[2];
};

#define BUCKETS_FEW 1024 /* at the start: a table that is larger than needed costs misses of the cache */

struct registrar {
	pid_t process;
	int questions, tidings, ended;
	bool gone; /* the other process is */
	struct registrar_shared *shared;
	unsigned told; /* tidings that were read */
	uint64_t secret[4];
	uint32_t *buckets; /* numbers of conversations; 0: none */
	uint32_t bucket_count;
	struct conversation_line *lines; /* [0] is not used */
	void *lines_memory;
	struct conversation *conversations; /* [0] is not used */
	int64_t began;
	uint32_t count, oldest;
	uint32_t *ports;                   /* for both kinds: the first end with the port */
	int64_t tenth;                     /* the end of the tenth of a second that is counted */
	unsigned packets, questions_asked; /* in it */
	bool calm;                         /* there were few packets in the one before */
	struct registrar_known known;
};

/* ------------------------------------------------------------------------------------------------ registrar_known.c */

/* Of a message with a process. -1: it is no such message. */
int known_process_add(struct registrar_known *known, const void *message);
/* NULL: it names processes that were not told. */
const struct owner *known_owner(struct registrar_known *known, const struct registrar_owner *owner);
/* The number of an owner that was told, or of one of these. */
enum { OWNER_NUMBER_NONE, OWNER_NUMBER_UNASKED, OWNER_NUMBERS };
uint32_t known_number(const struct owner *owner);
extern const struct owner owner_unasked;
void known_make(struct registrar_known *known);
void known_release(struct registrar_known *known);

/* ------------------------------------------------------------------------------------------ registrar_program.c */

/* Whether a socket of the program has or had the port, or it cannot be said. */
bool registrar_may_have(const struct registrar *registrar, uint8_t kind, uint16_t port);

/* ------------------------------------------------------------------------------------------------ registrar.c */

/* The answer to a question, in `message`; processes are taken in. NULL: the other process is gone. */
const void *registrar_answer(struct registrar *registrar, void *message, enum registrar_word word, size_t length);

/* ------------------------------------------------------------------------------------------------ registrar_ask.c */

void registrar_table_make(struct registrar *registrar);
void registrar_table_release(struct registrar *registrar);
