/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds the names of a filter, and the types of its operands. */
#include <stdlib.h>

#include "base/nearest.h"
#include "packet/filter_parts.h"

static const struct {
	const char *name, *example;
} types[] = {
	[TYPE_LITERAL] = { "a value", "1" },
	[TYPE_NONE] = { "a mark without a value", "" },
	[TYPE_NUMBER] = { "a number", "80, 0x50 or 'P'" },
	[TYPE_BOOL] = { "true or false", "true, false, 1 or 0" },
	[TYPE_IPV4] = { "an IPv4 address", "10.0.0.1 or 10.0.0.0/8" },
	[TYPE_TIME] = { "a date and time", "\"2026-01-31 12:00:00\" or \"Jan 31, 2026 12:00:00\"" },
	[TYPE_DURATION] = { "a time in seconds", "0.01" },
	[TYPE_IPV6] = { "an IPv6 address", "fe80::1 or fe80::/10" },
	[TYPE_MAC] = { "a MAC address", "02:00:00:00:00:01" },
	[TYPE_BYTES] = { "a row of octets", "68:65:6c:6c:6f or \"hello\"" },
	[TYPE_STRING] = { "text", "\"hello\"" },
};

const char *filter_type_name(enum filter_type type)
{
	return types[type].name;
}

const char *filter_type_example(enum filter_type type)
{
	return types[type].example;
}

static enum filter_type type_of(const struct field_def *def)
{
	static const enum filter_type known[FIELD_TYPES] = {
		[FIELD_NONE] = TYPE_NONE,     [FIELD_UINT] = TYPE_NUMBER, [FIELD_HEX] = TYPE_NUMBER,
		[FIELD_INT] = TYPE_NUMBER,    [FIELD_BOOL] = TYPE_BOOL,   [FIELD_MAC] = TYPE_MAC,
		[FIELD_IPV4] = TYPE_IPV4,     [FIELD_IPV6] = TYPE_IPV6,   [FIELD_BYTES] = TYPE_BYTES,
		[FIELD_STRING] = TYPE_STRING, [FIELD_TIME] = TYPE_TIME,   [FIELD_DURATION] = TYPE_DURATION,
	};

	return known[def->type];
}

const char *filter_written(const struct filter_tree *tree, const struct filter_node *node, char text[FILTER_NAME])
{
	uint32_t length = node->span.length < FILTER_NAME - 1 ? node->span.length : FILTER_NAME - 1;

	memcpy(text, tree->source.text + node->span.at, length);
	text[length] = '\0';
	return text;
}

/* ------------------------------------------------------------------------------------------------ names */

static const char *nearest_name(const struct dissector *const *tables, const char *word)
{
	const char *names[256] = { NULL }, *near = NULL;

	for (unsigned i = 0; tables[i] && i < 255; i++)
		names[i] = tables[i]->name;
	if (!strchr(word, '.'))
		near = nearest(word, names);
	return near ? near : tables_nearest_field(tables, word);
}

/* ip.len-1 is a name as it stands. */
static bool is_missing_blank(const struct filter_tree *tree, const struct filter_node *node, struct text *form)
{
	const struct dissector *dissector;
	struct filter_span minus;
	char name[FILTER_NAME], *dash;

	filter_written(tree, node, name);
	dash = strchr(name, '-');
	if (!dash)
		return false;
	*dash = '\0';
	if (!tables_field(tree->source.names->tables, name, &dissector))
		return false;
	minus = (struct filter_span){ node->span.at + (uint32_t)(dash - name), 1 };
	filter_replaced(&tree->source, minus, " - ", form);
	return true;
}

static int unknown_name(const struct filter_tree *tree, const struct filter_node *node)
{
	const struct filter_names *names = tree->source.names;
	struct text form = { 0 };
	const char *near;
	char name[FILTER_NAME];

	near = nearest_name(names->tables, filter_written(tree, node, name));
	if (is_missing_blank(tree, node, &form)) {
		text_char(&form, '\0');
		filter_fail(&tree->source, node->span, form.data, "a minus needs a blank before it");
	} else if (near) {
		filter_replaced(&tree->source, node->span, near, &form);
		text_char(&form, '\0');
		filter_fail_syntax(&tree->source, node->span, form.data,
				   "no %s '%s'; did you mean '%s'?", names->kind, name, near);
	} else {
		filter_fail_syntax(&tree->source, node->span, NULL, "no %s '%s'; see %s", names->kind, name,
				   names->list);
	}
	text_release(&form);
	return -1;
}

