/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What has become of the sockets between two looks at the table. Asks nothing of the system: whoever looks gives the
 * table, the processes, the sockets that the kernel said have ended, and the time.
 */
#pragma once

#include "packet/owner.h"
#include "sockets/holders.h"
#include "sockets/socktable.h"

enum watch_change {
	WATCH_THERE, /* at the first look */
	WATCH_NEW,
	WATCH_CHANGED,
	WATCH_GONE,
	WATCH_BRIEF /* gone as well, and it was never seen: it was open for less than the time between two looks */
};

/* What is another than before; bits. */
enum watch_what {
	WATCH_STATE = 1,
	WATCH_LOCAL = 2,
	WATCH_REMOTE = 4,
	WATCH_OWNER = 8 /* other processes have it open; it is looked at when the processes are given */
};

/* Lives as long as the call that tells it. */
struct watch_event {
	enum watch_change change;
	unsigned what;                /* WATCH_CHANGED: bits of enum watch_what */
	const struct socket *socket;  /* as it is, or as it was seen last (then without info and congestion) */
	const struct socket *before;  /* WATCH_CHANGED: as it was */
	const struct holder *holders; /* those that were known last, OWNERS_MOST at most */
	size_t holder_count;
	int64_t lived; /* WATCH_GONE: ns since it was seen first; -1: it was there at the first look */
	bool told;     /* the callback has said true of this socket before */
};

/* True: this socket is of interest, and `told` with its later events. */
typedef bool watch_tell(void *context, const struct watch_event *event);

struct watch;

struct watch *watch_new(void);
void watch_free(struct watch *watch); /* NULL is allowed */

/* Whether there is a socket of a process that is not known yet: then holders should be read for watch_compare(). */
bool watch_asks(const struct watch *watch, const struct socktable *table);

/* The kernel said that this socket ended; to be told before the table is read. Without a port nobody could see it. */
void watch_destroyed(struct watch *watch, const struct socket *socket);

#define WATCH_LATE 2000000000ll /* ns: how much later than the table the kernel may tell that a socket ended */
#define WATCH_DESTROYED 65536 /* of them between two looks; later ones are counted */
/* Sockets that were open too briefly to be seen and were too many to be told, since the last call. */
uint64_t watch_missed(struct watch *watch);

/*
 * Tells what is new, changed and gone since the last call. holders: NULL: they were not read. now: ns of any clock that
 * does not go back. The kernel may leave out a socket that is there while its table changes, so one that is missing is
 * called gone when the kernel said so or when it is missing once more: true: look again at once.
 *
 * A socket is known by its cookie; without one (/proc/net) by its inode, or by its ends.
 */
bool watch_compare(struct watch *watch, const struct socktable *table, const struct holders *holders, int64_t now,
		   watch_tell *tell, void *context);
