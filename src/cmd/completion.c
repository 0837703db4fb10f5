/* SPDX-License-Identifier: BSD-2-Clause */
/* The completion for bash: a case for every command, from its option rows. */
#include "cmd/command.h"
#include "cmd/documents.h"

static const struct {
	const char *what;
	const char *reply;
} sources[] = {
	{ "file", "compopt -o default; COMPREPLY=()" },
	{ "interface", "COMPREPLY=($(compgen -W \"any $(command ls /sys/class/net 2>/dev/null)\" -- \"$cur\"))" },
	{ "protocol", "COMPREPLY=($(compgen -W \"$(\"$1\" list protocols --names 2>/dev/null)\" -- \"$cur\"))" },
	{ "field", "COMPREPLY=($(compgen -W \"$(\"$1\" list fields --names 2>/dev/null)\" -- \"$cur\"))" },
};

static void reply(struct text *out, const char *what)
{
	for (unsigned i = 0; i < sizeof sources / sizeof *sources; i++)
		if (!strcmp(what, sources[i].what)) {
			text_string(out, sources[i].reply);
			return;
		}
	text_format(out, "COMPREPLY=($(compgen -W '%s' -- \"$cur\"))", what);
}

static void value_case(struct text *out, const struct option_row *row)
{
	if (!row->argument)
		return;
	text_string(out, "\t\t");
	if (row->letter)
		text_format(out, "-%c | ", row->letter);
	text_format(out, "--%s) ", row->name);
	reply(out, row->complete ? row->complete : "");
	text_string(out, "; return ;;\n");
}

static void command(struct text *out, const struct command *c)
{
	text_format(out, "\t%s)\n\t\tcase \"$prev\" in\n", c->name);
	for (const struct option_group *group = c->groups; group && group->rows; group++)
		for (const struct option_row *row = group->rows; row->name; row++)
			value_case(out, row);
	text_string(out, "\t\tesac\n\t\tlocal options='--help");
	for (const struct option_group *group = c->groups; group && group->rows; group++)
		for (const struct option_row *row = group->rows; row->name; row++) {
			text_format(out, " --%s", row->name);
			if (row->letter)
				text_format(out, " -%c", row->letter);
		}
	text_string(out, "'\n\t\t;;\n");
}

void document_completion(struct text *out)
{
	text_string(out,
		    "# bash completion for sonde, made by sonde help --completion from the tables of the commands.\n"
		    "_sonde()\n{\n\tlocal cur=\"${COMP_WORDS[COMP_CWORD]}\" prev=\"${COMP_WORDS[COMP_CWORD - 1]}\"\n"
		    "\tlocal commands='");
	for (unsigned i = 0; command_list[i]; i++)
		text_format(out, "%s%s", i ? " " : "", command_list[i]->name);
	text_string(out, "'\n\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n"
			 "\t\tCOMPREPLY=($(compgen -W \"$commands --help --version\" -- \"$cur\"))\n\t\treturn\n\tfi\n"
			 "\tcase \"${COMP_WORDS[1]}\" in\n");
	for (unsigned i = 0; command_list[i]; i++)
		command(out, command_list[i]);
	text_string(out, "\t*) return ;;\n\tesac\n\tcase \"$cur\" in\n"
			 "\t-*) COMPREPLY=($(compgen -W \"$options\" -- \"$cur\")) ;;\n"
			 "\t*) case \"${COMP_WORDS[1]}\" in\n"
			 "\t\thelp) COMPREPLY=($(compgen -W \"$commands\" -- \"$cur\")) ;;\n"
			 "\t\tlist) COMPREPLY=($(compgen -W 'interfaces protocols fields' -- \"$cur\")) ;;\n"
			 "\t\t*) compopt -o default; COMPREPLY=() ;;\n\t\tesac ;;\n\tesac\n}\n"
			 "complete -F _sonde sonde\n");
}
