/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/play.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/process.h"

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
	if (number <= STDERR_FILENO)
		return error_set(err, "--ready-fd %s: it would be closed, and is needed; use another, as in 9>file",
				 text);
	*fd = (int)number;
	return 0;
}

static const struct narrator *narrator(const struct play *play)
{
	return play->options->explain == PLAY_SILENT ? NULL : &play->narrator;
}

static int take_signals(struct play *play, struct error *err)
{
	play->signals = process_signals(err);
	if (play->signals < 0)
		return -1;
	sock_tell(narrator(play),
		  "Ctrl-C, or whatever else is to end the program, comes as something to read from this descriptor: it "
		  "is waited for together with the sockets.",
		  "signalfd(-1, {SIGINT, SIGTERM, ...}, SFD_CLOEXEC|SFD_NONBLOCK) = %d", play->signals);
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
		.narrator = { .reasons = options->explain == PLAY_EXPLAIN,
			      .say = play_report_say,
			      .context = &play->report },
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
	if (takes_signals(kind) && take_signals(play, err) < 0)
		return -1;
	if (play_report_open(&play->report, err) < 0) {
		close(play->signals);
		return -1;
	}
	play->reporter = (struct reporter){ play_report_wants(&play->report), play_report_event, &play->report };
	return 0;
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
	bool asks = play->report.kind == PLAY_ASKER;

	return (struct client){
		.host = host,
		.port = play->options->port ? play->options->port : port,
		.bind = play->options->bind,
		.family = play->family,
		.count = play->count,
		.every_ns = play->options->every_ns,
		.timeout_ns = asks && !play->options->timeout_ns ? PLAY_TIMEOUT_NS : play->options->timeout_ns,
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
