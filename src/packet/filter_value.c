/* SPDX-License-Identifier: BSD-2-Clause */
/* Comparisons of lists, and what makes lists of lists: slices, arithmetic. */
#include "packet/filter_parts.h"

#include "base/utf8.h"

int filter_order(enum filter_type type, const struct filter_value *a, const struct filter_value *b)
{
	uint32_t shorter;
	int order;

	if (type_is_number(type))
		return (a->number > b->number) - (a->number < b->number);
	shorter = a->length < b->length ? a->length : b->length;
	order = shorter ? memcmp(a->at, b->at, shorter) : 0;
	return order ? order : (a->length > b->length) - (a->length < b->length);
}

/* ------------------------------------------------------------------------------------------------ tests */

/* `b` is a range: its ends are the same but for prefixes. */
static bool holds(enum relation relation, enum filter_type type, const struct filter_value *a,
		  const struct filter_value *low, const struct filter_value *high)
{
	switch (relation) {
	case RELATION_EQ:
		return filter_order(type, a, low) >= 0 && filter_order(type, a, high) <= 0;
	case RELATION_NE:
		return filter_order(type, a, low) < 0 || filter_order(type, a, high) > 0;
	case RELATION_LT:
		return filter_order(type, a, low) < 0;
	case RELATION_LE:
		return filter_order(type, a, high) <= 0;
	case RELATION_GT:
		return filter_order(type, a, high) > 0;
	default:
		return filter_order(type, a, low) >= 0;
	}
}

static bool compare_constant(const struct filter_step *step, const struct filter_list *a)
{
	for (unsigned i = 0; i < a->count; i++)
		if (holds(step->relation, step->type, &a->values[i], &step->constant->low, &step->constant->high) !=
		    step->all)
			return !step->all;
	return step->all && a->count;
}

bool filter_compare(const struct filter *filter, const struct filter_step *step)
{
	const struct filter_list *a = &filter->registers[step->a], *b = &filter->registers[step->b];

	if (step->constant)
		return compare_constant(step, a);
	for (unsigned i = 0; i < a->count; i++)
		for (unsigned k = 0; k < b->count; k++)
			if (holds(step->relation, step->type, &a->values[i], &b->values[k], &b->values[k]) != step->all)
				return !step->all;
	return step->all && a->count && b->count;
}

bool filter_contains(const struct filter *filter, const struct filter_step *step)
{
	const struct filter_list *a = &filter->registers[step->a], *b = &filter->registers[step->b];

	for (unsigned i = 0; i < a->count; i++)
		for (unsigned k = 0; k < b->count; k++)
			if ((memmem(a->values[i].at, a->values[i].length, b->values[k].at, b->values[k].length) !=
			     NULL) != step->all)
				return !step->all;
	return step->all && a->count && b->count;
}

bool filter_matches(const struct filter *filter, const struct filter_step *step)
{
	const struct filter_list *a = &filter->registers[step->a];

	for (unsigned i = 0; i < a->count; i++)
		if (filter_pattern_found(filter, step->node, &a->values[i]) != step->all)
			return !step->all;
	return step->all && a->count;
}

static bool in_set(const struct filter_step *step, const struct filter_value *value)
{
	for (const struct filter_node *e = step->node->right; e; e = e->next) {
		const struct filter_node *from = e->kind == NODE_RANGE ? e->left : e;
		const struct filter_node *to = e->kind == NODE_RANGE ? e->right : e;

		if (filter_order(step->type, value, &from->low) >= 0 && filter_order(step->type, value, &to->high) <= 0)
			return true;
	}
	return false;
}

bool filter_in(const struct filter *filter, const struct filter_step *step)
{
	const struct filter_list *a = &filter->registers[step->a];

	for (unsigned i = 0; i < a->count; i++)
		if (in_set(step, &a->values[i]) != step->all)
			return !step->all;
	return step->all && a->count;
}

static bool is_true(enum filter_type type, const struct filter_value *value)
{
	if (type_is_number(type))
		return value->number != 0;
	if (type == TYPE_STRING)
		return true;
	for (uint32_t i = 0; i < value->length; i++)
		if (value->at[i])
			return true;
	return false;
}

bool filter_true(const struct filter *filter, const struct filter_step *step)
{
	const struct filter_list *a = &filter->registers[step->a];

	for (unsigned i = 0; i < a->count; i++)
		if (is_true(step->type, &a->values[i]))
			return true;
	return false;
}

/* ------------------------------------------------------------------------------------------------ slices */

/* The place in octets of the code point number `index`; text that is no UTF-8 counts octets. */
static uint32_t octet_of(const struct filter_value *value, uint32_t index)
{
	uint32_t at = 0;

	for (; index && at < value->length; index--) {
		uint32_t code;
		unsigned length = utf8_next(value->at + at, value->length - at, &code);

		at += length ? length : 1;
	}
	return at;
}

static uint32_t code_points(const struct filter_value *value)
{
	uint32_t at = 0, count = 0;

	while (at < value->length) {
		uint32_t code;
		unsigned length = utf8_next(value->at + at, value->length - at, &code);

		at += length ? length : 1;
		count++;
	}
	return count;
}

