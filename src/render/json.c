/* SPDX-License-Identifier: BSD-2-Clause */
/* One JSON object a packet (RFC 8259), one a line. */
#include <stdlib.h>

#include "base/mem.h"
#include "packet/dissector.h"
#include "render/renderers.h"
#include "render/value.h"

#define SLOTS 256    /* of the table by dissector: a power of two, twice as many as there may be */
#define KEY_TEXT 62
#define VALUE_MOST 128 /* octets that a key and a value of fixed size need */

/* What never changes about a row: `"name":`. */
struct key {
	uint8_t length;
	uint8_t type;
	char text[KEY_TEXT];
};

struct protocol_keys {
	const struct dissector *dissector; /* NULL: the slot is free */
	struct key name;
	struct key *rows;
	uint16_t *first; /* by row: the layer's first field of the row + 1, while its fields are looked at; else 0 */
	bool *chosen;    /* by row: asked for with -e; NULL: all are */
};

struct json {
	struct protocol_keys slots[SLOTS];
	uint16_t next[PACKET_MAX_FIELDS]; /* the layer's next field of the same row + 1; 0: the last */
	struct field kept[PACKET_MAX_FIELDS]; /* of the layer at hand, with -e */
};

/* ------------------------------------------------------------------------------------------------ keys */

static void set_key(struct key *key, const char *name, enum field_type type)
{
	size_t length = strlen(name);

	if (length > KEY_TEXT - 3)
		bug("the name %s is too long", name);
	key->text[0] = '"';
	memcpy(key->text + 1, name, length);
	memcpy(key->text + 1 + length, "\":", 2);
	key->length = (uint8_t)(length + 3);
	key->type = (uint8_t)type;
}

static inline unsigned slot_of(const struct dissector *dissector)
{
	return (unsigned)((uint64_t)(uintptr_t)dissector * 0x9e3779b97f4a7c15 >> 56);
}

static inline struct protocol_keys *keys_of(struct json *json, const struct dissector *dissector)
{
	unsigned slot = slot_of(dissector);

	while (json->slots[slot].dissector && json->slots[slot].dissector != dissector)
		slot = (slot + 1) % SLOTS;
	return &json->slots[slot];
}

/* A packet has fields that were not asked for, too: filters and conversations read them. */
static void choose(struct protocol_keys *keys, const struct render_options *options)
{
	const struct dissector *d = keys->dissector;

	if (!options->field_count)
		return;
	keys->chosen = mem_new(d->field_count, sizeof *keys->chosen);
	for (size_t i = 0; i < options->field_count; i++) {
		const struct field_def *def = options->fields[i];

		if (def < d->fields || def >= d->fields + d->field_count)
			continue;
		keys->chosen[def - d->fields] = true;
		for (const uint8_t *row = def->either; row && *row != 0xff; row++)
			keys->chosen[*row] = true;
	}
}

static void json_start(void *state, const struct render_options *options, struct text *out)
{
	struct json *json = state;

	(void)out;
	for (unsigned i = 0; dissector_list[i]; i++) {
		const struct dissector *d = dissector_list[i];
		struct protocol_keys *keys = keys_of(json, d);

		if (i >= SLOTS / 2)
			bug("more dissectors than the JSON output has room for");
		keys->dissector = d;
		set_key(&keys->name, d->name, FIELD_NONE);
		keys->rows = mem_new(d->field_count, sizeof *keys->rows);
		keys->first = mem_new(d->field_count, sizeof *keys->first);
		for (unsigned row = 0; row < d->field_count; row++)
			set_key(&keys->rows[row], d->fields[row].name, d->fields[row].type);
		choose(keys, options);
	}
}

static inline char *put_key(char *at, const struct key *key)
{
	memcpy(at, key->text, 32);
	if (__builtin_expect(key->length > 32, 0))
		memcpy(at + 32, key->text + 32, KEY_TEXT - 32);
	return at + key->length;
}

/* ------------------------------------------------------------------------------------------------ values */

/* Values have VALUE_MOST octets of room at `at`; those that need more tell `out` how far it is filled, and ask. */

static char *put_none(struct text *out, char *at, const struct field *field)
{
	(void)out;
	(void)field;
	memcpy(at, "true", 4);
	return at + 4;
}

static char *put_number(struct text *out, char *at, const struct field *field)
{
	(void)out;
	return put_uint(at, field->value.uint);
}

static char *put_signed(struct text *out, char *at, const struct field *field)
{
	(void)out;
	return value_put_int(at, (int64_t)field->value.uint);
}

static char *put_bool(struct text *out, char *at, const struct field *field)
{
	(void)out;
	memcpy(at, field->value.uint ? "true " : "false", 5);
	return at + (field->value.uint ? 4 : 5);
}

static char *put_link_address(struct text *out, char *at, const struct field *field)
{
	text_wrote(out, at);
	at = text_room(out, 3 * (size_t)field->length + VALUE_MOST);
	*at++ = '"';
	at = put_mac(at, field->value.bytes, field->length, ':');
	*at++ = '"';
	return at;
}

