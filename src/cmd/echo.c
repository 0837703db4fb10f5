/* SPDX-License-Identifier: BSD-2-Clause */
/* sonde echo: the echo exercise, both sides. */
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "cmd/play.h"

extern const struct command echo_family;

/* ------------------------------------------------------------------------------------------------ server */

static const struct option_row server_rows[] = {
	PLAY_BOUND_PORT_ROW(PLAY_ECHO_PORT, "echo"),
	PLAY_ADDRESS_ROWS,
	PLAY_ROWS_END,
};

static const struct option_group server_groups[] = {
	{ "Over what (both UDP and TCP unless one is named)", play_transport_rows, 0 },
	{ "Where it listens", server_rows, 0 },
	PLAY_SERVER_GROUPS,
	{ NULL, NULL, 0 },
};

static const struct command server_command;

static int server_role(void *arguments, const struct words *words, struct error *err)
{
	const struct play_options *options = arguments;
	struct server_options server;
	struct play play;

	if (play_open(&play, &server_command, PLAY_SERVER, options, words, 0, err) < 0)
		return -1;
	server = play_server(&play, PLAY_ECHO_PORT);
	server.service = &echo_service;
	server.udp = options->udp || !options->tcp;
	server.tcp = options->tcp || !options->udp;
	return play_serve(&play, &server, err);
}

static const char *const server_examples[] = {
	"sonde echo server",
	"over UDP and TCP, IPv4 and IPv6, at port " PLAY_ECHO_PORT,
	"sonde echo server -t -v --model iterative",
	"one client at a time; start two and see what the second one waits for",
	"sonde echo server -u --once --explain",
	"every socket call of a server of one datagram",
	NULL,
};

static const struct command server_command = {
	.name = "server",
	.family = &echo_family,
	.summary = "send back what comes",
	.synopsis = "",
	.description =
		"Sends back whatever comes, at port " PLAY_ECHO_PORT " (RFC 862): datagrams over UDP, and over TCP "
		"until the client ends the connection. It says where it listens, and when it is told to stop "
		"(Ctrl-C) what it served.",
	.examples = server_examples,
	.complete = "",
	.groups = server_groups,
	.size = sizeof(struct play_options),
	.run = server_role,
};

/* ------------------------------------------------------------------------------------------------ client */

static const struct option_row client_rows[] = {
	PLAY_PORT_ROW(PLAY_ECHO_PORT, "echo"),
	PLAY_ADDRESS_ROWS,
	PLAY_ROWS_END,
};

static const struct option_row client_text_rows[] = {
	PLAY_TERMINATOR_ROW("what ends a text: none (the default), lf or crlf"),
	PLAY_ROWS_END,
};

static const struct option_group client_groups[] = {
	{ "What it sends", client_text_rows, 0 },
	{ "Over what (UDP unless -t is given)", play_transport_rows, 0 },
	{ "To which port, and from where", client_rows, 0 },
	{ "How often, and how long it waits", play_asker_rows, 0 },
	PLAY_OUTPUT_GROUP,
	{ NULL, NULL, 0 },
};

static const struct command client_command;

static int client_role(void *arguments, const struct words *words, struct error *err)
{
	const struct play_options *options = arguments;
	int type = play_transport(options, err);
	struct echo_client client = { 0 };
	const char **texts, *terminator;
	struct play play;
	int status;

	if (type < 0)
		return -1;
	if (!words->count)
		return error_set(err, "which host? name the server's machine");
	if (play_terminator(options, "", &terminator, err) < 0 ||
	    play_open(&play, &client_command, PLAY_ASKER, options, words, SIZE_MAX, err) < 0)
		return -1;
	client.client = play_client(&play, words->list[0], PLAY_ECHO_PORT);
	client.client.type = type;
	client.client.terminator = terminator;
	client.client.input = words->count > 1 ? -1 : STDIN_FILENO;
	texts = mem_new(words->count, sizeof *texts); /* ended by NULL in the host's place */
	memcpy(texts, words->list + 1, (words->count - 1) * sizeof *texts);
	client.texts = texts;
	status = play_end(&play, echo_client_run(&client, &play.tally, err), err);
	free(texts);
	return status;
}

static const char *const client_examples[] = {
	"sonde echo client localhost hello",
	"one datagram there and back",
	"sonde echo client localhost -t <notes.txt",
	"every line of a file over one connection",
	"sonde echo client 192.0.2.1 x --count 10 --every 1s -v",
	"how long it takes, ten times",
	NULL,
};

static const struct command client_command = {
	.name = "client",
	.family = &echo_family,
	.summary = "send texts or lines, and check that they come back",
	.synopsis = "HOST [TEXT...]",
	.description = "Sends each TEXT, or the lines of standard input, to HOST and prints what comes back (UDP, "
		       "port " PLAY_ECHO_PORT
		       "). What comes back in capitals or behind a prefix is an echo as well, and is said "
		       "to be so; exit status 1 when something else came, or nothing.",
	.examples = client_examples,
	.complete = "host",
	.groups = client_groups,
	.size = sizeof(struct play_options),
	.run = client_role,
};

/* ------------------------------------------------------------------------------------------------ the family */

static const struct command *const roles[] = { &server_command, &client_command, NULL };

const struct command echo_family = {
	.name = "echo",
	.summary = "play the echo exercise: send, and send back",
	.description =
		"The lab's echo programs, over UDP and TCP: a server that sends back what comes, and a client that "
		"checks that it does.",
	.roles = roles,
};
