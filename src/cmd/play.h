/* SPDX-License-Identifier: BSD-2-Clause */
/* What the roles of date, echo and chat share: their options, and how they start and end. */
#pragma once

#include "cmd/command.h"
#include "cmd/play_report.h"
#include "play/client.h"
#include "play/server.h"

/* ------------------------------------------------------------------------------------------------ options */

enum play_explain { PLAY_SILENT, PLAY_EXPLAIN, PLAY_EXPLAIN_CALLS };

/* As the user gave them, for all roles: a role has rows for those that mean something to it. */
struct play_options {
	const char *port, *bind, *ready;
	const char *user, *terminator, *model;
	const char *to, *interface; /* of broadcasts */
	bool udp, tcp, ipv4, ipv6;
	bool once, json, verbose;
	enum play_explain explain;
	uint64_t count;
	int64_t timeout_ns, every_ns;
};

#define PLAY_DATE_PORT "5555"
#define PLAY_ECHO_PORT "3500"
#define PLAY_BROADCAST_PORT "6666"
#define PLAY_CHAT_PORT "5000"
#define PLAY_TIMEOUT_NS 3000000000 /* how long clients wait for an answer */

/*
 * Rows and groups that several roles have. Their struct is the play_options, which is the first member of the arguments
 * of a role with options of its own: so the offset of every group is 0.
 */
#define PLAY_ROW(letter, name, argument, type, member, help, complete)                                                 \
	{ letter, name, argument, type, offsetof(struct play_options, member), help, NULL, complete }
#define PLAY_ROWS_END { 0, NULL, NULL, OPTION_FLAG, 0, NULL, NULL, NULL }

#define PLAY_PORT_ROW(number, complete)                                                                                \
	PLAY_ROW('p', "port", "PORT", OPTION_STRING, port, "a number or a service's name (" number ")", complete)
#define PLAY_BOUND_PORT_ROW(number, complete)                                                                          \
	PLAY_ROW('p', "port", "PORT", OPTION_STRING, port,                                                             \
		 "a number, 0 for any that is free, or a service's name (" number ")", complete)
#define PLAY_BIND_ROW(help) PLAY_ROW(0, "bind", "ADDR", OPTION_STRING, bind, help, "")
#define PLAY_ADDRESS_ROWS                                                                                              \
	PLAY_BIND_ROW("use this address of this machine"),                                                             \
		PLAY_ROW('4', "ipv4", NULL, OPTION_FLAG, ipv4, "IPv4 only", NULL),                                     \
		PLAY_ROW('6', "ipv6", NULL, OPTION_FLAG, ipv6, "IPv6 only", NULL)
#define PLAY_USER_ROW(who) PLAY_ROW(0, "user", "NAME", OPTION_STRING, user, who " ($USER, else the login name)", "")
#define PLAY_TERMINATOR_ROW(help)                                                                                      \
	PLAY_ROW(0, "terminator", "END", OPTION_STRING, terminator, help, "none lf crlf")
#define PLAY_TO_ROW(help) PLAY_ROW(0, "to", "ADDR", OPTION_STRING, to, help, "")
#define PLAY_INTERFACE_ROW(help) PLAY_ROW('i', "interface", "NAME", OPTION_STRING, interface, help, "interface")
#define PLAY_EVERY_ROW(help) PLAY_ROW(0, "every", "TIME", OPTION_TIME, every_ns, help, "")
#define PLAY_TIMEOUT_ROW(help) PLAY_ROW(0, "timeout", "TIME", OPTION_TIME, timeout_ns, help, "")
#define PLAY_COUNT_ROWS(help)                                                                                          \
	PLAY_ROW('c', "count", "N", OPTION_COUNT, count, help, ""),                                                    \
		PLAY_ROW(0, "once", NULL, OPTION_FLAG, once, "the same as --count 1", NULL)

extern const struct option_row play_transport_rows[]; /* -u -t */
extern const struct option_row play_broadcast_rows[]; /* --to -i --bind */
extern const struct option_row play_server_rows[];    /* --model, and when it stops: -c --once --timeout */
extern const struct option_row play_asker_rows[];     /* how often: -c --once --every --timeout */
extern const struct option_row play_output_rows[];    /* -v --json --explain */
extern const struct option_row play_ready_rows[];     /* --ready-fd */

/* How the groups of every role end, and of every server. */
#define PLAY_OUTPUT_GROUP { "What is printed", play_output_rows, 0 }
#define PLAY_READY_GROUP { "For scripts", play_ready_rows, 0 }
#define PLAY_SERVER_GROUPS                                                                                             \
	{ "How it serves, and when it stops", play_server_rows, 0 }, PLAY_OUTPUT_GROUP, PLAY_READY_GROUP

/* All of date listen and of chat listen. */
extern const struct option_group play_listener_groups[];
extern const char play_listener_description[];

/* ------------------------------------------------------------------------------------------------ a role that runs */

struct play {
	const struct play_options *options;
	struct narrator narrator;
	struct reporter reporter;
	struct play_report report;
	struct tally tally;
	int family;
	uint64_t count;
	int signals; /* -1: they end the program as usual */
};

/*
 * Checks the common options and gets ready to print. words: what is left of the command line; the role takes `most` of
 * them. -1 with err, and then there is nothing to close. Otherwise play_serve() or play_end() closes.
 */
int play_open(struct play *play, const struct command *command, enum play_kind kind, const struct play_options *options,
	      const struct words *words, size_t most, struct error *err);

/* Filled with what the common options say; the rest is the role's. */
struct server_options play_server(const struct play *play, const char *port);
struct client play_client(const struct play *play, const char *host, const char *port);
struct broadcast play_broadcast(const struct play *play);

/* Runs the server. Both return the exit status, or -1 with err. */
int play_serve(struct play *play, struct server_options *server, struct error *err);
int play_end(struct play *play, enum client_answer answer, struct error *err);

/* date listen and chat listen, from the arguments to the end. */
int play_listen(const struct play_options *options, const struct words *words, const struct command *command,
		bool dates, struct error *err);

/* ------------------------------------------------------------------------------------------------ values of options */

/* --user, else $USER, else the login name. -1 with err: none, or one that no line can hold. */
int play_user(const struct play_options *options, const char **user, struct error *err);
/* --terminator as octets; `otherwise` when it was not given. -1 with err. */
int play_terminator(const struct play_options *options, const char *otherwise, const char **terminator,
		    struct error *err);
/* NULL: python. -1 with err. */
int play_date_format(const char *name, enum date_format *format, struct error *err);
/* For roles that use one transport: SOCK_DGRAM unless -t was given; -1 with err when both were. */
int play_transport(const struct play_options *options, struct error *err);