static char *put_address4(struct text *out, char *at, const struct field *field)
{
	(void)out;
	*at++ = '"';
	at = put_ipv4(at, (uint32_t)field->value.uint);
	*at++ = '"';
	return at;
}

static char *put_address6(struct text *out, char *at, const struct field *field)
{
	(void)out;
	*at++ = '"';
	at = put_ipv6(at, field->value.bytes);
	*at++ = '"';
	return at;
}

static char *put_long(struct text *out, char *at, const struct field *field,
		      void (*add)(struct text *, const void *, size_t))
{
	*at++ = '"';
	text_wrote(out, at);
	add(out, field->value.bytes, field->length);
	at = text_room(out, VALUE_MOST);
	*at++ = '"';
	return at;
}

static void add_hex(struct text *out, const void *bytes, size_t length)
{
	text_hex_bytes(out, bytes, length);
}

static char *put_octets(struct text *out, char *at, const struct field *field)
{
	return put_long(out, at, field, add_hex);
}

static char *put_string(struct text *out, char *at, const struct field *field)
{
	return put_long(out, at, field, text_json);
}

static char *put_time(struct text *out, char *at, const struct field *field)
{
	(void)out;
	*at++ = '"';
	at = put_seconds(at, field->value.time, 9);
	*at++ = '"';
	return at;
}

static char *(*const writers[FIELD_TYPES])(struct text *out, char *at, const struct field *field) = {
	[FIELD_NONE] = put_none,         [FIELD_UINT] = put_number,   [FIELD_HEX] = put_number,
	[FIELD_INT] = put_signed,        [FIELD_BOOL] = put_bool,     [FIELD_MAC] = put_link_address,
	[FIELD_IPV4] = put_address4,     [FIELD_IPV6] = put_address6, [FIELD_BYTES] = put_octets,
	[FIELD_STRING] = put_string,     [FIELD_TIME] = put_time,     [FIELD_DURATION] = put_time,
};

static inline char *put_value(struct text *out, char *at, enum field_type type, const struct field *field)
{
	if (__builtin_expect(type == FIELD_UINT || type == FIELD_HEX, 1))
		return put_uint(at, field->value.uint);
	return writers[type](out, at, field);
}

/* ------------------------------------------------------------------------------------------------ layers */

/* True when a row may occur twice: the common layer has its fields in the order of its table. */
static bool repeats(const struct field *fields, unsigned count)
{
	for (unsigned i = 1; i < count; i++)
		if (fields[i].def <= fields[i - 1].def)
			return true;
	return false;
}

static void add_plain_fields(const struct protocol_keys *keys, const struct field *fields, unsigned count,
			     struct text *out)
{
	for (unsigned i = 0; i < count; i++) {
		const struct key *key = &keys->rows[fields[i].def - keys->dissector->fields];
		char *at = put_key(text_room(out, VALUE_MOST), key);

		at = put_value(out, at, (enum field_type)key->type, &fields[i]);
		*at++ = ',';
		text_wrote(out, at);
	}
}

static void add_array(struct json *json, const struct key *key, const struct field *fields, unsigned first,
		      struct text *out)
{
	text_char(out, '[');
	for (unsigned i = first + 1; i; i = json->next[i - 1]) {
		char *at = put_value(out, text_room(out, VALUE_MOST), (enum field_type)key->type, &fields[i - 1]);

		*at++ = ',';
		text_wrote(out, at);
	}
	out->data[out->length - 1] = ']';
	text_char(out, ',');
}

/* Backwards first, so that each row knows its first field and each field the next of its row. */
static void add_repeated_fields(struct json *json, const struct protocol_keys *keys, const struct field *fields,
				unsigned count, struct text *out)
{
	for (unsigned i = count; i-- > 0;) {
		uint16_t *first = &keys->first[fields[i].def - keys->dissector->fields];

		json->next[i] = *first;
		*first = (uint16_t)(i + 1);
	}
	for (unsigned i = 0; i < count; i++) {
		unsigned row = (unsigned)(fields[i].def - keys->dissector->fields);

		if (keys->first[row] != i + 1)
			continue;
		keys->first[row] = 0;
		if (!json->next[i]) {
			add_plain_fields(keys, &fields[i], 1, out);
			continue;
		}
		text_wrote(out, put_key(text_room(out, VALUE_MOST), &keys->rows[row]));
		add_array(json, &keys->rows[row], fields, i, out);
	}
}

static void add_verdict(const struct layer *layer, struct text *out)
{
	static const char *const names[] = {
		[LAYER_CUT] = "cut", [LAYER_MALFORMED] = "malformed", [LAYER_OPAQUE] = "opaque",
	};

	if (layer->quoted)
		text_string(out, "\"_quoted\":true,");
	if (layer->state != LAYER_OK)
		text_format(out, "\"_state\":\"%s\",", names[layer->state]);
	if (!layer->problem)
		return;
	text_string(out, "\"_problem\":\"");
	text_json(out, layer->problem, strlen(layer->problem));
	text_string(out, "\",");
}

