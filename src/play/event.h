/* SPDX-License-Identifier: BSD-2-Clause */
/* What a player has to say: an event, for people or as JSON. Players print nothing themselves. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"

enum event_kind {
	EVENT_LISTENING, /* local, type: from now on nothing that is sent there is lost */
	EVENT_CONNECTED, /* connection, peer (a server's view, or a client's) */
	EVENT_RECEIVED,  /* data; note: what is remarkable about it (NULL: nothing) */
	EVENT_SENT,      /* data; of a broadcast once for each interface, whose name is the note */
	EVENT_RELAYED,   /* data went from `connection` to `to_connection` */
	EVENT_NAMED,     /* user: the connection's name is now that */
	/*
	 * A client's result: data; note says what is remarkable about it (NULL: nothing). When EVENT_SENT is wanted, as
	 * with -v, a date's note also says its format and how far it is from our clock.
	 */
	EVENT_ANSWER,
	EVENT_CLOSED,    /* note: why */
	EVENT_DROPPED,   /* a peer was dropped, a message lost; note: why */
	EVENT_TROUBLE,   /* something failed and we go on, or no answer came; note: the sentence */
	EVENT_PROMPT,    /* to the user at the terminal; note: what to do */
	EVENT_DONE,      /* the end: counters */
	EVENT_KINDS
};

/* What was done in all. */
struct tally {
	uint64_t datagrams, connections;       /* received; accepted or made */
	uint64_t octets_in, octets_out;
	uint64_t messages_in, messages_out;    /* lines, datagrams, answers: what the protocol counts */
	uint64_t equal, altered, lost;         /* clients: answers as they should be, other answers, none */
	uint64_t dropped;                      /* connections dropped, refused or lost */
	int64_t rtt_min_ns, rtt_max_ns, rtt_sum_ns; /* of equal + altered */
};

/* Everything is borrowed for the time of the call; strings and data are from outside: to be escaped. */
struct event {
	enum event_kind kind;
	int64_t time_ns;         /* since 1970 UTC; set by report() */
	int type;                /* SOCK_DGRAM, SOCK_STREAM; 0: does not matter */
	uint64_t connection;     /* numbered from 1; 0: none */
	uint64_t to_connection;
	const struct address *local, *peer; /* NULL: none */
	const void *data;        /* as on the wire, terminator included */
	size_t length;
	const char *user, *to;   /* chat: NULL: none */
	const char *note;        /* NULL: none */
	int64_t rtt_ns;          /* of an answer; 0: none */
	const struct tally *tally; /* EVENT_DONE */
	unsigned more;           /* EVENT_LISTENING: how many sockets are yet to be told; 0: the last, all are ready */
};

/* Who hears events. event() may be called by several threads and, after fork(), processes: it must be able to. */
struct reporter {
	unsigned wants; /* a bit (1u << kind) for each kind that event() is called for */
	void (*event)(void *context, const struct event *event);
	void *context;
};

static inline bool reporter_wants(const struct reporter *reporter, enum event_kind kind)
{
	return reporter && reporter->wants >> kind & 1;
}

/* Sets the time and hands the event over, if it is wanted. */
void report(const struct reporter *reporter, struct event event);
/* EVENT_TROUBLE with a sentence. */
void report_trouble(const struct reporter *reporter, const char *format, ...) __attribute__((format(printf, 2, 3)));
