/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Generic Network Virtualization Encapsulation (RFC 8926).
 *
 *    0           1       2       4              7   8
 *   +---+-------+-------+-------+--------------+---+--------------+---------
 *   |ver| length| flags | type  | network id   | 0 | options      | payload     length: of the options, in 4 octets
 *   +---+-------+-------+-------+--------------+---+--------------+---------
 */
#include "packet/dissector.h"

enum {
	GENEVE_START, GENEVE_VERSION, GENEVE_LENGTH, GENEVE_FLAGS, GENEVE_OAM, GENEVE_CRITICAL, GENEVE_PROTO, GENEVE_VNI,
	GENEVE_RESERVED, GENEVE_OPTIONS
};

static const struct value_name proto_names[] = {
	{ 0x0800, "IPv4" }, { 0x6558, "bridged Ethernet" }, { 0x86dd, "IPv6" }, { 0, NULL },
};

static const struct field_def fields[] = {
	[GENEVE_START] = { "geneve.start", "Version and Length", FIELD_HEX, 1 },
	[GENEVE_VERSION] = { "geneve.version", "Version", FIELD_UINT, 1, .depth = 1, .mask = 0xc0 },
	[GENEVE_LENGTH] = { "geneve.length", "Length of the options", FIELD_UINT, 1, .depth = 1, .mask = 0x3f,
			    .help = "In units of 4 octets" },
	[GENEVE_FLAGS] = { "geneve.flags", "Flags", FIELD_HEX, 1 },
	[GENEVE_OAM] = { "geneve.flags.oam", "Control packet", FIELD_BOOL, 1, .depth = 1, .mask = 0x80 },
	[GENEVE_CRITICAL] = { "geneve.flags.critical", "Critical options", FIELD_BOOL, 1, .depth = 1, .mask = 0x40 },
	[GENEVE_PROTO] = { "geneve.proto_type", "Protocol", FIELD_HEX, 2, .names = proto_names },
	[GENEVE_VNI] = { "geneve.vni", "Network Identifier", FIELD_UINT, 3, .flags = FIELD_BRIEF },
	[GENEVE_RESERVED] = { "geneve.reserved", "Reserved", FIELD_HEX, 1 },
	[GENEVE_OPTIONS] = { "geneve.options", "Options", FIELD_BYTES, 0 },
};

static void geneve_dissect(struct parse *p)
{
	uint32_t first = (uint32_t)parse_uint(p, GENEVE_START), type;

	parse_uint(p, GENEVE_FLAGS);
	type = (uint32_t)parse_uint(p, GENEVE_PROTO);
	parse_uint(p, GENEVE_VNI);
	parse_uint(p, GENEVE_RESERVED);
	if (first & 0xc0) {
		parse_opaque(p, "an unknown version");
		parse_next(p, BY_NOTHING, 0, 0);
		return;
	}
	if (first & 0x3f)
		parse_bytes(p, GENEVE_OPTIONS, (first & 0x3f) * 4);
	parse_next(p, BY_ETHERTYPE, type, type);
}

static void geneve_summary(const struct packet *packet, const struct layer *layer, struct text *out)
{
	const struct field *network = layer_field(packet, layer, GENEVE_VNI);

	if (!network)
		return;
	text_string(out, "network ");
	text_uint(out, network->value.uint);
}

static const struct bind binds[] = { { BY_UDP_PORT, 6081 }, { BY_NONE, 0 } };

const struct dissector geneve_dissector = {
	.name = "geneve",
	.title = "Geneve",
	.full_name = "Generic Network Virtualization Encapsulation",
	.reference = "RFC 8926",
	.fields = fields,
	.field_count = sizeof fields / sizeof *fields,
	.binds = binds,
	.dissect = geneve_dissect,
	.summary = geneve_summary,
};
