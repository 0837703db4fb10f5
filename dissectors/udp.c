/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * User Datagram Protocol (RFC 768).
 *
 *    0       2       4       6       8
 *   +-------+-------+-------+-------+---------
 *   | from  | to    | length| check | data        length counts these 8 octets; checksum 0 over IPv4: none
 *   +-------+-------+-------+-------+---------
 */
#include "packet/dissector.h"

enum {
	UDP_SRCPORT, UDP_DSTPORT, UDP_PORT, UDP_LENGTH, UDP_CHECKSUM, UDP_STATUS, UDP_PAYLOAD,
	UDP_STREAM, UDP_RELATIVE, UDP_DELTA, UDP_OWNERS, UDP_ROWS = UDP_OWNERS + OWNER_ROW_COUNT
};

static const uint8_t either_port[] = { UDP_SRCPORT, UDP_DSTPORT, 0xff };

static const struct field_def fields[] = {
	[UDP_SRCPORT] = { "udp.srcport", "Source Port", FIELD_UINT, 2, .role = ROLE_SRC_PORT, .flags = FIELD_BRIEF },
	[UDP_DSTPORT] = { "udp.dstport", "Destination Port", FIELD_UINT, 2, .role = ROLE_DST_PORT,
			  .flags = FIELD_BRIEF },
	[UDP_PORT] = { "udp.port", "Source or Destination Port", FIELD_UINT, 2, .flags = FIELD_EITHER,
		       .either = either_port },
	[UDP_LENGTH] = { "udp.length", "Length", FIELD_UINT, 2, .flags = FIELD_BRIEF,
			 .help = "Octets of header and data" },
	[UDP_CHECKSUM] = { "udp.checksum", "Checksum", FIELD_HEX, 2 },
	[UDP_STATUS] = { "udp.checksum.status", "Checksum Status", FIELD_UINT, 0, .depth = 1,
			 .flags = FIELD_BRIEF | FIELD_GENERATED, .names = checksum_status_names },
	[UDP_PAYLOAD] = { "udp.payload", "Payload", FIELD_BYTES, 0 },
	[UDP_STREAM] = { "udp.stream", "Stream", FIELD_UINT, 0, .flags = FIELD_GENERATED | FIELD_FOLLOWED,
			 .help = "Of the conversation, from 0, in the order of their first packets" },
	[UDP_RELATIVE] = { "udp.time_relative", "Time since the first packet of the stream", FIELD_DURATION, 0,
			   .flags = FIELD_GENERATED | FIELD_FOLLOWED },
	[UDP_DELTA] = { "udp.time_delta", "Time since the packet before in the stream", FIELD_DURATION, 0,
			.flags = FIELD_GENERATED | FIELD_FOLLOWED },
	OWNER_ROWS(UDP_OWNERS, "udp"),
};

/* 0 says "more than 65535" in a jumbogram (RFC 2675 section 4) and before segmentation. */
static uint32_t data_length(struct parse *p, uint32_t length)
{
	if (!length)
		return parse_claimed(p);
	if (length < 8) {
		parse_malformed(p, "a UDP length below 8");
		return parse_claimed(p);
	}
	return length - 8;
}

static enum checksum_status judge(const struct parse *p, uint32_t length, uint16_t checksum)
{
	if (!checksum && p->network.length == 4)
		return CHECKSUM_ABSENT;
	return parse_checksum(p, p->layer->offset, length + 8, checksum, true);
}

static void udp_dissect(struct parse *p)
{
	uint16_t src = (uint16_t)parse_uint(p, UDP_SRCPORT);
	uint16_t dst = (uint16_t)parse_uint(p, UDP_DSTPORT);
	uint32_t length = (uint32_t)parse_uint(p, UDP_LENGTH);
	uint16_t checksum = (uint16_t)parse_uint(p, UDP_CHECKSUM);

	if (p->failed)
		return;
	length = data_length(p, length);
	if (parse_wants(p, UDP_STATUS))
		parse_add(p, UDP_STATUS, judge(p, length, checksum), p->position - 2, 2);
	parse_payload(p, length);
	if (parse_wants(p, UDP_PAYLOAD) && parse_more(p))
		parse_add_span(p, UDP_PAYLOAD, p->base + p->position, parse_left(p));
	p->source_port = src;
	p->destination_port = dst;
	parse_next(p, BY_UDP_PORT, dst, src);
}

static void udp_summary(const struct packet *packet, const struct layer *layer, struct text *out)
{
	const struct field *field = layer_field(packet, layer, UDP_LENGTH);
	uint64_t length = field ? field->value.uint : 0;

	if (!field) {
		text_string(out, "cut before its length");
		return;
	}
	text_string(out, "Len=");
	text_uint(out, length < 8 ? 0 : length - 8);
}

static const struct bind binds[] = { { BY_IP_PROTO, 17 }, { BY_NONE, 0 } };

const struct dissector udp_dissector = {
	.name = "udp",
	.title = "UDP",
	.full_name = "User Datagram Protocol",
	.reference = "RFC 768",
	.fields = fields,
	.field_count = sizeof fields / sizeof *fields,
	.binds = binds,
	.owner_rows = UDP_OWNERS,
	.dissect = udp_dissect,
	.summary = udp_summary,
};
