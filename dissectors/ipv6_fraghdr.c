/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IPv6 fragment header (RFC 8200 section 4.5).
 *
 *    0       1       2                  4                8
 *   +-------+-------+-------------+----+----------------+---------
 *   | next  | 0     | offset in 8 |0 |M| identification | a fragment
 *   +-------+-------+-------------+----+----------------+---------
 */
#include "packet/dissector.h"

enum {
	FRAG_NXT, FRAG_RESERVED, FRAG_OFFSET, FRAG_BITS, FRAG_MORE, FRAG_IDENT, IPV6_FRAGMENTS, IPV6_FRAGMENT,
	IPV6_OVERLAP, IPV6_CONFLICT, IPV6_MULTIPLE_TAILS, IPV6_TOO_LONG, IPV6_FRAGMENT_COUNT, IPV6_REASSEMBLED_LENGTH,
	IPV6_REASSEMBLED_IN
};

#define FOLLOWED (FIELD_GENERATED | FIELD_FOLLOWED)

static const struct field_def fields[] = {
	[FRAG_NXT] = { "ipv6.fraghdr.nxt", "Next Header", FIELD_UINT, 1 },
	[FRAG_RESERVED] = { "ipv6.fraghdr.reserved_octet", "Reserved", FIELD_HEX, 1 },
	[FRAG_OFFSET] = { "ipv6.fraghdr.offset", "Offset", FIELD_UINT, 0, .flags = FIELD_BRIEF,
			  .help = "In units of 8 octets" },
	[FRAG_BITS] = { "ipv6.fraghdr.reserved_bits", "Reserved bits", FIELD_UINT, 0 },
	[FRAG_MORE] = { "ipv6.fraghdr.more", "More Fragments", FIELD_BOOL, 0, .flags = FIELD_BRIEF },
	[FRAG_IDENT] = { "ipv6.fraghdr.ident", "Identification", FIELD_HEX, 4 },
	[IPV6_FRAGMENTS] = { "ipv6.fragments", "Fragments", FIELD_NONE, 0, .flags = FOLLOWED,
			     .help = "The datagram was put together here" },
	[IPV6_FRAGMENT] = { "ipv6.fragment", "Fragment in packet", FIELD_UINT, 0, .depth = 1, .flags = FOLLOWED },
	[IPV6_OVERLAP] = { "ipv6.fragment.overlap", "Overlaps earlier fragments", FIELD_BOOL, 0, .depth = 2,
			   .flags = FOLLOWED, .help = "RFC 5722 forbids it; the first octets that came are kept" },
	[IPV6_CONFLICT] = { "ipv6.fragment.overlap.conflict", "With other octets", FIELD_BOOL, 0, .depth = 2,
			    .flags = FOLLOWED },
	[IPV6_MULTIPLE_TAILS] = { "ipv6.fragment.multipletails", "Another last fragment", FIELD_BOOL, 0, .depth = 2,
				  .flags = FOLLOWED,
				  .help = "It ends elsewhere than the first one that was the last" },
	[IPV6_TOO_LONG] = { "ipv6.fragment.toolongfragment", "Ends behind the datagram", FIELD_BOOL, 0, .depth = 2,
			    .flags = FOLLOWED },
	[IPV6_FRAGMENT_COUNT] = { "ipv6.fragment.count", "Fragment count", FIELD_UINT, 0, .depth = 1,
				  .flags = FOLLOWED },
	[IPV6_REASSEMBLED_LENGTH] = { "ipv6.reassembled.length", "Octets put together", FIELD_UINT, 0, .depth = 1,
				      .flags = FOLLOWED, .help = "Of what follows the fragment header" },
	[IPV6_REASSEMBLED_IN] = { "ipv6.reassembled.in", "Put together in packet", FIELD_UINT, 0,
				  .flags = FOLLOWED | FIELD_AHEAD },
};

static void ipv6_fraghdr_dissect(struct parse *p)
{
	uint8_t next = (uint8_t)parse_uint(p, FRAG_NXT);
	uint32_t at, value;

	parse_uint(p, FRAG_RESERVED);
	at = p->position;
	value = (uint32_t)parse_peek(p, 0, 2);
	parse_skip(p, 2);
	parse_add(p, FRAG_OFFSET, value >> 3, at, 2);
	parse_add(p, FRAG_BITS, value >> 1 & 3, at + 1, 1);
	parse_add(p, FRAG_MORE, value & 1, at + 1, 1);
	parse_uint(p, FRAG_IDENT);
	if (p->failed)
		return;
	p->network.protocol = next;
	p->network.fragment = (value & 0xfff9) != 0;
	if ((value & 0xfff8) + parse_claimed(p) > 65535)
		parse_malformed(p, "a fragment that ends behind octet 65535: no datagram is so long");
	if (value >> 3) {
		parse_opaque(p, "a later fragment: the first one has the ports");
		parse_next(p, BY_NOTHING, 0, 0);
		return;
	}
	parse_next(p, BY_IP_PROTO, next, next);
}

static void ipv6_fraghdr_summary(const struct packet *packet, const struct layer *layer, struct text *out)
{
	const struct field *offset = layer_field(packet, layer, FRAG_OFFSET);

	if (offset)
		text_format(out, "fragment at octet %u, %s", (unsigned)offset->value.uint * 8,
			    layer_uint(packet, layer, FRAG_MORE, 0) ? "more follow" : "the last");
}

static const struct bind binds[] = { { BY_IP_PROTO, 44 }, { BY_NONE, 0 } };

const struct dissector ipv6_fraghdr_dissector = {
	.name = "ipv6.fraghdr",
	.title = "IPv6",
	.full_name = "IPv6 Fragment Header",
	.reference = "RFC 8200",
	.fields = fields,
	.field_count = sizeof fields / sizeof *fields,
	.binds = binds,
	.dissect = ipv6_fraghdr_dissect,
	.summary = ipv6_fraghdr_summary,
};
