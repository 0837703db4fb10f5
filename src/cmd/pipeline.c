/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/pipeline.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define BATCHES 6
#define BATCH_PACKETS 64
#define BATCH_OCTETS 131072 /* of frames; a batch that is full goes on early, a longer frame gets room of its own */

struct slot {
	struct frame frame;
	struct packet packet;
};

struct batch {
	struct slot *slots;
	unsigned count;
	uint8_t *octets;
	size_t used, size;
	bool flush;
	bool dissected;
};

struct pipeline {
	struct pipeline_work work;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t filled, emptied;
	struct batch batches[BATCHES];
	unsigned head, tail; /* batches handed over and taken back so far; head - tail are under way */
	bool ending, ended;  /* the user of the pipeline has no more for it; it wants no more */
	bool failed;
	struct error err;
};

static void dissect_batch(const struct pipeline *pipeline, struct batch *batch)
{
	for (unsigned i = 0; i < batch->count; i++)
		pipeline->work.dissect(pipeline->work.context, &batch->slots[i].frame, &batch->slots[i].packet);
	batch->dissected = true;
}

static int render_batch(struct pipeline *pipeline, struct batch *batch, struct error *err)
{
	const struct pipeline_work *work = &pipeline->work;

	if (!batch->dissected)
		dissect_batch(pipeline, batch);
	for (unsigned i = 0; i < batch->count; i++) {
		int status = work->packet(work->context, &batch->slots[i].packet, err);

		if (status)
			return status;
	}
	return batch->flush ? work->flush(work->context, err) : 0;
}

/* The oldest batch under way; NULL when there will be none. */
static struct batch *wait_filled(struct pipeline *pipeline)
{
	while (pipeline->head == pipeline->tail && !pipeline->ending)
		pthread_cond_wait(&pipeline->filled, &pipeline->lock);
	return pipeline->head == pipeline->tail ? NULL : &pipeline->batches[pipeline->tail % BATCHES];
}

static void *render_thread(void *argument)
{
	struct pipeline *pipeline = argument;
	struct batch *batch;
	struct error err;

	pthread_mutex_lock(&pipeline->lock);
	while ((batch = wait_filled(pipeline))) {
		int status = 0;

		if (!pipeline->ended) {
			pthread_mutex_unlock(&pipeline->lock);
			status = render_batch(pipeline, batch, &err);
			pthread_mutex_lock(&pipeline->lock);
		}
		if (status) {
			pipeline->ended = true;
			pipeline->failed = status < 0;
			pipeline->err = err;
		}
		pipeline->tail++;
		pthread_cond_signal(&pipeline->emptied);
	}
	pthread_mutex_unlock(&pipeline->lock);
	return NULL;
}

static struct batch *current(struct pipeline *pipeline)
{
	return &pipeline->batches[pipeline->head % BATCHES];
}

/* Whether the other thread has so little to do that it may dissect as well. */
static bool renderer_is_ahead(struct pipeline *pipeline)
{
	bool ahead;

	pthread_mutex_lock(&pipeline->lock);
	ahead = pipeline->head - pipeline->tail <= 1;
	pthread_mutex_unlock(&pipeline->lock);
	return ahead;
}

/* Hands the current batch over and waits until the next one is free. */
static void hand_over(struct pipeline *pipeline)
{
	if (!renderer_is_ahead(pipeline))
		dissect_batch(pipeline, current(pipeline));
	pthread_mutex_lock(&pipeline->lock);
	pipeline->head++;
	pthread_cond_signal(&pipeline->filled);
	while (pipeline->head - pipeline->tail == BATCHES)
		pthread_cond_wait(&pipeline->emptied, &pipeline->lock);
	pthread_mutex_unlock(&pipeline->lock);
	current(pipeline)->count = 0;
	current(pipeline)->used = 0;
	current(pipeline)->flush = false;
	current(pipeline)->dissected = false;
}

