/* SPDX-License-Identifier: BSD-2-Clause */
/* sonde date: the date exercise in its four roles. */
#include <sys/socket.h>
#include <unistd.h>

#include "cmd/play.h"

extern const struct command date_family;

static const char listening[] = "Where it listens";
static const char stopping[] = "When it stops";
static const char printing[] = "What is printed";
static const char scripts[] = "For scripts";

/* ------------------------------------------------------------------------------------------------ server */

struct server_arguments {
	struct play_options play;
	const char *format, *answer;
};

#define MEMBER(name) offsetof(struct server_arguments, name)
static const struct option_row server_rows[] = {
	{ 0, "format", "FORMAT", OPTION_STRING, MEMBER(format),
	  "python (the default), python-nofraction, iso, ctime, java, dmy, long, rfc868, rfc868-ascii or epoch", NULL,
	  "date format" },
	{ 0, "answer", "WHAT", OPTION_STRING, MEMBER(answer),
	  "any (the default): every request gets the date; word: \"date\" gets it, and all else the user name", NULL,
	  "any word" },
	{ 0, "user", "NAME", OPTION_STRING, MEMBER(play.user), "the user name ($USER, else the login name)", NULL, "" },
	{ 0, "terminator", "END", OPTION_STRING, MEMBER(play.terminator),
	  "what ends an answer: none, lf (the default) or crlf", NULL, "none lf crlf" },
	{ 'p', "port", "PORT", OPTION_STRING, MEMBER(play.port),
	  "a number, 0 for any that is free, or a service's name (" PLAY_DATE_PORT ")", NULL, "rplay daytime time" },
	{ 0, NULL, NULL, OPTION_FLAG, 0, NULL, NULL, NULL },
};
#undef MEMBER

static const struct option_group server_groups[] = {
	{ "What it answers", server_rows, 0 },
	{ "Over what", play_transport_rows, offsetof(struct server_arguments, play) },
	{ listening, play_address_rows, offsetof(struct server_arguments, play) },
	{ "How it serves, and when it stops", play_server_rows, offsetof(struct server_arguments, play) },
	{ printing, play_output_rows, offsetof(struct server_arguments, play) },
	{ scripts, play_ready_rows, offsetof(struct server_arguments, play) },
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

#define MEMBER(name) offsetof(struct client_arguments, name)
static const struct option_row client_rows[] = {
	{ 0, "request", "TEXT", OPTION_STRING, MEMBER(request), "send this; otherwise an empty datagram", NULL,
	  "date user" },
	{ 0, "pause", NULL, OPTION_FLAG, MEMBER(pause),
	  "wait for Enter before the request is sent and before the end: time to look with ss or netstat", NULL, NULL },
	{ 0, "broadcast", NULL, OPTION_FLAG, MEMBER(broadcast),
	  "ask everybody at once; HOST may be left out. All answers that come in time are printed", NULL, NULL },
	{ 'p', "port", "PORT", OPTION_STRING, MEMBER(play.port), "a number or a service's name (" PLAY_DATE_PORT ")",
	  NULL, "rplay daytime time" },
	{ 0, NULL, NULL, OPTION_FLAG, 0, NULL, NULL, NULL },
};

static const struct option_row client_broadcast_rows[] = {
	{ 0, "to", "ADDR", OPTION_STRING, MEMBER(play.to),
	  "with --broadcast: to this address instead of 255.255.255.255", NULL, "" },
	{ 'i', "interface", "NAME", OPTION_STRING, MEMBER(play.interface),
	  "with --broadcast: out of this interface only, instead of all that are up", NULL, "interface" },
	{ 0, NULL, NULL, OPTION_FLAG, 0, NULL, NULL, NULL },
};
#undef MEMBER

static const struct option_group client_groups[] = {
	{ "What it asks", client_rows, 0 },
	{ "Over what", play_transport_rows, offsetof(struct client_arguments, play) },
	{ "From where", play_address_rows, offsetof(struct client_arguments, play) },
	{ "To everybody", client_broadcast_rows, 0 },
	{ "How often, and how long it waits", play_asker_rows, offsetof(struct client_arguments, play) },
	{ printing, play_output_rows, offsetof(struct client_arguments, play) },
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
	struct play play;

	if (type < 0 || check_client(args, words, type, err) < 0 ||
	    play_open(&play, &client_command, PLAY_ASKER, &args->play, words, 1, err) < 0)
		return -1;
	client.client = play_client(&play, host, PLAY_DATE_PORT);
	client.client.type = type;
	client.client.input = args->pause ? STDIN_FILENO : -1;
	if (!client.client.timeout_ns)
		client.client.timeout_ns = PLAY_TIMEOUT_NS;
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

#define MEMBER(name) offsetof(struct announce_arguments, name)
static const struct option_row announce_rows[] = {
	{ 0, "user", "NAME", OPTION_STRING, MEMBER(play.user), "the user name ($USER, else the login name)", NULL, "" },
	{ 0, "format", "FORMAT", OPTION_STRING, MEMBER(format), "of the date, as for sonde date server", NULL,
	  "date format" },
	{ 'p', "port", "PORT", OPTION_STRING, MEMBER(play.port),
	  "a number or a service's name (" PLAY_BROADCAST_PORT ")", NULL, "" },
	{ 0, "every", "TIME", OPTION_TIME, MEMBER(play.every_ns), "so long between two announcements (1s)", NULL, "" },
	{ 'c', "count", "N", OPTION_COUNT, MEMBER(play.count), "stop after N announcements", NULL, "" },
	{ 0, "once", NULL, OPTION_FLAG, MEMBER(play.once), "the same as --count 1", NULL, NULL },
	{ 0, NULL, NULL, OPTION_FLAG, 0, NULL, NULL, NULL },
};
#undef MEMBER

static const struct option_group announce_groups[] = {
	{ "What it announces, and how often", announce_rows, 0 },
	{ "To whom", play_broadcast_rows, offsetof(struct announce_arguments, play) },
	{ printing, play_output_rows, offsetof(struct announce_arguments, play) },
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

static const struct option_row listen_rows[] = {
	{ 'p', "port", "PORT", OPTION_STRING, offsetof(struct play_options, port),
	  "a number, 0 for any that is free, or a service's name (" PLAY_BROADCAST_PORT ")", NULL, "" },
	{ 0, NULL, NULL, OPTION_FLAG, 0, NULL, NULL, NULL },
};

static const struct option_group listen_groups[] = {
	{ "What it listens to", listen_rows, 0 }, { listening, play_address_rows, 0 },
	{ stopping, play_listener_rows, 0 },      { printing, play_output_rows, 0 },
	{ scripts, play_ready_rows, 0 },          { NULL, NULL, 0 },
};

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
	.description = "Prints each datagram that comes to port " PLAY_BROADCAST_PORT
		       ", a line each. Several listeners share the "
		       "port, and all of them hear a broadcast.",
	.examples = listen_examples,
	.complete = "",
	.groups = listen_groups,
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
