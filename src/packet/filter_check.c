/* SPDX-License-Identifier: BSD-2-Clause */
/* Says what can be compared with what. */
#include "packet/filter_parts.h"

static bool comparable(enum filter_type a, enum filter_type b)
{
	return a == b || (type_is_count(a) && type_is_count(b)) || (type_is_octets(a) && type_is_octets(b));
}

static int has_no_value(const struct filter_tree *tree, const struct filter_node *node)
{
	char name[FILTER_NAME];

	filter_written(tree, node, name);
	return filter_fail(&tree->source, node->span, NULL,
			   "%s has no value to compare: its name alone asks whether it "
			   "is there",
			   name);
}

/* Whether the packet has a say in it. */
static bool has_field(const struct filter_node *node)
{
	if (node->kind == NODE_FIELD || node->kind == NODE_PROTOCOL)
		return true;
	for (const struct filter_node *argument = node->kind == NODE_CALL ? node->left : NULL; argument;
	     argument = argument->next)
		if (has_field(argument))
			return true;
	if (node->kind == NODE_CALL)
		return false;
	return (node->left && has_field(node->left)) || (node->right && has_field(node->right));
}

/* Both sides are known by now; a slice of text may be compared with octets. */
static int check_pair(struct filter_tree *tree, struct filter_node *left, struct filter_node *right,
		      struct filter_span operator)
{
	struct filter_node *literal = left->type == TYPE_LITERAL ? left : right->type == TYPE_LITERAL ? right : NULL;
	struct filter_node *known = literal == left ? right : left;
	enum filter_type type = known->type;
	char a[FILTER_NAME], b[FILTER_NAME];

	if (left->type == TYPE_NONE)
		return has_no_value(tree, left);
	if (right->type == TYPE_NONE)
		return has_no_value(tree, right);
	if (!has_field(left) && !has_field(right))
		return left->kind == NODE_WORD
			       ? filter_not_a_field(tree, left)
			       : filter_fail_syntax(&tree->source, left->span, NULL,
						    "constants alone decide nothing: compare with a field");
	if (known->kind == NODE_SLICE && type == TYPE_STRING && literal && literal->kind == NODE_WORD)
		type = TYPE_BYTES;
	if (literal)
		return filter_literal(tree, literal, type, known);
	if (comparable(left->type, right->type) || (left->kind == NODE_SLICE && right->type == TYPE_BYTES) ||
	    (right->kind == NODE_SLICE && left->type == TYPE_BYTES) || right->kind == NODE_CONSTANT)
		return 0;
	return filter_fail(&tree->source, operator, NULL, "%s is %s and %s is %s: they cannot be compared",
			   filter_written(tree, left, a), filter_type_name(left->type), filter_written(tree, right, b),
			   filter_type_name(right->type));
}

static int check_sides(struct filter_tree *tree, struct filter_node *node)
{
	return filter_check_operand(tree, node->left) < 0 || filter_check_operand(tree, node->right) < 0 ? -1 : 0;
}

/* What contains and matches look into. */
static int check_searched(struct filter_tree *tree, struct filter_node *left, const char *word)
{
	char name[FILTER_NAME];

	if (left->type == TYPE_LITERAL)
		return filter_not_a_field(tree, left);
	if (left->type >= TYPE_IPV6)
		return 0;
	filter_written(tree, left, name);
	return filter_fail(&tree->source, left->span, NULL,
			   "%s is %s, and '%s' looks into text and octets; "
			   "string(%s) makes text of it",
			   name, filter_type_name(left->type), word, name);
}

static int check_contains(struct filter_tree *tree, struct filter_node *node)
{
	struct filter_node *right = node->right;

	if (check_sides(tree, node) < 0 || check_searched(tree, node->left, "contains") < 0)
		return -1;
	if (right->type == TYPE_LITERAL)
		return filter_literal(tree, right,
				      node->left->type == TYPE_STRING && node->left->kind != NODE_SLICE ? TYPE_STRING
													: TYPE_BYTES,
				      node->left);
	if (right->type >= TYPE_IPV6 && (right->type == TYPE_STRING) == (node->left->type == TYPE_STRING))
		return 0;
	return check_pair(tree, node->left, right, node->operator);
}

