/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyse/flow_key.h"

bool flow_end_from(struct flow_end *end, uint8_t *length, const struct field *address, const struct field *port)
{
	uint32_t octets;

	end->port = port ? (uint16_t)port->value.uint : 0;
	if (address->def->type == FIELD_IPV4) {
		octets = __builtin_bswap32((uint32_t)address->value.uint);
		memset(end->address, 0, sizeof end->address);
		memcpy(end->address, &octets, sizeof octets);
		*length = 4;
		return true;
	}
	if (address->def->type != FIELD_IPV6)
		return false;
	memcpy(end->address, address->value.bytes, sizeof end->address);
	*length = 16;
	return true;
}

/* Addresses that stand behind the ports belong to another packet inside this one. */
static inline bool key_from(const struct field *from, const struct field *to, const struct field *from_port,
			    const struct field *to_port, struct flow_key *key)
{
	uint8_t length;

	if (from > from_port || to > from_port)
		return false;
	return flow_end_from(&key->from, &key->address_length, from, from_port) &&
	       flow_end_from(&key->to, &length, to, to_port) && length == key->address_length;
}

bool flow_key_of(const struct packet *packet, struct flow_key *key)
{
	int from = packet->roles[ROLE_SRC_ADDR], to = packet->roles[ROLE_DST_ADDR];
	int from_port = packet->roles[ROLE_SRC_PORT], to_port = packet->roles[ROLE_DST_PORT];
	const struct layer *layer = &packet->layers[packet->layer_count];

	if ((from | to | from_port) < 0 || to_port < from_port)
		return false;
	do
		layer--;
	while (layer->first_field > from_port);
	key->protocol = layer->dissector;
	return key_from(&packet->fields[from], &packet->fields[to], &packet->fields[from_port],
			&packet->fields[to_port], key);
}

bool flow_key_of_quoted(const struct packet *packet, struct flow_key *key)
{
	const struct field *roles[FIELD_ROLES] = { NULL };

	key->protocol = NULL;
	for (const struct layer *layer = packet->layers; layer < packet->layers + packet->layer_count; layer++) {
		const struct field *field = &packet->fields[layer->first_field], *end = field + layer->field_count;

		for (; layer->quoted && field < end; field++) {
			roles[field->def->role] = field;
			if (field->def->role == ROLE_SRC_PORT)
				key->protocol = layer->dissector;
		}
	}
	return key->protocol && roles[ROLE_SRC_ADDR] && roles[ROLE_DST_ADDR] && roles[ROLE_DST_PORT] &&
	       key_from(roles[ROLE_SRC_ADDR], roles[ROLE_DST_ADDR], roles[ROLE_SRC_PORT], roles[ROLE_DST_PORT], key);
}
