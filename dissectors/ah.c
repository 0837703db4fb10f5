/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IP Authentication Header (RFC 4302); what follows is not encrypted.
 *
 *    0       1       2          4         8          12
 *   +-------+-------+----------+---------+----------+----------------------+
 *   | next  | length| 0        | SPI     | sequence | check value          |    length: in 4 octets, minus 2
 *   +-------+-------+----------+---------+----------+----------------------+
 */
#include "packet/dissector.h"

enum { AH_NEXT, AH_LENGTH, AH_RESERVED, AH_SPI, AH_SEQUENCE, AH_ICV };

static const struct field_def fields[] = {
	[AH_NEXT] = { "ah.next_header", "Next Header", FIELD_UINT, 1 },
	[AH_LENGTH] = { "ah.length", "Length", FIELD_UINT, 1 },
	[AH_RESERVED] = { "ah.reserved", "Reserved", FIELD_BYTES, 2 },
	[AH_SPI] = { "ah.spi", "Security Parameters Index", FIELD_HEX, 4, .flags = FIELD_BRIEF },
	[AH_SEQUENCE] = { "ah.sequence", "Sequence Number", FIELD_UINT, 4, .flags = FIELD_BRIEF },
	[AH_ICV] = { "ah.icv", "Integrity Check Value", FIELD_BYTES, 0 },
};

static void ah_dissect(struct parse *p)
{
	uint8_t next = (uint8_t)parse_uint(p, AH_NEXT);
	uint32_t length = ((uint32_t)parse_uint(p, AH_LENGTH) + 2) * 4;

	parse_fixed(p, AH_RESERVED);
	parse_uint(p, AH_SPI);
	parse_uint(p, AH_SEQUENCE);
	if (length < 12)
		parse_malformed(p, "a length shorter than the header");
	else if (length > 12)
		parse_bytes(p, AH_ICV, length - 12);
	p->network.protocol = next;
	parse_next(p, BY_IP_PROTO, next, next);
}

static void ah_summary(const struct packet *packet, const struct layer *layer, struct text *out)
{
	const struct field *spi = layer_field(packet, layer, AH_SPI);

	if (spi)
		text_format(out, "SPI=0x%08x Seq=%u", (unsigned)spi->value.uint,
			    (unsigned)layer_uint(packet, layer, AH_SEQUENCE, 0));
}

static const struct bind binds[] = { { BY_IP_PROTO, 51 }, { BY_NONE, 0 } };

const struct dissector ah_dissector = {
	.name = "ah",
	.title = "AH",
	.full_name = "Authentication Header",
	.reference = "RFC 4302",
	.fields = fields,
	.field_count = sizeof fields / sizeof *fields,
	.binds = binds,
	.dissect = ah_dissect,
	.summary = ah_summary,
};