static int check_matches(struct filter_tree *tree, struct filter_node *node)
{
	struct text word = { 0 }, form = { 0 };

	if (filter_check_operand(tree, node->left) < 0 || check_searched(tree, node->left, "matches") < 0)
		return -1;
	if (node->right->kind == NODE_STRING)
		return filter_pattern(tree, node);
	text_format(&word, "\"%.*s\"", (int)node->right->span.length, tree->source.text + node->right->span.at);
	text_char(&word, '\0');
	filter_replaced(&tree->source, node->right->span, word.data, &form);
	text_char(&form, '\0');
	filter_fail(&tree->source, node->right->span, form.data, "'matches' needs a pattern in double quotes");
	text_release(&word);
	text_release(&form);
	return -1;
}

static int check_element(struct filter_tree *tree, struct filter_node *left, struct filter_node *element)
{
	if (filter_check_operand(tree, element) < 0)
		return -1;
	if (has_field(element))
		return filter_fail(&tree->source, element->span, NULL, "a set holds values, not fields");
	return filter_literal(tree, element,
			      left->kind == NODE_SLICE && element->kind == NODE_WORD ? TYPE_BYTES : left->type, left);
}

static int check_range(struct filter_tree *tree, struct filter_node *left, struct filter_node *range)
{
	const struct filter_node *from = range->left, *to = range->right;

	if (check_element(tree, left, range->left) < 0 || check_element(tree, left, range->right) < 0)
		return -1;
	if (from->kind == NODE_CONSTANT && to->kind == NODE_CONSTANT &&
	    filter_order(left->type, &from->low, &to->high) > 0)
		return filter_fail(&tree->source, range->span, NULL,
				   "nothing is in this range: the lower end stands first");
	return 0;
}

static int check_in(struct filter_tree *tree, struct filter_node *node)
{
	if (filter_check_operand(tree, node->left) < 0)
		return -1;
	if (node->left->type == TYPE_LITERAL)
		return filter_not_a_field(tree, node->left);
	if (node->left->type == TYPE_NONE)
		return has_no_value(tree, node->left);
	for (struct filter_node *element = node->right; element; element = element->next)
		if ((element->kind == NODE_RANGE ? check_range : check_element)(tree, node->left, element) < 0)
			return -1;
	return 0;
}

static int check_test(struct filter_tree *tree, struct filter_node *node)
{
	if (filter_check_operand(tree, node->left) < 0)
		return -1;
	if (node->left->type != TYPE_LITERAL)
		return 0;
	if (node->left->kind == NODE_ARITHMETIC || node->left->kind == NODE_NEGATE)
		return filter_fail(&tree->source, node->left->span, NULL,
				   "constants alone decide nothing: a field is missing");
	return filter_not_a_field(tree, node->left);
}

static int check_condition(struct filter_tree *tree, struct filter_node *node)
{
	switch (node->kind) {
	case NODE_OR:
	case NODE_XOR:
	case NODE_AND:
		return check_condition(tree, node->left) < 0 || check_condition(tree, node->right) < 0 ? -1 : 0;
	case NODE_NOT:
		return check_condition(tree, node->left);
	case NODE_COMPARE:
		return check_sides(tree, node) < 0 ? -1 : check_pair(tree, node->left, node->right, node->operator);
	case NODE_CONTAINS:
		return check_contains(tree, node);
	case NODE_MATCHES:
		return check_matches(tree, node);
	case NODE_IN:
		return check_in(tree, node);
	default:
		return check_test(tree, node);
	}
}

int filter_check(struct filter_tree *tree)
{
	return tree->root ? check_condition(tree, tree->root) : 0;
}
