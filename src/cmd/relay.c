/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/relay.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/thread.h"
#include "cmd/turns.h"

#define BATCH_OCTETS 262144 /* of frames; a batch that is full goes on early, a longer frame gets room of its own */

enum stage { STAGE_TURN, STAGE_END, STAGES };

/* What a thread works with. */
struct hands {
	struct relay_batch batch;
	uint8_t *octets;
	size_t used, size;
};

struct relay {
	struct relay_work work;
	struct hands hands[RELAY_THREADS];
	atomic_uint batches;        /* that somebody has filled, or waits to fill */
	struct turns reading;       /* of the source; and what follows, down to `has_ahead` */
	bool drained;
	bool cut;                   /* next() has failed: source_err */
	struct error source_err;
	struct frame ahead;         /* did not fit into the batch that was full; its octets are the source's */
	bool has_ahead;
	struct turns turns[STAGES];
	pthread_mutex_t ending;     /* of who changes what follows */
	atomic_uint last;           /* with `ended`: batches from this one on are left undone */
	atomic_bool ended;          /* no more are wanted */
	bool failed;                /* they cannot be done: err */
	struct error err;
};

/* ------------------------------------------------------------------------------------------------ filling */

static void *copy_octets(struct hands *hands, const void *octets, size_t length)
{
	uint8_t *at = hands->octets + hands->used;

	if (length)
		memcpy(at, octets, length);
	hands->used += length;
	return at;
}

/* The frame is the next of the batch, its octets still the source's. False: there is no room for them. */
static bool take_frame(struct hands *hands, struct frame *frame)
{
	size_t octets = (size_t)frame->cap_length + frame->options_length;

	if (hands->batch.count && hands->size - hands->used < octets)
		return false;
	if (hands->size < octets) {
		hands->octets = mem_resize(hands->octets, octets, 1);
		hands->size = octets;
	}
	hands->batch.count++;
	frame->data = copy_octets(hands, frame->data, frame->cap_length);
	frame->options = copy_octets(hands, frame->options, frame->options_length);
	frame->block = NULL;
	frame->block_length = 0;
	return true;
}

static bool next(struct relay *relay, struct frame *frame)
{
	int status;

	if (relay->has_ahead) {
		*frame = relay->ahead;
		relay->has_ahead = false;
		return true;
	}
	status = relay->work.next(relay->work.context, frame, &relay->source_err);
	relay->drained = status <= 0;
	relay->cut = status < 0;
	return status > 0;
}

/* Returns the batch's number; it is empty when there is nothing more, and so are those behind it. */
static unsigned fill(struct relay *relay, struct hands *hands)
{
	struct relay_batch *batch = &hands->batch;
	unsigned number = atomic_fetch_add(&relay->batches, 1);

	batch->count = batch->chosen = 0;
	hands->used = 0;
	text_clear(&batch->out);
	turns_await(&relay->reading, number);
	while (!relay->drained && batch->count < RELAY_BATCH && next(relay, &batch->frames[batch->count]))
		if (!take_frame(hands, &batch->frames[batch->count])) {
			relay->ahead = batch->frames[batch->count];
			relay->has_ahead = true;
			break;
		}
	turns_pass(&relay->reading);
	return number;
}

/* ------------------------------------------------------------------------------------------------ stages */

static void conclude(struct relay *relay, unsigned number, int status, const struct error *err)
{
	unsigned last = status < 0 ? number : number + 1;

	pthread_mutex_lock(&relay->ending);
	if (!relay->ended || (int)(relay->last - last) > 0) {
		relay->last = last;
		relay->ended = true;
		relay->failed = status < 0;
		if (relay->failed)
			relay->err = *err;
	}
	pthread_mutex_unlock(&relay->ending);
}

static bool is_wanted(const struct relay *relay, unsigned number)
{
	return !relay->ended || (int)(number - relay->last) < 0;
}

/* Waits for the stage of the batches before, then runs the batch's own; NULL: no batch has any. False: ended. */
static bool in_order(struct relay *relay, enum stage stage, unsigned number, struct relay_batch *batch,
		     int (*run)(void *context, struct relay_batch *batch, struct error *err))
{
	struct error err;
	int status = 0;
	bool wanted;

	if (!run)
		return is_wanted(relay, number);
	turns_await(&relay->turns[stage], number);
	if (is_wanted(relay, number))
		status = run(relay->work.context, batch, &err);
	if (status)
		conclude(relay, number, status, &err);
	wanted = is_wanted(relay, number);
	turns_pass(&relay->turns[stage]);
	return wanted;
}

/* One batch after the other, until there is none. */
static void work(struct relay *relay, struct hands *hands)
{
	const struct relay_work *job = &relay->work;
	struct relay_batch *batch = &hands->batch;
	unsigned number;
	bool wanted = true;

	while (wanted) {
		number = fill(relay, hands);
		if (!batch->count)
			return;
		job->begin(job->context, batch);
		wanted = in_order(relay, STAGE_TURN, number, batch, job->turn);
		if (wanted && job->middle)
			job->middle(job->context, batch);
		wanted = in_order(relay, STAGE_END, number, batch, job->end) && wanted;
		keep_clear(&batch->keep);
	}
}

static void *other_thread(void *argument)
{
	struct relay *relay = argument;

	work(relay, &relay->hands[1]);
	return NULL;
}

/* ------------------------------------------------------------------------------------------------ the run */

static void init(struct relay *relay)
{
	turns_init(&relay->reading);
	for (unsigned i = 0; i < STAGES; i++)
		turns_init(&relay->turns[i]);
	pthread_mutex_init(&relay->ending, NULL);
	for (unsigned i = 0; i < RELAY_THREADS; i++) {
		struct hands *hands = &relay->hands[i];

		hands->batch.thread = i;
		hands->batch.frames = mem_new(RELAY_BATCH, sizeof(struct frame));
		hands->batch.packets = mem_new(RELAY_BATCH, sizeof(struct packet));
		hands->octets = mem_new(BATCH_OCTETS, 1);
		hands->size = BATCH_OCTETS;
	}
}

static void release(struct relay *relay)
{
	for (unsigned i = 0; i < RELAY_THREADS; i++) {
		free(relay->hands[i].batch.frames);
		free(relay->hands[i].batch.packets);
		text_release(&relay->hands[i].batch.out);
		free(relay->hands[i].octets);
	}
	turns_release(&relay->reading);
	for (unsigned i = 0; i < STAGES; i++)
		turns_release(&relay->turns[i]);
	pthread_mutex_destroy(&relay->ending);
}

/* Where no more was wanted, it does not matter that the source is cut behind. */
static int outcome(const struct relay *relay, struct error *err)
{
	bool cut = relay->cut && !relay->ended;

	if (relay->failed || cut)
		*err = relay->failed ? relay->err : relay->source_err;
	return relay->failed || cut ? -1 : 0;
}

int relay_run(const struct relay_work *job, struct error *err)
{
	struct relay relay = { .work = *job };
	pthread_t thread;
	int error, status = 0;

	init(&relay);
	error = thread_start(&thread, other_thread, &relay);
	if (error) {
		status = error_set(err, "no second thread to work in: %s", strerror(error));
	} else {
		work(&relay, &relay.hands[0]);
		pthread_join(thread, NULL);
		status = outcome(&relay, err);
	}
	release(&relay);
	return status;
}
