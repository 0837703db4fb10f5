/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds the command, lets it parse its words, runs it, and says what went wrong. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/process.h"
#include "cmd/command.h"

static int print_help(const struct command *command, struct error *err)
{
	struct text out = { 0 };
	int status;

	if (command)
		command_help(command, &out);
	else
		command_overview(&out);
	status = command_print(&out, err);
	text_release(&out);
	return status;
}

static int run(const struct command *command, int argc, char **argv, struct error *err)
{
	void *arguments = mem_new(1, command->size);
	struct words words = { 0 };
	int status = options_parse(command, argc, argv, arguments, &words, err);

	if (status == 1)
		status = print_help(command, err);
	else if (status == 0 && command->roles) /* a family alone does nothing */
		status = print_help(command, err) < 0 ? -1 : EXIT_USAGE;
	else if (status == 0)
		status = command->run(arguments, &words, err);
	for (const struct option_group *group = command->groups; group && group->rows; group++)
		for (const struct option_row *row = group->rows; row->name; row++)
			if (row->type == OPTION_WORDS)
				words_release((void *)((char *)arguments + group->offset + row->offset));
	words_release(&words);
	free(arguments);
	return status;
}

int main(int argc, char **argv)
{
	const struct command *command;
	struct error err;
	int status, named;

	process_ignore_pipes();
	process_keep_standard();
	if (argc < 2 || !strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
		status = print_help(NULL, &err);
		return status < 0 || argc < 2 ? EXIT_USAGE : EXIT_DONE;
	}
	if (!strcmp(argv[1], "--version")) {
		puts("sonde " PACKAGE_VERSION);
		return EXIT_DONE;
	}
	named = command_find((const char *const *)argv + 1, (size_t)argc - 1, &command, &err);
	status = named < 0 ? named : run(command, argc - named, argv + named, &err);
	if (status >= 0)
		return status;
	command_complain(command, err.text);
	return EXIT_USAGE;
}
