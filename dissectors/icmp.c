/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Internet Control Message Protocol (RFC 792; 950, 1191, 1256; 8335). What stands behind a quotation is in
 * icmp_extension.c.
 *
 *    0       1       2               4               8
 *   +-------+-------+---------------+---------------+-----------------------------
 *   | type  | code  | checksum      | of the type   | data, or the packet that met the error, cut
 *   +-------+-------+---------------+---------------+-----------------------------
 */
#include "packet/dissector.h"

enum {
	ICMP_TYPE, ICMP_CODE, ICMP_UNREACHABLE, ICMP_REDIRECT, ICMP_EXCEEDED, ICMP_PARAMETER, ICMP_CHECKSUM,
	ICMP_STATUS, ICMP_UNUSED, ICMP_LENGTH, ICMP_IDENT, ICMP_IDENT_LE, ICMP_SEQ, ICMP_SEQ_LE, ICMP_MTU,
	ICMP_POINTER, ICMP_GATEWAY, ICMP_ORIGINATE, ICMP_RECEIVE, ICMP_TRANSMIT, ICMP_MASK, ICMP_ADDRESSES,
	ICMP_ENTRY_SIZE, ICMP_LIFETIME, ICMP_ROUTER, ICMP_PREFERENCE, ICMP_EXT_SEQ, ICMP_PROBE, ICMP_PROBE_LOCAL,
	ICMP_ANSWER, ICMP_ANSWER_STATE, ICMP_ANSWER_ACTIVE, ICMP_ANSWER_IPV4, ICMP_ANSWER_IPV6, ICMP_ROWS
};

static const struct value_name type_names[] = {
	{ 0, "echo reply" },           { 3, "destination unreachable" }, { 4, "source quench" },
	{ 5, "redirect" },             { 8, "echo request" },            { 9, "router advertisement" },
	{ 10, "router solicitation" }, { 11, "time exceeded" },          { 12, "parameter problem" },
	{ 13, "timestamp request" },   { 14, "timestamp reply" },        { 15, "information request" },
	{ 16, "information reply" },   { 17, "address mask request" },   { 18, "address mask reply" },
	{ 42, "extended echo request" }, { 43, "extended echo reply" },  { 0, NULL },
};

static const struct value_name unreachable_names[] = {
	{ 0, "network unreachable" },     { 1, "host unreachable" },
	{ 2, "protocol unreachable" },    { 3, "port unreachable" },
	{ 4, "fragmentation needed" },    { 5, "source route failed" },
	{ 6, "network unknown" },         { 7, "host unknown" },
	{ 8, "source host isolated" },    { 9, "network administratively prohibited" },
	{ 10, "host administratively prohibited" }, { 11, "network unreachable for this service" },
	{ 12, "host unreachable for this service" }, { 13, "communication administratively prohibited" },
	{ 14, "host precedence violation" }, { 15, "precedence cutoff" }, { 0, NULL },
};

static const struct value_name redirect_names[] = {
	{ 0, "for the network" }, { 1, "for the host" }, { 2, "for the service and network" },
	{ 3, "for the service and host" }, { 0, NULL },
};

static const struct value_name exceeded_names[] = {
	{ 0, "TTL exceeded in transit" }, { 1, "fragment reassembly time exceeded" }, { 0, NULL },
};

static const struct value_name parameter_names[] = {
	{ 0, "the pointer tells the error" }, { 1, "a required option is missing" }, { 2, "bad length" }, { 0, NULL },
};

