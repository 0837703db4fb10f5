/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Internet Protocol version 4 (RFC 791, RFC 2474 for DSCP, RFC 3168 for ECN).
 *
 *    0       1       2               4               6
 *   +---+---+-------+---------------+---------------+---+-----------+
 *   |ver|ihl| DSCP|E| total length  | identification|flg| offset /8 |
 *   +-------+-------+---------------+---------------+---+-----------+
 *   | TTL   | proto | checksum      | source                        |
 *   +-------+-------+---------------+-------------------------------+
 *   | destination                   | options: (ihl - 5) * 4 octets
 *   +-------------------------------+----------------
 */
#include "packet/dissector.h"

enum {
	IP_VERSION, IP_HDR_LEN, IP_DSFIELD, IP_DSCP, IP_ECN, IP_LEN, IP_ID, IP_FLAGS, IP_RB, IP_DF, IP_MF, IP_FRAG,
	IP_TTL, IP_PROTO, IP_CHECKSUM, IP_STATUS, IP_SRC, IP_DST, IP_ADDR, IP_OPT_TYPE, IP_OPT_COPY,
	IP_OPT_CLASS, IP_OPT_NUMBER, IP_OPT_LEN, IP_OPT_PTR, IP_REC_RT, IP_SRC_RT, IP_OPT_OVERFLOW, IP_OPT_FLAG,
	IP_OPT_ADDR, IP_OPT_TIME, IP_OPT_SID, IP_OPT_RA, IP_OPT_DATA, IP_FRAGMENTS, IP_FRAGMENT, IP_OVERLAP,
	IP_CONFLICT, IP_MULTIPLE_TAILS, IP_TOO_LONG, IP_FRAGMENT_COUNT, IP_REASSEMBLED_LENGTH, IP_REASSEMBLED_IN
};

#define FOLLOWED (FIELD_GENERATED | FIELD_FOLLOWED)

static const uint8_t either_addr[] = { IP_SRC, IP_DST, 0xff };

static const struct value_name proto_names[] = {
	{ 0, "HOPOPT" }, { 1, "ICMP" }, { 2, "IGMP" }, { 4, "IPv4" },  { 6, "TCP" },    { 17, "UDP" },   { 41, "IPv6" },
	{ 47, "GRE" },   { 50, "ESP" }, { 51, "AH" },  { 58, "ICMPv6" }, { 89, "OSPF" }, { 103, "PIM" },
	{ 132, "SCTP" }, { 0, NULL },
};

static const struct value_name ecn_names[] = {
	{ 0, "not ECN-capable" }, { 1, "ECT(1)" }, { 2, "ECT(0)" }, { 3, "congestion experienced" }, { 0, NULL },
};

static const struct value_name option_names[] = {
	{ 0, "end of options" }, { 1, "no operation" },       { 7, "record route" },        { 68, "timestamp" },
	{ 131, "loose source route" }, { 136, "stream identifier" }, { 137, "strict source route" },
	{ 148, "router alert" }, { 0, NULL },
};

static const struct value_name time_names[] = {
	{ 0, "times" }, { 1, "addresses and times" }, { 3, "times of the addresses given" }, { 0, NULL },
};

