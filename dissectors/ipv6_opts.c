/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IPv6 hop-by-hop and destination options (RFC 8200 sections 4.3 and 4.6): one layout, one list of options, and
 * therefore one dissector; the header before says which of the two it is.
 *
 *    0       1       2
 *   +-------+-------+------------------------ ... -+
 *   | next  | length| options: type, length, value |      length: in 8 octets, without the first 8
 *   +-------+-------+------------------------ ... -+
 */
#include "packet/dissector.h"

enum {
	OPTS_HOPOPTS, OPTS_HOP_NXT, OPTS_HOP_LEN, OPTS_HOP_OCTETS, OPTS_DSTOPTS, OPTS_DST_NXT, OPTS_DST_LEN,
	OPTS_DST_OCTETS, OPTS_TYPE, OPTS_ACTION, OPTS_CHANGE, OPTS_REST, OPTS_LENGTH, OPTS_PAD1, OPTS_PADN, OPTS_TUNNEL,
	OPTS_ALERT, OPTS_QUICK, OPTS_MTU_MIN, OPTS_MTU_RETURN, OPTS_RPL, OPTS_JUMBO, OPTS_HOME, OPTS_UNKNOWN
};

#define OPTION_PAD1 0
#define HEADER_HOPOPTS 0

static const struct value_name type_names[] = {
	{ 0x00, "Pad1" },          { 0x01, "PadN" },           { 0x04, "tunnel encapsulation limit" },
	{ 0x05, "router alert" },  { 0x26, "quick start" },    { 0x30, "minimum path MTU" },
	{ 0x63, "RPL" },           { 0xc2, "jumbo payload" },  { 0xc9, "home address" },
	{ 0, NULL },
};

static const struct value_name action_names[] = {
	{ 0, "skip" }, { 1, "discard" }, { 2, "discard, report" }, { 3, "discard, report unless multicast" },
	{ 0, NULL },
};

static const struct value_name alert_names[] = {
	{ 0, "multicast listener discovery" }, { 1, "RSVP" }, { 2, "active networks" }, { 0, NULL },
};

static const struct field_def fields[] = {
	[OPTS_HOPOPTS] = { "ipv6.hopopts", "Hop-by-Hop Options", FIELD_NONE, 0, .flags = FIELD_BRIEF },
	[OPTS_HOP_NXT] = { "ipv6.hopopts.nxt", "Next Header", FIELD_UINT, 1 },
	[OPTS_HOP_LEN] = { "ipv6.hopopts.len", "Length", FIELD_UINT, 1 },
	[OPTS_HOP_OCTETS] = { "ipv6.hopopts.len_oct", "Octets", FIELD_UINT, 0, .depth = 1, .flags = FIELD_GENERATED },
	[OPTS_DSTOPTS] = { "ipv6.dstopts", "Destination Options", FIELD_NONE, 0, .flags = FIELD_BRIEF },
	[OPTS_DST_NXT] = { "ipv6.dstopts.nxt", "Next Header", FIELD_UINT, 1 },
	[OPTS_DST_LEN] = { "ipv6.dstopts.len", "Length", FIELD_UINT, 1 },
	[OPTS_DST_OCTETS] = { "ipv6.dstopts.len_oct", "Octets", FIELD_UINT, 0, .depth = 1, .flags = FIELD_GENERATED },
	[OPTS_TYPE] = { "ipv6.opt.type", "Option", FIELD_HEX, 1, .names = type_names },
	[OPTS_ACTION] = { "ipv6.opt.type.action", "If unknown", FIELD_UINT, 1, .depth = 1, .mask = 0xc0,
			  .names = action_names },
	[OPTS_CHANGE] = { "ipv6.opt.type.change", "May change on the way", FIELD_BOOL, 1, .depth = 1, .mask = 0x20 },
	[OPTS_REST] = { "ipv6.opt.type.rest", "Low bits", FIELD_HEX, 1, .depth = 1, .mask = 0x1f },
	[OPTS_LENGTH] = { "ipv6.opt.length", "Length", FIELD_UINT, 1, .depth = 1 },
	[OPTS_PAD1] = { "ipv6.opt.pad1", "Pad1", FIELD_NONE, 0, .depth = 1 },
	[OPTS_PADN] = { "ipv6.opt.padn", "PadN", FIELD_BYTES, 0, .depth = 1 },
	[OPTS_TUNNEL] = { "ipv6.opt.tel", "Tunnel Encapsulation Limit", FIELD_UINT, 1, .depth = 1 },
	[OPTS_ALERT] = { "ipv6.opt.router_alert", "Router Alert", FIELD_UINT, 2, .depth = 1, .names = alert_names },
	[OPTS_QUICK] = { "ipv6.opt.quick_start", "Quick Start", FIELD_BYTES, 6, .depth = 1 },
	[OPTS_MTU_MIN] = { "ipv6.opt.pmtu.min", "Minimum Path MTU", FIELD_UINT, 2, .depth = 1 },
	[OPTS_MTU_RETURN] = { "ipv6.opt.pmtu.rtn", "Returned Path MTU", FIELD_UINT, 2, .depth = 1 },
	[OPTS_RPL] = { "ipv6.opt.rpl", "RPL", FIELD_BYTES, 0, .depth = 1 },
	[OPTS_JUMBO] = { "ipv6.opt.jumbo", "Jumbo Payload Length", FIELD_UINT, 4, .depth = 1 },
	[OPTS_HOME] = { "ipv6.opt.mipv6.home_address", "Home Address", FIELD_IPV6, 16, .depth = 1 },
	[OPTS_UNKNOWN] = { "ipv6.opt.unknown", "Value", FIELD_BYTES, 0, .depth = 1 },
};

