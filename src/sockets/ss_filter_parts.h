/* SPDX-License-Identifier: BSD-2-Clause */
/* Inside the filters of ss: words (ss_filter_word.c), the grammar (ss_filter.c), what is compared (ss_filter_value.c).
 */
#pragma once

#include "sockets/ss_filter.h"

enum ss_token { SS_END, SS_WORD, SS_SIGN, SS_OPEN, SS_CLOSE, SS_NOT };

struct ss_parser {
	const char *expression;
	size_t at; /* behind the token */
	enum ss_token token;
	size_t begin, length; /* of the token */
	unsigned depth;
	struct text *out;
	struct error *err;
};

void ss_next(struct ss_parser *p);
bool ss_is(const struct ss_parser *p, const char *word);
/* The place among words, ended by NULL; -1. */
int ss_among(const struct ss_parser *p, const char *const *words);
/* Returns -1, with the sentence and the token marked. */
int ss_refuse(const struct ss_parser *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* " (did you mean 'dport'?)" for the token, or nothing. */
int ss_refuse_word(const struct ss_parser *p, const char *what, const char *const *words);

enum ss_relation { SS_EQ, SS_NE, SS_LT, SS_LE, SS_GT, SS_GE };

/* The token is the first of the value; it is gone afterwards. */
int ss_port(struct ss_parser *p, const char *column, enum ss_relation relation);
int ss_host(struct ss_parser *p, bool source, enum ss_relation relation);
int ss_device(struct ss_parser *p, enum ss_relation relation);
int ss_mark(struct ss_parser *p, enum ss_relation relation);
int ss_cgroup(struct ss_parser *p, enum ss_relation relation);
int ss_autobound(struct ss_parser *p);
