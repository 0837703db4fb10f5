/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The packets of a source, worked on by two threads. A thread takes a batch of them out of the source and keeps it to
 * the end: what was dissected there is rendered there, out of the same cache. Only what needs the order of the packets
 * is done in turns.
 */
#pragma once

#include "base/error.h"
#include "base/text.h"
#include "packet/keep.h"
#include "packet/packet.h"

#define RELAY_THREADS 2
#define RELAY_BATCH 256 /* packets at most */

/* A batch in the hands of one thread. */
struct relay_batch {
	struct frame *frames;
	struct packet *packets; /* the thread's, one for each frame; their content is whatever was left there */
	unsigned count;
	unsigned thread;        /* 0 (the caller's) to RELAY_THREADS - 1 */
	struct text out;        /* empty at first */
	struct keep keep;       /* let go when the batch is done */
	unsigned chosen;        /* for the work's own use; 0 at first */
};

/*
 * next() gives the frames, in order, to whichever thread asks: 1; 0 at the end; -1 with err. For each batch then, in
 * the thread that has it: begin(), at any time; turn(), when that of all batches before is over; middle(), at any time;
 * end(), when that of all batches before is over. turn() and end() give 0; 1: no packets behind this batch are wanted;
 * -1 with err: it has failed, nothing more is done. middle() and end() may be NULL.
 */
struct relay_work {
	int (*next)(void *context, struct frame *frame, struct error *err);
	void (*begin)(void *context, struct relay_batch *batch);
	int (*turn)(void *context, struct relay_batch *batch, struct error *err);
	void (*middle)(void *context, struct relay_batch *batch);
	int (*end)(void *context, struct relay_batch *batch, struct error *err);
	void *context;
};

/*
 * Works until the end of the source, or until no more is wanted. -1 with err when next() has failed, after all packets
 * before it, or the work has, or no thread can be had.
 */
int relay_run(const struct relay_work *work, struct error *err);
