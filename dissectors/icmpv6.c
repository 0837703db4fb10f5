/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Internet Control Message Protocol version 6 (RFC 4443), neighbour discovery (RFC 4861, options of RFC 4191, 8106,
 * 8781), multicast listener discovery (RFC 2710, 3810). What stands behind a quotation is in icmp_extension.c.
 *
 *    0       1       2               4               8
 *   +-------+-------+---------------+---------------+-----------------------------
 *   | type  | code  | checksum      | of the type   | options, or the packet that met the error, cut
 *   +-------+-------+---------------+---------------+-----------------------------
 */
#include "packet/dissector.h"

enum {
	V6_TYPE, V6_CODE, V6_UNREACHABLE, V6_EXCEEDED, V6_PARAMETER, V6_CHECKSUM, V6_STATUS, V6_RESERVED, V6_LENGTH,
	V6_MTU, V6_POINTER, V6_ECHO_ID, V6_ECHO_SEQ, MLD_DELAY, MLD_CODE, MLD_ADDRESS, MLD_FLAG, MLD_FLAG_S,
	MLD_FLAG_QRV, MLD_QQI, MLD_SOURCES, MLD_SOURCE, MLD_RECORDS, MAR_TYPE, MAR_AUX_LENGTH, MAR_SOURCES,
	MAR_ADDRESS, MAR_SOURCE, MAR_AUX, RA_HOP_LIMIT, RA_FLAG, RA_FLAG_M, RA_FLAG_O, RA_FLAG_H, RA_FLAG_PRF,
	RA_FLAG_P, RA_LIFETIME, RA_REACHABLE, RA_RETRANS, NS_TARGET, NA_FLAG, NA_FLAG_R, NA_FLAG_S, NA_FLAG_O,
	NA_TARGET, RD_TARGET, RD_DESTINATION, OPT_TYPE, OPT_LENGTH, OPT_RESERVED, OPT_SOURCE_LINK, OPT_TARGET_LINK,
	OPT_LINK, OPT_PREFIX_LENGTH, OPT_PREFIX_FLAG, OPT_PREFIX_L, OPT_PREFIX_A, OPT_PREFIX_R, OPT_VALID,
	OPT_PREFERRED, OPT_PREFIX, OPT_REDIRECTED, OPT_MTU, OPT_NONCE, OPT_ROUTE_LENGTH, OPT_ROUTE_FLAG,
	OPT_ROUTE_PREFERENCE, OPT_ROUTE_LIFETIME, OPT_ROUTE_PREFIX, OPT_DNS_LIFETIME, OPT_DNS, OPT_SEARCH_LIFETIME,
	OPT_SEARCH, OPT_PREF64, OPT_PREF64_LIFETIME, OPT_PREF64_PLC, OPT_PREF64_PREFIX, OPT_DATA, V6_ROWS
};

static const uint8_t either_link[] = { OPT_SOURCE_LINK, OPT_TARGET_LINK, 0xff };

static const struct value_name type_names[] = {
	{ 1, "destination unreachable" },  { 2, "packet too big" },           { 3, "time exceeded" },
	{ 4, "parameter problem" },        { 128, "echo request" },           { 129, "echo reply" },
	{ 130, "multicast listener query" }, { 131, "multicast listener report" }, { 132, "multicast listener done" },
	{ 133, "router solicitation" },    { 134, "router advertisement" },   { 135, "neighbour solicitation" },
	{ 136, "neighbour advertisement" }, { 137, "redirect" },              { 139, "node information query" },
	{ 140, "node information reply" }, { 143, "multicast listener report v2" }, { 155, "RPL control" },
	{ 160, "extended echo request" },  { 161, "extended echo reply" },    { 0, NULL },
};

