/* SPDX-License-Identifier: BSD-2-Clause */
/* What is known of a transcript only at its end: sides, outcomes, digests; and its messages sorted by conversation. */
#include <stdlib.h>
#include <string.h>

#include "analyse/transcript.h"
#include "base/mem.h"

static const char *const connection_words[] = {
	[CONNECTION_UNANSWERED] = "no answer",
	[CONNECTION_OPENED] = "opened",
	[CONNECTION_REFUSED] = "refused",
};

static void settle_value(struct transcript *transcript, struct said_value *value, const char *word)
{
	value->text = said_keep(transcript, word, strlen(word));
	value->octets = value->text.length;
	value->digest = digest_of(DIGEST_START, word, value->octets);
}

static void settle_connection(struct transcript *transcript, const struct conversation *conversation)
{
	struct said *said;

	if (!conversation->opening)
		return;
	said = &transcript->messages[conversation->opening - 1];
	settle_value(transcript, &transcript->values[said->first_value], connection_words[conversation->connection]);
	said_words(transcript, said, connection_words[conversation->connection]);
}

/* The client is side 0 from here on. */
static void settle_sides(struct conversation *conversation)
{
	uint32_t host = conversation->hosts[0];
	uint16_t port = conversation->ports[0];

	if (conversation->server == 1)
		return;
	conversation->hosts[0] = conversation->hosts[1];
	conversation->hosts[1] = host;
	conversation->ports[0] = conversation->ports[1];
	conversation->ports[1] = port;
}

static void settle_message(const struct transcript *transcript, struct said *said)
{
	uint64_t digest = digest_of(DIGEST_START, said->protocol, strlen(said->protocol) + 1);

	said->side ^= !transcript->conversations[said->conversation].server;
	digest = digest_of(digest_number(digest, said->side), transcript->strings.data + said->kind.at,
			   said->kind.length);
	for (uint32_t i = 0; i < said->value_count; i++) {
		const struct said_value *value = &transcript->values[said->first_value + i];

		digest = digest_of(digest, value->name, strlen(value->name) + 1);
		digest = digest_number(digest_number(digest, value->octets), value->digest);
	}
	said->digest = digest;
}

/* Messages stand together by conversation, in their order; what was dropped, and who said nothing, is gone. */
static void sort_out(struct transcript *transcript)
{
	uint32_t *places = mem_new((size_t)transcript->conversation_count + 1, sizeof *places), kept = 0;
	struct said *sorted = mem_new((size_t)transcript->message_count + 1, sizeof *sorted);

	for (uint32_t i = 0; i < transcript->message_count; i++)
		transcript->conversations[transcript->messages[i].conversation].count +=
			!transcript->messages[i].dropped;
	for (uint32_t i = 0, at = 0; i < transcript->conversation_count; i++) {
		struct conversation *conversation = &transcript->conversations[i];

		places[i] = conversation->first = at;
		at += conversation->count;
		conversation->digest = DIGEST_START;
		if (conversation->count)
			transcript->conversations[kept++] = *conversation;
	}
	transcript->conversation_count = kept;
	kept = 0;
	for (uint32_t i = 0; i < transcript->message_count; i++)
		if (!transcript->messages[i].dropped) {
			sorted[places[transcript->messages[i].conversation]++] = transcript->messages[i];
			kept++;
		}
	transcript->message_count = kept;
	free(transcript->messages);
	free(places);
	transcript->messages = sorted;
}

int transcript_finish(struct transcript *transcript, struct error *err)
{
	for (uint32_t i = 0; i < transcript->conversation_count; i++) {
		turns_end(transcript, i, false);
		settle_connection(transcript, &transcript->conversations[i]);
		settle_sides(&transcript->conversations[i]);
	}
	for (uint32_t i = 0; i < transcript->message_count; i++)
		settle_message(transcript, &transcript->messages[i]);
	sort_out(transcript);
	for (uint32_t i = 0; i < transcript->conversation_count; i++) {
		struct conversation *conversation = &transcript->conversations[i];

		conversation->server = 1;
		for (uint32_t n = 0; n < conversation->count; n++) {
			transcript->messages[conversation->first + n].conversation = i;
			conversation->digest = digest_number(conversation->digest,
							     transcript->messages[conversation->first + n].digest);
		}
	}
	return transcript_room(transcript, err);
}
