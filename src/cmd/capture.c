/* SPDX-License-Identifier: BSD-2-Clause */
/* sonde capture: packets of the network, shown as they come or saved. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/process.h"
#include "cmd/capturing.h"
#include "cmd/command.h"
#include "cmd/expression.h"
#include "cmd/listening.h"
#include "cmd/save.h"
#include "cmd/show.h"
#include "io/privilege.h"

extern const struct command capture_command;

struct capture_arguments {
	struct attribute_options attribute;
	struct show_options show;
	struct save_options save;
	struct capturing_options capture;
};

#define MEMBER(name) offsetof(struct capturing_options, name)
static const struct option_row run_rows[] = {
	{ 'c', "count", "N", OPTION_COUNT, MEMBER(count), "stop after N packets", NULL, NULL },
	{ 'a', "autostop", "WHAT:N", OPTION_WORDS, MEMBER(stops),
	  "stop after duration:TIME (by the wall clock, also when nothing arrives), filesize:KIB or packets:N", NULL,
	  "duration: filesize: packets:" },
	{ 0, "print", NULL, OPTION_FLAG, MEMBER(print), "with -w show the packets as well", NULL, NULL },
	{ 0, "ready-fd", "FD", OPTION_STRING, MEMBER(ready),
	  "write a newline to this descriptor and close it as soon as every packet from then on is captured", NULL,
	  NULL },
	{ 'Z', "user", "USER", OPTION_STRING, MEMBER(user), "become USER once capturing is armed", NULL, NULL },
	{ 0, "strict", NULL, OPTION_FLAG, MEMBER(strict), "exit status 3 when packets were lost", NULL, NULL },
	{ 0, NULL, NULL, OPTION_FLAG, 0, NULL, NULL, NULL },
};
#undef MEMBER

static const struct option_group groups[] = {
	{ "What is captured", capturing_rows, offsetof(struct capture_arguments, capture) },
	{ "Whose packets", attribute_rows, offsetof(struct capture_arguments, attribute) },
	{ "How long, and with which rights", run_rows, offsetof(struct capture_arguments, capture) },
	{ "How packets are shown", show_rows, offsetof(struct capture_arguments, show) },
	{ "How packets are decoded", decode_rows, offsetof(struct capture_arguments, show.decode) },
	{ "Saving them", save_rows, offsetof(struct capture_arguments, save) },
	{ NULL, NULL, 0 },
};

/* ------------------------------------------------------------------------------------------------ running */

static int armed(struct capture *capture, struct capturing *live, const struct capture_arguments *args,
		 struct error *err)
{
	if (privilege_drop(save_user(&args->save, args->capture.user), err) < 0)
		return -1;
	if (save_rotates(&args->save) && save_check_folder(&args->save, err) < 0)
		return -1;
	listening_announce(capture->source, args->capture.filter);
	if (listening_ready(args->capture.ready, err) < 0)
		return -1;
	return capturing_run(capture, live, args->capture.strict, err);
}

/* The right to look into other processes goes to the registrar, and is given up here. */
static int find_processes(struct capturing *live, const struct attribute_options *options, struct error *err)
{
	static const struct registrar_options no_program = { .program = NULL };
	bool wanted;

	if (attribute_wanted(&live->attribute, options, &live->show, &wanted, err) < 0)
		return -1;
	return wanted ? attribute_start(&live->attribute, &no_program, err) : 0;
}

static int open_and_run(struct capture *capture, struct capturing *live, const struct capture_arguments *args,
			struct error *err)
{
	const struct show *show = &live->show;
	int status;

	capture->signals = process_signals(err);
	if (capture->signals < 0)
		return -1;
	if (find_processes(live, &args->attribute, err) < 0 || privilege_limit(err) < 0)
		return -1;
	capture->source = capturing_open(&args->capture, err);
	if (!capture->source)
		return -1;
	if (live->attribute.registrar)
		capture->source = attribute_source(&live->attribute, capture->source);
	if (save_open(&capture->sink, &args->save, capture->source, args->capture.filter, err) < 0)
		return -1;
	if ((!capture->sink || args->capture.print) && (show->renderer || show->filter)) {
		capture->packet = show_packet;
		capture->idle = show_flush;
	}
	capture->decode_apart = capture->sink && capture->packet;
	status = armed(capture, live, args, err);
	if (capture->sink) {
		struct error later;

		sink_close(capture->sink, &later);
	}
	return status;
}

