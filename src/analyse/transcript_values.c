/* SPDX-License-Identifier: BSD-2-Clause */
/* A message as values that can be compared and shown. */
#include <string.h>

#include "analyse/transcript.h"
#include "base/mem.h"

#define WORDS_MAX 400 /* octets of a message as the line shows it */

uint64_t digest_of(uint64_t digest, const void *octets, size_t length)
{
	const uint8_t *at = octets;

	for (size_t i = 0; i < length; i++)
		digest = (digest ^ at[i]) * UINT64_C(0x100000001b3);
	return digest;
}

struct slice said_keep(struct transcript *transcript, const void *octets, size_t length)
{
	struct slice slice = { transcript->strings.length, (uint32_t)length };

	if (transcript->strings.length + length > TRANSCRIPT_OCTETS_MAX) {
		transcript->full = true;
		return (struct slice){ 0, 0 };
	}
	if (length)
		text_add(&transcript->strings, octets, length);
	return slice;
}

void said_kind(struct transcript *transcript, struct said *said, const char *kind)
{
	said->kind = said_keep(transcript, kind, strlen(kind));
}

void said_words(struct transcript *transcript, struct said *said, const char *words)
{
	said->words = said_keep(transcript, words, strlen(words));
}

/* The values of a message stand behind each other: no other message gets one meanwhile. */
static void put_value(struct transcript *transcript, struct said *said, const struct said_value *value)
{
	uint32_t n = transcript->value_count;

	if (!said->value_count)
		said->first_value = n;
	if (!(n & (n - 1)))
		transcript->values = mem_resize(transcript->values, 2 * (size_t)n + 1, sizeof *transcript->values);
	transcript->values[transcript->value_count++] = *value;
	said->value_count++;
}

static void add_value(struct transcript *transcript, struct said *said, const char *name, const struct text *text,
		      bool quoted)
{
	const struct said_value value = {
		.name = name,
		.text = said_keep(transcript, text->data,
				  text->length < TRANSCRIPT_VALUE_MAX ? text->length : TRANSCRIPT_VALUE_MAX),
		.quoted = quoted,
		.octets = text->length,
		.digest = digest_of(DIGEST_START, text->data, text->length),
	};

	put_value(transcript, said, &value);
}

void said_octets(struct transcript *transcript, struct said *said, const char *name, const struct turn *turn)
{
	const struct said_value value = {
		.name = name,
		.text = said_keep(transcript, turn->octets.data, turn->octets.length),
		.quoted = true,
		.octets = turn->total,
		.digest = turn->digest,
	};

	put_value(transcript, said, &value);
}

void said_value(struct transcript *transcript, struct said *said, const char *name, const char *string)
{
	const struct text text = { .data = (char *)string, .length = strlen(string) };

	add_value(transcript, said, name, &text, false);
}

/* ------------------------------------------------------------------------------------------------ values as text */

static void add_int(struct text *out, const struct field *field)
{
	unsigned unused = field->def->width && field->def->width < 8 ? 64 - 8 * field->def->width : 0;

	text_int(out, (int64_t)(field->value.uint << unused) >> unused);
}

static void add_uint(struct text *out, const struct field *field)
{
	const char *name = field->def->names ? value_name(field->def->names, field->value.uint) : NULL;

	if (field->def->type == FIELD_HEX)
		text_format(out, "0x%llx", (unsigned long long)field->value.uint);
	else
		text_uint(out, field->value.uint);
	if (name)
		text_format(out, " (%s)", name);
}

static bool is_text(const struct field_def *def)
{
	return def->type == FIELD_STRING || def->type == FIELD_BYTES;
}

static bool lies_in(const struct field *inner, const struct field *outer)
{
	if (inner == outer || !inner->length || inner->offset < outer->offset ||
	    inner->offset + inner->length > outer->offset + outer->length)
		return false;
	/* A word of our own stands nowhere. */
	if (is_text(inner->def))
		return inner->value.bytes == outer->value.bytes + (inner->offset - outer->offset);
	return inner->def->type == FIELD_TIME;
}

/* Its octets are the packet's, or of a message that several packets brought. */
static bool stands(const struct packet *packet, const struct layer *layer, const struct field *field)
{
	return field->value.bytes == (layer->base ? layer->base : packet->frame->data) + field->offset;
}

/* The next field that does not count and stands in this one at or behind `from`; a wider one is taken first. */
static const struct field *hidden(const struct compare_rules *rules, const struct packet *packet,
				  const struct layer *layer, const struct field *outer, uint32_t from)
{
	const struct field *best = NULL, *field = &packet->fields[layer->first_field];

	for (unsigned i = 0; i < layer->field_count; i++, field++)
		if (lies_in(field, outer) && field->offset >= from && !rules_count_field(rules, field->def) &&
		    (!best || field->offset < best->offset ||
		     (field->offset == best->offset && field->length > best->length)))
			best = field;
	return best;
}

/* Its octets; what in them does not count is named instead. */
static void add_octets(struct text *out, const struct compare_rules *rules, const struct packet *packet,
		       const struct layer *layer, const struct field *field)
{
	uint32_t at = field->offset, end = field->offset + field->length;
	const struct field *part;

	while (stands(packet, layer, field) && (part = hidden(rules, packet, layer, field, at))) {
		text_add(out, field->value.bytes + (at - field->offset), part->offset - at);
		text_format(out, "<%s>", part->def->name);
		at = part->offset + part->length;
	}
	if (at < end)
		text_add(out, field->value.bytes + (at - field->offset), end - at);
}

