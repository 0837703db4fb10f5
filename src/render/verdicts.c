/* SPDX-License-Identifier: BSD-2-Clause */
#include "render/verdicts.h"

#include "packet/dissector.h"
#include "render/color.h"

/* Pieces end with NULL. */
static void add(struct text *out, bool color, const char *const *pieces)
{
	if (color)
		text_string(out, COLOR_BAD);
	text_string(out, " [");
	for (; *pieces; pieces++)
		text_string(out, *pieces);
	text_char(out, ']');
	if (color)
		text_string(out, COLOR_RESET);
}

static void malformed(struct text *out, const struct layer *layer, bool color)
{
	add(out, color, (const char *const[]){ "malformed ", layer->dissector->title, layer->problem ? ": " : NULL,
					       layer->problem, NULL });
}

static const struct layer *owner(const struct packet *packet, unsigned field)
{
	unsigned i = packet->layer_count - 1;

	while (i && packet->layers[i].first_field > field)
		i--;
	return &packet->layers[i];
}

void verdicts_add(struct text *out, const struct packet *packet, bool color)
{
	bool cut = false;

	if (!packet->remarkable)
		return;
	for (unsigned i = 0; i < packet->layer_count; i++) {
		const struct layer *layer = &packet->layers[i];

		if (__builtin_expect(layer->state == LAYER_OK, 1))
			continue;
		cut |= layer->state == LAYER_CUT && !layer->quoted;
		if (layer->state == LAYER_MALFORMED)
			malformed(out, layer, color);
	}
	if (cut)
		add(out, color, (const char *const[]){ "cut", NULL });
	for (unsigned i = 0; i < packet->field_count; i++) {
		const struct field *field = &packet->fields[i];

		/* The value first: it is at hand, the row is not. */
		if (field->value.uint == CHECKSUM_BAD && field->def->names == checksum_status_names)
			add(out, color, (const char *const[]){ "bad ", owner(packet, i)->dissector->title,
							       " checksum", NULL });
	}
}