static const struct value_name unreachable_names[] = {
	{ 0, "no route" },
	{ 1, "administratively prohibited" },
	{ 2, "beyond scope of the source" },
	{ 3, "address unreachable" },
	{ 4, "port unreachable" },
	{ 5, "source address failed policy" },
	{ 6, "route to destination rejected" },
	{ 7, "error in source routing header" },
	{ 0, NULL },
};

static const struct value_name exceeded_names[] = {
	{ 0, "hop limit exceeded in transit" }, { 1, "fragment reassembly time exceeded" }, { 0, NULL },
};

static const struct value_name parameter_names[] = {
	{ 0, "erroneous header field" }, { 1, "unknown next header" }, { 2, "unknown option" },
	{ 3, "first fragment has an incomplete header chain" }, { 0, NULL },
};

static const struct value_name record_names[] = {
	{ 1, "mode is include" }, { 2, "mode is exclude" }, { 3, "change to include" }, { 4, "change to exclude" },
	{ 5, "allow new sources" }, { 6, "block old sources" }, { 0, NULL },
};

static const struct value_name preference_names[] = { { 0, "medium" }, { 1, "high" }, { 3, "low" }, { 0, NULL } };

static const struct value_name option_names[] = {
	{ 1, "source link-layer address" }, { 2, "target link-layer address" }, { 3, "prefix information" },
	{ 4, "redirected header" }, { 5, "MTU" }, { 14, "nonce" }, { 24, "route information" },
	{ 25, "recursive DNS servers" }, { 31, "DNS search list" }, { 37, "captive portal" }, { 38, "PREF64" },
	{ 0, NULL },
};

