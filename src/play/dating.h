/* SPDX-License-Identifier: BSD-2-Clause */
/* The date client's three ways to ask: one peer over UDP, over TCP, everybody. For src/play/client_date*.c only. */
#pragma once

#include "play/asking.h"
#include "play/broadcast.h"
#include "play/caller.h"
#include "play/lines.h"

struct dating {
	const struct date_client *options;
	struct tally *tally;
	struct lines lines;  /* of the input: where Enter is pressed */
	struct text request; /* with its terminator */
	struct text note;
	uint8_t *data; /* DATAGRAM_MOST, for both ways of UDP */
	struct asker asker;
	struct broadcaster broadcaster;
	struct caller caller;
};

/*
 * open() makes all ready for the first request; ask() sends one and reports what is answered, or that nothing is;
 * finish() closes what ask() left open, if anything; close() comes at the end, also after an open() that failed.
 */
struct date_transport {
	int (*open)(struct dating *d, struct error *err);
	enum ask_answer (*ask)(struct dating *d, struct error *err);
	void (*finish)(struct dating *d);
	void (*close)(struct dating *d);
	const char *first, *last; /* what --pause says before the request and before the end */
};
/* `first` and `last` of both ways over UDP. */
extern const char date_pause_before_udp[], date_pause_after_udp[];
extern const struct date_transport date_datagrams, date_stream, date_everybody;

/* Counts and reports an answer; remark (NULL: none) goes into its note. */
void date_judge(struct dating *d, const void *data, size_t length, const struct address *peer, int64_t rtt_ns,
		const char *remark);
