/* SPDX-License-Identifier: BSD-2-Clause */
/* A written value on its way to a constant: filter_literal.c has numbers, filter_octets.c addresses, octets and text.
 */
#pragma once

#include "packet/filter_parts.h"

#define LITERAL_WORD 256 /* octets of the longest word that is a value */

struct filter_literal {
	struct filter_tree *tree;
	struct filter_node *node;
	const struct filter_node *like;
	enum filter_type type;
	char text[LITERAL_WORD]; /* of a word or string, with a NUL */
	uint32_t length;
};

/* The value is none of the type: says how one is written, or which field was meant. -1. */
int literal_refuse(const struct filter_literal *l);
/* Text that lacks its quotes, as a value of `name`. */
int literal_refuse_unquoted(const struct filter_literal *l, const char *name);
/* Decimal, 0x..., 0b..., 0... as in C. */
bool literal_number(const char *text, uint64_t *number);
/* Its value; -1: it is none. */
int literal_hex_digit(char c);

/* Each makes low and high of the node, or refuses. */
int literal_ipv4(const struct filter_literal *l);
int literal_ipv6(const struct filter_literal *l);
int literal_mac(const struct filter_literal *l);
int literal_bytes(const struct filter_literal *l);
int literal_string(const struct filter_literal *l);
