/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the capture says about a packet: a layer without octets in front of the first real one. Options are those of the
 * pcapng Enhanced Packet Block (draft-ietf-opsawg-pcapng section 4.3).
 */
#include "packet/dissector.h"

enum {
	FRAME_INTERFACE_ID, FRAME_INTERFACE_NAME, FRAME_INTERFACE_DESCRIPTION, FRAME_QUEUE, FRAME_FLAGS,
	FRAME_FLAGS_DIRECTION, FRAME_FLAGS_RECEPTION, FRAME_FLAGS_FCS, FRAME_FLAGS_NOT_READY, FRAME_FLAGS_VALID,
	FRAME_FLAGS_SEGMENTED, FRAME_FLAGS_RESERVED, FRAME_FLAGS_CRC, FRAME_FLAGS_LONG, FRAME_FLAGS_SHORT,
	FRAME_FLAGS_GAP, FRAME_FLAGS_UNALIGNED, FRAME_FLAGS_START, FRAME_FLAGS_PREAMBLE, FRAME_FLAGS_SYMBOL, FRAME_ID,
	FRAME_DROPS, FRAME_COMMENT, FRAME_ENCAP, FRAME_TIME, FRAME_TIME_EPOCH, FRAME_TIME_DELTA, FRAME_TIME_SHOWN,
	FRAME_TIME_RELATIVE, FRAME_NUMBER, FRAME_LEN, FRAME_CAP_LEN, FRAME_PROTOCOLS
};

static const struct value_name direction_names[] = {
	{ 0, "unknown" }, { 1, "inbound" }, { 2, "outbound" }, { 0, NULL },
};

static const struct value_name reception_names[] = {
	{ 0, "not specified" }, { 1, "unicast" },     { 2, "multicast" },
	{ 3, "broadcast" },     { 4, "promiscuous" }, { 0, NULL },
};

#define FLAG(word, text, bits) \
	{ "frame.packet_flags_" word, text, FIELD_BOOL, 4, .depth = 1, .flags = FIELD_GENERATED, .mask = (bits) }

static const struct field_def fields[] = {
	[FRAME_INTERFACE_ID] = { "frame.interface_id", "Interface", FIELD_UINT, 0, .flags = FIELD_GENERATED,
				 .help = "Index among the interfaces of the capture" },
	[FRAME_INTERFACE_NAME] = { "frame.interface_name", "Name", FIELD_STRING, 0, .depth = 1,
				   .flags = FIELD_GENERATED },
	[FRAME_INTERFACE_DESCRIPTION] = { "frame.interface_description", "Description", FIELD_STRING, 0, .depth = 1,
					  .flags = FIELD_GENERATED },
	[FRAME_QUEUE] = { "frame.interface_queue", "Queue", FIELD_UINT, 0, .depth = 1, .flags = FIELD_GENERATED },
	[FRAME_FLAGS] = { "frame.packet_flags", "Packet Flags", FIELD_HEX, 4, .flags = FIELD_GENERATED },
	[FRAME_FLAGS_DIRECTION] = { "frame.packet_flags_direction", "Direction", FIELD_HEX, 4, .depth = 1,
				    .flags = FIELD_GENERATED, .mask = 0x3, .names = direction_names },
	[FRAME_FLAGS_RECEPTION] = { "frame.packet_flags_reception_type", "Reception", FIELD_UINT, 4, .depth = 1,
				    .flags = FIELD_GENERATED, .mask = 0x1c, .names = reception_names },
	[FRAME_FLAGS_FCS] = { "frame.packet_flags_fcs_length", "FCS Length", FIELD_UINT, 4, .depth = 1,
			      .flags = FIELD_GENERATED, .mask = 0x1e0 },
	[FRAME_FLAGS_NOT_READY] = FLAG("checksum_not_ready", "Checksum left to the hardware", FRAME_CHECKSUM_NOT_READY),
	[FRAME_FLAGS_VALID] = FLAG("checksum_valid", "Checksum verified by the hardware", FRAME_CHECKSUM_VALID),
	[FRAME_FLAGS_SEGMENTED] = FLAG("tcp_segmentation_offloaded", "TCP segmentation left to the hardware",
				       FRAME_TCP_SEGMENTATION),
	[FRAME_FLAGS_RESERVED] = { "frame.packet_flags_reserved", "Reserved", FIELD_UINT, 4, .depth = 1,
				   .flags = FIELD_GENERATED, .mask = 0xfff000 },
	[FRAME_FLAGS_CRC] = FLAG("crc_error", "CRC error", 0x1000000),
	[FRAME_FLAGS_LONG] = FLAG("packet_too_error", "Packet too long", 0x2000000),
	[FRAME_FLAGS_SHORT] = FLAG("packet_too_short_error", "Packet too short", 0x4000000),
	[FRAME_FLAGS_GAP] = FLAG("wrong_inter_frame_gap_error", "Wrong gap between frames", 0x8000000),
	[FRAME_FLAGS_UNALIGNED] = FLAG("unaligned_frame_error", "Unaligned frame", 0x10000000),
	[FRAME_FLAGS_START] = FLAG("start_frame_delimiter_error", "Start of frame delimiter error", 0x20000000),
	[FRAME_FLAGS_PREAMBLE] = FLAG("preamble_error", "Preamble error", 0x40000000),
	[FRAME_FLAGS_SYMBOL] = FLAG("symbol_error", "Symbol error", 0x80000000),
	[FRAME_ID] = { "frame.packet_id", "Packet Id", FIELD_UINT, 0, .flags = FIELD_GENERATED,
		       .help = "The same packet on several interfaces has one id" },
	[FRAME_DROPS] = { "frame.drop_count", "Drop Count", FIELD_UINT, 0, .flags = FIELD_GENERATED,
			  .help = "Packets lost on this interface since the one before" },
	[FRAME_COMMENT] = { "frame.comment", "Comment", FIELD_STRING, 0, .flags = FIELD_GENERATED },
	[FRAME_ENCAP] = { "frame.encap_type", "Link Type", FIELD_UINT, 0, .flags = FIELD_GENERATED,
			  .names = link_type_names, .help = "LINKTYPE_ number of the capture file formats" },
	[FRAME_TIME] = { "frame.time", "Arrival Time", FIELD_TIME, 0, .flags = FIELD_GENERATED },
	[FRAME_TIME_EPOCH] = { "frame.time_epoch", "Epoch Time", FIELD_TIME, 0, .flags = FIELD_GENERATED,
			       .help = "Seconds since 1970-01-01 UTC" },
	[FRAME_TIME_DELTA] = { "frame.time_delta", "Since the packet before", FIELD_DURATION, 0,
			       .flags = FIELD_GENERATED },
	[FRAME_TIME_SHOWN] = { "frame.time_delta_displayed", "Since the packet shown before", FIELD_DURATION, 0,
			       .flags = FIELD_GENERATED },
	[FRAME_TIME_RELATIVE] = { "frame.time_relative", "Since the first packet", FIELD_DURATION, 0,
				  .flags = FIELD_GENERATED },
	[FRAME_NUMBER] = { "frame.number", "Number", FIELD_UINT, 0, .flags = FIELD_GENERATED },
	[FRAME_LEN] = { "frame.len", "Length", FIELD_UINT, 0, .flags = FIELD_GENERATED,
			.help = "Octets that the packet had on the wire" },
	[FRAME_CAP_LEN] = { "frame.cap_len", "Captured Length", FIELD_UINT, 0, .flags = FIELD_GENERATED,
			    .help = "Octets of it that are in the capture" },
	[FRAME_PROTOCOLS] = { "frame.protocols", "Protocols", FIELD_STRING, 0, .flags = FIELD_GENERATED },
};

