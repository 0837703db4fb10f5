/* SPDX-License-Identifier: BSD-2-Clause */
/* What commands that capture share: interfaces opened, the user told, who waits told. */
#pragma once

#include "cmd/options.h"
#include "io/source.h"

/* source_ring_open, or another with the same contract. */
typedef struct source *listening_engine(const char *interface, const struct source_live_options *options,
					struct error *err);

/* All interfaces as one source; without names "any". NULL with err. */
struct source *listening_open(const struct words *interfaces, const struct source_live_options *options,
			      listening_engine *engine, struct error *err);

/* "listening on lo, filter udp" on standard error. filter: NULL or "": none. */
void listening_announce(const struct source *source, const char *filter);

/* Serves the descriptor that --ready-fd names; NULL: nobody waits. */
int listening_ready(const char *descriptor, struct error *err);
