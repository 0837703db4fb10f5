/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyse/ends.h"

#include <string.h>

void ends_init(struct ends *ends, enum analysis_by by)
{
	*ends = (struct ends){ by, protocols_find("udp"), protocols_find("tcp") };
}

static bool set_address(struct talk_key *key, unsigned side, const struct field *field)
{
	uint32_t octets;

	if (field->def->type == FIELD_IPV4) {
		octets = __builtin_bswap32((uint32_t)field->value.uint);
		memcpy(key->address[side], &octets, sizeof octets);
		key->length = 4;
		return true;
	}
	if (field->def->type != FIELD_IPV6 && field->def->type != FIELD_MAC)
		return false;
	key->length = field->def->type == FIELD_MAC ? 6 : 16;
	memcpy(key->address[side], field->value.bytes, key->length);
	return true;
}

static bool both_addresses(const struct packet *packet, enum field_role from, enum field_role to, struct talk_key *key)
{
	const struct field *source = packet_role(packet, from), *destination = packet_role(packet, to);

	return source && destination && set_address(key, 0, source) && set_address(key, 1, destination);
}

static bool of_flow(const struct ends *ends, const struct tracked *tracked, struct talk_key *key)
{
	const struct flow *flow = tracked->flow;

	if (!flow || flow->protocol != (ends->by == ANALYSIS_BY_UDP ? ends->udp : ends->tcp))
		return false;
	for (unsigned i = 0; i < 2; i++) {
		const struct flow_end *end = &flow->ends[i ^ tracked->side];

		memcpy(key->address[i], end->address, sizeof end->address);
		key->port[i] = end->port;
	}
	key->length = flow->address_length;
	return true;
}

bool ends_of(const struct ends *ends, const struct packet *packet, const struct tracked *tracked,
	     struct talk_key *key)
{
	memset(key, 0, sizeof *key);
	switch (ends->by) {
	case ANALYSIS_BY_UDP:
	case ANALYSIS_BY_TCP:
		return of_flow(ends, tracked, key);
	case ANALYSIS_BY_ETH:
		return both_addresses(packet, ROLE_LINK_SRC, ROLE_LINK_DST, key);
	default:
		return both_addresses(packet, ROLE_SRC_ADDR, ROLE_DST_ADDR, key);
	}
}

void ends_address(const struct talk_key *key, unsigned side, struct text *out)
{
	char *at = text_room(out, 64);

	if (key->length == 4)
		at = put_ipv4(at, (uint32_t)load_be(key->address[side], 4));
	else if (key->length == 16)
		at = put_ipv6(at, key->address[side]);
	else
		at = put_mac(at, key->address[side], key->length, ':');
	text_wrote(out, at);
}

void ends_cell(struct table *table, struct text *text)
{
	text_char(text, '\0');
	table_text(table, text->data);
	text_clear(text);
}