/* Where the part begins and ends in a value of `length`; false when that is not all there. */
static bool bounds(const struct filter_range *range, uint32_t length, uint32_t *from, uint32_t *to)
{
	int64_t first = range->from < 0 ? (int64_t)length + range->from : range->from;
	int64_t end = range->kind == RANGE_LENGTH ? first + range->to
		      : range->kind == RANGE_REST ? (int64_t)length
						  : (range->to < 0 ? (int64_t)length : 0) + range->to + 1;

	*from = (uint32_t)first;
	*to = (uint32_t)end;
	return first >= 0 && end > first && end <= (int64_t)length;
}

static bool one_part(const struct filter_value *value, const struct filter_range *range, bool text,
		     struct filter_value *part)
{
	uint32_t from, to;

	if (!bounds(range, text ? code_points(value) : value->length, &from, &to))
		return false;
	if (text) {
		from = octet_of(value, from);
		to = octet_of(value, to);
	}
	*part = (struct filter_value){ .at = value->at + from, .length = to - from };
	return true;
}

static bool all_parts(struct filter *filter, const struct filter_node *node, const struct filter_value *value,
		      struct filter_value *whole)
{
	struct filter_value parts[FILTER_MAX_RANGES];
	bool text = node->left->type == TYPE_STRING;
	uint32_t length = 0;
	uint8_t *at;

	for (unsigned i = 0; i < node->range_count; i++) {
		if (!one_part(value, &node->ranges[i], text, &parts[i]))
			return false;
		length += parts[i].length;
	}
	if (node->range_count == 1) {
		*whole = parts[0];
		return true;
	}
	at = filter_room_take(&filter->room, length);
	if (!at)
		return false;
	*whole = (struct filter_value){ .at = at, .length = length };
	for (unsigned i = 0; i < node->range_count; at += parts[i++].length)
		memcpy(at, parts[i].at, parts[i].length);
	return true;
}

/* The octets of an address that is kept as a number. */
static struct filter_value octets_of(struct filter *filter, const struct filter_value *value)
{
	uint8_t *at = filter_room_take(&filter->room, 4);

	for (unsigned i = 0; at && i < 4; i++)
		at[i] = (uint8_t)(value->number >> (24 - 8 * i));
	return (struct filter_value){ .at = at, .length = at ? 4 : 0 };
}

void filter_slice(struct filter *filter, const struct filter_step *step)
{
	const struct filter_list *a = &filter->registers[step->a];
	struct filter_value value, whole;

	for (unsigned i = 0; i < a->count; i++) {
		value = step->node->left->type == TYPE_IPV4 ? octets_of(filter, &a->values[i]) : a->values[i];
		if (all_parts(filter, step->node, &value, &whole))
			filter_add(&filter->registers[step->out], whole);
	}
}

/* ------------------------------------------------------------------------------------------------ arithmetic */

static bool calculated(enum token_kind operation, __int128 a, __int128 b, __int128 *out)
{
	switch (operation) {
	case TOKEN_PLUS:
		return !__builtin_add_overflow(a, b, out);
	case TOKEN_MINUS:
		return !__builtin_sub_overflow(a, b, out);
	case TOKEN_STAR:
		return !__builtin_mul_overflow(a, b, out);
	case TOKEN_AMPERSAND:
		*out = a & b;
		return true;
	default:
		if (b == 0)
			return false;
		if (b == -1 && operation == TOKEN_SLASH)
			return !__builtin_sub_overflow((__int128)0, a, out);
		if (b == -1) {
			*out = 0;
			return true;
		}
		*out = operation == TOKEN_SLASH ? a / b : a % b;
		return true;
	}
}

static bool masked(struct filter *filter, const struct filter_value *a, const struct filter_value *b,
		   struct filter_value *out)
{
	uint32_t length = a->length < b->length ? a->length : b->length;
	uint8_t *at = filter_room_take(&filter->room, length);

	for (uint32_t i = 0; at && i < length; i++)
		at[i] = a->at[i] & b->at[i];
	*out = (struct filter_value){ .at = at, .length = length };
	return at != NULL;
}

/* Every value of one side with every one of the other. */
void filter_arithmetic(struct filter *filter, const struct filter_step *step)
{
	const struct filter_list *a = &filter->registers[step->a], *b = &filter->registers[step->b];
	struct filter_list *out = &filter->registers[step->out];
	bool number = type_is_number(step->type);
	struct filter_value value;

	for (unsigned i = 0; i < a->count; i++)
		for (unsigned k = 0; k < b->count && out->count < FILTER_MAX_VALUES; k++)
			if (number ? calculated(step->node->operation, a->values[i].number, b->values[k].number,
						&value.number)
				   : masked(filter, &a->values[i], &b->values[k], &value))
				filter_add(out, value);
}

void filter_negate(struct filter *filter, const struct filter_step *step)
{
	const struct filter_list *a = &filter->registers[step->a];
	struct filter_value value;

	for (unsigned i = 0; i < a->count; i++)
		if (!__builtin_sub_overflow((__int128)0, a->values[i].number, &value.number))
			filter_add(&filter->registers[step->out], value);
}
