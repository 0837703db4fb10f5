/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One entry of a Multiprotocol Label Switching stack (RFC 3032); the next entry is a layer of its own.
 *
 *    0                    20   23 24        32
 *   +--------------------+----+--+---------+
 *   | label              | TC | S| TTL     |      S: the last entry; what follows has no type
 *   +--------------------+----+--+---------+
 */
#include "packet/dissector.h"

enum { MPLS_ENTRY, MPLS_LABEL, MPLS_EXP, MPLS_BOTTOM, MPLS_TTL };

static const struct value_name label_names[] = {
	{ 0, "IPv4 explicit null" }, { 1, "router alert" }, { 2, "IPv6 explicit null" }, { 3, "implicit null" },
	{ 0, NULL },
};

static const struct field_def fields[] = {
	[MPLS_ENTRY] = { "mpls.entry", "Entry", FIELD_HEX, 4 },
	[MPLS_LABEL] = { "mpls.label", "Label", FIELD_UINT, 4, .depth = 1, .flags = FIELD_BRIEF, .mask = 0xfffff000,
			 .names = label_names },
	[MPLS_EXP] = { "mpls.exp", "Traffic Class", FIELD_UINT, 4, .depth = 1, .mask = 0xe00 },
	[MPLS_BOTTOM] = { "mpls.bottom", "Bottom of the stack", FIELD_UINT, 4, .depth = 1, .mask = 0x100 },
	[MPLS_TTL] = { "mpls.ttl", "Time to Live", FIELD_UINT, 4, .depth = 1, .mask = 0xff },
};

/* The payload is IP when its first four bits look like it (RFC 4928); else a pseudowire, of which nothing is known. */
static void mpls_dissect(struct parse *p)
{
	uint64_t entry = parse_uint(p, MPLS_ENTRY), version = parse_peek(p, 0, 1) >> 4;

	if (!(entry & 0x100))
		parse_next(p, BY_AGAIN, 0, 0);
	else if (version == 4 || version == 6)
		parse_next(p, BY_ETHERTYPE, version == 4 ? 0x0800 : 0x86dd, 0);
	else
		parse_next(p, BY_NOTHING, 0, 0);
}

static void mpls_summary(const struct packet *packet, const struct layer *layer, struct text *out)
{
	const struct field *label = layer_field(packet, layer, MPLS_LABEL);

	if (!label)
		return;
	text_string(out, "Label ");
	text_uint(out, label->value.uint);
}

static const struct bind binds[] = {
	{ BY_ETHERTYPE, 0x8847 }, { BY_ETHERTYPE, 0x8848 }, { BY_IP_PROTO, 137 }, { BY_NONE, 0 },
};

const struct dissector mpls_dissector = {
	.name = "mpls",
	.title = "MPLS",
	.full_name = "Multiprotocol Label Switching",
	.reference = "RFC 3032",
	.fields = fields,
	.field_count = sizeof fields / sizeof *fields,
	.binds = binds,
	.dissect = mpls_dissect,
	.summary = mpls_summary,
};
