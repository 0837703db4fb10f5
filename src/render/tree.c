/* SPDX-License-Identifier: BSD-2-Clause */
/* Every field of a packet on a line of its own, with the place of its octets. */
#include "packet/dissector.h"
#include "render/color.h"
#include "render/names.h"
#include "render/renderers.h"
#include "render/value.h"

#define PLACE_WIDTH 12 /* the column of the octets' offsets */
#define MOST_OCTETS 64 /* of a FIELD_BYTES; -x shows all */

struct tree {
	bool second;         /* a packet was shown before */
	struct time_cache time;
	struct names *names; /* NULL: numeric */
};

static const char *const state_names[] = {
	[LAYER_CUT] = "cut", [LAYER_MALFORMED] = "malformed", [LAYER_OPAQUE] = "not decoded",
};

static void tree_start(void *state, const struct render_options *options, struct text *out)
{
	struct tree *tree = state;

	(void)out;
	if (!options->numeric)
		tree->names = names_new();
}

static void heading(const struct render_options *options, const struct packet *packet, const struct layer *layer,
		    struct text *out)
{
	const struct dissector *d = layer->dissector;
	size_t end;

	if (options->color)
		text_string(out, color_of(d->name));
	text_format(out, "%s (%s)", d->full_name, d->name);
	if (layer->length)
		text_format(out, ", %u octet%s at %u", layer->length, layer->length == 1 ? "" : "s", layer->offset);
	if (layer->quoted)
		text_string(out, ", quoted");
	text_string(out, ": ");
	end = out->length;
	if (d->summary)
		d->summary(packet, layer, out);
	if (out->length == end)
		out->length -= 2;
	if (options->color && *color_of(d->name))
		text_string(out, COLOR_RESET);
	text_char(out, '\n');
}

/* A string that was made, not read, has a length but stands nowhere. */
static bool is_somewhere(const struct field *field)
{
	return field->length && !(field->def->flags & FIELD_GENERATED && field->def->type == FIELD_STRING);
}

static void place(const struct field *field, struct text *out)
{
	size_t start = out->length;

	text_add(out, "  ", 2);
	if (is_somewhere(field))
		text_uint(out, field->offset);
	if (is_somewhere(field) && field->length > 1) {
		text_char(out, '-');
		text_uint(out, (uint64_t)field->offset + field->length - 1);
	}
	text_pad(out, start, PLACE_WIDTH);
	text_fill(out, ' ', 2 * field->def->depth);
}

/* How many bits the number has that `row` is a part of: its width, or as far as the masks of its parts reach. */
static unsigned bits_of(const struct dissector *d, unsigned row)
{
	uint64_t all = 0;

	while (row && d->fields[row].mask)
		row--;
	if (d->fields[row].width)
		return 8 * d->fields[row].width;
	while (++row < d->field_count && d->fields[row].mask)
		all |= d->fields[row].mask;
	return all ? 64 - (unsigned)__builtin_clzll(all) : 0;
}

/* The number's bits with those of this row filled in, as `.... ..1. = `. */
static void pattern(const struct field *field, const struct dissector *d, struct text *out)
{
	uint64_t mask = field->def->mask, value = field->value.uint << __builtin_ctzll(mask);

	for (unsigned bit = bits_of(d, (unsigned)(field->def - d->fields)); bit-- > 0;) {
		text_char(out, !(mask >> bit & 1) ? '.' : value >> bit & 1 ? '1' : '0');
		if (bit && bit % 4 == 0)
			text_char(out, ' ');
	}
	text_string(out, " = ");
}

static void add_value(struct tree *tree, const struct field *field, struct text *out)
{
	const struct service *service = names_of_port(tree->names, field->def, field->value.uint);
	struct field part = *field;

	if (field->def->type == FIELD_BYTES && field->length > MOST_OCTETS) {
		part.length = MOST_OCTETS;
		value_text(out, &tree->time, &part);
		text_format(out, "... (%u octets)", field->length);
		return;
	}
	value_text_named(out, &tree->time, field);
	if (service)
		text_format(out, " (%.*s)", service->length, service->name);
}

/* mark: fields that were worked out stand in brackets. */
static void field_line(struct tree *tree, const struct field *field, const struct dissector *d, bool mark,
		       struct text *out)
{
	bool generated = mark && field->def->flags & FIELD_GENERATED;

	place(field, out);
	if (generated)
		text_char(out, '[');
	if (field->def->mask)
		pattern(field, d, out);
	text_string(out, field->def->label);
	if (field->def->type != FIELD_NONE) {
		text_add(out, ": ", 2);
		add_value(tree, field, out);
	}
	if (generated)
		text_char(out, ']');
	text_char(out, '\n');
}

static void verdict(const struct render_options *options, const struct layer *layer, struct text *out)
{
	const char *state = state_names[layer->state];

	if (!state && !layer->problem)
		return;
	text_fill(out, ' ', PLACE_WIDTH);
	if (options->color)
		text_string(out, COLOR_BAD);
	text_format(out, "[%s%s%s", state ? state : "", state && layer->problem ? ": " : "",
		    layer->problem ? layer->problem : "");
	if (layer->state == LAYER_CUT || layer->state == LAYER_MALFORMED)
		text_format(out, ", at octet %u", layer->problem_offset);
	text_char(out, ']');
	if (options->color)
		text_string(out, COLOR_RESET);
	text_char(out, '\n');
}

static void tree_packet(void *state, const struct render_options *options, const struct packet *packet,
			struct text *out)
{
	struct tree *tree = state;

	if (tree->second)
		text_char(out, '\n');
	tree->second = true;
	for (unsigned i = 0; i < packet->layer_count; i++) {
		const struct layer *layer = &packet->layers[i];

		heading(options, packet, layer, out);
		for (unsigned f = 0; f < layer->field_count; f++)
			field_line(tree, &packet->fields[layer->first_field + f], layer->dissector,
				   i >= packet->first_layer, out);
		verdict(options, layer, out);
	}
	if (options->hex || options->hex_ascii)
		render_hex(out, packet->frame->data, packet->frame->cap_length, options->hex_ascii);
}

static void tree_finish(void *state, const struct render_options *options, const struct render_totals *totals,
			struct text *out)
{
	struct tree *tree = state;

	(void)options;
	(void)totals;
	(void)out;
	names_free(tree->names);
	tree->names = NULL;
}

const struct renderer tree_renderer = {
	.name = "tree",
	.help = "every field on a line, with the place of its octets",
	.state_size = sizeof(struct tree),
	.carried = sizeof(bool),
	.start = tree_start,
	.packet = tree_packet,
	.finish = tree_finish,
};
