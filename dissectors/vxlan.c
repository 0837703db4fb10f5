/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Virtual eXtensible LAN (RFC 7348): Ethernet frames in UDP.
 *
 *    0       2       4               7   8
 *   +-------+-------+---------------+---+---------
 *   | flags | group | network id    | 0 | frame
 *   +-------+-------+---------------+---+---------
 */
#include "packet/dissector.h"

enum { VXLAN_FLAGS, VXLAN_G, VXLAN_I, VXLAN_D, VXLAN_A, VXLAN_GBP, VXLAN_VNI, VXLAN_RESERVED };

static const struct field_def fields[] = {
	[VXLAN_FLAGS] = { "vxlan.flags", "Flags", FIELD_HEX, 2 },
	[VXLAN_G] = { "vxlan.flag_g", "Group policy", FIELD_BOOL, 2, .depth = 1, .mask = 0x8000 },
	[VXLAN_I] = { "vxlan.flag_i", "Network id is there", FIELD_BOOL, 2, .depth = 1, .mask = 0x0800 },
	[VXLAN_D] = { "vxlan.flag_d", "Don't learn", FIELD_BOOL, 2, .depth = 1, .mask = 0x0040 },
	[VXLAN_A] = { "vxlan.flag_a", "Policy applied", FIELD_BOOL, 2, .depth = 1, .mask = 0x0008 },
	[VXLAN_GBP] = { "vxlan.gbp", "Group Policy", FIELD_UINT, 2 },
	[VXLAN_VNI] = { "vxlan.vni", "Network Identifier", FIELD_UINT, 3, .flags = FIELD_BRIEF },
	[VXLAN_RESERVED] = { "vxlan.reserved8", "Reserved", FIELD_UINT, 1 },
};

static void vxlan_dissect(struct parse *p)
{
	parse_uint(p, VXLAN_FLAGS);
	parse_uint(p, VXLAN_GBP);
	parse_uint(p, VXLAN_VNI);
	parse_uint(p, VXLAN_RESERVED);
	parse_next(p, BY_ETHERTYPE, 0x6558, 0);
}

static void vxlan_summary(const struct packet *packet, const struct layer *layer, struct text *out)
{
	const struct field *network = layer_field(packet, layer, VXLAN_VNI);

	if (!network)
		return;
	text_string(out, "network ");
	text_uint(out, network->value.uint);
}

static const struct bind binds[] = { { BY_UDP_PORT, 4789 }, { BY_UDP_PORT, 8472 }, { BY_NONE, 0 } };

const struct dissector vxlan_dissector = {
	.name = "vxlan",
	.title = "VXLAN",
	.full_name = "Virtual eXtensible LAN",
	.reference = "RFC 7348",
	.fields = fields,
	.field_count = sizeof fields / sizeof *fields,
	.binds = binds,
	.dissect = vxlan_dissect,
	.summary = vxlan_summary,
};
