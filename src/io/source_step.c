/* SPDX-License-Identifier: BSD-2-Clause */
/* A source whose frames and blocks go through somebody's hands: looked at, changed, left out. */
#include <stdlib.h>

#include "base/mem.h"
#include "io/source.h"

struct stepped {
	struct source head;
	struct source *inner;
	struct source_step step;
};

/* What the inner source has learnt since the last call. */
static void follow(struct stepped *s)
{
	s->head.interfaces = s->inner->interfaces;
	s->head.interface_count = s->inner->interface_count;
	s->head.frames = s->inner->frames;
	s->head.nanoseconds = s->inner->nanoseconds;
	s->head.from_file = s->inner->from_file;
	s->head.device = s->inner->device;
	s->head.inode = s->inner->inode;
}

static enum source_answer stepped_next(struct source *source, struct frame *frame, struct error *err)
{
	struct stepped *s = (struct stepped *)source;
	enum source_answer answer;
	int passes;

	/* Who changes blocks must see them all, also when nobody behind wants them. */
	s->inner->want_blocks = true;
	for (;;) {
		answer = source_next(s->inner, frame, err);
		follow(s);
		if (answer != SOURCE_FRAME && answer != SOURCE_BLOCK)
			return answer;
		passes = s->step.take(s->step.context, frame, err);
		if (passes < 0)
			return SOURCE_ERROR;
		if (passes && (answer == SOURCE_FRAME || source->want_blocks))
			return answer;
	}
}

static int stepped_fd(const struct source *source)
{
	return source_fd(((const struct stepped *)source)->inner);
}

static void stepped_stop(struct source *source)
{
	source_stop(((struct stepped *)source)->inner);
}

static void stepped_counters(struct source *source, uint32_t interface, struct source_counters *out)
{
	source_counters(((struct stepped *)source)->inner, interface, out);
}

static void stepped_close(struct source *source)
{
	struct stepped *s = (struct stepped *)source;

	source_close(s->inner);
	free(s);
}

static const struct source_ops stepped_ops = {
	.name = "step",
	.next = stepped_next,
	.fd = stepped_fd,
	.stop = stepped_stop,
	.counters = stepped_counters,
	.close = stepped_close,
};

struct source *source_step_open(struct source *inner, const struct source_step *step)
{
	struct stepped *s = mem_new(1, sizeof *s);

	s->head.ops = &stepped_ops;
	s->head.borrows_interfaces = true;
	s->inner = inner;
	s->step = *step;
	follow(s);
	return &s->head;
}
