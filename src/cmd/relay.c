/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/relay.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/thread.h"

#define BATCH_OCTETS 262144 /* of frames; a batch that is full goes on early, a longer frame gets room of its own */
#define LOOKS 4000          /* at a number before a thread goes to sleep: about as long as a batch takes */

enum stage { STAGE_TURN, STAGE_END, STAGES };

/* What a thread works with. */
struct hands {
	struct relay_batch batch;
	uint8_t *octets;
	size_t used, size;
};

struct relay {
	struct relay_work work;
	unsigned looks;             /* before a thread sleeps; none where one processor is all there is */
	struct hands hands[RELAY_THREADS];
	pthread_mutex_t reading;    /* of the source, and of the four below */
	unsigned batches;           /* filled so far */
	bool drained;
	bool cut;                   /* next() has failed: source_err */
	struct error source_err;
	struct frame ahead;         /* did not fit into the batch that was full; its octets are the source's */
	bool has_ahead;
	pthread_mutex_t lock;       /* of what follows */
	pthread_cond_t changed[STAGES];
	atomic_uint passed[STAGES]; /* batches whose stage is over */
	unsigned last;              /* with `ended`: batches from this one on are left undone */
	bool ended, failed;         /* no more are wanted; they cannot be done: err */
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

/* Returns the batch's number; it is empty when there is nothing more. */
static unsigned fill(struct relay *relay, struct hands *hands)
{
	struct relay_batch *batch = &hands->batch;
	unsigned number;

	batch->count = batch->chosen = 0;
	hands->used = 0;
	text_clear(&batch->out);
	pthread_mutex_lock(&relay->reading);
	number = relay->batches;
	while (!relay->drained && batch->count < RELAY_BATCH && next(relay, &batch->frames[batch->count]))
		if (!take_frame(hands, &batch->frames[batch->count])) {
			relay->ahead = batch->frames[batch->count];
			relay->has_ahead = true;
			break;
		}
	relay->batches += batch->count > 0;
	pthread_mutex_unlock(&relay->reading);
	return number;
}

/* ------------------------------------------------------------------------------------------------ stages */

static void conclude(struct relay *relay, unsigned number, int status, const struct error *err)
{
	unsigned last = status < 0 ? number : number + 1;

	if (relay->ended && (int)(relay->last - last) <= 0)
		return;
	relay->ended = true;
	relay->last = last;
	relay->failed = status < 0;
	if (relay->failed)
		relay->err = *err;
}

static bool is_wanted(const struct relay *relay, unsigned number)
{
	return !relay->ended || (int)(number - relay->last) < 0;
}

/* Tells the processor that this is a loop that waits. */
static inline void rest(void)
{
#if defined __x86_64__ || defined __i386__
	__builtin_ia32_pause();
#elif defined __aarch64__
	__asm__ volatile("yield");
#endif
}

/* The batch before is mostly almost done: to sleep and to be woken takes longer than it does. */
static void wait_a_little(const struct relay *relay, const atomic_uint *passed, unsigned number)
{
	for (unsigned i = 0; i < relay->looks && atomic_load_explicit(passed, memory_order_relaxed) != number; i++)
		rest();
}

/* Waits for the stage of the batches before, then runs the batch's own; it is run with the lock open. False: ended. */
static bool in_order(struct relay *relay, enum stage stage, unsigned number, struct relay_batch *batch,
		     int (*run)(void *context, struct relay_batch *batch, struct error *err))
{
	struct error err;
	int status = 0;
	bool wanted;

	wait_a_little(relay, &relay->passed[stage], number);
	pthread_mutex_lock(&relay->lock);
	while (relay->passed[stage] != number)
		pthread_cond_wait(&relay->changed[stage], &relay->lock);
	if (run && is_wanted(relay, number)) {
		pthread_mutex_unlock(&relay->lock);
		status = run(relay->work.context, batch, &err);
		pthread_mutex_lock(&relay->lock);
	}
	if (status)
		conclude(relay, number, status, &err);
	wanted = is_wanted(relay, number);
	relay->passed[stage]++;
	pthread_cond_signal(&relay->changed[stage]);
	pthread_mutex_unlock(&relay->lock);
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

static unsigned processors(void)
{
	cpu_set_t ours;

	return sched_getaffinity(0, sizeof ours, &ours) < 0 ? 1 : (unsigned)CPU_COUNT(&ours);
}

static void init(struct relay *relay)
{
	relay->looks = processors() > 1 ? LOOKS : 0;
	pthread_mutex_init(&relay->reading, NULL);
	pthread_mutex_init(&relay->lock, NULL);
	for (unsigned i = 0; i < STAGES; i++)
		pthread_cond_init(&relay->changed[i], NULL);
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
	pthread_mutex_destroy(&relay->reading);
	pthread_mutex_destroy(&relay->lock);
	for (unsigned i = 0; i < STAGES; i++)
		pthread_cond_destroy(&relay->changed[i]);
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
