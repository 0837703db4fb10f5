/* SPDX-License-Identifier: BSD-2-Clause */
/* Whose the packets of a live capture are: owners put into frames, and those of chosen processes let through. */
#pragma once

#include "cmd/options.h"
#include "cmd/show.h"
#include "io/source.h"
#include "sockets/registrar.h"

/* As the user gave them; see attribute_rows. */
struct attribute_options {
	bool processes;
	struct words pids;
	struct words programs;
};
extern const struct option_row attribute_rows[];

/* A process of --pid. */
struct chosen_pid {
	uint32_t pid;
	int descriptor;              /* pidfd_open(2) */
	const struct process *first; /* as it was when its packets were seen last */
};

#define ATTRIBUTE_JUDGED 1024 /* owners whose choice is remembered */

/* Zero-initialise it. */
struct attribute {
	struct registrar *registrar; /* NULL: packets stay without owners */
	const struct attribute_options *options;
	bool own;                    /* only packets of the program that the registrar started */
	struct chosen_pid *pids;
	size_t pid_count;
	struct judged_owner {
		const struct owner *owner;
		bool chosen;
	} judged[ATTRIBUTE_JUDGED];
	/* Packets by the better certainty of their ends, and those of which no end is here: of what passes. */
	uint64_t seen[OWNER_EXACT + 1];
	uint64_t elsewhere;
};

/*
 * Whether anybody wants owners: by an option, or by a field of theirs that is shown or filtered by. -1 with err: a
 * process that is gone, a number that is none.
 */
int attribute_wanted(struct attribute *attribute, const struct attribute_options *options, const struct show *show,
		     bool *wanted, struct error *err);
/*
 * Starts the registrar, before rights are given up and threads are started. Says in one sentence when processes of
 * others may not be looked into.
 */
int attribute_start(struct attribute *attribute, const struct registrar_options *options, struct error *err);
/* The source through which owners come, and only chosen packets; it closes `inner`. Close it before the release. */
struct source *attribute_source(struct attribute *attribute, struct source *inner);
/* Sentences for the end of a capture, on standard error; nothing when nobody wanted owners. */
void attribute_report(const struct attribute *attribute);
void attribute_release(struct attribute *attribute);
