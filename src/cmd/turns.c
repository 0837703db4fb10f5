/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/turns.h"

#include <sched.h>

#include "base/clock.h"

#define LOOK_FOR (NS_PER_MS / 5) /* about as long as the work of a turn may take */
#define RESTS 16                 /* between two looks at the clock */

static unsigned processors(void)
{
	cpu_set_t ours;

	return sched_getaffinity(0, sizeof ours, &ours) < 0 ? 1 : (unsigned)CPU_COUNT(&ours);
}

void turns_init(struct turns *turns)
{
	atomic_init(&turns->passed, 0);
	turns->looks = processors() > 1;
	pthread_mutex_init(&turns->lock, NULL);
	pthread_cond_init(&turns->changed, NULL);
}

void turns_release(struct turns *turns)
{
	pthread_mutex_destroy(&turns->lock);
	pthread_cond_destroy(&turns->changed);
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

static inline bool has_come(const struct turns *turns, unsigned number)
{
	return atomic_load_explicit(&turns->passed, memory_order_acquire) == number;
}

/* The turn before is mostly almost over: to sleep and to be woken takes longer than it does. False: not yet over. */
static bool look(const struct turns *turns, unsigned number)
{
	int64_t until = turns->looks ? clock_monotonic() + LOOK_FOR : 0;

	do
		for (unsigned i = 0; i < RESTS; i++) {
			if (has_come(turns, number))
				return true;
			rest();
		}
	while (turns->looks && clock_monotonic() < until);
	return false;
}

/* Who need not sleep leaves the lock alone: the thread before holds it for a moment yet. */
void turns_await(struct turns *turns, unsigned number)
{
	if (has_come(turns, number) || look(turns, number))
		return;
	pthread_mutex_lock(&turns->lock);
	while (!has_come(turns, number))
		pthread_cond_wait(&turns->changed, &turns->lock);
	pthread_mutex_unlock(&turns->lock);
}

void turns_pass(struct turns *turns)
{
	pthread_mutex_lock(&turns->lock);
	atomic_fetch_add_explicit(&turns->passed, 1, memory_order_release);
	pthread_cond_signal(&turns->changed);
	pthread_mutex_unlock(&turns->lock);
}
