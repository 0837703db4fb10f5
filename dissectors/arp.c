/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Address Resolution Protocol (RFC 826; gratuitous and probing use RFC 5227), and its reverse (RFC 903).
 *
 *    0          2          4    5    6        8
 *   +----------+----------+----+----+--------+-----------+----------+-----------+----------+
 *   | hardware | protocol | hl | pl | opcode | sender hw | sender IP| target hw | target IP|
 *   +----------+----------+----+----+--------+-----------+----------+-----------+----------+
 *                                              hl octets   pl octets  hl          pl
 */
#include "packet/dissector.h"

enum {
	ARP_HW_TYPE, ARP_PROTO_TYPE, ARP_HW_SIZE, ARP_PROTO_SIZE, ARP_OPCODE, ARP_GRATUITOUS, ARP_PROBE,
	ARP_ANNOUNCEMENT, ARP_SRC_MAC, ARP_SRC_HW, ARP_SRC_IPV4, ARP_SRC_PROTO, ARP_DST_MAC, ARP_DST_HW, ARP_DST_IPV4,
	ARP_DST_PROTO
};

enum { REQUEST = 1, REPLY, RARP_REQUEST, RARP_REPLY, INARP_REQUEST = 8, INARP_REPLY };

static const struct value_name hardware_names[] = {
	{ 1, "Ethernet" }, { 6, "IEEE 802" }, { 7, "ARCNET" }, { 15, "frame relay" }, { 24, "FireWire" },
	{ 32, "InfiniBand" }, { 0, NULL },
};

static const struct value_name protocol_names[] = { { 0x0800, "IPv4" }, { 0, NULL } };

static const struct value_name opcode_names[] = {
	{ REQUEST, "request" },             { REPLY, "reply" },
	{ RARP_REQUEST, "reverse request" }, { RARP_REPLY, "reverse reply" },
	{ INARP_REQUEST, "inverse request" }, { INARP_REPLY, "inverse reply" },
	{ 0, NULL },
};

static const struct field_def fields[] = {
	[ARP_HW_TYPE] = { "arp.hw.type", "Hardware Type", FIELD_UINT, 2, .names = hardware_names },
	[ARP_PROTO_TYPE] = { "arp.proto.type", "Protocol Type", FIELD_HEX, 2, .names = protocol_names },
	[ARP_HW_SIZE] = { "arp.hw.size", "Hardware Size", FIELD_UINT, 1 },
	[ARP_PROTO_SIZE] = { "arp.proto.size", "Protocol Size", FIELD_UINT, 1 },
	[ARP_OPCODE] = { "arp.opcode", "Opcode", FIELD_UINT, 2, .flags = FIELD_BRIEF, .names = opcode_names },
	[ARP_GRATUITOUS] = { "arp.isgratuitous", "Gratuitous", FIELD_BOOL, 0, .flags = FIELD_GENERATED | FIELD_BRIEF,
			     .help = "Sender and target have the same IP address" },
	[ARP_PROBE] = { "arp.isprobe", "Probe", FIELD_BOOL, 0, .flags = FIELD_GENERATED,
			.help = "A request without a sender's IP address: is it in use?" },
	[ARP_ANNOUNCEMENT] = { "arp.isannouncement", "Announcement", FIELD_BOOL, 0, .flags = FIELD_GENERATED,
			       .help = "A gratuitous request: the sender has taken the address" },
	[ARP_SRC_MAC] = { "arp.src.hw_mac", "Sender MAC Address", FIELD_MAC, 6, .flags = FIELD_BRIEF },
	[ARP_SRC_HW] = { "arp.src.hw", "Sender Hardware Address", FIELD_BYTES, 0 },
	[ARP_SRC_IPV4] = { "arp.src.proto_ipv4", "Sender IP Address", FIELD_IPV4, 4, .flags = FIELD_BRIEF },
	[ARP_SRC_PROTO] = { "arp.src.proto", "Sender Protocol Address", FIELD_BYTES, 0 },
	[ARP_DST_MAC] = { "arp.dst.hw_mac", "Target MAC Address", FIELD_MAC, 6, .flags = FIELD_BRIEF },
	[ARP_DST_HW] = { "arp.dst.hw", "Target Hardware Address", FIELD_BYTES, 0 },
	[ARP_DST_IPV4] = { "arp.dst.proto_ipv4", "Target IP Address", FIELD_IPV4, 4, .flags = FIELD_BRIEF },
	[ARP_DST_PROTO] = { "arp.dst.proto", "Target Protocol Address", FIELD_BYTES, 0 },
};

/* What the sizes and types say of the addresses that follow. */
struct kind {
	bool mac, ipv4;
	uint32_t hardware, protocol;
};

static void hardware_address(struct parse *p, const struct kind *kind, unsigned mac_row, unsigned other_row)
{
	if (kind->mac)
		parse_fixed(p, mac_row);
	else if (kind->hardware)
		parse_bytes(p, other_row, kind->hardware);
}

