/* SPDX-License-Identifier: BSD-2-Clause */
/* What the words in a table of sockets mean, and what is remarkable in it. */
#pragma once

#include "base/error.h"
#include "render/sockets.h"

/* A title, a column's name, a state, a word of -i or -m: its meaning. -1 with err ("did you mean"). */
int sockets_explain_word(const char *word, struct text *out, struct error *err);

/* The titles of the table that look describes, a line or two each. */
void sockets_explain_table(const struct sockets_look *look, struct text *out);

/* Bits SOCKET_STATE(): of each what it means. */
void sockets_explain_states(unsigned states, struct text *out);

#define SOCKETS_NOTES 20 /* sentences; of what is more only the number is told */

/* Appends a sentence when the socket is remarkable. *count: of such sockets so far. */
void sockets_note(struct text *out, const struct socket_row *row, unsigned *count);
/* The last sentence, when there were more than SOCKETS_NOTES. */
void sockets_notes_end(struct text *out, unsigned count);
