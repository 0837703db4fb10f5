/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Operands: names and values, their slices and layers, functions, and arithmetic, of which & binds loosest, then + -,
 * then * / %, then a sign.
 */
#include "base/mem.h"
#include "packet/filter_parser.h"

const char *const filter_function_names[FUNCTIONS + 1] = {
	"len", "count", "upper", "lower", "string", "min", "max", "abs", "vals", "dec", "hex", NULL,
};

/* ------------------------------------------------------------------------------------------------ slices and layers */

static bool range_number(struct filter_parser *p, int32_t *number)
{
	const char *text = p->tree->source.text;
	uint32_t *at = &p->lexer.at;
	int64_t value = 0;
	bool negative = text[*at] == '-';
	uint32_t from;

	*at += negative;
	for (from = *at; text[*at] >= '0' && text[*at] <= '9' && value < 1 << 24; ++*at)
		value = value * 10 + (text[*at] - '0');
	*number = (int32_t)(negative ? -value : value);
	return *at > from && value < 1 << 24;
}

static void skip_blanks(struct filter_parser *p)
{
	while (p->tree->source.text[p->lexer.at] == ' ')
		p->lexer.at++;
}

/* i:j  i-j  i  :j  i: */
static bool one_range(struct filter_parser *p, struct filter_range *range)
{
	const char *text = p->tree->source.text;
	bool has_from;

	skip_blanks(p);
	*range = (struct filter_range){ 0, 1, RANGE_LENGTH };
	has_from = text[p->lexer.at] != ':';
	if (has_from && !range_number(p, &range->from))
		return false;
	skip_blanks(p);
	if (text[p->lexer.at] == ':' || text[p->lexer.at] == '-') {
		range->kind = text[p->lexer.at++] == ':' ? RANGE_LENGTH : RANGE_TO;
		skip_blanks(p);
		if (!range_number(p, &range->to)) {
			if (range->kind == RANGE_TO || !has_from || !strchr(" ,]", text[p->lexer.at]))
				return false;
			range->kind = RANGE_REST;
		}
	}
	skip_blanks(p);
	return range->kind != RANGE_LENGTH || range->to > 0;
}

/* The lexer stands behind the [. Afterwards the token is the one behind the ]. */
static int ranges(struct filter_parser *p, struct filter_node *node)
{
	struct filter_span open = parser_here(p);
	const char *text = p->tree->source.text;

	node->ranges = mem_new(FILTER_MAX_RANGES, sizeof *node->ranges);
	do {
		if (node->range_count == FILTER_MAX_RANGES)
			return filter_fail(&p->tree->source, open, NULL, "more than %d parts in brackets",
					   FILTER_MAX_RANGES);
		if (!one_range(p, &node->ranges[node->range_count++]))
			return filter_fail_syntax(&p->tree->source, (struct filter_span){ p->lexer.at, 1 }, NULL,
						  "no place in octets: use [from:length] [from-to] [from] [:length] "
						  "[from:], joined by commas; a negative one counts from the end");
	} while (text[p->lexer.at] == ',' && ++p->lexer.at);
	if (text[p->lexer.at] != ']')
		return filter_fail(&p->tree->source, (struct filter_span){ p->lexer.at, 1 }, NULL,
				   "a ] is missing behind the places");
	node->span = span_joined(node->span, (struct filter_span){ p->lexer.at, 1 });
	p->lexer.at++;
	return parser_advance(p);
}

/* #2, #[2-4] */
static int layers(struct filter_parser *p, struct filter_node *node)
{
	int32_t number;

	if (p->tree->source.text[p->lexer.at] == '[') {
		if (parser_advance(p) < 0 || ranges(p, node) < 0)
			return -1;
	} else {
		if (!range_number(p, &number))
			return filter_fail(&p->tree->source, parser_here(p), NULL,
					   "behind # stands the number of a layer, from 1, or [from-to]");
		node->ranges = mem_new(1, sizeof *node->ranges);
		node->range_count = 1;
		node->ranges[0] = (struct filter_range){ number, 1, RANGE_LENGTH };
		node->span = span_joined(node->span, (struct filter_span){ p->lexer.at - 1, 1 });
		if (parser_advance(p) < 0)
			return -1;
	}
	for (unsigned i = 0; i < node->range_count; i++)
		if (!node->ranges[i].from)
			return filter_fail(&p->tree->source, node->span, NULL,
					   "layers are numbered from 1; -1 is the last");
	return 0;
}

static struct filter_node *sliced(struct filter_parser *p, struct filter_node *node)
{
	while (node && parser_kind(p) == TOKEN_HASH) {
		if (node->kind != NODE_WORD || node->ranges) {
			filter_fail(&p->tree->source, parser_here(p), NULL,
				    "# chooses layers of a field, as in ip.src#2");
			return NULL;
		}
		if (layers(p, node) < 0)
			return NULL;
	}
	while (node && parser_kind(p) == TOKEN_BRACKET) {
		struct filter_node *slice = filter_node(p->tree, NODE_SLICE, node->span);

		if (!slice || ranges(p, slice) < 0)
			return NULL;
		slice->left = node;
		node = slice;
	}
	return node;
}

/* ------------------------------------------------------------------------------------------------ operands */

static struct filter_node *literal(struct filter_parser *p, enum node_kind what)
{
	struct filter_node *node = filter_node(p->tree, what, parser_here(p));

