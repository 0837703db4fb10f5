/* SPDX-License-Identifier: BSD-2-Clause */
/* sonde date: the date exercise in its four roles. */
#include <sys/socket.h>
#include <unistd.h>

#include "cmd/play.h"

extern const struct command date_family;

/* ------------------------------------------------------------------------------------------------ server */

struct server_arguments {
	struct play_options play;
	const char *format, *answer;
};

static const struct option_row server_rows[] = {
	{ 0, "format", "FORMAT", OPTION_STRING, offsetof(struct server_arguments, format),
	  "python (the default), python-nofraction, iso, ctime, java, dmy, long, rfc868, rfc868-ascii or epoch", NULL,
	  "date format" },
	{ 0, "answer", "WHAT", OPTION_STRING, offsetof(struct server_arguments, answer),
	  "any (the default): every request gets the date; word: \"date\" gets it, and all else the user name. TCP "
	  "has no requests: there it is always the date",
	  NULL, "any word" },
	PLAY_USER_ROW("the user name"),
	PLAY_TERMINATOR_ROW("what ends an answer: none, lf (the default) or crlf"),
	PLAY_ROWS_END,
};

static const struct option_row server_where_rows[] = {
	PLAY_BOUND_PORT_ROW(PLAY_DATE_PORT, "rplay daytime time"),
	PLAY_ADDRESS_ROWS,
	PLAY_ROWS_END,
};

static const struct option_group server_groups[] = {
	{ "What it answers", server_rows, 0 },
	{ "Over what (UDP unless -t is given)", play_transport_rows, 0 },
	{ "Where it listens", server_where_rows, 0 },
	PLAY_SERVER_GROUPS,
	{ NULL, NULL, 0 },
};

static int choose_answer(const char *word, enum date_answer *answer, struct error *err)
{
	static const char *const names[] = { [DATE_ANSWER_ANY] = "any", [DATE_ANSWER_WORD] = "word", NULL };
	int i = word ? option_word("--answer", word, names, err) : DATE_ANSWER_ANY;

	*answer = (enum date_answer)i;
	return i < 0 ? -1 : 0;
}

static const struct command server_command;

static int server_role(void *arguments, const struct words *words, struct error *err)
{
	const struct server_arguments *args = arguments;
	struct date_service service = { 0 };
	struct server_options server;
	struct play play;

	if (play_date_format(args->format, &service.format, err) < 0 ||
	    choose_answer(args->answer, &service.answer, err) < 0 || play_user(&args->play, &service.user, err) < 0 ||
	    play_terminator(&args->play, "\n", &service.terminator, err) < 0 ||
	    play_open(&play, &server_command, PLAY_SERVER, &args->play, words, 0, err) < 0)
		return -1;
	server = play_server(&play, PLAY_DATE_PORT);
	server.service = &date_service;
	server.self = &service;
	server.udp = args->play.udp || !args->play.tcp;
	return play_serve(&play, &server, err);
}

static const char *const server_examples[] = {
	"sonde date server",
	"the server of the first exercise: any datagram gets the date",
	"sonde date server --answer word --user alice",
	"the one of the second exercise: \"date\" gets the date, \"user\" the name",
	"sonde date server -t -p daytime --format ctime --terminator crlf",
	"a daytime server (RFC 867)",
	"sonde date server --once --explain",
	"every socket call of a server, until one request is answered",
	NULL,
};

static const struct command server_command = {
	.name = "server",
	.family = &date_family,
	.summary = "answer with the date",
	.synopsis = "",
	.description =
		"Answers each datagram with the date (UDP, port " PLAY_DATE_PORT "). Over TCP (-t) each connection "
		"gets the date at once and is closed. It says where it listens, and when it is told to stop "
		"(Ctrl-C) what it served.",
	.examples = server_examples,
	.complete = "",
	.groups = server_groups,
	.size = sizeof(struct server_arguments),
	.run = server_role,
};

/* ------------------------------------------------------------------------------------------------ client */

struct client_arguments {
	struct play_options play;
	const char *request;
	bool pause, broadcast;
};

