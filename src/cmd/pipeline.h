/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Packets rendered in a thread of their own, in order, while the caller reads and dissects the next ones. Dissecting
 * needs no order: whichever of the two threads has less to do takes it. Packets travel in batches; how many are under
 * way is bounded, and a renderer that is slower holds the caller up.
 */
#pragma once

#include "base/error.h"
#include "packet/packet.h"

struct pipeline;

/*
 * packet() and flush() are called in the pipeline's thread, one after the other; -1 with err ends the pipeline, and so
 * does 1 from packet(): no more are wanted. The packet is packet()'s own until it returns.
 */
struct pipeline_work {
	void (*dissect)(void *context, const struct frame *frame, struct packet *packet); /* by either thread */
	int (*packet)(void *context, struct packet *packet, struct error *err);
	int (*flush)(void *context, struct error *err); /* at pipeline_flush, after the packets before it */
	void *context;
};

/* NULL with err when no thread can be had. */
struct pipeline *pipeline_new(const struct pipeline_work *work, struct error *err);

/* Takes a copy of the frame and its octets. -1 with err when the work has failed, 1 when no more are wanted. */
int pipeline_push(struct pipeline *pipeline, const struct frame *frame, struct error *err);

/* Nothing is at hand just now: what was pushed is rendered and flush() called, soon. */
void pipeline_flush(struct pipeline *pipeline);

/* Waits until everything is rendered, ends the thread and frees. -1 with err when the work failed. NULL: 0. */
int pipeline_end(struct pipeline *pipeline, struct error *err);