static const struct field_def fields[] = {
	[V6_TYPE] = { "icmpv6.type", "Type", FIELD_UINT, 1, .flags = FIELD_BRIEF, .names = type_names },
	[V6_CODE] = { "icmpv6.code", "Code", FIELD_UINT, 1, .flags = FIELD_BRIEF,
		      .help = "Its meaning depends on the type: see the icmpv6.code. fields" },
	[V6_UNREACHABLE] = { "icmpv6.code.unreachable", "Meaning", FIELD_UINT, 0, .depth = 1, .flags = FIELD_GENERATED,
			     .names = unreachable_names, .help = "The code of a destination unreachable" },
	[V6_EXCEEDED] = { "icmpv6.code.exceeded", "Meaning", FIELD_UINT, 0, .depth = 1, .flags = FIELD_GENERATED,
			  .names = exceeded_names, .help = "The code of a time exceeded" },
	[V6_PARAMETER] = { "icmpv6.code.parameter", "Meaning", FIELD_UINT, 0, .depth = 1, .flags = FIELD_GENERATED,
			   .names = parameter_names, .help = "The code of a parameter problem" },
	[V6_CHECKSUM] = { "icmpv6.checksum", "Checksum", FIELD_HEX, 2 },
	[V6_STATUS] = { "icmpv6.checksum.status", "Checksum Status", FIELD_UINT, 0, .depth = 1,
			.flags = FIELD_BRIEF | FIELD_GENERATED, .names = checksum_status_names },
	[V6_RESERVED] = { "icmpv6.reserved", "Reserved", FIELD_BYTES, 0 },
	[V6_LENGTH] = { "icmpv6.length", "Length of the Quoted Packet", FIELD_UINT, 1,
			.help = "In words of 8 octets; 0: to the end" },
	[V6_MTU] = { "icmpv6.mtu", "MTU", FIELD_UINT, 4, .flags = FIELD_BRIEF },
	[V6_POINTER] = { "icmpv6.pointer", "Pointer", FIELD_UINT, 4, .flags = FIELD_BRIEF,
			 .help = "Octet of the quoted packet that is wrong" },
	[V6_ECHO_ID] = { "icmpv6.echo.identifier", "Identifier", FIELD_HEX, 2, .flags = FIELD_BRIEF },
	[V6_ECHO_SEQ] = { "icmpv6.echo.sequence_number", "Sequence Number", FIELD_UINT, 2, .flags = FIELD_BRIEF },
	[MLD_DELAY] = { "icmpv6.mld.maximum_response_delay", "Maximum Response Delay", FIELD_UINT, 2, .help = "ms" },
	[MLD_CODE] = { "icmpv6.mld.maximum_response_code", "Maximum Response Code", FIELD_UINT, 2,
		       .help = "ms up to 32767; a floating-point number above" },
	[MLD_ADDRESS] = { "icmpv6.mld.multicast_address", "Multicast Address", FIELD_IPV6, 16, .flags = FIELD_BRIEF },
	[MLD_FLAG] = { "icmpv6.mld.flag", "Flags", FIELD_HEX, 1 },
	[MLD_FLAG_S] = { "icmpv6.mld.flag.s", "Suppress Router-Side Processing", FIELD_BOOL, 1, .depth = 1,
			 .mask = 0x08 },
	[MLD_FLAG_QRV] = { "icmpv6.mld.flag.qrv", "Querier's Robustness", FIELD_UINT, 1, .depth = 1, .mask = 0x07 },
	[MLD_QQI] = { "icmpv6.mld.qqi", "Querier's Query Interval Code", FIELD_UINT, 1 },
	[MLD_SOURCES] = { "icmpv6.mld.nb_sources", "Number of Sources", FIELD_UINT, 2 },
	[MLD_SOURCE] = { "icmpv6.mld.source_address", "Source Address", FIELD_IPV6, 16 },
	[MLD_RECORDS] = { "icmpv6.mldr.nb_mcast_records", "Number of Records", FIELD_UINT, 2, .flags = FIELD_BRIEF },
	[MAR_TYPE] = { "icmpv6.mldr.mar.record_type", "Record Type", FIELD_UINT, 1, .names = record_names },
	[MAR_AUX_LENGTH] = { "icmpv6.mldr.mar.aux_data_len", "Auxiliary Data Length", FIELD_UINT, 1, .depth = 1,
			     .help = "In words of 4 octets" },
	[MAR_SOURCES] = { "icmpv6.mldr.mar.nb_sources", "Number of Sources", FIELD_UINT, 2, .depth = 1 },
	[MAR_ADDRESS] = { "icmpv6.mldr.mar.multicast_address", "Multicast Address", FIELD_IPV6, 16, .depth = 1 },
	[MAR_SOURCE] = { "icmpv6.mldr.mar.source_address", "Source Address", FIELD_IPV6, 16, .depth = 1 },
	[MAR_AUX] = { "icmpv6.mldr.mar.auxiliary_data", "Auxiliary Data", FIELD_BYTES, 0, .depth = 1 },
	[RA_HOP_LIMIT] = { "icmpv6.nd.ra.cur_hop_limit", "Hop Limit", FIELD_UINT, 1 },
	[RA_FLAG] = { "icmpv6.nd.ra.flag", "Flags", FIELD_HEX, 1 },
	[RA_FLAG_M] = { "icmpv6.nd.ra.flag.m", "Managed address configuration", FIELD_BOOL, 1, .depth = 1,
			.mask = 0x80 },
	[RA_FLAG_O] = { "icmpv6.nd.ra.flag.o", "Other configuration", FIELD_BOOL, 1, .depth = 1, .mask = 0x40 },
	[RA_FLAG_H] = { "icmpv6.nd.ra.flag.h", "Home agent", FIELD_BOOL, 1, .depth = 1, .mask = 0x20 },
	[RA_FLAG_PRF] = { "icmpv6.nd.ra.flag.prf", "Router preference", FIELD_UINT, 1, .depth = 1, .mask = 0x18,
			  .names = preference_names },
	[RA_FLAG_P] = { "icmpv6.nd.ra.flag.p", "Proxy", FIELD_BOOL, 1, .depth = 1, .mask = 0x04 },
	[RA_LIFETIME] = { "icmpv6.nd.ra.router_lifetime", "Router Lifetime", FIELD_UINT, 2, .flags = FIELD_BRIEF,
			  .help = "Seconds; 0: no default router" },
	[RA_REACHABLE] = { "icmpv6.nd.ra.reachable_time", "Reachable Time", FIELD_UINT, 4, .help = "ms" },
	[RA_RETRANS] = { "icmpv6.nd.ra.retrans_timer", "Retransmission Timer", FIELD_UINT, 4, .help = "ms" },
	[NS_TARGET] = { "icmpv6.nd.ns.target_address", "Target Address", FIELD_IPV6, 16, .flags = FIELD_BRIEF },
	[NA_FLAG] = { "icmpv6.nd.na.flag", "Flags", FIELD_HEX, 4 },
	[NA_FLAG_R] = { "icmpv6.nd.na.flag.r", "Router", FIELD_BOOL, 4, .depth = 1, .mask = 0x80000000,
			.flags = FIELD_BRIEF },
	[NA_FLAG_S] = { "icmpv6.nd.na.flag.s", "Solicited", FIELD_BOOL, 4, .depth = 1, .mask = 0x40000000,
			.flags = FIELD_BRIEF },
	[NA_FLAG_O] = { "icmpv6.nd.na.flag.o", "Override", FIELD_BOOL, 4, .depth = 1, .mask = 0x20000000 },
	[NA_TARGET] = { "icmpv6.nd.na.target_address", "Target Address", FIELD_IPV6, 16, .flags = FIELD_BRIEF },
	[RD_TARGET] = { "icmpv6.nd.rd.target_address", "Target Address", FIELD_IPV6, 16, .flags = FIELD_BRIEF },
	[RD_DESTINATION] = { "icmpv6.rd.na.destination_address", "Destination Address", FIELD_IPV6, 16,
			     .flags = FIELD_BRIEF },
	[OPT_TYPE] = { "icmpv6.opt.type", "Option", FIELD_UINT, 1, .names = option_names },
	[OPT_LENGTH] = { "icmpv6.opt.length", "Length", FIELD_UINT, 1, .depth = 1, .help = "In words of 8 octets" },
	[OPT_RESERVED] = { "icmpv6.opt.reserved", "Reserved", FIELD_BYTES, 0, .depth = 1 },
	[OPT_SOURCE_LINK] = { "icmpv6.opt.src_linkaddr", "Source Link-layer Address", FIELD_MAC, 6, .depth = 1,
			      .flags = FIELD_BRIEF },
	[OPT_TARGET_LINK] = { "icmpv6.opt.target_linkaddr", "Target Link-layer Address", FIELD_MAC, 6, .depth = 1,
			      .flags = FIELD_BRIEF },
	[OPT_LINK] = { "icmpv6.opt.linkaddr", "Link-layer Address", FIELD_MAC, 6, .flags = FIELD_EITHER,
		       .either = either_link },
	[OPT_PREFIX_LENGTH] = { "icmpv6.opt.prefix.length", "Prefix Length", FIELD_UINT, 1, .depth = 1,
				.help = "Bits" },
	[OPT_PREFIX_FLAG] = { "icmpv6.opt.prefix.flag", "Flags", FIELD_HEX, 1, .depth = 1 },
	[OPT_PREFIX_L] = { "icmpv6.opt.prefix.flag.l", "On-link", FIELD_BOOL, 1, .depth = 2, .mask = 0x80 },
	[OPT_PREFIX_A] = { "icmpv6.opt.prefix.flag.a", "For making addresses", FIELD_BOOL, 1, .depth = 2,
			   .mask = 0x40 },
	[OPT_PREFIX_R] = { "icmpv6.opt.prefix.flag.r", "Router address", FIELD_BOOL, 1, .depth = 2, .mask = 0x20 },
	[OPT_VALID] = { "icmpv6.opt.prefix.valid_lifetime", "Valid Lifetime", FIELD_UINT, 4, .depth = 1,
			.help = "Seconds" },
	[OPT_PREFERRED] = { "icmpv6.opt.prefix.preferred_lifetime", "Preferred Lifetime", FIELD_UINT, 4, .depth = 1,
			    .help = "Seconds" },
	[OPT_PREFIX] = { "icmpv6.opt.prefix", "Prefix", FIELD_IPV6, 16, .depth = 1, .flags = FIELD_BRIEF },
	[OPT_REDIRECTED] = { "icmpv6.opt.redirected_packet", "Redirected Packet", FIELD_BYTES, 0, .depth = 1 },
	[OPT_MTU] = { "icmpv6.opt.mtu", "MTU", FIELD_UINT, 4, .depth = 1 },
	[OPT_NONCE] = { "icmpv6.opt.nonce", "Nonce", FIELD_BYTES, 0, .depth = 1 },
	[OPT_ROUTE_LENGTH] = { "icmpv6.opt.route_info.prefix_length", "Prefix Length", FIELD_UINT, 1, .depth = 1,
			       .help = "Bits" },
	[OPT_ROUTE_FLAG] = { "icmpv6.opt.route_info.flag", "Flags", FIELD_HEX, 1, .depth = 1 },
	[OPT_ROUTE_PREFERENCE] = { "icmpv6.opt.route_info.flag.route_preference", "Route Preference", FIELD_UINT, 1,
				   .depth = 2, .mask = 0x18, .names = preference_names },
	[OPT_ROUTE_LIFETIME] = { "icmpv6.opt.route_lifetime", "Route Lifetime", FIELD_UINT, 4, .depth = 1,
				 .help = "Seconds" },
	[OPT_ROUTE_PREFIX] = { "icmpv6.opt.route_info.prefix", "Prefix", FIELD_BYTES, 0, .depth = 1,
			       .help = "As many octets as were needed, in words of 8" },
	[OPT_DNS_LIFETIME] = { "icmpv6.opt.rdnss.lifetime", "Lifetime", FIELD_UINT, 4, .depth = 1, .help = "Seconds" },
	[OPT_DNS] = { "icmpv6.opt.rdnss", "Recursive DNS Server", FIELD_IPV6, 16, .depth = 1 },
	[OPT_SEARCH_LIFETIME] = { "icmpv6.opt.dnssl.lifetime", "Lifetime", FIELD_UINT, 4, .depth = 1,
				  .help = "Seconds" },
	[OPT_SEARCH] = { "icmpv6.opt.dnssl", "Domain Names", FIELD_BYTES, 0, .depth = 1,
			 .help = "As in a DNS message" },
	[OPT_PREF64] = { "icmpv6.opt.pref64", "Lifetime and Length", FIELD_HEX, 2, .depth = 1 },
	[OPT_PREF64_LIFETIME] = { "icmpv6.opt.pref64.scaled_lifetime", "Scaled Lifetime", FIELD_UINT, 2, .depth = 2,
				  .mask = 0xfff8, .help = "In units of 8 seconds" },
	[OPT_PREF64_PLC] = { "icmpv6.opt.pref64.plc", "Prefix Length Code", FIELD_UINT, 2, .depth = 2, .mask = 0x0007 },
	[OPT_PREF64_PREFIX] = { "icmpv6.opt.pref64.prefix", "Prefix", FIELD_BYTES, 12, .depth = 1,
				.help = "The first 96 bits" },
	[OPT_DATA] = { "icmpv6.opt.data", "Content", FIELD_BYTES, 0, .depth = 1,
		       .help = "Of an option that is not decoded" },
};

