/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of `sonde sockets` share: what was asked for, and the table with all that stands beside it. */
#pragma once

#include "base/text.h"
#include "cmd/options.h"
#include "net/reverse.h"
#include "render/sockets.h"
#include "sockets/peers.h"
#include "sockets/socknames.h"
#include "sockets/socktable.h"

/* As the user gave them; see the rows in sockets_options.c. */
struct sockets_arguments {
	bool tcp, udp, raw, unix_sockets, packet, ipv4, ipv6;
	bool listening, all;
	bool numeric, processes, extended, information, timers, memory, summary, no_header, one_line, json, explain;
	const char *netns, *style, *word; /* word: of --explain; NULL: the table is explained */
	bool watch;
	int64_t period_ns;
	const char *ready;
};
extern const struct option_group sockets_groups[];

#define SOCKETS_PERIOD_NS 50000000

/* The same, checked and understood. */
struct sockets_settings {
	const struct sockets_arguments *arguments;
	struct socktable_request request; /* kinds and states are never 0 */
	unsigned states, unix_states;     /* that are shown */
	struct sockets_look look;         /* without services and names of hosts */
	struct filter *filter;            /* NULL: every socket passes */
	struct socket_fields *fields;     /* what the filter reads; with --json everything */
	bool holders, peers;              /* processes are wanted, and those of the other end */
	bool users;                       /* their names are wanted */
	int64_t period_ns;                /* --watch: between two looks */
};

/* Words: a filter. -1 with err. Release them in either case. */
int sockets_settings_read(struct sockets_settings *settings, const struct sockets_arguments *arguments,
			  const struct words *words, struct error *err);
void sockets_settings_release(struct sockets_settings *settings);

/* Sockets as they are at the moment. Zero-initialise it. */
struct sockets {
	const struct sockets_settings *settings;
	struct socktable table;
	struct holders holders;
	struct error unseen; /* why there are no holders; empty: they were read */
	struct peers peers;
	struct socknames *names;
};

/* Reads all of it; may be called again. What cannot be told is said on standard error, in a sentence each. */
int sockets_read(struct sockets *sockets, struct error *err);
void sockets_say_limits(const struct sockets *sockets);
void sockets_release(struct sockets *sockets);

/* The socket, which is one of the table, with what stands beside it, as far as it is wanted. */
void sockets_row(const struct sockets *sockets, const struct socket *socket, struct socket_row *row);
/* Whether the options and the filter let it pass. */
bool sockets_chosen(const struct sockets *sockets, const struct socket_row *row);

/* --watch: what becomes of them, until a signal comes. */
int sockets_watch(struct sockets *sockets, struct error *err);

/* The whole table as text. */
int sockets_print_text(const struct sockets *sockets, struct text *out, struct error *err);
/* How many there are, as text or as JSON. */
void sockets_print_summary(const struct sockets *sockets, struct text *out);
