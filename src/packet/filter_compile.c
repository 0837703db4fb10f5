/* SPDX-License-Identifier: BSD-2-Clause */
/* Tree to steps. Conditions become tests that go on or jump; what most filters ask becomes one step. */
#include <stdlib.h>

#include "base/mem.h"
#include "packet/filter_parts.h"

/* Labels until all steps are there; then they are replaced by places. */
enum { LABEL_PASS, LABEL_FAIL, LABELS };

struct generator {
	struct filter *filter;
	uint16_t *labels;
	unsigned label_count, next_register, steps_size;
};

static void condition(struct generator *g, const struct filter_node *node, uint16_t yes, uint16_t no);
static void fill(struct generator *g, const struct filter_node *node, uint16_t out);

static struct filter_step *emit(struct generator *g, enum step_op op, const struct filter_node *node)
{
	struct filter *filter = g->filter;
	struct filter_step *step;

	if (filter->step_count == g->steps_size) {
		g->steps_size = g->steps_size ? 2 * g->steps_size : 16;
		filter->steps = mem_resize(filter->steps, g->steps_size, sizeof *filter->steps);
	}
	step = &filter->steps[filter->step_count++];
	*step = (struct filter_step){ .op = (uint8_t)op, .node = node };
	return step;
}

static uint16_t label(struct generator *g)
{
	return (uint16_t)g->label_count++;
}

static void here(struct generator *g, uint16_t name)
{
	g->labels[name] = (uint16_t)g->filter->step_count;
}

static uint16_t take_register(struct generator *g, unsigned count)
{
	unsigned first = g->next_register;

	g->next_register += count;
	if (g->next_register > g->filter->register_count)
		g->filter->register_count = g->next_register;
	return (uint16_t)first;
}

/* ------------------------------------------------------------------------------------------------ operands */

static void set_field(struct filter_step *step, const struct filter_node *node)
{
	const struct field_def *fields = node->dissector->fields;
	const uint8_t *either = node->def->either;

	step->dissector = node->dissector;
	step->def = either ? &fields[either[0]] : node->def;
	step->other = either && either[0] != 0xff && either[1] != 0xff ? &fields[either[1]] : step->def;
}

/* A step alone can look for one row or two, in every layer. */
static bool is_simple(const struct filter_node *node)
{
	const uint8_t *either = node->kind == NODE_FIELD ? node->def->either : NULL;

	if (node->kind != NODE_FIELD || node->range_count)
		return false;
	return !either || (either[0] != 0xff && (either[1] == 0xff || either[2] == 0xff));
}

static void fill_call(struct generator *g, const struct filter_node *node, uint16_t out)
{
	unsigned count = 0;
	uint16_t first, at;
	struct filter_step *step;

	for (const struct filter_node *argument = node->left; argument; argument = argument->next)
		count++;
	at = first = take_register(g, count);
	for (const struct filter_node *argument = node->left; argument; argument = argument->next)
		fill(g, argument, at++);
	/* Of a protocol len() counts the layer's own octets. */
	step = &g->filter->steps[g->filter->step_count - 1];
	step->all = node->function == FUNCTION_LEN && step->op == STEP_OCTETS;
	step = emit(g, STEP_CALL, node);
	step->out = out;
	step->a = first;
	step->b = (uint16_t)count;
}

static void fill_from(struct generator *g, enum step_op op, const struct filter_node *node, uint16_t out)
{
	uint16_t a = take_register(g, 1), b = 0;
	struct filter_step *step;

	fill(g, node->left, a);
	if (op == STEP_ARITHMETIC) {
		b = take_register(g, 1);
		fill(g, node->right, b);
	}
	step = emit(g, op, node);
	step->out = out;
	step->a = a;
	step->b = b;
	step->type = (uint8_t)node->type;
}

