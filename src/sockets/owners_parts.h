/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the owners share. */
#pragma once

#include <string.h>

#include "base/clock.h"
#include "sockets/holders.h"
#include "sockets/owners.h"
#include "sockets/socktable.h"

/* The question, in the form that is compared. */
struct end_key {
	uint8_t kind;
	bool v4;
	struct place local, remote;
};

/* A socket, from when till when it was there as far as is known, and whose it was. */
struct tenure {
	uint64_t id; /* the cookie; of sockets that are known from /proc/net the inode, marked; 0: not known */
	uint64_t inode;
	struct end_key key; /* remote.port 0: of no peer */
	bool any;           /* bound to the wildcard */
	bool serves_v4, serves_v6;
	bool listens, born;
	bool told;           /* it was in an answer: what changes of it is told */
	int64_t since, seen; /* the first and the last time that it was known to be there */
	int64_t until;       /* when the kernel told of its end; CLOCK_NEVER: not yet */
	unsigned scans;      /* looks into /proc before it was found */
	int64_t checked;     /* when its processes were last looked for; 0: never */
	struct owner owner;  /* count 0: its processes are not known */
	int fds[OWNERS_MOST];
	uint64_t number; /* in the order in which they came, from 1 */
	struct tenure *next_id, *next_port;
	struct tenure *older, *newer;
};

#define TENURE_SLOTS 16384

/* All of them: found by id and by port, and in the order in which they came. */
struct tenures {
	struct tenure *ids[TENURE_SLOTS], *ports[TENURE_SLOTS];
	struct tenure *oldest, *newest;
	unsigned count;
	uint64_t added; /* ever */
};

struct known_process;

#define ADDRESSES 64 /* of which it is known for ADDRESS_LASTS what they are here */
#define ADDRESS_LASTS NS_PER_S

struct known_address {
	uint8_t address[16];
	int64_t asked;
	uint8_t locality;
};

struct owners {
	struct socktable asked;       /* for single questions */
	struct socktable all;         /* for many sockets at once */
	int64_t read[SOCKET_KINDS];   /* when all sockets of the kind were last read */
	int64_t looked[SOCKET_KINDS]; /* the same, whether it succeeded or not */
	int64_t fenced;               /* all ends before that reading of UDP's sockets are told */
	struct holders holders;
	int64_t scanned; /* when the last look into /proc began */
	unsigned scans;  /* how many there were, of all processes */
	unsigned hidden; /* at the last of them */
	int64_t debt;    /* ns that looks took, above their share of the time */
	bool pids_only;  /* `holders` is of chosen processes */
	struct tenures tenures;
	struct known_process **processes; /* by pid */
	unsigned process_count;
	uint32_t recent[16]; /* processes that were found last, ended by 0 */
	int events;          /* the netlink socket of ends; -1: none */
	struct known_address addresses[ADDRESSES];
	int routes; /* and that which tells what an address is */
};

/* ------------------------------------------------------------------------------------------------ owners_match.c */

void end_key_from(struct end_key *key, const struct socket_ends *ends);
uint64_t socket_identity(const struct socket *socket);
/* What the socket says of itself, put into the tenure. */
void tenure_describe(struct tenure *tenure, const struct socket *socket);
/* Whether packets of this end may be the socket's. */
bool tenure_serves(const struct tenure *tenure, const struct end_key *key);

static inline bool place_same(const struct place *a, const struct place *b)
{
	return a->port == b->port && !memcmp(a->address, b->address, sizeof a->address);
}

/* ------------------------------------------------------------------------------------------------ owners_tenure.c */

struct tenure *tenure_find(const struct tenures *tenures, uint64_t id);
/* A new one; the oldest goes when there are OWNERS_PAST. */
struct tenure *tenure_add(struct tenures *tenures, const struct tenure *content);
/* It is not found by its id any more. */
void tenure_disown(struct tenures *tenures, struct tenure *tenure);
/* The first with the port, then those behind it. */
struct tenure *tenure_of_port(const struct tenures *tenures, uint8_t kind, uint16_t port);
struct tenure *tenure_next(const struct tenure *tenure);
void tenures_release(struct tenures *tenures);

/* ------------------------------------------------------------------------------------------------ owners_process.c */

/* The process as it is now; the same one as long as it is. NULL: it is gone, or there is no room. */
const struct process *owners_process(struct owners *owners, uint32_t pid, uint32_t thread, uint64_t *started);
void owners_processes_release(struct owners *owners);

/* ------------------------------------------------------------------------------------------------ owners_hold.c */

/* ns of CPU of all threads so far: looks are shared among them. */
int64_t processor_time(void);
/* A look into /proc, as `now` it began. -1 with err: it cannot be read. */
int owners_scan(struct owners *owners, int64_t now, struct error *err);
/* Makes sure that the tenure's processes are those that hold it now. False: they may not be all. */
bool owners_resolve(struct owners *owners, struct tenure *tenure, int64_t now);
/* Whether what is known of its processes is still so; looks at nobody else. */
bool owners_hold(struct owners *owners, const struct tenure *tenure);

/* ------------------------------------------------------------------------------------------------ owners_look.c */

/* When a packet came, and when its end is asked for. */
struct moment {
	int64_t packet, now;
};

/* The sockets that are there now, and to which the end may belong. */
struct look {
	struct tenure *list[OWNERS_MOST];
	unsigned count;
	bool more;       /* there were more */
	bool unaccepted; /* a listener stands for a connection that nobody has accepted */
	bool listener;   /* a listener stands for a connection that is not there */
};

/* Takes in what the kernel's tables have; `now` is when. -1: they cannot be read. */
int owners_read(struct owners *owners, const struct socktable_request *request, int64_t now);
void owners_look(struct owners *owners, const struct socket_ends *ends, const struct end_key *key,
		 const struct moment *moment, struct look *look);

/* ------------------------------------------------------------------------------------------------ owners_local.c */

/* What an address is to this machine. */
enum locality { LOCALITY_ELSEWHERE, LOCALITY_HERE, LOCALITY_GROUP };

/* -1 with err: the kernel cannot be asked. */
int locality_open(struct error *err);
enum locality locality_of(int routes, const struct address *address);