/* -c counts what is saved, and else what is shown; -a packets:N always counts what is captured. */
static void choose_count(const struct capture_arguments *args, struct capture *capture, struct show *show)
{
	if (show->filter && !args->save.path)
		show->stop_shown = args->capture.count;
	else if (args->capture.count)
		capture->stop_packets = args->capture.count;
}

static int check(const struct capture_arguments *args, struct capture *capture, struct error *err)
{
	if (capturing_stops(capture, &args->capture.stops, err) < 0)
		return -1;
	if (args->capture.print && args->save.path && !strcmp(args->save.path, "-"))
		return error_set(err, "--print and -w - both want standard output; use one");
	if (args->show.display_filter && args->save.path && !args->capture.print)
		return error_set(err,
				 "-Y chooses what is shown, and with -w nothing is; add --print, or choose what is "
				 "saved with a capture filter (-f)");
	return 0;
}

static int capture_command_run(void *arguments, const struct words *words, struct error *err)
{
	struct capture_arguments *args = arguments;
	struct capturing live = { .save = &args->save, .command = &capture_command };
	struct show *show = &live.show;
	struct capture capture = { .signals = -1, .report = capturing_report, .context = &live };
	struct text filter = { 0 };
	int status = expression_join(&filter, &args->capture.filter, words, 0, err);

	if (status == 0)
		status = check(args, &capture, err);
	if (status == 0)
		status = show_open(show, &args->show, NULL, args->capture.interfaces.count != 1, err);
	if (status == 0)
		choose_count(args, &capture, show);
	if (status == 0 && show_looks_ahead(show))
		status = error_set(err, "what later packets say is not known while they come; save with -w, then sonde "
					"read -2");
	if (status == 0)
		status = open_and_run(&capture, &live, args, err);
	source_close(capture.source);
	if (capture.signals >= 0)
		close(capture.signals);
	attribute_release(&live.attribute);
	show_release(show);
	text_release(&filter);
	return status;
}

static const char *const examples[] = {
	"sudo sonde capture -i lo",
	"what the programs on this machine say to each other",
	"sudo sonde capture -i eth0 -i eth1 -f 'udp port 5555' -w lab.pcapng",
	"one protocol of two interfaces, saved",
	"sudo sonde capture -i lo -c 10 -T json",
	"ten packets, one object each",
	"sudo sonde capture -i any -a duration:30s -w lab.pcapng --print",
	"half a minute of everything, saved and shown",
	"sudo sonde capture -i lo --program date-server.py",
	"what one program sends and receives, as its sockets come and go",
	NULL,
};

const struct command capture_command = {
	.name = "capture",
	.summary = "show or save the packets of the network as they come",
	.synopsis = "[FILTER]...",
	.description = "Captures packets and shows them, one line each, or saves them with -w. Words are a capture "
		       "filter as in "
		       "pcap-filter(7). Capturing needs the right CAP_NET_RAW (sudo, or once: setcap cap_net_raw+ep on "
		       "the program); "
		       "every right is given up before the first packet is looked at.\n\n"
		       "\"listening on\" is printed, and --ready-fd served, only when every packet from then on is "
		       "captured. An interrupt "
		       "(Ctrl-C) or a stop condition takes in what the kernel already holds and ends with the "
		       "counters; SIGUSR1 "
		       "prints them in between.\n\n"
		       "With --processes, --pid, --program or a proc field in -Y or -e a second process is started, "
		       "which keeps the right to look into other processes and sees no packet: it tells who has the "
		       "sockets at the ends of each packet, and how certain that is. Exact: the socket was known "
		       "before the packet came, and no other could be meant. By port: several programs have the port. "
		       "Remembered: its socket is gone, or was found only after the packet, as it always is with the "
		       "first packet of a new socket. A socket that was closed before anybody looked is unknown; sonde "
		       "run knows all sockets of one program before their first packet. Only processes of this "
		       "machine's network namespace are found.",
	.examples = examples,
	.groups = groups,
	.size = sizeof(struct capture_arguments),
	.run = capture_command_run,
};
