/* SPDX-License-Identifier: BSD-2-Clause */
/* A capture reduced to conversations and what was said in them. */
#include "analyse/transcript.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct transcript *transcript_new(const struct compare_rules *rules)
{
	struct transcript *transcript = mem_new(1, sizeof *transcript);

	transcript->rules = rules;
	transcript->tcp = protocols_find("tcp");
	transcript->udp = protocols_find("udp");
	transcript->data = protocols_find("data");
	transcript->padding = protocols_find("padding");
	transcript->ip_id = protocols_field("ip.id", &transcript->ip);
	return transcript;
}

void transcript_free(struct transcript *transcript)
{
	if (!transcript)
		return;
	for (uint32_t i = 0; i < transcript->conversation_count; i++)
		turns_end(transcript, i, true);
	free(transcript->conversations);
	free(transcript->messages);
	free(transcript->values);
	free(transcript->hosts.slots);
	free(transcript->by_key.slots);
	text_release(&transcript->strings);
	free(transcript);
}

/* ------------------------------------------------------------------------------------------------ numbers */

static uint32_t slot_of(const struct numbers *numbers, uint64_t key)
{
	uint32_t at = (uint32_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (numbers->room - 1);

	while (numbers->slots[at].number && numbers->slots[at].key != key)
		at = (at + 1) & (numbers->room - 1);
	return at;
}

static void more_room(struct numbers *numbers)
{
	struct numbers old = *numbers;

	numbers->room = old.room ? 2 * old.room : 64;
	numbers->slots = mem_new(numbers->room, sizeof *numbers->slots);
	for (uint32_t i = 0; i < old.room; i++)
		if (old.slots[i].number)
			numbers->slots[slot_of(numbers, old.slots[i].key)] = old.slots[i];
	free(old.slots);
}

uint32_t numbers_of(struct numbers *numbers, uint64_t key, uint32_t number, bool *made)
{
	uint32_t at;

	if (4 * (uint64_t)numbers->count >= 3 * (uint64_t)numbers->room)
		more_room(numbers);
	at = slot_of(numbers, key);
	*made = !numbers->slots[at].number;
	if (*made) {
		numbers->slots[at].key = key;
		numbers->slots[at].number = number + 1;
		numbers->count++;
	}
	return numbers->slots[at].number - 1;
}

uint32_t numbers_find(const struct numbers *numbers, uint64_t key)
{
	return numbers->room ? numbers->slots[slot_of(numbers, key)].number - 1 : UINT32_MAX;
}

/* ------------------------------------------------------------------------------------------------ hosts */

static bool is_all(const uint8_t *address, unsigned length)
{
	static const uint8_t limited[4] = { 255, 255, 255, 255 };

	return length == 4 ? !memcmp(address, limited, 4) || address[0] >> 4 == 0xe : address[0] == 0xff;
}

uint32_t transcript_host(struct transcript *transcript, const uint8_t *address, unsigned length)
{
	uint32_t number;
	bool made;

	if (is_all(address, length))
		return HOST_ALL;
	number =
		numbers_of(&transcript->hosts, digest_of(DIGEST_START, address, length), transcript->host_count, &made);
	transcript->host_count += made;
	return number;
}

/* A directed broadcast looks like any address: the link, or the capture, knows. */
static bool was_sent_to_all(const struct packet *packet)
{
	const struct field *link = packet_role(packet, ROLE_LINK_DST);
	unsigned reception = packet->frame->has_flags ? FRAME_RECEPTION(packet->frame->flags) : 0;

	return reception == 2 || reception == 3 ||
	       (link && link->def->type == FIELD_MAC && link->length == 6 && link->value.bytes[0] & 1);
}

/* ------------------------------------------------------------------------------------------------ conversations */

uint32_t transcript_converse(struct transcript *transcript, const char *transport)
{
	uint32_t n = transcript->conversation_count;

	if (n == TRANSCRIPT_CONVERSATIONS_MAX) {
		transcript->full = true;
		return UINT32_MAX;
	}
	if (!(n & (n - 1)))
		transcript->conversations =
			mem_resize(transcript->conversations, 2 * (size_t)n + 1, sizeof *transcript->conversations);
	transcript->conversations[n] = (struct conversation){
		.transport = transport,
		.server = 1,
		.hosts = { HOST_NONE, HOST_NONE },
	};
	return transcript->conversation_count++;
}

/* Conversations are kept by the flow's number, and those with everybody also by who asked and which port. */
uint64_t transcript_flow_key(const struct flow *flow)
{
	return digest_number(digest_number(DIGEST_START, (uintptr_t)flow->protocol), flow->number);
}

static uint64_t asker_key(const struct flow_end *asker, unsigned address_length, uint16_t server_port)
{
	uint64_t digest = digest_of(DIGEST_START ^ 1, asker->address, address_length);

	return digest_number(digest, (uint64_t)asker->port << 16 | server_port);
}

static uint32_t flow_begins(struct transcript *transcript, const struct packet *packet, const struct flow *flow)
{
	const struct flow_end *from = &flow->ends[0], *to = &flow->ends[1];
	uint32_t number = UINT32_MAX, length = flow->address_length;
	struct conversation *conversation;
	bool made;

	if (flow->protocol != transcript->tcp) /* an answer to who asked everybody */
		number = numbers_find(&transcript->by_key, asker_key(to, length, from->port));
	if (number == UINT32_MAX)
		number = transcript_converse(transcript, flow->protocol->name);
	if (number == UINT32_MAX || transcript->conversations[number].has_port)
		return number;
	conversation = &transcript->conversations[number];
	conversation->has_port = true;
	conversation->ports[0] = from->port;
	conversation->ports[1] = to->port;
	conversation->address_length = flow->address_length;
	conversation->hosts[0] = transcript_host(transcript, from->address, length);
	conversation->hosts[1] = was_sent_to_all(packet) ? HOST_ALL : transcript_host(transcript, to->address, length);
	conversation->broadcast = conversation->hosts[1] == HOST_ALL;
	conversation->asker = *from;
	if (conversation->broadcast)
		numbers_of(&transcript->by_key, asker_key(from, length, to->port), number, &made);
	return number;
}

uint32_t transcript_conversation(struct transcript *transcript, const struct packet *packet, const struct flow *flow)
{
	uint64_t key = transcript_flow_key(flow);
	uint32_t number = numbers_find(&transcript->by_key, key);
	bool made;

	if (number != UINT32_MAX)
		return number;
	number = flow_begins(transcript, packet, flow);
	if (number != UINT32_MAX)
		numbers_of(&transcript->by_key, key, number, &made);
	return number;
}

unsigned transcript_side(const struct conversation *conversation, const struct flow *flow, unsigned side)
{
	const struct flow_end *end = &flow->ends[side];

	if (!conversation->broadcast)
		return side;
	return end->port != conversation->asker.port ||
	       memcmp(end->address, conversation->asker.address, conversation->address_length) != 0;
}

/* ------------------------------------------------------------------------------------------------ messages */

struct said *transcript_said(struct transcript *transcript, uint64_t frame, uint32_t conversation, unsigned side,
			     const char *protocol)
{
	uint32_t n = transcript->message_count;

	if (n == TRANSCRIPT_MESSAGES_MAX) {
		transcript->full = true;
		return NULL;
	}
	if (!(n & (n - 1)))
		transcript->messages =
			mem_resize(transcript->messages, 2 * (size_t)n + 1, sizeof *transcript->messages);
	transcript->messages[n] = (struct said){
		.frame = frame,
		.conversation = conversation,
		.from = transcript->conversations[conversation].hosts[side],
		.side = (uint8_t)side,
		.protocol = protocol,
	};
	return &transcript->messages[transcript->message_count++];
}
