/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the two sides of the registrar share: messages, and the memory that both see. Both sides are ours; a message
 * of the wrong length or type is a fault of ours all the same, and is treated as the end of the other side.
 */
#pragma once

#include <stdatomic.h>
#include <sys/types.h>

#include "sockets/registrar.h"

#define REGISTRAR_MESSAGE 16384 /* octets of the longest */

enum registrar_word {
	/* To the other process; each is answered. */
	WORD_ASK = 1, /* struct registrar_question: by processes that are new, then WORD_ANSWER */
	WORD_ORDER,   /* struct registrar_order, and octets: to the guest; by WORD_DONE */
	/* Back. */
	WORD_PROCESS, /* struct registrar_process, and its strings */
	WORD_ANSWER,  /* struct registrar_reply */
	WORD_DONE,    /* struct registrar_done */
	/* Untold, on the second pair of sockets. */
	WORD_GONE,    /* struct registrar_tiding: a socket ended */
	WORD_CHANGED, /* the same, of a whole port: a supervised program has it, or another socket or process */
};

struct registrar_head {
	uint32_t word, length; /* of what follows */
};

struct registrar_question {
	struct place ends[2];
	int64_t time;
	uint64_t cookies[2]; /* what was found before; only that is looked at when it is not 0 */
	bool asked[2];       /* of which of them */
	uint8_t kind;
};

/* An owner with its processes by number. */
struct registrar_owner {
	uint8_t certainty, count;
	bool more;
	uint32_t processes[OWNERS_MOST];
};

struct registrar_reply {
	struct registrar_found {
		bool same; /* as before: the rest is empty */
		bool here, unsettled;
		struct registrar_owner owner, before;
		int64_t since, until;
		int64_t proven; /* also with `same` */
		uint64_t cookie;
	} found[2];
};

struct registrar_process {
	uint32_t number, pid, thread, parent, uid;
	bool has_uid, ours;
	uint16_t lengths[4]; /* name, user, path, arguments, with their NUL; 0: not known */
};

struct registrar_order {
	uint32_t order; /* the guest's business */
	int32_t value;
};

struct registrar_done {
	int32_t result, value;
	struct error err; /* with result -1 */
};

struct registrar_tiding {
	uint64_t cookie;
	uint16_t port;
	uint8_t kind;
};

/* Memory that both see. */
struct registrar_shared {
	atomic_uint tidings;      /* told so far: one more with each */
	atomic_bool lost;         /* some had no room: everything is to be asked anew */
	atomic_bool told_of_ends; /* the kernel says when sockets end */
	atomic_uint hidden;
	atomic_int way;    /* enum registrar_way */
	atomic_int status; /* of the program, as wait(2) has it */
	atomic_bool no_new_privs;
	atomic_uint missed, foreign, rings; /* struct supervise_unseen */
	atomic_uint born[2][65536 / 32];    /* ports of TCP and UDP that a supervised program has, or had: bits */
};

/* ------------------------------------------------------------------------------------------------ the other process */

struct registrar_server {
	int questions, tidings; /* sockets */
	int ended;              /* written to when the program's end is to be told: registrar_fd() of our side */
	struct registrar_shared *shared;
	struct owners *owners;
	struct registrar_sent *sent; /* processes that our side knows */
	const struct registrar_options *options;
	int64_t pause; /* between two looks at all */
	bool asked;    /* since the last time */
	int64_t watch; /* when all is looked at (clock_monotonic()); CLOCK_NEVER: nobody asks */
	void *guest;   /* what guest->start() made */
	int guest_fd;  /* a descriptor that it has by then; -1: none */
};

/* Who starts and supervises a program in the other process. All run there. */
struct registrar_guest {
	/* Before rights are given up. NULL with err: the registrar does not start. */
	void *(*start)(struct registrar_server *server, struct error *err);
	/* Descriptors to wait for, at most `most`, and when to be called at the latest (clock_monotonic()). */
	unsigned (*wait)(void *guest, int *fds, unsigned most, int64_t *deadline);
	/* One of them is readable, or it is time. */
	void (*serve)(void *guest, struct registrar_server *server);
	/* registrar_order() of our side. -1 with err. */
	int (*order)(void *guest, struct registrar_server *server, const struct registrar_order *order, int32_t *value,
		     struct error *err);
	/* Whether a process that was not told with registrar_tell_ours() is one of the program's. */
	bool (*ours)(void *guest, uint32_t pid);
	/* Our side is gone, or has freed the registrar. Does not wait. */
	void (*stop)(void *guest);
	unsigned kept_rights; /* bits 1 << CAP_ that it needs besides, below 32 */
};

/* A supervised program has the socket: known here and told to our side, when this returns. */
void registrar_tell_born(struct registrar_server *server, const struct socket_ends *ends, uint32_t pid, uint32_t thread,
			 uint64_t cookie);
/* The process is one of the program's: registrar_is_ours() is true of sockets that it holds. To be said early. */
void registrar_tell_ours(struct registrar_server *server, uint32_t pid);
/* The program and its descendants have ended. */
void registrar_tell_ended(struct registrar_server *server, int status);

/* Serves until our side is gone. Does not return. */
_Noreturn void registrar_serve(struct registrar_server *server);
/* Rights and descriptors that are not needed. -1: they are still there. */
int registrar_shed(const struct registrar_server *server, unsigned kept_rights);

/* ------------------------------------------------------------------------------------------------ our side */

/* An order for the guest, waited for. -1 with err. */
int registrar_order(struct registrar *registrar, const struct registrar_order *order, int32_t *value,
		    struct error *err);

/* ------------------------------------------------------------------------------------------------ messages */

/* -1: the other side is gone. wait: until there is room. */
int registrar_send(int fd, enum registrar_word word, const void *body, size_t length, bool wait);
/* The next message; its body is behind the head. 0: there is none (without `wait`); -1: the other side is gone. */
int registrar_receive(int fd, void *message, bool wait);
/* The body of a message, when it has this word and at least that length; else NULL. */
const void *registrar_body(const void *message, enum registrar_word word, size_t length);