static const struct field_def fields[] = {
	[ICMP_TYPE] = { "icmp.type", "Type", FIELD_UINT, 1, .flags = FIELD_BRIEF, .names = type_names },
	[ICMP_CODE] = { "icmp.code", "Code", FIELD_UINT, 1, .flags = FIELD_BRIEF,
			.help = "Its meaning depends on the type: see the icmp.code. fields" },
	[ICMP_UNREACHABLE] = { "icmp.code.unreachable", "Meaning", FIELD_UINT, 0, .depth = 1, .flags = FIELD_GENERATED,
			       .names = unreachable_names, .help = "The code of a destination unreachable" },
	[ICMP_REDIRECT] = { "icmp.code.redirect", "Meaning", FIELD_UINT, 0, .depth = 1, .flags = FIELD_GENERATED,
			    .names = redirect_names, .help = "The code of a redirect" },
	[ICMP_EXCEEDED] = { "icmp.code.exceeded", "Meaning", FIELD_UINT, 0, .depth = 1, .flags = FIELD_GENERATED,
			    .names = exceeded_names, .help = "The code of a time exceeded" },
	[ICMP_PARAMETER] = { "icmp.code.parameter", "Meaning", FIELD_UINT, 0, .depth = 1, .flags = FIELD_GENERATED,
			     .names = parameter_names, .help = "The code of a parameter problem" },
	[ICMP_CHECKSUM] = { "icmp.checksum", "Checksum", FIELD_HEX, 2 },
	[ICMP_STATUS] = { "icmp.checksum.status", "Checksum Status", FIELD_UINT, 0, .depth = 1,
			  .flags = FIELD_BRIEF | FIELD_GENERATED, .names = checksum_status_names },
	[ICMP_UNUSED] = { "icmp.unused", "Unused", FIELD_BYTES, 0 },
	[ICMP_LENGTH] = { "icmp.length", "Length of the Quoted Packet", FIELD_UINT, 1,
			  .help = "In words of 4 octets; 0: to the end" },
	[ICMP_IDENT] = { "icmp.ident", "Identifier", FIELD_UINT, 2, .flags = FIELD_BRIEF },
	[ICMP_IDENT_LE] = { "icmp.ident_le", "Identifier (little-endian)", FIELD_UINT, 0, .flags = FIELD_GENERATED },
	[ICMP_SEQ] = { "icmp.seq", "Sequence Number", FIELD_UINT, 2, .flags = FIELD_BRIEF },
	[ICMP_SEQ_LE] = { "icmp.seq_le", "Sequence Number (little-endian)", FIELD_UINT, 0, .flags = FIELD_GENERATED },
	[ICMP_MTU] = { "icmp.mtu", "MTU of the Next Hop", FIELD_UINT, 2, .flags = FIELD_BRIEF },
	[ICMP_POINTER] = { "icmp.pointer", "Pointer", FIELD_UINT, 1, .flags = FIELD_BRIEF,
			   .help = "Octet of the quoted packet that is wrong" },
	[ICMP_GATEWAY] = { "icmp.redir_gw", "Gateway Address", FIELD_IPV4, 4, .flags = FIELD_BRIEF },
	[ICMP_ORIGINATE] = { "icmp.originate_timestamp", "Originate Timestamp", FIELD_UINT, 4,
			     .help = "Milliseconds since midnight UTC" },
	[ICMP_RECEIVE] = { "icmp.receive_timestamp", "Receive Timestamp", FIELD_UINT, 4,
			   .help = "Milliseconds since midnight UTC" },
	[ICMP_TRANSMIT] = { "icmp.transmit_timestamp", "Transmit Timestamp", FIELD_UINT, 4,
			    .help = "Milliseconds since midnight UTC" },
	[ICMP_MASK] = { "icmp.address_mask", "Address Mask", FIELD_IPV4, 4, .flags = FIELD_BRIEF },
	[ICMP_ADDRESSES] = { "icmp.num_addrs", "Number of Addresses", FIELD_UINT, 1 },
	[ICMP_ENTRY_SIZE] = { "icmp.addr_entry_size", "Address Entry Size", FIELD_UINT, 1,
			      .help = "In words of 4 octets" },
	[ICMP_LIFETIME] = { "icmp.lifetime", "Lifetime", FIELD_UINT, 2, .help = "Seconds" },
	[ICMP_ROUTER] = { "icmp.router_address", "Router Address", FIELD_IPV4, 4, .flags = FIELD_BRIEF },
	[ICMP_PREFERENCE] = { "icmp.pref_level", "Preference Level", FIELD_INT, 4 },
	[ICMP_EXT_SEQ] = { "icmp.ext.echo.seq", "Sequence Number", FIELD_UINT, 1, .flags = FIELD_BRIEF },
	[ICMP_PROBE] = { "icmp.ext.echo.req", "Request Flags", FIELD_HEX, 1 },
	[ICMP_PROBE_LOCAL] = { "icmp.ext.echo.req.local", "Local", FIELD_BOOL, 1, .depth = 1, .mask = 0x01 },
	[ICMP_ANSWER] = { "icmp.ext.echo.rsp", "Reply Flags", FIELD_HEX, 1 },
	[ICMP_ANSWER_STATE] = { "icmp.ext.echo.rsp.state", "State", FIELD_UINT, 1, .depth = 1, .mask = 0xe0 },
	[ICMP_ANSWER_ACTIVE] = { "icmp.ext.echo.rsp.active", "Active", FIELD_BOOL, 1, .depth = 1, .mask = 0x04 },
	[ICMP_ANSWER_IPV4] = { "icmp.ext.echo.rsp.ipv4", "Runs IPv4", FIELD_BOOL, 1, .depth = 1, .mask = 0x02 },
	[ICMP_ANSWER_IPV6] = { "icmp.ext.echo.rsp.ipv6", "Runs IPv6", FIELD_BOOL, 1, .depth = 1, .mask = 0x01 },
};

