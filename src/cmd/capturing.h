/* SPDX-License-Identifier: BSD-2-Clause */
/* What `capture` and `run` share: what is captured, until when, and what came of it. */
#pragma once

#include "cmd/attribute.h"
#include "cmd/command.h"
#include "cmd/save.h"
#include "cmd/show.h"
#include "io/capture.h"

/* As the user gave them. */
struct capturing_options {
	struct words interfaces;
	struct words stops;
	const char *filter;
	const char *engine;
	const char *direction;
	const char *user;
	const char *ready;
	uint64_t count, snaplen, buffer;
	bool no_promiscuous, print, strict;
};
extern const struct option_row capturing_rows[]; /* of what is captured */

/* The context of the loop, which gives it to show_packet() as well: what is shown stands first. */
struct capturing {
	struct show show;
	struct attribute attribute;
	const struct save_options *save; /* borrowed: what of the packets has no room there is told ... */
	const struct command *command;   /* ... by this one */
};

/* -a, into the limits of the capture. -1 with err. */
int capturing_stops(struct capture *capture, const struct words *stops, struct error *err);
/* All interfaces as one source, armed. NULL with err. */
struct source *capturing_open(const struct capturing_options *options, struct error *err);

/* struct capture's report(), with a struct capturing as its context: the counters, on standard error. */
void capturing_report(void *context, const struct capture *capture);
/*
 * Runs the capture, finishes what is shown, tells the counters and closes the sink: an exit status (EXIT_LOST with
 * strict), or -1 with err. What was captured is saved, shown and counted whatever ended the run; the first fault is the
 * one that is told.
 */
int capturing_run(struct capture *capture, struct capturing *capturing, bool strict, struct error *err);
