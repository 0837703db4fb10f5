/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What routers add to ICMP errors, behind the packet that they quote (RFC 4884 section 7): objects, such as the labels
 * that it had (RFC 4950) and the interfaces that it came in and was to go out by (RFC 5837). The same in IPv6.
 *
 *    0       2               4
 *   +---+----+---------------+---------
 *   | 2 | 0  | checksum      | objects
 *   +---+----+---------------+---------
 *    0       2       3       4
 *   +-------+-------+-------+---------
 *   | length| class | type  | content         length counts these 4 octets
 *   +-------+-------+-------+---------
 */
#include "packet/dissector.h"

enum {
	EXT, EXT_VERSION, EXT_RES, EXT_CHECKSUM, EXT_STATUS, EXT_LENGTH, EXT_CLASS, EXT_CTYPE, MPLS, MPLS_LABEL,
	MPLS_EXP, MPLS_S, MPLS_TTL, INFO, INFO_ROLE, INFO_RESERVED, INFO_HAS_INDEX, INFO_HAS_ADDRESS, INFO_HAS_NAME,
	INFO_HAS_MTU, INFO_INDEX, INFO_FAMILY, EXT_RESERVED, INFO_IPV4, INFO_IPV6, INFO_UNKNOWN, INFO_NAME_LENGTH,
	INFO_NAME, INFO_MTU, EXT_DATA
};

static const struct value_name class_names[] = {
	{ 1, "MPLS label stack" }, { 2, "interface information" }, { 3, "interface identification" }, { 0, NULL },
};

static const struct value_name role_names[] = {
	{ 0, "the packet came in by it" }, { 1, "a part of the one that the packet came in by" },
	{ 2, "the packet was to go out by it" }, { 3, "next hop of the packet" }, { 0, NULL },
};

static const struct value_name family_names[] = { { 1, "IPv4" }, { 2, "IPv6" }, { 0, NULL } };

static const struct field_def fields[] = {
	[EXT] = { "icmp.ext", "Extensions", FIELD_NONE, 0 },
	[EXT_VERSION] = { "icmp.ext.version", "Version", FIELD_UINT, 0 },
	[EXT_RES] = { "icmp.ext.res", "Reserved", FIELD_HEX, 0 },
	[EXT_CHECKSUM] = { "icmp.ext.checksum", "Checksum", FIELD_HEX, 2 },
	[EXT_STATUS] = { "icmp.ext.checksum.status", "Checksum Status", FIELD_UINT, 0, .depth = 1,
			 .flags = FIELD_BRIEF | FIELD_GENERATED, .names = checksum_status_names },
	[EXT_LENGTH] = { "icmp.ext.length", "Object Length", FIELD_UINT, 2, .help = "Octets" },
	[EXT_CLASS] = { "icmp.ext.class", "Class", FIELD_UINT, 1, .depth = 1, .names = class_names },
	[EXT_CTYPE] = { "icmp.ext.ctype", "Type in the Class", FIELD_UINT, 1, .depth = 1 },
	[MPLS] = { "icmp.mpls", "MPLS", FIELD_HEX, 3, .depth = 1 },
	[MPLS_LABEL] = { "icmp.mpls.label", "Label", FIELD_UINT, 3, .depth = 2, .mask = 0xfffff0 },
	[MPLS_EXP] = { "icmp.mpls.exp", "Traffic Class", FIELD_UINT, 3, .depth = 2, .mask = 0x0e },
	[MPLS_S] = { "icmp.mpls.s", "Bottom of Stack", FIELD_BOOL, 3, .depth = 2, .mask = 0x01 },
	[MPLS_TTL] = { "icmp.mpls.ttl", "Time to Live", FIELD_UINT, 1, .depth = 2 },
	[INFO] = { "icmp.int_info", "Interface", FIELD_HEX, 0, .depth = 1,
		   .help = "The type in the class, by its bits" },
	[INFO_ROLE] = { "icmp.int_info.role", "Role", FIELD_UINT, 0, .depth = 2, .mask = 0xc0, .names = role_names },
	[INFO_RESERVED] = { "icmp.int_info.reserved", "Reserved", FIELD_UINT, 0, .depth = 2, .mask = 0x30 },
	[INFO_HAS_INDEX] = { "icmp.int_info.ifindex", "Index is there", FIELD_BOOL, 0, .depth = 2, .mask = 0x08 },
	[INFO_HAS_ADDRESS] = { "icmp.int_info.ipaddr", "Address is there", FIELD_BOOL, 0, .depth = 2, .mask = 0x04 },
	[INFO_HAS_NAME] = { "icmp.int_info.name_present", "Name is there", FIELD_BOOL, 0, .depth = 2, .mask = 0x02 },
	[INFO_HAS_MTU] = { "icmp.int_info.mtu_present", "MTU is there", FIELD_BOOL, 0, .depth = 2, .mask = 0x01 },
	[INFO_INDEX] = { "icmp.int_info.index", "Interface Index", FIELD_UINT, 4, .depth = 1 },
	[INFO_FAMILY] = { "icmp.int_info.afi", "Address Family", FIELD_UINT, 2, .depth = 1, .names = family_names },
	[EXT_RESERVED] = { "icmp.reserved", "Reserved", FIELD_BYTES, 2, .depth = 1 },
	[INFO_IPV4] = { "icmp.int_info.ipv4", "Address", FIELD_IPV4, 4, .depth = 1 },
	[INFO_IPV6] = { "icmp.int_info.ipv6", "Address", FIELD_IPV6, 16, .depth = 1 },
	[INFO_UNKNOWN] = { "icmp.int_info.ipunknown", "Address", FIELD_BYTES, 0, .depth = 1,
			   .help = "Of a family that is not decoded" },
	[INFO_NAME_LENGTH] = { "icmp.int_info.name_length", "Name Length", FIELD_UINT, 1, .depth = 1,
			       .help = "Octets, with this one and the zeros behind the name" },
	[INFO_NAME] = { "icmp.int_info.name", "Name", FIELD_STRING, 0, .depth = 1 },
	[INFO_MTU] = { "icmp.int_info.mtu", "MTU", FIELD_UINT, 4, .depth = 1 },
	[EXT_DATA] = { "icmp.ext.data", "Data", FIELD_BYTES, 0, .depth = 1 },
};

