/* SPDX-License-Identifier: BSD-2-Clause */
/* What `read` and `capture` share: saving packets with -w. */
#pragma once

#include "cmd/command.h"
#include "cmd/options.h"
#include "io/sink.h"

/* As the user gave them; see save_rows for the meaning. */
struct save_options {
	const char *path;
	const char *format;
	const char *comment;
	bool unbuffered;
	uint64_t rotate_size;
	uint64_t rotate_seconds;
	uint64_t rotate_files;
};
extern const struct option_row save_rows[];

/*
 * Opens what -w names for the packets of source; capture_filter may be NULL. *sink is NULL when nothing is to be saved.
 * -1 with err.
 */
int save_open(struct sink **sink, const struct save_options *options, struct source *source, const char *capture_filter,
	      struct error *err);

/* On standard error, what of the packets' processes the sink (NULL: none) had no room for. Before it is closed. */
void save_tell_losses(const struct save_options *options, const struct sink *sink, const struct command *command);

/* Whether -F, or without it the name, chooses a form of pcap. */
bool save_is_pcap(const struct save_options *options);

/* Whether later files will be opened, when rights are already given up. */
bool save_rotates(const struct save_options *options);
/* Who is to be become then: `user` when one was asked for; NULL: nobody. */
const char *save_user(const struct save_options *options, const char *user);
/* To be called when they are: -1 with err when the next file could not be made. */
int save_check_folder(const struct save_options *options, struct error *err);