/* ------------------------------------------------------------------------------------------------ options */

static const struct parse_step source_link[] = { { OPT_SOURCE_LINK, 0 }, PARSE_END };
static const struct parse_step target_link[] = { { OPT_TARGET_LINK, 0 }, PARSE_END };
static const struct parse_step prefix[] = {
	{ OPT_PREFIX_LENGTH, 0 }, { OPT_PREFIX_FLAG, 0 }, { OPT_VALID, 0 }, { OPT_PREFERRED, 0 }, { OPT_RESERVED, 4 },
	{ OPT_PREFIX, 0 }, PARSE_END,
};
static const struct parse_step redirected[] = { { OPT_RESERVED, 6 }, { OPT_REDIRECTED, 0 }, PARSE_END };
static const struct parse_step link_mtu[] = { { OPT_RESERVED, 2 }, { OPT_MTU, 0 }, PARSE_END };
static const struct parse_step nonce[] = { { OPT_NONCE, 0 }, PARSE_END };
static const struct parse_step route[] = {
	{ OPT_ROUTE_LENGTH, 0 }, { OPT_ROUTE_FLAG, 0 }, { OPT_ROUTE_LIFETIME, 0 }, { OPT_ROUTE_PREFIX, 0 }, PARSE_END,
};
static const struct parse_step servers[] = { { OPT_RESERVED, 2 }, { OPT_DNS_LIFETIME, 0 }, PARSE_END };
static const struct parse_step server[] = { { OPT_DNS, 0 }, PARSE_END };
static const struct parse_step search[] = {
	{ OPT_RESERVED, 2 }, { OPT_SEARCH_LIFETIME, 0 }, { OPT_SEARCH, 0 }, PARSE_END,
};
static const struct parse_step pref64[] = { { OPT_PREF64, 0 }, { OPT_PREF64_PREFIX, 0 }, PARSE_END };
static const struct parse_step data[] = { { OPT_DATA, 0 }, PARSE_END };

