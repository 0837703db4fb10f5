/* SPDX-License-Identifier: BSD-2-Clause */
/* Several sources as one, in the order of time. */
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/source.h"
#include "io/tap.h"

/*
 * A frame waits until no other source can have an older one: until all others have a frame at hand, or have said, this
 * long after it was captured, that they have none. Longer than the kernel holds packets back by default.
 */
#define HOLD INT64_C(40000000)
#define NAP INT64_C(5000000) /* the shortest time to sleep for the sake of a waiting frame */

enum slot_state { SLOT_EMPTY, SLOT_HELD, SLOT_ASLEEP, SLOT_ENDED };

struct slot {
	struct source *source;
	enum slot_state state;
	struct frame frame;
	int64_t asked;                /* asleep: when it had nothing, since 1970 */
	struct interface **interfaces; /* ours for those of the source */
	uint32_t interface_count;
};

struct origin {
	size_t slot;
	uint32_t interface;
};

struct many {
	struct source head;
	struct slot *slots;
	size_t count;
	struct origin *origins;       /* where each of our interfaces comes from */
	int epoll;
	int timer;
	bool polled;                  /* a source has no descriptor to wait for */
	bool stopped;
	bool failed;
	struct error failure;         /* of the first source that broke off; told when the others are drained */
};

static char *copy(const char *string)
{
	return string ? mem_copy_string(string) : NULL;
}

static void adopt_interfaces(struct many *many, struct slot *slot)
{
	const struct interface *theirs;
	struct interface *ours;

	slot->interfaces = mem_resize(slot->interfaces, slot->source->interface_count, sizeof *slot->interfaces);
	while (slot->interface_count < slot->source->interface_count) {
		theirs = slot->source->interfaces[slot->interface_count];
		ours = source_add_interface(&many->head);
		many->origins = mem_resize(many->origins, many->head.interface_count, sizeof *many->origins);
		many->origins[ours->id] = (struct origin){ (size_t)(slot - many->slots), theirs->id };
		ours->name = copy(theirs->name);
		ours->description = copy(theirs->description);
		ours->filter = copy(theirs->filter);
		ours->hardware = copy(theirs->hardware);
		ours->os = copy(theirs->os);
		ours->link = theirs->link;
		ours->snaplen = theirs->snaplen;
		ours->tsresol = theirs->tsresol;
		slot->interfaces[slot->interface_count++] = ours;
	}
}

static void stop_all(struct many *many)
{
	many->stopped = true;
	for (size_t i = 0; i < many->count; i++)
		source_stop(many->slots[i].source);
}

static void fail(struct many *many, const struct error *failure)
{
	if (!many->failed)
		many->failure = *failure;
	many->failed = true;
	stop_all(many);
}

static void ask(struct many *many, struct slot *slot)
{
	struct error failure;

	switch (source_next(slot->source, &slot->frame, &failure)) {
	case SOURCE_FRAME:
		if (slot->interface_count < slot->source->interface_count)
			adopt_interfaces(many, slot);
		slot->state = SLOT_HELD;
		break;
	case SOURCE_BLOCK: /* never asked for */
		break;
	case SOURCE_AGAIN:
		slot->asked = tap_wall_clock();
		slot->state = SLOT_ASLEEP;
		break;
	case SOURCE_ERROR:
		fail(many, &failure);
		slot->state = SLOT_ENDED;
		break;
	case SOURCE_END:
		slot->state = SLOT_ENDED;
		break;
	}
}

static void ask_all(struct many *many, enum slot_state state)
{
	for (size_t i = 0; i < many->count; i++)
		if (many->slots[i].state == state)
			ask(many, &many->slots[i]);
}

static struct slot *oldest(const struct many *many)
{
	struct slot *best = NULL;

	for (size_t i = 0; i < many->count; i++) {
		struct slot *slot = &many->slots[i];

		if (slot->state == SLOT_HELD && (!best || slot->frame.time < best->frame.time))
			best = slot;
	}
	return best;
}