	if (!node)
		return NULL;
	if (what != NODE_WORD) {
		node->octet_count = (uint32_t)p->lexer.octets.length;
		node->octets = (uint8_t *)mem_copy_bytes(p->lexer.octets.length ? p->lexer.octets.data : "",
							 p->lexer.octets.length);
	}
	return parser_advance(p) < 0 ? NULL : node;
}

static int function_of(const struct filter_parser *p, struct filter_span span)
{
	for (int i = 0; filter_function_names[i]; i++)
		if (strlen(filter_function_names[i]) == span.length &&
		    !memcmp(filter_function_names[i], p->tree->source.text + span.at, span.length))
			return i;
	return -1;
}

static int arguments(struct filter_parser *p, struct filter_node *call)
{
	struct filter_node **end = &call->left;

	do {
		if (parser_advance(p) < 0)
			return -1;
		*end = parser_operand(p);
		if (!*end)
			return -1;
		end = &(*end)->next;
	} while (parser_kind(p) == TOKEN_COMMA);
	if (parser_kind(p) != TOKEN_CLOSE) {
		parser_unexpected(p, "a comma or )");
		return -1;
	}
	call->span = span_joined(call->span, parser_here(p));
	return parser_advance(p);
}

/* The word is behind us, the token is the parenthesis. */
static struct filter_node *call(struct filter_parser *p, struct filter_node *name)
{
	int function = function_of(p, name->span);
	struct filter_node *node = NULL;

	if (function < 0) {
		filter_fail_syntax(&p->tree->source, name->span, NULL,
				   "no such function; there are len count upper lower string min max abs vals dec hex");
		return NULL;
	}
	if (parser_too_deep(p))
		return NULL;
	node = filter_node(p->tree, NODE_CALL, name->span);
	if (!node)
		return NULL;
	node->function = (enum filter_function)function;
	node->operator= name->span;
	if (arguments(p, node) < 0)
		return NULL;
	p->depth--;
	return node;
}

static struct filter_node *braced(struct filter_parser *p)
{
	struct filter_span from = parser_here(p);
	struct filter_node *node;

	if (parser_too_deep(p) || parser_advance(p) < 0)
		return NULL;
	node = parser_operand(p);
	if (!node)
		return NULL;
	if (parser_kind(p) != TOKEN_END_BRACE)
		return parser_unexpected(p, "}");
	node->span = span_joined(from, parser_here(p));
	p->depth--;
	return parser_advance(p) < 0 ? NULL : node;
}

static struct filter_node *primary(struct filter_parser *p)
{
	struct filter_node *node;

	switch (parser_kind(p)) {
	case TOKEN_BRACE:
		return braced(p);
	case TOKEN_STRING:
		node = literal(p, NODE_STRING);
		break;
	case TOKEN_CHAR:
		node = literal(p, NODE_CHAR);
		break;
	case TOKEN_WORD:
		node = literal(p, NODE_WORD);
		if (node && parser_kind(p) == TOKEN_OPEN)
			node = call(p, node);
		break;
	case TOKEN_OPEN:
		filter_fail_syntax(&p->tree->source, parser_here(p), NULL,
				   "parentheses group conditions; braces group arithmetic: 2 * {tcp.len + 1}");
		return NULL;
	default:
		return parser_unexpected(p, "a field, a protocol or a value");
	}
	return sliced(p, node);
}

static struct filter_node *unary(struct filter_parser *p)
{
	struct filter_span sign = parser_here(p);
	enum token_kind what = parser_kind(p);
	struct filter_node *node, *negated;

	if (what != TOKEN_MINUS && what != TOKEN_PLUS)
		return primary(p);
	if (parser_too_deep(p) || parser_advance(p) < 0)
		return NULL;
	node = unary(p);
	p->depth--;
	if (!node || what == TOKEN_PLUS)
		return node;
	negated = filter_node(p->tree, NODE_NEGATE, span_joined(sign, node->span));
	if (negated) {
		negated->left = node;
		negated->operator= sign;
	}
	return negated;
}

/* Signs of arithmetic from the loosest to the tightest, each to the left. */
static struct filter_node *arithmetic(struct filter_parser *p, unsigned level)
{
	static const enum token_kind levels[][3] = {
		{ TOKEN_AMPERSAND, TOKEN_AMPERSAND, TOKEN_AMPERSAND },
		{ TOKEN_PLUS, TOKEN_MINUS, TOKEN_MINUS },
		{ TOKEN_STAR, TOKEN_SLASH, TOKEN_PERCENT },
	};
	struct filter_node *node;

	if (level == sizeof levels / sizeof *levels)
		return unary(p);
	node = arithmetic(p, level + 1);
	while (node && (parser_kind(p) == levels[level][0] || parser_kind(p) == levels[level][1] ||
			parser_kind(p) == levels[level][2])) {
		enum token_kind operation = parser_kind(p);
		struct filter_span at = parser_here(p);

		if (parser_advance(p) < 0)
			return NULL;
		node = parser_pair(p, NODE_ARITHMETIC, node, arithmetic(p, level + 1), at);
		if (node)
			node->operation = operation;
	}
	return node;
}

struct filter_node *parser_operand(struct filter_parser *p)
{
	return arithmetic(p, 0);
}