/* length: the only one, in words of 8 octets, that the steps are made for; 0: any. */
static const struct option {
	uint8_t type, length;
	const struct parse_step *steps, *each;
} option_table[] = {
	{ 1, 1, source_link, NULL }, { 2, 1, target_link, NULL }, { 3, 4, prefix, NULL }, { 4, 0, redirected, NULL },
	{ 5, 1, link_mtu, NULL },    { 14, 0, nonce, NULL },      { 24, 0, route, NULL }, { 25, 0, servers, server },
	{ 31, 0, search, NULL },     { 38, 2, pref64, NULL },
};

static const struct option unknown_option = { 0, 0, data, NULL };

static const struct option *option_of(uint64_t type, uint64_t length)
{
	for (unsigned i = 0; i < sizeof option_table / sizeof *option_table; i++)
		if (option_table[i].type == type && (!option_table[i].length || option_table[i].length == length))
			return &option_table[i];
	return &unknown_option;
}

static void quotation(struct parse *p)
{
	parse_quotation(p);
	parse_next(p, BY_ETHERTYPE, 0x86dd, 0x86dd);
}

static void one_option(struct parse *p)
{
	uint64_t type = parse_uint(p, OPT_TYPE), length = parse_uint(p, OPT_LENGTH);
	const struct option *option = option_of(type, length);
	struct parse_part part;

	if (!length) {
		parse_malformed(p, "an option of length 0");
		parse_skip(p, parse_left(p));
		return;
	}
	part = parse_enter(p, (uint32_t)length * 8 - 2);
	parse_steps(p, option->steps);
	while (option->each && parse_more(p))
		parse_steps(p, option->each);
	parse_leave(p, part);
}