/* Those that were asked for; how many they are. */
static unsigned keep_chosen(struct json *json, const struct protocol_keys *keys, const struct field *fields,
			    unsigned count)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < count; i++)
		if (keys->chosen[fields[i].def - keys->dissector->fields])
			json->kept[kept++] = fields[i];
	return kept;
}

static void add_object(struct json *json, const struct protocol_keys *keys, const struct packet *packet,
		       const struct layer *layer, struct text *out)
{
	const struct field *fields = &packet->fields[layer->first_field];
	unsigned count = layer->field_count;
	size_t start;

	if (keys->chosen) {
		count = keep_chosen(json, keys, fields, count);
		fields = json->kept;
	}
	text_char(out, '{');
	start = out->length;
	if (__builtin_expect(repeats(fields, count), 0))
		add_repeated_fields(json, keys, fields, count, out);
	else
		add_plain_fields(keys, fields, count, out);
	if (__builtin_expect(layer->state != LAYER_OK || layer->quoted || layer->problem, 0))
		add_verdict(layer, out);
	if (out->length == start)
		text_char(out, '}');
	else
		out->data[out->length - 1] = '}';
	text_char(out, ',');
}

/* The next layer of the same protocol, or layer_count. */
static inline unsigned again(const struct packet *packet, unsigned layer)
{
	const struct dissector *d = packet->layers[layer].dissector;

	do
		layer++;
	while (layer < packet->layer_count && packet->layers[layer].dissector != d);
	return layer;
}

/* The protocol of this layer, with all its layers. */
static void add_protocol(struct json *json, const struct packet *packet, unsigned layer, struct text *out)
{
	struct protocol_keys *keys = keys_of(json, packet->layers[layer].dissector);
	unsigned next = again(packet, layer);

	text_wrote(out, put_key(text_room(out, VALUE_MOST), &keys->name));
	if (__builtin_expect(next == packet->layer_count, 1)) {
		add_object(json, keys, packet, &packet->layers[layer], out);
		return;
	}
	text_char(out, '[');
	for (; layer < packet->layer_count; layer = again(packet, layer))
		add_object(json, keys, packet, &packet->layers[layer], out);
	out->data[out->length - 1] = ']';
	text_char(out, ',');
}

static bool was_before(const struct packet *packet, unsigned layer)
{
	for (unsigned i = 0; i < layer; i++)
		if (packet->layers[i].dissector == packet->layers[layer].dissector)
			return true;
	return false;
}

/* Whether any layer of the protocol has something to say when only chosen fields are kept. */
static bool has_chosen(struct json *json, const struct packet *packet, unsigned layer)
{
	const struct protocol_keys *keys = keys_of(json, packet->layers[layer].dissector);

	for (; layer < packet->layer_count; layer = again(packet, layer))
		if (keep_chosen(json, keys, &packet->fields[packet->layers[layer].first_field],
				packet->layers[layer].field_count))
			return true;
	return false;
}

static void json_packet(void *state, const struct render_options *options, const struct packet *packet,
			struct text *out)
{
	size_t start = out->length + 1;

	text_char(out, '{');
	for (unsigned i = 0; i < packet->layer_count; i++)
		if (!was_before(packet, i) && (!options->field_count || has_chosen(state, packet, i)))
			add_protocol(state, packet, i, out);
	out->length -= out->length > start; /* the last comma */
	text_string(out, "}\n");
}

/* ------------------------------------------------------------------------------------------------ the end */

static void add_counter(struct text *out, const char *name, uint64_t value)
{
	text_format(out, "\"%s\":", name);
	if (value == UINT64_MAX)
		text_string(out, "null");
	else
		text_uint(out, value);
	text_char(out, ',');
}

static void json_finish(void *state, const struct render_options *options, const struct render_totals *totals,
			struct text *out)
{
	struct json *json = state;

	(void)options;
	text_string(out, "{\"summary\":{");
	add_counter(out, "packets", totals->packets);
	add_counter(out, "shown", totals->shown);
	add_counter(out, "received", totals->received);
	add_counter(out, "dropped", totals->dropped);
	add_counter(out, "interface_dropped", totals->interface_dropped);
	out->length--;
	text_string(out, "}}\n");
	for (unsigned i = 0; i < SLOTS; i++) {
		free(json->slots[i].rows);
		free(json->slots[i].first);
		free(json->slots[i].chosen);
		json->slots[i] = (struct protocol_keys){ 0 };
	}
}

const struct renderer json_renderer = {
	.name = "json",
	.help = "one JSON object a packet, one a line",
	.state_size = sizeof(struct json),
	.start = json_start,
	.packet = json_packet,
	.finish = json_finish,
};
