/* SPDX-License-Identifier: BSD-2-Clause */
/* The completion for bash: a case for every command and role, from its option rows. */
#include <string.h>

#include "cmd/command.h"
#include "cmd/documents.h"
#include "lab/date.h"
#include "play/client.h"
#include "play/server.h"

static void date_format_words(struct text *out)
{
	for (unsigned i = 0; i < DATE_FORMAT_COUNT; i++)
		text_format(out, "%s%s", i ? " " : "", date_formats[i].name);
}

static void model_words(struct text *out)
{
	for (unsigned i = 0; server_models[i]; i++)
		text_format(out, "%s%s", i ? " " : "", server_models[i]->name);
}

/* What a single-quoted word of the shell may hold: the table's backslashes double, since compgen -W reads them. */
static void style_words(struct text *out)
{
	for (unsigned i = 0; chat_handshakes[i].name; i++)
		text_format(out, "%s%s", i ? " " : "", chat_handshakes[i].name);
	for (unsigned i = 0; chat_privates[i].name; i++) {
		text_char(out, ' ');
		for (const char *c = chat_privates[i].name; *c; c++)
			text_format(out, *c == '\\' ? "%c%c" : "%c", *c, *c);
	}
}

static const struct {
	const char *what;
	void (*words)(struct text *out); /* from the tables of the program */
	const char *reply;               /* or what is looked up when it is asked for */
} sources[] = {
	{ "command", NULL, "COMPREPLY=($(compgen -W \"$commands\" -- \"$cur\"))" },
	{ "date format", date_format_words, NULL },
	{ "field", NULL, "COMPREPLY=($(compgen -W \"$(\"$1\" list fields --names 2>/dev/null)\" -- \"$cur\"))" },
	{ "file", NULL, "compopt -o default; COMPREPLY=()" },
	{ "host", NULL, "COMPREPLY=($(compgen -A hostname -- \"$cur\"))" },
	{ "interface", NULL, "COMPREPLY=($(compgen -W \"any $(command ls /sys/class/net 2>/dev/null)\" -- \"$cur\"))" },
	{ "model", model_words, NULL },
	{ "protocol", NULL, "COMPREPLY=($(compgen -W \"$(\"$1\" list protocols --names 2>/dev/null)\" -- \"$cur\"))" },
	{ "socket option", NULL,
	  "COMPREPLY=($(compgen -W \"$(\"$1\" sockopts --names 2>/dev/null)\" -- \"$cur\"))" },
	{ "style", style_words, NULL },
};

static void reply(struct text *out, const char *what)
{
	struct text words = { 0 };

	for (unsigned i = 0; i < sizeof sources / sizeof *sources; i++) {
		if (strcmp(what, sources[i].what) != 0)
			continue;
		if (sources[i].reply) {
			text_string(out, sources[i].reply);
			return;
		}
		sources[i].words(&words);
		text_format(out, "COMPREPLY=($(compgen -W '%.*s' -- \"$cur\"))", (int)words.length, words.data);
		text_release(&words);
		return;
	}
	text_format(out, "COMPREPLY=($(compgen -W '%s' -- \"$cur\"))", what);
}

/* A value that may be left out is never the next word. */
static void value_case(struct text *out, const struct option_row *row)
{
	if (!row->argument || option_is_optional(row))
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
	text_string(out, "\t'");
	command_name(c, out);
	text_string(out, "')\n\t\tcase \"$prev\" in\n");
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
	text_string(out, "'\n\t\t[[ $cur == -* ]] || { ");
	reply(out, c->complete ? c->complete : "file");
	text_string(out, "; return; }\n\t\t;;\n");
}

static void names(struct text *out, const struct command *const *list)
{
	for (unsigned i = 0; list[i]; i++)
		text_format(out, "%s%s", i ? " " : "", list[i]->name);
}

/* The second word is a role; from the third on the two are the command. */
static void family(struct text *out, const struct command *c)
{
	text_format(out, "\t%s | 'help %s') commands='", c->name, c->name);
	names(out, c->roles);
	text_string(out, "' at=2 ;;\n");
}

void document_completion(struct text *out)
{
	text_string(out,
		    "# bash completion for sonde, made by sonde help --completion from the tables of the commands.\n"
		    "_sonde()\n{\n\tlocal cur=\"${COMP_WORDS[COMP_CWORD]}\" prev=\"${COMP_WORDS[COMP_CWORD - 1]}\"\n"
		    "\tlocal command=\"${COMP_WORDS[1]}\" at=1 commands='");
	names(out, command_list);
	text_string(out, "'\n\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n"
			 "\t\tCOMPREPLY=($(compgen -W \"$commands --help --version\" -- \"$cur\"))\n\t\treturn\n\tfi\n"
			 "\t[[ $command == help && $COMP_CWORD -eq 3 ]] && command=\"help ${COMP_WORDS[2]}\"\n"
			 "\tcase \"$command\" in\n");
	for (unsigned i = 0; command_list[i]; i++)
		if (command_list[i]->roles)
			family(out, command_list[i]);
	text_string(out,
		    "\tesac\n\tif [[ $command == 'help '* ]]; then\n\t\t[ $at -eq 1 ] && return\n\t\tcommand=help\n"
		    "\telif [ $at -eq 2 ]; then\n\t\tif [ \"$COMP_CWORD\" -eq 2 ]; then\n"
		    "\t\t\tCOMPREPLY=($(compgen -W \"$commands --help\" -- \"$cur\"))\n\t\t\treturn\n\t\tfi\n"
		    "\t\tcommand+=\" ${COMP_WORDS[2]}\"\n\tfi\n\tcase \"$command\" in\n");
	for (unsigned i = 0; command_list[i]; i++) {
		if (!command_list[i]->roles)
			command(out, command_list[i]);
		for (const struct command *const *role = command_list[i]->roles; role && *role; role++)
			command(out, *role);
	}
	text_string(out, "\t*) return ;;\n\tesac\n\tCOMPREPLY=($(compgen -W \"$options\" -- \"$cur\"))\n}\n"
			 "complete -F _sonde sonde\n");
}
