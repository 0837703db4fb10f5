/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Generic Routing Encapsulation (RFC 2784, key and sequence number RFC 2890; version 1 is PPTP's, RFC 2637).
 *
 *    0       2       4                8        12         16
 *   +-------+-------+----------------+--------+----------+---------+---------
 *   | flags | type  | checksum, 0    | key    | sequence | ack     | payload
 *   +-------+-------+----------------+--------+----------+---------+---------
 *                     if C             if K     if S       if A (version 1)
 */
#include "packet/dissector.h"

#define FLAG_CHECKSUM 0x8000
#define FLAG_ROUTING 0x4000
#define FLAG_KEY 0x2000
#define FLAG_SEQUENCE 0x1000
#define FLAG_ACK 0x0080
#define TYPE_ERSPAN 0x88be
#define TYPE_BRIDGED 0x6558

enum {
	GRE_FLAGS, GRE_C, GRE_R, GRE_K, GRE_S, GRE_A, GRE_VERSION, GRE_PROTO, GRE_CHECKSUM, GRE_STATUS, GRE_OFFSET,
	GRE_KEY, GRE_KEY_LENGTH, GRE_KEY_CALL, GRE_SEQUENCE, GRE_ACK
};

static const struct value_name proto_names[] = {
	{ 0x0800, "IPv4" }, { 0x6558, "bridged Ethernet" }, { 0x86dd, "IPv6" },    { 0x8847, "MPLS" },
	{ 0x880b, "PPP" },  { 0x88be, "ERSPAN" },           { 0x22eb, "ERSPAN III" }, { 0, NULL },
};

static const struct field_def fields[] = {
	[GRE_FLAGS] = { "gre.flags_and_version", "Flags and Version", FIELD_HEX, 2 },
	[GRE_C] = { "gre.flags.checksum", "Checksum", FIELD_BOOL, 2, .depth = 1, .mask = FLAG_CHECKSUM },
	[GRE_R] = { "gre.flags.routing", "Routing", FIELD_BOOL, 2, .depth = 1, .mask = FLAG_ROUTING },
	[GRE_K] = { "gre.flags.key", "Key", FIELD_BOOL, 2, .depth = 1, .mask = FLAG_KEY },
	[GRE_S] = { "gre.flags.sequence_number", "Sequence number", FIELD_BOOL, 2, .depth = 1, .mask = FLAG_SEQUENCE },
	[GRE_A] = { "gre.flags.ack", "Acknowledgment", FIELD_BOOL, 2, .depth = 1, .mask = FLAG_ACK },
	[GRE_VERSION] = { "gre.flags.version", "Version", FIELD_UINT, 2, .depth = 1, .mask = 7 },
	[GRE_PROTO] = { "gre.proto", "Protocol", FIELD_HEX, 2, .flags = FIELD_BRIEF, .names = proto_names },
	[GRE_CHECKSUM] = { "gre.checksum", "Checksum", FIELD_HEX, 2 },
	[GRE_STATUS] = { "gre.checksum.status", "Checksum Status", FIELD_UINT, 0, .depth = 1,
			 .flags = FIELD_BRIEF | FIELD_GENERATED, .names = checksum_status_names },
	[GRE_OFFSET] = { "gre.offset", "Offset", FIELD_UINT, 2 },
	[GRE_KEY] = { "gre.key", "Key", FIELD_HEX, 4 },
	[GRE_KEY_LENGTH] = { "gre.key.payload_length", "Payload Length", FIELD_UINT, 2 },
	[GRE_KEY_CALL] = { "gre.key.call_id", "Call", FIELD_UINT, 2 },
	[GRE_SEQUENCE] = { "gre.sequence_number", "Sequence Number", FIELD_UINT, 4 },
	[GRE_ACK] = { "gre.ack_number", "Acknowledgment Number", FIELD_UINT, 4 },
};

static void checksum(struct parse *p)
{
	uint32_t at = p->position, length = parse_consumed(p) + parse_claimed(p);
	uint16_t stored = (uint16_t)parse_uint(p, GRE_CHECKSUM);

	if (parse_wants(p, GRE_STATUS))
		parse_add(p, GRE_STATUS, parse_checksum(p, p->layer->offset, length, stored, false), at, 2);
	parse_uint(p, GRE_OFFSET);
}

static void optional(struct parse *p, uint64_t flags)
{
	if (flags & (FLAG_CHECKSUM | FLAG_ROUTING))
		checksum(p);
	if (flags & FLAG_KEY && flags & 7) {
		parse_uint(p, GRE_KEY_LENGTH);
		parse_uint(p, GRE_KEY_CALL);
	} else if (flags & FLAG_KEY) {
		parse_uint(p, GRE_KEY);
	}
	if (flags & FLAG_SEQUENCE)
		parse_uint(p, GRE_SEQUENCE);
	if (flags & 7 && flags & FLAG_ACK)
		parse_uint(p, GRE_ACK);
}

/* ERSPAN without a sequence number is its first kind, which has no header of its own. */
static void gre_dissect(struct parse *p)
{
	uint64_t flags = parse_uint(p, GRE_FLAGS);
	uint32_t type = (uint32_t)parse_uint(p, GRE_PROTO);

	if ((flags & 7) > 1 || flags & FLAG_ROUTING) {
		parse_opaque(p, (flags & 7) > 1 ? "an unknown version" : "source routes, which no one uses any more");
		parse_next(p, BY_NOTHING, 0, 0);
		return;
	}
	optional(p, flags);
	if (type == TYPE_ERSPAN && !(flags & FLAG_SEQUENCE))
		type = TYPE_BRIDGED;
	parse_next(p, BY_ETHERTYPE, type, type);
}

static void gre_summary(const struct packet *packet, const struct layer *layer, struct text *out)
{
	const struct field *proto = layer_field(packet, layer, GRE_PROTO);
	const char *name = proto ? value_name(proto_names, proto->value.uint) : NULL;

	if (name)
		text_string(out, name);
	else if (proto)
		text_format(out, "protocol 0x%04x", (unsigned)proto->value.uint);
}

static const struct bind binds[] = { { BY_IP_PROTO, 47 }, { BY_NONE, 0 } };

const struct dissector gre_dissector = {
	.name = "gre",
	.title = "GRE",
	.full_name = "Generic Routing Encapsulation",
	.reference = "RFC 2784",
	.fields = fields,
	.field_count = sizeof fields / sizeof *fields,
	.binds = binds,
	.dissect = gre_dissect,
	.summary = gre_summary,
};
