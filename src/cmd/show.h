/* SPDX-License-Identifier: BSD-2-Clause */
/* What `read` and `capture` share: packets dissected, rendered and written to standard output. */
#pragma once

#include <pthread.h>

#include "analyse/track.h"
#include "cmd/decode.h"
#include "cmd/options.h"
#include "cmd/relay.h"
#include "io/capture.h"
#include "packet/dissect.h"
#include "packet/filter.h"
#include "render/render.h"

/* As the user gave them; see show_rows for the meaning. */
struct show_options {
	const char *format;
	const char *time;
	const char *color;
	struct words fields;
	struct words settings;
	struct decode_options decode;
	const char *display_filter;
	bool tree, hex, hex_ascii, json, quiet, numeric, line_buffered;
};
extern const struct option_row show_rows[];

/* What one thread renders with. */
struct show_hands {
	struct filter *filter;
	void *state;
	void *before;              /* what of the state came from the packets before the batch at hand */
};

struct show {
	const struct renderer *renderer; /* NULL: quiet */
	struct show_hands hands[RELAY_THREADS];
	unsigned threads;          /* that render: each has hands of its own */
	struct render_options options;
	struct protocols *protocols;
	struct track *track;       /* made at the first packet */
	struct foresight *foresight; /* for the track: what an earlier reading found; NULL: none */
	struct filter *filter;     /* that of the first hands; NULL: every packet passes */
	const struct field_def *since_shown; /* frame.time_delta_displayed, with a filter */
	bool stamps;               /* with a filter: somebody looks at the packet shown before */
	struct packet *packet;     /* the one at hand, where there is one at a time */
	struct text out;
	bool line_buffered;
	bool started;              /* the renderer: at the first packet, when the source knows how fine its times are */
	const struct source *source;
	uint64_t stop_shown;       /* after so many packets it is enough; 0: never */
	pthread_mutex_t lock;      /* of `carried` */
	void *carried;             /* what the packets so far hand on to the next ones (renderer.carried) */
	/* Of whoever's turn it is. */
	uint64_t shown;
	bool any_shown;
	int64_t shown_time;        /* of the packet shown last, among those with a time */
	struct frame frame;        /* of the packet at hand, with what it follows among those shown */
};

/*
 * source: a file, whose times are shown with the digits that they have; NULL for live captures: microseconds.
 * interfaces: there may be more than one.
 */
int show_open(struct show *show, const struct show_options *options, const struct source *source, bool interfaces,
	      struct error *err);

/* Whether packets may wait for the ones behind them: nobody wants each at once, or nothing behind the last one. */
bool show_may_wait(const struct show *show);
/*
 * In place of capture_run(), for a file that is only shown: two threads work, and the output is written in large
 * pieces. Takes capture->source and stop_packets, and counts capture->packets. -1 with err.
 */
int show_file(struct show *show, struct capture *capture, struct error *err);
/*
 * For struct capture; the context is a struct show. Dissects, follows, filters and renders, and writes when enough has
 * come together: 1; 0 when quiet; 2 when no more packets are wanted; -1 with err when standard output fails.
 */
int show_packet(void *show, const struct frame *frame, struct error *err);
int show_flush(void *show, struct error *err);
/* In place of show_packet, where nothing is shown: whether the packet would be. */
bool show_would(struct show *show, const struct frame *frame);
/* Whether a field or the filter needs what only later packets tell (FIELD_AHEAD). */
bool show_looks_ahead(const struct show *show);
/* The end of the output, with what came of the capture. Releases nothing. */
int show_finish(struct show *show, const struct capture *capture, struct error *err);
void show_release(struct show *show);
