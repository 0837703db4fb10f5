/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The grammar, by recursive descent. From the loosest to the tightest: or, xor, and, not; then one test: operands
 * (filter_operand.c) with a comparison between them.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "packet/filter_parser.h"

static struct filter_node *condition(struct filter_parser *p);

struct filter_node *filter_node(struct filter_tree *tree, enum node_kind kind, struct filter_span span)
{
	struct filter_node *node;

	if (tree->node_count == FILTER_MAX_NODES) {
		filter_fail(&tree->source, span, NULL, "the filter is too large: more than %d parts", FILTER_MAX_NODES);
		return NULL;
	}
	node = mem_new(1, sizeof *node);
	node->kind = kind;
	node->span = span;
	node->made = tree->nodes;
	tree->nodes = node;
	tree->node_count++;
	return node;
}

void filter_tree_release(struct filter_tree *tree)
{
	struct filter_node *next;

	for (struct filter_node *node = tree->nodes; node; node = next) {
		next = node->made;
		filter_pattern_free(node->pattern);
		free(node->ranges);
		free(node->octets);
		free(node);
	}
	tree->nodes = tree->root = NULL;
}

/* ------------------------------------------------------------------------------------------------ small parts */

static const char *small_letters(const struct filter_parser *p)
{
	static const char *const words[] = {
		"and", "or", "not", "xor", "in", "contains", "matches", "eq", "ne", "gt", "lt", "ge", "le",
	};
	struct filter_span span = parser_here(p);

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strlen(words[i]) == span.length &&
		    !strncasecmp(words[i], p->tree->source.text + span.at, span.length))
			return words[i];
	return NULL;
}

static struct filter_node *in_capitals(struct filter_parser *p, const char *word)
{
	struct text form = { 0 };

	filter_replaced(&p->tree->source, parser_here(p), word, &form);
	text_char(&form, '\0');
	filter_fail(&p->tree->source, parser_here(p), form.data, "words between conditions have small letters: '%s'",
		    word);
	text_release(&form);
	return NULL;
}

struct filter_node *parser_unexpected(struct filter_parser *p, const char *wanted)
{
	const struct filter_source *source = &p->tree->source;
	struct filter_span span = parser_here(p);
	const char *word = parser_kind(p) == TOKEN_WORD ? small_letters(p) : NULL;

	if (word)
		return in_capitals(p, word);
	if (parser_kind(p) == TOKEN_END)
		filter_fail_syntax(source, span, NULL, "the filter ends too early: %s is missing", wanted);
	else
		filter_fail_syntax(source, span, NULL, "%s does not fit here: %s is expected",
				   parser_kind(p) == TOKEN_STRING ? "a string" : "this", wanted);
	return NULL;
}

bool parser_too_deep(struct filter_parser *p)
{
	if (++p->depth <= FILTER_MAX_DEPTH)
		return false;
	filter_fail(&p->tree->source, parser_here(p), NULL, "the filter is nested too deeply: more than %d levels",
		    FILTER_MAX_DEPTH);
	return true;
}

struct filter_node *parser_pair(struct filter_parser *p, enum node_kind what, struct filter_node *left,
				struct filter_node *right, struct filter_span operator)
{
	struct filter_node *node = NULL;

	if (left && right)
		node = filter_node(p->tree, what, span_joined(left->span, right->span));
	if (node) {
		node->left = left;
		node->right = right;
		node->operator= operator;
	}
	return node;
}

/* ------------------------------------------------------------------------------------------------ tests */

static const struct comparison {
	enum token_kind token;
	enum relation relation;
	bool all;
} comparisons[] = {
	{ TOKEN_EQ, RELATION_EQ, false },     { TOKEN_ALL_EQ, RELATION_EQ, true }, { TOKEN_NE, RELATION_NE, true },
	{ TOKEN_ANY_NE, RELATION_NE, false }, { TOKEN_LT, RELATION_LT, false },    { TOKEN_LE, RELATION_LE, false },
	{ TOKEN_GT, RELATION_GT, false },     { TOKEN_GE, RELATION_GE, false },
};

