/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Internet Group Management Protocol, versions 1 (RFC 1112), 2 (RFC 2236) and 3 (RFC 3376).
 *
 *    0       1       2          4               8                 10          12
 *   +-------+-------+----------+---------------+
 *   | type  | time  | checksum | group         |                                     queries; reports of 1 and 2
 *   +-------+-------+----------+---------------+----+--------+----------+-----------
 *                                              |S,QRV| QQIC  | sources  | addresses  queries of version 3
 *   +-------+-------+----------+--------+------+-----+-------+----------+-----------
 *   | 0x22  | 0     | checksum | 0      |records| record...                          reports of version 3
 *   +-------+-------+----------+--------+------+------------------
 *   | kind  | aux   | sources  | group         | addresses, auxiliary data           a record
 *   +-------+-------+----------+---------------+------------------
 */
#include "packet/dissector.h"

enum { QUERY = 0x11, REPORT_1 = 0x12, REPORT_2 = 0x16, LEAVE = 0x17, REPORT_3 = 0x22 };

enum {
	IGMP_VERSION, IGMP_TYPE, IGMP_RESERVED, IGMP_MAX_RESP, IGMP_CHECKSUM, IGMP_STATUS, IGMP_MADDR, IGMP_S, IGMP_QRV,
	IGMP_QQIC, IGMP_RECORDS, IGMP_RECORD_TYPE, IGMP_AUX_LEN, IGMP_SOURCES, IGMP_SADDR, IGMP_AUX_DATA, IGMP_DATA
};

static const struct value_name type_names[] = {
	{ QUERY, "membership query" },      { REPORT_1, "membership report, version 1" },
	{ 0x13, "DVMRP" },                  { 0x14, "PIM version 1" },
	{ REPORT_2, "membership report" },  { LEAVE, "leave group" },
	{ 0x1e, "multicast traceroute response" }, { 0x1f, "multicast traceroute" },
	{ REPORT_3, "membership report, version 3" },
	{ 0, NULL },
};

static const struct value_name record_names[] = {
	{ 1, "mode is include" },   { 2, "mode is exclude" },   { 3, "change to include" }, { 4, "change to exclude" },
	{ 5, "allow new sources" }, { 6, "block old sources" }, { 0, NULL },
};

static const struct field_def fields[] = {
	[IGMP_VERSION] = { "igmp.version", "Version", FIELD_UINT, 0, .flags = FIELD_GENERATED },
	[IGMP_TYPE] = { "igmp.type", "Type", FIELD_HEX, 1, .flags = FIELD_BRIEF, .names = type_names },
	[IGMP_RESERVED] = { "igmp.reserved", "Reserved", FIELD_BYTES, 0 },
	[IGMP_MAX_RESP] = { "igmp.max_resp", "Max Response Time", FIELD_UINT, 1,
			    .help = "Tenths of a second; from 128 on in version 3 a floating-point code" },
	[IGMP_CHECKSUM] = { "igmp.checksum", "Checksum", FIELD_HEX, 2 },
	[IGMP_STATUS] = { "igmp.checksum.status", "Checksum Status", FIELD_UINT, 0, .depth = 1,
			  .flags = FIELD_BRIEF | FIELD_GENERATED, .names = checksum_status_names },
	[IGMP_MADDR] = { "igmp.maddr", "Group", FIELD_IPV4, 4, .flags = FIELD_BRIEF },
	[IGMP_S] = { "igmp.s", "Suppress router processing", FIELD_BOOL, 0 },
	[IGMP_QRV] = { "igmp.qrv", "Querier's Robustness", FIELD_UINT, 0 },
	[IGMP_QQIC] = { "igmp.qqic", "Querier's Interval Code", FIELD_UINT, 1 },
	[IGMP_RECORDS] = { "igmp.num_grp_recs", "Group Records", FIELD_UINT, 2, .flags = FIELD_BRIEF },
	[IGMP_RECORD_TYPE] = { "igmp.record_type", "Record", FIELD_UINT, 1, .flags = FIELD_BRIEF,
			       .names = record_names },
	[IGMP_AUX_LEN] = { "igmp.aux_data_len", "Auxiliary Data Length", FIELD_UINT, 1, .depth = 1,
			   .help = "In units of 4 octets" },
	[IGMP_SOURCES] = { "igmp.num_src", "Sources", FIELD_UINT, 2, .depth = 1 },
	[IGMP_SADDR] = { "igmp.saddr", "Source", FIELD_IPV4, 4, .depth = 1 },
	[IGMP_AUX_DATA] = { "igmp.aux_data", "Auxiliary Data", FIELD_BYTES, 0, .depth = 1 },
	[IGMP_DATA] = { "igmp.data", "Data", FIELD_BYTES, 0 },
};

