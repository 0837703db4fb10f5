/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Point-to-Point Protocol (RFC 1661), with the octets of HDLC-like framing (RFC 1662) or without.
 *
 *    0      1      2          4
 *   +------+------+----------+---------
 *   | 0xff | 0x03 | protocol | payload        a protocol whose first octet is odd has only that one
 *   +------+------+----------+---------
 */
#include "packet/dissector.h"

enum { PPP_ADDRESS, PPP_CONTROL, PPP_PROTOCOL };

static const struct value_name protocol_names[] = {
	{ 0x0021, "IPv4" }, { 0x0057, "IPv6" }, { 0x0281, "MPLS" },  { 0x8021, "IPCP" }, { 0x8057, "IPV6CP" },
	{ 0xc021, "LCP" },  { 0xc023, "PAP" },  { 0xc223, "CHAP" },  { 0xc227, "EAP" },  { 0, NULL },
};

static const struct {
	uint16_t protocol;
	uint16_t type;
} types[] = {
	{ 0x0021, 0x0800 }, { 0x0057, 0x86dd }, { 0x0281, 0x8847 }, { 0x0283, 0x8848 },
};

static const struct field_def fields[] = {
	[PPP_ADDRESS] = { "ppp.address", "Address", FIELD_HEX, 1 },
	[PPP_CONTROL] = { "ppp.control", "Control", FIELD_HEX, 1 },
	[PPP_PROTOCOL] = { "ppp.protocol", "Protocol", FIELD_HEX, 0, .flags = FIELD_BRIEF, .names = protocol_names },
};

static uint64_t protocol_number(struct parse *p)
{
	uint32_t at = p->position;
	/* How long it is stands in the first octet. */
	unsigned width = !parse_left(p) || parse_peek(p, 0, 1) & 1 ? 1 : 2;
	uint64_t protocol = parse_peek(p, 0, width);

	parse_skip(p, width);
	parse_add(p, PPP_PROTOCOL, protocol, at, width);
	return protocol;
}

static void ppp_dissect(struct parse *p)
{
	uint64_t protocol;

	if (parse_peek(p, 0, 2) == 0xff03) {
		parse_uint(p, PPP_ADDRESS);
		parse_uint(p, PPP_CONTROL);
	}
	protocol = protocol_number(p);
	parse_next(p, BY_NOTHING, 0, 0);
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (types[i].protocol == protocol)
			parse_next(p, BY_ETHERTYPE, types[i].type, 0);
}

static void ppp_summary(const struct packet *packet, const struct layer *layer, struct text *out)
{
	const struct field *protocol = layer_field(packet, layer, PPP_PROTOCOL);
	const char *name = protocol ? value_name(protocol_names, protocol->value.uint) : NULL;

	if (name)
		text_string(out, name);
	else if (protocol)
		text_format(out, "protocol 0x%04x", (unsigned)protocol->value.uint);
}

static const struct bind binds[] = {
	{ BY_LINKTYPE, 9 }, { BY_LINKTYPE, 50 }, { BY_ETHERTYPE, 0x880b }, { BY_NONE, 0 },
};

const struct dissector ppp_dissector = {
	.name = "ppp",
	.title = "PPP",
	.full_name = "Point-to-Point Protocol",
	.reference = "RFC 1661",
	.fields = fields,
	.field_count = sizeof fields / sizeof *fields,
	.binds = binds,
	.dissect = ppp_dissect,
	.summary = ppp_summary,
};
