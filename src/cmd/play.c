/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/play.h"

#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/process.h"
#include "lab/chat.h"

/* ------------------------------------------------------------------------------------------------ options */

static int set_explain(void *group, const char *value, struct error *err)
{
	static const char *const words[] = { "calls", NULL };
	struct play_options *options = group;

	if (value && option_word("--explain", value, words, err) < 0)
		return -1;
	options->explain = value ? PLAY_EXPLAIN_CALLS : PLAY_EXPLAIN;
	return 0;
}

#define MEMBER(name) offsetof(struct play_options, name)
const struct option_row play_transport_rows[] = {
	{ 'u', "udp", NULL, OPTION_FLAG, MEMBER(udp), "over UDP", NULL, NULL },
	{ 't', "tcp", NULL, OPTION_FLAG, MEMBER(tcp), "over TCP", NULL, NULL },
	{ 0, NULL, NULL, OPTION_FLAG, 0, NULL, NULL, NULL },
};

const struct option_row play_address_rows[] = {
	{ 0, "bind", "ADDR", OPTION_STRING, MEMBER(bind), "use this address of this machine", NULL, "" },
	{ '4', "ipv4", NULL, OPTION_FLAG, MEMBER(ipv4), "IPv4 only", NULL, NULL },
	{ '6', "ipv6", NULL, OPTION_FLAG, MEMBER(ipv6), "IPv6 only", NULL, NULL },
	{ 0, NULL, NULL, OPTION_FLAG, 0, NULL, NULL, NULL },
};

const struct option_row play_broadcast_rows[] = {
	{ 0, "to", "ADDR", OPTION_STRING, MEMBER(to),
	  "broadcast to this address instead of 255.255.255.255: a network's own, such as 192.0.2.255", NULL, "" },
	{ 'i', "interface", "NAME", OPTION_STRING, MEMBER(interface),
	  "send out of this interface only, instead of all that are up", NULL, "interface" },
	{ 0, "bind", "ADDR", OPTION_STRING, MEMBER(bind), "send from this address of this machine", NULL, "" },
	{ 0, NULL, NULL, OPTION_FLAG, 0, NULL, NULL, NULL },
};

const struct option_row play_server_rows[] = {
	{ 0, "model", "MODEL", OPTION_STRING, MEMBER(model),
	  "who serves whom, and what is waited for: iterative, fork, threads, select, poll, epoll (the default) or "
	  "uring; sonde list models explains them",
	  NULL, "model" },
	{ 'c', "count", "N", OPTION_COUNT, MEMBER(count), "stop after N datagrams and ended connections", NULL, "" },
	{ 0, "once", NULL, OPTION_FLAG, MEMBER(once), "the same as --count 1", NULL, NULL },
	{ 0, "timeout", "TIME", OPTION_TIME, MEMBER(timeout_ns), "stop when nothing has come for so long: 30s, 5min",
	  NULL, "" },
	{ 0, NULL, NULL, OPTION_FLAG, 0, NULL, NULL, NULL },
};

const struct option_row play_listener_rows[] = {
	{ 'c', "count", "N", OPTION_COUNT, MEMBER(count), "stop after N datagrams", NULL, "" },
	{ 0, "once", NULL, OPTION_FLAG, MEMBER(once), "the same as --count 1", NULL, NULL },
	{ 0, "timeout", "TIME", OPTION_TIME, MEMBER(timeout_ns),
	  "stop when nothing has come for so long; exit status 1 when nothing came at all", NULL, "" },
	{ 0, NULL, NULL, OPTION_FLAG, 0, NULL, NULL, NULL },
};

const struct option_row play_asker_rows[] = {
	{ 'c', "count", "N", OPTION_COUNT, MEMBER(count), "ask N times", NULL, "" },
	{ 0, "once", NULL, OPTION_FLAG, MEMBER(once), "the same as --count 1", NULL, NULL },
	{ 0, "every", "TIME", OPTION_TIME, MEMBER(every_ns), "so long between two requests", NULL, "" },
	{ 0, "timeout", "TIME", OPTION_TIME, MEMBER(timeout_ns), "wait so long for an answer (3s)", NULL, "" },
	{ 0, NULL, NULL, OPTION_FLAG, 0, NULL, NULL, NULL },
};

