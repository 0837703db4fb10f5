/* SPDX-License-Identifier: BSD-2-Clause */
/* Whose answer it is; for match.c. */
#pragma once

#include "probe/match.h"

struct match_found {
	struct probe *probe; /* NULL: nobody's */
	bool rewritten;      /* the quotation differs from what was sent */
	bool guessed;        /* it could be another's */
};

struct match_found match_find(const struct match *match, const struct probe_base *base, const struct answer *answer);
