/* SPDX-License-Identifier: BSD-2-Clause */
/* What players have to say, printed: for people or as JSON, an event a line and a write(2) a line. */
#pragma once

#include <sys/types.h>

#include "cmd/command.h"
#include "play/event.h"

/* What a role is decides which events are its result, and what is said at the end. */
enum play_kind {
	PLAY_SERVER,   /* no results; says where it listens, and at the end what it served */
	PLAY_LISTENER, /* the same, and each datagram is a result */
	PLAY_ASKER,    /* answers are results */
	PLAY_TALKER,   /* lines that come are results */
	PLAY_SENDER,   /* no results */
	PLAY_KINDS
};

/* In memory that forked servers share: all of them print, a line at a time; what fails for one ends them all. */
struct play_output;

struct play_report {
	const struct command *command; /* whose trouble it is */
	enum play_kind kind;
	bool json, verbose;
	int ready;           /* for a newline when all is ready; -1: none */
	bool ends_when_told; /* it takes SIGTERM; else it is ended here when nothing more can be printed */
	pid_t process;
	struct play_output *output;
};

/* Fills the last two; the others are the caller's. -1 with err. */
int play_report_open(struct play_report *report, struct error *err);
/* -1 with err when something could not be printed. */
int play_report_close(struct play_report *report, struct error *err);

/*
 * For struct reporter: which kinds are printed, and the printing; the context is a struct play_report. Called by any
 * thread and process. Whoever reads standard output and does not keep up holds the caller up: nothing is left out; but
 * when it reads nothing for a second signals end the program there, in the middle of a line if need be.
 */
unsigned play_report_wants(const struct play_report *report);
void play_report_event(void *context, const struct event *event);
/* For struct narrator; the same context, and the same on standard error. */
void play_report_say(void *context, const char *text, size_t length);

/* An event as it is printed, with the end of line. */
void play_event_text(const struct play_report *report, const struct event *event, struct text *out);
void play_event_json(const struct event *event, struct text *out);
