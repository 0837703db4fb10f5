/* SPDX-License-Identifier: BSD-2-Clause */
#include <netinet/in.h>

#include "probe/answer_parts.h"
#include "probe/answer_rows.h"

void answer_payload_key(const struct packet *packet, const struct layer *udp, struct answer_quote *quote)
{
	const struct field *payload = answer_fact(packet, udp, PART_UDP, FACT_PAYLOAD);

	if (!payload || payload->length < 4)
		return;
	quote->has_payload_key = true;
	quote->payload_key = (uint16_t)(payload->value.bytes[2] << 8 | payload->value.bytes[3]);
}

static bool quoted_udp(const struct packet *packet, const struct layer *layer, struct answer_quote *quote)
{
	const struct field *checksum = answer_fact(packet, layer, PART_UDP, FACT_CHECKSUM);

	quote->has_transport = checksum != NULL;
	quote->checksum = checksum ? (uint16_t)checksum->value.uint : 0;
	answer_payload_key(packet, layer, quote);
	return true;
}

static bool quoted_tcp(const struct packet *packet, const struct layer *layer, struct answer_quote *quote)
{
	const struct field *sequence = answer_fact(packet, layer, PART_TCP, FACT_SEQ);

	quote->has_transport = sequence != NULL;
	quote->sequence = sequence ? (uint32_t)sequence->value.uint : 0;
	return true;
}

enum { ECHO_REQUEST = 8, ECHO_REQUEST_V6 = 128 };

/* False: another message than what a probe is. */
static bool quoted_icmp(const struct packet *packet, const struct layer *layer, struct answer_quote *quote)
{
	enum answer_part part = answer_part(layer);
	const struct field *type = answer_fact(packet, layer, part, FACT_TYPE);
	const struct field *seq = answer_fact(packet, layer, part, FACT_SEQ);

	quote->has_transport = seq != NULL;
	if (seq) {
		quote->checksum = (uint16_t)answer_number(packet, layer, part, FACT_CHECKSUM);
		quote->ident = (uint16_t)answer_number(packet, layer, part, FACT_IDENT);
		quote->seq = (uint16_t)seq->value.uint;
	}
	return !type || type->value.uint == (part == PART_ICMP ? ECHO_REQUEST : ECHO_REQUEST_V6);
}

/* What a probe carries, by IANA's number. */
static const struct {
	uint8_t protocol;
	enum answer_part part, network; /* network PARTS: either */
	bool (*read)(const struct packet *packet, const struct layer *layer, struct answer_quote *quote);
} carried[] = {
	{ IPPROTO_ICMP, PART_ICMP, PART_IP, quoted_icmp },
	{ IPPROTO_ICMPV6, PART_ICMPV6, PART_IPV6, quoted_icmp },
	{ IPPROTO_UDP, PART_UDP, PARTS, quoted_udp },
	{ IPPROTO_TCP, PART_TCP, PARTS, quoted_tcp },
};

static void read_header(const struct packet *packet, const struct layer *layer, enum answer_part part,
			struct answer_quote *quote)
{
	uint64_t length = answer_number(packet, layer, part, FACT_LENGTH) + (part == PART_IPV6 ? 40 : 0);

	quote->ttl = (uint8_t)answer_number(packet, layer, part, FACT_TTL);
	quote->tos = (uint8_t)answer_number(packet, layer, part, FACT_TOS);
	quote->id = (uint16_t)answer_number(packet, layer, part, FACT_ID);
	quote->length = (uint16_t)(length < UINT16_MAX ? length : UINT16_MAX);
	quote->flow_label = (uint32_t)answer_number(packet, layer, part, FACT_LABEL);
}

static const struct field *next_header(const struct packet *packet, const struct layer *layer, enum answer_part part)
{
	const struct field *field = answer_fact(packet, layer, part, FACT_NEXT);

	return field ? field : answer_fact(packet, layer, part, FACT_OTHER_NEXT);
}

/*
 * The quoted layer behind the IP header and its extension headers, NULL where the quotation ends before; *next: the
 * protocol that it is, or would be.
 */
static const struct layer *behind_headers(const struct packet *packet, unsigned first, uint8_t *next)
{
	for (unsigned at = first; at < packet->layer_count && packet->layers[at].quoted; at++) {
		const struct layer *layer = &packet->layers[at];
		enum answer_part part = answer_part(layer);
		const struct field *field;

		if (part >= PART_ICMP && part <= PART_TCP)
			return layer;
		if (part == PARTS || (part <= PART_IPV6 && at > first))
			break;
		field = next_header(packet, layer, part);
		if (!field)
			break;
		*next = (uint8_t)field->value.uint;
	}
	return NULL;
}

static bool read_carried(const struct packet *packet, const struct layer *layer, enum answer_part network,
			 struct answer_quote *quote)
{
	for (size_t i = 0; i < sizeof carried / sizeof *carried; i++) {
		if (carried[i].protocol != quote->protocol)
			continue;
		if (carried[i].network != PARTS && carried[i].network != network)
			return false;
		return !layer || (carried[i].part == answer_part(layer) && carried[i].read(packet, layer, quote));
	}
	return false;
}

bool answer_quote_read(const struct packet *packet, unsigned first, struct answer_quote *quote)
{
	const struct layer *network = &packet->layers[first], *layer;
	enum answer_part part;

	if (first >= packet->layer_count || !network->quoted)
		return false;
	part = answer_part(network);
	if (part > PART_IPV6 || !answer_address(packet, network, FACT_SOURCE, &quote->source) ||
	    !answer_address(packet, network, FACT_TARGET, &quote->target))
		return false;
	quote->there = quote->seen = true;
	read_header(packet, network, part, quote);
	layer = behind_headers(packet, first, &quote->protocol);
	if (!read_carried(packet, layer, part, quote))
		return false;
	if (layer && (answer_part(layer) == PART_UDP || answer_part(layer) == PART_TCP)) {
		answer_port(packet, layer, FACT_SOURCE_PORT, &quote->source);
		answer_port(packet, layer, FACT_TARGET_PORT, &quote->target);
	}
	return true;
}
