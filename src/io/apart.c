/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/apart.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/backlog.h"

#define BACKLOG (16 << 20)

struct apart {
	const struct capture *capture;
	struct backlog *backlog;
	pthread_t thread;
	int ended;               /* eventfd */
	atomic_bool given_up;

	/* The thread's own, until it has ended. */
	struct error failure;
	bool failed;
	int64_t displayed;
	bool any_displayed;
};

static int show(struct apart *apart, struct frame *frame)
{
	const struct capture *capture = apart->capture;
	int shown;

	frame->displayed_time = apart->any_displayed ? apart->displayed : frame->time;
	shown = capture->packet(capture->context, frame, &apart->failure);
	if (shown > 0) {
		apart->displayed = frame->time;
		apart->any_displayed = true;
	}
	return shown;
}

static int show_queued(struct apart *apart)
{
	const struct capture *capture = apart->capture;
	struct frame *frame;

	while ((frame = backlog_get(apart->backlog)) && !atomic_load_explicit(&apart->given_up, memory_order_relaxed)) {
		if (show(apart, frame) < 0)
			return -1;
		backlog_drop(apart->backlog);
	}
	return capture->idle ? capture->idle(capture->context, &apart->failure) : 0;
}

static void *run(void *argument)
{
	struct apart *apart = argument;
	uint64_t one = 1;

	while (backlog_wait(apart->backlog) && !atomic_load_explicit(&apart->given_up, memory_order_relaxed)) {
		if (show_queued(apart) < 0) {
			apart->failed = true;
			break;
		}
	}
	if (write(apart->ended, &one, sizeof one) != sizeof one)
		bug("an eventfd took no number");
	return NULL;
}

struct apart *apart_new(const struct capture *capture, struct error *err)
{
	struct apart *apart = mem_new(1, sizeof *apart);
	int problem;

	apart->capture = capture;
	apart->backlog = backlog_new(BACKLOG);
	apart->ended = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	problem = apart->ended < 0 ? errno : pthread_create(&apart->thread, NULL, run, apart);
	if (!problem)
		return apart;
	errno = problem;
	error_errno(err, "no thread for decoding");
	if (apart->ended >= 0)
		close(apart->ended);
	backlog_free(apart->backlog);
	free(apart);
	return NULL;
}

bool apart_put(struct apart *apart, const struct frame *frame)
{
	return backlog_put(apart->backlog, frame);
}

void apart_idle(struct apart *apart)
{
	backlog_wake(apart->backlog);
}

int apart_fd(const struct apart *apart)
{
	return apart->ended;
}

void apart_end(struct apart *apart, bool give_up)
{
	if (give_up)
		atomic_store(&apart->given_up, true);
	backlog_end(apart->backlog);
}

int apart_close(struct apart *apart, uint64_t *left, struct error *err)
{
	bool failed;

	apart_end(apart, false);
	pthread_join(apart->thread, NULL);
	*left = 0;
	while (backlog_get(apart->backlog)) {
		backlog_drop(apart->backlog);
		++*left;
	}
	failed = apart->failed;
	if (failed)
		*err = apart->failure;
	close(apart->ended);
	backlog_free(apart->backlog);
	free(apart);
	return failed ? -1 : 0;
}
