/* SPDX-License-Identifier: BSD-2-Clause */
/* The line of a packet is the same whether only what it shows was kept, or every field. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "captures.h"
#include "io/source.h"
#include "render/render.h"

/* One way of dissecting, with the line renderer's state of its own. */
struct way {
	struct protocols *protocols;
	void *state;
	struct text out;
};

static const struct render_options options = { .time = TIME_UTC_DATE, .time_digits = 9, .numeric = true };

static void way_start(struct way *way, const struct renderer *line, void (*want)(struct protocols *protocols))
{
	*way = (struct way){ .protocols = protocols_new(), .state = mem_new(1, line->state_size) };
	want(way->protocols);
	if (line->start)
		line->start(way->state, &options, &way->out);
}

static void way_end(struct way *way, const struct renderer *line)
{
	struct render_totals totals = { 0 };

	if (line->finish)
		line->finish(way->state, &options, &totals, &way->out);
	protocols_free(way->protocols);
	free(way->state);
	text_release(&way->out);
}

static void way_packet(struct way *way, const struct renderer *line, const struct frame *frame, struct packet *packet)
{
	text_clear(&way->out);
	dissect(way->protocols, frame, packet);
	line->packet(way->state, &options, packet, &way->out);
}

static int compare(const struct capture *capture, const struct frame *frame, const struct way *brief,
		   const struct way *all)
{
	if (brief->out.length && brief->out.length == all->out.length &&
	    !memcmp(brief->out.data, all->out.data, all->out.length))
		return 0;
	printf("# %s packet %llu\n# brief: %.*s# all:   %.*s", capture->name, (unsigned long long)frame->number,
	       (int)brief->out.length, brief->out.data ? brief->out.data : "", (int)all->out.length,
	       all->out.data ? all->out.data : "");
	return -1;
}

static int check(const struct capture *capture)
{
	const struct renderer *line = renderer_find("line");
	struct packet *packet = mem_new(1, sizeof *packet);
	struct way brief, all;
	struct error err = { "" };
	struct source *source = source_memory_open(capture->data, capture->length, &err);
	struct frame frame;
	int status = 0;

	way_start(&brief, line, protocols_want_brief);
	way_start(&all, line, protocols_want_all);
	while (source && !status && source_next(source, &frame, &err) == SOURCE_FRAME) {
		way_packet(&brief, line, &frame, packet);
		way_packet(&all, line, &frame, packet);
		status = compare(capture, &frame, &brief, &all);
	}
	if (!source) {
		printf("# %s\n", err.text);
		status = -1;
	}
	source_close(source);
	way_end(&brief, line);
	way_end(&all, line);
	free(packet);
	return status;
}

int main(int argc, char **argv)
{
	return captures_test(argc, argv, check);
}
