/* SPDX-License-Identifier: BSD-2-Clause */
/* The loop: a layer is dissected, names its successor, and the loop goes on. Flat and bounded. */
#include "packet/dissect.h"

#include "packet/dissector.h"
#include "packet/protocols.h"

static inline void begin_layer(struct parse *p, const struct protocol *protocol)
{
	struct packet *packet = p->packet;
	struct layer *layer = &packet->layers[packet->layer_count++];
	const struct dissector *dissector = protocol->dissector;

	*layer = (struct layer){
		.dissector = dissector,
		.offset = p->position,
		.first_field = (uint16_t)packet->field_count,
		.quoted = p->quoted,
		.end = p->end,
		.base = p->base == p->frame->data ? NULL : p->base,
	};
	p->layer = layer;
	p->fields = dissector->fields;
	p->want = protocol->want;
	p->failed = false;
	p->next_space = BY_NONE;
}

static inline void end_layer(struct parse *p)
{
	struct layer *layer = p->layer;

	layer->length = p->position - layer->offset;
	layer->field_count = (uint16_t)(p->packet->field_count - layer->first_field);
}

static inline void whole_layer(struct parse *p, const struct protocol *protocol)
{
	begin_layer(p, protocol);
	protocol->dissector->dissect(p);
	end_layer(p);
}

/* One layer; its successor, or NULL when there is none that we know. */
static inline const struct protocol *one_layer(struct parse *p, const struct protocol *protocol)
{
	bool quoted = p->quoted;

	whole_layer(p, protocol);
	p->packet->fragment |= p->network.fragment;
	if (!quoted)
		p->packet->main_layer = p->packet->layer_count - 1;
	if (p->failed || p->next_space == BY_NONE || p->next_space == BY_NOTHING)
		return NULL;
	if (p->next_space == BY_AGAIN)
		return parse_more(p) ? protocol : NULL;
	return protocols_choose(p->protocols, p);
}

static inline bool is_behind_ports(const struct parse *p)
{
	return !p->quoted && (p->next_space == BY_UDP_PORT || p->next_space == BY_TCP_PORT);
}

/* Layer after layer, from `next` on; NULL: there is none. */
static void walk(struct parse *p, const struct protocol *next)
{
	while (next && p->packet->layer_count < PACKET_MAX_LAYERS) {
		if (next->left_out && is_behind_ports(p)) {
			p->packet->behind = next->dissector;
			return;
		}
		next = one_layer(p, next);
	}
}

/* A layer without octets in front of the first real one: what the capture says. */
static inline __attribute__((always_inline)) void frame_layer(struct parse *p, const struct protocol *protocol)
{
	begin_layer(p, protocol);
	if (protocol->wanted)
		protocol->dissector->dissect(p);
	end_layer(p);
}

/* The same of whose the packet is; apart, for most packets have none. */
static __attribute__((noinline)) void owners_layer(struct parse *p)
{
	frame_layer(p, protocols_owners(p->protocols));
}

/* Octets that nobody claimed: plain data, also when the capture ends before them. */
static void unclaimed(struct parse *p)
{
	if (!p->failed && !p->packet->behind && parse_claimed(p) && p->packet->layer_count < PACKET_MAX_LAYERS)
		whole_layer(p, protocols_data(p->protocols));
}

/* What a layer had besides what it carries. */
static void aside(struct parse *p)
{
	const struct protocol *protocol = protocols_lookup(p->protocols, p->aside.space, p->aside.key);

	if (!p->aside.claim || p->packet->layer_count == PACKET_MAX_LAYERS)
		return;
	p->position = p->aside.from;
	p->end = p->aside.end;
	p->claim = p->aside.claim;
	p->network.fragment = p->aside.fragment;
	p->quoted = false;
	whole_layer(p, protocol ? protocol : protocols_data(p->protocols));
}

