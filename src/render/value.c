/* SPDX-License-Identifier: BSD-2-Clause */
#include "render/value.h"

bool value_is_epoch(const struct field_def *def)
{
	size_t length = strlen(def->name);

	return def->type == FIELD_TIME && length > 6 && !memcmp(def->name + length - 6, "_epoch", 6);
}

unsigned value_hex_digits(const struct field *field)
{
	unsigned octets = field->def->width ? field->def->width : field->length;
	unsigned needed = field->value.uint ? (71 - (unsigned)__builtin_clzll(field->value.uint)) / 8 : 1;

	if (octets > 8)
		octets = 8;
	return 2 * (octets > needed ? octets : needed);
}

char *value_put_hex(char *at, const struct field *field)
{
	*at++ = '0';
	*at++ = 'x';
	return put_hex(at, field->value.uint, value_hex_digits(field));
}

char *value_put_int(char *at, int64_t value)
{
	if (value < 0)
		*at++ = '-';
	return put_uint(at, value < 0 ? -(uint64_t)value : (uint64_t)value);
}

static void none(struct text *out, struct time_cache *cache, const struct field *field)
{
	(void)cache;
	(void)field;
	text_add(out, "present", 7);
}

static void unsigned_number(struct text *out, struct time_cache *cache, const struct field *field)
{
	(void)cache;
	text_uint(out, field->value.uint);
}

static void hex(struct text *out, struct time_cache *cache, const struct field *field)
{
	(void)cache;
	text_wrote(out, value_put_hex(text_room(out, VALUE_ROOM), field));
}

static void integer(struct text *out, struct time_cache *cache, const struct field *field)
{
	(void)cache;
	text_int(out, (int64_t)field->value.uint);
}

static void boolean(struct text *out, struct time_cache *cache, const struct field *field)
{
	(void)cache;
	text_string(out, field->value.uint ? "true" : "false");
}

static void mac(struct text *out, struct time_cache *cache, const struct field *field)
{
	(void)cache;
	text_wrote(out, put_mac(text_room(out, 3 * (size_t)field->length), field->value.bytes, field->length, ':'));
}

static void ipv4(struct text *out, struct time_cache *cache, const struct field *field)
{
	(void)cache;
	text_wrote(out, put_ipv4(text_room(out, VALUE_ROOM), (uint32_t)field->value.uint));
}

static void ipv6(struct text *out, struct time_cache *cache, const struct field *field)
{
	(void)cache;
	text_wrote(out, put_ipv6(text_room(out, VALUE_ROOM), field->value.bytes));
}

static void bytes(struct text *out, struct time_cache *cache, const struct field *field)
{
	(void)cache;
	text_hex_bytes(out, field->value.bytes, field->length);
}

static void string(struct text *out, struct time_cache *cache, const struct field *field)
{
	(void)cache;
	text_escaped(out, field->value.bytes, field->length);
}

static void date(struct text *out, struct time_cache *cache, const struct field *field)
{
	if (value_is_epoch(field->def))
		text_seconds(out, field->value.time, 9);
	else
		text_wrote(out, time_date(cache, field->value.time, text_room(out, VALUE_ROOM)));
}

static void duration(struct text *out, struct time_cache *cache, const struct field *field)
{
	(void)cache;
	text_seconds(out, field->value.time, 9);
}

static void (*const writers[FIELD_TYPES])(struct text *out, struct time_cache *cache, const struct field *field) = {
	[FIELD_NONE] = none,   [FIELD_UINT] = unsigned_number,     [FIELD_HEX] = hex,   [FIELD_INT] = integer,
	[FIELD_BOOL] = boolean, [FIELD_MAC] = mac,      [FIELD_IPV4] = ipv4, [FIELD_IPV6] = ipv6,
	[FIELD_BYTES] = bytes, [FIELD_STRING] = string, [FIELD_TIME] = date, [FIELD_DURATION] = duration,
};

void value_text(struct text *out, struct time_cache *cache, const struct field *field)
{
	writers[field->def->type](out, cache, field);
}

static bool is_number(enum field_type type)
{
	return type == FIELD_UINT || type == FIELD_HEX || type == FIELD_INT || type == FIELD_BOOL;
}

void value_text_named(struct text *out, struct time_cache *cache, const struct field *field)
{
	const char *name = is_number(field->def->type) ? value_name(field->def->names, field->value.uint) : NULL;

	value_text(out, cache, field);
	if (name)
		text_format(out, " (%s)", name);
	if (field->def->type == FIELD_DURATION)
		text_string(out, " seconds");
}

void render_value(struct text *out, const struct field *field)
{
	struct time_cache cache = { 0 };

	value_text(out, &cache, field);
}

void render_value_named(struct text *out, const struct field *field)
{
	struct time_cache cache = { 0 };

	value_text_named(out, &cache, field);
}
