/* SPDX-License-Identifier: BSD-2-Clause */
/* The commands, in the order of the overview. A new one is its file and its two lines here; a family is one of them. */
#include "cmd/command.h"

extern const struct command capture_command, read_command, list_command, help_command;
extern const struct command date_family, echo_family, chat_family;

const struct command *const command_list[] = {
	&capture_command,
	&read_command,
	&date_family,
	&echo_family,
	&chat_family,
	&list_command,
	&help_command,
	NULL,
};