static const struct comparison *comparison_of(enum token_kind token)
{
	for (size_t i = 0; i < sizeof comparisons / sizeof *comparisons; i++)
		if (comparisons[i].token == token)
			return &comparisons[i];
	return NULL;
}

/* a < b < c: a < b and b < c. */
static struct filter_node *compared(struct filter_parser *p, struct filter_node *left)
{
	struct filter_node *all = NULL;
	const struct comparison *c;

	while ((c = comparison_of(parser_kind(p)))) {
		struct filter_span at = parser_here(p);
		struct filter_node *right, *test;

		if (parser_advance(p) < 0)
			return NULL;
		right = parser_operand(p);
		test = parser_pair(p, NODE_COMPARE, left, right, at);
		if (!test)
			return NULL;
		test->relation = c->relation;
		test->all = c->all;
		all = all ? parser_pair(p, NODE_AND, all, test, at) : test;
		if (!all)
			return NULL;
		left = right;
	}
	return all;
}

static struct filter_node *element(struct filter_parser *p)
{
	struct filter_node *from = parser_operand(p);
	struct filter_span at = parser_here(p);

	if (!from || parser_kind(p) != TOKEN_DOTS)
		return from;
	return parser_advance(p) < 0 ? NULL : parser_pair(p, NODE_RANGE, from, parser_operand(p), at);
}

static int elements(struct filter_parser *p, struct filter_node *set)
{
	struct filter_node **end = &set->right;
	unsigned count = 0;

	do {
		if (parser_advance(p) < 0)
			return -1;
		if (++count > FILTER_MAX_SET)
			return filter_fail(&p->tree->source, parser_here(p), NULL, "a set of more than %d elements",
					   FILTER_MAX_SET);
		*end = element(p);
		if (!*end)
			return -1;
		end = &(*end)->next;
	} while (parser_kind(p) == TOKEN_COMMA);
	if (parser_kind(p) != TOKEN_END_BRACE) {
		parser_unexpected(p, "a comma or }");
		return -1;
	}
	set->span = span_joined(set->span, parser_here(p));
	return parser_advance(p);
}

/* The token is the word in. */
static struct filter_node *membership(struct filter_parser *p, struct filter_node *left)
{
	struct filter_node *node = filter_node(p->tree, NODE_IN, left->span);

	if (!node)
		return NULL;
	node->left = left;
	node->operator= parser_here(p);
	if (parser_advance(p) < 0)
		return NULL;
	if (parser_kind(p) != TOKEN_BRACE)
		return parser_unexpected(p, "a set like {80, 443, 8000..8010}");
	return elements(p, node) < 0 ? NULL : node;
}

static struct filter_node *negated(struct filter_parser *p, struct filter_node *test, struct filter_span from)
{
	struct filter_node *node = test ? filter_node(p->tree, NODE_NOT, span_joined(from, test->span)) : NULL;

	if (node)
		node->left = test;
	return node;
}

/* What follows an operand makes it a test. */
static struct filter_node *test_of(struct filter_parser *p, struct filter_node *left)
{
	struct filter_span at = parser_here(p);
	struct filter_node *node;

	switch (parser_kind(p)) {
	case TOKEN_CONTAINS:
	case TOKEN_MATCHES:
		node = NULL;
		if (parser_kind(p) == TOKEN_CONTAINS)
			node = parser_advance(p) < 0 ? NULL
						     : parser_pair(p, NODE_CONTAINS, left, parser_operand(p), at);
		else
			node = parser_advance(p) < 0 ? NULL : parser_pair(p, NODE_MATCHES, left, parser_operand(p), at);
		return node;
	case TOKEN_IN:
		return membership(p, left);
	case TOKEN_NOT:
		if (parser_advance(p) < 0)
			return NULL;
		if (parser_kind(p) != TOKEN_IN)
			return parser_unexpected(p, "'and' or 'or', or the 'in' of 'not in'");
		return negated(p, membership(p, left), left->span);
	default:
		if (comparison_of(parser_kind(p)))
			return compared(p, left);
		node = filter_node(p->tree, NODE_TEST, left->span);
		if (node)
			node->left = left;
		return node;
	}
}

