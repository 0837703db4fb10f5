/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A process beside ours that keeps the rights to look into other processes, and never sees a packet; ours sees the
 * packets and has no rights. It is asked whose an end is, tells on its own what ended, and starts and supervises the
 * program of `sonde run`.
 */
#pragma once

#include <signal.h>
#include <sys/types.h>

#include "base/error.h"
#include "sockets/owners.h"
#include "sockets/supervise.h"

struct registrar;
struct registrar_guest;

/* How a started program's sockets are known. */
enum registrar_way {
	WAY_NONE,       /* no program was started: sockets are asked for when their packets come */
	WAY_SUPERVISED, /* seccomp user notification: each socket call is seen before it is made */
	WAY_CGROUP,     /* all sockets are looked at every REGISTRAR_PERIOD: the program's carry its cgroup */
	WAY_POLLED      /* the same, and which of them its processes hold */
};
#define REGISTRAR_PERIOD 1000000 /* ns */

struct registrar_options {
	char *const *program;   /* argv, ended by NULL: to be started by registrar_go(); NULL: none */
	const char *user;       /* whom the program runs as; NULL: who we are */
	sigset_t blocked;       /* in the program: process_blocked() */
	enum registrar_way way; /* the only one that will do; WAY_NONE: the best there is */
	/* &registrar_program with a program; NULL: without. See registrar_parts.h. */
	const struct registrar_guest *guest;
};
extern const struct registrar_guest registrar_program;

/*
 * Forks. To be called before rights are given up, before threads are started, and after process_signals(). With a
 * program: it is there, stopped before its exec, with all rights that we have now.
 */
struct registrar *registrar_start(const struct registrar_options *options, struct error *err);

struct registrar_packet {
	struct place ends[OWNER_ENDS]; /* source, destination */
	uint8_t kind;                  /* SOCKET_TCP or SOCKET_UDP */
	bool opens;                    /* SYN without ACK: a new connection, whatever had these ends before */
	bool own;                      /* only of ends that the started program may have; the other is unknown */
	int64_t time;                  /* ns since 1970; packets come in the order of their times, more or less */
};

/*
 * Whose the ends of a packet are: NULL for those that are not of this machine; an owner with OWNER_UNKNOWN when it is
 * nobody's. What is answered lives as long as the registrar. For one thread.
 *
 * A conversation that is known costs no system call. What is known of it goes
 * - when the kernel tells that a socket on one of its ports ended (some milliseconds after it did, at most, as a rule),
 *   or a supervised program has one: the other process says so through memory that both see, and that is looked at for
 *   each packet;
 * - with a SYN;
 * - every REGISTRAR_WATCH, or REGISTRAR_WATCH_SHARE times what it costs, while anything is asked for, when the other
 * process looks at all sockets and processes again and finds others there: a child that inherited the socket, another
 * socket on the port;
 * - when nobody was found, or the kernel does not tell of ends: after REGISTRAR_PERIOD_FIRST, then after twice that,
 * and so on up to REGISTRAR_PERIOD_LAST;
 * - while fewer than REGISTRAR_CALM packets a second come, also when REGISTRAR_GAP passed since its last packet: so
 * much time another program needs at least to take the place of one that ended. Above REGISTRAR_QUESTIONS in a tenth of
 * a second nothing is asked: who is not known then is OWNER_UNKNOWN with `more`, until the next tenth.
 */
void registrar_ask(struct registrar *registrar, const struct registrar_packet *packet,
		   const struct owner *out[OWNER_ENDS]);
#define REGISTRAR_PERIOD_FIRST (100 * INT64_C(1000000)) /* ns */
#define REGISTRAR_PERIOD_LAST (5 * INT64_C(1000000000))
#define REGISTRAR_WATCH_SHARE 1000
#define REGISTRAR_WATCH (5 * INT64_C(1000000000))
#define REGISTRAR_CALM 2000
#define REGISTRAR_GAP INT64_C(1000000)
#define REGISTRAR_QUESTIONS 1000
#define REGISTRAR_CONVERSATIONS 65536 /* that are known; then the one that came first is forgotten */
#define REGISTRAR_OWNERS 65536        /* different answers; later ones are OWNER_UNKNOWN */

/* Lets the program run. -1 with err: it cannot be executed (`not_found`: there is none of that name). */
int registrar_go(struct registrar *registrar, bool *not_found, struct error *err);
enum registrar_way registrar_way(const struct registrar *registrar);

/* Whether every socket of the started program is told before its first packet: nothing was unseen so far. */
bool registrar_sees_all(const struct registrar *registrar);

/*
 * Whether a packet may be the started program's: false when all of its sockets are seen, and none has or had one of
 * these ports. A look at memory; most packets of others need not be asked for.
 */
bool registrar_may_be_ours(const struct registrar *registrar, const struct registrar_packet *packet);

/* Whether an owner has one of the started program's processes. */
bool registrar_is_ours(const struct registrar *registrar, const struct owner *owner);

/*
 * Readable when the program and all of its descendants have ended, and so have their connections (or have waited for
 * their peers for REGISTRAR_LINGER): then it is time to drain. *status: as wait(2) has it, of the program itself.
 */
int registrar_fd(const struct registrar *registrar);
bool registrar_ended(struct registrar *registrar, int *status);
#define REGISTRAR_LINGER 2000000000ll /* ns */

/* What of the program was not seen, and whether executed programs get no rights from their files. */
void registrar_unseen(const struct registrar *registrar, struct supervise_unseen *out, bool *no_new_privs);

/* A signal for the program; it is passed on. */
void registrar_signal(struct registrar *registrar, int signal);

/* Processes that may not be looked into. */
unsigned registrar_hidden(const struct registrar *registrar);

/* The other process has ended before its time: nothing is known of later packets. */
bool registrar_lost(const struct registrar *registrar);

/* Ends the other process and waits for it; the program is not ended. NULL is allowed. */
void registrar_free(struct registrar *registrar);
