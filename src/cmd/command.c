/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/command.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/nearest.h"

#define HELP_COLUMN 30
#define LINE_WIDTH 100

const struct command *command_find(const char *name)
{
	for (unsigned i = 0; command_list[i]; i++)
		if (!strcmp(command_list[i]->name, name))
			return command_list[i];
	return NULL;
}

const char *command_nearest(const char *word)
{
	const char *names[64] = { NULL };

	for (unsigned i = 0; command_list[i] && i < 63; i++)
		names[i] = command_list[i]->name;
	return nearest(word, names);
}

/* Words of `text` in lines that start in column `indent`. */
static void wrap(struct text *out, const char *text, size_t indent)
{
	size_t column = indent;

	while (*text) {
		size_t word = strcspn(text, " \n");

		if (column > indent && column + 1 + word > LINE_WIDTH) {
			text_char(out, '\n');
			text_fill(out, ' ', indent);
			column = indent;
		} else if (column > indent) {
			text_char(out, ' ');
			column++;
		}
		text_add(out, text, word);
		column += word;
		text += word;
		if (text[0] == '\n' && text[1] == '\n') {
			text_string(out, "\n\n");
			text_fill(out, ' ', indent);
			column = indent;
		}
		text += strspn(text, " \n");
	}
	text_char(out, '\n');
}

static void help_row(struct text *out, const struct option_row *row)
{
	size_t start = out->length;

	text_string(out, row->letter ? "  -" : "   ");
	if (row->letter)
		text_format(out, "%c, ", row->letter);
	else
		text_string(out, "   ");
	text_format(out, "--%s", row->name);
	if (row->argument)
		text_format(out, " %s", row->argument);
	if (out->length - start >= HELP_COLUMN) {
		text_char(out, '\n');
		start = out->length;
	}
	text_pad(out, start, HELP_COLUMN);
	wrap(out, row->help, HELP_COLUMN);
}

void command_help(const struct command *command, struct text *out)
{
	text_format(out, "usage: sonde %s [OPTION]... %s\n\n", command->name, command->synopsis);
	wrap(out, command->description, 0);
	for (const struct option_group *group = command->groups; group && group->rows; group++) {
		text_format(out, "\n%s\n", group->heading);
		for (const struct option_row *row = group->rows; row->name; row++)
			help_row(out, row);
	}
	text_string(out, "\n  -h, --help                  this help\n");
	if (command->examples)
		text_string(out, "\nExamples\n");
	for (const char *const *line = command->examples; line && *line; line += 2)
		text_format(out, "  %s\n      %s\n", line[0], line[1]);
}

void command_overview(struct text *out)
{
	text_string(
		out,
		"usage: sonde COMMAND [OPTION]...\n\nSee, on any Linux machine with a shell, what the programs of a "
		"networking lab say to each other.\n\nCommands\n");
	for (unsigned i = 0; command_list[i]; i++) {
		size_t start = out->length;

		text_format(out, "  %s", command_list[i]->name);
		text_pad(out, start, 14);
		text_format(out, "%s\n", command_list[i]->summary);
	}
	text_string(out, "\nsonde COMMAND --help explains a command; sonde --version prints the version.\n");
}

int command_print(const struct text *text, struct error *err)
{
	for (size_t at = 0; at < text->length;) {
		ssize_t n = write(STDOUT_FILENO, text->data + at, text->length - at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_errno(err, "standard output");
		at += (size_t)n;
	}
	return 0;
}
