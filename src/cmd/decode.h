/* SPDX-License-Identifier: BSD-2-Clause */
/* How packets are decoded, as the user said it: for every command that dissects. */
#pragma once

#include "cmd/options.h"
#include "packet/dissect.h"

/* As the user gave them; see decode_rows. */
struct decode_options {
	struct words decode_as; /* -d */
	const char *zone;
};
extern const struct option_row decode_rows[];

/* -1 with err for a rule or a zone that is none. */
int decode_choose(struct protocols *protocols, const struct decode_options *options, struct error *err);