/* The packet that a redirect is about is decoded where its option is the last, as it should be. */
static bool redirected_packet(struct parse *p)
{
	if (parse_peek(p, 0, 1) != 4 || parse_peek(p, 1, 1) * 8 != parse_claimed(p) || parse_left(p) < 9)
		return false;
	parse_uint(p, OPT_TYPE);
	parse_uint(p, OPT_LENGTH);
	parse_bytes(p, OPT_RESERVED, 6);
	quotation(p);
	return true;
}

static void options(struct parse *p)
{
	while (parse_more(p)) {
		if (redirected_packet(p))
			return;
		one_option(p);
	}
}

/* ------------------------------------------------------------------------------------------------ messages */

static void bounded_quotation(struct parse *p)
{
	uint32_t length = 8 * (uint32_t)parse_uint(p, V6_LENGTH);

	parse_bytes(p, V6_RESERVED, 3);
	parse_bounded_quotation(p, length);
	parse_next(p, BY_ETHERTYPE, 0x86dd, 0x86dd);
}

static void sources(struct parse *p)
{
	while (parse_more(p))
		parse_fixed(p, MLD_SOURCE);
}

static const struct parse_step record[] = {
	{ MAR_TYPE, 0 }, { MAR_AUX_LENGTH, 0 }, { MAR_SOURCES, 0 }, { MAR_ADDRESS, 0 }, PARSE_END,
};

