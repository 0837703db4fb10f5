/* SPDX-License-Identifier: BSD-2-Clause */
/* Packets taken into a transcript: messages, openings and ends of connections, refusals. */
#include <string.h>

#include "analyse/transcript.h"

static void message(struct transcript *transcript, const struct packet *packet, const struct tracked *tracked,
		    uint32_t number, unsigned side, const struct layer *layer)
{
	struct conversation *conversation = &transcript->conversations[number];
	const struct flow *flow = tracked->flow;
	struct said *said;

	if (!rules_count_protocol(transcript->rules, layer->dissector))
		return;
	said = transcript_said(transcript, packet->frame->number, number, side, layer->dissector->name);
	if (!said)
		return;
	if (conversation->broadcast && side)
		said->from = transcript_host(transcript, flow->ends[tracked->side].address, flow->address_length);
	if (layer->dissector != transcript->data || !conversation->application)
		conversation->application = layer->dissector->name;
	said_layer(transcript, said, packet, layer);
	said_strict(transcript, said, packet);
}

static void event(struct transcript *transcript, const struct packet *packet, uint32_t number, unsigned side,
		  const char *kind, const char *words)
{
	struct said *said;

	if (!rules_count_protocol(transcript->rules, transcript->tcp))
		return;
	said = transcript_said(transcript, packet->frame->number, number, side, "tcp");
	if (!said)
		return;
	said_kind(transcript, said, kind);
	if (words)
		said_words(transcript, said, words);
	else
		said_value(transcript, said, "connection", ""); /* what became of it is known at the end */
	said_strict(transcript, said, packet);
}

static void connection(struct transcript *transcript, const struct packet *packet, uint32_t number, unsigned side,
		       const struct tcp_verdict *verdict)
{
	struct conversation *conversation = &transcript->conversations[number];
	bool answer = verdict->flags & TCP_ACK;

	if (verdict->flags & TCP_SYN && !answer && conversation->connection == CONNECTION_UNSEEN) {
		conversation->connection = CONNECTION_UNANSWERED;
		event(transcript, packet, number, side, "connection", NULL);
		conversation->opening = transcript->message_count;
	} else if (verdict->flags & TCP_SYN && answer && conversation->connection == CONNECTION_UNANSWERED) {
		conversation->connection = CONNECTION_OPENED;
	} else if (verdict->flags & TCP_RST && conversation->connection == CONNECTION_UNANSWERED) {
		conversation->connection = CONNECTION_REFUSED;
	} else if (verdict->flags & TCP_RST && !conversation->reset[side]) {
		conversation->reset[side] = true;
		event(transcript, packet, number, side, "reset", "resets the connection");
	}
}

/* After what the same segment says. */
static void closing(struct transcript *transcript, const struct packet *packet, uint32_t number, unsigned side,
		    const struct tcp_verdict *verdict)
{
	struct conversation *conversation = &transcript->conversations[number];

	if (!(verdict->flags & TCP_FIN) || conversation->closed[side])
		return;
	conversation->closed[side] = true;
	event(transcript, packet, number, side, "close", "has no more to say");
}

/* ------------------------------------------------------------------------------------------------ packets */

static bool is_stream(const struct transcript *transcript, const struct packet *packet, const struct tracked *tracked,
		      const struct conversation *conversation)
{
	const struct layer *layer = &packet->layers[tracked->transport + 1];

	if (conversation->in_messages || !tracked->tcp || tracked->transport + 1 >= packet->layer_count)
		return false;
	return layer->dissector != transcript->padding && !layer->dissector->whole && octets_row(layer->dissector);
}

/* What a packet says, layer by layer; octets beside a protocol's messages are parts of them that were held back. */
static void each_layer(struct transcript *transcript, const struct packet *packet, const struct tracked *tracked,
		       uint32_t number, unsigned side)
{
	unsigned first = tracked->transport + 1;

	if (tracked->tcp && first < packet->layer_count && packet->layers[first].dissector->whole &&
	    !transcript->conversations[number].in_messages) {
		transcript->conversations[number].in_messages = true;
		turns_end(transcript, number, true);
	}
	for (unsigned i = first; i < packet->layer_count; i++) {
		const struct layer *layer = &packet->layers[i];

		if (layer->dissector == transcript->padding || layer->quoted ||
		    (tracked->tcp && layer->dissector == transcript->data))
			continue;
		message(transcript, packet, tracked, number, side, layer);
	}
}

static void datagram(struct transcript *transcript, const struct packet *packet, const struct tracked *tracked,
		     uint32_t number, unsigned side)
{
	unsigned first = tracked->transport + 1;
	struct said *said;

	if (first < packet->layer_count && packet->layers[first].dissector != transcript->padding) {
		each_layer(transcript, packet, tracked, number, side);
		return;
	}
	if (!rules_count_protocol(transcript->rules, transcript->udp))
		return;
	said = transcript_said(transcript, packet->frame->number, number, side, tracked->flow->protocol->name);
	if (!said)
		return;
	said_kind(transcript, said, "empty datagram");
	said->payload = DIGEST_START; /* as that of an empty message of a protocol that is known */
	said_strict(transcript, said, packet);
}

static void segment_data(struct transcript *transcript, const struct packet *packet, const struct tracked *tracked,
			 uint32_t number, unsigned side)
{
	const struct layer *above = &packet->layers[tracked->transport + 1];

	if (!tracked->tcp->length)
		return;
	if (!is_stream(transcript, packet, tracked, &transcript->conversations[number])) {
		if (!tracked->repeated)
			each_layer(transcript, packet, tracked, number, side);
	} else if (rules_count_protocol(transcript->rules, above->dissector)) {
		transcript->conversations[number].application = above->dissector->name;
		turn_segment(transcript, number, side, packet, tracked, above);
	}
}

