/* SPDX-License-Identifier: BSD-2-Clause */
/* The echo client's two ways to send a text and take it back. For src/play/client_echo*.c only. */
#pragma once

#include "play/asking.h"
#include "play/caller.h"

#define ECHO_UNANSWERED 16 /* texts without answer that a late one is compared with */

struct echoing {
	const struct echo_client *options;
	struct tally *tally;
	struct text note;
	bool different; /* something came back that is no echo */

	/* UDP */
	struct asker asker;
	uint8_t *data;
	struct text unanswered[ECHO_UNANSWERED]; /* a ring; empty where nothing is missing */
	unsigned next_unanswered;

	/* TCP */
	struct caller caller; /* in: what has come and is no answer yet */
	uint64_t answers;     /* of this connection */
};

/*
 * ask() sends one text and waits for its echo, which it has judged and reported when it says ASK_ANSWERED; with
 * ASK_TIMEOUT it has reported that none came. ASK_REFUSED and worse end the run.
 */
struct echo_transport {
	int (*open)(struct echoing *e, struct error *err);
	enum ask_answer (*ask)(struct echoing *e, const uint8_t *text, size_t length, struct error *err);
	void (*close)(struct echoing *e); /* also after an open() that failed */
};
extern const struct echo_transport echo_datagrams, echo_stream;

/* Compares, counts and reports an answer. */
void echo_judge(struct echoing *e, const uint8_t *text, size_t length, const uint8_t *answer, size_t answer_length,
		const struct address *peer, int64_t rtt_ns);