static void one_record(struct parse *p)
{
	uint32_t aux = 4 * (uint32_t)parse_peek(p, 1, 1), count = (uint32_t)parse_peek(p, 2, 2);
	struct parse_part part;

	parse_steps(p, record);
	part = parse_enter(p, count * 16);
	while (parse_more(p))
		parse_fixed(p, MAR_SOURCE);
	parse_leave(p, part);
	if (aux)
		parse_bytes(p, MAR_AUX, aux);
}

static void records(struct parse *p)
{
	while (parse_more(p))
		one_record(p);
}

static const struct parse_step nothing[] = { PARSE_END };
static const struct parse_step too_big[] = { { V6_MTU, 0 }, PARSE_END };
static const struct parse_step parameter[] = { { V6_POINTER, 0 }, PARSE_END };
static const struct parse_step echo[] = { { V6_ECHO_ID, 0 }, { V6_ECHO_SEQ, 0 }, PARSE_END };
static const struct parse_step listener[] = {
	{ MLD_DELAY, 0 }, { V6_RESERVED, 2 }, { MLD_ADDRESS, 0 }, PARSE_END,
};
static const struct parse_step query[] = {
	{ MLD_CODE, 0 }, { V6_RESERVED, 2 }, { MLD_ADDRESS, 0 }, { MLD_FLAG, 0 }, { MLD_QQI, 0 }, { MLD_SOURCES, 0 },
	PARSE_END,
};
static const struct parse_step report[] = { { V6_RESERVED, 2 }, { MLD_RECORDS, 0 }, PARSE_END };
static const struct parse_step router_solicitation[] = { { V6_RESERVED, 4 }, PARSE_END };
static const struct parse_step router_advertisement[] = {
	{ RA_HOP_LIMIT, 0 }, { RA_FLAG, 0 }, { RA_LIFETIME, 0 }, { RA_REACHABLE, 0 }, { RA_RETRANS, 0 }, PARSE_END,
};
static const struct parse_step solicitation[] = { { V6_RESERVED, 4 }, { NS_TARGET, 0 }, PARSE_END };
static const struct parse_step advertisement[] = { { NA_FLAG, 0 }, { NA_TARGET, 0 }, PARSE_END };
static const struct parse_step redirect[] = {
	{ V6_RESERVED, 4 }, { RD_TARGET, 0 }, { RD_DESTINATION, 0 }, PARSE_END,
};

/* The first row whose message is not longer than this one is taken: a query of 28 octets is version 2. */
static const struct message {
	uint8_t type, least;
	const struct parse_step *steps;
	void (*then)(struct parse *p);
} messages[] = {
	{ 1, 0, nothing, bounded_quotation },
	{ 2, 0, too_big, quotation },
	{ 3, 0, nothing, bounded_quotation },
	{ 4, 0, parameter, quotation },
	{ 128, 0, echo, NULL },
	{ 129, 0, echo, NULL },
	{ 130, 28, query, sources },
	{ 130, 0, listener, NULL },
	{ 131, 0, listener, NULL },
	{ 132, 0, listener, NULL },
	{ 133, 0, router_solicitation, options },
	{ 134, 0, router_advertisement, options },
	{ 135, 0, solicitation, options },
	{ 136, 0, advertisement, options },
	{ 137, 0, redirect, options },
	{ 143, 0, report, records },
};