static void fill(struct generator *g, const struct filter_node *node, uint16_t out)
{
	struct filter_step *step;

	switch (node->kind) {
	case NODE_FIELD:
		step = emit(g, STEP_READ, node);
		set_field(step, node);
		break;
	case NODE_PROTOCOL:
		step = emit(g, STEP_OCTETS, node);
		step->dissector = node->dissector;
		break;
	case NODE_SLICE:
		fill_from(g, STEP_SLICE, node, out);
		return;
	case NODE_ARITHMETIC:
		fill_from(g, STEP_ARITHMETIC, node, out);
		return;
	case NODE_NEGATE:
		fill_from(g, STEP_NEGATE, node, out);
		return;
	case NODE_CALL:
		fill_call(g, node, out);
		return;
	default:
		step = emit(g, STEP_CONSTANT, node);
		break;
	}
	step->out = out;
	step->type = (uint8_t)node->type;
}

/* ------------------------------------------------------------------------------------------------ tests */

enum relation filter_mirrored(enum relation relation)
{
	static const enum relation other[] = {
		[RELATION_EQ] = RELATION_EQ, [RELATION_NE] = RELATION_NE, [RELATION_LT] = RELATION_GT,
		[RELATION_LE] = RELATION_GE, [RELATION_GT] = RELATION_LT, [RELATION_GE] = RELATION_LE,
	};

	return other[relation];
}

static bool constant_elements(const struct filter_node *set)
{
	for (const struct filter_node *e = set->right; e; e = e->next)
		if (e->kind == NODE_RANGE ? e->left->kind != NODE_CONSTANT || e->right->kind != NODE_CONSTANT
					  : e->kind != NODE_CONSTANT)
			return false;
	return true;
}

static struct filter_step *compare(struct generator *g, const struct filter_node *node)
{
	const struct filter_node *left = node->left, *right = node->right;
	enum relation relation = node->relation;
	uint16_t a = take_register(g, 1), b = take_register(g, 1);
	struct filter_step *step;

	if (left->kind == NODE_CONSTANT) {
		left = node->right;
		right = node->left;
		relation = filter_mirrored(relation);
	}
	if (is_simple(left) && type_is_number(left->type) && right->kind == NODE_CONSTANT) {
		step = emit(g, STEP_WITHIN, node);
		set_field(step, left);
		filter_set_within(step, left->def, relation, right);
		return step;
	}
	fill(g, left, a);
	if (right->kind != NODE_CONSTANT)
		fill(g, right, b);
	step = emit(g, STEP_COMPARE, node);
	step->constant = right->kind == NODE_CONSTANT ? right : NULL;
	step->relation = (uint8_t)relation;
	step->type = (uint8_t)left->type;
	step->a = a;
	step->b = b;
	return step;
}

static struct filter_step *among(struct generator *g, const struct filter_node *node)
{
	uint16_t a = take_register(g, 1);
	struct filter_step *step;

	if (is_simple(node->left) && type_is_number(node->left->type) && constant_elements(node)) {
		step = emit(g, STEP_AMONG, node);
		set_field(step, node->left);
		filter_set_among(step, node->left->def, node);
		return step;
	}
	fill(g, node->left, a);
	step = emit(g, STEP_IN, node);
	step->type = (uint8_t)node->left->type;
	step->a = a;
	return step;
}

static struct filter_step *search(struct generator *g, const struct filter_node *node)
{
	uint16_t a = take_register(g, 1), b = take_register(g, 1);
	struct filter_step *step;

	fill(g, node->left, a);
	if (node->kind == NODE_CONTAINS)
		fill(g, node->right, b);
	step = emit(g, node->kind == NODE_CONTAINS ? STEP_CONTAINS : STEP_MATCHES, node);
	step->a = a;
	step->b = b;
	return step;
}

static struct filter_step *presence(struct generator *g, const struct filter_node *node)
{
	const struct filter_node *operand = node->left;
	struct filter_step *step;
	uint16_t a;

	if (operand->kind == NODE_PROTOCOL) {
		step = emit(g, STEP_LAYER, operand);
		step->dissector = operand->dissector;
		return step;
	}
	if (is_simple(operand)) {
		step = emit(g, STEP_EXISTS, operand);
		set_field(step, operand);
		return step;
	}
	a = take_register(g, 1);
	fill(g, operand, a);
	step = emit(g, operand->kind == NODE_FIELD || operand->kind == NODE_SLICE ? STEP_ANYTHING : STEP_TRUE, node);
	step->type = (uint8_t)operand->type;
	step->a = a;
	return step;
}

