/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Encapsulated remote switch port analyzer, types II and III (draft-foschiano-erspan): a mirrored frame inside GRE.
 *
 *    0                     2                    4                8
 *   +-----+---------------+----------+---------+----------------+
 *   | ver | VLAN          | cos,en,T | session | index          |  II
 *   +-----+---------------+----------+---------+----------------+--------+----------+--------------+
 *   | ver | VLAN          | cos,bso,T| session | time           | SGT    | flags  O | subheader, 8 |  III; if O
 *   +-----+---------------+----------+---------+----------------+--------+----------+--------------+
 */
#include "packet/dissector.h"

#define FRAME_TYPE_IP 2

enum {
	ERSPAN_WORD, ERSPAN_VERSION, ERSPAN_VLAN, ERSPAN_COS, ERSPAN_ENCAP, ERSPAN_TRUNCATED, ERSPAN_SESSION,
	ERSPAN_INDEX, ERSPAN_TIME, ERSPAN_SGT, ERSPAN_FLAGS, ERSPAN_P, ERSPAN_FT, ERSPAN_HW, ERSPAN_DIRECTION,
	ERSPAN_GRA, ERSPAN_O, ERSPAN_SUBHEADER
};

static const struct value_name version_names[] = { { 1, "type II" }, { 2, "type III" }, { 0, NULL } };

static const struct field_def fields[] = {
	[ERSPAN_WORD] = { "erspan.header", "Header", FIELD_HEX, 4 },
	[ERSPAN_VERSION] = { "erspan.version", "Version", FIELD_UINT, 4, .depth = 1, .mask = 0xf0000000,
			     .names = version_names },
	[ERSPAN_VLAN] = { "erspan.vlan", "VLAN", FIELD_UINT, 4, .depth = 1, .mask = 0x0fff0000 },
	[ERSPAN_COS] = { "erspan.cos", "Class of Service", FIELD_UINT, 4, .depth = 1, .mask = 0xe000 },
	[ERSPAN_ENCAP] = { "erspan.encap", "Encapsulation or error", FIELD_UINT, 4, .depth = 1, .mask = 0x1800 },
	[ERSPAN_TRUNCATED] = { "erspan.truncated", "Truncated", FIELD_UINT, 4, .depth = 1, .mask = 0x0400 },
	[ERSPAN_SESSION] = { "erspan.spanid", "Session", FIELD_UINT, 4, .depth = 1, .flags = FIELD_BRIEF,
			     .mask = 0x03ff },
	[ERSPAN_INDEX] = { "erspan.index", "Index", FIELD_UINT, 4 },
	[ERSPAN_TIME] = { "erspan.timestamp", "Timestamp", FIELD_UINT, 4 },
	[ERSPAN_SGT] = { "erspan.sgt", "Security Group", FIELD_UINT, 2 },
	[ERSPAN_FLAGS] = { "erspan.flags", "Flags", FIELD_HEX, 2 },
	[ERSPAN_P] = { "erspan.p", "Has an Ethernet frame", FIELD_UINT, 2, .depth = 1, .mask = 0x8000 },
	[ERSPAN_FT] = { "erspan.ft", "Frame Type", FIELD_UINT, 2, .depth = 1, .mask = 0x7c00 },
	[ERSPAN_HW] = { "erspan.hw", "Hardware", FIELD_UINT, 2, .depth = 1, .mask = 0x03f0 },
	[ERSPAN_DIRECTION] = { "erspan.direction", "Outgoing", FIELD_BOOL, 2, .depth = 1, .mask = 0x0008 },
	[ERSPAN_GRA] = { "erspan.gra", "Granularity", FIELD_UINT, 2, .depth = 1, .mask = 0x0006 },
	[ERSPAN_O] = { "erspan.o", "Subheader follows", FIELD_UINT, 2, .depth = 1, .mask = 0x0001 },
	[ERSPAN_SUBHEADER] = { "erspan.subheader", "Subheader", FIELD_BYTES, 8 },
};

/* A bridged frame, or without one an IP packet. */
static uint32_t type_three(struct parse *p)
{
	uint64_t flags;
	uint32_t version;

	parse_uint(p, ERSPAN_TIME);
	parse_uint(p, ERSPAN_SGT);
	flags = parse_uint(p, ERSPAN_FLAGS);
	if (flags & 1)
		parse_fixed(p, ERSPAN_SUBHEADER);
	if ((flags >> 10 & 0x1f) != FRAME_TYPE_IP)
		return 0x6558;
	version = (uint32_t)parse_peek(p, 0, 1) >> 4;
	return version == 6 ? 0x86dd : 0x0800;
}

static void erspan_dissect(struct parse *p)
{
	uint64_t version = parse_uint(p, ERSPAN_WORD) >> 28;
	uint32_t type = 0x6558;

	if (version == 2)
		type = type_three(p);
	else if (version == 1)
		parse_uint(p, ERSPAN_INDEX);
	else
		parse_opaque(p, "an unknown version");
	parse_next(p, version == 1 || version == 2 ? BY_ETHERTYPE : BY_NOTHING, type, type);
}

static void erspan_summary(const struct packet *packet, const struct layer *layer, struct text *out)
{
	const struct field *session = layer_field(packet, layer, ERSPAN_SESSION);

	if (!session)
		return;
	text_string(out, "session ");
	text_uint(out, session->value.uint);
}

static const struct bind binds[] = { { BY_ETHERTYPE, 0x88be }, { BY_ETHERTYPE, 0x22eb }, { BY_NONE, 0 } };

const struct dissector erspan_dissector = {
	.name = "erspan",
	.title = "ERSPAN",
	.full_name = "Encapsulated Remote Switch Port Analyzer",
	.reference = "draft-foschiano-erspan",
	.fields = fields,
	.field_count = sizeof fields / sizeof *fields,
	.binds = binds,
	.dissect = erspan_dissect,
	.summary = erspan_summary,
};