static void release(struct pipeline *pipeline)
{
	for (unsigned i = 0; i < BATCHES; i++) {
		free(pipeline->batches[i].slots);
		free(pipeline->batches[i].octets);
	}
	pthread_mutex_destroy(&pipeline->lock);
	pthread_cond_destroy(&pipeline->filled);
	pthread_cond_destroy(&pipeline->emptied);
	free(pipeline);
}

/* Signals are the caller's business: the thread that is made here takes none. */
static int start_thread(struct pipeline *pipeline)
{
	sigset_t all, before;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	error = pthread_create(&pipeline->thread, NULL, render_thread, pipeline);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error;
}

struct pipeline *pipeline_new(const struct pipeline_work *work, struct error *err)
{
	struct pipeline *pipeline = mem_new(1, sizeof *pipeline);
	int error;

	pipeline->work = *work;
	pthread_mutex_init(&pipeline->lock, NULL);
	pthread_cond_init(&pipeline->filled, NULL);
	pthread_cond_init(&pipeline->emptied, NULL);
	for (unsigned i = 0; i < BATCHES; i++) {
		pipeline->batches[i].slots = mem_new(BATCH_PACKETS, sizeof(struct slot));
		pipeline->batches[i].octets = mem_new(BATCH_OCTETS, 1);
		pipeline->batches[i].size = BATCH_OCTETS;
	}
	error = start_thread(pipeline);
	if (!error)
		return pipeline;
	error_set(err, "no thread to render in: %s", strerror(error));
	release(pipeline);
	return NULL;
}

/* -1 with err: the work has failed; 1: no more is wanted. */
static int has_ended(struct pipeline *pipeline, struct error *err)
{
	int status;

	pthread_mutex_lock(&pipeline->lock);
	status = pipeline->failed ? -1 : pipeline->ended;
	if (pipeline->failed)
		*err = pipeline->err;
	pthread_mutex_unlock(&pipeline->lock);
	return status;
}

static void *copy_octets(struct batch *batch, const void *octets, size_t length)
{
	uint8_t *at = batch->octets + batch->used;

	if (length)
		memcpy(at, octets, length);
	batch->used += length;
	return at;
}

/* Room for a packet of so many octets; what has_ended() says when there will be none. */
static int batch_for(struct pipeline *pipeline, size_t octets, struct batch **out, struct error *err)
{
	struct batch *batch = current(pipeline);

	if (batch->count == BATCH_PACKETS || (batch->count && batch->size - batch->used < octets)) {
		int status;

		hand_over(pipeline);
		status = has_ended(pipeline, err);
		if (status)
			return status;
		batch = current(pipeline);
	}
	if (batch->size < octets) {
		batch->octets = mem_resize(batch->octets, octets, 1);
		batch->size = octets;
	}
	*out = batch;
	return 0;
}

int pipeline_push(struct pipeline *pipeline, const struct frame *frame, struct error *err)
{
	struct batch *batch;
	struct frame *copy;
	int status = batch_for(pipeline, (size_t)frame->cap_length + frame->options_length, &batch, err);

	if (status)
		return status;
	copy = &batch->slots[batch->count++].frame;
	*copy = *frame;
	copy->data = copy_octets(batch, frame->data, frame->cap_length);
	copy->options = copy_octets(batch, frame->options, frame->options_length);
	copy->block = NULL;
	copy->block_length = 0;
	return 0;
}

void pipeline_flush(struct pipeline *pipeline)
{
	current(pipeline)->flush = true;
	hand_over(pipeline);
}

int pipeline_end(struct pipeline *pipeline, struct error *err)
{
	bool failed;

	if (!pipeline)
		return 0;
	pthread_mutex_lock(&pipeline->lock);
	pipeline->head++;
	pipeline->ending = true;
	pthread_cond_signal(&pipeline->filled);
	pthread_mutex_unlock(&pipeline->lock);
	pthread_join(pipeline->thread, NULL);
	failed = pipeline->failed;
	if (failed)
		*err = pipeline->err;
	release(pipeline);
	return failed ? -1 : 0;
}
