/* SPDX-License-Identifier: BSD-2-Clause */
/* sonde run: a program, and its packets alone. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/process.h"
#include "cmd/attribute.h"
#include "cmd/capturing.h"
#include "cmd/command.h"
#include "cmd/listening.h"
#include "cmd/save.h"
#include "cmd/show.h"
#include "io/privilege.h"

extern const struct command run_command;

/* As shells have it. */
enum { STATUS_REFUSED = 126, STATUS_NOT_FOUND = 127, STATUS_KILLED = 128 };

struct run_options {
	const char *output, *user, *way;
};

struct run_arguments {
	struct show_options show;
	struct save_options save;
	struct capturing_options capture;
	struct run_options run;
};

#define MEMBER(name) offsetof(struct run_options, name)
static const struct option_row program_rows[] = {
	{ 0, "user", "USER", OPTION_STRING, MEMBER(user), "the program runs as USER; without it as who calls sonde",
	  NULL, NULL },
	{ 'o', "output", "FILE", OPTION_STRING, MEMBER(output),
	  "packets are shown in FILE, apart from what the program writes to standard output", NULL, "file" },
	{ 0, "way", "WAY", OPTION_STRING, MEMBER(way),
	  "how its sockets are known: seccomp, cgroup or poll; without it the first that works", NULL,
	  "seccomp cgroup poll" },
	{ 0, NULL, NULL, OPTION_FLAG, 0, NULL, NULL, NULL },
};
#undef MEMBER

#define MEMBER(name) offsetof(struct capturing_options, name)
static const struct option_row until_rows[] = {
	{ 'c', "count", "N", OPTION_COUNT, MEMBER(count),
	  "capture no more than N packets; the program is waited for all the same", NULL, NULL },
	{ 'a', "autostop", "WHAT:N", OPTION_WORDS, MEMBER(stops),
	  "capture no longer than duration:TIME, filesize:KIB or packets:N", NULL, "duration: filesize: packets:" },
	{ 0, "print", NULL, OPTION_FLAG, MEMBER(print), "with -w show the packets as well", NULL, NULL },
	{ 0, "ready-fd", "FD", OPTION_STRING, MEMBER(ready),
	  "write a newline to this descriptor and close it when all is ready, before the program starts", NULL, NULL },
	{ 0, "strict", NULL, OPTION_FLAG, MEMBER(strict),
	  "exit status 3 when packets were lost and the program ended with 0", NULL, NULL },
	{ 0, NULL, NULL, OPTION_FLAG, 0, NULL, NULL, NULL },
};
#undef MEMBER

static const struct option_group groups[] = {
	{ "The program", program_rows, offsetof(struct run_arguments, run) },
	{ "What is captured", capturing_rows, offsetof(struct run_arguments, capture) },
	{ "How long", until_rows, offsetof(struct run_arguments, capture) },
	{ "How packets are shown", show_rows, offsetof(struct run_arguments, show) },
	{ "How packets are decoded", decode_rows, offsetof(struct run_arguments, show.decode) },
	{ "Saving them", save_rows, offsetof(struct run_arguments, save) },
	{ NULL, NULL, 0 },
};

static const struct {
	const char *name;
	enum registrar_way way;
	const char *meaning;
} ways[] = {
	{ "seccomp", WAY_SUPERVISED, "its sockets are known before their first packet (seccomp)" },
	{ "cgroup", WAY_CGROUP,
	  "its sockets are looked for (cgroup): one that lives for less than a millisecond may be missed" },
	{ "poll", WAY_POLLED,
	  "its sockets are looked for (poll): one that lives for less than a millisecond may be missed" },
};

/* The context of the loop, which gives it to show_packet() as well: what is shown stands first. */
struct running {
	struct capturing live;
	struct capture capture;
	unsigned asked; /* how often we were told to end */
	int status;     /* of the program, for exit(3); -1: it has not ended */
};

