/* SPDX-License-Identifier: BSD-2-Clause */
/* Pieces of summaries that several dissectors share. */
#include "packet/dissector.h"

static void add_value(struct text *out, const struct field *field)
{
	char *at = text_room(out, 64);

	switch (field->def->type) {
	case FIELD_IPV4:
		at = put_ipv4(at, (uint32_t)field->value.uint);
		break;
	case FIELD_IPV6:
		at = put_ipv6(at, field->value.bytes);
		break;
	case FIELD_MAC:
		at = put_mac(at, field->value.bytes, field->length, ':');
		break;
	default:
		at = put_uint(at, field->value.uint);
	}
	text_wrote(out, at);
}

void summary_words(const struct packet *packet, const struct layer *layer, const char *const *words, unsigned count,
		   struct text *out)
{
	const struct field *field = &packet->fields[layer->first_field], *end = field + layer->field_count;

	for (; field < end; field++) {
		size_t row = (size_t)(field->def - layer->dissector->fields);

		if (row >= count || !words[row] || (field->def->type == FIELD_BOOL && !field->value.uint))
			continue;
		text_string(out, words[row]);
		if (field->def->type != FIELD_BOOL)
			add_value(out, field);
	}
}

/* Roles are not set inside a quotation, so the fields that would have played them are looked for. */
static const struct field *quoted_role(const struct packet *packet, enum field_role role, unsigned *where)
{
	for (unsigned i = 0; i < packet->layer_count; i++) {
		const struct layer *layer = &packet->layers[i];
		const struct field *field = &packet->fields[layer->first_field];

		for (unsigned n = layer->quoted ? layer->field_count : 0; n; n--, field++)
			if (field->def->role == role) {
				*where = i;
				return field;
			}
	}
	return NULL;
}

static void add_end(struct text *out, const struct field *address, const struct field *port)
{
	bool brackets = port && address->def->type == FIELD_IPV6;

	if (brackets)
		text_char(out, '[');
	add_value(out, address);
	if (brackets)
		text_char(out, ']');
	if (!port)
		return;
	text_char(out, ':');
	text_uint(out, port->value.uint);
}

void summary_quotation(const struct packet *packet, struct text *out)
{
	unsigned network, transport;
	const struct field *src = quoted_role(packet, ROLE_SRC_ADDR, &network);
	const struct field *dst = quoted_role(packet, ROLE_DST_ADDR, &network);
	const struct field *src_port = quoted_role(packet, ROLE_SRC_PORT, &transport);
	const struct field *dst_port = quoted_role(packet, ROLE_DST_PORT, &transport);

	if (!src || !dst)
		return;
	if (!dst_port)
		transport = network + 1;
	text_string(out, " for ");
	if (transport < packet->layer_count && packet->layers[transport].dissector->binds) {
		text_string(out, packet->layers[transport].dissector->title);
		text_char(out, ' ');
	}
	add_end(out, src, src_port);
	text_string(out, " > ");
	add_end(out, dst, dst_port);
}

void summary_took(int64_t nanoseconds, struct text *out)
{
	uint64_t size = nanoseconds < 0 ? -(uint64_t)nanoseconds : (uint64_t)nanoseconds;

	text_string(out, ", after ");
	if (size < 1000000000) {
		/* Seconds of a time a thousand times as long are milliseconds. */
		text_seconds(out, nanoseconds * 1000, size < 1000000 ? 3 : size < 10000000 ? 1 : 0);
		text_string(out, " ms");
	} else {
		text_seconds(out, nanoseconds, 3);
		text_string(out, " s");
	}
}