/* What is behind the payload. */
static void padding(struct parse *p)
{
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

/* The field that the frame layer left empty for name_protocols(); NULL: nobody wants it. */
static struct field *protocols_named(struct packet *packet)
{
	struct field *field = &packet->fields[packet->layers[0].first_field];

	for (struct field *end = field + packet->layers[0].field_count; field < end; field++)
		if (field->value.bytes == (const uint8_t *)packet->protocols)
			return field;
	return NULL;
}

/* Fills frame.protocols: only now is known what follows it. */
static void name_protocols(struct packet *packet, const struct dissector *behind)
{
	char *at = packet->protocols, *end = at + sizeof packet->protocols;
	struct field *field = protocols_named(packet);

	if (!field)
		return;
	for (const struct layer *layer = packet->layers + packet->first_layer;
	     layer < packet->layers + packet->layer_count; layer++) {
		size_t length = strlen(layer->dissector->name);

		if (layer->dissector == behind || (size_t)(end - at) <= length)
			continue;
		if (at > packet->protocols)
			*at++ = ':';
		memcpy(at, layer->dissector->name, length);
		at += length;
	}
	field->length = (uint32_t)(at - packet->protocols);
}

static void begin_packet(const struct frame *frame, struct packet *packet)
{
	packet->frame = frame;
	packet->layer_count = 0;
	packet->field_count = 0;
	packet->main_layer = 0;
	packet->remarkable = false;
	packet->fragment = false;
	packet->borrows = false;
	packet->hashed = false;
	packet->behind = NULL;
	memset(packet->roles, 0xff, sizeof packet->roles);
}

/* What is known only when all layers are there. */
static inline void finish_packet(const struct protocols *protocols, struct packet *packet)
{
	if (__builtin_expect(frame_has_owners(packet->frame), 0))
		owner_aliases(protocols, packet);
	if (protocols_frame(protocols)->wanted)
		name_protocols(packet, protocols_padding(protocols)->dissector);
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

	begin_packet(frame, packet);
	frame_layer(&p, protocols_frame(protocols));
	if (__builtin_expect(frame_has_owners(frame), 0))
		owners_layer(&p);
	packet->first_layer = packet->layer_count;
	walk(&p, protocols_lookup(protocols, BY_LINKTYPE, frame->link));
	unclaimed(&p);
	aside(&p);
	padding(&p);
	if (frame->cap_length < frame->wire_length)
		tell_cut(packet);
	finish_packet(protocols, packet);
}

/* ------------------------------------------------------------------------------------------------ beyond one frame */

static bool is_padding(const struct protocols *protocols, const struct layer *layer)
{
	return layer->dissector == protocols_padding(protocols)->dissector && !layer->base;
}

/* Roles go to the innermost field of packets that are not quoted. */
static void find_roles(struct packet *packet)
{
	memset(packet->roles, 0xff, sizeof packet->roles);
	for (unsigned i = 0; i < packet->layer_count; i++) {
		const struct layer *layer = &packet->layers[i];

		for (unsigned at = layer->first_field;
		     !layer->quoted && at < (unsigned)layer->first_field + layer->field_count; at++)
			if (packet->fields[at].def->role)
				packet->roles[packet->fields[at].def->role] = (int16_t)at;
	}
}

/* Forgets the layers behind `below`; where the padding was, if there was any, is remembered in p. */
static void cut_behind(struct parse *p, unsigned below)
{
	struct packet *packet = p->packet;
	const struct layer *last = &packet->layers[packet->layer_count - 1], *kept = &packet->layers[below];

	if (packet->layer_count - 1 > below && is_padding(p->protocols, last)) {
		p->padding_from = last->offset;
		p->padding_to = last->offset + last->length;
	}
	packet->layer_count = below + 1;
	packet->field_count = (unsigned)kept->first_field + kept->field_count;
	packet->main_layer = below;
	find_roles(packet);
}

/* The octets of an address, wherever the packet has them. */
static const uint8_t *address_octets(const struct packet *packet, enum field_role role, uint8_t octets[4],
				     uint8_t *length)
{
	const struct field *field = packet_role(packet, role);

	if (!field)
		return NULL;
	if (field->def->type == FIELD_IPV6) {
		*length = 16;
		return field->value.bytes;
	}
	for (unsigned i = 0; i < 4; i++)
		octets[i] = (uint8_t)(field->value.uint >> (24 - 8 * i));
	*length = 4;
	return octets;
}

static const struct protocol *first_of(struct parse *p, const struct carried *carried)
{
	if (carried->as) {
		p->side = carried->side;
		return protocols_of(p->protocols, carried->as);
	}
	parse_next(p, carried->space, carried->keys[0], carried->keys[1]);
	return protocols_choose(p->protocols, p);
}

void dissect_carried(const struct protocols *protocols, struct packet *packet, unsigned below,
		     const struct carried *carried)
{
	struct parse p = {
		.base = carried->data,
		.end = carried->length,
		.claim = carried->claimed,
		.packet = packet,
		.frame = packet->frame,
		.layer = &packet->layers[below],
		.protocols = protocols,
	};
	uint8_t source[4], destination[4];

	cut_behind(&p, below);
	packet->borrows = true;
	packet->hashed = false;
	packet->behind = NULL;
	p.network.source = address_octets(packet, ROLE_SRC_ADDR, source, &p.network.length);
	p.network.destination = address_octets(packet, ROLE_DST_ADDR, destination, &p.network.length);
	if (carried->space == BY_IP_PROTO)
		p.network.protocol = (uint8_t)carried->keys[0];
	else
		p.network.protocol = carried->space == BY_TCP_PORT ? 6 : 17;
	p.source_port = (uint16_t)carried->keys[1];
	p.destination_port = (uint16_t)carried->keys[0];
	walk(&p, first_of(&p, carried));
	unclaimed(&p);
	aside(&p);
	p.base = packet->frame->data;
	padding(&p);
	finish_packet(protocols, packet);
}

/* ------------------------------------------------------------------------------------------------ notes */

/* Moves what is behind the layer's fields, so that `count` more fit. */
static struct field *make_room(struct packet *packet, unsigned layer, unsigned count)
{
	struct layer *own = &packet->layers[layer];
	unsigned at = (unsigned)own->first_field + own->field_count, behind = packet->field_count - at;
	struct field *field = &packet->fields[at];

	packet->field_count += count;
	own->field_count = (uint16_t)(own->field_count + count);
	if (!behind)
		return field;
	memmove(field + count, field, behind * sizeof *field);
	for (unsigned i = layer + 1; i < packet->layer_count; i++)
		packet->layers[i].first_field = (uint16_t)(packet->layers[i].first_field + count);
	for (unsigned role = 0; role < FIELD_ROLES; role++)
		if (packet->roles[role] >= (int16_t)at)
			packet->roles[role] = (int16_t)(packet->roles[role] + (int16_t)count);
	return field;
}

void packet_note(struct packet *packet, unsigned layer, const struct note *notes, unsigned count)
{
	struct layer *own = &packet->layers[layer];
	struct field *field;

	if (count > PACKET_MAX_FIELDS - packet->field_count) {
		count = PACKET_MAX_FIELDS - packet->field_count;
		if (!own->problem)
			own->problem = "more fields than are kept: the rest is not shown";
	}
	if (!count)
		return;
	field = make_room(packet, layer, count);
	for (unsigned i = 0; i < count; i++) {
		field[i] = (struct field){ .def = notes[i].def, .length = notes[i].length, .value = notes[i].value };
		packet->borrows |= notes[i].length != 0;
	}
}

const struct field *packet_field(const struct packet *packet, const struct dissector *dissector,
				 const struct field_def *def, const struct field *after)
{
	const struct field *field = after ? after + 1 : packet->fields, *end = packet->fields + packet->field_count;

	for (; field < end; field++) {
		if (field->def == def)
			return field;
		for (const uint8_t *row = def->either; row && *row != 0xff; row++)
			if (field->def == &dissector->fields[*row])
				return field;
	}
	return NULL;
}
