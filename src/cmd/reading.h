/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What commands that look into a capture file share (follow, stats, ladder, expect, diff): the file opened, each packet
 * dissected, followed (analyse/track.h) and put before the display filter, then given to the command.
 */
#pragma once

#include "analyse/track.h"
#include "cmd/decode.h"
#include "io/source.h"
#include "packet/filter.h"

/* As the user gave them; see reading_rows. decode has rows of its own: decode_rows. */
struct reading_options {
	const char *display_filter; /* -Y */
	const char *capture_filter; /* -f */
	uint64_t count;             /* -c: packets that pass, at most */
	bool two_pass;              /* -2 */
	struct decode_options decode;
};
extern const struct option_row reading_rows[];

struct reading {
	const struct reading_options *options;
	const char *file;
	unsigned parts;
	struct source *source;
	struct protocols *protocols;
	struct track *track;
	struct filter *filter; /* NULL: every packet passes */
	struct packet *packet;    /* the one at hand */
	struct packet *own;       /* where it is, when there is one at a time */
	uint64_t passed;          /* so far */
	struct frame_times times;
	bool any_passed;
	int64_t passed_time;
};

/* The file ("-": standard input), seen through the filter when there is one. NULL with err. */
struct source *reading_source(const char *file, const char *capture_filter, bool follow, struct error *err);

/*
 * Opens the file ("-": standard input). Then the command marks what it wants in reading->protocols, and its filters'
 * fields, and calls reading_start(). parts: TRACK_ bits. -1 with err; reading_release() whatever happened.
 */
int reading_open(struct reading *reading, const char *file, const struct reading_options *options, unsigned parts,
		 struct error *err);

/*
 * Makes the track. When -2 was given, or ahead is set (somebody wants rows of FIELD_AHEAD), or the display filter reads
 * such a row, the file is read once before; -1 with err when it cannot be read twice (a pipe).
 */
int reading_start(struct reading *reading, bool ahead, struct error *err);

/* Whether the file can be read twice. */
bool reading_is_repeatable(const struct reading *reading);

/*
 * Calls packet() for each packet that passes: 0 go on, 1 enough, -1 failed. At the end track_finish() has run. A file
 * that is cut: its packets, then -1 with err. A file is read ahead, and packet() is called in one thread or another,
 * one call after the other.
 */
int reading_run(struct reading *reading,
		int (*packet)(void *context, const struct packet *packet, const struct tracked *tracked,
			      struct error *err),
		void *context, struct error *err);

/* One packet alone, for who reads the source himself: whether it passes. reading->packet is then what it is. */
bool reading_passes(struct reading *reading, struct frame *frame, const struct tracked **tracked);

void reading_release(struct reading *reading);

/*
 * The first of two readings: what later packets tell of earlier ones, for track_new(). NULL with err when the file
 * cannot be read twice. Where it is cut is the second reading's business.
 */
struct foresight *reading_foresee(const char *file, const char *capture_filter, const struct decode_options *decode,
				  unsigned parts, struct error *err);
