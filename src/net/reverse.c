/* SPDX-License-Identifier: BSD-2-Clause */
#include "net/reverse.h"

#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"

#define NAME_SIZE 1025 /* NI_MAXHOST */

struct question {
	struct address address;
	enum reverse_state state;
	char *name;
};

/* Shared by the owner and its threads; whoever leaves last frees it. All of it is looked at under the lock. */
struct reverse {
	pthread_mutex_t lock;
	pthread_cond_t asked, answered;
	reverse_lookup *lookup;
	struct question *questions; /* in the order in which they were asked: those before `next` have been taken */
	size_t count, next;
	unsigned threads, idle; /* idle: of them */
	unsigned pending;
	unsigned users; /* the owner and the threads */
	bool ended;     /* the owner has left */
	int fd;
};

/* ------------------------------------------------------------------------------------------------ life */

static int ask_system(const struct address *address, char *name, size_t size)
{
	return getnameinfo((const struct sockaddr *)&address->storage, address->length, name, (socklen_t)size, NULL, 0,
			   NI_NAMEREQD);
}

struct reverse *reverse_new_asking(reverse_lookup *lookup, struct error *err)
{
	pthread_condattr_t attributes;
	struct reverse *reverse;
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	if (fd < 0) {
		error_errno(err, "names of addresses");
		return NULL;
	}
	reverse = mem_new(1, sizeof *reverse);
	reverse->questions = mem_new(REVERSE_MOST, sizeof *reverse->questions);
	reverse->lookup = lookup;
	reverse->users = 1;
	reverse->fd = fd;
	pthread_mutex_init(&reverse->lock, NULL);
	pthread_cond_init(&reverse->asked, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&reverse->answered, &attributes);
	pthread_condattr_destroy(&attributes);
	return reverse;
}

struct reverse *reverse_new(struct error *err)
{
	return reverse_new_asking(ask_system, err);
}

/* The lock is held, and given back. */
static void leave(struct reverse *reverse)
{
	bool last = --reverse->users == 0;

	pthread_mutex_unlock(&reverse->lock);
	if (!last)
		return;
	for (size_t i = 0; i < reverse->count; i++)
		free(reverse->questions[i].name);
	free(reverse->questions);
	pthread_cond_destroy(&reverse->asked);
	pthread_cond_destroy(&reverse->answered);
	pthread_mutex_destroy(&reverse->lock);
	free(reverse);
}

void reverse_free(struct reverse *reverse)
{
	if (!reverse)
		return;
	pthread_mutex_lock(&reverse->lock);
	reverse->ended = true;
	close(reverse->fd);
	pthread_cond_broadcast(&reverse->asked);
	leave(reverse);
}

/* ------------------------------------------------------------------------------------------------ threads */

/* The lock is held, but not while the question is asked. */
static void answer(struct reverse *reverse, struct question *question)
{
	struct address address = question->address;
	char name[NAME_SIZE];
	bool known;

	pthread_mutex_unlock(&reverse->lock);
	known = reverse->lookup(&address, name, sizeof name) == 0;
	pthread_mutex_lock(&reverse->lock);
	if (known)
		question->name = mem_copy_string(name);
	question->state = known ? REVERSE_KNOWN : REVERSE_NONE;
	reverse->pending--;
	if (reverse->ended)
		return;
	eventfd_write(reverse->fd, 1);
	pthread_cond_signal(&reverse->answered);
}

static void *run(void *context)
{
	struct reverse *reverse = context;

	pthread_mutex_lock(&reverse->lock);
	while (!reverse->ended) {
		if (reverse->next < reverse->count) {
			answer(reverse, &reverse->questions[reverse->next++]);
			continue;
		}
		reverse->idle++;
		pthread_cond_wait(&reverse->asked, &reverse->lock);
		reverse->idle--;
	}
	leave(reverse);
	return NULL;
}

/* Detached: nobody waits for it. False when there is none. The lock is held. */
static bool start(struct reverse *reverse)
{
	pthread_attr_t attributes;
	sigset_t all, before;
	pthread_t thread;
	int error;

	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	error = pthread_create(&thread, &attributes, run, reverse);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attributes);
	if (error)
		return false;
	reverse->threads++;
	reverse->users++;
	return true;
}

/* ------------------------------------------------------------------------------------------------ questions */

static struct address without_port(const struct address *address)
{
	struct address plain = *address;

	address_set_port(&plain, 0);
	return plain;
}

static struct question *find(const struct reverse *reverse, const struct address *address)
{
	struct address plain = without_port(address);

	for (size_t i = 0; i < reverse->count; i++)
		if (address_equal(&reverse->questions[i].address, &plain))
			return &reverse->questions[i];
	return NULL;
}

/* Whoever wakes up for it, or is made for it. */
static bool somebody_asks(struct reverse *reverse)
{
	size_t waiting = reverse->count - reverse->next;

	if (waiting > reverse->idle && reverse->threads < REVERSE_THREADS)
		start(reverse);
	pthread_cond_signal(&reverse->asked);
	return reverse->threads > 0;
}

void reverse_ask(struct reverse *reverse, const struct address *address)
{
	pthread_mutex_lock(&reverse->lock);
	if (address->length && reverse->count < REVERSE_MOST && reverse->count - reverse->next < REVERSE_WAITING &&
	    !find(reverse, address)) {
		reverse->questions[reverse->count++] =
			(struct question){ without_port(address), REVERSE_PENDING, NULL };
		reverse->pending++;
		if (!somebody_asks(reverse)) {
			reverse->count--;
			reverse->pending--;
		}
	}
	pthread_mutex_unlock(&reverse->lock);
}

enum reverse_state reverse_get(struct reverse *reverse, const struct address *address, const char **name)
{
	const struct question *question;
	enum reverse_state state;

	pthread_mutex_lock(&reverse->lock);
	question = find(reverse, address);
	state = question ? question->state : REVERSE_NONE;
	if (state == REVERSE_KNOWN)
		*name = question->name;
	pthread_mutex_unlock(&reverse->lock);
	return state;
}

unsigned reverse_pending(struct reverse *reverse)
{
	unsigned pending;

	pthread_mutex_lock(&reverse->lock);
	pending = reverse->pending;
	pthread_mutex_unlock(&reverse->lock);
	return pending;
}

/* ------------------------------------------------------------------------------------------------ waiting */

int reverse_fd(const struct reverse *reverse)
{
	return reverse->fd;
}

void reverse_collect(struct reverse *reverse)
{
	eventfd_t count;

	eventfd_read(reverse->fd, &count);
}

bool reverse_wait(struct reverse *reverse, int64_t until)
{
	const struct timespec end = { until / NS_PER_S, until % NS_PER_S };
	bool all;

	pthread_mutex_lock(&reverse->lock);
	while (reverse->pending && pthread_cond_timedwait(&reverse->answered, &reverse->lock, &end) != ETIMEDOUT)
		;
	all = !reverse->pending;
	pthread_mutex_unlock(&reverse->lock);
	return all;
}
