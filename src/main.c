/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds the command, lets it parse its words, runs it, and says what went wrong. */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "cmd/command.h"

/* Names and arguments may hold anything: what reaches the terminal is escaped. */
static void complain(const char *command, const struct error *err)
{
	struct text line = { 0 };

	text_string(&line, "sonde");
	if (command)
		text_format(&line, " %s", command);
	text_string(&line, ": ");
	text_escaped(&line, err->text, strlen(err->text));
	text_char(&line, '\n');
	fwrite(line.data, 1, line.length, stderr);
	text_release(&line);
}

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

static int unknown_command(const char *word, struct error *err)
{
	const char *near = command_nearest(word);

	if (near)
		return error_set(err, "no command '%s'; did you mean '%s'?", word, near);
	return error_set(err, "no command '%s'; see sonde help", word);
}

int main(int argc, char **argv)
{
	const struct command *command;
	struct error err;
	int status;

	signal(SIGPIPE, SIG_IGN);
	if (argc < 2 || !strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
		status = print_help(NULL, &err);
		return status < 0 || argc < 2 ? EXIT_USAGE : EXIT_DONE;
	}
	if (!strcmp(argv[1], "--version")) {
		puts("sonde " PACKAGE_VERSION);
		return EXIT_DONE;
	}
	command = command_find(argv[1]);
	status = command ? run(command, argc - 1, argv + 1, &err) : unknown_command(argv[1], &err);
	if (status >= 0)
		return status;
	complain(command ? command->name : NULL, &err);
	return EXIT_USAGE;
}
