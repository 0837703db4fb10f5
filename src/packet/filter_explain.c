/* SPDX-License-Identifier: BSD-2-Clause */
/* A filter in words, as a list of conditions, and its steps. */
#include "packet/filter_parts.h"

struct writer {
	const struct filter *filter;
	struct text *out;
};

static void spot(const struct writer *w, const struct filter_node *node)
{
	filter_span_text(&w->filter->tree.source, node->span, w->out);
}

/* ------------------------------------------------------------------------------------------------ operands in words */

/* As it was written, and what a field is called. */
static void operand(const struct writer *w, const struct filter_node *node)
{
	spot(w, node);
	if (node->kind == NODE_FIELD)
		text_format(w->out, " (%s)", node->def->label);
	else if (node->kind == NODE_PROTOCOL)
		text_format(w->out, " (%s)", node->dissector->full_name);
}

static const char *name_of(const struct filter_node *constant, const struct filter_node *field)
{
	if (constant->kind != NODE_CONSTANT || constant->type != TYPE_NUMBER || field->kind != NODE_FIELD)
		return NULL;
	return value_name(field->def->names, (uint64_t)constant->low.number);
}

/* The other side: a number that has a name is told by both. */
static void value(const struct writer *w, const struct filter_node *node, const struct filter_node *field)
{
	const char *name = name_of(node, field);

	if (node->kind != NODE_CONSTANT) {
		operand(w, node);
		return;
	}
	if (name && w->filter->expression[node->span.at] == '"') {
		text_int(w->out, (int64_t)node->low.number);
		text_format(w->out, " (%s)", name);
		return;
	}
	spot(w, node);
	if (name)
		text_format(w->out, " (%s)", name);
}

static bool is_prefix(const struct filter_node *node)
{
	return node->kind == NODE_CONSTANT && filter_order(node->type, &node->low, &node->high) != 0;
}

static bool is_either(const struct filter_node *node)
{
	return node->kind == NODE_FIELD && node->def->either;
}

static void subject(const struct writer *w, const struct filter_node *test, const struct filter_node *node)
{
	if (test->all)
		text_string(w->out, "every ");
	else if (is_either(node))
		text_string(w->out, "at least one ");
	operand(w, node);
}

/* ------------------------------------------------------------------------------------------------ conditions in words
 */

static const char *const relation_words[] = {
	[RELATION_EQ] = "is",         [RELATION_NE] = "is not",   [RELATION_LT] = "is below",
	[RELATION_LE] = "is at most", [RELATION_GT] = "is above", [RELATION_GE] = "is at least",
};

static void compared(const struct writer *w, const struct filter_node *node)
{
	bool turned = node->left->kind == NODE_CONSTANT && node->right->kind != NODE_CONSTANT;
	const struct filter_node *left = turned ? node->right : node->left, *right = turned ? node->left : node->right;
	enum relation relation = turned ? filter_mirrored(node->relation) : node->relation;

	subject(w, node, left);
	text_format(w->out, " %s ", relation_words[relation]);
	if (is_prefix(right))
		text_string(w->out, relation <= RELATION_NE ? "in " : "all of ");
	value(w, right, left);
}

static void set(const struct writer *w, const struct filter_node *node)
{
	subject(w, node, node->left);
	text_string(w->out, " is one of ");
	for (const struct filter_node *e = node->right; e; e = e->next) {
		if (e != node->right)
			text_string(w->out, e->next ? ", " : " or ");
		value(w, e, node->left);
	}
}

static void present(const struct writer *w, const struct filter_node *node)
{
	operand(w, node->left);
	if (node->left->kind == NODE_FIELD || node->left->kind == NODE_PROTOCOL || node->left->kind == NODE_SLICE ||
	    node->left->type == TYPE_STRING)
		text_string(w->out, " is there");
	else
		text_string(w->out, " is not 0");
}

static void test(const struct writer *w, const struct filter_node *node)
{
	switch (node->kind) {
	case NODE_COMPARE:
		compared(w, node);
		break;
	case NODE_IN:
		set(w, node);
		break;
	case NODE_CONTAINS:
	case NODE_MATCHES:
		subject(w, node, node->left);
		text_string(w->out, node->kind == NODE_CONTAINS ? " contains " : " matches, in any case, ");
		spot(w, node->right);
		break;
	default:
		present(w, node);
		break;
	}
}

static void item(const struct writer *w, const struct filter_node *node, unsigned depth);

/* a and b and c is one list. */
static void items(const struct writer *w, const struct filter_node *node, enum node_kind kind, unsigned depth)
{
	if (node->kind == kind) {
		items(w, node->left, kind, depth);
		items(w, node->right, kind, depth);
	} else {
		item(w, node, depth);
	}
}

static void item(const struct writer *w, const struct filter_node *node, unsigned depth)
{
	static const char *const heads[] = {
		[NODE_OR] = "at least one of these holds:",
		[NODE_XOR] = "one of these holds, and not both:",
		[NODE_AND] = "all of these hold:",
		[NODE_NOT] = "this does not hold:",
	};

	text_fill(w->out, ' ', 2 * (depth < 20 ? depth : 20));
	if (node->kind > NODE_NOT) {
		test(w, node);
		text_char(w->out, '\n');
		return;
	}
	text_format(w->out, "%s\n", heads[node->kind]);
	if (node->kind == NODE_NOT)
		item(w, node->left, depth + 1);
	else if (node->kind == NODE_XOR) {
		item(w, node->left, depth + 1);
		item(w, node->right, depth + 1);
	} else {
		items(w, node, node->kind, depth + 1);
	}
}