const struct option_row play_output_rows[] = {
	{ 'v', "verbose", NULL, OPTION_FLAG, MEMBER(verbose), "print every event: who came, what was said, who went",
	  NULL, NULL },
	{ 0, "json", NULL, OPTION_FLAG, MEMBER(json), "print every event as a JSON object, one a line", NULL, NULL },
	{ 0, "explain", "[=calls]", OPTION_SET, 0,
	  "tell each socket call as it is made, on standard error, with a sentence on why it is there; =calls: without "
	  "the sentences",
	  set_explain, NULL },
	{ 0, NULL, NULL, OPTION_FLAG, 0, NULL, NULL, NULL },
};

const struct option_row play_ready_rows[] = {
	{ 0, "ready-fd", "FD", OPTION_STRING, MEMBER(ready),
	  "write a newline to this descriptor and close it as soon as nothing that is sent here is lost", NULL, "" },
	{ 0, NULL, NULL, OPTION_FLAG, 0, NULL, NULL, NULL },
};
#undef MEMBER

/* ------------------------------------------------------------------------------------------------ values of options */

int play_user(const struct play_options *options, const char **user, struct error *err)
{
	const char *environment = getenv("USER");
	const struct passwd *login;

	if (options->user) {
		*user = options->user;
	} else if (environment && *environment) {
		*user = environment;
	} else {
		login = getpwuid(getuid());
		if (!login)
			return error_set(err, "no user name: USER is not set and user %u has no login name; use --user",
					 (unsigned)getuid());
		*user = login->pw_name;
	}
	if (!chat_text_is_valid((const uint8_t *)*user, strlen(*user)))
		return error_set(err, "user name '%s': use one of printable UTF-8", *user);
	return 0;
}

int play_terminator(const struct play_options *options, const char *otherwise, const char **terminator,
		    struct error *err)
{
	static const char *const names[] = { "none", "lf", "crlf", NULL };
	static const char *const octets[] = { "", "\n", "\r\n" };
	int i = options->terminator ? option_word("--terminator", options->terminator, names, err) : 0;

	if (i < 0)
		return -1;
	*terminator = options->terminator ? octets[i] : otherwise;
	return 0;
}

int play_date_format(const char *name, enum date_format *format, struct error *err)
{
	const char *names[DATE_FORMAT_COUNT + 1] = { NULL };
	int i;

	for (i = 0; i < DATE_FORMAT_COUNT; i++)
		names[i] = date_formats[i].name;
	i = name ? option_word("--format", name, names, err) : DATE_PYTHON;
	if (i < 0)
		return -1;
	*format = (enum date_format)i;
	return 0;
}

int play_transport(const struct play_options *options, struct error *err)
{
	if (options->udp && options->tcp)
		return error_set(err, "-u and -t: a client uses one of them");
	return options->tcp ? SOCK_STREAM : SOCK_DGRAM;
}

/* ------------------------------------------------------------------------------------------------ starting */

static int check(const struct play_options *options, const struct words *words, size_t most, struct error *err)
{
	if (words->count > most)
		return error_set(err, "'%s' is one word too many; see --help", words->list[most]);
	if (options->ipv4 && options->ipv6)
		return error_set(err, "-4 and -6 together leave no address; without them both are used");
	if (options->once && options->count)
		return error_set(err, "--once is --count 1; use one of them");
	return 0;
}

static int ready_descriptor(const char *text, int *fd, struct error *err)
{
	uint64_t number;

	*fd = -1;
	if (!text)
		return 0;
	if (option_number(text, &number) < 0 || number > INT32_MAX || fcntl((int)number, F_GETFD) < 0)
		return error_set(err, "--ready-fd %s: not an open descriptor", text);
	*fd = (int)number;
	return 0;
}

