/* SPDX-License-Identifier: BSD-2-Clause */
#include "render/endpoint.h"

static const struct endpoint nobody = { .length = 1, .text = "-" };

#define TRANSPORT_TCP 1
#define TRANSPORT_OTHER 2

/* As many octets as fit: what is longer than an IPv6 address is cut. */
static __attribute__((noinline)) void key_octets(const struct field *address, struct endpoint_key *key)
{
	if (key->length > sizeof key->address)
		key->length = sizeof key->address;
	memcpy(key->address, address->value.bytes, key->length);
}

static inline void key_address(const struct field *address, struct endpoint_key *key)
{
	key->type = (uint8_t)address->def->type;
	key->length = address->length;
	key->address[0] = key->address[1] = 0;
	if (__builtin_expect(key->type == FIELD_IPV4, 1))
		key->address[0] = address->value.uint;
	else
		key_octets(address, key);
}

static inline void key_port(const struct field *port, struct endpoint_key *key)
{
	key->port = port ? (uint16_t)port->value.uint : 0;
	key->transport = !port ? 0 : !memcmp(port->def->name, "tcp.", 4) ? TRANSPORT_TCP : TRANSPORT_OTHER;
}

static inline bool same(const struct endpoint_key *a, const struct endpoint_key *b)
{
	return a->address[0] == b->address[0] && a->address[1] == b->address[1] && a->length == b->length &&
	       a->port == b->port && a->type == b->type && a->transport == b->transport;
}

static inline unsigned slot_of(const struct endpoint_key *key)
{
	uint64_t mixed = (key->address[0] ^ key->address[1] * 31 ^ (uint64_t)key->port << 40) * 0x9e3779b97f4a7c15;

	return (unsigned)(mixed >> (64 - ENDPOINT_SLOT_BITS));
}

static char *put_address(char *at, const struct endpoint_key *key)
{
	const uint8_t *octets = (const uint8_t *)key->address;

	if (key->type == FIELD_IPV4)
		return put_ipv4(at, (uint32_t)key->address[0]);
	if (key->type != FIELD_IPV6)
		return put_mac(at, octets, key->length, ':');
	if (!key->transport)
		return put_ipv6(at, octets);
	*at++ = '[';
	at = put_ipv6(at, octets);
	*at++ = ']';
	return at;
}

/* Apart, so that what is known already is found with few registers. */
static __attribute__((noinline)) void become(struct endpoint *endpoint, const struct endpoint_key *key,
					     const struct names *names)
{
	char *at = put_address(endpoint->text, key);

	endpoint->key = *key;
	if (key->transport) {
		const struct service *service =
			names ? names_service(names, key->port, key->transport == TRANSPORT_TCP) : NULL;

		*at++ = ':';
		if (service) {
			memcpy(at, service->name, service->length);
			at += service->length;
		} else {
			at = put_uint(at, key->port);
		}
	}
	*at = '\0';
	endpoint->length = (uint8_t)(at - endpoint->text);
}

const struct endpoint *endpoint_of(struct endpoint_cache *cache, const struct names *names, const struct packet *packet,
				   bool destination)
{
	enum field_role address_role = destination ? ROLE_DST_ADDR : ROLE_SRC_ADDR;
	enum field_role port_role = destination ? ROLE_DST_PORT : ROLE_SRC_PORT;
	const struct field *address = packet_role(packet, address_role), *port = NULL;
	struct endpoint_key key;
	struct endpoint *slot;

	/* Ports of an outer packet do not belong to the addresses of an inner one. */
	if (address && packet->roles[port_role] > packet->roles[address_role])
		port = packet_role(packet, port_role);
	/* A network address that is cut is not known; the link's is another thing. */
	if (!address && packet->roles[ROLE_SRC_ADDR] < 0)
		address = packet_role(packet, destination ? ROLE_LINK_DST : ROLE_LINK_SRC);
	if (!address)
		return &nobody;
	key_address(address, &key);
	key_port(port, &key);
	slot = &cache->slots[slot_of(&key)];
	if (__builtin_expect(!same(&slot->key, &key), 0))
		become(slot, &key, names);
	return slot;
}
