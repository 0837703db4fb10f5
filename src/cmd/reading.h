/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What commands that look into a capture file share (follow, stats, ladder, expect, diff): the file opened, each packet
 * dissected, followed (analyse/track.h) and put before the display filter, then given to the command.
 */
#pragma once

#include "analyse/track.h"
#include "cmd/options.h"
#include "io/source.h"
#include "packet/filter.h"

/* As the user gave them; see reading_rows. */
struct reading_options {
	const char *display_filter; /* -Y */
	const char *capture_filter; /* -f */
	struct words decode_as;     /* -d */
	const char *zone;
	uint64_t count;             /* -c: packets read at most */
	bool two_pass;              /* -2 */
};
extern const struct option_row reading_rows[];

struct reading {
	struct source *source;
	struct protocols *protocols;
	struct track *track;
	struct filter *filter;      /* NULL: every packet passes */
	struct packet *packet;
	uint64_t stop_packets;      /* 0: no limit */
	uint64_t packets, passed;   /* so far */
	int64_t first_time, previous_time;
	const char *file;
	unsigned parts;
	bool twice;
};

/*
 * Opens the file ("-": standard input). Then the command marks what it wants in reading->protocols, and its filters'
 * fields, and calls reading_start(). parts: TRACK_ bits. -1 with err.
 */
int reading_open(struct reading *reading, const char *file, const struct reading_options *options, unsigned parts,
		 struct error *err);

/*
 * Makes the track. When -2 was given, or ahead is set (somebody wants rows of FIELD_AHEAD), or the display filter reads
 * such a row, the file is read once before; -1 with err when it cannot be read twice (a pipe).
 */
int reading_start(struct reading *reading, bool ahead, struct error *err);

/*
 * Calls packet() for each packet that passes: 0 go on, 1 enough, -1 failed. At the end track_finish() has run. A file
 * that is cut: its packets, then -1 with err.
 */
int reading_run(struct reading *reading,
		int (*packet)(void *context, const struct packet *packet, const struct tracked *tracked,
			      struct error *err),
		void *context, struct error *err);

void reading_release(struct reading *reading);
