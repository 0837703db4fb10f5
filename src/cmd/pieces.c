/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/pieces.h"

#include "cmd/thread.h"

struct run {
	const struct pieces *pieces;
	pthread_mutex_t lock;   /* of what follows */
	pthread_cond_t changed;
	size_t taken, done;     /* pieces that somebody makes or has made; that are put out */
	bool failed;
	struct error err;
};

static bool take(struct run *run, size_t *piece)
{
	bool taken;

	pthread_mutex_lock(&run->lock);
	taken = !run->failed && run->taken < run->pieces->count;
	*piece = run->taken;
	run->taken += taken;
	pthread_mutex_unlock(&run->lock);
	return taken;
}

/* The lock is open while it is put out: whose turn it is nobody else can change. */
static void put_in_turn(struct run *run, unsigned thread, size_t piece)
{
	struct error err;
	int status = 0;

	pthread_mutex_lock(&run->lock);
	while (run->done != piece && !run->failed)
		pthread_cond_wait(&run->changed, &run->lock);
	if (!run->failed) {
		pthread_mutex_unlock(&run->lock);
		status = run->pieces->put(run->pieces->context, thread, &err);
		pthread_mutex_lock(&run->lock);
		run->done++;
	}
	if (status < 0) {
		run->failed = true;
		run->err = err;
	}
	pthread_cond_signal(&run->changed);
	pthread_mutex_unlock(&run->lock);
}

static void work(struct run *run, unsigned thread)
{
	size_t piece;

	while (take(run, &piece)) {
		run->pieces->make(run->pieces->context, thread, piece);
		if (run->pieces->put)
			put_in_turn(run, thread, piece);
	}
}

static void *other_thread(void *argument)
{
	work(argument, 1);
	return NULL;
}

/* Where no second thread can be had, the first makes all of them. */
int pieces_run(const struct pieces *pieces, struct error *err)
{
	struct run run = {
		.pieces = pieces,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.changed = PTHREAD_COND_INITIALIZER,
	};
	pthread_t thread;
	bool two = !pieces->alone && pieces->count > 1 && !thread_start(&thread, other_thread, &run);

	work(&run, 0);
	if (two)
		pthread_join(thread, NULL);
	pthread_mutex_destroy(&run.lock);
	pthread_cond_destroy(&run.changed);
	if (run.failed)
		*err = run.err;
	return run.failed ? -1 : 0;
}