/* ------------------------------------------------------------------------------------------------ messages */

static const struct parse_step unused[] = { { ICMP_UNUSED, 4 }, PARSE_END };
static const struct parse_step error[] = { { ICMP_UNUSED, 1 }, { ICMP_LENGTH, 0 }, { ICMP_UNUSED, 2 }, PARSE_END };
static const struct parse_step too_big[] = { { ICMP_UNUSED, 1 }, { ICMP_LENGTH, 0 }, { ICMP_MTU, 0 }, PARSE_END };
static const struct parse_step parameter[] = { { ICMP_POINTER, 0 }, { ICMP_LENGTH, 0 }, { ICMP_UNUSED, 2 }, PARSE_END };
static const struct parse_step redirect[] = { { ICMP_GATEWAY, 0 }, PARSE_END };
static const struct parse_step nothing[] = { PARSE_END };
static const struct parse_step timestamps[] = {
	{ ICMP_ORIGINATE, 0 }, { ICMP_RECEIVE, 0 }, { ICMP_TRANSMIT, 0 }, PARSE_END,
};
static const struct parse_step mask[] = { { ICMP_MASK, 0 }, PARSE_END };
static const struct parse_step advertisement[] = {
	{ ICMP_ADDRESSES, 0 }, { ICMP_ENTRY_SIZE, 0 }, { ICMP_LIFETIME, 0 }, PARSE_END,
};
static const struct parse_step router[] = { { ICMP_ROUTER, 0 }, { ICMP_PREFERENCE, 0 }, PARSE_END };
static const struct parse_step probe[] = { { ICMP_IDENT, 0 }, { ICMP_EXT_SEQ, 0 }, { ICMP_PROBE, 0 }, PARSE_END };
static const struct parse_step answer[] = { { ICMP_IDENT, 0 }, { ICMP_EXT_SEQ, 0 }, { ICMP_ANSWER, 0 }, PARSE_END };

/* A bounded quotation has a length in the second octet of the part that is of the type (RFC 4884). */
enum then { THEN_NOTHING, THEN_QUOTATION, THEN_BOUNDED_QUOTATION, THEN_ROUTERS, THEN_EXTENSION };

#define ANY_CODE 256

/* The first row that fits is taken. */
static const struct message {
	unsigned type, code;
	bool identified;                /* begins with identifier and sequence number */
	const struct parse_step *steps;
	enum then then;
} messages[] = {
	{ 0, ANY_CODE, true, nothing, THEN_NOTHING },
	{ 3, 4, false, too_big, THEN_BOUNDED_QUOTATION },
	{ 3, ANY_CODE, false, error, THEN_BOUNDED_QUOTATION },
	{ 4, ANY_CODE, false, unused, THEN_QUOTATION },
	{ 5, ANY_CODE, false, redirect, THEN_QUOTATION },
	{ 8, ANY_CODE, true, nothing, THEN_NOTHING },
	{ 9, ANY_CODE, false, advertisement, THEN_ROUTERS },
	{ 10, ANY_CODE, false, unused, THEN_NOTHING },
	{ 11, ANY_CODE, false, error, THEN_BOUNDED_QUOTATION },
	{ 12, ANY_CODE, false, parameter, THEN_BOUNDED_QUOTATION },
	{ 13, ANY_CODE, true, timestamps, THEN_NOTHING },
	{ 14, ANY_CODE, true, timestamps, THEN_NOTHING },
	{ 15, ANY_CODE, true, nothing, THEN_NOTHING },
	{ 16, ANY_CODE, true, nothing, THEN_NOTHING },
	{ 17, ANY_CODE, true, mask, THEN_NOTHING },
	{ 18, ANY_CODE, true, mask, THEN_NOTHING },
	{ 42, ANY_CODE, false, probe, THEN_EXTENSION },
	{ 43, ANY_CODE, false, answer, THEN_NOTHING },
};

/* Row by type: what its codes mean. */
static const uint8_t code_rows[] = {
	[3] = ICMP_UNREACHABLE, [5] = ICMP_REDIRECT, [11] = ICMP_EXCEEDED, [12] = ICMP_PARAMETER,
};

static unsigned code_row(uint64_t type)
{
	return type < sizeof code_rows ? code_rows[type] : 0;
}

