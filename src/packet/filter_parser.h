/* SPDX-License-Identifier: BSD-2-Clause */
/* What the two halves of the filter's parser share: filter_parse.c has conditions and tests, filter_operand.c operands.
 */
#pragma once

#include "packet/filter_parts.h"

struct filter_parser {
	struct filter_tree *tree;
	struct filter_lexer lexer;
	unsigned depth;
};

static inline enum token_kind parser_kind(const struct filter_parser *p)
{
	return p->lexer.token.kind;
}

static inline struct filter_span parser_here(const struct filter_parser *p)
{
	return p->lexer.token.span;
}

static inline int parser_advance(struct filter_parser *p)
{
	return filter_next(&p->lexer);
}

static inline struct filter_span span_joined(struct filter_span from, struct filter_span to)
{
	return (struct filter_span){ from.at, to.at + to.length - from.at };
}

/* Says what is wanted instead of the token; NULL, to be returned. */
struct filter_node *parser_unexpected(struct filter_parser *p, const char *wanted);
/* One level deeper; true, with err, when that is too deep. */
bool parser_too_deep(struct filter_parser *p);
/* NULL when a side is NULL. */
struct filter_node *parser_pair(struct filter_parser *p, enum node_kind what, struct filter_node *left,
				struct filter_node *right, struct filter_span operator);

/* An operand and the token behind it; NULL with err. */
struct filter_node *parser_operand(struct filter_parser *p);
