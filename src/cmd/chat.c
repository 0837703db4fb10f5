/* SPDX-License-Identifier: BSD-2-Clause */
/* sonde chat: by broadcasts over UDP (speak, listen), and over TCP (server, client). */
#include <sys/socket.h>
#include <unistd.h>

#include "cmd/play.h"

extern const struct command chat_family;

/* ------------------------------------------------------------------------------------------------ speak */

static const struct option_row speak_rows[] = {
	PLAY_USER_ROW("who speaks"),
	PLAY_TERMINATOR_ROW("what ends a message: none (the default), lf or crlf"),
	PLAY_COUNT_ROWS("stop after N lines"),
	PLAY_ROWS_END,
};

static const struct option_row speak_port_rows[] = { PLAY_PORT_ROW(PLAY_BROADCAST_PORT, ""), PLAY_ROWS_END };

static const struct option_group speak_groups[] = {
	{ "What it says", speak_rows, 0 },
	{ "To which port", speak_port_rows, 0 },
	{ "To whom", play_broadcast_rows, 0 },
	PLAY_OUTPUT_GROUP,
	{ NULL, NULL, 0 },
};

static const struct command speak_command;

static int speak_role(void *arguments, const struct words *words, struct error *err)
{
	const struct play_options *options = arguments;
	struct chat_speaker speaker = { 0 };
	const char *terminator;
	struct play play;

	if (play_user(options, &speaker.user, err) < 0 || play_terminator(options, "", &terminator, err) < 0 ||
	    play_open(&play, &speak_command, PLAY_SENDER, options, words, 0, err) < 0)
		return -1;
	speaker.client = play_client(&play, NULL, PLAY_BROADCAST_PORT);
	speaker.client.type = SOCK_DGRAM;
	speaker.client.terminator = terminator;
	speaker.client.input = STDIN_FILENO;
	speaker.broadcast = play_broadcast(&play);
	return play_end(&play, chat_speak_run(&speaker, &play.tally, err), err);
}

static const char *const speak_examples[] = {
	"sonde chat speak --user alice",
	"each line that is typed goes to everybody as \"alice: line\"; Ctrl-D ends",
	"echo hello | sonde chat speak --user alice --to 192.0.2.255",
	"one line, to one network",
	NULL,
};

static const struct command speak_command = {
	.name = "speak",
	.family = &chat_family,
	.summary = "broadcast what is typed (UDP)",
	.synopsis = "",
	.description = "Broadcasts \"NAME: LINE\" for each line of standard input to 255.255.255.255, "
		       "port " PLAY_BROADCAST_PORT
		       ", out of every interface that is up. Lines of more than 128 octets are sent and "
		       "complained about: the lab's listener cuts them.",
	.examples = speak_examples,
	.complete = "",
	.groups = speak_groups,
	.size = sizeof(struct play_options),
	.run = speak_role,
};

/* ------------------------------------------------------------------------------------------------ listen */

static const struct command listen_command;

static int listen_role(void *arguments, const struct words *words, struct error *err)
{
	return play_listen(arguments, words, &listen_command, false, err);
}

static const char *const listen_examples[] = {
	"sonde chat listen",
	"what everybody says",
	"sonde chat listen --count 1 --timeout 1min",
	"the next line, or exit status 1",
	NULL,
};

static const struct command listen_command = {
	.name = "listen",
	.family = &chat_family,
	.summary = "print what is broadcast (UDP)",
	.synopsis = "",
	.description = play_listener_description,
	.examples = listen_examples,
	.complete = "",
	.groups = play_listener_groups,
	.size = sizeof(struct play_options),
	.run = listen_role,
};

/* ------------------------------------------------------------------------------------------------ server */

static const struct option_row server_rows[] = {
	PLAY_BOUND_PORT_ROW(PLAY_CHAT_PORT, ""),
	PLAY_ADDRESS_ROWS,
	PLAY_ROWS_END,
};

static const struct option_group server_groups[] = {
	{ "Where it listens", server_rows, 0 },
	PLAY_SERVER_GROUPS,
	{ NULL, NULL, 0 },
};

static const struct command server_command;

static int server_role(void *arguments, const struct words *words, struct error *err)
{
	struct server_options server;
	struct chat_room *room;
	struct play play;
	int status;

	if (play_open(&play, &server_command, PLAY_SERVER, arguments, words, 0, err) < 0)
		return -1;
	room = chat_room_new();
	server = play_server(&play, PLAY_CHAT_PORT);
	server.service = &chat_service;
	server.self = room;
	server.tcp = true;
	status = play_serve(&play, &server, err);
	chat_room_free(room);
	return status;
}

