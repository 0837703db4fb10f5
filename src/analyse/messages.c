/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>

#include "analyse/messages_parts.h"
#include "base/mem.h"

struct messages *messages_new(struct protocols *protocols, const struct foresight *foresight, size_t octets)
{
	struct messages *messages = mem_new(1, sizeof *messages);

	messages->protocols = protocols;
	messages->foresight = foresight;
	messages->most = octets;
	messages->learned = learned_new(protocols, foresight);
	messages->data = protocols_find("data");
	messages->padding = protocols_find("padding");
	messages->date = protocols_find("date");
	messages_find_rows(messages);
	return messages;
}

void messages_look_ahead(struct messages *messages, struct foresight *ahead)
{
	messages->ahead = ahead;
	learned_look_ahead(messages->learned, ahead);
}

void messages_free(struct messages *messages)
{
	if (!messages)
		return;
	learned_free(messages->learned);
	text_release(&messages->octets);
	free(messages);
}

static enum parse_side side_of(const struct flow *flow, unsigned sender)
{
	if (flow->server == FLOW_NOBODY)
		return SIDE_UNKNOWN;
	return sender == flow->server ? SIDE_FROM_SERVER : SIDE_TO_SERVER;
}

void message_dissect(const struct messages *messages, struct packet *packet, unsigned transport,
		     const struct flow *flow, unsigned sender, const struct dissector *as, enum bind_space space,
		     const uint8_t *data, uint32_t length, uint32_t claimed)
{
	const struct carried carried = {
		.data = data,
		.length = length,
		.claimed = claimed,
		.as = as,
		.side = side_of(flow, sender),
		.space = space,
		.keys = { flow->ends[!sender].port, flow->ends[sender].port },
	};

	dissect_carried(messages->protocols, packet, transport, &carried);
}

/* ------------------------------------------------------------------------------------------------ datagrams */

void messages_datagram(struct messages *messages, struct packet *packet, unsigned transport, struct flow *flow,
		       unsigned sender)
{
	const struct dissector *as;
	const uint8_t *data;
	uint32_t captured, claimed;
	unsigned above;

	/* Of a datagram that contradicts itself nothing is read. */
	if (learned_is_bound(messages->learned, flow) || packet->layers[transport].state == LAYER_MALFORMED)
		return;
	above = message_layer(messages, packet, transport);
	if (above)
		learned_message(messages->learned, packet, above, flow);
	as = learned_protocol(messages->learned, flow);
	if (!as || (above && packet->layers[above].dissector == as))
		return;
	claimed = datagram_length(packet, &packet->layers[transport]);
	if (claimed < 8)
		return;
	claimed -= 8;
	data = layer_carries(packet, &packet->layers[transport], claimed, &captured);
	if (captured || !claimed)
		message_dissect(messages, packet, transport, flow, sender, as, BY_UDP_PORT, data, captured, claimed);
}