/* ------------------------------------------------------------------------------------------------ what was asked */

static int choose_way(const char *name, enum registrar_way *way, struct error *err)
{
	*way = WAY_NONE;
	for (unsigned i = 0; name && i < sizeof ways / sizeof *ways; i++)
		if (!strcmp(name, ways[i].name))
			*way = ways[i].way;
	if (name && *way == WAY_NONE)
		return error_set(err, "--way %s: no such way; use seccomp, cgroup or poll", name);
	return 0;
}

/* A name server may be asked, and may fail: then the program's own process says why. */
static bool no_such_user(const char *name)
{
	struct passwd entry, *found = NULL;
	char space[16384];

	return name && !getpwnam_r(name, &entry, space, sizeof space, &found) && !found;
}

static int check(const struct run_arguments *args, const struct words *words, struct capture *capture,
		 struct error *err)
{
	if (!words->count)
		return error_set(err, "which program? sonde run -- PROGRAM [ARGUMENT]...");
	if (args->save.path && !strcmp(args->save.path, "-"))
		return error_set(err, "-w -: standard output is the program's; use the name of a file");
	if (args->show.display_filter && args->save.path && !args->capture.print)
		return error_set(err,
				 "-Y chooses what is shown, and with -w nothing is; add --print, or choose what is "
				 "saved with a capture filter (-f)");
	if (no_such_user(args->run.user))
		return error_set(err, "--user %s: no such user; use the name of an account", args->run.user);
	if (capturing_stops(capture, &args->capture.stops, err) < 0)
		return -1;
	return privilege_can_capture() ? 0 : error_set(err, "%s was not started: " PRIVILEGE_MISSING, words->list[0]);
}

/* Nobody but us has it: who waits at its other end sees when it is closed. */
static void keep_from_program(const char *descriptor)
{
	uint64_t fd;

	if (descriptor && !option_number(descriptor, &fd) && fd <= INT32_MAX)
		fcntl((int)fd, F_SETFD, FD_CLOEXEC);
}

/* ------------------------------------------------------------------------------------------------ signals */

/* What a terminal sends went to the program as well. */
static bool ends(void *context, const struct signalfd_siginfo *info)
{
	struct running *running = context;

	if (info->ssi_code != SI_KERNEL)
		registrar_signal(running->live.attribute.registrar, (int)info->ssi_signo);
	return running->asked++ > 0;
}

static void take_signals(struct running *running)
{
	struct signalfd_siginfo info;

	while (read(running->capture.signals, &info, sizeof info) == sizeof info)
		if (info.ssi_signo == SIGUSR1)
			running->capture.report(running, &running->capture);
		else
			ends(running, &info);
}

static void note_end(struct running *running)
{
	int status;

	if (running->status >= 0 || !registrar_ended(running->live.attribute.registrar, &status))
		return;
	running->status = WIFEXITED(status) ? WEXITSTATUS(status) : STATUS_KILLED + WTERMSIG(status);
}

/* The capture may have ended before the program. */
static void wait_for_program(struct running *running)
{
	struct pollfd events[] = { { .fd = registrar_fd(running->live.attribute.registrar), .events = POLLIN },
				   { .fd = running->capture.signals, .events = POLLIN } };

	note_end(running);
	while (running->status < 0 && running->asked < 2 && !registrar_lost(running->live.attribute.registrar)) {
		poll(events, sizeof events / sizeof *events, -1);
		take_signals(running);
		note_end(running);
	}
}

/* ------------------------------------------------------------------------------------------------ running */

static void report_unseen(const struct registrar *registrar)
{
	struct supervise_unseen unseen;
	bool no_new_privs;

	registrar_unseen(registrar, &unseen, &no_new_privs);
	if (unseen.missed)
		fprintf(stderr, "%u socket calls could not be looked into: their sockets were looked for\n",
			unseen.missed);
	if (unseen.foreign)
		fprintf(stderr,
			"%u socket calls were made in the way of another architecture: their sockets were looked for\n",
			unseen.foreign);
	if (unseen.rings)
		fprintf(stderr, "an io_uring was made (%u): its sockets were looked for\n", unseen.rings);
}

