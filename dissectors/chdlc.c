/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Cisco's HDLC (LINKTYPE_C_HDLC, 104).
 *
 *    0      1      2          4
 *   +------+------+----------+---------
 *   | addr | 0    | type     | payload       type: EtherType, but 0x8035 is SLARP, which keeps the line alive
 *   +------+------+----------+---------
 */
#include "packet/dissector.h"

#define TYPE_SLARP 0x8035

enum { CHDLC_ADDRESS, CHDLC_CONTROL, CHDLC_PROTOCOL };

static const struct value_name address_names[] = { { 0x0f, "unicast" }, { 0x8f, "broadcast" }, { 0, NULL } };

static const struct value_name protocol_names[] = {
	{ 0x0800, "IPv4" }, { 0x2000, "CDP" }, { TYPE_SLARP, "SLARP" }, { 0x8847, "MPLS" }, { 0x86dd, "IPv6" },
	{ 0xfefe, "OSI" },  { 0, NULL },
};

static const struct field_def fields[] = {
	[CHDLC_ADDRESS] = { "chdlc.address", "Address", FIELD_HEX, 1, .names = address_names },
	[CHDLC_CONTROL] = { "chdlc.control", "Control", FIELD_HEX, 1 },
	[CHDLC_PROTOCOL] = { "chdlc.protocol", "Protocol", FIELD_HEX, 2, .flags = FIELD_BRIEF,
			     .names = protocol_names },
};

static void chdlc_dissect(struct parse *p)
{
	uint32_t type;

	parse_uint(p, CHDLC_ADDRESS);
	parse_uint(p, CHDLC_CONTROL);
	type = (uint32_t)parse_uint(p, CHDLC_PROTOCOL);
	parse_next(p, type == TYPE_SLARP ? BY_NOTHING : BY_ETHERTYPE, type, type);
}

static void chdlc_summary(const struct packet *packet, const struct layer *layer, struct text *out)
{
	const struct field *protocol = layer_field(packet, layer, CHDLC_PROTOCOL);
	const char *name = protocol ? value_name(protocol_names, protocol->value.uint) : NULL;

	if (name)
		text_string(out, name);
	else if (protocol)
		text_format(out, "protocol 0x%04x", (unsigned)protocol->value.uint);
}

static const struct bind binds[] = { { BY_LINKTYPE, 104 }, { BY_NONE, 0 } };

const struct dissector chdlc_dissector = {
	.name = "chdlc",
	.title = "cHDLC",
	.full_name = "Cisco HDLC",
	.reference = "LINKTYPE_C_HDLC",
	.fields = fields,
	.field_count = sizeof fields / sizeof *fields,
	.binds = binds,
	.dissect = chdlc_dissect,
	.summary = chdlc_summary,
};
