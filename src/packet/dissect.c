/* SPDX-License-Identifier: BSD-2-Clause */
/* The loop: a layer is dissected, names its successor, and the loop goes on. Flat and bounded. */
#include "packet/dissect.h"

#include "packet/dissector.h"
#include "packet/protocols.h"

static void begin_layer(struct parse *p, const struct protocol *protocol)
{
	struct packet *packet = p->packet;

	p->layer = &packet->layers[packet->layer_count++];
	*p->layer = (struct layer){
		.dissector = protocol->dissector,
		.offset = p->position,
		.first_field = (uint16_t)packet->field_count,
		.quoted = p->quoted,
	};
	p->fields = protocol->dissector->fields;
	p->want = protocol->want;
	p->failed = false;
	p->next_space = BY_NONE;
}

static void end_layer(struct parse *p)
{
	p->layer->length = p->position - p->layer->offset;
	p->layer->field_count = (uint16_t)(p->packet->field_count - p->layer->first_field);
}

static void whole_layer(struct parse *p, const struct protocol *protocol)
{
	begin_layer(p, protocol);
	protocol->dissector->dissect(p);
	end_layer(p);
}

/* One layer; its successor, or NULL when there is none that we know. */
static const struct protocol *one_layer(struct parse *p, const struct protocol *protocol)
{
	bool quoted = p->quoted;

	whole_layer(p, protocol);
	if (!quoted)
		p->packet->main_layer = p->packet->layer_count - 1;
	if (p->failed || p->next_space == BY_NONE || p->next_space == BY_NOTHING)
		return NULL;
	if (p->next_space == BY_AGAIN)
		return parse_more(p) ? protocol : NULL;
	return protocols_choose(p->protocols, p);
}

/* The layer without octets in front of the first real one: what the capture says. */
static void frame_layer(struct parse *p, const struct protocol *protocol)
{
	begin_layer(p, protocol);
	if (protocol->wanted)
		protocol->dissector->dissect(p);
	end_layer(p);
}

/* Octets that nobody claimed: plain data, also when the capture ends before them, and what is behind the payload. */
static void leftovers(struct parse *p)
{
	if (!p->failed && parse_claimed(p) && p->packet->layer_count < PACKET_MAX_LAYERS)
		whole_layer(p, protocols_data(p->protocols));
	if (p->padding_from >= p->padding_to || p->padding_from > p->frame->cap_length ||
	    p->packet->layer_count == PACKET_MAX_LAYERS)
		return;
	p->position = p->padding_from;
	p->end = p->frame->cap_length < p->padding_to ? p->frame->cap_length : p->padding_to;
	p->claim = p->padding_to;
	p->quoted = false;
	whole_layer(p, protocols_padding(p->protocols));
}

/* A cut that no layer has met: behind a quotation are octets that nobody reads. The packet's main layer says so. */
static void tell_cut(struct packet *packet)
{
	struct layer *main_layer = &packet->layers[packet->main_layer];

	for (unsigned i = 0; i < packet->layer_count; i++)
		if (packet->layers[i].state == LAYER_CUT || packet->layers[i].state == LAYER_MALFORMED)
			return;
	packet->remarkable = true;
	main_layer->state = LAYER_CUT;
	main_layer->problem = "the capture ends here";
	main_layer->problem_offset = packet->frame->cap_length;
}

/* Fills frame.protocols, which the frame layer left empty: only now is known what follows it. */
static void name_protocols(struct packet *packet, const struct dissector *padding)
{
	const struct layer *frame = packet->layers;
	char *at = packet->protocols, *end = at + sizeof packet->protocols;

	for (const struct layer *layer = frame + 1; layer < frame + packet->layer_count; layer++) {
		size_t length = strlen(layer->dissector->name);

		if (layer->dissector == padding || (size_t)(end - at) <= length)
			continue;
		if (at > packet->protocols)
			*at++ = ':';
		memcpy(at, layer->dissector->name, length);
		at += length;
	}
	for (unsigned i = frame->first_field; i < (unsigned)frame->first_field + frame->field_count; i++)
		if (packet->fields[i].value.bytes == (const uint8_t *)packet->protocols)
			packet->fields[i].length = (uint32_t)(at - packet->protocols);
}

static void begin_packet(const struct frame *frame, struct packet *packet)
{
	packet->frame = frame;
	packet->layer_count = 0;
	packet->field_count = 0;
	packet->main_layer = 0;
	packet->remarkable = false;
	memset(packet->roles, 0xff, sizeof packet->roles);
}

void dissect(const struct protocols *protocols, const struct frame *frame, struct packet *packet)
{
	uint32_t claim = frame->wire_length, end = claim < frame->cap_length ? claim : frame->cap_length;
	struct parse p = {
		.base = frame->data,
		.end = end,
		.claim = claim,
		.packet = packet,
		.frame = frame,
		.protocols = protocols,
	};
	const struct protocol *next;

	begin_packet(frame, packet);
	frame_layer(&p, protocols_frame(protocols));
	next = protocols_lookup(protocols, BY_LINKTYPE, frame->link);
	while (next && packet->layer_count < PACKET_MAX_LAYERS)
		next = one_layer(&p, next);
	leftovers(&p);
	if (frame->cap_length < frame->wire_length)
		tell_cut(packet);
	if (protocols_frame(protocols)->wanted)
		name_protocols(packet, protocols_padding(protocols)->dissector);
}
