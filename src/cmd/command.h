/* SPDX-License-Identifier: BSD-2-Clause */
/* A subcommand, or a family of them in roles (date: server, client...): one const struct at the foot of its file. */
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
	const struct command *family;      /* of a role; NULL: a command of its own, or a family */
	const char *summary;               /* a phrase for the list of commands */
	const char *synopsis;              /* what follows the options: "FILE [FILTER]" */
	const char *description;           /* paragraphs for help and the manual, parted by empty lines */
	const char *const *examples;       /* command line, meaning, ..., NULL */
	bool program;                      /* its words are a program and its arguments: the first ends the options */
	const char *complete;              /* what completion offers for its words, as in option_row; NULL: files */
	const struct option_group *groups; /* ended by a group without rows */
	size_t size;                       /* of the arguments that the options are stored in; zeroed memory */
	/* Returns an exit status, or -1 with err (printed, status 2). */
	int (*run)(void *arguments, const struct words *words, struct error *err);
	/* A family has these, ended by NULL, and nothing else but a name, a summary and a description. */
	const struct command *const *roles;
};

extern const struct command *const command_list[]; /* ended by NULL */

/*
 * Finds the command that the words begin with. Returns how many of them name it (a family alone: 1), or -1 with err
 * ("did you mean"); *command is then the family whose role is not known, or NULL.
 */
int command_find(const char *const *words, size_t count, const struct command **command, struct error *err);

/* "read", "date server". */
void command_name(const struct command *command, struct text *out);
void command_help(const struct command *command, struct text *out);
void command_overview(struct text *out);
/* Words of `text` in lines of 100 columns that start in column `indent`, where we are; an empty line stays one. */
void command_wrap(struct text *out, const char *text, size_t indent);

/* All of it, or -1 with errno. */
int command_write(int fd, const struct text *text);
/* Writes the text to standard output (all of it) or fails with err. */
int command_print(const struct text *text, struct error *err);
/* On standard error: "sonde date server: SENTENCE", escaped line by line. NULL: no command is known yet. */
void command_complain(const struct command *command, const char *sentence);