static const struct field_def fields[] = {
	[IP_VERSION] = { "ip.version", "Version", FIELD_UINT, 0 },
	[IP_HDR_LEN] = { "ip.hdr_len", "Header Length", FIELD_UINT, 0, .help = "Octets, options included" },
	[IP_DSFIELD] = { "ip.dsfield", "Differentiated Services Field", FIELD_HEX, 1 },
	[IP_DSCP] = { "ip.dsfield.dscp", "DSCP", FIELD_UINT, 1, .depth = 1, .mask = 0xfc },
	[IP_ECN] = { "ip.dsfield.ecn", "ECN", FIELD_UINT, 1, .depth = 1, .mask = 0x03, .names = ecn_names },
	[IP_LEN] = { "ip.len", "Total Length", FIELD_UINT, 2, .help = "Octets of header and payload" },
	[IP_ID] = { "ip.id", "Identification", FIELD_HEX, 2 },
	[IP_FLAGS] = { "ip.flags", "Flags", FIELD_HEX, 0 },
	[IP_RB] = { "ip.flags.rb", "Reserved bit", FIELD_BOOL, 0, .depth = 1, .mask = 4 },
	[IP_DF] = { "ip.flags.df", "Don't fragment", FIELD_BOOL, 0, .depth = 1, .mask = 2 },
	[IP_MF] = { "ip.flags.mf", "More fragments", FIELD_BOOL, 0, .depth = 1, .mask = 1, .flags = FIELD_BRIEF },
	[IP_FRAG] = { "ip.frag_offset", "Fragment Offset", FIELD_UINT, 0, .flags = FIELD_BRIEF,
		      .help = "In units of 8 octets" },
	[IP_TTL] = { "ip.ttl", "Time to Live", FIELD_UINT, 1 },
	[IP_PROTO] = { "ip.proto", "Protocol", FIELD_UINT, 1, .flags = FIELD_BRIEF, .names = proto_names },
	[IP_CHECKSUM] = { "ip.checksum", "Header Checksum", FIELD_HEX, 2 },
	[IP_STATUS] = { "ip.checksum.status", "Header Checksum Status", FIELD_UINT, 0, .depth = 1,
			.flags = FIELD_BRIEF | FIELD_GENERATED, .names = checksum_status_names },
	[IP_SRC] = { "ip.src", "Source Address", FIELD_IPV4, 4, .role = ROLE_SRC_ADDR, .flags = FIELD_BRIEF },
	[IP_DST] = { "ip.dst", "Destination Address", FIELD_IPV4, 4, .role = ROLE_DST_ADDR, .flags = FIELD_BRIEF },
	[IP_ADDR] = { "ip.addr", "Source or Destination Address", FIELD_IPV4, 4, .flags = FIELD_EITHER,
		      .either = either_addr },
	[IP_OPT_TYPE] = { "ip.opt.type", "Option", FIELD_UINT, 1, .names = option_names },
	[IP_OPT_COPY] = { "ip.opt.type.copy", "Copied into fragments", FIELD_BOOL, 1, .depth = 1, .mask = 0x80 },
	[IP_OPT_CLASS] = { "ip.opt.type.class", "Class", FIELD_UINT, 1, .depth = 1, .mask = 0x60 },
	[IP_OPT_NUMBER] = { "ip.opt.type.number", "Number", FIELD_UINT, 1, .depth = 1, .mask = 0x1f },
	[IP_OPT_LEN] = { "ip.opt.len", "Length", FIELD_UINT, 1, .depth = 1 },
	[IP_OPT_PTR] = { "ip.opt.ptr", "Pointer", FIELD_UINT, 1, .depth = 1, .help = "The next entry's place, from 1" },
	[IP_REC_RT] = { "ip.rec_rt", "Recorded Address", FIELD_IPV4, 4, .depth = 1 },
	[IP_SRC_RT] = { "ip.src_rt", "Route Address", FIELD_IPV4, 4, .depth = 1 },
	[IP_OPT_OVERFLOW] = { "ip.opt.overflow", "Overflow", FIELD_UINT, 0, .depth = 1,
			      .help = "Hosts that found no room" },
	[IP_OPT_FLAG] = { "ip.opt.flag", "Kind", FIELD_HEX, 0, .depth = 1, .names = time_names },
	[IP_OPT_ADDR] = { "ip.opt.time_stamp_addr", "Address", FIELD_IPV4, 4, .depth = 1 },
	[IP_OPT_TIME] = { "ip.opt.time_stamp", "Time", FIELD_UINT, 4, .depth = 1,
			  .help = "Milliseconds since midnight UTC" },
	[IP_OPT_SID] = { "ip.opt.sid", "Stream", FIELD_UINT, 2, .depth = 1 },
	[IP_OPT_RA] = { "ip.opt.ra", "Router Alert", FIELD_UINT, 2, .depth = 1 },
	[IP_OPT_DATA] = { "ip.opt.data", "Data", FIELD_BYTES, 0, .depth = 1 },
	[IP_FRAGMENTS] = { "ip.fragments", "Fragments", FIELD_NONE, 0, .flags = FOLLOWED,
			   .help = "The datagram was put together here" },
	[IP_FRAGMENT] = { "ip.fragment", "Fragment in packet", FIELD_UINT, 0, .depth = 1, .flags = FOLLOWED },
	[IP_OVERLAP] = { "ip.fragment.overlap", "Overlaps earlier fragments", FIELD_BOOL, 0, .depth = 2,
			 .flags = FOLLOWED, .help = "The first octets that came are kept" },
	[IP_CONFLICT] = { "ip.fragment.overlap.conflict", "With other octets", FIELD_BOOL, 0, .depth = 2,
			  .flags = FOLLOWED },
	[IP_MULTIPLE_TAILS] = { "ip.fragment.multipletails", "Another last fragment", FIELD_BOOL, 0, .depth = 2,
				.flags = FOLLOWED, .help = "It ends elsewhere than the first one that was the last" },
	[IP_TOO_LONG] = { "ip.fragment.toolongfragment", "Ends behind the datagram", FIELD_BOOL, 0, .depth = 2,
			  .flags = FOLLOWED },
	[IP_FRAGMENT_COUNT] = { "ip.fragment.count", "Fragment count", FIELD_UINT, 0, .depth = 1, .flags = FOLLOWED },
	[IP_REASSEMBLED_LENGTH] = { "ip.reassembled.length", "Octets put together", FIELD_UINT, 0, .depth = 1,
				    .flags = FOLLOWED, .help = "Of what the datagram carries" },
	[IP_REASSEMBLED_IN] = { "ip.reassembled_in", "Put together in packet", FIELD_UINT, 0,
				.flags = FOLLOWED | FIELD_AHEAD },
};

