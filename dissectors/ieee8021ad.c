/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Provider VLAN tags (IEEE Std 802.1ad, type 0x88a8): the outer one of two.
 *
 *    0                       2       4
 *   +-----+---+-------------+-------+---------
 *   | pcp |dei| VLAN id     | type  | payload        mostly a customer's tag, 0x8100
 *   +-----+---+-------------+-------+---------
 */
#include "packet/dissector.h"

enum { AD_TCI, AD_PRIORITY, AD_DEI, AD_ID, AD_ETYPE };

static const struct value_name type_names[] = {
	{ 0x0800, "IPv4" }, { 0x0806, "ARP" }, { 0x8100, "802.1Q VLAN" }, { 0x86dd, "IPv6" }, { 0, NULL },
};

static const struct field_def fields[] = {
	[AD_TCI] = { "ieee8021ad.tci", "Tag", FIELD_HEX, 2 },
	[AD_PRIORITY] = { "ieee8021ad.priority", "Priority", FIELD_UINT, 2, .depth = 1, .mask = 0xe000 },
	[AD_DEI] = { "ieee8021ad.dei", "Drop Eligible", FIELD_BOOL, 2, .depth = 1, .mask = 0x1000 },
	[AD_ID] = { "ieee8021ad.id", "Provider VLAN", FIELD_UINT, 2, .depth = 1, .flags = FIELD_BRIEF, .mask = 0x0fff },
	[AD_ETYPE] = { "ieee8021ad.etype", "Type", FIELD_HEX, 2, .names = type_names },
};

static void ieee8021ad_dissect(struct parse *p)
{
	uint32_t type;

	parse_uint(p, AD_TCI);
	type = (uint32_t)parse_uint(p, AD_ETYPE);
	parse_next(p, BY_ETHERTYPE, type, type);
}

static void ieee8021ad_summary(const struct packet *packet, const struct layer *layer, struct text *out)
{
	const struct field *id = layer_field(packet, layer, AD_ID);

	if (!id)
		return;
	text_string(out, "provider VLAN ");
	text_uint(out, id->value.uint);
}

static const struct bind binds[] = { { BY_ETHERTYPE, 0x88a8 }, { BY_NONE, 0 } };

const struct dissector ieee8021ad_dissector = {
	.name = "ieee8021ad",
	.title = "802.1ad",
	.full_name = "802.1ad Provider VLAN",
	.reference = "IEEE Std 802.1ad",
	.fields = fields,
	.field_count = sizeof fields / sizeof *fields,
	.binds = binds,
	.dissect = ieee8021ad_dissect,
	.summary = ieee8021ad_summary,
};
