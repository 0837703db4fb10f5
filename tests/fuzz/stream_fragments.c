/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any fragments into the table of datagrams, beside a model: what came first for each octet of four datagrams.
 *
 *   p IDENT OFFSET(2) LENGTH FLAGS FILL   an IPv4 fragment, offset in units of 8 octets; flags: 1 more follow, 2 eight
 *                                         times as long, 4 a minute later
 *   4 LENGTH OCTETS                       octets as an IPv4 packet
 *   6 LENGTH OCTETS                       octets as an IPv6 packet
 */
#include "stream_input.h"

#include <stdlib.h>
#include <string.h>

#include "analyse/defrag.h"
#include "base/mem.h"

#define IDENTS 4
#define OCTETS 65536
#define LINKTYPE_IPV4 228
#define LINKTYPE_IPV6 229

struct fragments {
	struct protocols *protocols;
	struct packet *packet;
	struct defrag *defrag;
	struct frame frame;
	bool strange; /* something came that the model does not know */
	bool *there[IDENTS];
	uint8_t *first[IDENTS];
	uint32_t end[IDENTS]; /* of the first one that said it was the last; 0: none did */
};

static void forget(struct fragments *f, unsigned ident)
{
	memset(f->there[ident], 0, OCTETS);
	f->end[ident] = 0;
}

/* Octets that do not fill 8 count at the end only. */
static void note(struct fragments *f, unsigned ident, uint32_t offset, bool more, const uint8_t *data, uint32_t length)
{
	if (more || (f->end[ident] && f->end[ident] != offset + length))
		length &= ~7u;
	else
		f->end[ident] = offset + length;
	for (uint32_t i = 0; i < length; i++)
		if (!f->there[ident][offset + i]) {
			f->there[ident][offset + i] = true;
			f->first[ident][offset + i] = data[i];
		}
}

static const struct field *field_named(const struct packet *packet, const char *name)
{
	for (unsigned i = 0; i < packet->field_count; i++)
		if (!strcmp(packet->fields[i].def->name, name))
			return &packet->fields[i];
	return NULL;
}

/* The packet at hand has a whole datagram: it is what came first. */
static void check_whole(struct fragments *f, unsigned ident, uint64_t length)
{
	const struct layer *data = &f->packet->layers[f->packet->layer_count - 1];

	CHECK(data->base && data->length == length && (f->strange || length == f->end[ident]));
	for (uint32_t i = 0; i < length && !f->strange; i++)
		CHECK(f->there[ident][i] && f->first[ident][i] == data->base[i]);
	forget(f, ident);
}

static void give(struct fragments *f, uint16_t link, const uint8_t *data, uint32_t length)
{
	uint8_t *exact = mem_new((size_t)length + 1, 1);

	memcpy(exact, data, length);
	f->frame.number++;
	f->frame.link = link;
	f->frame.data = exact;
	f->frame.cap_length = f->frame.wire_length = length;
	dissect(f->protocols, &f->frame, f->packet);
	defrag_packet(f->defrag, f->packet);
	CHECK(defrag_octets(f->defrag) <= DEFRAG_OCTETS_MAX);
	CHECK(defrag_waiting(f->defrag) <= DEFRAG_DATAGRAMS_MAX);
	free(exact);
}

/* Protocol 253 is nobody's: what is put together is plain data. */
static void one_fragment(struct fragments *f, struct stream_input *in)
{
	uint8_t packet[20 + 8 * 255] = { 0x45, [8] = 64, 253, [12] = 10, 0, 0, 2, 10, 0, 0, 1 };
	unsigned ident = input_octet(in) % IDENTS;
	uint32_t offset = (input_number(in, 2) & 0x1fff) * 8, length = input_octet(in);
	uint8_t flags = input_octet(in), fill = input_octet(in);
	const struct field *whole;

	if (flags & 2)
		length *= 8;
	if (flags & 4)
		f->frame.time += DEFRAG_TIME * INT64_C(1000000000);
	packet[2] = (uint8_t)((20 + length) >> 8);
	packet[3] = (uint8_t)(20 + length);
	packet[5] = (uint8_t)ident;
	packet[6] = (uint8_t)((flags & 1) << 5 | offset >> 11);
	packet[7] = (uint8_t)(offset >> 3);
	for (uint32_t i = 0; i < length; i++)
		packet[20 + i] = (uint8_t)(fill + i);
	if ((offset || flags & 1) && offset + (flags & 1 ? length & ~7u : length) < OCTETS)
		note(f, ident, offset, flags & 1, packet + 20, length);
	/* An old datagram makes room, which the model does not. */
	f->strange |= flags & 4;
	give(f, LINKTYPE_IPV4, packet, 20 + length);
	whole = field_named(f->packet, "ip.reassembled.length");
	if (whole)
		check_whole(f, ident, whole->value.uint);
}

static void any_packet(struct fragments *f, struct stream_input *in, uint16_t link)
{
	size_t length = input_octet(in);

	if (length > in->length)
		length = in->length;
	f->strange = true;
	give(f, link, in->data, (uint32_t)length);
	in->data += length;
	in->length -= length;
}

static void one_step(struct fragments *f, struct stream_input *in)
{
	uint8_t letter = input_octet(in);

	if (letter == '4')
		any_packet(f, in, LINKTYPE_IPV4);
	else if (letter == '6')
		any_packet(f, in, LINKTYPE_IPV6);
	else
		one_fragment(f, in);
}

void fragments_play(struct stream_input *in)
{
	/* Made once: tables of many thousand keys, which nothing changes. */
	static struct protocols *protocols;
	struct fragments f = { .packet = mem_new(1, sizeof *f.packet) };

	if (!protocols) {
		protocols = protocols_new();
		protocols_want_all(protocols);
	}
	f.protocols = protocols;
	f.defrag = defrag_new(protocols);
	f.frame.has_time = true;
	for (unsigned i = 0; i < IDENTS; i++) {
		f.there[i] = mem_new(OCTETS, sizeof **f.there);
		f.first[i] = mem_new(OCTETS, 1);
	}
	while (in->length)
		one_step(&f, in);
	for (unsigned i = 0; i < IDENTS; i++) {
		free(f.there[i]);
		free(f.first[i]);
	}
	defrag_free(f.defrag);
	free(f.packet);
}
