/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/command.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/nearest.h"

#define HELP_COLUMN 30
#define LIST_COLUMN 14
#define LINE_WIDTH 100

static const struct command *find(const struct command *const *list, const char *name)
{
	for (; *list; list++)
		if (!strcmp((*list)->name, name))
			return *list;
	return NULL;
}

static int unknown(const struct command *const *list, const char *what, const char *word, const char *see,
		   struct error *err)
{
	const char *names[64] = { NULL }, *near;

	for (unsigned i = 0; list[i] && i < 63; i++)
		names[i] = list[i]->name;
	near = nearest(word, names);
	if (near)
		return error_set(err, "no %s '%s'; did you mean '%s'?", what, word, near);
	return error_set(err, "no %s '%s'; see sonde %s", what, word, see);
}

int command_find(const char *const *words, size_t count, const struct command **command, struct error *err)
{
	const struct command *role;
	char see[64];

	*command = find(command_list, words[0]);
	if (!*command)
		return unknown(command_list, "command", words[0], "help", err);
	if (!(*command)->roles || count < 2 || words[1][0] == '-')
		return 1;
	role = find((*command)->roles, words[1]);
	if (!role) {
		snprintf(see, sizeof see, "%s --help", (*command)->name);
		return unknown((*command)->roles, "role", words[1], see, err);
	}
	*command = role;
	return 2;
}

void command_name(const struct command *command, struct text *out)
{
	if (command->family)
		text_format(out, "%s ", command->family->name);
	text_string(out, command->name);
}

void command_wrap(struct text *out, const char *text, size_t indent)
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
		text_format(out, "%s%s", option_is_optional(row) ? "" : " ", row->argument);
	if (out->length - start >= HELP_COLUMN) {
		text_char(out, '\n');
		start = out->length;
	}
	text_pad(out, start, HELP_COLUMN);
	command_wrap(out, row->help, HELP_COLUMN);
}

static void roles_in_short(const struct command *family, struct text *out)
{
	for (const struct command *const *role = family->roles; role && *role; role++)
		text_format(out, "%s%s", role == family->roles ? " " : "|", (*role)->name);
}

/* One line of a list; a name that is too long for its column has a line of its own. */
static void list_row(const struct command *command, struct text *out)
{
	size_t start = out->length;

	text_format(out, "  %s", command->name);
	roles_in_short(command, out);
	if (out->length - start >= LIST_COLUMN) {
		text_char(out, '\n');
		start = out->length;
	}
	text_pad(out, start, LIST_COLUMN);
	text_format(out, "%s\n", command->summary);
}

static void family_help(const struct command *family, struct text *out)
{
	text_format(out, "usage: sonde %s ROLE [OPTION]...\n\n", family->name);
	command_wrap(out, family->description, 0);
	text_string(out, "\nRoles\n");
	for (const struct command *const *role = family->roles; *role; role++)
		list_row(*role, out);
	text_format(out, "\n  -h, --help                  this help; sonde %s ROLE --help explains a role\n",
		    family->name);
}

void command_help(const struct command *command, struct text *out)
{
	if (command->roles) {
		family_help(command, out);
		return;
	}
	text_string(out, "usage: sonde ");
	command_name(command, out);
	text_format(out, " [OPTION]...%s%s\n\n", *command->synopsis ? " " : "", command->synopsis);
	command_wrap(out, command->description, 0);
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
	for (unsigned i = 0; command_list[i]; i++)
		list_row(command_list[i], out);
	text_string(out, "\nsonde COMMAND --help explains a command; sonde --version prints the version.\n");
}

int command_write(int fd, const struct text *text)
{
	for (size_t at = 0; at < text->length;) {
		ssize_t n = write(fd, text->data + at, text->length - at);

		if (n >= 0)
			at += (size_t)n;
		else if (errno == EAGAIN) /* somebody who shares the descriptor has made it non-blocking */
			poll(&(struct pollfd){ .fd = fd, .events = POLLOUT }, 1, -1);
		else if (errno != EINTR)
			return -1;
	}
	return 0;
}

int command_print(const struct text *text, struct error *err)
{
	return command_write(STDOUT_FILENO, text) < 0 ? error_errno(err, "standard output") : 0;
}

void command_complain(const struct command *command, const char *sentence)
{
	struct text line = { 0 };

	text_string(&line, "sonde");
	if (command) {
		text_char(&line, ' ');
		command_name(command, &line);
	}
	text_string(&line, ": ");
	/* A sentence on an expression shows it below, with a mark. */
	for (const char *end; *sentence; sentence = *end ? end + 1 : end) {
		end = sentence + strcspn(sentence, "\n");
		text_visible(&line, sentence, (size_t)(end - sentence));
		text_char(&line, '\n');
	}
	/* When standard error fails there is nobody left to tell. */
	command_write(STDERR_FILENO, &line);
	text_release(&line);
}