/* A time well ahead of the clock comes from a clock that was set back; there is nothing to wait for. */
static bool is_due(const struct many *many, const struct slot *best)
{
	int64_t time = best->frame.time;

	if (!best->frame.has_time)
		return true;
	for (size_t i = 0; i < many->count; i++) {
		const struct slot *slot = &many->slots[i];

		if (slot->state == SLOT_ASLEEP && time > slot->asked - HOLD && time < slot->asked + HOLD)
			return false;
	}
	return true;
}

static void set_timer(struct many *many, const struct slot *best)
{
	int64_t wait = best ? best->frame.time + HOLD - tap_wall_clock() : NAP;
	struct itimerspec when = { 0 };

	wait = wait < NAP ? NAP : wait;
	if (best || many->stopped || many->polled)
		when.it_value = (struct timespec){ wait / 1000000000, wait % 1000000000 };
	timerfd_settime(many->timer, 0, &when, NULL);
}

/* Events are edges: they are taken before the sources are asked, so that what comes meanwhile wakes us again. */
static void take_events(struct many *many)
{
	struct epoll_event events[16];
	uint64_t ticks;

	while (epoll_wait(many->epoll, events, 16, 0) == 16)
		;
	if (read(many->timer, &ticks, sizeof ticks) < 0)
		return; /* it did not expire */
}

static enum source_answer nothing_due(struct many *many, const struct slot *best, struct error *err)
{
	for (size_t i = 0; i < many->count; i++) {
		if (many->slots[i].state == SLOT_ENDED)
			continue;
		set_timer(many, best);
		return SOURCE_AGAIN;
	}
	if (!many->failed)
		return SOURCE_END;
	*err = many->failure;
	return SOURCE_ERROR;
}

static enum source_answer many_next(struct source *source, struct frame *frame, struct error *err)
{
	struct many *many = (struct many *)source;
	struct slot *best;

	ask_all(many, SLOT_EMPTY);
	best = oldest(many);
	if (!best || !is_due(many, best)) {
		take_events(many);
		ask_all(many, SLOT_ASLEEP);
		best = oldest(many);
		if (!best || !is_due(many, best))
			return nothing_due(many, best, err);
	}
	*frame = best->frame;
	frame->number = ++source->frames;
	if (frame->interface)
		frame->interface = best->interfaces[frame->interface->id];
	best->state = SLOT_EMPTY;
	return SOURCE_FRAME;
}

static int many_fd(const struct source *source)
{
	return ((const struct many *)source)->epoll;
}

static void many_stop(struct source *source)
{
	stop_all((struct many *)source);
}

static void many_counters(struct source *source, uint32_t interface, struct source_counters *out)
{
	struct many *many = (struct many *)source;
	struct origin origin = many->origins[interface];

	source_counters(many->slots[origin.slot].source, origin.interface, out);
}

static void many_close(struct source *source)
{
	struct many *many = (struct many *)source;

	for (size_t i = 0; i < many->count; i++) {
		source_close(many->slots[i].source);
		free(many->slots[i].interfaces);
	}
	close(many->timer);
	close(many->epoll);
	free(many->origins);
	free(many->slots);
	free(many);
}

static const struct source_ops many_ops = {
	.name = "many",
	.next = many_next,
	.fd = many_fd,
	.stop = many_stop,
	.counters = many_counters,
	.close = many_close,
};

static void watch(const struct many *many, int fd)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLET };

	if (fd >= 0 && epoll_ctl(many->epoll, EPOLL_CTL_ADD, fd, &event) < 0)
		bug("epoll does not take the descriptor of a source");
}

struct source *source_many_open(struct source **sources, size_t count)
{
	struct many *many = mem_new(1, sizeof *many);

	many->head.ops = &many_ops;
	many->count = count;
	many->slots = mem_new(count, sizeof *many->slots);
	many->epoll = epoll_create1(EPOLL_CLOEXEC);
	many->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (many->epoll < 0 || many->timer < 0)
		bug("no descriptors left for epoll and a timer");
	watch(many, many->timer);
	for (size_t i = 0; i < count; i++) {
		many->slots[i].source = sources[i];
		many->head.nanoseconds |= sources[i]->nanoseconds;
		watch(many, source_fd(sources[i]));
		many->polled |= source_fd(sources[i]) < 0;
		adopt_interfaces(many, &many->slots[i]);
	}
	return &many->head;
}
