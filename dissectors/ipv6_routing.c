/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IPv6 routing header (RFC 8200 section 4.4): source route (type 0, RFC 2460), home address (2, RFC 6275) and segment
 * routing (4, RFC 8754); RPL's (3, RFC 6554) and others as octets.
 *
 *    0       1       2       3       4               8
 *   +-------+-------+-------+-------+---------------+------------------- ... -+
 *   | next  | length| type  | left  | by type       | addresses, 16 octets each|     length: in 8 octets
 *   +-------+-------+-------+-------+---------------+------------------- ... -+
 */
#include "packet/dissector.h"

#define SOURCE_ROUTE 0
#define HOME_ADDRESS 2
#define SEGMENT_ROUTING 4

enum {
	ROUTING_NXT, ROUTING_LEN, ROUTING_OCTETS, ROUTING_TYPE, ROUTING_LEFT, ROUTING_SRC_RESERVED, ROUTING_SRC_ADDR,
	ROUTING_MIP_RESERVED, ROUTING_MIP_HOME, ROUTING_SRH_LAST, ROUTING_SRH_FLAGS, ROUTING_SRH_TAG, ROUTING_SRH_ADDR,
	ROUTING_SRH_TLV, ROUTING_UNKNOWN
};

static const struct value_name type_names[] = {
	{ 0, "source route" }, { 2, "mobile IPv6" }, { 3, "RPL source route" }, { 4, "segment routing" }, { 0, NULL },
};

static const struct field_def fields[] = {
	[ROUTING_NXT] = { "ipv6.routing.nxt", "Next Header", FIELD_UINT, 1 },
	[ROUTING_LEN] = { "ipv6.routing.len", "Length", FIELD_UINT, 1 },
	[ROUTING_OCTETS] = { "ipv6.routing.len_oct", "Octets", FIELD_UINT, 0, .depth = 1, .flags = FIELD_GENERATED },
	[ROUTING_TYPE] = { "ipv6.routing.type", "Type", FIELD_UINT, 1, .flags = FIELD_BRIEF, .names = type_names },
	[ROUTING_LEFT] = { "ipv6.routing.segleft", "Segments Left", FIELD_UINT, 1, .flags = FIELD_BRIEF },
	[ROUTING_SRC_RESERVED] = { "ipv6.routing.src.reserved", "Reserved", FIELD_BYTES, 4 },
	[ROUTING_SRC_ADDR] = { "ipv6.routing.src.addr", "Address", FIELD_IPV6, 16 },
	[ROUTING_MIP_RESERVED] = { "ipv6.routing.mipv6.reserved", "Reserved", FIELD_BYTES, 4 },
	[ROUTING_MIP_HOME] = { "ipv6.routing.mipv6.home_address", "Home Address", FIELD_IPV6, 16 },
	[ROUTING_SRH_LAST] = { "ipv6.routing.srh.last_entry", "Last Entry", FIELD_UINT, 1 },
	[ROUTING_SRH_FLAGS] = { "ipv6.routing.srh.flags", "Flags", FIELD_HEX, 1 },
	[ROUTING_SRH_TAG] = { "ipv6.routing.srh.tag", "Tag", FIELD_BYTES, 2 },
	[ROUTING_SRH_ADDR] = { "ipv6.routing.srh.addr", "Segment", FIELD_IPV6, 16 },
	[ROUTING_SRH_TLV] = { "ipv6.routing.srh.tlv", "TLVs", FIELD_BYTES, 0 },
	[ROUTING_UNKNOWN] = { "ipv6.routing.unknown_data", "Data", FIELD_BYTES, 0 },
};

/* Each returns the address where the packet ends up, for pseudo headers; NULL: the one in the IPv6 header. */

static const uint8_t *source_route(struct parse *p)
{
	const uint8_t *last = NULL;

	parse_fixed(p, ROUTING_SRC_RESERVED);
	while (parse_more(p))
		last = parse_fixed(p, ROUTING_SRC_ADDR);
	return last;
}

static const uint8_t *home_address(struct parse *p)
{
	parse_fixed(p, ROUTING_MIP_RESERVED);
	return parse_fixed(p, ROUTING_MIP_HOME);
}

/* Segments stand in reverse: the first in the list is the last on the way. */
static const uint8_t *segment_routing(struct parse *p)
{
	unsigned count = (unsigned)parse_uint(p, ROUTING_SRH_LAST) + 1;
	const uint8_t *first = NULL, *segment;

	parse_uint(p, ROUTING_SRH_FLAGS);
	parse_fixed(p, ROUTING_SRH_TAG);
	while (parse_more(p) && count-- > 0) {
		segment = parse_fixed(p, ROUTING_SRH_ADDR);
		first = first ? first : segment;
	}
	parse_rest(p, ROUTING_SRH_TLV);
	return first;
}

static const struct {
	uint8_t type;
	const uint8_t *(*body)(struct parse *p);
} bodies[] = {
	{ SOURCE_ROUTE, source_route }, { HOME_ADDRESS, home_address }, { SEGMENT_ROUTING, segment_routing },
};

static const uint8_t *body(struct parse *p, uint64_t type)
{
	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
		if (bodies[i].type == type)
			return bodies[i].body(p);
	parse_rest(p, ROUTING_UNKNOWN);
	return NULL;
}

static void ipv6_routing_dissect(struct parse *p)
{
	uint8_t next = (uint8_t)parse_uint(p, ROUTING_NXT);
	uint32_t octets = ((uint32_t)parse_uint(p, ROUTING_LEN) + 1) * 8;
	uint64_t type = parse_uint(p, ROUTING_TYPE), left = parse_uint(p, ROUTING_LEFT);
	const uint8_t *final;
	struct parse_part part;

	parse_add(p, ROUTING_OCTETS, octets, p->layer->offset + 1, 1);
	part = parse_enter(p, octets - 4);
	final = body(p, type);
	parse_leave(p, part);
	if (p->failed)
		return;
	if (left && final)
		p->network.destination = final;
	p->network.protocol = next;
	parse_next(p, BY_IP_PROTO, next, next);
}

static void ipv6_routing_summary(const struct packet *packet, const struct layer *layer, struct text *out)
{
	const struct field *type = layer_field(packet, layer, ROUTING_TYPE);

	if (type)
		text_format(out, "routing header type %u, segments left %u", (unsigned)type->value.uint,
			    (unsigned)layer_uint(packet, layer, ROUTING_LEFT, 0));
}

static const struct bind binds[] = { { BY_IP_PROTO, 43 }, { BY_NONE, 0 } };

const struct dissector ipv6_routing_dissector = {
	.name = "ipv6.routing",
	.title = "IPv6",
	.full_name = "IPv6 Routing Header",
	.reference = "RFC 8200",
	.fields = fields,
	.field_count = sizeof fields / sizeof *fields,
	.binds = binds,
	.dissect = ipv6_routing_dissect,
	.summary = ipv6_routing_summary,
};
