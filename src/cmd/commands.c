/* SPDX-License-Identifier: BSD-2-Clause */
/* The commands, in the order of the overview. A new one is its file and its two lines here. */
#include "cmd/command.h"

extern const struct command capture_command, read_command, list_command, help_command;

const struct command *const command_list[] = {
	&capture_command,
	&read_command,
	&list_command,
	&help_command,
	NULL,
};