static void record_route(struct parse *p)
{
	parse_uint(p, IP_OPT_PTR);
	while (parse_more(p))
		parse_uint(p, IP_REC_RT);
}

/* While addresses are left, the last of them is where the packet ends up: pseudo headers have that one. */
static void source_route(struct parse *p)
{
	uint64_t pointer = parse_uint(p, IP_OPT_PTR), length = parse_left(p) + 3;
	const uint8_t *last = NULL;

	while (parse_more(p)) {
		last = p->base + p->position;
		parse_uint(p, IP_SRC_RT);
	}
	if (last && !p->failed && pointer <= length)
		p->network.destination = last;
}

static void time_stamps(struct parse *p)
{
	uint32_t at;
	uint64_t bits;

	parse_uint(p, IP_OPT_PTR);
	at = p->position;
	bits = parse_peek(p, 0, 1);
	parse_skip(p, 1);
	parse_add(p, IP_OPT_OVERFLOW, bits >> 4, at, 1);
	parse_add(p, IP_OPT_FLAG, bits & 15, at, 1);
	while (parse_more(p)) {
		if (bits & 15)
			parse_uint(p, IP_OPT_ADDR);
		parse_uint(p, IP_OPT_TIME);
	}
}

static void stream_id(struct parse *p)
{
	parse_uint(p, IP_OPT_SID);
}

static void router_alert(struct parse *p)
{
	parse_uint(p, IP_OPT_RA);
}

static const struct {
	uint8_t type;
	void (*value)(struct parse *p);
} option_values[] = {
	{ 7, record_route }, { 68, time_stamps },   { 131, source_route },
	{ 136, stream_id },  { 137, source_route }, { 148, router_alert },
};

static void option_value(struct parse *p, uint64_t type, uint32_t length)
{
	struct parse_part part = parse_enter(p, length);

	for (size_t i = 0; i < sizeof option_values / sizeof *option_values; i++)
		if (option_values[i].type == type)
			option_values[i].value(p);
	parse_rest(p, IP_OPT_DATA);
	parse_leave(p, part);
}

static void one_option(struct parse *p)
{
	uint64_t type = parse_uint(p, IP_OPT_TYPE), length;

	if (type == 0)
		parse_skip(p, parse_left(p));
	if (type <= 1)
		return;
	length = parse_uint(p, IP_OPT_LEN);
	if (length >= 2) {
		option_value(p, type, (uint32_t)length - 2);
		return;
	}
	parse_malformed(p, "an IP option shorter than its own header");
	parse_skip(p, parse_left(p));
}

static void options(struct parse *p, uint32_t length)
{
	struct parse_part part = parse_enter(p, length);

	while (parse_more(p))
		one_option(p);
	parse_leave(p, part);
}

/* 0 is in frames that the hardware will cut (TSO), or that were put together (GRO, BIG TCP): all that is there. */
static bool total_length(struct parse *p, uint32_t length, uint32_t header)
{
	if (length == 0) {
		p->segmented = true;
	} else if (length < header) {
		parse_malformed(p, "a total length shorter than the header");
		return false;
	} else {
		parse_payload(p, length - header);
	}
	return true;
}

