/* SPDX-License-Identifier: BSD-2-Clause */
/* sonde help: the commands, one command, and from the same tables the manual page and the completion. */
#include "cmd/command.h"
#include "cmd/documents.h"

struct help_arguments {
	bool manual, completion;
};

static const struct option_row rows[] = {
	{ 0, "manual", NULL, OPTION_FLAG, offsetof(struct help_arguments, manual), "print the manual page (roff)", NULL,
	  NULL },
	{ 0, "completion", NULL, OPTION_FLAG, offsetof(struct help_arguments, completion),
	  "print the completion for bash", NULL, NULL },
	{ 0, NULL, NULL, OPTION_FLAG, 0, NULL, NULL, NULL },
};

static const struct option_group groups[] = { { "Documents", rows, 0 }, { NULL, NULL, 0 } };

static int one_command(const struct words *words, struct text *out, struct error *err)
{
	const struct command *command;
	int named = command_find(words->list, words->count, &command, err);

	if (named < 0)
		return -1;
	if ((size_t)named < words->count)
		return error_set(err, "one command at a time; %s is too much", words->list[named]);
	command_help(command, out);
	return 0;
}

static int help_run(void *arguments, const struct words *words, struct error *err)
{
	const struct help_arguments *args = arguments;
	struct text out = { 0 };
	int status = 0;

	if (args->manual)
		document_manual(&out);
	else if (args->completion)
		document_completion(&out);
	else if (words->count)
		status = one_command(words, &out, err);
	else
		command_overview(&out);
	if (status == 0)
		status = command_print(&out, err);
	text_release(&out);
	return status;
}

const struct command help_command = {
	.name = "help",
	.summary = "explain the commands",
	.synopsis = "[COMMAND [ROLE]]",
	.complete = "command",
	.description = "Explains a command or one of its roles, or lists them all. The same text is printed by sonde "
		       "COMMAND --help.",
	.groups = groups,
	.size = sizeof(struct help_arguments),
	.run = help_run,
};