/* What asks and waits for the answer may be interrupted anywhere; the others end by saying what came of it. */
static bool takes_signals(enum play_kind kind)
{
	return kind != PLAY_ASKER;
}

int play_open(struct play *play, const struct command *command, enum play_kind kind, const struct play_options *options,
	      const struct words *words, size_t most, struct error *err)
{
	*play = (struct play){
		.options = options,
		.narrator = { .reasons = options->explain == PLAY_EXPLAIN, .say = play_report_say },
		.report = { .command = command,
			    .kind = kind,
			    .json = options->json,
			    .verbose = options->verbose,
			    .ends_when_told = takes_signals(kind) },
		.family = options->ipv4   ? AF_INET
			  : options->ipv6 ? AF_INET6
					  : AF_UNSPEC,
		.count = options->once ? 1 : options->count,
		.signals = -1,
	};
	if (check(options, words, most, err) < 0 || ready_descriptor(options->ready, &play->report.ready, err) < 0)
		return -1;
	/* The signals first: nothing that they are to end is open yet. */
	if (takes_signals(kind) && (play->signals = process_signals(err)) < 0)
		return -1;
	if (play_report_open(&play->report, err) < 0) {
		close(play->signals);
		return -1;
	}
	play->reporter = (struct reporter){ play_report_wants(&play->report), play_report_event, &play->report };
	return 0;
}

static const struct narrator *narrator(const struct play *play)
{
	return play->options->explain == PLAY_SILENT ? NULL : &play->narrator;
}

struct server_options play_server(const struct play *play, const char *port)
{
	return (struct server_options){
		.bind = play->options->bind,
		.port = play->options->port ? play->options->port : port,
		.family = play->family,
		.udp = play->options->udp,
		.tcp = play->options->tcp,
		.count = play->count,
		.timeout_ns = play->options->timeout_ns,
		.signals = play->signals,
		.narrator = narrator(play),
		.reporter = &play->reporter,
	};
}

struct client play_client(const struct play *play, const char *host, const char *port)
{
	return (struct client){
		.host = host,
		.port = play->options->port ? play->options->port : port,
		.bind = play->options->bind,
		.family = play->family,
		.count = play->count,
		.every_ns = play->options->every_ns,
		.timeout_ns = play->options->timeout_ns,
		.terminator = "",
		.signals = play->signals,
		.input = -1,
		.narrator = narrator(play),
		.reporter = &play->reporter,
	};
}

struct broadcast play_broadcast(const struct play *play)
{
	return (struct broadcast){ .to = play->options->to, .interface = play->options->interface };
}

/* ------------------------------------------------------------------------------------------------ ending */

/* Output that failed comes first: all else followed from it. */
static int finish(struct play *play, int status, struct error *err)
{
	if (play->signals >= 0)
		close(play->signals);
	return play_report_close(&play->report, err) < 0 ? -1 : status;
}

int play_serve(struct play *play, struct server_options *server, struct error *err)
{
	server->model = server_model_default;
	if (play->options->model)
		server->model = server_model_find(play->options->model, err);
	return finish(play, server->model ? server_run(server, &play->tally, err) : -1, err);
}

int play_end(struct play *play, enum client_answer answer, struct error *err)
{
	return finish(play, answer == CLIENT_DONE ? EXIT_DONE : answer == CLIENT_NO ? EXIT_NO : -1, err);
}

int play_listen(const struct play_options *options, const struct words *words, const struct command *command,
		bool dates, struct error *err)
{
	struct listener_options listener = { .dates = dates };
	struct play play;

	if (play_open(&play, command, PLAY_LISTENER, options, words, 0, err) < 0)
		return -1;
	listener.client = play_client(&play, options->bind, PLAY_BROADCAST_PORT);
	listener.client.type = SOCK_DGRAM;
	return play_end(&play, listen_run(&listener, &play.tally, err), err);
}