static void report(void *context, const struct capture *capture)
{
	const struct running *running = context;

	capturing_report(context, capture);
	report_unseen(running->live.attribute.registrar);
}

static void say_way(const struct registrar *registrar)
{
	struct supervise_unseen unseen;
	bool no_new_privs;

	registrar_unseen(registrar, &unseen, &no_new_privs);
	for (unsigned i = 0; i < sizeof ways / sizeof *ways; i++)
		if (ways[i].way == registrar_way(registrar))
			fprintf(stderr, "%s%s\n", ways[i].meaning,
				no_new_privs ? "; programs get no rights from their files (no_new_privs)" : "");
}

/* From here on what we write to standard output is in the file; the program has the old one. */
static int redirect(const char *path, struct error *err)
{
	int fd = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666) : STDOUT_FILENO;

	if (fd < 0 || dup2(fd, STDOUT_FILENO) < 0)
		return error_errno(err, "-o %s", path);
	if (fd != STDOUT_FILENO)
		close(fd);
	return 0;
}

/* Everything up to the moment from which no packet is missed. */
static int arm(struct running *running, const struct run_arguments *args, struct error *err)
{
	struct capture *capture = &running->capture;

	capture->source = capturing_open(&args->capture, err);
	if (!capture->source)
		return -1;
	capture->source = attribute_source(&running->live.attribute, capture->source);
	if (save_open(&capture->sink, &args->save, capture->source, args->capture.filter, err) < 0)
		return -1;
	if ((!capture->sink || args->capture.print) && (running->live.show.renderer || running->live.show.filter)) {
		capture->packet = show_packet;
		capture->idle = show_flush;
	}
	capture->decode_apart = capture->sink && capture->packet;
	if (privilege_drop(save_user(&args->save, NULL), err) < 0)
		return -1;
	if (save_rotates(&args->save) && save_check_folder(&args->save, err) < 0)
		return -1;
	listening_announce(capture->source, args->capture.filter);
	return listening_ready(args->capture.ready, err);
}

/* An exit status, or -1 with err. */
static int go(struct running *running, bool strict, struct error *err)
{
	struct registrar *registrar = running->live.attribute.registrar;
	bool not_found;
	int status;

	if (registrar_go(registrar, &not_found, err) < 0) {
		command_complain(&run_command, err->text);
		return not_found ? STATUS_NOT_FOUND : STATUS_REFUSED;
	}
	say_way(registrar);
	running->capture.until = registrar_fd(registrar);
	status = capturing_run(&running->capture, &running->live, strict, err);
	if (status < 0)
		return -1;
	wait_for_program(running);
	if (running->status < 0)
		return STATUS_KILLED + SIGINT;
	return running->status ? running->status : status;
}

static int start(struct running *running, const struct run_arguments *args, const struct words *words,
		 struct error *err)
{
	struct registrar_options options = { .program = (char *const *)words->list,
					     .user = args->run.user,
					     .guest = &registrar_program };
	struct error later;
	int status;

	process_blocked(&options.blocked);
	running->capture.signals = process_signals(err);
	if (running->capture.signals < 0 || choose_way(args->run.way, &options.way, err) < 0)
		return -1;
	keep_from_program(args->capture.ready);
	if (attribute_start(&running->live.attribute, &options, err) < 0 || privilege_limit(err) < 0)
		return -1;
	status = redirect(args->run.output, err);
	if (status == 0)
		status = arm(running, args, err);
	if (status == 0)
		status = go(running, args->capture.strict, err);
	if (running->capture.sink)
		sink_close(running->capture.sink, &later);
	return status;
}

