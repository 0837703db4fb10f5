/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which process has the socket at an end of a packet. Works inside one process, with its rights: the registrar
 * (registrar.h) gives the answers to a program that has none.
 *
 * In this order: the socket of these two ends; one that is bound to the port alone, of this family or of IPv6 that
 * takes IPv4; what held the port a moment ago; nobody. An answer of the kernel is compared with the question,
 * sockets without inode are skipped (a connection that nobody has accepted is its listener's), all processes of a
 * socket are told. Several sockets that could be meant, of different processes, are OWNER_PORT together.
 *
 * OWNER_EXACT is said of a packet only when the socket was known to be there before the packet came: at the start, from
 * an earlier question, or by owners_born(). A socket that was found after its packet may have taken the place of
 * another, so that is OWNER_REMEMBERED. So is a packet of a supervised socket of UDP behind the moment in which it was
 * last known to be there (its birth, a call, a reading), when somebody else had its port since: the kernel frees the
 * port at once and tells of the end later.
 */
#pragma once

#include "base/error.h"
#include "packet/owner.h"
#include "sockets/socket.h"

/* One end of a conversation, seen from there. */
struct socket_ends {
	uint8_t kind; /* SOCKET_TCP or SOCKET_UDP */
	struct address local, remote;
	bool v6only; /* local is ::, without IPv4 */
};

/* The same in few octets: IPv4 as ::ffff:a.b.c.d, network order; the port in the order of this machine, 0: none. */
struct place {
	uint8_t address[16];
	uint16_t port;
};
/* The address of it; length 0 when it is none. */
void place_address(const struct place *place, struct address *address);
void place_from(struct place *place, const struct address *address);

struct owners;

/* What was found of an end. */
struct owners_answer {
	bool here;           /* the address is this machine's, or one that its sockets hear; else the rest is empty */
	bool unsettled;      /* it will change soon (nobody has accepted the connection yet): ask again */
	struct owner owner;  /* whose it is, for packets from `since` on */
	struct owner before; /* the same for packets before `since`, of which `time` is one */
	int64_t since;       /* the socket was there; INT64_MIN: `owner` is for all */
	int64_t until;       /* `owner` is for packets up to then; CLOCK_NEVER: as long as no end is told */
	int64_t proven;      /* for later packets it is to be asked anew, told end or not; CLOCK_NEVER: for none */
	bool untold;         /* owners_fence() would tell more */
	uint64_t cookie;     /* of the socket that was found alone; 0: none */
};

/*
 * Times are those of packets: ns since 1970, clock_utc(). -1 with err: there is neither sock_diag nor /proc/net, or no
 * /proc. Opens what later needs rights; looks at everything once, so that what is there already is known from now on.
 */
struct owners *owners_new(int64_t now, struct error *err);
void owners_free(struct owners *owners);

/*
 * time: of a packet with this end; now: the time of asking. The answer's processes live as long as the owners. Takes
 * some ten microseconds when the socket's processes are known already, and a look into all of /proc when they are not;
 * such looks take at most a quarter of the time in the long run: above that, who is found only among the processes
 * known so far is told with owner.more, and the answer is unsettled.
 */
void owners_find(struct owners *owners, const struct socket_ends *ends, int64_t time, int64_t now,
		 struct owners_answer *out);

/* Whether the end still is this socket's, and its processes still hold it. A few microseconds. */
bool owners_still(struct owners *owners, const struct socket_ends *ends, uint64_t cookie, int64_t now);

/*
 * A supervised program has, or is about to have, this socket: told before its first packet leaves. A later one with
 * the same port takes its place. remote of length 0: with anybody. cookie: SO_COOKIE of the socket; 0: not known, then
 * its end is not known either. False: the process is gone.
 */
bool owners_born(struct owners *owners, const struct socket_ends *ends, uint32_t pid, uint32_t thread, uint64_t cookie,
		 int64_t now);

/*
 * Readable when the kernel has told of sockets that ended (SKNLGRP_INET_TCP_DESTROY, ...); owners_collect() reads that:
 * what they held is remembered for OWNERS_REMEMBER. gone() is called for each; it may be NULL. fd -1: not told here.
 * False: some were not told, so what was found earlier may be over.
 */
int owners_fd(const struct owners *owners);
bool owners_collect(struct owners *owners, int64_t now, void (*gone)(void *context, const struct socket *socket),
		    void *context);

/*
 * Waits until the kernel has told of all sockets that ended so far, at most a tenth of a second; gone() as above.
 * False: it has not. What is sent by a network card only now keeps its socket, though not its port, and is not waited
 * for.
 */
bool owners_fence(struct owners *owners, void (*gone)(void *context, const struct socket *socket), void *context);

/*
 * Looks at all sockets and processes together: changed() is called for each port of which something else is to be told
 * than was told, because of a process that inherited or closed a socket or executes something else, or of another
 * socket on the port. Takes a look into all of /proc; returns the ns of CPU that it took.
 */
int64_t owners_watch(struct owners *owners, int64_t now, void (*changed)(void *context, uint8_t kind, uint16_t port),
		     void *context);

#define OWNERS_REMEMBER (60 * INT64_C(1000000000)) /* ns that an end is remembered behind its socket */
#define OWNERS_PAST 65536                          /* sockets that are remembered; then the oldest is forgotten */
#define OWNERS_PROCESSES 65536                     /* processes that are told apart; later ones are not known */

/* Processes that may not be looked into: each may hold a socket that nobody else holds. */
unsigned owners_hidden(const struct owners *owners);