static const struct message *message_of(uint32_t type, uint32_t code)
{
	for (unsigned i = 0; i < sizeof messages / sizeof *messages; i++)
		if (messages[i].type == type && (messages[i].code == code || messages[i].code == ANY_CODE))
			return &messages[i];
	return NULL;
}

/* ------------------------------------------------------------------------------------------------ parts */

/* Some hosts send these in their own byte order: both readings are shown, as Wireshark does. */
static void identity(struct parse *p)
{
	uint16_t ident = (uint16_t)parse_uint(p, ICMP_IDENT), seq;

	parse_add(p, ICMP_IDENT_LE, __builtin_bswap16(ident), p->position - 2, 2);
	seq = (uint16_t)parse_uint(p, ICMP_SEQ);
	parse_add(p, ICMP_SEQ_LE, __builtin_bswap16(seq), p->position - 2, 2);
}

static void quotation(struct parse *p)
{
	parse_quotation(p);
	parse_next(p, BY_ETHERTYPE, 0x0800, 0x0800);
}

/* The length in the header counts words of 4 octets. */
static void bounded_quotation(struct parse *p, uint32_t length)
{
	parse_bounded_quotation(p, length);
	parse_next(p, BY_ETHERTYPE, 0x0800, 0x0800);
}

static void extension(struct parse *p)
{
	parse_aside(p, BY_ICMP_EXTENSION, (uint32_t)parse_peek(p, 0, 1) >> 4, 0);
	parse_skip(p, parse_left(p));
}

static void message(struct parse *p, const struct message *m)
{
	uint32_t length = m->then == THEN_BOUNDED_QUOTATION ? 4 * (uint32_t)parse_peek(p, 1, 1) : 0;

	if (m->identified)
		identity(p);
	parse_steps(p, m->steps);
	if (m->then == THEN_QUOTATION)
		quotation(p);
	if (m->then == THEN_BOUNDED_QUOTATION)
		bounded_quotation(p, length);
	if (m->then == THEN_EXTENSION)
		extension(p);
	while (m->then == THEN_ROUTERS && parse_more(p))
		parse_steps(p, router);
}

static void icmp_dissect(struct parse *p)
{
	uint32_t whole = parse_claimed(p), type, code;
	const struct message *m;
	uint16_t checksum;

	type = (uint32_t)parse_uint(p, ICMP_TYPE);
	code = (uint32_t)parse_uint(p, ICMP_CODE);
	if (code_row(type))
		parse_add(p, code_row(type), code, p->position - 1, 1);
	checksum = (uint16_t)parse_uint(p, ICMP_CHECKSUM);
	if (parse_wants(p, ICMP_STATUS) && !p->failed)
		parse_add(p, ICMP_STATUS, parse_checksum(p, p->layer->offset, whole, checksum, false),
			  p->position - 2, 2);
	m = message_of(type, code);
	if (m && !p->failed)
		message(p, m);
}

/* ------------------------------------------------------------------------------------------------ summary */

static const char *const words[ICMP_ROWS] = {
	[ICMP_IDENT] = " id=", [ICMP_SEQ] = " seq=", [ICMP_EXT_SEQ] = " seq=", [ICMP_MTU] = " MTU=",
	[ICMP_POINTER] = " octet=", [ICMP_GATEWAY] = " gateway=", [ICMP_MASK] = " mask=", [ICMP_ROUTER] = " router=",
};

static void icmp_summary(const struct packet *packet, const struct layer *layer, struct text *out)
{
	uint64_t type = layer_uint(packet, layer, ICMP_TYPE, 256), code = layer_uint(packet, layer, ICMP_CODE, 0);
	const char *name = value_name(type_names, type), *meaning = value_name(fields[code_row(type)].names, code);

	if (type > 255)
		return;
	if (name)
		text_string(out, name);
	else
		text_format(out, "type %u code %u", (unsigned)type, (unsigned)code);
	if (code_row(type) && meaning)
		text_format(out, " (%s)", meaning);
	summary_words(packet, layer, words, ICMP_ROWS, out);
	if (code_row(type) || type == 4)
		summary_quotation(packet, out);
}

static const struct bind binds[] = { { BY_IP_PROTO, 1 }, { BY_NONE, 0 } };

const struct dissector icmp_dissector = {
	.name = "icmp",
	.title = "ICMP",
	.full_name = "Internet Control Message Protocol",
	.reference = "RFC 792",
	.fields = fields,
	.field_count = sizeof fields / sizeof *fields,
	.binds = binds,
	.dissect = icmp_dissect,
	.summary = icmp_summary,
};
