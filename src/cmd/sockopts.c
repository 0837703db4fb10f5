/* SPDX-License-Identifier: BSD-2-Clause */
/* sonde sockopts: the options of sockets, explained, shown at work, and read from live processes. */
#include "cmd/sockopts.h"

static const struct option_row form_rows[] = {
	{ 0, "json", NULL, OPTION_FLAG, offsetof(struct sockopts_arguments, json),
	  "one object a line; docs/sockopts.md tells the members", NULL, NULL },
	{ 0, "names", NULL, OPTION_FLAG, offsetof(struct sockopts_arguments, names), "the names alone, one a line",
	  NULL, NULL },
	{ 0, "csv", NULL, OPTION_FLAG, offsetof(struct sockopts_arguments, csv), "comma-separated values", NULL, NULL },
	{ 0, NULL, NULL, OPTION_FLAG, 0, NULL, NULL, NULL },
};

static const struct option_row process_rows[] = {
	{ 0, "pid", "PID", OPTION_COUNT, offsetof(struct sockopts_arguments, pid),
	  "the options of this process's sockets that are not as a new socket has them", NULL, "" },
	{ 0, "fd", "N", OPTION_STRING, offsetof(struct sockopts_arguments, fd), "with --pid: of this descriptor only",
	  NULL, "" },
	{ 0, "all", NULL, OPTION_FLAG, offsetof(struct sockopts_arguments, all),
	  "with --pid: all options that can be read", NULL, NULL },
	{ 0, NULL, NULL, OPTION_FLAG, 0, NULL, NULL, NULL },
};

static const struct option_row demo_rows[] = {
	{ 0, "demo", NULL, OPTION_FLAG, offsetof(struct sockopts_arguments, demo),
	  "show the effect of NAME for real, on loopback, and tell every call; without NAME: which can be shown", NULL,
	  NULL },
	{ 0, NULL, NULL, OPTION_FLAG, 0, NULL, NULL, NULL },
};

static const struct option_group groups[] = {
	{ "Of a live process", process_rows, 0 },
	{ "At work", demo_rows, 0 },
	{ "How", form_rows, 0 },
	{ NULL, NULL, 0 },
};

static int check(const struct sockopts_arguments *args, const struct words *words, struct error *err)
{
	if (args->json && args->csv)
		return error_set(err, "--json and --csv: both say how; use one");
	if (args->pid && args->demo)
		return error_set(err, "--pid and --demo: one of them at a time");
	if (args->pid && words->count)
		return error_set(err, "%s: --pid shows all options that differ; leave the name out", words->list[0]);
	if (!args->pid && (args->fd || args->all))
		return error_set(err, "%s: of which process? add --pid PID", args->fd ? "--fd" : "--all");
	if (args->demo && words->count > 1)
		return error_set(err, "one demonstration at a time; %s is too much", words->list[1]);
	return 0;
}

static int one_word(const struct sockopts_arguments *args, const char *word, bool first, struct error *err)
{
	const struct sockopt_level *level = sockopt_level_find(word);
	const struct sockopt *option = level ? NULL : sockopt_find(word, err);
	struct text parted = { 0 };
	int status = 0;

	if (!level && !option)
		return -1;
	if (!first && !args->json) {
		text_char(&parted, '\n');
		status = command_print(&parted, err);
		text_release(&parted);
	}
	if (status < 0)
		return status;
	return level ? sockopts_list(args, level, err) : sockopts_explain(args, option, err);
}

static int sockopts_run(void *arguments, const struct words *words, struct error *err)
{
	const struct sockopts_arguments *args = arguments;
	int status = EXIT_DONE;

	if (check(args, words, err) < 0)
		return -1;
	if (args->pid)
		return sockopts_process(args, err);
	if (args->demo)
		return sockopts_demo(args, words->count ? words->list[0] : NULL, err);
	if (!words->count)
		return sockopts_list(args, NULL, err);
	for (size_t i = 0; i < words->count && status == EXIT_DONE; i++)
		status = one_word(args, words->list[i], i == 0, err);
	return status;
}

static const char *const examples[] = {
	"sonde sockopts",
	"every option of this kernel, with its value on a new socket",
	"sonde sockopts SO_REUSEADDR",
	"what it does, who may set it, how it is used in C",
	"sonde sockopts TCP",
	"the options of one level",
	"sonde sockopts --demo SO_REUSEADDR",
	"its effect, shown with real sockets",
	"sonde sockopts --pid 4242",
	"what a running program has set on its sockets",
	NULL,
};

const struct command sockopts_command = {
	.name = "sockopts",
	.summary = "the options of sockets: explained, shown at work, read from a process",
	.synopsis = "[NAME|LEVEL]...",
	.complete = "socket option",
	.description = "Lists the options of getsockopt(2) and setsockopt(2) at the levels SOL_SOCKET, IPPROTO_IP, "
		       "IPPROTO_IPV6, "
		       "IPPROTO_TCP and IPPROTO_UDP, with what this kernel answers for a new socket. NAME, in any case "
		       "and with or "
		       "without its prefix, explains an option; LEVEL (TCP, IP...) lists those of one level.\n\n"
		       "--pid reads the options of a running process: its descriptor is copied with pidfd_getfd(2), "
		       "asked, and the "
		       "copy is closed at once. Nothing is set, and options whose reading changes the socket, such as "
		       "SO_ERROR, are "
		       "never read. It needs the rights to trace the process; without them sock_diag(7) tells what it "
		       "knows, and "
		       "each value names its source. Exit status 1 when the process has no sockets.\n\n"
		       "--demo makes the calls on loopback addresses, tells each of them with the reason for it, and "
		       "compares what "
		       "is seen with what was to be seen: exit status 0 when the effect was seen, 1 when it was not, 2 "
		       "when it "
		       "cannot be shown here.",
	.examples = examples,
	.groups = groups,
	.size = sizeof(struct sockopts_arguments),
	.run = sockopts_run,
};
