/* SPDX-License-Identifier: BSD-2-Clause */
#include "packet/keep.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct keep_block {
	struct keep_block *next;
	uint8_t octets[];
};

static uint8_t *copy(struct keep *keep, const uint8_t *octets, size_t length)
{
	struct keep_block *block = mem_new(1, sizeof *block + length);

	memcpy(block->octets, octets, length);
	block->next = keep->blocks;
	keep->blocks = block;
	return block->octets;
}

static bool has_octets(const struct field *field)
{
	enum field_type type = field->def->type;

	return field->length &&
	       (type == FIELD_STRING || type == FIELD_BYTES || type == FIELD_MAC || type == FIELD_IPV6);
}

/* Fields of the layer whose octets are among the `length` from `base` on; they move to `place`. */
static void move_fields(struct packet *packet, const struct layer *layer, const uint8_t *base, size_t length,
			const uint8_t *place)
{
	struct field *field = &packet->fields[layer->first_field], *end = field + layer->field_count;

	for (; field < end; field++) {
		uintptr_t at = (uintptr_t)field->value.bytes - (uintptr_t)base;

		if (has_octets(field) && at < length)
			field->value.bytes = place + at;
	}
}

/* The layers that stand in octets put together from several packets: all from `first` on that have the same ones. */
static void keep_layers(struct packet *packet, struct keep *keep, unsigned first)
{
	const uint8_t *base = packet->layers[first].base, *place;
	size_t length = packet->layers[first].end;

	place = copy(keep, base, length);
	for (unsigned i = first; i < packet->layer_count; i++) {
		struct layer *layer = &packet->layers[i];

		if (layer->base != base)
			continue;
		move_fields(packet, layer, base, length, place);
		layer->base = place;
	}
}

static void keep_note(struct field *field, struct keep *keep)
{
	if (field->def->flags & FIELD_FOLLOWED && has_octets(field))
		field->value.bytes = copy(keep, field->value.bytes, field->length);
}

void packet_keep(struct packet *packet, struct keep *keep)
{
	struct keep_block *before = keep->blocks;

	if (!packet->borrows)
		return;
	for (unsigned i = 0; i < packet->layer_count; i++) {
		const uint8_t *base = packet->layers[i].base;

		/* What was kept a layer ago has its place already. */
		if (base && (keep->blocks == before || base != keep->blocks->octets))
			keep_layers(packet, keep, i);
	}
	for (unsigned i = 0; i < packet->field_count; i++)
		keep_note(&packet->fields[i], keep);
	packet->borrows = false;
}

void keep_clear(struct keep *keep)
{
	while (keep->blocks) {
		struct keep_block *block = keep->blocks;

		keep->blocks = block->next;
		free(block);
	}
}
