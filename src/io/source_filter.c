/* SPDX-License-Identifier: BSD-2-Clause */
/* A source seen through a capture filter, run in user space: for files. */
#include <stdlib.h>

#include "base/mem.h"
#include "io/bpf.h"
#include "io/source.h"

#define MOST_LINKS 16 /* link types in one file that a filter is compiled for */

#define LONGEST_PACKET 262144

struct filtered {
	struct source head;
	struct source *inner;
	char *expression;
	struct {
		uint16_t link;
		struct bpf *bpf;
	} programs[MOST_LINKS];
	unsigned count;
};

/* The filter for the frame's link type, compiled at its first frame. */
static const struct bpf *program_for(struct filtered *f, const struct frame *frame, struct error *err)
{
	for (unsigned i = 0; i < f->count; i++)
		if (f->programs[i].link == frame->link)
			return f->programs[i].bpf;
	if (f->count == MOST_LINKS) {
		error_set(err, "more than %d link types in one file; a filter cannot follow", MOST_LINKS);
		return NULL;
	}
	f->programs[f->count].link = frame->link;
	f->programs[f->count].bpf = bpf_new(f->expression, frame->link, LONGEST_PACKET, err);
	return f->programs[f->count].bpf ? f->programs[f->count++].bpf : NULL;
}

/* What the inner source has learnt since the last call. */
static void follow(struct filtered *f)
{
	f->head.interfaces = f->inner->interfaces;
	f->head.interface_count = f->inner->interface_count;
	f->head.frames = f->inner->frames;
	f->head.nanoseconds = f->inner->nanoseconds;
	f->head.from_file = f->inner->from_file;
	f->head.device = f->inner->device;
	f->head.inode = f->inner->inode;
}

static enum source_answer filtered_next(struct source *source, struct frame *frame, struct error *err)
{
	struct filtered *f = (struct filtered *)source;
	const struct bpf *bpf;
	enum source_answer answer;

	f->inner->want_blocks = source->want_blocks;
	for (;;) {
		answer = source_next(f->inner, frame, err);
		follow(f);
		if (answer != SOURCE_FRAME)
			return answer;
		bpf = program_for(f, frame, err);
		if (!bpf)
			return SOURCE_ERROR;
		if (bpf_match(bpf, frame))
			return SOURCE_FRAME;
	}
}

static int filtered_fd(const struct source *source)
{
	return source_fd(((const struct filtered *)source)->inner);
}

static void filtered_stop(struct source *source)
{
	source_stop(((struct filtered *)source)->inner);
}

static void filtered_counters(struct source *source, uint32_t interface, struct source_counters *out)
{
	source_counters(((struct filtered *)source)->inner, interface, out);
}

static void filtered_close(struct source *source)
{
	struct filtered *f = (struct filtered *)source;

	for (unsigned i = 0; i < f->count; i++)
		bpf_free(f->programs[i].bpf);
	source_close(f->inner);
	free(f->expression);
	free(f);
}

static const struct source_ops filtered_ops = {
	.name = "filter",
	.next = filtered_next,
	.fd = filtered_fd,
	.stop = filtered_stop,
	.counters = filtered_counters,
	.close = filtered_close,
};

struct source *source_filter_open(struct source *inner, const char *expression)
{
	struct filtered *f = mem_new(1, sizeof *f);

	f->head.ops = &filtered_ops;
	f->head.borrows_interfaces = true;
	f->inner = inner;
	f->expression = mem_copy_string(expression);
	follow(f);
	return &f->head;
}