static void with_flow(struct transcript *transcript, const struct packet *packet, const struct tracked *tracked)
{
	uint32_t number = transcript_conversation(transcript, packet, tracked->flow);
	struct conversation *conversation;
	unsigned side;

	if (number == UINT32_MAX)
		return;
	conversation = &transcript->conversations[number];
	side = transcript_side(conversation, tracked->flow, tracked->side);
	if (!conversation->broadcast && tracked->flow->server != FLOW_NOBODY)
		conversation->server = tracked->flow->server;
	if (!tracked->tcp) {
		datagram(transcript, packet, tracked, number, side);
		return;
	}
	connection(transcript, packet, number, side, tracked->tcp);
	segment_data(transcript, packet, tracked, number, side);
	closing(transcript, packet, number, side, tracked->tcp);
}

/* ------------------------------------------------------------------------------------------------ without ports */

static void plain_message(struct transcript *transcript, const struct packet *packet, const struct layer *layer,
			  const char *const *names, uint32_t number, unsigned side)
{
	struct said *said = transcript_said(transcript, packet->frame->number, number, side, layer->dissector->name);

	if (!said)
		return;
	if (!transcript->conversations[number].application)
		transcript->conversations[number].application = layer->dissector->name;
	said_fields(transcript, said, packet, layer, names);
	said_strict(transcript, said, packet);
}

static unsigned octets_of(const struct field *address, const uint8_t **octets, uint8_t ipv4[4])
{
	if (address->def->type != FIELD_IPV4) {
		*octets = address->value.bytes;
		return address->length < 16 ? address->length : 16;
	}
	for (unsigned i = 0; i < 4; i++)
		ipv4[i] = (uint8_t)(address->value.uint >> (24 - 8 * i));
	*octets = ipv4;
	return 4;
}

/* Two hosts and a protocol are a conversation, whoever of the two speaks. */
static uint32_t between_hosts(struct transcript *transcript, const struct packet *packet, const char *protocol,
			      unsigned *side)
{
	uint64_t key = digest_of(DIGEST_START ^ 2, protocol, strlen(protocol)), ends[2] = { 0, 0 };
	uint32_t hosts[2] = { HOST_NONE, HOST_NONE }, number;
	bool made;

	for (unsigned i = 0; i < 2; i++) {
		const struct field *address = packet_role(packet, i ? ROLE_DST_ADDR : ROLE_SRC_ADDR);
		const uint8_t *octets;
		uint8_t ipv4[4];
		unsigned length;

		if (!address)
			address = packet_role(packet, i ? ROLE_LINK_DST : ROLE_LINK_SRC);
		if (!address)
			continue;
		length = octets_of(address, &octets, ipv4);
		hosts[i] = transcript_host(transcript, octets, length);
		ends[i] = digest_of(DIGEST_START, octets, length);
	}
	key = digest_number(digest_number(key, ends[0] ^ ends[1]), ends[0] + ends[1]);
	number = numbers_find(&transcript->by_key, key);
	if (number == UINT32_MAX) {
		number = transcript_converse(transcript, protocol);
		if (number == UINT32_MAX)
			return number;
		memcpy(transcript->conversations[number].hosts, hosts, sizeof hosts);
		numbers_of(&transcript->by_key, key, number, &made);
	}
	*side = transcript->conversations[number].hosts[0] != hosts[0];
	return number;
}

/* The innermost layer that is neither quoted nor data; an error about a conversation belongs to that. */
static void without_flow(struct transcript *transcript, const struct packet *packet, struct flows *flows)
{
	const struct layer *layer = &packet->layers[packet->main_layer];
	const char *const *names = rules_plain_fields(transcript->rules, packet, layer);
	unsigned side = 0;
	const struct flow *flow = NULL;
	uint32_t number;

	if (!names)
		return;
	if (packet->layers[packet->layer_count - 1].quoted && flows)
		flow = flows_quoted(flows, packet, &side);
	number = flow ? numbers_find(&transcript->by_key, transcript_flow_key(flow)) : UINT32_MAX;
	if (number != UINT32_MAX)
		side = !transcript_side(&transcript->conversations[number], flow, side);
	else
		number = between_hosts(transcript, packet, layer->dissector->name, &side);
	if (number != UINT32_MAX)
		plain_message(transcript, packet, layer, names, number, side);
}

/* ------------------------------------------------------------------------------------------------ the whole */

int transcript_room(const struct transcript *transcript, struct error *err)
{
	if (!transcript->full)
		return 0;
	return error_set(
		err,
		"more than is compared (%u conversations, %u messages, %u MiB of what they say): choose with -Y or "
		"-c",
		TRANSCRIPT_CONVERSATIONS_MAX, TRANSCRIPT_MESSAGES_MAX, TRANSCRIPT_OCTETS_MAX >> 20);
}

int transcript_packet(struct transcript *transcript, const struct packet *packet, const struct tracked *tracked,
		      struct flows *flows, struct error *err)
{
	if (!tracked->tcp && transcript_is_copy(transcript, packet, tracked->transport))
		return 0;
	if (tracked->flow && (tracked->tcp || tracked->flow->protocol != transcript->tcp))
		with_flow(transcript, packet, tracked);
	else if (!tracked->flow)
		without_flow(transcript, packet, flows);
	return transcript_room(transcript, err);
}