static const struct option_row client_rows[] = {
	{ 0, "request", "TEXT", OPTION_STRING, offsetof(struct client_arguments, request),
	  "send this; otherwise an empty datagram", NULL, "date user" },
	{ 0, "pause", NULL, OPTION_FLAG, offsetof(struct client_arguments, pause),
	  "wait for Enter before the request is sent and before the end: time to look with ss or netstat", NULL, NULL },
	PLAY_TERMINATOR_ROW("what ends a request that is not empty: none (the default), lf or crlf"),
	PLAY_ROWS_END,
};

static const struct option_row client_broadcast_rows[] = {
	{ 0, "broadcast", NULL, OPTION_FLAG, offsetof(struct client_arguments, broadcast),
	  "ask everybody at once; HOST may be left out. All answers that come in time are printed", NULL, NULL },
	PLAY_TO_ROW("with --broadcast: to this address instead of 255.255.255.255"),
	PLAY_INTERFACE_ROW("with --broadcast: out of this interface only, instead of all that are up"),
	PLAY_ROWS_END,
};

static const struct option_row client_where_rows[] = {
	PLAY_PORT_ROW(PLAY_DATE_PORT, "rplay daytime time"),
	PLAY_ADDRESS_ROWS,
	PLAY_ROWS_END,
};

static const struct option_group client_groups[] = {
	{ "What it asks", client_rows, 0 },
	{ "Over what (UDP unless -t is given)", play_transport_rows, 0 },
	{ "To which port, and from where", client_where_rows, 0 },
	{ "To everybody", client_broadcast_rows, 0 },
	{ "How often, and how long it waits", play_asker_rows, 0 },
	PLAY_OUTPUT_GROUP,
	{ NULL, NULL, 0 },
};

/* HOST and --to name the same when all are asked. */
static int check_client(const struct client_arguments *args, const struct words *words, int type, struct error *err)
{
	if (!args->broadcast && (args->play.to || args->play.interface))
		return error_set(err, "--to and -i say where broadcasts go; add --broadcast");
	if (!args->broadcast && !words->count)
		return error_set(err, "which host? name the server's machine, or ask all with --broadcast");
	if (args->broadcast && type == SOCK_STREAM)
		return error_set(err, "--broadcast: TCP has none; leave -t out");
	if (args->broadcast && args->play.ipv6)
		return error_set(err, "--broadcast: IPv6 has none; leave -6 out");
	if (args->broadcast && words->count && args->play.to)
		return error_set(err, "--to %s and %s: both say whom to ask; use one", args->play.to, words->list[0]);
	return 0;
}

static const struct command client_command;

static int client_role(void *arguments, const struct words *words, struct error *err)
{
	const struct client_arguments *args = arguments;
	int type = play_transport(&args->play, err);
	const char *host = words->count ? words->list[0] : NULL;
	struct date_client client = { .request = args->request ? args->request : "", .pause = args->pause };
	struct broadcast broadcast;
	const char *terminator;
	struct play play;

	if (type < 0 || check_client(args, words, type, err) < 0 ||
	    play_terminator(&args->play, "", &terminator, err) < 0 ||
	    play_open(&play, &client_command, PLAY_ASKER, &args->play, words, 1, err) < 0)
		return -1;
	client.client = play_client(&play, host, PLAY_DATE_PORT);
	client.client.type = type;
	client.client.terminator = terminator;
	client.client.input = args->pause ? STDIN_FILENO : -1;
	broadcast = play_broadcast(&play);
	if (host)
		broadcast.to = host;
	if (args->broadcast)
		client.broadcast = &broadcast;
	return play_end(&play, date_client_run(&client, &play.tally, err), err);
}

static const char *const client_examples[] = {
	"sonde date client localhost",
	"the date of the server on this machine",
	"sonde date client 192.0.2.1 --request user",
	"the user name of a server of the second exercise",
	"sonde date client localhost --pause",
	"with time to look at the socket before and after",
	"sonde date client --broadcast -v",
	"who answers, and how fast",
	NULL,
};

static const struct command client_command = {
	.name = "client",
	.family = &date_family,
	.summary = "ask a server for the date",
	.synopsis = "HOST",
	.description =
		"Sends a request to HOST (UDP, port " PLAY_DATE_PORT ") and prints what comes back. Over TCP (-t) it "
		"connects and prints what it reads until the server closes. Exit status 1 when no answer came.",
	.examples = client_examples,
	.complete = "host",
	.groups = client_groups,
	.size = sizeof(struct client_arguments),
	.run = client_role,
};

