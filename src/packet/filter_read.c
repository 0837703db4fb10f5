/* SPDX-License-Identifier: BSD-2-Clause */
/* What a packet has: values of fields and octets of protocols, as lists; and the room for octets that are made. */
#include <stdlib.h>

#include "base/mem.h"
#include "packet/filter_parts.h"

#define CHUNK (64u << 10)

struct filter_chunk {
	struct filter_chunk *next;
	uint32_t used, size;
	uint8_t octets[];
};

/* ------------------------------------------------------------------------------------------------ lists and room */

void filter_add(struct filter_list *list, struct filter_value value)
{
	if (list->count == FILTER_MAX_VALUES)
		return;
	if (list->count == list->size) {
		list->size = list->size ? 2 * list->size : 8;
		list->values = mem_resize(list->values, list->size, sizeof *list->values);
	}
	list->values[list->count++] = value;
}

uint8_t *filter_room_take(struct filter_room *room, uint32_t length)
{
	struct filter_chunk *chunk = room->chunks;

	if (length > FILTER_MAX_OCTETS || room->total > FILTER_MAX_OCTETS - length)
		return NULL;
	if (!chunk || chunk->size - chunk->used < length) {
		uint32_t size = length > CHUNK ? length : CHUNK;

		chunk = mem_new(1, sizeof *chunk + size);
		chunk->size = size;
		chunk->next = room->chunks;
		room->chunks = chunk;
	}
	/* At least one, so that an empty one too is seen to be there. */
	room->total += length ? length : 1;
	chunk->used += length;
	return chunk->octets + chunk->used - length;
}

/* The last chunk stays for the next comparison. */
void filter_room_clear(struct filter_room *room)
{
	struct filter_chunk *next, *chunk = room->chunks;

	room->total = 0;
	if (!chunk)
		return;
	for (next = chunk->next; next;) {
		struct filter_chunk *gone = next;

		next = gone->next;
		free(gone);
	}
	chunk->next = NULL;
	chunk->used = 0;
}

void filter_room_release(struct filter_room *room)
{
	filter_room_clear(room);
	free(room->chunks);
}

/* ------------------------------------------------------------------------------------------------ layers */

/* Whether the place, counted from 1 among `count`, is in one of the ranges. */
static bool in_ranges(const struct filter_node *node, int place, int count)
{
	for (unsigned i = 0; i < node->range_count; i++) {
		const struct filter_range *range = &node->ranges[i];
		int from = range->from < 0 ? count + 1 + range->from : range->from;
		int to = range->kind == RANGE_LENGTH ? from + range->to - 1
			 : range->kind == RANGE_REST ? count
			 : range->to < 0             ? count + 1 + range->to
						     : range->to;

		if (place >= from && place <= to)
			return true;
	}
	return false;
}

static int count_layers(const struct packet *packet, const struct dissector *dissector)
{
	int count = 0;

	for (unsigned i = 0; i < packet->layer_count; i++)
		count += packet->layers[i].dissector == dissector;
	return count;
}

bool filter_layer_there(const struct filter_node *node, const struct dissector *dissector, const struct packet *packet)
{
	int count;

	if (!node->range_count) {
		for (unsigned i = 0; i < packet->layer_count; i++)
			if (packet->layers[i].dissector == dissector)
				return true;
		return false;
	}
	count = count_layers(packet, dissector);
	for (int place = 1; place <= count; place++)
		if (in_ranges(node, place, count))
			return true;
	return false;
}

/* ------------------------------------------------------------------------------------------------ fields */

static struct filter_value value_of(const struct field *field)
{
	switch (field->def->type) {
	case FIELD_INT:
	case FIELD_TIME:
	case FIELD_DURATION:
		return (struct filter_value){ .number = field->value.time };
	case FIELD_BOOL:
		return (struct filter_value){ .number = field->value.uint != 0 };
	case FIELD_MAC:
	case FIELD_IPV6:
	case FIELD_BYTES:
	case FIELD_STRING:
		return (struct filter_value){ .at = field->value.bytes, .length = field->length };
	default:
		return (struct filter_value){ .number = field->value.uint };
	}
}

static bool is_row(const struct filter_node *node, const struct field_def *def)
{
	if (def == node->def)
		return true;
	for (const uint8_t *row = node->def->either; row && *row != 0xff; row++)
		if (def == &node->dissector->fields[*row])
			return true;
	return false;
}

void filter_read(struct filter *filter, const struct filter_step *step, const struct packet *packet,
		 struct filter_list *list)
{
	const struct filter_node *node = step->node;
	int place = 0, count = node->range_count ? count_layers(packet, step->dissector) : 0;

	(void)filter;
	for (unsigned i = 0; i < packet->layer_count; i++) {
		const struct layer *layer = &packet->layers[i];

		if (layer->dissector != step->dissector || (node->range_count && !in_ranges(node, ++place, count)))
			continue;
		for (unsigned k = layer->first_field; k < (unsigned)layer->first_field + layer->field_count; k++)
			if (is_row(node, packet->fields[k].def))
				filter_add(list, value_of(&packet->fields[k]));
	}
}

/* ------------------------------------------------------------------------------------------------ protocols */

/* Where the octets end that the layers of the same source claim; behind them is padding. */
static uint32_t end_of(const struct packet *packet, unsigned at)
{
	const struct layer *layer = &packet->layers[at];
	uint32_t end = layer->offset + layer->length;

	for (unsigned i = at + 1; i < packet->layer_count; i++) {
		const struct layer *other = &packet->layers[i];

		if (other->base == layer->base && strcmp(other->dissector->name, "padding") &&
		    other->offset + other->length > end)
			end = other->offset + other->length;
	}
	return end;
}

/* The frame and the link layer have the padding too; what the capture says besides has no octets. */
static uint32_t octets_end(const struct packet *packet, unsigned at)
{
	if (!at || at == packet->first_layer)
		return packet->frame->cap_length;
	return at < packet->first_layer ? packet->layers[at].offset : end_of(packet, at);
}

/*
 * From the layer's first octet to the end of what it carries; the link layer has the padding too. The length that len()
 * tells is that of the layer itself, as in Wireshark, which also ends slices there.
 */
void filter_read_octets(const struct filter_step *step, const struct packet *packet, struct filter_list *list)
{
	const struct filter_node *node = step->node;
	int place = 0, count = node->range_count ? count_layers(packet, step->dissector) : 0;

	for (unsigned i = 0; i < packet->layer_count; i++) {
		const struct layer *layer = &packet->layers[i];
		uint32_t end = octets_end(packet, i);

		if (step->all && i)
			end = layer->offset + layer->length;
		if (layer->dissector == step->dissector && (!node->range_count || in_ranges(node, ++place, count)))
			filter_add(list, (struct filter_value){ .at = layer_octets(packet, layer),
								.length = end - layer->offset });
	}
}
