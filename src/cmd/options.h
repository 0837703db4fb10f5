/* SPDX-License-Identifier: BSD-2-Clause */
/* Options as tables: parsing, help, the manual page and completion all read the same rows. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Words that an option collected, in order; they point into argv. Zero-initialise; release with words_release. */
struct words {
	const char **list;
	size_t count;
};
void words_add(struct words *words, const char *word);
void words_release(struct words *words);

enum option_type {
	OPTION_FLAG,   /* bool, set to true */
	OPTION_STRING, /* const char * */
	OPTION_WORDS,  /* struct words: may be given several times */
	OPTION_COUNT,  /* uint64_t, a decimal number above 0 */
	OPTION_NUMBER, /* uint64_t, 0 allowed */
	OPTION_SIZE,   /* uint64_t octets: a number, perhaps with k, m or g (1024s) */
	OPTION_TIME,   /* int64_t nanoseconds, above 0: see option_duration */
	OPTION_SET     /* set() is called; its value is NULL when an optional argument was left out */
};

struct option_row {
	char letter;          /* 0: none */
	const char *name;     /* the long form */
	const char *argument; /* how help names it; NULL: the option takes none; "[=WORD]": it may be left out */
	enum option_type type;
	size_t offset; /* of the member in the group's struct */
	const char *help;
	int (*set)(void *group, const char *value, struct error *err);
	const char *complete; /* what completion offers: a source of completion.c ("file", "interface", "model"...), or
				 words parted by spaces */
};

/* Rows that belong together; a table of rows ends with a row whose name is NULL. */
struct option_group {
	const char *heading;
	const struct option_row *rows;
	size_t offset; /* of the group's struct in the command's arguments */
};

/* Whether the option's argument may be left out; then it is given as --option=WORD only. */
static inline bool option_is_optional(const struct option_row *row)
{
	return row->argument && row->argument[0] == '[';
}

struct command;

/*
 * Parses argv[1..] into `arguments`; what is no option goes to words, in order. Returns 0; 1 when help was asked for;
 * -1 with err. `--` ends the options.
 */
int options_parse(const struct command *command, int argc, char **argv, void *arguments, struct words *words,
		  struct error *err);

/* Number with a check of the whole text; -1 when it is none or too large. */
int option_number(const char *text, uint64_t *out);
int option_size(const char *text, uint64_t *out);
/* Seconds, perhaps with ms, s, m or h, as nanoseconds. */
int option_duration(const char *text, int64_t *out);
/* The place of a word among names, ended by NULL; -1 with err ("did you mean") when it is none of them. */
int option_word(const char *option, const char *word, const char *const *names, struct error *err);
