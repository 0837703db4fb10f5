/* SPDX-License-Identifier: BSD-2-Clause */
/* A dissected frame: the same octets, and a flat list of layers and fields. Const once the dissect loop has made it. */
#pragma once

#include <stdbool.h>

#include "packet/field.h"
#include "packet/frame.h"

struct dissector;

#define PACKET_MAX_LAYERS 64
#define PACKET_MAX_FIELDS 1024
#define PACKET_PROTOCOLS 1024 /* octets of the text of frame.protocols */

enum layer_state {
	LAYER_OK,
	LAYER_CUT,       /* the capture ends before the layer does */
	LAYER_MALFORMED, /* the packet contradicts itself */
	LAYER_OPAQUE     /* recognised, not decoded (encrypted, a later fragment, an unknown version) */
};

union field_value {
	uint64_t uint;        /* integers, flags, IPv4 addresses (host order) */
	int64_t time;         /* FIELD_TIME, FIELD_DURATION: ns */
	/* FIELD_BYTES, FIELD_STRING, FIELD_MAC, FIELD_IPV6: field.length octets, inside the frame at field.offset;
	 * those of FIELD_GENERATED rows stand elsewhere (in the file, in an interface), and field.offset is 0. */
	const uint8_t *bytes;
};

struct field {
	const struct field_def *def;
	uint32_t offset;      /* in the frame's data */
	uint32_t length;      /* octets; 0 for a generated field that stands nowhere */
	union field_value value;
};

struct layer {
	const struct dissector *dissector;
	uint32_t offset;      /* of its first octet in the frame */
	uint32_t length;      /* octets of its own, without what it carries */
	uint32_t end;         /* where the octets end that were captured of it and of what it carries */
	uint16_t first_field; /* its slice of packet.fields */
	uint16_t field_count;
	uint8_t state;        /* enum layer_state */
	bool quoted;          /* part of a packet quoted by an ICMP error */
	uint32_t problem_offset;
	/*
	 * NULL: its octets, and those of its fields, stand in the frame. Else they stand here, put together from
	 * several packets, and all its offsets count from here.
	 */
	const uint8_t *base;
	const char *problem;  /* the first thing found wrong, a static sentence; NULL: nothing */
};

/* What is touched of a small packet stands together, at the beginning. */
struct packet {
	const struct frame *frame;
	unsigned layer_count;
	unsigned field_count;
	unsigned first_layer;             /* behind those without octets, which tell what the capture knows */
	unsigned main_layer;              /* what the packet is about: the last that is neither quoted nor plain data */
	bool remarkable;                    /* a layer is not OK, or a checksum is bad */
	bool fragment;                      /* some network layer says that it has a part of a datagram only */
	bool borrows;                       /* octets that it has from other packets have their place for a short time
					       only: packet_keep() */
	bool hashed;                        /* flow_hash is known */
	const struct dissector *behind;     /* what would be behind the ports, see protocols_leave_out(); NULL: there
					       is nothing, or it is a layer */
	uint32_t flow_hash;                 /* of the conversation, see track_prepare() */
	int16_t roles[FIELD_ROLES];         /* index of the innermost field that plays the role; -1: none */
	struct layer layers[PACKET_MAX_LAYERS];
	struct field fields[PACKET_MAX_FIELDS];
	char protocols[PACKET_PROTOCOLS];   /* "eth:ip:udp:date", written only when frame.protocols is wanted */
};

/* Its first octet. */
static inline const uint8_t *layer_octets(const struct packet *packet, const struct layer *layer)
{
	return (layer->base ? layer->base : packet->frame->data) + layer->offset;
}

/* What it carries, `claimed` octets as it says itself; *captured: how many of them are there. */
static inline const uint8_t *layer_carries(const struct packet *packet, const struct layer *layer, uint32_t claimed,
					   uint32_t *captured)
{
	uint32_t from = layer->offset + layer->length, there = from < layer->end ? layer->end - from : 0;

	*captured = claimed < there ? claimed : there;
	return layer_octets(packet, layer) + layer->length;
}

/* Its first field that is the row; NULL: it has none. */
static inline const struct field *layer_find(const struct packet *packet, const struct layer *layer,
					     const struct field_def *def)
{
	const struct field *field = &packet->fields[layer->first_field], *end = field + layer->field_count;

	while (field < end && field->def != def)
		field++;
	return field < end ? field : NULL;
}

/* The field that plays the role, innermost layer first; NULL: none. */
static inline const struct field *packet_role(const struct packet *packet, enum field_role role)
{
	return packet->roles[role] < 0 ? NULL : &packet->fields[packet->roles[role]];
}

