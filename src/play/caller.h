/* SPDX-License-Identifier: BSD-2-Clause */
/* Asking one peer over TCP: the connection, what is said over it, what comes back. For src/play/client_*.c only. */
#pragma once

#include "play/asking.h"

/* What --explain says of the calls: it is the protocol that gives them their sense. */
struct caller_whys {
	const char *send, *receive;
	const char *wait_to_send, *wait; /* while octets of the text are left, and when all have gone */
};

struct caller {
	const struct client *client;
	struct tally *tally;
	const struct caller_whys *whys;
	struct addresses peers;
	struct address from; /* of --bind; length 0: none */
	struct address peer; /* who took the connection */
	int fd;              /* -1: not connected */
	const void *text;    /* borrowed: what is said */
	size_t length, sent;
	int unsent;     /* errno of sending, which was given up then; 0: it goes well */
	int broken;     /* errno of CALLER_ENDED; 0: the peer has closed */
	struct text in; /* what has come; the caller takes out what it has used */
};

/* Resolves the client's host. Either way caller_close() comes at the end. */
int caller_open(struct caller *caller, const struct client *client, const struct caller_whys *whys, struct tally *tally,
		struct error *err);
void caller_close(struct caller *caller);

/* ASK_ANSWERED: connected, and said so. ASK_REFUSED: that was reported and counted as lost. ASK_ERROR with err. */
enum ask_answer caller_connect(struct caller *caller, struct error *err);
/* Nothing when it is not connected. */
void caller_disconnect(struct caller *caller, const char *why);

/* From now on this is to be said; caller_wait() sends it. */
void caller_say(struct caller *caller, const void *text, size_t length);
/*
 * Sends as much as goes without waiting; when all has gone it is counted and reported. When the peer takes no more,
 * what it has said before is still there to be received, so that is no end.
 */
void caller_send(struct caller *caller);

enum caller_news {
	CALLER_MORE, /* something was sent or has come */
	CALLER_TIMEOUT,
	CALLER_ENDED, /* nothing more will come */
	CALLER_STOPPED
};
/* Waits once, sends what is left of the text, receives `most` octets at most. */
enum caller_news caller_wait(struct caller *caller, size_t most, int64_t until);

/* Reports that the connection has ended without an answer, with the reason if there is one, and counts it as lost. */
void caller_lost(const struct caller *caller, int error);
