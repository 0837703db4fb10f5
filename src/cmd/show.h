/* SPDX-License-Identifier: BSD-2-Clause */
/* What `read` and `capture` share: packets dissected, rendered and written to standard output. */
#pragma once

#include "cmd/options.h"
#include "io/capture.h"
#include "packet/dissect.h"
#include "render/render.h"

/* As the user gave them; see show_rows for the meaning. */
struct show_options {
	const char *format;
	const char *time;
	const char *color;
	const char *zone;
	struct words fields;
	struct words settings;
	struct words decode_as;
	bool tree, hex, hex_ascii, json, quiet, numeric, line_buffered;
};
extern const struct option_row show_rows[];

struct show {
	const struct renderer *renderer; /* NULL: quiet */
	void *state;
	struct render_options options;
	struct protocols *protocols;
	struct packet *packet;
	struct text out;
	bool line_buffered;
	bool started;              /* the renderer: at the first packet, when the source knows how fine its times are */
	const struct source *source;
	struct pipeline *pipeline; /* NULL: dissected and rendered in the same thread */
	uint64_t shown;
};

/*
 * source: a file, whose times are shown with the digits that they have; NULL for live captures: microseconds.
 * interfaces: there may be more than one.
 */
int show_open(struct show *show, const struct show_options *options, const struct source *source, bool interfaces,
	      struct error *err);

/* From here on packets are rendered in a thread of their own, unless each is wanted at once. */
int show_apart(struct show *show, struct error *err);
/*
 * For struct capture; the context is a struct show. Dissects and renders, and writes when enough has come together: 1;
 * 0 when quiet; -1 with err when standard output fails.
 */
int show_packet(void *show, const struct frame *frame, struct error *err);
int show_flush(void *show, struct error *err);
/* The end of the output, with what came of the capture. Releases nothing. */
int show_finish(struct show *show, const struct capture *capture, struct error *err);
void show_release(struct show *show);
