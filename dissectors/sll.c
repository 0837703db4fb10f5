/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Linux cooked captures, the link layer of the "any" device: LINKTYPE_LINUX_SLL (113) and LINKTYPE_LINUX_SLL2 (276).
 *
 *    0          2          4          6                               14         16
 *   +----------+----------+----------+-------------------------------+----------+---------
 *   | pkt type | ARPHRD   | addr len | address, padded to 8          | protocol | payload       SLL
 *   +----------+----------+----------+-------------------------------+----------+---------
 *    0          2          4                     8          10   11   12                 20
 *   +----------+----------+---------------------+----------+----+----+------------------+---------
 *   | protocol | 0        | interface index     | ARPHRD   |type|alen| address, as above| payload  SLL2
 *   +----------+----------+---------------------+----------+----+----+------------------+---------
 */
#include "packet/dissector.h"

#define LINKTYPE_SLL2 276
#define ADDRESS_ROOM 8
#define ARPHRD_IPGRE 778
#define ARPHRD_NETLINK 824

enum {
	SLL_PKTTYPE, SLL_HATYPE, SLL_HALEN, SLL_IFINDEX, SLL_SRC_ETH, SLL_SRC_IPV4, SLL_SRC_OTHER, SLL_UNUSED,
	SLL_ETYPE, SLL_GRETYPE, SLL_LTYPE
};

static const struct value_name packet_type_names[] = {
	{ 0, "to us" }, { 1, "broadcast" }, { 2, "multicast" }, { 3, "to another host" }, { 4, "from us" }, { 0, NULL },
};

static const struct value_name hardware_names[] = {
	{ 1, "Ethernet" }, { 512, "PPP" }, { 768, "IPv4 tunnel" }, { 769, "IPv6 tunnel" }, { 772, "loopback" },
	{ 778, "GRE tunnel" }, { 824, "netlink" }, { 65534, "no header" }, { 0, NULL },
};

static const struct value_name type_names[] = {
	{ 0x0800, "IPv4" }, { 0x0806, "ARP" }, { 0x8100, "802.1Q VLAN" }, { 0x86dd, "IPv6" }, { 0, NULL },
};

static const struct value_name linux_names[] = {
	{ 1, "IPX behind 802.3" }, { 4, "LLC" }, { 0, NULL },
};

static const struct field_def fields[] = {
	[SLL_PKTTYPE] = { "sll.pkttype", "Packet Type", FIELD_UINT, 0, .names = packet_type_names },
	[SLL_HATYPE] = { "sll.hatype", "Link Type", FIELD_UINT, 2, .names = hardware_names,
			 .help = "ARPHRD_ number of the interface" },
	[SLL_HALEN] = { "sll.halen", "Address Length", FIELD_UINT, 0 },
	[SLL_IFINDEX] = { "sll.ifindex", "Interface Index", FIELD_UINT, 4 },
	[SLL_SRC_ETH] = { "sll.src.eth", "Source", FIELD_MAC, 6, .role = ROLE_LINK_SRC, .flags = FIELD_BRIEF },
	[SLL_SRC_IPV4] = { "sll.src.ipv4", "Source", FIELD_IPV4, 4 },
	[SLL_SRC_OTHER] = { "sll.src.other", "Source", FIELD_BYTES, 0 },
	[SLL_UNUSED] = { "sll.unused", "Unused", FIELD_BYTES, 0 },
	[SLL_ETYPE] = { "sll.etype", "Protocol", FIELD_HEX, 2, .flags = FIELD_BRIEF, .names = type_names },
	[SLL_GRETYPE] = { "sll.gretype", "Protocol", FIELD_HEX, 2, .flags = FIELD_BRIEF, .names = type_names },
	[SLL_LTYPE] = { "sll.ltype", "Protocol", FIELD_HEX, 2, .flags = FIELD_BRIEF, .names = linux_names },
};

static uint32_t sized(struct parse *p, unsigned row, unsigned width)
{
	uint32_t value = (uint32_t)parse_peek(p, 0, width), at = p->position;

	parse_skip(p, width);
	parse_add(p, row, value, at, width);
	return value;
}

/* The address has room for eight octets, whatever the length says of the whole one. */
static void address(struct parse *p, uint32_t length)
{
	uint32_t kept = length < ADDRESS_ROOM ? length : ADDRESS_ROOM;

	if (kept == 6)
		parse_fixed(p, SLL_SRC_ETH);
	else if (kept == 4)
		parse_uint(p, SLL_SRC_IPV4);
	else if (kept)
		parse_bytes(p, SLL_SRC_OTHER, kept);
	if (kept < ADDRESS_ROOM)
		parse_bytes(p, SLL_UNUSED, ADDRESS_ROOM - kept);
}

static unsigned protocol_row(uint64_t hardware, uint64_t protocol)
{
	if (hardware == ARPHRD_IPGRE)
		return SLL_GRETYPE;
	return protocol < 0x600 || hardware == ARPHRD_NETLINK ? SLL_LTYPE : SLL_ETYPE;
}

static void next_layer(struct parse *p, uint64_t hardware, uint32_t protocol)
{
	parse_next(p, hardware == ARPHRD_NETLINK ? BY_NOTHING : BY_ETHERTYPE, protocol, protocol);
}

static void sll1(struct parse *p)
{
	uint64_t hardware, protocol;

	sized(p, SLL_PKTTYPE, 2);
	hardware = parse_uint(p, SLL_HATYPE);
	address(p, sized(p, SLL_HALEN, 2));
	protocol = parse_peek(p, 0, 2);
	parse_uint(p, protocol_row(hardware, protocol));
	next_layer(p, hardware, (uint32_t)protocol);
}

static void sll2(struct parse *p)
{
	uint64_t protocol = parse_peek(p, 0, 2), hardware = parse_peek(p, 8, 2);

	parse_uint(p, protocol_row(hardware, protocol));
	parse_skip(p, 2);
	parse_uint(p, SLL_IFINDEX);
	parse_uint(p, SLL_HATYPE);
	sized(p, SLL_PKTTYPE, 1);
	address(p, sized(p, SLL_HALEN, 1));
	next_layer(p, hardware, (uint32_t)protocol);
}

static void sll_dissect(struct parse *p)
{
	if (p->frame->link == LINKTYPE_SLL2)
		sll2(p);
	else
		sll1(p);
}

static void sll_summary(const struct packet *packet, const struct layer *layer, struct text *out)
{
	static const uint8_t rows[] = { SLL_ETYPE, SLL_GRETYPE, SLL_LTYPE };

	for (unsigned i = 0; i < sizeof rows; i++) {
		const struct field *type = layer_field(packet, layer, rows[i]);

		if (type)
			text_format(out, "Protocol 0x%04x", (unsigned)type->value.uint);
	}
}

static const struct bind binds[] = { { BY_LINKTYPE, 113 }, { BY_LINKTYPE, LINKTYPE_SLL2 }, { BY_NONE, 0 } };

const struct dissector sll_dissector = {
	.name = "sll",
	.title = "SLL",
	.full_name = "Linux cooked capture",
	.reference = "LINKTYPE_LINUX_SLL, LINKTYPE_LINUX_SLL2",
	.fields = fields,
	.field_count = sizeof fields / sizeof *fields,
	.binds = binds,
	.dissect = sll_dissect,
	.summary = sll_summary,
};
