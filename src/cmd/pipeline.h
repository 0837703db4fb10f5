/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Packets rendered in a thread of their own, in order, while the caller dissects the next ones. Packets travel in
 * batches; how many are under way is bounded, and a renderer that is slower holds the caller up.
 */
#pragma once

#include "base/error.h"
#include "packet/packet.h"

struct pipeline;

/* Called in the pipeline's thread, one after the other. -1 with err ends the pipeline. */
struct pipeline_work {
	int (*packet)(void *context, const struct packet *packet, struct error *err);
	int (*flush)(void *context, struct error *err); /* at pipeline_flush, after the packets before it */
	void *context;
};

/* NULL with err when no thread can be had. */
struct pipeline *pipeline_new(const struct pipeline_work *work, struct error *err);

/*
 * A place for the next packet: a copy of the frame with its octets, to be dissected into *packet; pipeline_push hands
 * it on. NULL with err when the pipeline has ended.
 */
const struct frame *pipeline_slot(struct pipeline *pipeline, const struct frame *frame, struct packet **packet,
				  struct error *err);
void pipeline_push(struct pipeline *pipeline);

/* Nothing is at hand just now: what was pushed is rendered and flush() called, soon. */
void pipeline_flush(struct pipeline *pipeline);

/* Waits until everything is rendered, ends the thread and frees. -1 with err when the work failed. NULL: 0. */
int pipeline_end(struct pipeline *pipeline, struct error *err);