static const struct option_row {
	uint8_t type;
	uint8_t row;
} option_rows[] = {
	{ 0x01, OPTS_PADN },  { 0x04, OPTS_TUNNEL }, { 0x05, OPTS_ALERT }, { 0x26, OPTS_QUICK }, { 0x30, OPTS_MTU_MIN },
	{ 0x63, OPTS_RPL },   { 0xc2, OPTS_JUMBO },  { 0xc9, OPTS_HOME },
};

static unsigned row_of(uint64_t type)
{
	for (size_t i = 0; i < sizeof option_rows / sizeof *option_rows; i++)
		if (option_rows[i].type == type)
			return option_rows[i].row;
	return OPTS_UNKNOWN;
}

static uint64_t option_value(struct parse *p, unsigned row)
{
	const struct field_def *def = &fields[row];
	const uint8_t *at = NULL;
	uint64_t value = 0;

	if (def->type == FIELD_UINT)
		value = parse_uint(p, row);
	else if (def->width)
		at = parse_fixed(p, row);
	else
		parse_rest(p, row);
	if (row == OPTS_MTU_MIN)
		parse_uint(p, OPTS_MTU_RETURN);
	/* Checksums are over the home address (RFC 6275 section 9.3.1). */
	if (row == OPTS_HOME && at)
		p->network.source = at;
	return value;
}

/* One option; the jumbo payload length when that is what it was, else `jumbo`. */
static uint64_t one_option(struct parse *p, uint64_t jumbo)
{
	uint32_t at = p->position;
	uint64_t type = parse_uint(p, OPTS_TYPE), value;
	struct parse_part part;
	unsigned row;

	if (type == OPTION_PAD1) {
		parse_add(p, OPTS_PAD1, 0, at, 1);
		return jumbo;
	}
	row = row_of(type);
	part = parse_enter(p, (uint32_t)parse_uint(p, OPTS_LENGTH));
	value = option_value(p, row);
	parse_leave(p, part);
	return row == OPTS_JUMBO ? value : jumbo;
}

static uint64_t options(struct parse *p, uint32_t length)
{
	struct parse_part part = parse_enter(p, length);
	uint64_t jumbo = 0;

	while (parse_more(p))
		jumbo = one_option(p, jumbo);
	parse_leave(p, part);
	return jumbo;
}

/* RFC 2675 section 2: the length counts from behind the fixed header, where these options begin. */
static void jumbo_payload(struct parse *p, uint64_t jumbo)
{
	if (jumbo < parse_consumed(p))
		parse_malformed(p, "a jumbo payload length shorter than its own header");
	else
		parse_payload(p, (uint32_t)jumbo - parse_consumed(p));
}

static void ipv6_opts_dissect(struct parse *p)
{
	bool hop = p->network.protocol == HEADER_HOPOPTS;
	uint32_t at = p->position, octets = ((uint32_t)parse_peek(p, 1, 1) + 1) * 8;
	uint64_t jumbo;
	uint8_t next;

	if (parse_left(p) >= 2)
		parse_add(p, hop ? OPTS_HOPOPTS : OPTS_DSTOPTS, 0, at, parse_left(p) < octets ? parse_left(p) : octets);
	next = (uint8_t)parse_uint(p, hop ? OPTS_HOP_NXT : OPTS_DST_NXT);
	parse_uint(p, hop ? OPTS_HOP_LEN : OPTS_DST_LEN);
	parse_add(p, hop ? OPTS_HOP_OCTETS : OPTS_DST_OCTETS, octets, at + 1, 1);
	jumbo = options(p, octets - 2);
	if (p->failed)
		return;
	if (jumbo && hop)
		jumbo_payload(p, jumbo);
	p->network.protocol = next;
	parse_next(p, BY_IP_PROTO, next, next);
}

static void ipv6_opts_summary(const struct packet *packet, const struct layer *layer, struct text *out)
{
	bool hop = layer_field(packet, layer, OPTS_HOPOPTS) != NULL;

	if (hop || layer_field(packet, layer, OPTS_DSTOPTS))
		text_string(out, hop ? "hop-by-hop options" : "destination options");
}

static const struct bind binds[] = { { BY_IP_PROTO, HEADER_HOPOPTS }, { BY_IP_PROTO, 60 }, { BY_NONE, 0 } };

const struct dissector ipv6_opts_dissector = {
	.name = "ipv6.opts",
	.title = "IPv6",
	.full_name = "IPv6 Options",
	.reference = "RFC 8200",
	.fields = fields,
	.field_count = sizeof fields / sizeof *fields,
	.binds = binds,
	.dissect = ipv6_opts_dissect,
	.summary = ipv6_opts_summary,
};