static int run_command_run(void *arguments, const struct words *words, struct error *err)
{
	struct run_arguments *args = arguments;
	struct running running = {
		.live = { .attribute = { .own = true }, .save = &args->save, .command = &run_command },
		.capture = { .signals = -1, .report = report, .ends = ends, .context = &running },
		.status = -1,
	};
	struct words program = { 0 };
	int status = check(args, words, &running.capture, err);

	for (size_t i = 0; i < words->count; i++)
		words_add(&program, words->list[i]);
	words_add(&program, NULL);
	if (status == 0)
		status = show_open(&running.live.show, &args->show, NULL, args->capture.interfaces.count != 1, err);
	if (status == 0 && show_looks_ahead(&running.live.show))
		status = error_set(err, "what later packets say is not known while they come; save with -w, then sonde "
					"read -2");
	if (status == 0) {
		running.live.show.stop_shown = running.live.show.filter && !args->save.path ? args->capture.count : 0;
		if (args->capture.count && !running.live.show.stop_shown)
			running.capture.stop_packets = args->capture.count;
		status = start(&running, args, &program, err);
	}
	source_close(running.capture.source);
	if (running.capture.signals >= 0)
		close(running.capture.signals);
	attribute_release(&running.live.attribute);
	show_release(&running.live.show);
	words_release(&program);
	return status;
}

static const char *const examples[] = {
	"sudo sonde run -- ./date-client.py h",
	"what the client says and hears, among what it prints itself",
	"sudo sonde run -w lab.pcapng -- ./date-client.py h",
	"its packets saved; on the terminal there is only the client",
	"sudo sonde run -o packets.json -T json -- ./chat-client.py alice",
	"its packets as JSON, apart from what it prints",
	"sudo sonde run -Y 'tcp.flags.syn == 1' -- ./build-and-test.sh",
	"each connection that a script's programs open",
	NULL,
};

const struct command run_command = {
	.name = "run",
	.summary = "start a program and capture its packets alone",
	.synopsis = "[--] PROGRAM [ARGUMENT]...",
	/* clang-format off */
	.description =
		"Starts the program when every packet from then on is captured, and shows or saves those that it "
		"and its descendants send and receive, and no others. When the last of them has ended and their "
		"connections are closed (two seconds are waited for their peers), what the kernel still holds is "
		"taken in. The exit status is the program's: 128 and the signal when a signal ended it, 127 when it "
		"was not found, 126 when it cannot be executed, 2 when sonde could not begin.\n\n"
		"Standard input, output and error are the program's own. Packets are shown on standard output, "
		"among what the program writes there, as they come; with -o they go to a file, with -w they are "
		"saved and not shown. What sonde has to say is on standard error. An interrupt (Ctrl-C) goes to the "
		"program, which is waited for; a second one ends the capture. SIGTERM and SIGHUP are passed on.\n\n"
		"Each call with which a socket gets a port or sends first is seen before it is made (seccomp user "
		"notification), so that the packets of a socket are known from the first on. The program sees no "
		"difference, but these calls take some ten microseconds longer; send() and write() do not. A socket "
		"that connects gets its port for itself, so that a program cannot have more than some 28,000 "
		"connections at a time. Where the kernel refuses this the program gets a cgroup of its own, and its "
		"sockets are looked for by that every millisecond; where that is refused, by its processes; which "
		"it is, is said. Sockets that an io_uring makes, and those of programs of another architecture, are "
		"looked for when their packets come. Fragments behind the first of a datagram, and errors (ICMP), "
		"belong to no socket and are left out. So are the datagrams of a port that the program left and "
		"another took at once: whose they are cannot be said.\n\n"
		"Only CAP_NET_RAW is needed; without CAP_SYS_ADMIN programs that are executed get no rights from "
		"their files (set-user-ID and the like).",
	/* clang-format on */
	.examples = examples,
	.program = true,
	.groups = groups,
	.size = sizeof(struct run_arguments),
	.run = run_command_run,
};
