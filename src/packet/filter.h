/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Display filters: the language of wireshark-filter(4), over the field tables of the dissectors. An expression is
 * compiled once, with its types checked, to a small program; running it allocates nothing. docs/filters.md is the
 * reference for users.
 */
#pragma once

#include <stdbool.h>

#include "packet/dissect.h"

struct filter;

/*
 * NULL with err for what is no filter: err has a sentence, then, on lines of their own, the expression and a mark
 * below the octets that are meant, and the right form where one can be proposed. The expression is copied. An empty
 * one, or one of blanks, passes every packet.
 */
struct filter *filter_compile(const char *expression, struct error *err);
void filter_free(struct filter *filter);

/* Marks the rows that it reads; before packets are dissected. */
void filter_want(const struct filter *filter, struct protocols *protocols);

/* Whether it reads a row with one of these enum field_flag bits (FIELD_AHEAD: the file must be read twice). */
bool filter_reads(const struct filter *filter, unsigned flags);

/* Whether the packet passes. A filter has room for one run at a time: threads have one each. */
bool filter_run(struct filter *filter, const struct packet *packet);

/* The compiled form, an instruction a line, and what it means in words. */
void filter_explain(const struct filter *filter, struct text *out);
