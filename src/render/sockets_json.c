/* SPDX-License-Identifier: BSD-2-Clause */
/* Sockets as JSON: each column under its name, those with a dot in an object of that name. */
#include "packet/dissector.h"
#include "render/members.h"
#include "render/sockets.h"

/* Columns of which there may be several: their objects stand in a list. */
static bool in_list(const struct field_def *def)
{
	size_t column = (size_t)(def - socket_columns.fields);

	return column >= COLUMN_PROCESS_NAME && column <= COLUMN_PEER_FD;
}

static void value(struct text *out, const char *key, const struct field *field)
{
	const char *name = value_name(field->def->names, field->value.uint);
	char address[INET6_ADDRSTRLEN + 1];

	switch (field->def->type) {
	case FIELD_STRING:
		member_bytes(out, key, field->value.bytes, field->length);
		break;
	case FIELD_IPV4:
		member_bytes(out, key, address, (size_t)(put_ipv4(address, (uint32_t)field->value.uint) - address));
		break;
	case FIELD_IPV6:
		member_bytes(out, key, address, (size_t)(put_ipv6(address, field->value.bytes) - address));
		break;
	case FIELD_BOOL:
		member_bool(out, key, field->value.uint != 0);
		break;
	case FIELD_DURATION:
		member_seconds(out, key, field->value.time);
		break;
	default:
		if (name)
			member_string(out, key, name);
		else
			member_number(out, key, field->value.uint);
		break;
	}
}

/* The object that a column is a member of: what stands before the dot. NULL: none. */
static bool same_object(const struct field_def *a, const struct field_def *b)
{
	size_t length = strcspn(a->name, ".");

	return b && a->name[length] && !strncmp(a->name, b->name, length + 1);
}

static void close_object(struct text *out, const struct field_def *last)
{
	if (!last || !strchr(last->name, '.'))
		return;
	member_close(out, '{');
	if (in_list(last))
		member_close(out, '[');
}

static void open_object(struct text *out, const struct field_def *def)
{
	struct text key = { 0 };

	text_add(&key, def->name, strcspn(def->name, "."));
	text_char(&key, '\0');
	if (in_list(def))
		member_open(out, key.data, '[');
	member_open(out, in_list(def) ? NULL : key.data, '{');
	text_release(&key);
}

void sockets_json_members(const struct packet *fields, struct text *out)
{
	const struct field_def *last = NULL;

	for (unsigned i = 0; i < fields->field_count; i++) {
		const struct field_def *def = fields->fields[i].def;
		const char *dot = strchr(def->name, '.');

		if (!same_object(def, last)) {
			close_object(out, last);
			if (dot)
				open_object(out, def);
		} else if (in_list(def) && def <= last) {
			member_close(out, '{');
			member_open(out, NULL, '{');
		}
		value(out, dot ? dot + 1 : def->name, &fields->fields[i]);
		last = def;
	}
	close_object(out, last);
}

void sockets_json(const struct packet *fields, struct text *out)
{
	member_open(out, NULL, '{');
	sockets_json_members(fields, out);
	member_close(out, '{');
	text_char(out, '\n');
}
