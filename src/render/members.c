/* SPDX-License-Identifier: BSD-2-Clause */
#include "render/members.h"

static void part(struct text *out)
{
	if (out->length && out->data[out->length - 1] != '{' && out->data[out->length - 1] != '[' &&
	    out->data[out->length - 1] != '\n')
		text_char(out, ',');
}

void member_key(struct text *out, const char *key)
{
	part(out);
	text_format(out, "\"%s\":", key);
}

void member_open(struct text *out, const char *key, char bracket)
{
	if (key)
		member_key(out, key);
	else
		part(out);
	text_char(out, bracket);
}

void member_close(struct text *out, char bracket)
{
	text_char(out, bracket == '{' ? '}' : ']');
}

void member_bytes(struct text *out, const char *key, const void *bytes, size_t length)
{
	member_key(out, key);
	text_char(out, '"');
	text_json(out, bytes, length);
	text_char(out, '"');
}

void member_string(struct text *out, const char *key, const char *string)
{
	if (string)
		member_bytes(out, key, string, strlen(string));
}

void member_number(struct text *out, const char *key, uint64_t number)
{
	member_key(out, key);
	text_uint(out, number);
}

void member_bool(struct text *out, const char *key, bool value)
{
	member_key(out, key);
	text_string(out, value ? "true" : "false");
}

void member_true(struct text *out, const char *key, bool value)
{
	if (value)
		member_bool(out, key, value);
}

void member_seconds(struct text *out, const char *key, int64_t ns)
{
	member_key(out, key);
	text_seconds(out, ns, 9);
}

void member_address(struct text *out, const char *key, const struct address *address)
{
	char name[ADDRESS_TEXT];

	if (address && address->length)
		member_string(out, key,
			      address_port(address) ? address_text(address, name) : address_host_text(address, name));
}