static const char *const server_examples[] = {
	"sonde chat server",
	"for sonde chat client, telnet and nc, at port " PLAY_CHAT_PORT,
	"sonde chat server -v",
	"and how each line passes from one connection to the others",
	"sonde chat server --model threads --json",
	"a thread for each member; every event as JSON",
	NULL,
};

static const struct command server_command = {
	.name = "server",
	.family = &chat_family,
	.summary = "a room where everybody hears everybody (TCP)",
	.synopsis = "",
	.description =
		"Passes each line to all the others, and private ones to one (TCP, port " PLAY_CHAT_PORT
		"). A client's first line is its name; /help tells it the rest. A client that reads too slowly is "
		"dropped with a reason and delays nobody.",
	.examples = server_examples,
	.complete = "",
	.groups = server_groups,
	.size = sizeof(struct play_options),
	.run = server_role,
};

/* ------------------------------------------------------------------------------------------------ client */

struct client_arguments {
	struct play_options play;
	const char *style;
};

static const struct option_row client_rows[] = {
	PLAY_USER_ROW("who you are"),
	{ 0, "peer", "STYLE", OPTION_STRING, offsetof(struct client_arguments, style),
	  "for other people's servers: how they want to be told the name (nick, first-line, prompt, token), the form "
	  "of their private lines (@, /msg, /pm, MSG, \\dm), or both: prompt,/pm",
	  NULL, "style" },
	PLAY_TERMINATOR_ROW("what ends a line: none, lf (the default) or crlf"),
	PLAY_COUNT_ROWS("say goodbye after N lines"),
	PLAY_TIMEOUT_ROW("wait so long for the connection, for a prompt, and for the end"),
	PLAY_ROWS_END,
};

static const struct option_row client_where_rows[] = {
	PLAY_PORT_ROW(PLAY_CHAT_PORT, ""),
	PLAY_ADDRESS_ROWS,
	PLAY_ROWS_END,
};

static const struct option_group client_groups[] = {
	{ "How it talks", client_rows, 0 },
	{ "To which port, and from where", client_where_rows, 0 },
	PLAY_OUTPUT_GROUP,
	{ NULL, NULL, 0 },
};

static const struct command client_command;

static int client_role(void *arguments, const struct words *words, struct error *err)
{
	const struct client_arguments *args = arguments;
	struct chat_client client = { 0 };
	const char *terminator;
	struct play play;

	if (!words->count)
		return error_set(err, "which host? name the server's machine");
	if (play_user(&args->play, &client.user, err) < 0 || chat_peer_find(args->style, &client.peer, err) < 0 ||
	    play_terminator(&args->play, "\n", &terminator, err) < 0 ||
	    play_open(&play, &client_command, PLAY_TALKER, &args->play, words, 1, err) < 0)
		return -1;
	client.client = play_client(&play, words->list[0], PLAY_CHAT_PORT);
	client.client.type = SOCK_STREAM;
	client.client.terminator = terminator;
	client.client.input = STDIN_FILENO;
	return play_end(&play, chat_client_run(&client, &play.tally, err), err);
}

static const char *const client_examples[] = {
	"sonde chat client localhost --user bob",
	"what is typed goes to all, \"@alice hello\" to alice only; Ctrl-D ends",
	"sonde chat client 192.0.2.1 -p 9000 --user bob --peer prompt,/pm --terminator none",
	"with a server that asks for the name and parts messages by their segments",
	NULL,
};

static const struct command client_command = {
	.name = "client",
	.family = &chat_family,
	.summary = "talk in a room (TCP)",
	.synopsis = "HOST",
	.description = "Connects to HOST (TCP, port " PLAY_CHAT_PORT
		       "), says who you are, sends each line of standard input and "
		       "prints what comes. Exit status 1 when the connection was refused or lost.",
	.examples = client_examples,
	.complete = "host",
	.groups = client_groups,
	.size = sizeof(struct client_arguments),
	.run = client_role,
};

/* ------------------------------------------------------------------------------------------------ the family */

static const struct command *const roles[] = {
	&speak_command, &listen_command, &server_command, &client_command, NULL,
};

const struct command chat_family = {
	.name = "chat",
	.summary = "play the chat exercises: by broadcast, and with a server",
	.description = "The lab's chat programs. Over UDP everybody broadcasts (speak) and everybody listens (listen); "
		       "over TCP "
		       "a server passes lines between its clients, and private ones to one of them.",
	.roles = roles,
};