/* ------------------------------------------------------------------------------------------------ objects */

static void label_stack(struct parse *p)
{
	while (parse_more(p)) {
		parse_uint(p, MPLS);
		parse_uint(p, MPLS_TTL);
	}
}

static void interface_index(struct parse *p)
{
	parse_uint(p, INFO_INDEX);
}

static void interface_address(struct parse *p)
{
	uint64_t family = parse_uint(p, INFO_FAMILY);

	parse_fixed(p, EXT_RESERVED);
	if (family == 1)
		parse_uint(p, INFO_IPV4);
	else if (family == 2)
		parse_fixed(p, INFO_IPV6);
	else
		parse_rest(p, INFO_UNKNOWN);
}

/* Zeros fill it up to a multiple of 4 octets. */
static void interface_name(struct parse *p)
{
	uint32_t length = (uint32_t)parse_uint(p, INFO_NAME_LENGTH), shown;
	const uint8_t *end;
	struct parse_part part;

	if (p->failed || !length) {
		parse_malformed(p, "an interface name shorter than its own length");
		parse_skip(p, parse_left(p));
		return;
	}
	part = parse_enter(p, length - 1);
	end = memchr(p->base + p->position, 0, parse_left(p));
	shown = end ? (uint32_t)(end - (p->base + p->position)) : parse_left(p);
	if (shown)
		parse_add_span(p, INFO_NAME, p->base + p->position, shown);
	parse_leave(p, part);
}

static void interface_mtu(struct parse *p)
{
	parse_uint(p, INFO_MTU);
}

/* RFC 5837 section 4.1: bits of the type say what is there, in this order. */
static const struct {
	uint8_t bit;
	void (*read)(struct parse *p);
} interface_parts[] = {
	{ 0x08, interface_index }, { 0x04, interface_address }, { 0x02, interface_name }, { 0x01, interface_mtu },
};

static void interface_information(struct parse *p, uint64_t type)
{
	for (unsigned i = 0; i < sizeof interface_parts / sizeof *interface_parts; i++)
		if (type & interface_parts[i].bit && parse_claimed(p))
			interface_parts[i].read(p);
		else if (type & interface_parts[i].bit)
			parse_malformed(p, "an interface without all that its type announces");
}

static void content(struct parse *p, uint64_t class, uint64_t type, uint32_t length)
{
	struct parse_part part;

	if (class == 2)
		parse_add(p, INFO, type, p->position - 1, 1);
	part = parse_enter(p, length);
	if (class == 1 && length & 3)
		parse_malformed(p, "a label stack that ends within a label");
	else if (class == 1)
		label_stack(p);
	if (class == 2)
		interface_information(p, type);
	parse_rest(p, EXT_DATA);
	parse_leave(p, part);
}

static void one_object(struct parse *p)
{
	uint32_t length = (uint32_t)parse_uint(p, EXT_LENGTH);
	uint64_t class = parse_uint(p, EXT_CLASS), type = parse_uint(p, EXT_CTYPE);

	if (length < 4) {
		parse_malformed(p, "an ICMP extension object shorter than its own header");
		parse_skip(p, parse_left(p));
		return;
	}
	content(p, class, type, length - 4);
}

static void icmp_extension_dissect(struct parse *p)
{
	uint32_t at = p->position, length = parse_claimed(p), first = (uint32_t)parse_peek(p, 0, 2);
	uint16_t checksum;

	parse_add(p, EXT, 0, at, parse_left(p));
	parse_skip(p, 2);
	parse_add(p, EXT_VERSION, first >> 12, at, 1);
	parse_add(p, EXT_RES, first & 0xfff, at, 2);
	checksum = (uint16_t)parse_uint(p, EXT_CHECKSUM);
	if (parse_wants(p, EXT_STATUS) && !p->failed)
		parse_add(p, EXT_STATUS, checksum ? parse_checksum(p, at, length, checksum, false) : CHECKSUM_ABSENT,
			  at + 2, 2);
	while (parse_more(p))
		one_object(p);
}

static const struct bind binds[] = { { BY_ICMP_EXTENSION, 2 }, { BY_NONE, 0 } };

const struct dissector icmp_extension_dissector = {
	.name = "icmp.extension",
	.title = "ICMP extension",
	.full_name = "ICMP Extension Structure",
	.reference = "RFC 4884",
	.fields = fields,
	.field_count = sizeof fields / sizeof *fields,
	.binds = binds,
	.dissect = icmp_extension_dissect,
};
