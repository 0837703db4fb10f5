/* SPDX-License-Identifier: BSD-2-Clause */
/* The manual page, in mdoc(7), from the tables of the commands. */
#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "cmd/command.h"
#include "cmd/documents.h"

/* Running text: what roff would take for a request or an escape is protected, and each sentence begins a line. */
static void roff_text(struct text *out, const char *text)
{
	bool line_start = true;

	for (; *text; text++) {
		if (*text == ' ' && !line_start && text[-1] == '.' && isupper((unsigned char)text[1])) {
			text_char(out, '\n');
			line_start = true;
			continue;
		}
		if (line_start && (*text == '.' || *text == '\''))
			text_string(out, "\\&");
		if (*text == '\\')
			text_string(out, "\\e");
		else if (*text == '-')
			text_string(out, "\\-");
		else
			text_char(out, *text);
		line_start = *text == '\n';
	}
}

/* Paragraphs are parted by empty lines, which roff does not like. */
static void paragraphs(struct text *out, const char *text)
{
	const char *gap;

	for (; (gap = strstr(text, "\n\n")); text = gap + 2) {
		struct text part = { 0 };

		text_add(&part, text, (size_t)(gap - text));
		text_char(&part, '\0');
		roff_text(out, part.data);
		text_string(out, "\n.Pp\n");
		text_release(&part);
	}
	roff_text(out, text);
	text_char(out, '\n');
}

static void option(struct text *out, const struct option_row *row)
{
	text_string(out, ".It ");
	if (row->letter) {
		text_format(out, "Fl %c", row->letter);
		text_format(out, " , Fl \\-%s", row->name);
	} else {
		text_format(out, "Fl \\-%s", row->name);
	}
	if (option_is_optional(row)) /* "[=WORD]" */
		text_format(out, " Ns Op = Ns Ar %.*s", (int)strlen(row->argument) - 3, row->argument + 2);
	else if (row->argument)
		text_format(out, " Ar %s", row->argument);
	text_char(out, '\n');
	roff_text(out, row->help);
	text_string(out, "\n");
}

/* ".Nm", the command's words and what follows them. */
static void usage(struct text *out, const struct command *c)
{
	text_string(out, ".Nm\n.Cm ");
	command_name(c, out);
	text_string(out, c->roles ? "\n.Ar role\n.Op Ar option ...\n" : "\n.Op Ar option ...\n");
	if (c->synopsis && *c->synopsis) {
		text_string(out, ".Ar ");
		roff_text(out, c->synopsis);
		text_char(out, '\n');
	}
}

static void command(struct text *out, const struct command *c)
{
	text_string(out, ".Ss sonde ");
	command_name(c, out);
	text_char(out, '\n');
	usage(out, c);
	text_string(out, ".Pp\n");
	paragraphs(out, c->description);
	for (const struct option_group *group = c->groups; group && group->rows; group++) {
		text_format(out, ".Pp\n%s:\n.Bl -tag -width Ds\n", group->heading);
		for (const struct option_row *row = group->rows; row->name; row++)
			option(out, row);
		text_string(out, ".El\n");
	}
	for (const char *const *line = c->examples; line && *line; line += 2) {
		text_string(out, ".Pp\n");
		roff_text(out, line[1]);
		text_string(out, ":\n.Dl ");
		roff_text(out, line[0]);
		text_char(out, '\n');
	}
}

/* Families come before their roles. */
static void each(struct text *out, void (*write)(struct text *out, const struct command *c), bool families)
{
	for (unsigned i = 0; command_list[i]; i++) {
		if (families || !command_list[i]->roles)
			write(out, command_list[i]);
		for (const struct command *const *role = command_list[i]->roles; role && *role; role++)
			write(out, *role);
	}
}

void document_manual(struct text *out)
{
	text_string(out, ".\\\" Made by sonde help --manual from the tables of the commands.\n"
			 ".Dd $Mdocdate$\n.Dt SONDE 1\n.Os\n.Sh NAME\n.Nm sonde\n"
			 ".Nd see what the programs of a networking lab say to each other\n.Sh SYNOPSIS\n");
	each(out, usage, false);
	text_string(
		out,
		".Sh DESCRIPTION\n.Nm\ncaptures, dissects and shows lab traffic: the date, echo and chat programs of\n"
		"networking courses, and the protocols below them; and it plays every one of these programs itself.\n"
		"Every command takes\n.Fl h , Fl \\-help .\n.Sh COMMANDS\n");
	each(out, command, true);
	text_string(out,
		    ".Sh ENVIRONMENT\n.Bl -tag -width NO_COLOR\n.It Ev NO_COLOR\nno colours, when set and not empty\n"
		    ".It Ev TERM\nno colours, when it is dumb\n"
		    ".It Ev TZ\nthe time zone of times shown\n.It Ev USER\nwho plays, without\n.Fl \\-user\n.El\n"
		    ".Sh EXIT STATUS\n.Bl -tag -width Ds\n.It 0\ndone\n.It 1\nthe answer was no\n"
		    ".It 2\nusage or file error\n.It 3\npackets were lost and\n.Fl \\-strict\nwas given\n.El\n"
		    ".Sh SEE ALSO\n.Xr pcap-filter 7 ,\n.Xr tcpdump 8\n");
}