/* A value where only a field makes sense. */
int filter_not_a_field(const struct filter_tree *tree, const struct filter_node *node)
{
	char first = tree->source.text[node->span.at];

	if (node->kind == NODE_WORD &&
	    ((first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z') || first == '.'))
		return unknown_name(tree, node);
	return filter_fail_syntax(&tree->source, node->span, NULL,
				  "a value alone decides nothing: compare it with a field");
}

static void find_name(const struct filter_tree *tree, struct filter_node *node)
{
	char text[FILTER_NAME], *name = text;

	if (node->span.length >= FILTER_NAME)
		return;
	/* The span reaches over #layer. */
	filter_written(tree, node, text);
	name[strcspn(name, "# ")] = '\0';
	name += *name == '.';
	node->def = tables_field(tree->source.names->tables, name, &node->dissector);
	if (node->def) {
		node->kind = NODE_FIELD;
		node->type = type_of(node->def);
		return;
	}
	node->dissector = tables_find(tree->source.names->tables, name);
	if (node->dissector) {
		node->kind = NODE_PROTOCOL;
		node->type = TYPE_BYTES;
	}
}

static int check_word(struct filter_tree *tree, struct filter_node *node)
{
	const char *text = tree->source.text + node->span.at;
	bool is_name = text[0] == '.' && (text[1] < '0' || text[1] > '9');

	find_name(tree, node);
	if (node->kind == NODE_WORD && (node->ranges || is_name))
		return unknown_name(tree, node);
	return 0;
}

/* ------------------------------------------------------------------------------------------------ operands */

static int check_slice(struct filter_tree *tree, struct filter_node *node)
{
	struct filter_node *whole = node->left;
	char name[FILTER_NAME];

	if (filter_check_operand(tree, whole) < 0)
		return -1;
	if (whole->type == TYPE_LITERAL)
		return filter_not_a_field(tree, whole);
	if (whole->type == TYPE_STRING || whole->type >= TYPE_IPV6 || whole->type == TYPE_IPV4) {
		node->type = whole->type == TYPE_STRING ? TYPE_STRING : TYPE_BYTES;
		return 0;
	}
	return filter_fail(&tree->source, whole->span, NULL,
			   "%s is %s: only text, octets, addresses and protocols have slices",
			   filter_written(tree, whole, name), filter_type_name(whole->type));
}

/* The type of `a operation b`, or TYPE_NONE. For a literal, *wanted says what it must be. */
static enum filter_type result_of(enum token_kind operation, enum filter_type a, enum filter_type b,
				  enum filter_type *wanted)
{
	enum filter_type known = a == TYPE_LITERAL ? b : a;

	*wanted = type_is_count(known) ? TYPE_NUMBER : known;
	if (type_is_count(known))
		return b == TYPE_LITERAL || type_is_count(b) ? TYPE_NUMBER : TYPE_NONE;
	if (operation == TOKEN_AMPERSAND) {
		*wanted = type_is_octets(known) ? TYPE_BYTES : known;
		if (b != TYPE_LITERAL && a != TYPE_LITERAL && !(type_is_octets(a) && type_is_octets(b)) && a != b)
			return TYPE_NONE;
		return type_is_octets(known) ? TYPE_BYTES : known == TYPE_IPV4 ? TYPE_IPV4 : TYPE_NONE;
	}
	if (operation == TOKEN_STAR || operation == TOKEN_SLASH) {
		*wanted = TYPE_NUMBER;
		return a == TYPE_DURATION && (b == TYPE_LITERAL || type_is_count(b)) ? TYPE_DURATION : TYPE_NONE;
	}
	if (operation == TOKEN_PERCENT || a == TYPE_LITERAL)
		return a == TYPE_LITERAL && b == TYPE_DURATION && operation != TOKEN_PERCENT ? TYPE_DURATION
											     : TYPE_NONE;
	*wanted = TYPE_DURATION;
	if (a == TYPE_TIME && b == TYPE_TIME)
		return operation == TOKEN_MINUS ? TYPE_DURATION : TYPE_NONE;
	if (a == TYPE_TIME || a == TYPE_DURATION)
		return b == TYPE_LITERAL || b == TYPE_DURATION ? a : TYPE_NONE;
	return TYPE_NONE;
}

static int check_arithmetic(struct filter_tree *tree, struct filter_node *node)
{
	struct filter_node *left = node->left, *right = node->right, *literal = NULL;
	enum filter_type wanted;
	char a[FILTER_NAME];

	if (filter_check_operand(tree, left) < 0 || filter_check_operand(tree, right) < 0)
		return -1;
	if (left->type == TYPE_LITERAL && right->type == TYPE_LITERAL)
		return 0;
	node->type = result_of(node->operation, left->type, right->type, &wanted);
	if (node->type == TYPE_NONE) {
		const struct filter_node *known = left->type == TYPE_LITERAL ? right : left;

		return filter_fail(&tree->source, node->operator, NULL, "%s is %s: this cannot be done with it",
				   filter_written(tree, known, a), filter_type_name(known->type));
	}
	if (left->type == TYPE_LITERAL)
		literal = left;
	if (right->type == TYPE_LITERAL)
		literal = right;
	return literal ? filter_literal(tree, literal, wanted, literal == left ? right : left) : 0;
}

static int check_negate(struct filter_tree *tree, struct filter_node *node)
{
	char name[FILTER_NAME];

	if (filter_check_operand(tree, node->left) < 0)
		return -1;
	node->type = type_is_count(node->left->type) ? TYPE_NUMBER : node->left->type;
	if (node->type != TYPE_LITERAL && node->type != TYPE_NUMBER && node->type != TYPE_DURATION)
		return filter_fail(&tree->source, node->operator, NULL, "%s is %s and has no sign",
				   filter_written(tree, node->left, name), filter_type_name(node->type));
	return 0;
}

/* What a function takes, and what it gives; TYPE_NONE: the same. */
static const struct signature {
	unsigned accepts; /* bits 1 << type */
	enum filter_type gives;
	const char *takes;
} signatures[FUNCTIONS] = {
#define SCALARS (1u << TYPE_NUMBER | 1u << TYPE_BOOL | 1u << TYPE_IPV4 | 1u << TYPE_TIME | 1u << TYPE_DURATION)
#define OCTETS (1u << TYPE_IPV6 | 1u << TYPE_MAC | 1u << TYPE_BYTES)
#define TEXT (1u << TYPE_STRING)
	[FUNCTION_LEN] = { SCALARS | OCTETS | TEXT, TYPE_NUMBER, "a field" },
	[FUNCTION_COUNT] = { SCALARS | OCTETS | TEXT | 1u << TYPE_NONE, TYPE_NUMBER, "a field" },
	[FUNCTION_UPPER] = { TEXT, TYPE_STRING, "text" },
	[FUNCTION_LOWER] = { TEXT, TYPE_STRING, "text" },
	[FUNCTION_STRING] = { SCALARS | OCTETS | TEXT, TYPE_STRING, "a field" },
	[FUNCTION_MIN] = { SCALARS | OCTETS | TEXT, TYPE_NONE, "values of one type" },
	[FUNCTION_MAX] = { SCALARS | OCTETS | TEXT, TYPE_NONE, "values of one type" },
	[FUNCTION_ABS] = { 1u << TYPE_NUMBER | 1u << TYPE_DURATION, TYPE_NONE, "a number" },
	[FUNCTION_VALS] = { 1u << TYPE_NUMBER, TYPE_STRING, "a field whose values have names" },
	[FUNCTION_DEC] = { 1u << TYPE_NUMBER, TYPE_STRING, "a number" },
	[FUNCTION_HEX] = { 1u << TYPE_NUMBER, TYPE_STRING, "a number" },
};

static bool is_variadic(enum filter_function function)
{
	return function == FUNCTION_MIN || function == FUNCTION_MAX;
}

static int wrong_argument(const struct filter_tree *tree, const struct filter_node *call,
			  const struct filter_node *node)
{
	return filter_fail(&tree->source, node->span, NULL, "%s() takes %s", filter_function_names[call->function],
			   signatures[call->function].takes);
}

static int check_argument(struct filter_tree *tree, struct filter_node *call, struct filter_node *argument)
{
	const struct signature *s = &signatures[call->function];
	bool needs_field = call->function == FUNCTION_VALS || call->function == FUNCTION_COUNT ||
			   (call->function == FUNCTION_LEN && type_is_number(argument->type));

	if (argument->type == TYPE_LITERAL)
		return argument->kind == NODE_WORD ? filter_not_a_field(tree, argument)
						   : wrong_argument(tree, call, argument);
	if (!(s->accepts >> argument->type & 1) ||
	    (needs_field && argument->kind != NODE_FIELD && argument->kind != NODE_PROTOCOL))
		return wrong_argument(tree, call, argument);
	if (call->function == FUNCTION_VALS && !argument->def->names)
		return wrong_argument(tree, call, argument);
	return 0;
}

static int check_call(struct filter_tree *tree, struct filter_node *call)
{
	struct filter_node *typed = NULL;

	for (struct filter_node *node = call->left; node; node = node->next) {
		if (filter_check_operand(tree, node) < 0)
			return -1;
		if (!typed && node->type != TYPE_LITERAL)
			typed = node;
	}
	if (call->left->next && !is_variadic(call->function))
		return filter_fail(&tree->source, call->left->next->span, NULL, "%s() takes one argument",
				   filter_function_names[call->function]);
	for (struct filter_node *node = call->left; node; node = node->next) {
		if (typed && is_variadic(call->function) && node->type == TYPE_LITERAL &&
		    filter_literal(tree, node, typed->type, typed) < 0)
			return -1;
		if (check_argument(tree, call, node) < 0)
			return -1;
		if (node->type != typed->type && !(type_is_count(node->type) && type_is_count(typed->type)))
			return wrong_argument(tree, call, node);
	}
	call->type =
		signatures[call->function].gives == TYPE_NONE ? call->left->type : signatures[call->function].gives;
	return 0;
}

int filter_check_operand(struct filter_tree *tree, struct filter_node *node)
{
	switch (node->kind) {
	case NODE_WORD:
		return check_word(tree, node);
	case NODE_SLICE:
		return check_slice(tree, node);
	case NODE_ARITHMETIC:
		return check_arithmetic(tree, node);
	case NODE_NEGATE:
		return check_negate(tree, node);
	case NODE_CALL:
		return check_call(tree, node);
	default:
		return 0;
	}
}
