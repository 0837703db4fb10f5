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

/* Groups of rows whose struct is the play_options. What has another default in each role is in the role's own rows. */
extern const struct option_row play_transport_rows[]; /* -u -t */
extern const struct option_row play_address_rows[];   /* --bind -4 -6 */
extern const struct option_row play_broadcast_rows[]; /* --to -i --bind */
extern const struct option_row play_server_rows[];    /* --model, and when it stops: -c --once --timeout */
extern const struct option_row play_listener_rows[];  /* when it stops */
extern const struct option_row play_asker_rows[];     /* how often: -c --once --every --timeout */
extern const struct option_row play_output_rows[];    /* -v --json --explain */
extern const struct option_row play_ready_rows[];     /* --ready-fd */

#define PLAY_DATE_PORT "5555"
#define PLAY_ECHO_PORT "3500"
#define PLAY_BROADCAST_PORT "6666"
#define PLAY_CHAT_PORT "5000"
#define PLAY_TIMEOUT_NS 3000000000 /* how long clients wait for an answer */

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