static void message(struct parse *p, uint64_t type, uint32_t length)
{
	for (unsigned i = 0; i < sizeof messages / sizeof *messages; i++)
		if (messages[i].type == type && messages[i].least <= length) {
			parse_steps(p, messages[i].steps);
			if (messages[i].then)
				messages[i].then(p);
			return;
		}
}

/* Row by type: what its codes mean. */
static const uint8_t code_rows[] = { [1] = V6_UNREACHABLE, [3] = V6_EXCEEDED, [4] = V6_PARAMETER };

static unsigned code_row(uint64_t type)
{
	return type < sizeof code_rows ? code_rows[type] : 0;
}

static void icmpv6_dissect(struct parse *p)
{
	uint32_t whole = parse_claimed(p);
	uint64_t type = parse_uint(p, V6_TYPE), code = parse_uint(p, V6_CODE);
	uint16_t checksum;

	if (code_row(type))
		parse_add(p, code_row(type), code, p->position - 1, 1);
	checksum = (uint16_t)parse_uint(p, V6_CHECKSUM);
	if (p->failed)
		return;
	if (parse_wants(p, V6_STATUS))
		parse_add(p, V6_STATUS, parse_checksum(p, p->layer->offset, whole, checksum, true), p->position - 2, 2);
	message(p, type, whole);
}

/* ------------------------------------------------------------------------------------------------ summary */

static const char *const words[V6_ROWS] = {
	[V6_MTU] = " MTU=", [V6_POINTER] = " octet=", [V6_ECHO_ID] = " id=", [V6_ECHO_SEQ] = " seq=",
	[MLD_ADDRESS] = ": ", [MLD_RECORDS] = ": records=", [RA_LIFETIME] = ": lifetime=", [NS_TARGET] = ": who has ",
	[NA_FLAG_R] = " from a router", [NA_FLAG_S] = ", solicited", [NA_TARGET] = ": ", [RD_TARGET] = ": use ",
	[RD_DESTINATION] = " for ", [OPT_SOURCE_LINK] = ", sender is at ", [OPT_TARGET_LINK] = " is at ",
	[OPT_PREFIX] = " prefix=",
};

static void icmpv6_summary(const struct packet *packet, const struct layer *layer, struct text *out)
{
	uint64_t type = layer_uint(packet, layer, V6_TYPE, 256), code = layer_uint(packet, layer, V6_CODE, 0);
	const char *name = value_name(type_names, type), *meaning = value_name(fields[code_row(type)].names, code);

	if (type > 255)
		return;
	if (name)
		text_string(out, name);
	else
		text_format(out, "type %u code %u", (unsigned)type, (unsigned)code);
	if (code_row(type) && meaning)
		text_format(out, " (%s)", meaning);
	/* In a redirect the options are about the router, which the words before them do not end with. */
	summary_words(packet, layer, words, type == 137 ? OPT_TYPE : V6_ROWS, out);
	if (type < 128)
		summary_quotation(packet, out);
}

static const struct bind binds[] = { { BY_IP_PROTO, 58 }, { BY_NONE, 0 } };

const struct dissector icmpv6_dissector = {
	.name = "icmpv6",
	.title = "ICMPv6",
	.full_name = "Internet Control Message Protocol v6",
	.reference = "RFC 4443",
	.fields = fields,
	.field_count = sizeof fields / sizeof *fields,
	.binds = binds,
	.dissect = icmpv6_dissect,
	.summary = icmpv6_summary,
};
