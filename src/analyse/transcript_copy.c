/* SPDX-License-Identifier: BSD-2-Clause */
/* Packets that were captured twice. */
#include "analyse/transcript.h"

#define OTHER_WAY 1000000000 /* ns: a packet that is forwarded is seen again within that, */
#define SAME_WAY 10000000    /* and one that is mirrored within that */

static uint64_t digest_role(uint64_t digest, const struct packet *packet, enum field_role role)
{
	const struct field *field = packet_role(packet, role);

	if (!field)
		return digest_number(digest, 0);
	if (field->def->type == FIELD_IPV6 || field->def->type == FIELD_MAC)
		return digest_of(digest, field->value.bytes, field->length);
	return digest_number(digest, field->value.uint);
}

/* What was sent: by whom, to whom, and all that stands behind the headers that change on the way. */
static uint64_t content_digest(const struct transcript *transcript, const struct packet *packet, unsigned transport,
			       bool *numbered)
{
	const struct layer *layer = &packet->layers[transport ? transport : packet->main_layer];
	uint32_t from = layer->offset + (transport ? layer->length : 0), end = packet->frame->cap_length;
	const struct field *id =
		transcript->ip_id ? packet_field(packet, transcript->ip, transcript->ip_id, NULL) : NULL;
	uint64_t digest = DIGEST_START;

	for (enum field_role role = ROLE_SRC_ADDR; role <= ROLE_DST_PORT; role++)
		digest = digest_role(digest, packet, role);
	*numbered = id && id->value.uint;
	digest = digest_number(digest, id ? id->value.uint : 0);
	return from < end ? digest_of(digest, packet->frame->data + from, end - from) : digest;
}

/* How it came here: by which interface, in which direction, between which machines. */
static uint64_t way_digest(const struct packet *packet)
{
	const struct frame *frame = packet->frame;
	uint64_t digest = digest_number(DIGEST_START, frame->interface ? frame->interface->id : 0);
	int16_t network = packet->roles[ROLE_SRC_ADDR];
	unsigned i = packet->layer_count;

	while (i && network >= 0 && packet->layers[i - 1].first_field > (unsigned)network)
		i--;
	digest = digest_number(digest, FRAME_DIRECTION(frame->has_flags ? frame->flags : 0));
	return digest_of(digest, frame->data,
			 i && packet->layers[i - 1].offset <= frame->cap_length ? packet->layers[i - 1].offset : 0);
}

bool transcript_is_copy(struct transcript *transcript, const struct packet *packet, unsigned transport)
{
	uint64_t way = way_digest(packet), content;
	int64_t time = packet->frame->time;
	bool numbered;

	if (packet->layers[transport ? transport : packet->main_layer].base)
		return false;
	content = content_digest(transcript, packet, transport, &numbered);
	for (unsigned i = 0; i < RECENT; i++) {
		int64_t limit = transcript->recent[i].way != way ? OTHER_WAY : numbered ? SAME_WAY : -1, apart;

		if (transcript->recent[i].content == content &&
		    !__builtin_sub_overflow(time, transcript->recent[i].time, &apart) && apart <= limit &&
		    -limit <= apart)
			return true;
	}
	transcript->recent[transcript->recent_at].content = content;
	transcript->recent[transcript->recent_at].way = way;
	transcript->recent[transcript->recent_at].time = time;
	transcript->recent_at = (transcript->recent_at + 1) % RECENT;
	return false;
}
