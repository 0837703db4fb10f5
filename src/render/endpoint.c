/* SPDX-License-Identifier: BSD-2-Clause */
#include "render/endpoint.h"

static const struct endpoint nobody = { .length = 1, .text = "-" };

/* The address's octets, as many as fit: what is longer than an IPv6 address is cut. */
static inline void key_of(const struct field *address, struct endpoint *wanted)
{
	wanted->address = address->def;
	wanted->key[0] = wanted->key[1] = 0;
	wanted->key_length = address->length;
	if (address->def->type == FIELD_IPV4) {
		wanted->key[0] = address->value.uint;
	} else if (address->def->type == FIELD_IPV6) {
		memcpy(wanted->key, address->value.bytes, 16);
	} else {
		if (wanted->key_length > sizeof wanted->key)
			wanted->key_length = sizeof wanted->key;
		memcpy(wanted->key, address->value.bytes, wanted->key_length);
	}
}

static inline bool same(const struct endpoint *a, const struct endpoint *b)
{
	return a->key[0] == b->key[0] && a->key[1] == b->key[1] && a->address == b->address && a->port == b->port &&
	       a->number == b->number && a->key_length == b->key_length;
}

static inline unsigned slot_of(const struct endpoint *wanted)
{
	uint64_t mixed = (wanted->key[0] ^ wanted->key[1] * 31 ^ (uint64_t)wanted->number << 40) * 0x9e3779b97f4a7c15;

	return (unsigned)(mixed >> (64 - ENDPOINT_SLOT_BITS));
}

static char *put_address(char *at, const struct endpoint *endpoint)
{
	const uint8_t *octets = (const uint8_t *)endpoint->key;

	if (endpoint->address->type == FIELD_IPV4)
		return put_ipv4(at, (uint32_t)endpoint->key[0]);
	if (endpoint->address->type != FIELD_IPV6)
		return put_mac(at, octets, endpoint->key_length, ':');
	if (!endpoint->port)
		return put_ipv6(at, octets);
	*at++ = '[';
	at = put_ipv6(at, octets);
	*at++ = ']';
	return at;
}

static void write_text(struct endpoint *endpoint, const struct names *names)
{
	char *at = put_address(endpoint->text, endpoint);

	if (endpoint->port) {
		const struct service *service = names_of_port(names, endpoint->port, endpoint->number);

		*at++ = ':';
		if (service) {
			memcpy(at, service->name, service->length);
			at += service->length;
		} else {
			at = put_uint(at, endpoint->number);
		}
	}
	endpoint->length = (uint8_t)(at - endpoint->text);
}

const struct endpoint *endpoint_of(struct endpoint_cache *cache, const struct names *names, const struct packet *packet,
				   bool destination)
{
	enum field_role address_role = destination ? ROLE_DST_ADDR : ROLE_SRC_ADDR;
	enum field_role port_role = destination ? ROLE_DST_PORT : ROLE_SRC_PORT;
	const struct field *address = packet_role(packet, address_role), *port = NULL;
	struct endpoint wanted, *slot;

	/* Ports of an outer packet do not belong to the addresses of an inner one. */
	if (address && packet->roles[port_role] > packet->roles[address_role])
		port = packet_role(packet, port_role);
	/* A network address that is cut is not known; the link's is another thing. */
	if (!address && packet->roles[ROLE_SRC_ADDR] < 0)
		address = packet_role(packet, destination ? ROLE_LINK_DST : ROLE_LINK_SRC);
	if (!address)
		return &nobody;
	key_of(address, &wanted);
	wanted.port = port ? port->def : NULL;
	wanted.number = port ? (uint16_t)port->value.uint : 0;
	slot = &cache->slots[destination][slot_of(&wanted)];
	if (__builtin_expect(!same(slot, &wanted), 0)) {
		slot->key[0] = wanted.key[0];
		slot->key[1] = wanted.key[1];
		slot->key_length = wanted.key_length;
		slot->address = wanted.address;
		slot->port = wanted.port;
		slot->number = wanted.number;
		write_text(slot, names);
	}
	return slot;
}
