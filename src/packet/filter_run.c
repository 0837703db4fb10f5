/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs the steps over a packet. What most filters ask is answered here, without registers. */
#include "packet/filter_parts.h"

static inline bool is_row(const struct filter_step *step, const struct field *field)
{
	return field->def == step->def || field->def == step->other;
}

static inline const struct field *fields_of(const struct packet *packet, const struct layer *layer,
					    const struct field **end)
{
	*end = &packet->fields[layer->first_field + layer->field_count];
	return &packet->fields[layer->first_field];
}

static bool exists(const struct filter_step *step, const struct packet *packet)
{
	for (unsigned i = 0; i < packet->layer_count; i++) {
		const struct field *field, *end;

		if (packet->layers[i].dissector != step->dissector)
			continue;
		for (field = fields_of(packet, &packet->layers[i], &end); field < end; field++)
			if (is_row(step, field))
				return true;
	}
	return false;
}

/* Any: true at the first value that passes. All: false at the first that does not; a value there must be. */
static inline bool values_pass(const struct filter_step *step, const struct packet *packet,
			       bool (*passes)(const struct filter_step *step, uint64_t value))
{
	bool found = false;

	for (unsigned i = 0; i < packet->layer_count; i++) {
		const struct field *field, *end;

		if (packet->layers[i].dissector != step->dissector)
			continue;
		for (field = fields_of(packet, &packet->layers[i], &end); field < end; field++) {
			if (!is_row(step, field))
				continue;
			if (passes(step, field->value.uint ^ step->bias) != step->all)
				return !step->all;
			found = true;
		}
	}
	return found && step->all;
}

static inline bool is_within(const struct filter_step *step, uint64_t value)
{
	return (value - step->within.from <= step->within.span) != step->negate;
}

static bool within(const struct filter_step *step, const struct packet *packet)
{
	return values_pass(step, packet, is_within);
}

static inline bool is_among(const struct filter_step *step, uint64_t value)
{
	unsigned low = 0, high = step->among_count;

	while (low < high) {
		unsigned middle = (low + high) / 2;

		if (value < step->among[middle].from)
			high = middle;
		else if (value - step->among[middle].from <= step->among[middle].span)
			return true;
		else
			low = middle + 1;
	}
	return false;
}

static bool among(const struct filter_step *step, const struct packet *packet)
{
	return values_pass(step, packet, is_among);
}

static void constant(struct filter *filter, const struct filter_step *step)
{
	filter_add(&filter->registers[step->out], step->node->low);
}

static void fill(struct filter *filter, const struct filter_step *step, const struct packet *packet)
{
	struct filter_list *out = &filter->registers[step->out];

	out->count = 0;
	switch (step->op) {
	case STEP_READ:
		filter_read(filter, step, packet, out);
		break;
	case STEP_OCTETS:
		filter_read_octets(step, packet, out);
		break;
	case STEP_CONSTANT:
		constant(filter, step);
		break;
	case STEP_SLICE:
		filter_slice(filter, step);
		break;
	case STEP_ARITHMETIC:
		filter_arithmetic(filter, step);
		break;
	case STEP_NEGATE:
		filter_negate(filter, step);
		break;
	default:
		filter_call(filter, step);
		break;
	}
}

static bool test_registers(const struct filter *filter, const struct filter_step *step)
{
	switch (step->op) {
	case STEP_COMPARE:
		return filter_compare(filter, step);
	case STEP_CONTAINS:
		return filter_contains(filter, step);
	case STEP_MATCHES:
		return filter_matches(filter, step);
	case STEP_IN:
		return filter_in(filter, step);
	case STEP_TRUE:
		return filter_true(filter, step);
	default:
		return filter->registers[step->a].count != 0;
	}
}

static bool test(struct filter *filter, const struct filter_step *step, const struct packet *packet)
{
	bool answer;

	switch (step->op) {
	case STEP_WITHIN:
		return within(step, packet);
	case STEP_LAYER:
		return filter_layer_there(step->node, step->dissector, packet);
	case STEP_EXISTS:
		return exists(step, packet);
	case STEP_AMONG:
		return among(step, packet);
	case STEP_KEEP:
		filter->flags[step->a] = !step->negate;
		return true;
	case STEP_KEPT:
		return filter->flags[step->a];
	default:
		answer = test_registers(filter, step);
		if (filter->room.total)
			filter_room_clear(&filter->room);
		return answer;
	}
}

bool filter_run(struct filter *filter, const struct packet *packet)
{
	unsigned at = filter->step_count ? 0 : STEP_PASS;

	while (at < STEP_FAIL) {
		const struct filter_step *step = &filter->steps[at];

		if (step->op < STEP_EXISTS) {
			fill(filter, step, packet);
			at++;
		} else {
			at = test(filter, step, packet) ? step->yes : step->no;
		}
	}
	return at == STEP_PASS;
}
