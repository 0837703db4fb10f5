/* SPDX-License-Identifier: BSD-2-Clause */
/* All that was found, in one list. Looking into /proc is in holders_walk.c. */
#include "sockets/holders.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "sockets/holders_parts.h"

static void forget(struct holders *holders)
{
	free(holders->list);
	for (unsigned i = 0; holders->parts && i < HOLDERS_THREADS; i++) {
		struct holders_found *found = &holders->parts->found[i];

		for (size_t j = 0; j < found->named_count; j++)
			pool_give(&found->processes, found->named[j]);
		found->named_count = found->count = 0;
	}
	*holders = (struct holders){ .parts = holders->parts };
}

void holders_release(struct holders *holders)
{
	forget(holders);
	for (unsigned i = 0; holders->parts && i < HOLDERS_THREADS; i++) {
		struct holders_found *found = &holders->parts->found[i];

		pool_release(&found->processes);
		free(found->named);
		free(found->list);
		free(found->entries);
	}
	free(holders->parts);
	*holders = (struct holders){ 0 };
}

static struct holders_parts *parts_new(void)
{
	struct holders_parts *parts = mem_new(1, sizeof *parts);

	for (unsigned i = 0; i < HOLDERS_THREADS; i++) {
		pool_init(&parts->found[i].processes, sizeof(struct holders_process));
		parts->found[i].entries = mem_new(1, HOLDERS_ENTRIES);
	}
	return parts;
}

static void *walk(void *found)
{
	holders_walk(found);
	return NULL;
}

/* Signals are for the thread that asked. Without a second thread the first does all. */
static bool start(pthread_t *thread, struct holders_found *found)
{
	sigset_t all, before;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(thread, NULL, walk, found);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return !error;
}

static void look(struct holders_parts *parts, struct holders_work *work)
{
	bool second;
	pthread_t thread;

	for (unsigned i = 0; i < HOLDERS_THREADS; i++)
		parts->found[i].work = work;
	second = work->count > 1 && start(&thread, &parts->found[1]);
	holders_walk(&parts->found[0]);
	if (second)
		pthread_join(thread, NULL);
}

static void gather(struct holders *holders)
{
	const struct holders_found *a = &holders->parts->found[0], *b = &holders->parts->found[1];
	struct holder *spare;

	holders->count = a->count + b->count;
	if (!holders->count)
		return;
	holders->list = mem_resize(NULL, holders->count, sizeof *holders->list);
	spare = mem_resize(NULL, holders->count, sizeof *spare);
	if (a->count)
		memcpy(holders->list, a->list, a->count * sizeof *a->list);
	if (b->count)
		memcpy(holders->list + a->count, b->list, b->count * sizeof *b->list);
	holders_sort(holders->list, spare, holders->count);
	free(spare);
}

static void name_pids(struct holders_work *work, const uint32_t *pids)
{
	while (pids[work->count])
		work->count++;
	work->pids = mem_resize(NULL, work->count + 1, sizeof *pids);
	memcpy(work->pids, pids, work->count * sizeof *pids);
}

int holders_read(struct holders *holders, const uint32_t *pids, struct error *err)
{
	struct holders_work work = { .proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC) };
	int result = 0;

	forget(holders);
	if (work.proc < 0)
		return error_errno(err, "/proc: cannot be read, so no process is known; mount it");
	if (!holders->parts)
		holders->parts = parts_new();
	if (pids)
		name_pids(&work, pids);
	else
		result = holders_pids(&work, &holders->parts->found[0], err);
	if (!result) {
		look(holders->parts, &work);
		gather(holders);
		holders->hidden = work.hidden;
		holders->cut = work.cut;
	}
	free(work.pids);
	close(work.proc);
	return result;
}

const struct holder *holders_of(const struct holders *holders, uint64_t inode, size_t *count)
{
	size_t low = 0, high = holders->count;

	*count = 0;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (holders->list[middle].inode < inode)
			low = middle + 1;
		else
			high = middle;
	}
	while (inode && low + *count < holders->count && holders->list[low + *count].inode == inode)
		++*count;
	return *count ? &holders->list[low] : NULL;
}
