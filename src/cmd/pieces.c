/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/pieces.h"

#include "cmd/thread.h"
#include "cmd/turns.h"

struct run {
	const struct pieces *pieces;
	atomic_size_t taken;  /* pieces that somebody makes or has made */
	struct turns putting;
	struct error err;     /* with `failed` */
	atomic_bool failed;   /* in a turn: no more are put out */
};

static bool take(struct run *run, size_t *piece)
{
	*piece = atomic_fetch_add(&run->taken, 1);
	return !run->failed && *piece < run->pieces->count;
}

static void put_in_turn(struct run *run, unsigned thread, size_t piece)
{
	turns_await(&run->putting, (unsigned)piece);
	if (!run->failed && run->pieces->put(run->pieces->context, thread, &run->err) < 0)
		run->failed = true;
	turns_pass(&run->putting);
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
	struct run run = { .pieces = pieces };
	pthread_t thread;
	bool two;

	turns_init(&run.putting);
	two = !pieces->alone && pieces->count > 1 && !thread_start(&thread, other_thread, &run);
	work(&run, 0);
	if (two)
		pthread_join(thread, NULL);
	turns_release(&run.putting);
	if (run.failed)
		*err = run.err;
	return run.failed ? -1 : 0;
}
