/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ethernet II and IEEE 802.3 (IEEE Std 802.3 clause 3).
 *
 *    0               6              12      14
 *   +---------------+---------------+-------+----------
 *   | destination   | source        | type  | payload     type >= 0x0600: EtherType; <= 1500: length, LLC
 *   +---------------+---------------+-------+----------
 */
#include "packet/dissector.h"

enum { ETH_DST, ETH_SRC, ETH_ADDR, ETH_TYPE, ETH_LEN, ETH_INVALID };

static const uint8_t either_addr[] = { ETH_DST, ETH_SRC, 0xff };

static const struct value_name type_names[] = {
	{ 0x0800, "IPv4" },   { 0x0806, "ARP" },   { 0x8100, "802.1Q VLAN" },
	{ 0x86dd, "IPv6" },   { 0x88a8, "802.1ad provider VLAN" },       { 0x8035, "RARP" },
	{ 0x8847, "MPLS" },   { 0x8863, "PPPoE discovery" },             { 0x8864, "PPPoE session" },
	{ 0x888e, "802.1X" }, { 0x88cc, "LLDP" },   { 0x88e5, "MACsec" },  { 0x88f7, "PTP" },
	{ 0, NULL },
};

static const struct field_def fields[] = {
	[ETH_DST] = { "eth.dst", "Destination", FIELD_MAC, 6, .role = ROLE_LINK_DST, .flags = FIELD_BRIEF },
	[ETH_SRC] = { "eth.src", "Source", FIELD_MAC, 6, .role = ROLE_LINK_SRC, .flags = FIELD_BRIEF },
	[ETH_ADDR] = { "eth.addr", "Source or destination", FIELD_MAC, 6, .flags = FIELD_EITHER,
		       .either = either_addr },
	[ETH_TYPE] = { "eth.type", "Type", FIELD_HEX, 2, .flags = FIELD_BRIEF, .names = type_names },
	[ETH_LEN] = { "eth.len", "Length", FIELD_UINT, 2 },
	[ETH_INVALID] = { "eth.invalid_lentype", "Neither length nor type", FIELD_HEX, 2 },
};

/* IEEE Std 802.3 clause 3.2.6: up to 1500 a length; from 0x600 a type; between them nothing. */
static void length_field(struct parse *p, uint32_t length)
{
	if (length > 1500) {
		parse_uint(p, ETH_INVALID);
		parse_malformed(p, "neither a length nor a type");
		parse_next(p, BY_NOTHING, 0, 0);
		return;
	}
	parse_uint(p, ETH_LEN);
	parse_payload(p, length);
	parse_next(p, BY_ETHERTYPE, parse_peek(p, 0, 2) == 0xffff ? 1 : 4, 0);
}

/* Cisco's ISL puts a header of its own in front of the Ethernet one, with the destination 01:00:0c:00:00:xx. */
static bool is_isl(const struct parse *p)
{
	return (parse_peek(p, 0, 4) & 0xfdffffff) == 0x01000c00 && parse_peek(p, 4, 1) == 0;
}

static void eth_dissect(struct parse *p)
{
	uint32_t type;

	if (is_isl(p)) {
		parse_opaque(p, "a frame in Cisco ISL, which is not decoded");
		parse_next(p, BY_NOTHING, 0, 0);
		return;
	}
	parse_fixed(p, ETH_DST);
	parse_fixed(p, ETH_SRC);
	type = (uint32_t)parse_peek(p, 0, 2);
	if (type < 0x600 && parse_left(p) >= 2) {
		length_field(p, type);
		return;
	}
	parse_uint(p, ETH_TYPE);
	parse_next(p, BY_ETHERTYPE, type, type);
}

static void eth_summary(const struct packet *packet, const struct layer *layer, struct text *out)
{
	const struct field *type = layer_field(packet, layer, ETH_TYPE);

	if (type)
		text_format(out, "Ethernet type 0x%04x", (unsigned)type->value.uint);
	else if (layer->state == LAYER_OPAQUE)
		text_string(out, layer->problem);
}

/* 0x6558: bridged inside a tunnel. */
static const struct bind binds[] = { { BY_LINKTYPE, 1 }, { BY_ETHERTYPE, 0x6558 }, { BY_NONE, 0 } };

const struct dissector eth_dissector = {
	.name = "eth",
	.title = "Ethernet",
	.full_name = "Ethernet",
	.reference = "IEEE Std 802.3",
	.fields = fields,
	.field_count = sizeof fields / sizeof *fields,
	.binds = binds,
	.dissect = eth_dissect,
	.summary = eth_summary,
};
