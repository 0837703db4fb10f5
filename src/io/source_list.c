/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames that somebody keeps in memory, as a source. */
#include <stdlib.h>

#include "base/mem.h"
#include "io/source.h"

struct list_source {
	struct source source;
	const struct frame *frames;
	size_t count;
};

static enum source_answer list_next(struct source *source, struct frame *frame, struct error *err)
{
	struct list_source *list = (struct list_source *)source;

	(void)err;
	if (source->frames == list->count)
		return SOURCE_END;
	*frame = list->frames[source->frames++];
	return SOURCE_FRAME;
}

static void list_close(struct source *source)
{
	free(source);
}

static const struct source_ops list_ops = {
	.name = "list",
	.next = list_next,
	.close = list_close,
};

struct source *source_list_open(const struct frame *frames, size_t count)
{
	struct list_source *list = mem_new(1, sizeof *list);

	list->source.ops = &list_ops;
	list->source.from_file = true;
	list->frames = frames;
	list->count = count;
	return &list->source;
}
