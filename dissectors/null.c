/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * BSD loopback: an address family of four octets, in the byte order of the machine that captured (LINKTYPE_NULL, 0) or
 * in network order (LINKTYPE_LOOP, 108). The systems number IPv6 differently.
 */
#include "packet/dissector.h"

#define LINKTYPE_LOOP 108

enum { NULL_FAMILY };

static const struct value_name family_names[] = {
	{ 2, "IPv4" },          { 7, "OSI" },            { 10, "IPv6 (Linux)" },   { 23, "IPv6 (Windows)" },
	{ 24, "IPv6 (NetBSD)" }, { 28, "IPv6 (FreeBSD)" }, { 30, "IPv6 (Darwin)" }, { 0, NULL },
};

static const struct {
	uint8_t family;
	uint16_t type;
} types[] = {
	{ 2, 0x0800 }, { 10, 0x86dd }, { 23, 0x86dd }, { 24, 0x86dd }, { 28, 0x86dd }, { 30, 0x86dd },
};

static const struct field_def fields[] = {
	[NULL_FAMILY] = { "null.family", "Family", FIELD_UINT, 4, .flags = FIELD_BRIEF, .names = family_names },
};

/* Families are small numbers: one with high octets is in the other order. */
static uint64_t read_family(struct parse *p)
{
	if (p->frame->link == LINKTYPE_LOOP || parse_peek(p, 0, 2) == 0)
		return parse_uint(p, NULL_FAMILY);
	return parse_uint_le(p, NULL_FAMILY);
}

static void null_dissect(struct parse *p)
{
	uint64_t family = read_family(p);

	parse_next(p, BY_NOTHING, 0, 0);
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (types[i].family == family)
			parse_next(p, BY_ETHERTYPE, types[i].type, types[i].type);
}

static void null_summary(const struct packet *packet, const struct layer *layer, struct text *out)
{
	const struct field *family = layer_field(packet, layer, NULL_FAMILY);

	if (!family)
		return;
	text_string(out, "Address family ");
	text_uint(out, family->value.uint);
}

static const struct bind binds[] = { { BY_LINKTYPE, 0 }, { BY_LINKTYPE, LINKTYPE_LOOP }, { BY_NONE, 0 } };

const struct dissector null_dissector = {
	.name = "null",
	.title = "Loopback",
	.full_name = "BSD loopback",
	.reference = "LINKTYPE_NULL, LINKTYPE_LOOP",
	.fields = fields,
	.field_count = sizeof fields / sizeof *fields,
	.binds = binds,
	.dissect = null_dissect,
	.summary = null_summary,
};