/* ------------------------------------------------------------------------------------------------ announce */

struct announce_arguments {
	struct play_options play;
	const char *format;
};

static const struct option_row announce_rows[] = {
	PLAY_USER_ROW("the user name"),
	{ 0, "format", "FORMAT", OPTION_STRING, offsetof(struct announce_arguments, format),
	  "of the date, as for sonde date server", NULL, "date format" },
	PLAY_EVERY_ROW("so long between two announcements (1s)"),
	PLAY_COUNT_ROWS("stop after N announcements"),
	PLAY_ROWS_END,
};

static const struct option_row announce_port_rows[] = { PLAY_PORT_ROW(PLAY_BROADCAST_PORT, ""), PLAY_ROWS_END };

static const struct option_group announce_groups[] = {
	{ "What it announces, and how often", announce_rows, 0 },
	{ "To which port", announce_port_rows, 0 },
	{ "To whom", play_broadcast_rows, 0 },
	PLAY_OUTPUT_GROUP,
	{ NULL, NULL, 0 },
};

static const struct command announce_command;

static int announce_role(void *arguments, const struct words *words, struct error *err)
{
	const struct announce_arguments *args = arguments;
	struct date_announcer announcer = { 0 };
	struct play play;

	if (play_date_format(args->format, &announcer.format, err) < 0 ||
	    play_user(&args->play, &announcer.user, err) < 0 ||
	    play_open(&play, &announce_command, PLAY_SENDER, &args->play, words, 0, err) < 0)
		return -1;
	announcer.client = play_client(&play, NULL, PLAY_BROADCAST_PORT);
	announcer.client.type = SOCK_DGRAM;
	announcer.broadcast = play_broadcast(&play);
	if (!announcer.client.every_ns)
		announcer.client.every_ns = 1000000000;
	return play_end(&play, date_announce_run(&announcer, &play.tally, err), err);
}

static const char *const announce_examples[] = {
	"sonde date announce --user alice",
	"\"alice 2026-11-22 17:40:00.123456\" to everybody, each second",
	"sonde date announce -i eth0 --every 200ms --count 10 -v",
	"ten of them out of one interface, shown",
	NULL,
};

static const struct command announce_command = {
	.name = "announce",
	.family = &date_family,
	.summary = "broadcast the user name and the date, each second",
	.synopsis = "",
	.description = "Broadcasts \"USER DATE\" to 255.255.255.255, port " PLAY_BROADCAST_PORT
		       ", out of every interface that "
		       "is up, until the count is reached or it is told to stop (Ctrl-C).",
	.examples = announce_examples,
	.complete = "",
	.groups = announce_groups,
	.size = sizeof(struct announce_arguments),
	.run = announce_role,
};

/* ------------------------------------------------------------------------------------------------ listen */

static const struct command listen_command;

static int listen_role(void *arguments, const struct words *words, struct error *err)
{
	return play_listen(arguments, words, &listen_command, true, err);
}

static const char *const listen_examples[] = {
	"sonde date listen",
	"what everybody announces",
	"sonde date listen --bind 255.255.255.255",
	"as the program of the lab binds: it hears that broadcast address and no other",
	NULL,
};

static const struct command listen_command = {
	.name = "listen",
	.family = &date_family,
	.summary = "print what is announced",
	.synopsis = "",
	.description = play_listener_description,
	.examples = listen_examples,
	.complete = "",
	.groups = play_listener_groups,
	.size = sizeof(struct play_options),
	.run = listen_role,
};

/* ------------------------------------------------------------------------------------------------ the family */

static const struct command *const roles[] = {
	&server_command, &client_command, &announce_command, &listen_command, NULL,
};

const struct command date_family = {
	.name = "date",
	.summary = "play the date exercise: ask, answer, announce, listen",
	.description =
		"The lab's date programs. A server answers datagrams with the date, a client asks it; an announcer "
		"broadcasts who it is and the date each second, and listeners print that.",
	.roles = roles,
};
