/* SPDX-License-Identifier: BSD-2-Clause */
/* What a packet says because of its conversation alone: NAME.stream, NAME.time_relative, NAME.time_delta of its
 * protocol. */
#pragma once

#include "analyse/flow.h"
#include "packet/dissect.h"

struct flow_rows;

/* Finds the rows that somebody wants; before packets are dissected. */
struct flow_rows *flow_rows_new(const struct protocols *protocols);
void flow_rows_free(struct flow_rows *rows);
/* False: there never are any notes. */
bool flow_rows_any(const struct flow_rows *rows);

#define FLOW_NOTES_MAX 3
/* Fills notes[FLOW_NOTES_MAX]; returns how many. before: when the flow's packet before this one came. */
unsigned flow_notes(const struct flow_rows *rows, const struct flow *flow, int64_t before, const struct packet *packet,
		    struct note *notes);
