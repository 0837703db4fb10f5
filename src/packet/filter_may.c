/* SPDX-License-Identifier: BSD-2-Clause */
/* What a filter says when one number is known and all else is not. */
#include "packet/filter_parts.h"

enum verdict { NO, YES, MAYBE };

struct known {
	const struct field_def *def;
	__int128 value;
};

static bool is_constant(const struct filter_node *node)
{
	return node->kind == NODE_CONSTANT && type_is_count(node->type);
}

static bool is_known(const struct known *known, const struct filter_node *node)
{
	return node->kind == NODE_FIELD && node->def == known->def && !node->range_count;
}

static enum verdict compared(const struct known *known, const struct filter_node *node)
{
	bool turned = is_known(known, node->right);
	const struct filter_node *constant = turned ? node->left : node->right;
	enum relation relation = turned ? filter_mirrored(node->relation) : node->relation;
	__int128 value = known->value;

	if (!is_constant(constant) || !is_known(known, turned ? node->right : node->left))
		return MAYBE;
	switch (relation) {
	case RELATION_EQ:
		return value >= constant->low.number && value <= constant->high.number;
	case RELATION_NE:
		return value < constant->low.number || value > constant->high.number;
	case RELATION_LT:
		return value < constant->low.number;
	case RELATION_LE:
		return value <= constant->high.number;
	case RELATION_GT:
		return value > constant->high.number;
	case RELATION_GE:
		return value >= constant->low.number;
	}
	return MAYBE;
}

static enum verdict among(const struct known *known, const struct filter_node *node)
{
	if (!is_known(known, node->left))
		return MAYBE;
	for (const struct filter_node *e = node->right; e; e = e->next) {
		const struct filter_node *from = e->kind == NODE_RANGE ? e->left : e;
		const struct filter_node *to = e->kind == NODE_RANGE ? e->right : e;

		if (!is_constant(from) || !is_constant(to))
			return MAYBE;
		if (known->value >= from->low.number && known->value <= to->high.number)
			return YES;
	}
	return NO;
}

static enum verdict judge(const struct known *known, const struct filter_node *node)
{
	enum verdict left, right;

	switch (node->kind) {
	case NODE_AND:
	case NODE_OR:
		left = judge(known, node->left);
		right = judge(known, node->right);
		if (left == right)
			return left;
		if (node->kind == NODE_AND)
			return left == NO || right == NO ? NO : MAYBE;
		return left == YES || right == YES ? YES : MAYBE;
	case NODE_NOT:
		left = judge(known, node->left);
		return left == MAYBE ? MAYBE : left == YES ? NO : YES;
	case NODE_COMPARE:
		return compared(known, node);
	case NODE_IN:
		return among(known, node);
	default:
		return MAYBE;
	}
}

bool filter_may_pass(const struct filter *filter, const struct field_def *def, uint64_t value)
{
	const struct known known = { def, value };

	return !filter->tree.root || judge(&known, filter->tree.root) != NO;
}