static void next_layer(struct parse *p, uint32_t fragment, uint8_t proto)
{
	p->network.protocol = proto;
	p->network.fragment = (fragment & 0x3fff) != 0;
	if ((fragment & 0x1fff) * 8 + parse_claimed(p) > 65535)
		parse_malformed(p, "a fragment that ends behind octet 65535: no datagram is so long");
	if (fragment & 0x1fff) {
		parse_opaque(p, "a later fragment: the first one has the ports");
		parse_next(p, BY_NOTHING, 0, 0);
		return;
	}
	parse_next(p, BY_IP_PROTO, proto, proto);
}

static uint32_t fragment_fields(struct parse *p)
{
	uint32_t at = p->position, value = (uint32_t)parse_peek(p, 0, 2);

	parse_skip(p, 2);
	if (!(value & 0x3fff) && parse_is_brief(p))
		return value;
	parse_add(p, IP_FLAGS, value >> 13, at, 1);
	parse_add(p, IP_FRAG, value & 0x1fff, at, 2);
	return value;
}

static void checksum(struct parse *p, uint32_t header)
{
	uint32_t at = p->position;
	uint16_t stored = (uint16_t)parse_uint(p, IP_CHECKSUM);
	enum checksum_status status;

	if (!parse_wants(p, IP_STATUS))
		return;
	status = parse_checksum(p, p->layer->offset, header, stored, false);
	if (status == CHECKSUM_BAD && !stored)
		status = CHECKSUM_OFFLOAD;
	parse_add(p, IP_STATUS, status, at, 2);
}

/* Where it stands, for pseudo headers. */
static inline const uint8_t *address(struct parse *p, unsigned row)
{
	const uint8_t *at = p->base + p->position;

	parse_uint(p, row);
	return p->failed ? NULL : at;
}

static void ip_dissect(struct parse *p)
{
	uint32_t first = (uint32_t)parse_peek(p, 0, 1), header = (first & 15) * 4, length, fragment;
	uint8_t proto;

	if (!parse_more(p)) {
		parse_overrun(p, 20);
		return;
	}
	parse_skip(p, 1);
	parse_add(p, IP_VERSION, first >> 4, p->layer->offset, 1);
	if (first >> 4 != 4) {
		parse_malformed(p, "not version 4");
		return;
	}
	parse_add(p, IP_HDR_LEN, header, p->layer->offset, 1);
	if (header < 20) {
		parse_malformed(p, "a header length below 20");
		return;
	}
	parse_uint(p, IP_DSFIELD);
	length = (uint32_t)parse_uint(p, IP_LEN);
	parse_uint(p, IP_ID);
	fragment = fragment_fields(p);
	parse_uint(p, IP_TTL);
	proto = (uint8_t)parse_uint(p, IP_PROTO);
	checksum(p, header);
	p->network.source = address(p, IP_SRC);
	p->network.destination = address(p, IP_DST);
	p->network.length = 4;
	if (p->failed)
		return;
	if (header > 20)
		options(p, header - 20);
	if (total_length(p, length, header))
		next_layer(p, fragment, proto);
}

static void ip_summary(const struct packet *packet, const struct layer *layer, struct text *out)
{
	const struct field *proto = layer_field(packet, layer, IP_PROTO);
	uint64_t offset = layer_uint(packet, layer, IP_FRAG, 0);
	const char *name = proto ? value_name(proto_names, proto->value.uint) : NULL;

	if (!proto)
		return;
	if (name)
		text_string(out, name);
	else
		text_format(out, "protocol %u", (unsigned)proto->value.uint);
	if (offset || layer_uint(packet, layer, IP_MF, 0))
		text_format(out, " fragment at octet %u%s", (unsigned)offset * 8,
			    layer_uint(packet, layer, IP_MF, 0) ? ", more follow" : ", the last");
}

static const struct bind binds[] = {
	{ BY_ETHERTYPE, 0x0800 }, { BY_LINKTYPE, 228 }, { BY_LLC_SAP, 0x06 }, { BY_IP_PROTO, 4 }, { BY_NONE, 0 },
};

const struct dissector ip_dissector = {
	.name = "ip",
	.title = "IPv4",
	.full_name = "Internet Protocol Version 4",
	.reference = "RFC 791",
	.fields = fields,
	.field_count = sizeof fields / sizeof *fields,
	.binds = binds,
	.dissect = ip_dissect,
	.summary = ip_summary,
};
