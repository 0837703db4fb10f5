/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/backlog.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"

#define WAKE_AFTER 65536 /* octets put before a sleeper is woken unasked: waking costs more than putting */

/* A frame never wraps: what is left at the end of the ring becomes a record without a frame. */
struct record {
	size_t size;
	bool filler;
	struct frame frame;
	uint8_t data[];
};

struct backlog {
	uint8_t *ring;
	size_t size;
	/* Octets put and taken since the start; each is written by one thread only. */
	_Alignas(64) atomic_size_t put;
	size_t announced;
	_Alignas(64) atomic_size_t taken;
	atomic_bool sleeping;
	bool ended;               /* under the lock */
	pthread_mutex_t lock;
	pthread_cond_t filled;
};

struct backlog *backlog_new(size_t size)
{
	struct backlog *backlog;
	size_t rounded = 4096;

	while (rounded < size)
		rounded *= 2;
	backlog = aligned_alloc(64, (sizeof *backlog + 63) / 64 * 64);
	if (!backlog)
		bug("out of memory for a queue");
	memset(backlog, 0, sizeof *backlog);
	backlog->ring = mem_new(rounded, 1);
	backlog->size = rounded;
	pthread_mutex_init(&backlog->lock, NULL);
	pthread_cond_init(&backlog->filled, NULL);
	return backlog;
}

void backlog_free(struct backlog *backlog)
{
	if (!backlog)
		return;
	pthread_cond_destroy(&backlog->filled);
	pthread_mutex_destroy(&backlog->lock);
	free(backlog->ring);
	free(backlog);
}

static size_t record_size(uint32_t length)
{
	return (sizeof(struct record) + length + 15) & ~(size_t)15;
}

static struct record *record_at(const struct backlog *backlog, size_t position)
{
	return (void *)(backlog->ring + (position & (backlog->size - 1)));
}

bool backlog_put(struct backlog *backlog, const struct frame *frame)
{
	size_t position = atomic_load_explicit(&backlog->put, memory_order_relaxed);
	size_t used = position - atomic_load_explicit(&backlog->taken, memory_order_acquire);
	size_t size = record_size(frame->cap_length);
	size_t to_end = backlog->size - (position & (backlog->size - 1));
	size_t skipped = size > to_end ? to_end : 0;
	struct record *record = record_at(backlog, position);

	if (size > backlog->size || used + skipped + size > backlog->size)
		return false;
	if (skipped) {
		record->size = skipped;
		record->filler = true;
		record = record_at(backlog, position + skipped);
	}
	record->size = size;
	record->filler = false;
	record->frame = *frame;
	memcpy(record->data, frame->data, frame->cap_length);
	record->frame.data = record->data;
	record->frame.options = record->frame.block = NULL;
	record->frame.options_length = record->frame.block_length = 0;
	atomic_store(&backlog->put, position + skipped + size);
	if (position - backlog->announced > WAKE_AFTER)
		backlog_wake(backlog);
	return true;
}

void backlog_wake(struct backlog *backlog)
{
	backlog->announced = atomic_load_explicit(&backlog->put, memory_order_relaxed);
	if (!atomic_load(&backlog->sleeping))
		return;
	pthread_mutex_lock(&backlog->lock);
	pthread_cond_signal(&backlog->filled);
	pthread_mutex_unlock(&backlog->lock);
}

void backlog_end(struct backlog *backlog)
{
	pthread_mutex_lock(&backlog->lock);
	backlog->ended = true;
	pthread_cond_signal(&backlog->filled);
	pthread_mutex_unlock(&backlog->lock);
}

/* The octets before the next frame are free again; true when there is one. */
static bool skip_filler(struct backlog *backlog, size_t *position)
{
	size_t put = atomic_load(&backlog->put);
	const struct record *record;

	*position = atomic_load_explicit(&backlog->taken, memory_order_relaxed);
	if (*position == put)
		return false;
	record = record_at(backlog, *position);
	if (record->filler) {
		*position += record->size;
		atomic_store_explicit(&backlog->taken, *position, memory_order_release);
	}
	return true;
}

struct frame *backlog_get(struct backlog *backlog)
{
	size_t position;

	return skip_filler(backlog, &position) ? &record_at(backlog, position)->frame : NULL;
}

void backlog_drop(struct backlog *backlog)
{
	size_t position = atomic_load_explicit(&backlog->taken, memory_order_relaxed);

	atomic_store_explicit(&backlog->taken, position + record_at(backlog, position)->size, memory_order_release);
}

static bool is_empty(struct backlog *backlog)
{
	return atomic_load(&backlog->put) == atomic_load_explicit(&backlog->taken, memory_order_relaxed);
}

bool backlog_wait(struct backlog *backlog)
{
	pthread_mutex_lock(&backlog->lock);
	/* Sequentially consistent, as the store of `put` is: either we see the frame, or the giver sees us asleep. */
	atomic_store(&backlog->sleeping, true);
	while (is_empty(backlog) && !backlog->ended)
		pthread_cond_wait(&backlog->filled, &backlog->lock);
	atomic_store(&backlog->sleeping, false);
	pthread_mutex_unlock(&backlog->lock);
	return !is_empty(backlog);
}
