/* SPDX-License-Identifier: BSD-2-Clause */
/* The loop that stands behind `sonde capture` and `sonde read --follow`. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/signalfd.h>

#include "base/error.h"
#include "io/sink.h"
#include "io/source.h"

/* Why a capture came to its end. */
enum capture_end {
	CAPTURE_ENDED,    /* the source has nothing more */
	CAPTURE_SIGNAL,
	CAPTURE_UNTIL,    /* struct capture's `until` */
	CAPTURE_PACKETS,  /* one of the limits of struct capture */
	CAPTURE_BYTES,
	CAPTURE_TIME,
	CAPTURE_FILES,    /* the sink's last file is full */
	CAPTURE_BROKEN    /* err says why */
};

/* Zero-initialise it. */
struct capture {
	struct source *source;
	struct sink *sink;           /* NULL: nothing is saved */
	int signals;                 /* from process_signals(); -1: signals are not looked at */
	int until;                   /* when this descriptor is readable it is over, as at a signal; 0: none */

	/* Decodes and shows a frame: 1 shown, 0 not shown, 2 enough was shown, -1 failed. NULL: nothing is shown. */
	int (*packet)(void *context, const struct frame *frame, struct error *err);
	/* Nothing is at hand just now: a moment to flush what packet() has written. NULL: nobody cares. */
	int (*idle)(void *context, struct error *err);
	/* SIGUSR1 came; called in the thread of capture_run. NULL: nothing happens. */
	void (*report)(void *context, const struct capture *capture);
	/* A signal that would end it came: whether it shall. In the thread of capture_run. NULL: it shall. */
	bool (*ends)(void *context, const struct signalfd_siginfo *info);
	void *context;
	/* packet() and idle() run in a thread of their own, and frames that are too many for it are not shown. */
	bool decode_apart;

	uint64_t stop_packets;       /* limits; 0: none */
	uint64_t stop_bytes;         /* of the sink's files; without a sink of captured octets */
	int64_t stop_after;          /* ns, by the clock on the wall, with packets or without */

	/* What came of it. */
	enum capture_end end;
	uint64_t packets;            /* taken from the source, within the limits */
	uint64_t bytes;              /* their captured octets */
	uint64_t not_shown;          /* because decoding was slower than the wire; the sink has them all */
};

/*
 * Runs until the source ends, a limit is reached or a signal comes. At a signal and at the end of the time what the
 * kernel already holds is still taken in; a second signal gives that up. -1 with err: a source, the sink or a callback
 * failed; everything before that has been saved and shown.
 */
int capture_run(struct capture *capture, struct error *err);
