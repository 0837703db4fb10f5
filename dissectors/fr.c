/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frame relay with the two-octet address (ITU-T Q.922), carrying what RFC 2427 says, or Cisco's way an EtherType.
 *
 *    0      1      2      3
 *   +------+------+------+-------+---------
 *   | address     | 0x03 | NLPID | payload       RFC 2427; an NLPID of 0x80 brings OUI and type
 *   +------+------+------+-------+---------
 *   | address     | type         | payload       Cisco
 *   +------+------+------+-------+---------
 *    address: 6 bits DLCI, C/R, 0; 4 bits DLCI, FECN, BECN, DE, 1
 */
#include "packet/dissector.h"

#define CONTROL_UI 0x03
#define NLPID_PADDING 0x00
#define NLPID_SNAP 0x80

enum {
	FR_DLCI, FR_CR, FR_FECN, FR_BECN, FR_DE, FR_CONTROL, FR_NLPID, FR_OUI, FR_PID, FR_SNAPTYPE, FR_TYPE
};

static const struct value_name nlpid_names[] = {
	{ 0x08, "Q.933" }, { 0x80, "SNAP" }, { 0x81, "CLNP" }, { 0x83, "IS-IS" }, { 0x8e, "IPv6" }, { 0xcc, "IPv4" },
	{ 0, NULL },
};

static const struct {
	uint8_t nlpid;
	uint16_t type;
} types[] = {
	{ 0x8e, 0x86dd }, { 0xcc, 0x0800 },
};

static const struct field_def fields[] = {
	[FR_DLCI] = { "fr.dlci", "DLCI", FIELD_UINT, 0, .flags = FIELD_BRIEF,
		      .help = "Data link connection identifier" },
	[FR_CR] = { "fr.cr", "Command/Response", FIELD_BOOL, 0, .depth = 1 },
	[FR_FECN] = { "fr.fecn", "Congestion ahead", FIELD_BOOL, 0, .depth = 1 },
	[FR_BECN] = { "fr.becn", "Congestion behind", FIELD_BOOL, 0, .depth = 1 },
	[FR_DE] = { "fr.de", "Discard eligible", FIELD_BOOL, 0, .depth = 1 },
	[FR_CONTROL] = { "fr.control", "Control", FIELD_HEX, 1 },
	[FR_NLPID] = { "fr.nlpid", "NLPID", FIELD_HEX, 1, .names = nlpid_names },
	[FR_OUI] = { "fr.snap.oui", "Organization", FIELD_HEX, 3 },
	[FR_PID] = { "fr.snap.pid", "Protocol Id", FIELD_HEX, 2 },
	[FR_SNAPTYPE] = { "fr.snaptype", "Type", FIELD_HEX, 2 },
	[FR_TYPE] = { "fr.chdlctype", "Type", FIELD_HEX, 2 },
};

static void snap_header(struct parse *p)
{
	uint32_t type;

	if (parse_uint(p, FR_OUI) != 0) {
		parse_uint(p, FR_PID);
		return;
	}
	type = (uint32_t)parse_uint(p, FR_SNAPTYPE);
	parse_next(p, BY_ETHERTYPE, type, type);
}

static void rfc2427(struct parse *p)
{
	uint64_t nlpid;

	if (parse_uint(p, FR_CONTROL) != CONTROL_UI)
		return;
	if (parse_left(p) > 1 && parse_peek(p, 0, 1) == NLPID_PADDING)
		parse_skip(p, 1);
	nlpid = parse_uint(p, FR_NLPID);
	if (nlpid == NLPID_SNAP)
		snap_header(p);
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (types[i].nlpid == nlpid)
			parse_next(p, BY_ETHERTYPE, types[i].type, 0);
}

/* Bit 0 of each address octet says that it is the last: two octets are what is met. */
static bool address(struct parse *p)
{
	uint32_t at = p->position, value = (uint32_t)parse_peek(p, 0, 2);

	parse_skip(p, 2);
	if (p->failed)
		return false;
	if ((value & 0x0101) != 0x0001) {
		parse_opaque(p, "an address that is not two octets long");
		return false;
	}
	parse_add(p, FR_DLCI, (value >> 6 & 0x3f0) | (value >> 4 & 0xf), at, 2);
	parse_add(p, FR_CR, value >> 9 & 1, at, 1);
	parse_add(p, FR_FECN, value >> 3 & 1, at + 1, 1);
	parse_add(p, FR_BECN, value >> 2 & 1, at + 1, 1);
	parse_add(p, FR_DE, value >> 1 & 1, at + 1, 1);
	return true;
}

static void fr_dissect(struct parse *p)
{
	uint32_t type;

	parse_next(p, BY_NOTHING, 0, 0);
	if (!address(p))
		return;
	type = (uint32_t)parse_peek(p, 0, 2);
	if (type < 0x0800) {
		rfc2427(p);
		return;
	}
	parse_uint(p, FR_TYPE);
	parse_next(p, BY_ETHERTYPE, type, type);
}

static void fr_summary(const struct packet *packet, const struct layer *layer, struct text *out)
{
	const struct field *dlci = layer_field(packet, layer, FR_DLCI);

	if (!dlci)
		return;
	text_string(out, "DLCI ");
	text_uint(out, dlci->value.uint);
}

static const struct bind binds[] = { { BY_LINKTYPE, 107 }, { BY_NONE, 0 } };

const struct dissector fr_dissector = {
	.name = "fr",
	.title = "FR",
	.full_name = "Frame Relay",
	.reference = "RFC 2427",
	.fields = fields,
	.field_count = sizeof fields / sizeof *fields,
	.binds = binds,
	.dissect = fr_dissect,
	.summary = fr_summary,
};
