/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Logical Link Control (ISO/IEC 8802-2), with the Subnetwork Access Protocol behind it (IEEE Std 802, RFC 1042).
 *
 *    0      1      2                3            6      8
 *   +------+------+----------------+------------+------+---------
 *   | dsap | ssap | control, 1 or 2| OUI        | type | payload      OUI and type: when both SAPs are 0xaa
 *   +------+------+----------------+------------+------+---------
 */
#include "packet/dissector.h"

#define SAP_SNAP 0xaa
#define CONTROL_UI 0x03

enum {
	LLC_DSAP, LLC_DSAP_SAP, LLC_DSAP_IG, LLC_SSAP, LLC_SSAP_SAP, LLC_SSAP_CR, LLC_CONTROL, LLC_FTYPE, LLC_N_R,
	LLC_N_S, LLC_S_FTYPE, LLC_U_CMD, LLC_U_RESP, LLC_P, LLC_F, LLC_OUI, LLC_TYPE, LLC_PID
};

static const struct value_name sap_names[] = {
	{ 0x00, "null" },       { 0x02, "LLC management" }, { 0x06, "IP" },   { 0x42, "spanning tree" },
	{ 0xaa, "SNAP" },       { 0xe0, "IPX" },            { 0xf0, "NetBIOS" }, { 0xfe, "ISO network layer" },
	{ 0xff, "global" },     { 0, NULL },
};

static const struct value_name format_names[] = {
	{ 0, "information" }, { 1, "supervisory" }, { 3, "unnumbered" }, { 0, NULL },
};

static const struct value_name s_names[] = {
	{ 0, "receiver ready" }, { 1, "receiver not ready" }, { 2, "reject" }, { 0, NULL },
};

static const struct value_name u_command_names[] = {
	{ 0x00, "UI" }, { 0x10, "DISC" }, { 0x1b, "SABME" }, { 0x2b, "XID" }, { 0x38, "TEST" }, { 0, NULL },
};

static const struct value_name u_response_names[] = {
	{ 0x03, "DM" }, { 0x18, "UA" }, { 0x21, "FRMR" }, { 0x2b, "XID" }, { 0x38, "TEST" }, { 0, NULL },
};

static const struct field_def fields[] = {
	[LLC_DSAP] = { "llc.dsap", "Destination SAP", FIELD_HEX, 1, .flags = FIELD_BRIEF, .names = sap_names },
	[LLC_DSAP_SAP] = { "llc.dsap.sap", "SAP", FIELD_HEX, 1, .depth = 1, .mask = 0xfe },
	[LLC_DSAP_IG] = { "llc.dsap.ig", "Group", FIELD_BOOL, 1, .depth = 1, .mask = 0x01 },
	[LLC_SSAP] = { "llc.ssap", "Source SAP", FIELD_HEX, 1, .names = sap_names },
	[LLC_SSAP_SAP] = { "llc.ssap.sap", "SAP", FIELD_HEX, 1, .depth = 1, .mask = 0xfe },
	[LLC_SSAP_CR] = { "llc.ssap.cr", "Response", FIELD_BOOL, 1, .depth = 1, .mask = 0x01 },
	[LLC_CONTROL] = { "llc.control", "Control", FIELD_HEX, 0 },
	[LLC_FTYPE] = { "llc.control.ftype", "Frame Type", FIELD_HEX, 0, .depth = 1, .flags = FIELD_BRIEF,
			.names = format_names },
	[LLC_N_R] = { "llc.control.n_r", "N(R)", FIELD_UINT, 0, .depth = 1 },
	[LLC_N_S] = { "llc.control.n_s", "N(S)", FIELD_UINT, 0, .depth = 1 },
	[LLC_S_FTYPE] = { "llc.control.s_ftype", "Supervisory Type", FIELD_HEX, 0, .depth = 1, .names = s_names },
	[LLC_U_CMD] = { "llc.control.u_modifier_cmd", "Command", FIELD_HEX, 0, .depth = 1, .flags = FIELD_BRIEF,
			.names = u_command_names },
	[LLC_U_RESP] = { "llc.control.u_modifier_resp", "Response", FIELD_HEX, 0, .depth = 1, .flags = FIELD_BRIEF,
			 .names = u_response_names },
	[LLC_P] = { "llc.control.p", "Poll", FIELD_BOOL, 0, .depth = 1 },
	[LLC_F] = { "llc.control.f", "Final", FIELD_BOOL, 0, .depth = 1 },
	[LLC_OUI] = { "llc.oui", "Organization", FIELD_HEX, 3, .flags = FIELD_BRIEF },
	[LLC_TYPE] = { "llc.type", "Type", FIELD_HEX, 2, .flags = FIELD_BRIEF },
	[LLC_PID] = { "llc.pid", "Protocol Id", FIELD_HEX, 2, .flags = FIELD_BRIEF },
};

