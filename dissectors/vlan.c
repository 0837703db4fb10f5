/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * VLAN tags: customer (IEEE Std 802.1Q, type 0x8100) and the older stacked kind (0x9100).
 *
 *    0                       2       4
 *   +-----+---+-------------+-------+---------
 *   | pcp |dei| VLAN id     | type  | payload        type as in Ethernet: below 0x600 a length, and LLC follows
 *   +-----+---+-------------+-------+---------
 */
#include "packet/dissector.h"

enum { VLAN_TCI, VLAN_PRIORITY, VLAN_DEI, VLAN_ID, VLAN_ETYPE, VLAN_LEN };

static const struct value_name priority_names[] = {
	{ 0, "best effort" }, { 1, "background" }, { 2, "excellent effort" }, { 3, "critical" },
	{ 4, "video" },       { 5, "voice" },      { 6, "internetwork control" }, { 7, "network control" },
	{ 0, NULL },
};

static const struct value_name type_names[] = {
	{ 0x0800, "IPv4" }, { 0x0806, "ARP" }, { 0x8100, "802.1Q VLAN" }, { 0x86dd, "IPv6" }, { 0, NULL },
};

static const struct field_def fields[] = {
	[VLAN_TCI] = { "vlan.tci", "Tag", FIELD_HEX, 2 },
	[VLAN_PRIORITY] = { "vlan.priority", "Priority", FIELD_UINT, 2, .depth = 1, .mask = 0xe000,
			    .names = priority_names },
	[VLAN_DEI] = { "vlan.dei", "Drop Eligible", FIELD_BOOL, 2, .depth = 1, .mask = 0x1000 },
	[VLAN_ID] = { "vlan.id", "VLAN", FIELD_UINT, 2, .depth = 1, .flags = FIELD_BRIEF, .mask = 0x0fff },
	[VLAN_ETYPE] = { "vlan.etype", "Type", FIELD_HEX, 2, .flags = FIELD_BRIEF, .names = type_names },
	[VLAN_LEN] = { "vlan.len", "Length", FIELD_UINT, 2 },
};

static void vlan_dissect(struct parse *p)
{
	uint32_t type;

	parse_uint(p, VLAN_TCI);
	type = (uint32_t)parse_peek(p, 0, 2);
	if (type >= 0x600 || parse_left(p) < 2) {
		parse_uint(p, VLAN_ETYPE);
		parse_next(p, BY_ETHERTYPE, type, type);
		return;
	}
	parse_uint(p, VLAN_LEN);
	parse_payload(p, type);
	parse_next(p, BY_ETHERTYPE, parse_peek(p, 0, 2) == 0xffff ? 1 : 4, 0);
}

static void vlan_summary(const struct packet *packet, const struct layer *layer, struct text *out)
{
	const struct field *id = layer_field(packet, layer, VLAN_ID), *type = layer_field(packet, layer, VLAN_ETYPE);

	if (!id)
		return;
	text_string(out, "VLAN ");
	text_uint(out, id->value.uint);
	if (type)
		text_format(out, ", type 0x%04x", (unsigned)type->value.uint);
}

static const struct bind binds[] = {
	{ BY_ETHERTYPE, 0x8100 }, { BY_ETHERTYPE, 0x9100 }, { BY_NONE, 0 },
};

const struct dissector vlan_dissector = {
	.name = "vlan",
	.title = "VLAN",
	.full_name = "802.1Q Virtual LAN",
	.reference = "IEEE Std 802.1Q",
	.fields = fields,
	.field_count = sizeof fields / sizeof *fields,
	.binds = binds,
	.dissect = vlan_dissect,
	.summary = vlan_summary,
};
