/* SPDX-License-Identifier: BSD-2-Clause */
/* Several capture files as one, with all that pcapng files hold besides packets. For files; live sources: many.c. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "io/source.h"

#define MERGE_MOST_FILES 64

/* What could not be carried over as it was. */
struct merge_notes {
	uint64_t opaque;   /* blocks and options of unknown content that stay in the byte order of their file */
	uint64_t timeless; /* Simple Packet Blocks that became packets of time 0 */
};

/*
 * The source owns and closes `sources`; names are for messages and copied. What it gives is a pcapng file of its own,
 * beginning with a section header; it asks its sources for blocks by itself, one packet of each is in hand.
 *
 * By time: whoever has the oldest packet comes next, and of packets of one time those of the source that was named
 * first; a packet without a time comes as soon as it is seen, and blocks between packets come when they are read. The
 * first sections of all files become one, in the byte order of the first: every interface is described with all its
 * options and has a number of its own, comments of the sections are all kept, and so are the other options; where files
 * disagree on hardware, system or application the later ones are kept as comments. Where a file has another section,
 * another section begins, in which the interfaces of the other files are described again.
 *
 * append: one file behind the other, the sections of pcapng files octet for octet as they were.
 *
 * A source that breaks off has given what it could; the others are read to their end, then its error is told.
 */
struct source *source_merge_open(struct source **sources, const char *const *names, size_t count, bool append);

/* Of a source from source_merge_open, after its end. */
void source_merge_notes(const struct source *source, struct merge_notes *out);