/* The control field is one octet in unnumbered frames and two, low octet first, in the others. Returns its value. */
static uint32_t control_field(struct parse *p, bool response)
{
	uint32_t at = p->position, first = (uint32_t)parse_peek(p, 0, 1), second = (uint32_t)parse_peek(p, 1, 1);
	unsigned width = !parse_left(p) || (first & 3) == 3 ? 1 : 2; /* how long it is stands in the first octet */
	uint32_t value = width == 1 ? first : first | second << 8;

	parse_skip(p, width);
	if (p->failed)
		return 0;
	parse_add(p, LLC_CONTROL, value, at, width);
	parse_add(p, LLC_FTYPE, value & 1 ? value & 3 : 0, at, width);
	if (width == 1) {
		parse_add(p, response ? LLC_U_RESP : LLC_U_CMD, (value & 0xec) >> 2, at, 1);
		parse_add(p, response ? LLC_F : LLC_P, value >> 4 & 1, at, 1);
		return value;
	}
	parse_add(p, LLC_N_R, value >> 9, at, 2);
	if (value & 1)
		parse_add(p, LLC_S_FTYPE, value >> 2 & 3, at, 2);
	else
		parse_add(p, LLC_N_S, value >> 1 & 0x7f, at, 2);
	parse_add(p, response ? LLC_F : LLC_P, value >> 8 & 1, at, 2);
	return value;
}

/* Organization 0 numbers its protocols by EtherType (RFC 1042), 0x0000f8 as well (802.1H). */
static void snap_header(struct parse *p)
{
	uint64_t oui = parse_uint(p, LLC_OUI);
	uint32_t type;

	if (oui != 0 && oui != 0xf8) {
		parse_uint(p, LLC_PID);
		parse_next(p, BY_NOTHING, 0, 0);
		return;
	}
	type = (uint32_t)parse_uint(p, LLC_TYPE);
	parse_next(p, BY_ETHERTYPE, type, type);
}

static void llc_dissect(struct parse *p)
{
	uint32_t dsap = (uint32_t)parse_uint(p, LLC_DSAP), ssap = (uint32_t)parse_uint(p, LLC_SSAP);
	uint32_t control = control_field(p, ssap & 1);
	bool information = control == CONTROL_UI || !(control & 1);

	if (dsap == SAP_SNAP && (ssap & 0xfe) == SAP_SNAP && information)
		snap_header(p);
	else
		parse_next(p, information ? BY_LLC_SAP : BY_NOTHING, dsap, dsap);
}

static void snap_summary(const struct packet *packet, const struct layer *layer, struct text *out)
{
	const struct field *type = layer_field(packet, layer, LLC_TYPE);

	if (type)
		text_format(out, "SNAP type 0x%04x", (unsigned)type->value.uint);
	else
		text_format(out, "SNAP organization 0x%06x, protocol 0x%04x",
			    (unsigned)layer_uint(packet, layer, LLC_OUI, 0),
			    (unsigned)layer_uint(packet, layer, LLC_PID, 0));
}

static void llc_summary(const struct packet *packet, const struct layer *layer, struct text *out)
{
	const struct field *dsap = layer_field(packet, layer, LLC_DSAP);
	const struct field *command = layer_field(packet, layer, LLC_U_CMD);
	const struct field *response = layer_field(packet, layer, LLC_U_RESP);
	const char *kind, *sap;

	if (layer_field(packet, layer, LLC_OUI)) {
		snap_summary(packet, layer, out);
		return;
	}
	if (!dsap)
		return;
	if (command || response)
		kind = value_name(command ? u_command_names : u_response_names,
				  (command ? command : response)->value.uint);
	else
		kind = value_name(format_names, layer_uint(packet, layer, LLC_FTYPE, 2));
	sap = value_name(sap_names, dsap->value.uint);
	text_format(out, "LLC %s to SAP 0x%02x%s%s%s", kind ? kind : "frame", (unsigned)dsap->value.uint,
		    sap ? " (" : "", sap ? sap : "", sap ? ")" : "");
}

static const struct bind binds[] = {
	{ BY_ETHERTYPE, 4 }, { BY_ETHERTYPE, 0x8870 }, { BY_LINKTYPE, 100 }, { BY_NONE, 0 },
};

const struct dissector llc_dissector = {
	.name = "llc",
	.title = "LLC",
	.full_name = "Logical Link Control",
	.reference = "ISO/IEC 8802-2",
	.fields = fields,
	.field_count = sizeof fields / sizeof *fields,
	.binds = binds,
	.dissect = llc_dissect,
	.summary = llc_summary,
};