static uint32_t protocol_address(struct parse *p, const struct kind *kind, unsigned ipv4_row, unsigned other_row)
{
	if (kind->ipv4)
		return (uint32_t)parse_uint(p, ipv4_row);
	if (kind->protocol)
		parse_bytes(p, other_row, kind->protocol);
	return 0;
}

static struct kind header(struct parse *p)
{
	uint64_t hardware = parse_uint(p, ARP_HW_TYPE), protocol = parse_uint(p, ARP_PROTO_TYPE);
	uint32_t hardware_size = (uint32_t)parse_uint(p, ARP_HW_SIZE), size = (uint32_t)parse_uint(p, ARP_PROTO_SIZE);

	return (struct kind){
		.mac = (hardware == 1 || hardware == 6) && hardware_size == 6,
		.ipv4 = protocol == 0x0800 && size == 4,
		.hardware = hardware_size,
		.protocol = size,
	};
}

/* Each is there only where it holds, so that its name alone is a filter. */
static void use_fields(struct parse *p, uint64_t opcode, uint32_t sender, uint32_t target)
{
	bool gratuitous = (opcode == REQUEST || opcode == REPLY) && sender == target;

	if (gratuitous)
		parse_add(p, ARP_GRATUITOUS, 1, 0, 0);
	if (opcode == REQUEST && !sender)
		parse_add(p, ARP_PROBE, 1, 0, 0);
	if (opcode == REQUEST && gratuitous)
		parse_add(p, ARP_ANNOUNCEMENT, 1, 0, 0);
}

static void arp_dissect(struct parse *p)
{
	struct kind kind = header(p);
	uint64_t opcode = parse_uint(p, ARP_OPCODE);
	uint32_t sender, target;

	hardware_address(p, &kind, ARP_SRC_MAC, ARP_SRC_HW);
	sender = protocol_address(p, &kind, ARP_SRC_IPV4, ARP_SRC_PROTO);
	hardware_address(p, &kind, ARP_DST_MAC, ARP_DST_HW);
	target = protocol_address(p, &kind, ARP_DST_IPV4, ARP_DST_PROTO);
	if (p->failed)
		return;
	if (kind.ipv4)
		use_fields(p, opcode, sender, target);
	parse_payload(p, 0);
}

static void put_field(const struct field *field, struct text *out)
{
	if (!field)
		text_char(out, '?');
	else if (field->def->type == FIELD_MAC)
		text_wrote(out, put_mac(text_room(out, 32), field->value.bytes, field->length, ':'));
	else
		text_wrote(out, put_ipv4(text_room(out, 16), (uint32_t)field->value.uint));
}

/* Each kind of message as a sentence around two of its addresses. */
static const struct sentence {
	uint8_t opcode;
	const char *before;
	uint8_t first;
	const char *between;
	uint8_t second;
} sentences[] = {
	{ REQUEST, "who has ", ARP_DST_IPV4, "? tell ", ARP_SRC_IPV4 },
	{ REPLY, "", ARP_SRC_IPV4, " is at ", ARP_SRC_MAC },
	{ RARP_REQUEST, "who is ", ARP_DST_MAC, "? tell ", ARP_SRC_MAC },
	{ RARP_REPLY, "", ARP_DST_MAC, " is at ", ARP_DST_IPV4 },
	{ INARP_REQUEST, "who is ", ARP_DST_MAC, "? tell ", ARP_SRC_MAC },
	{ INARP_REPLY, "", ARP_SRC_MAC, " is at ", ARP_SRC_IPV4 },
};

static void arp_summary(const struct packet *packet, const struct layer *layer, struct text *out)
{
	const struct field *opcode = layer_field(packet, layer, ARP_OPCODE);

	if (!opcode)
		return;
	for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++) {
		const struct sentence *s = &sentences[i];

		if (s->opcode != opcode->value.uint)
			continue;
		text_string(out, s->before);
		put_field(layer_field(packet, layer, s->first), out);
		text_string(out, s->between);
		put_field(layer_field(packet, layer, s->second), out);
		if (layer_uint(packet, layer, ARP_GRATUITOUS, 0))
			text_string(out, " (gratuitous)");
		return;
	}
	text_format(out, "opcode %u", (unsigned)opcode->value.uint);
}

static const struct bind binds[] = { { BY_ETHERTYPE, 0x0806 }, { BY_ETHERTYPE, 0x8035 }, { BY_NONE, 0 } };

const struct dissector arp_dissector = {
	.name = "arp",
	.title = "ARP",
	.full_name = "Address Resolution Protocol",
	.reference = "RFC 826",
	.fields = fields,
	.field_count = sizeof fields / sizeof *fields,
	.binds = binds,
	.dissect = arp_dissect,
	.summary = arp_summary,
};
