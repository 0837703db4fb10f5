/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The filters of ss(8), made into filters over the columns (columns.h):
 *
 *     state established ( dport = :ssh or dst 10.0.0.0/8 )
 *
 * State, exclude, src, dst, sport, dport, dev, fwmark, cgroup, autobound; = != < <= > >= and their words; and, or, not,
 * parentheses. `and` may be left out.
 */
#pragma once

#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"

#define SS_FILTER_MOST 65535 /* octets of an expression */
#define SS_FILTER_DEPTH 100  /* parentheses and negations in each other */
#define SS_FILTER_HOSTS 16   /* addresses of a name */

/* Whether it has what only ss writes: a lone '=', a port as ':22', a word such as dst. */
bool ss_filter_is(const char *expression);

/* Names of hosts and services are looked up. -1 with err: a sentence, and the place below it. */
int ss_filter_translate(const char *expression, struct text *out, struct error *err);
