/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyse/learned.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define SLOTS (2 * LEARNED_MAX)

struct server {
	const struct dissector *transport, *protocol; /* protocol NULL: the slot is free */
	uint8_t address[16];
	uint16_t port;
};

struct learned {
	const struct protocols *protocols;
	const struct foresight *foresight;
	struct foresight *ahead;
	const struct dissector *tcp, *udp;
	struct server slots[SLOTS];
	unsigned count;
};

struct learned *learned_new(const struct protocols *protocols, const struct foresight *foresight)
{
	struct learned *learned = mem_new(1, sizeof *learned);

	learned->protocols = protocols;
	learned->foresight = foresight;
	learned->tcp = protocols_find("tcp");
	learned->udp = protocols_find("udp");
	return learned;
}

void learned_look_ahead(struct learned *learned, struct foresight *ahead)
{
	learned->ahead = ahead;
}

void learned_free(struct learned *learned)
{
	free(learned);
}

static enum bind_space space_of(const struct learned *learned, const struct flow *flow)
{
	return flow->protocol == learned->tcp ? BY_TCP_PORT : flow->protocol == learned->udp ? BY_UDP_PORT : BY_NONE;
}

static bool is_bound(const struct learned *learned, const struct flow *flow)
{
	enum bind_space space = space_of(learned, flow);

	return space == BY_NONE || protocols_bound(learned->protocols, space, flow->ends[0].port) ||
	       protocols_bound(learned->protocols, space, flow->ends[1].port);
}

void learned_find_bound(const struct learned *learned, struct flow *flow)
{
	flow->bound = is_bound(learned, flow) ? 1 : 2;
}

/* Of what names a server. */
static uint32_t hash_of(const struct dissector *transport, const struct flow_end *end)
{
	uint64_t words[2], hash;

	static_assert(sizeof words == sizeof end->address, "an address is two words");
	memcpy(words, end->address, sizeof words);
	hash = (words[0] ^ (uintptr_t)transport) * UINT64_C(0x9e3779b97f4a7c15);
	hash = (hash ^ hash >> 32 ^ words[1]) * UINT64_C(0x9e3779b97f4a7c15);
	hash = (hash ^ hash >> 32 ^ end->port) * UINT64_C(0x9e3779b97f4a7c15);
	return (uint32_t)(hash >> 32);
}

/* The server's slot, or the free one where it would go. */
static struct server *slot_of(struct learned *learned, const struct dissector *transport, const struct flow_end *end)
{
	uint32_t at = hash_of(transport, end) % SLOTS;

	for (;; at = (at + 1) % SLOTS) {
		struct server *slot = &learned->slots[at];

		if (!slot->protocol || (slot->transport == transport && slot->port == end->port &&
					!memcmp(slot->address, end->address, sizeof end->address)))
			return slot;
	}
}

static void remember(struct learned *learned, const struct flow *flow)
{
	const struct flow_end *end;
	struct server *slot;

	if (flow->server == FLOW_NOBODY)
		return;
	end = &flow->ends[flow->server];
	slot = slot_of(learned, flow->protocol, end);
	if (learned->ahead)
		foresight_learned(learned->ahead, flow->protocol, end->address, end->port, flow->learned);
	if (slot->protocol || learned->count == LEARNED_MAX)
		return;
	learned->count++;
	*slot = (struct server){ .transport = flow->protocol, .protocol = flow->learned, .port = end->port };
	memcpy(slot->address, end->address, sizeof end->address);
}

/* How sure the octets of a layer make its own dissector. */
static unsigned confidence(const struct packet *packet, const struct layer *layer)
{
	int sure = 0;

	if (layer->dissector->recognise)
		sure = layer->dissector->recognise(layer_octets(packet, layer), layer->length);
	return sure < RECOGNISE_LIKELY ? 0 : (unsigned)sure;
}

void learned_message(struct learned *learned, const struct packet *packet, unsigned above, struct flow *flow)
{
	const struct layer *layer = &packet->layers[above];
	unsigned sure;

	if (flow->sure >= RECOGNISE_CERTAIN || learned_is_bound(learned, flow))
		return;
	sure = confidence(packet, layer);
	if (!sure)
		return;
	/* One that is likely is no proof; two of a kind are. */
	if (flow->learned == layer->dissector)
		sure += flow->sure;
	flow->learned = layer->dissector;
	flow->sure = (uint8_t)(sure < 100 ? sure : 100);
	if (flow->sure >= RECOGNISE_CERTAIN)
		remember(learned, flow);
}

const struct dissector *learned_protocol(struct learned *learned, struct flow *flow)
{
	const struct dissector *protocol = NULL;

	if (flow->sure >= RECOGNISE_CERTAIN)
		return flow->learned;
	if (flow->server == FLOW_NOBODY || (!learned->count && !learned->foresight))
		return NULL;
	if (learned->count)
		protocol = slot_of(learned, flow->protocol, &flow->ends[flow->server])->protocol;
	if (!protocol && learned->foresight && flow->sent[0].packets + flow->sent[1].packets == 1)
		protocol = foresight_protocol(learned->foresight, flow->protocol, flow->ends[flow->server].address,
					      flow->ends[flow->server].port);
	if (!protocol)
		return NULL;
	flow->learned = protocol;
	flow->sure = RECOGNISE_CERTAIN;
	return protocol;
}