/* any and all go to the comparisons, chained ones too. */
static void quantify(struct filter_node *node, bool all)
{
	if (node->kind == NODE_AND || node->kind == NODE_NOT) {
		quantify(node->left, all);
		if (node->right)
			quantify(node->right, all);
	} else {
		node->all = all;
	}
}

static struct filter_node *test(struct filter_parser *p)
{
	struct filter_span from = parser_here(p);
	enum token_kind quantifier = parser_kind(p);
	struct filter_node *node;

	if (quantifier != TOKEN_ANY && quantifier != TOKEN_ALL) {
		node = parser_operand(p);
		return node ? test_of(p, node) : NULL;
	}
	if (parser_advance(p) < 0)
		return NULL;
	node = parser_operand(p);
	node = node ? test_of(p, node) : NULL;
	if (node && node->kind == NODE_TEST) {
		filter_fail(&p->tree->source, from, NULL,
			    "'any' and 'all' stand before a comparison: all tcp.port > 1024");
		return NULL;
	}
	if (node)
		quantify(node, quantifier == TOKEN_ALL);
	return node;
}

/* ------------------------------------------------------------------------------------------------ conditions */

static struct filter_node *grouped(struct filter_parser *p)
{
	struct filter_span from = parser_here(p);
	struct filter_node *node;

	if (parser_too_deep(p) || parser_advance(p) < 0)
		return NULL;
	node = condition(p);
	if (!node)
		return NULL;
	if (parser_kind(p) != TOKEN_CLOSE)
		return parser_unexpected(p, ")");
	node->span = span_joined(from, parser_here(p));
	p->depth--;
	return parser_advance(p) < 0 ? NULL : node;
}

static struct filter_node *not_condition(struct filter_parser *p)
{
	struct filter_span at = parser_here(p);
	struct filter_node *node;

	if (parser_kind(p) == TOKEN_OPEN)
		return grouped(p);
	if (parser_kind(p) != TOKEN_NOT)
		return test(p);
	if (parser_too_deep(p) || parser_advance(p) < 0)
		return NULL;
	node = negated(p, not_condition(p), at);
	p->depth--;
	return node;
}

static struct filter_node *joined_conditions(struct filter_parser *p, unsigned level)
{
	static const struct {
		enum token_kind token;
		enum node_kind node;
	} levels[] = { { TOKEN_OR, NODE_OR }, { TOKEN_XOR, NODE_XOR }, { TOKEN_AND, NODE_AND } };
	struct filter_node *node;

	if (level == sizeof levels / sizeof *levels)
		return not_condition(p);
	node = joined_conditions(p, level + 1);
	while (node && parser_kind(p) == levels[level].token) {
		struct filter_span at = parser_here(p);

		if (parser_advance(p) < 0)
			return NULL;
		node = parser_pair(p, levels[level].node, node, joined_conditions(p, level + 1), at);
	}
	return node;
}

static struct filter_node *condition(struct filter_parser *p)
{
	return joined_conditions(p, 0);
}

int filter_parse(struct filter_tree *tree)
{
	struct filter_parser p = { .tree = tree, .lexer = { .source = &tree->source } };
	int status = parser_advance(&p);

	if (status == 0 && parser_kind(&p) != TOKEN_END) {
		tree->root = condition(&p);
		if (!tree->root || parser_kind(&p) != TOKEN_END) {
			if (tree->root)
				parser_unexpected(&p, "'and', 'or' or a comparison");
			status = -1;
		}
	}
	text_release(&p.lexer.octets);
	return status;
}
