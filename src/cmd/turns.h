/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What several threads do one after the other, by number: from 0 on, each number once. Who waits looks for a while and
 * then sleeps.
 */
#pragma once

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

struct turns {
	atomic_uint passed;     /* turns that are over */
	bool looks;             /* before it sleeps; not where one processor is all there is */
	pthread_mutex_t lock;   /* of who sleeps, or may have to wake somebody */
	pthread_cond_t changed;
};

void turns_init(struct turns *turns);
void turns_release(struct turns *turns);

/* Until the turns before this one are over: what was done in them is seen. */
void turns_await(struct turns *turns, unsigned number);
/* The turn that was awaited is over. */
void turns_pass(struct turns *turns);
