/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Internet Protocol version 6 (RFC 8200). Its extension headers are dissectors of their own.
 *
 *    0       1               4               6       7       8
 *   +---+-------+-----------+---------------+-------+-------+
 *   |ver| class | flow label| payload length| next  | limit |
 *   +---+-------+-----------+---------------+-------+-------+------- ... -------+
 *   | source, 16 octets                                                         |
 *   | destination, 16 octets                                                    |
 *   +---------------------------------------------------------------------------+
 */
#include "packet/dissector.h"

enum {
	IPV6_VERSION, IPV6_TCLASS, IPV6_DSCP, IPV6_ECN, IPV6_FLOW, IPV6_PLEN, IPV6_NXT, IPV6_HLIM, IPV6_SRC, IPV6_DST,
	IPV6_ADDR
};

static const uint8_t either_addr[] = { IPV6_SRC, IPV6_DST, 0xff };

static const struct value_name next_names[] = {
	{ 0, "hop-by-hop options" }, { 6, "TCP" },     { 17, "UDP" },   { 41, "IPv6" },   { 43, "routing header" },
	{ 44, "fragment header" },   { 50, "ESP" },    { 51, "AH" },    { 58, "ICMPv6" }, { 59, "no next header" },
	{ 60, "destination options" }, { 89, "OSPF" }, { 103, "PIM" },  { 0, NULL },
};

static const struct value_name ecn_names[] = {
	{ 0, "not ECN-capable" }, { 1, "ECT(1)" }, { 2, "ECT(0)" }, { 3, "congestion experienced" }, { 0, NULL },
};

static const struct field_def fields[] = {
	[IPV6_VERSION] = { "ipv6.version", "Version", FIELD_UINT, 0 },
	[IPV6_TCLASS] = { "ipv6.tclass", "Traffic Class", FIELD_HEX, 0 },
	[IPV6_DSCP] = { "ipv6.tclass.dscp", "DSCP", FIELD_UINT, 0, .depth = 1, .mask = 0xfc },
	[IPV6_ECN] = { "ipv6.tclass.ecn", "ECN", FIELD_UINT, 0, .depth = 1, .mask = 0x03, .names = ecn_names },
	[IPV6_FLOW] = { "ipv6.flow", "Flow Label", FIELD_HEX, 0 },
	[IPV6_PLEN] = { "ipv6.plen", "Payload Length", FIELD_UINT, 2, .help = "Octets behind this header" },
	[IPV6_NXT] = { "ipv6.nxt", "Next Header", FIELD_UINT, 1, .flags = FIELD_BRIEF, .names = next_names },
	[IPV6_HLIM] = { "ipv6.hlim", "Hop Limit", FIELD_UINT, 1 },
	[IPV6_SRC] = { "ipv6.src", "Source Address", FIELD_IPV6, 16, .role = ROLE_SRC_ADDR, .flags = FIELD_BRIEF },
	[IPV6_DST] = { "ipv6.dst", "Destination Address", FIELD_IPV6, 16, .role = ROLE_DST_ADDR, .flags = FIELD_BRIEF },
	[IPV6_ADDR] = { "ipv6.addr", "Source or Destination Address", FIELD_IPV6, 16, .flags = FIELD_EITHER,
			.either = either_addr },
};

/* 0 stands in a jumbogram (the hop-by-hop option has the length), and in a frame that the hardware will cut. */
static void payload_length(struct parse *p, uint32_t length)
{
	if (length == 0)
		p->segmented = true;
	else
		parse_payload(p, length);
}

static void ipv6_dissect(struct parse *p)
{
	uint32_t first = (uint32_t)parse_peek(p, 0, 4), at = p->position, length;
	uint8_t next;

	parse_skip(p, 4);
	if (p->failed)
		return;
	parse_add(p, IPV6_VERSION, first >> 28, at, 1);
	if (first >> 28 != 6) {
		parse_malformed(p, "not version 6");
		return;
	}
	parse_add(p, IPV6_TCLASS, first >> 20 & 0xff, at, 2);
	parse_add(p, IPV6_FLOW, first & 0xfffff, at + 1, 3);
	length = (uint32_t)parse_uint(p, IPV6_PLEN);
	next = (uint8_t)parse_uint(p, IPV6_NXT);
	parse_uint(p, IPV6_HLIM);
	p->network.source = parse_fixed(p, IPV6_SRC);
	p->network.destination = parse_fixed(p, IPV6_DST);
	p->network.length = 16;
	if (p->failed)
		return;
	payload_length(p, length);
	p->network.protocol = next;
	p->network.fragment = false;
	parse_next(p, BY_IP_PROTO, next, next);
}

static void ipv6_summary(const struct packet *packet, const struct layer *layer, struct text *out)
{
	const struct field *next = layer_field(packet, layer, IPV6_NXT);
	const char *name = next ? value_name(next_names, next->value.uint) : NULL;

	if (name)
		text_string(out, name);
	else if (next)
		text_format(out, "protocol %u", (unsigned)next->value.uint);
}

static const struct bind binds[] = {
	{ BY_ETHERTYPE, 0x86dd }, { BY_LINKTYPE, 229 }, { BY_IP_PROTO, 41 }, { BY_NONE, 0 },
};

const struct dissector ipv6_dissector = {
	.name = "ipv6",
	.title = "IPv6",
	.full_name = "Internet Protocol Version 6",
	.reference = "RFC 8200",
	.fields = fields,
	.field_count = sizeof fields / sizeof *fields,
	.binds = binds,
	.dissect = ipv6_dissect,
	.summary = ipv6_summary,
};