static void test(struct generator *g, const struct filter_node *node, uint16_t yes, uint16_t no)
{
	struct filter_step *step;

	g->next_register = 0;
	switch (node->kind) {
	case NODE_COMPARE:
		step = compare(g, node);
		break;
	case NODE_IN:
		step = among(g, node);
		break;
	case NODE_TEST:
		step = presence(g, node);
		break;
	default:
		step = search(g, node);
		break;
	}
	step->all = node->all;
	step->yes = yes;
	step->no = no;
}

/* ------------------------------------------------------------------------------------------------ conditions */

static void keep(struct generator *g, bool value, unsigned flag, uint16_t then)
{
	struct filter_step *step = emit(g, STEP_KEEP, NULL);

	step->a = (uint16_t)flag;
	step->negate = !value;
	step->yes = step->no = then;
}

static void kept(struct generator *g, unsigned flag, uint16_t yes, uint16_t no)
{
	struct filter_step *step = emit(g, STEP_KEPT, NULL);

	step->a = (uint16_t)flag;
	step->yes = yes;
	step->no = no;
}

/* Both sides are asked; what the left one said is kept in a flag. */
static void either_or(struct generator *g, const struct filter_node *node, uint16_t yes, uint16_t no)
{
	unsigned flag = g->filter->flag_count++;
	uint16_t left_yes = label(g), left_no = label(g), right = label(g), right_yes = label(g), right_no = label(g);

	condition(g, node->left, left_yes, left_no);
	here(g, left_yes);
	keep(g, true, flag, right);
	here(g, left_no);
	keep(g, false, flag, right);
	here(g, right);
	condition(g, node->right, right_yes, right_no);
	here(g, right_yes);
	kept(g, flag, no, yes);
	here(g, right_no);
	kept(g, flag, yes, no);
}

static void condition(struct generator *g, const struct filter_node *node, uint16_t yes, uint16_t no)
{
	uint16_t between;

	switch (node->kind) {
	case NODE_AND:
	case NODE_OR:
		between = label(g);
		condition(g, node->left, node->kind == NODE_AND ? between : yes, node->kind == NODE_AND ? no : between);
		here(g, between);
		condition(g, node->right, yes, no);
		break;
	case NODE_NOT:
		condition(g, node->left, no, yes);
		break;
	case NODE_XOR:
		either_or(g, node, yes, no);
		break;
	default:
		test(g, node, yes, no);
		break;
	}
}

int filter_generate(struct filter *filter)
{
	struct generator g = { .filter = filter, .label_count = LABELS };

	if (!filter->tree.root)
		return 0;
	g.labels = mem_new(5 * (size_t)filter->tree.node_count + LABELS, sizeof *g.labels);
	condition(&g, filter->tree.root, LABEL_PASS, LABEL_FAIL);
	g.labels[LABEL_PASS] = STEP_PASS;
	g.labels[LABEL_FAIL] = STEP_FAIL;
	for (unsigned i = 0; i < filter->step_count; i++)
		if (filter->steps[i].op >= STEP_EXISTS) {
			filter->steps[i].yes = g.labels[filter->steps[i].yes];
			filter->steps[i].no = g.labels[filter->steps[i].no];
		}
	free(g.labels);
	filter->registers = mem_new(filter->register_count + 1, sizeof *filter->registers);
	filter->flags = mem_new(filter->flag_count + 1, sizeof *filter->flags);
	return 0;
}

void filter_steps_release(struct filter *filter)
{
	for (unsigned i = 0; i < filter->step_count; i++)
		free(filter->steps[i].among);
	for (unsigned i = 0; filter->registers && i < filter->register_count; i++)
		free(filter->registers[i].values);
	free(filter->steps);
	free(filter->registers);
	free(filter->flags);
}