/* epb_flags is not here: frame.flags has it, whatever the source. */
static const struct option_row {
	uint16_t code;
	uint16_t row;
} option_rows[] = {
	{ 1, FRAME_COMMENT }, { 4, FRAME_DROPS }, { 5, FRAME_ID }, { 6, FRAME_QUEUE },
};

static void add_string(struct parse *p, unsigned row, const char *text)
{
	if (text && parse_wants(p, row))
		parse_add_outside(p, row, text, (uint32_t)strlen(text));
}

static void add_number(struct parse *p, unsigned row, uint64_t value)
{
	parse_add(p, row, value, 0, 0);
}

static void interface_fields(struct parse *p, const struct interface *interface)
{
	add_number(p, FRAME_INTERFACE_ID, interface->id);
	add_string(p, FRAME_INTERFACE_NAME, interface->name);
	add_string(p, FRAME_INTERFACE_DESCRIPTION, interface->description);
}

static void one_option(struct parse *p, uint16_t code, const uint8_t *value, uint16_t length)
{
	for (size_t i = 0; i < sizeof option_rows / sizeof *option_rows; i++) {
		unsigned row = option_rows[i].row;

		if (option_rows[i].code != code)
			continue;
		if (fields[row].type == FIELD_STRING)
			parse_add_outside(p, row, value, length);
		else if (length == 4 || length == 8)
			add_number(p, row, frame_option_uint(p->frame, value, length));
	}
}

static void option_fields(struct parse *p)
{
	const uint8_t *value;
	uint16_t code, length;
	uint32_t at = 0;

	while (frame_option(p->frame, &at, &code, &value, &length))
		one_option(p, code, value, length);
}

static void time_fields(struct parse *p, const struct frame *frame)
{
	add_number(p, FRAME_TIME, (uint64_t)frame->time);
	add_number(p, FRAME_TIME_EPOCH, (uint64_t)frame->time);
	add_number(p, FRAME_TIME_DELTA, (uint64_t)frame->time - (uint64_t)frame->previous_time);
	add_number(p, FRAME_TIME_SHOWN, (uint64_t)frame->time - (uint64_t)frame->displayed_time);
	add_number(p, FRAME_TIME_RELATIVE, (uint64_t)frame->time - (uint64_t)frame->first_time);
}

static void frame_dissect(struct parse *p)
{
	const struct frame *frame = p->frame;

	add_number(p, FRAME_NUMBER, frame->number);
	if (frame->interface)
		interface_fields(p, frame->interface);
	if (frame->has_flags)
		add_number(p, FRAME_FLAGS, frame->flags);
	if (frame->options_length)
		option_fields(p);
	add_number(p, FRAME_ENCAP, frame->link);
	if (frame->has_time)
		time_fields(p, frame);
	add_number(p, FRAME_LEN, frame->wire_length);
	add_number(p, FRAME_CAP_LEN, frame->cap_length);
	/* The loop sets the length when it knows what follows. */
	parse_add_outside(p, FRAME_PROTOCOLS, p->packet->protocols, 0);
}

/* Shown only when there is no dissector for the link type. */
static void frame_summary(const struct packet *packet, const struct layer *layer, struct text *out)
{
	const char *name = value_name(link_type_names, packet->frame->link);

	(void)layer;
	text_string(out, "Link type ");
	text_uint(out, packet->frame->link);
	if (name) {
		text_string(out, ", ");
		text_string(out, name);
	}
}

const struct dissector frame_dissector = {
	.name = "frame",
	.title = "Frame",
	.full_name = "Frame",
	.reference = "draft-ietf-opsawg-pcapng",
	.fields = fields,
	.field_count = sizeof fields / sizeof *fields,
	.dissect = frame_dissect,
	.summary = frame_summary,
};