static void add_plain(struct text *out, const struct field *field)
{
	switch (field->def->type) {
	case FIELD_BOOL:
		text_string(out, field->value.uint ? "true" : "false");
		break;
	case FIELD_INT:
		add_int(out, field);
		break;
	case FIELD_MAC:
		text_hex_bytes(out, field->value.bytes, field->length);
		break;
	case FIELD_IPV4:
		text_wrote(out, put_ipv4(text_room(out, 16), (uint32_t)field->value.uint));
		break;
	case FIELD_IPV6:
		text_wrote(out, put_ipv6(text_room(out, 48), field->value.bytes));
		break;
	case FIELD_TIME:
	case FIELD_DURATION:
		text_seconds(out, field->value.time, 9);
		break;
	case FIELD_NONE:
		text_string(out, "there");
		break;
	default:
		add_uint(out, field);
	}
}

/* ------------------------------------------------------------------------------------------------ layers */

/* The row's name behind "date."; NULL: it is another protocol's. */
static const char *name_within(const struct field_def *def, const struct dissector *protocol)
{
	size_t length = strlen(protocol->name);

	return strncmp(def->name, protocol->name, length) || def->name[length] != '.' ? NULL : def->name + length + 1;
}

const char *layer_kind(const struct packet *packet, const struct layer *layer)
{
	const struct field *field = &packet->fields[layer->first_field];

	for (unsigned i = 0; i < layer->field_count; i++, field++) {
		const char *name = name_within(field->def, layer->dissector);

		if (name && field->def->type == FIELD_BOOL && field->def->flags & FIELD_GENERATED &&
		    !(field->def->flags & FIELD_FOLLOWED) && field->value.uint)
			return name;
	}
	return "";
}

/* Some protocols have a row for kinds, others a row for each. */
static void find_kind(struct transcript *transcript, struct said *said, const struct packet *packet,
		      const struct layer *layer)
{
	const struct field *field = &packet->fields[layer->first_field];

	for (unsigned i = 0; i < layer->field_count; i++, field++) {
		const char *name = name_within(field->def, layer->dissector);

		if (name && field->def->type == FIELD_STRING && !strcmp(name, "kind")) {
			said->kind = said_keep(transcript, field->value.bytes, field->length);
			return;
		}
	}
	said_kind(transcript, said, layer_kind(packet, layer));
}

void describe_octets(struct text *out, const void *octets, size_t kept, uint64_t total)
{
	size_t shown = kept < 64 ? kept : 64;

	text_format(out, "%llu octet%s \"", (unsigned long long)total, total == 1 ? "" : "s");
	text_escaped(out, octets, shown);
	text_string(out, shown < total ? "\"..." : "\"");
}

static void find_words(struct transcript *transcript, struct said *said, const struct packet *packet,
		       const struct layer *layer)
{
	struct text words = { 0 };

	if (layer->dissector->summary)
		layer->dissector->summary(packet, layer, &words);
	else
		describe_octets(&words, layer_octets(packet, layer), layer->length, layer->length);
	said->words = said_keep(transcript, words.data, words.length < WORDS_MAX ? words.length : WORDS_MAX);
	text_release(&words);
}

void said_layer(struct transcript *transcript, struct said *said, const struct packet *packet,
		const struct layer *layer)
{
	const struct compare_rules *rules = transcript->rules;
	const uint8_t *octets = layer_octets(packet, layer);
	const struct field *field = &packet->fields[layer->first_field];
	const char *kind = layer_kind(packet, layer); /* says the same as the message's name */
	struct text value = { 0 };

	find_kind(transcript, said, packet, layer);
	find_words(transcript, said, packet, layer);
	said->payload = digest_of(DIGEST_START, octets, layer->length);
	for (unsigned i = 0; i < layer->field_count; i++, field++) {
		if (!rules_count_field(rules, field->def) || name_within(field->def, layer->dissector) == kind)
			continue;
		text_clear(&value);
		if (is_text(field->def))
			add_octets(&value, rules, packet, layer, field);
		else
			add_plain(&value, field);
		add_value(transcript, said, field->def->name, &value, is_text(field->def));
	}
	text_release(&value);
}

void said_fields(struct transcript *transcript, struct said *said, const struct packet *packet,
		 const struct layer *layer, const char *const *names)
{
	struct text value = { 0 };

	find_words(transcript, said, packet, layer);
	for (; *names; names++) {
		const struct field *field = &packet->fields[layer->first_field];

		for (unsigned i = 0; i < layer->field_count; i++, field++) {
			if (strcmp(field->def->name, *names) != 0 || !rules_count_field(transcript->rules, field->def))
				continue;
			text_clear(&value);
			add_plain(&value, field);
			add_value(transcript, said, field->def->name, &value, false);
		}
	}
	text_release(&value);
}

void said_strict(struct transcript *transcript, struct said *said, const struct packet *packet)
{
	const struct dissector *dissector;
	const struct field_def *def;
	struct text value = { 0 };

	for (size_t n = 0; (def = rules_strict(transcript->rules, n, &dissector)); n++) {
		const struct field *field = NULL;
		bool quoted = false;

		text_clear(&value);
		while ((field = packet_field(packet, dissector, def, field))) {
			if (value.length)
				text_char(&value, ',');
			quoted = is_text(field->def);
			if (!quoted)
				add_plain(&value, field);
			else if (field->length)
				text_add(&value, field->value.bytes, field->length);
		}
		if (value.length)
			add_value(transcript, said, def->name, &value, quoted);
	}
	text_release(&value);
}