/* ------------------------------------------------------------------------------------------------ steps */

static const char *const step_names[] = {
	[STEP_READ] = "read",         [STEP_OCTETS] = "octets",        [STEP_CONSTANT] = "constant",
	[STEP_SLICE] = "slice",       [STEP_ARITHMETIC] = "calculate", [STEP_NEGATE] = "negate",
	[STEP_CALL] = "call",         [STEP_EXISTS] = "field",         [STEP_LAYER] = "layer",
	[STEP_WITHIN] = "within",     [STEP_AMONG] = "among",          [STEP_COMPARE] = "compare",
	[STEP_CONTAINS] = "contains", [STEP_MATCHES] = "matches",      [STEP_IN] = "in",
	[STEP_TRUE] = "true",         [STEP_ANYTHING] = "anything",    [STEP_KEEP] = "keep",
	[STEP_KEPT] = "kept",
};

/* A number as the field has it. */
static void number(struct text *out, const struct filter_step *step, uint64_t biased)
{
	uint64_t value = biased ^ step->bias;

	if (step->def->type == FIELD_IPV4 && value <= UINT32_MAX)
		text_wrote(out, put_ipv4(text_room(out, 16), (uint32_t)value));
	else if (step->def->type == FIELD_TIME || step->def->type == FIELD_DURATION)
		text_seconds(out, (int64_t)value, 9);
	else if (step->bias)
		text_int(out, (int64_t)value);
	else
		text_uint(out, value);
}

/* An end that every number passes is left open. */
static void ends(struct text *out, const struct filter_step *step, struct filter_interval interval)
{
	uint64_t to = interval.from + interval.span;

	if (interval.from || !interval.span)
		number(out, step, interval.from);
	if (!interval.span)
		return;
	text_string(out, "..");
	if (to != UINT64_MAX)
		number(out, step, to);
}

static void intervals(struct text *out, const struct filter_step *step)
{
	const unsigned shown = 6;

	for (unsigned i = 0; i < step->among_count && i < shown; i++) {
		text_string(out, i ? ", " : "");
		ends(out, step, step->among[i]);
	}
	if (step->among_count > shown)
		text_format(out, ", %u more", step->among_count - shown);
}

static void rows(struct text *out, const struct filter_step *step)
{
	text_string(out, step->def->name);
	if (step->other != step->def)
		text_format(out, "|%s", step->other->name);
}

static void tested(const struct writer *w, const struct filter_step *step)
{
	struct text *out = w->out;

	switch (step->op) {
	case STEP_EXISTS:
		rows(out, step);
		break;
	case STEP_LAYER:
		spot(w, step->node);
		break;
	case STEP_WITHIN:
		rows(out, step);
		text_string(out, step->negate ? " outside " : " ");
		ends(out, step, step->within);
		break;
	case STEP_AMONG:
		rows(out, step);
		text_char(out, ' ');
		intervals(out, step);
		break;
	case STEP_KEEP:
		text_format(out, "flag %u = %s", step->a, step->negate ? "no" : "yes");
		break;
	case STEP_KEPT:
		text_format(out, "flag %u", step->a);
		break;
	default:
		text_format(out, "r%u: ", step->a);
		spot(w, step->node);
		break;
	}
}

static void target(struct text *out, const char *word, uint16_t to)
{
	if (to >= STEP_FAIL)
		text_format(out, "  %s: %s", word, to == STEP_PASS ? "pass" : "drop");
	else
		text_format(out, "  %s: %u", word, to);
}

static void step_line(const struct writer *w, unsigned number)
{
	const struct filter_step *step = &w->filter->steps[number];
	struct text *out = w->out;
	size_t start = out->length;

	text_format(out, "%4u  %-9s ", number, step_names[step->op]);
	if (step->op < STEP_EXISTS) {
		text_format(out, "r%u = ", step->out);
		spot(w, step->node);
	} else {
		tested(w, step);
		text_string(out, step->all ? ", all" : "");
		text_pad(out, start, 60);
		target(out, "yes", step->yes);
		target(out, "no", step->no);
	}
	text_char(out, '\n');
}

/* ------------------------------------------------------------------------------------------------ all of it */

void filter_explain(const struct filter *filter, struct text *out)
{
	const struct writer w = { filter, out };

	if (!filter->tree.root) {
		text_format(out, "Every %s passes.\n", filter->tree.source.names->thing);
		return;
	}
	text_format(out, "A %s passes when\n", filter->tree.source.names->thing);
	item(&w, filter->tree.root, 1);
	if (filter_reads(filter, FIELD_AHEAD))
		text_string(out,
			    "\nIt reads what only later packets tell: a file must be read twice, and a live capture "
			    "cannot know it.\n");
	else if (filter_reads(filter, FIELD_FOLLOWED))
		text_string(out, "\nIt reads what earlier packets tell: they must be in the capture.\n");
	text_string(out, "\nIts steps, from 0 on:\n");
	for (unsigned i = 0; i < filter->step_count; i++)
		step_line(&w, i);
}
