/* SPDX-License-Identifier: BSD-2-Clause */
/* The commands, in the order of the overview. A new one is its file and its two lines here; a family is one of them. */
#include "cmd/command.h"

extern const struct command capture_command, run_command, read_command, follow_command, list_command, help_command;
extern const struct command ladder_command, diff_command;
extern const struct command expect_command;
extern const struct command stats_command;
extern const struct command info_command, convert_command, merge_command;
extern const struct command filter_command;
extern const struct command date_family, echo_family, chat_family;
extern const struct command trace_command;
extern const struct command sockets_command;
extern const struct command sockopts_command;

const struct command *const command_list[] = {
	&capture_command,
	&run_command,
	&read_command,
	&follow_command,
	&stats_command,
	&ladder_command,
	&expect_command,
	&diff_command,
	&info_command,
	&convert_command,
	&merge_command,
	&filter_command,
	&date_family,
	&echo_family,
	&chat_family,
	&trace_command,
	&sockets_command,
	&sockopts_command,
	&list_command,
	&help_command,
	NULL,
};
