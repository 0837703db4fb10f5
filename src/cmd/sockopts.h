/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of sonde sockopts. All return an exit status, or -1 with err. */
#pragma once

#include "cmd/command.h"
#include "sockets/sockopt.h"

struct sockopts_arguments {
	bool json, csv, names, all, demo;
	uint64_t pid;   /* 0: none */
	const char *fd; /* NULL: all of them */
};

extern const struct command sockopts_command;

/* All options of the level; NULL: of all levels. */
int sockopts_list(const struct sockopts_arguments *args, const struct sockopt_level *level, struct error *err);
int sockopts_explain(const struct sockopts_arguments *args, const struct sockopt *option, struct error *err);
int sockopts_process(const struct sockopts_arguments *args, struct error *err);
/* option NULL: which there are. */
int sockopts_demo(const struct sockopts_arguments *args, const char *option, struct error *err);

/* One object, told in docs/sockopts.md. */
struct sockopt_fresh;
void sockopts_json(const struct sockopt_level *level, const struct sockopt *option, const struct sockopt_fresh *fresh,
		   struct text *out);

/* "UDP and raw sockets of IPv4"; nothing where it is any. */
void sockopts_on(const struct sockopt *option, struct text *out);