static void checksum(struct parse *p, uint32_t length)
{
	uint32_t at = p->position;
	uint16_t stored = (uint16_t)parse_uint(p, IGMP_CHECKSUM);

	if (parse_wants(p, IGMP_STATUS))
		parse_add(p, IGMP_STATUS, parse_checksum(p, p->layer->offset, length, stored, false), at, 2);
}

static void sources(struct parse *p, uint64_t count)
{
	while (parse_more(p) && count > 0) {
		parse_uint(p, IGMP_SADDR);
		count--;
	}
	if (count > 0)
		parse_overrun(p, 4);
}

static void record(struct parse *p)
{
	uint32_t auxiliary;
	uint64_t count;

	parse_uint(p, IGMP_RECORD_TYPE);
	auxiliary = (uint32_t)parse_uint(p, IGMP_AUX_LEN) * 4;
	count = parse_uint(p, IGMP_SOURCES);
	parse_uint(p, IGMP_MADDR);
	sources(p, count);
	if (auxiliary)
		parse_bytes(p, IGMP_AUX_DATA, auxiliary);
}

static void report(struct parse *p)
{
	uint64_t count;

	parse_bytes(p, IGMP_RESERVED, 2);
	count = parse_uint(p, IGMP_RECORDS);
	while (parse_more(p) && count > 0) {
		record(p);
		count--;
	}
	if (count > 0)
		parse_overrun(p, 8);
}

static void query(struct parse *p)
{
	uint32_t at;
	uint64_t bits;

	parse_uint(p, IGMP_MADDR);
	if (!parse_more(p))
		return;
	at = p->position;
	bits = parse_peek(p, 0, 1);
	parse_skip(p, 1);
	parse_add(p, IGMP_S, bits >> 3 & 1, at, 1);
	parse_add(p, IGMP_QRV, bits & 7, at, 1);
	parse_uint(p, IGMP_QQIC);
	sources(p, parse_uint(p, IGMP_SOURCES));
}

static void group(struct parse *p)
{
	parse_uint(p, IGMP_MADDR);
}

static const struct {
	uint8_t type;
	void (*body)(struct parse *p);
} bodies[] = {
	{ QUERY, query }, { REPORT_1, group }, { REPORT_2, group }, { LEAVE, group }, { REPORT_3, report },
};

/* RFC 3376 section 7.1: queries tell their version by length and response time. */
static unsigned version_of(uint64_t type, uint64_t time, uint32_t length)
{
	if (type == REPORT_3 || (type == QUERY && length >= 12))
		return 3;
	return type == REPORT_1 || (type == QUERY && time == 0) ? 1 : 2;
}

static void igmp_dissect(struct parse *p)
{
	uint32_t length = parse_claimed(p), at = p->position;
	uint64_t type = parse_peek(p, 0, 1), time = parse_peek(p, 1, 1);
	void (*body)(struct parse *p) = NULL;

	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
		if (bodies[i].type == type)
			body = bodies[i].body;
	if (body && parse_left(p) >= 2)
		parse_add(p, IGMP_VERSION, version_of(type, time, length), at, 2);
	parse_uint(p, IGMP_TYPE);
	if (type == REPORT_3)
		parse_bytes(p, IGMP_RESERVED, 1);
	else
		parse_uint(p, IGMP_MAX_RESP);
	checksum(p, length);
	if (body)
		body(p);
	parse_rest(p, IGMP_DATA);
}

static void igmp_summary(const struct packet *packet, const struct layer *layer, struct text *out)
{
	const struct field *type = layer_field(packet, layer, IGMP_TYPE), *first;
	const char *name = type ? value_name(type_names, type->value.uint) : NULL;

	if (!type)
		return;
	if (name)
		text_string(out, name);
	else
		text_format(out, "type 0x%02x", (unsigned)type->value.uint);
	first = layer_field(packet, layer, IGMP_MADDR);
	if (!first || !first->value.uint)
		return;
	name = value_name(record_names, layer_uint(packet, layer, IGMP_RECORD_TYPE, 0));
	text_string(out, name ? ": " : " ");
	if (name)
		text_string(out, name);
	text_string(out, name ? " " : "");
	text_wrote(out, put_ipv4(text_room(out, 16), (uint32_t)first->value.uint));
	if (layer_uint(packet, layer, IGMP_RECORDS, 1) > 1)
		text_string(out, ", ...");
}

static const struct bind binds[] = { { BY_IP_PROTO, 2 }, { BY_NONE, 0 } };

const struct dissector igmp_dissector = {
	.name = "igmp",
	.title = "IGMP",
	.full_name = "Internet Group Management Protocol",
	.reference = "RFC 3376",
	.fields = fields,
	.field_count = sizeof fields / sizeof *fields,
	.binds = binds,
	.dissect = igmp_dissect,
	.summary = igmp_summary,
};
