/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IP Encapsulating Security Payload (RFC 4303): two numbers, and what is encrypted.
 *
 *    0         4          8
 *   +---------+----------+-------------- ... -+
 *   | SPI     | sequence | encrypted          |
 *   +---------+----------+-------------- ... -+
 */
#include "packet/dissector.h"

enum { ESP_SPI, ESP_SEQUENCE, ESP_DATA };

static const struct field_def fields[] = {
	[ESP_SPI] = { "esp.spi", "Security Parameters Index", FIELD_HEX, 4, .flags = FIELD_BRIEF },
	[ESP_SEQUENCE] = { "esp.sequence", "Sequence Number", FIELD_UINT, 4, .flags = FIELD_BRIEF },
	[ESP_DATA] = { "esp.encrypted_data", "Encrypted Data", FIELD_BYTES, 0 },
};

static void esp_dissect(struct parse *p)
{
	parse_uint(p, ESP_SPI);
	parse_uint(p, ESP_SEQUENCE);
	parse_opaque(p, "encrypted");
	parse_rest(p, ESP_DATA);
	if (!parse_whole(p))
		parse_overrun(p, parse_claimed(p));
}

static void esp_summary(const struct packet *packet, const struct layer *layer, struct text *out)
{
	const struct field *spi = layer_field(packet, layer, ESP_SPI);

	if (spi)
		text_format(out, "SPI=0x%08x Seq=%u", (unsigned)spi->value.uint,
			    (unsigned)layer_uint(packet, layer, ESP_SEQUENCE, 0));
}

static const struct bind binds[] = { { BY_IP_PROTO, 50 }, { BY_NONE, 0 } };

const struct dissector esp_dissector = {
	.name = "esp",
	.title = "ESP",
	.full_name = "Encapsulating Security Payload",
	.reference = "RFC 4303",
	.fields = fields,
	.field_count = sizeof fields / sizeof *fields,
	.binds = binds,
	.dissect = esp_dissect,
	.summary = esp_summary,
};
