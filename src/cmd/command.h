/* SPDX-License-Identifier: BSD-2-Clause */
/* A subcommand: one const struct at the foot of its file. */
#pragma once

#include "base/error.h"
#include "base/text.h"
#include "cmd/options.h"

enum exit_status {
	EXIT_DONE = 0,
	EXIT_NO = 1,    /* the answer was no */
	EXIT_USAGE = 2, /* usage or file error */
	EXIT_LOST = 3   /* packets were lost and --strict was given */
};

struct command {
	const char *name;
	const char *summary;               /* a phrase for the list of commands */
	const char *synopsis;              /* what follows the options: "FILE [FILTER]" */
	const char *description;           /* paragraphs for help and the manual, parted by empty lines */
	const char *const *examples;       /* command line, meaning, ..., NULL */
	const struct option_group *groups; /* ended by a group without rows */
	size_t size;                       /* of the arguments that the options are stored in; zeroed memory */
	/* Returns an exit status, or -1 with err (printed, status 2). */
	int (*run)(void *arguments, const struct words *words, struct error *err);
};

extern const struct command *const command_list[]; /* ended by NULL */
const struct command *command_find(const char *name);
/* The known command nearest to a word, for "did you mean"; NULL when none is near. */
const char *command_nearest(const char *word);

void command_help(const struct command *command, struct text *out);
void command_overview(struct text *out);

/* Writes the text to standard output (all of it) or fails with err. */
int command_print(const struct text *text, struct error *err);
