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
 * What a filter's names stand for. Besides packets anything can be filtered that is told in rows of such tables: a
 * packet is filled with its fields, in one layer of that dissector, and needs no octets.
 */
struct filter_names {
	const struct dissector *const *tables; /* ended by NULL */
	const char *kind;                      /* what a name is: "field or protocol" */
	const char *list;                      /* the command that lists them */
	const char *thing;                     /* what passes: "packet" */
	bool captured;                         /* who writes a capture filter is told so */
};

/*
 * NULL with err for what is no filter: err has a sentence, then, on lines of their own, the expression and a mark
 * below the octets that are meant, and the right form where one can be proposed. The expression is copied. An empty
 * one, or one of blanks, passes every packet.
 */
struct filter *filter_compile(const char *expression, struct error *err);
/* The same over other names than those of packets. */
struct filter *filter_compile_for(const struct filter_names *names, const char *expression, struct error *err);
void filter_free(struct filter *filter);

/*
 * What is said of an expression in another language that becomes a filter: the sentence, the expression, and a mark
 * below the octets that are meant. Returns -1.
 */
int filter_refuse(const char *expression, size_t at, size_t length, const char *sentence, struct error *err);

/* Marks the rows that it reads; before packets are dissected. */
void filter_want(const struct filter *filter, struct protocols *protocols);

/* Whether it reads a row with one of these enum field_flag bits (FIELD_AHEAD: the file must be read twice). */
bool filter_reads(const struct filter *filter, unsigned flags);

/* Whether it reads the row, or another name of it. */
bool filter_reads_field(const struct filter *filter, const struct field_def *def);

/*
 * False when nothing passes in which the row, which is a number and occurs once, has this value. True: something may.
 */
bool filter_may_pass(const struct filter *filter, const struct field_def *def, uint64_t value);

/* Whether the packet passes. A filter has room for one run at a time: threads have one each. */
bool filter_run(struct filter *filter, const struct packet *packet);

/* The compiled form, an instruction a line, and what it means in words. */
void filter_explain(const struct filter *filter, struct text *out);
