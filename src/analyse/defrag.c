/* SPDX-License-Identifier: BSD-2-Clause */
/* Which fragment belongs to which datagram, and what is told when one is whole. */
#include "analyse/defrag.h"

#include <stdlib.h>
#include <string.h>

#include "analyse/datagram.h"
#include "analyse/datagram_rows.h"
#include "base/clock.h"
#include "base/mem.h"

#define SLOTS 1024

enum { VERSION_4, VERSION_6, VERSIONS };

struct key {
	uint8_t source[16], destination[16];
	uint32_t ident;
	uint8_t version;
	uint8_t protocol; /* IPv4 only: IPv6 counts identifications for all protocols together */
};

struct waiting_datagram {
	struct key key;
	struct datagram datagram;
	bool has_first;                    /* the fragment at 0, which says what is carried */
	int64_t first_time;
	size_t cost;                       /* as counted in defrag.octets */
	struct waiting_datagram *next;     /* in the same slot; or in the list of those that are whole */
	struct waiting_datagram *older, *newer;
};

struct defrag {
	const struct protocols *protocols;
	const struct dissector *ipv6;
	struct datagram_rows rows[VERSIONS];
	struct waiting_datagram *slots[SLOTS];
	struct waiting_datagram *oldest, *newest;
	uint32_t count;
	size_t octets, octets_max;
	struct waiting_datagram *whole;    /* whose octets the packet points to */
	struct foresight *foresight;       /* NULL: nobody looks ahead */
};

/* A fragment found in a packet. */
struct found {
	struct key key;
	struct fragment piece;
	uint8_t protocol;
	unsigned layer;
};

/* ------------------------------------------------------------------------------------------------ making, freeing */

struct defrag *defrag_new(struct protocols *protocols)
{
	struct defrag *defrag = mem_new(1, sizeof *defrag);

	defrag->protocols = protocols;
	defrag->octets_max = DEFRAG_OCTETS_MAX;
	defrag->ipv6 = protocols_find("ipv6");
	datagram_rows_find(&defrag->rows[VERSION_4], protocols, "ip", "ip.", "reassembled_in");
	datagram_rows_find(&defrag->rows[VERSION_6], protocols, "ipv6.fraghdr", "ipv6.", "reassembled.in");
	return defrag;
}

void defrag_limit(struct defrag *defrag, size_t octets)
{
	defrag->octets_max = octets;
}

void defrag_look_ahead(struct defrag *defrag, struct foresight *foresight)
{
	defrag->foresight = foresight;
}

static void free_datagram(struct waiting_datagram *waiting)
{
	datagram_release(&waiting->datagram);
	free(waiting);
}

static void free_whole(struct defrag *defrag)
{
	while (defrag->whole) {
		struct waiting_datagram *whole = defrag->whole;

		defrag->whole = whole->next;
		free_datagram(whole);
	}
}

/* ------------------------------------------------------------------------------------------------ the table */

static uint32_t slot_of(const struct key *key)
{
	const uint8_t *octets = (const uint8_t *)key;
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < sizeof *key; i++)
		hash = (hash ^ octets[i]) * UINT64_C(0x100000001b3);
	return (uint32_t)(hash >> 32) % SLOTS;
}

static struct waiting_datagram *look_up(const struct defrag *defrag, const struct key *key)
{
	struct waiting_datagram *waiting = defrag->slots[slot_of(key)];

	while (waiting && memcmp(&waiting->key, key, sizeof *key) != 0)
		waiting = waiting->next;
	return waiting;
}

static struct waiting_datagram *add_datagram(struct defrag *defrag, const struct key *key, int64_t time)
{
	struct waiting_datagram *waiting = mem_new(1, sizeof *waiting), **slot = &defrag->slots[slot_of(key)];

	waiting->key = *key;
	waiting->first_time = time;
	waiting->next = *slot;
	*slot = waiting;
	waiting->older = defrag->newest;
	*(defrag->newest ? &defrag->newest->newer : &defrag->oldest) = waiting;
	defrag->newest = waiting;
	defrag->count++;
	return waiting;
}

/* It is no longer found, and the caller's. */
static void take_out(struct defrag *defrag, struct waiting_datagram *waiting)
{
	struct waiting_datagram **at = &defrag->slots[slot_of(&waiting->key)];

	while (*at != waiting)
		at = &(*at)->next;
	*at = waiting->next;
	*(waiting->older ? &waiting->older->newer : &defrag->oldest) = waiting->newer;
	*(waiting->newer ? &waiting->newer->older : &defrag->newest) = waiting->older;
	defrag->count--;
	defrag->octets -= waiting->cost;
}

static void give_up(struct defrag *defrag, struct waiting_datagram *waiting)
{
	take_out(defrag, waiting);
	free_datagram(waiting);
}

void defrag_free(struct defrag *defrag)
{
	if (!defrag)
		return;
	while (defrag->oldest)
		give_up(defrag, defrag->oldest);
	free_whole(defrag);
	free(defrag);
}

uint32_t defrag_waiting(const struct defrag *defrag)
{
	return defrag->count;
}

size_t defrag_octets(const struct defrag *defrag)
{
	return defrag->octets;
}

/* What has waited for too long, and what there is no room for beside `kept`. */
static void keep_limits(struct defrag *defrag, const struct waiting_datagram *kept, int64_t now)
{
	while (defrag->oldest && defrag->oldest != kept &&
	       (defrag->count > DEFRAG_DATAGRAMS_MAX || defrag->octets > defrag->octets_max ||
		time_between(defrag->oldest->first_time, now) > DEFRAG_TIME * NS_PER_S))
		give_up(defrag, defrag->oldest);
}

/* ------------------------------------------------------------------------------------------------ in a packet */

/* The octets that the layer's offsets count in. */
static const uint8_t *octets_of(const struct packet *packet, const struct layer *layer)
{
	return layer->base ? layer->base : packet->frame->data;
}

static uint32_t number_at(const uint8_t *at, unsigned width)
{
	return (uint32_t)load_be(at, width);
}

/* Where the fragment's octets are, from `from` up to `to`. False: not all of them are there. */
static bool find_data(struct found *found, const uint8_t *octets, uint32_t length, uint32_t from, uint64_t to)
{
	if (to < from || to > length || to - from > DATAGRAM_OCTETS)
		return false;
	found->piece.data = octets + from;
	found->piece.length = (uint32_t)to - from;
	/* What does not fill 8 octets would leave a gap that no fragment can fill. */
	if (!found->piece.last)
		found->piece.length &= ~7u;
	return true;
}

/*
 * The header is read again, in place: were its fields asked for, every packet would pay for the few that are fragments.
 * Returns whether the layer makes the packet a fragment; found->piece.data stays NULL when it is none to keep.
 */
static bool is_fragment4(const struct packet *packet, struct found *found)
{
	const struct layer *layer = &packet->layers[found->layer];
	const uint8_t *octets = octets_of(packet, layer), *at = octets + layer->offset;
	uint32_t place, total;

	if (layer->length < 20 || layer->length != (at[0] & 15u) * 4)
		return false;
	place = number_at(at + 6, 2);
	if (!(place & 0x3fff))
		return false;
	total = number_at(at + 2, 2);
	found->piece.offset = (place & 0x1fff) * 8;
	found->piece.last = !(place & 0x2000);
	found->protocol = found->key.protocol = at[9];
	found->key.ident = number_at(at + 4, 2);
	memcpy(found->key.source, at + 12, 4);
	memcpy(found->key.destination, at + 16, 4);
	find_data(found, octets, layer->end, layer->offset + layer->length, (uint64_t)layer->offset + total);
	return true;
}

/* The fixed header in front of the fragment header; NULL: there is none in the same octets. */
static const struct layer *header6(const struct defrag *defrag, const struct packet *packet, unsigned behind)
{
	const struct layer *layer = &packet->layers[behind];

	while (layer-- > packet->layers)
		if (layer->dissector == defrag->ipv6)
			return layer->base == packet->layers[behind].base ? layer : NULL;
	return NULL;
}

static bool is_fragment6(const struct defrag *defrag, const struct packet *packet, struct found *found)
{
	const struct layer *layer = &packet->layers[found->layer];
	const struct layer *header = header6(defrag, packet, found->layer);
	const uint8_t *octets = octets_of(packet, layer), *at = octets + layer->offset, *fixed;
	uint32_t place;

	if (!header || header->length < 40 || layer->length < 8)
		return false;
	place = number_at(at + 2, 2);
	if (!(place & 0xfff9))
		return false;
	fixed = octets + header->offset;
	found->piece.offset = place & 0xfff8;
	found->piece.last = !(place & 1);
	found->protocol = at[0];
	found->key.ident = number_at(at + 4, 4);
	memcpy(found->key.source, fixed + 8, 16);
	memcpy(found->key.destination, fixed + 24, 16);
	find_data(found, octets, layer->end, layer->offset + layer->length,
		  (uint64_t)header->offset + 40 + number_at(fixed + 4, 2));
	return true;
}

/* ------------------------------------------------------------------------------------------------ putting together */

static void foresee(const struct defrag *defrag, const struct packet *packet, const struct found *found,
		    const struct datagram *datagram)
{
	const struct datagram_rows *rows = &defrag->rows[found->key.version];
	unsigned nth = 0;

	for (unsigned i = 0; i < found->layer; i++)
		nth += packet->layers[i].dissector == rows->dissector && !packet->layers[i].quoted;
	for (unsigned i = 0; i < datagram->count; i++)
		if (datagram->pieces[i].frame != packet->frame->number)
			foresight_add(defrag->foresight, datagram->pieces[i].frame, rows->dissector, nth, rows->in,
				      packet->frame->number);
}

/* The last missing one came: the packet has the whole datagram from here on. */
static void put_together(struct defrag *defrag, struct packet *packet, const struct found *found,
			 struct waiting_datagram *waiting)
{
	struct datagram *datagram = &waiting->datagram;
	struct layer *layer = &packet->layers[found->layer];
	const struct datagram_rows *rows = &defrag->rows[found->key.version];
	struct carried carried = {
		.data = datagram->octets,
		.length = datagram->end,
		.claimed = datagram->end,
		.space = BY_IP_PROTO,
		.keys = { datagram->protocol, datagram->protocol },
	};

	take_out(defrag, waiting);
	waiting->next = defrag->whole;
	defrag->whole = waiting;
	if (layer->state == LAYER_OPAQUE) {
		layer->state = LAYER_OK;
		layer->problem = NULL;
	}
	dissect_carried(defrag->protocols, packet, found->layer, &carried);
	datagram_tell(rows, packet, found->layer, datagram);
	if (defrag->foresight)
		foresee(defrag, packet, found, datagram);
}

static enum defrag_answer take(struct defrag *defrag, struct packet *packet, struct found *found)
{
	struct waiting_datagram *waiting;

	keep_limits(defrag, NULL, packet->frame->time);
	waiting = look_up(defrag, &found->key);
	if (!waiting)
		waiting = add_datagram(defrag, &found->key, packet->frame->time);
	if (!found->piece.offset && !waiting->has_first) {
		waiting->has_first = true;
		waiting->datagram.protocol = found->protocol;
	}
	found->piece.frame = packet->frame->number;
	datagram_add(&waiting->datagram, &found->piece);
	defrag->octets -= waiting->cost;
	waiting->cost = sizeof *waiting - sizeof waiting->datagram + datagram_cost(&waiting->datagram);
	defrag->octets += waiting->cost;
	if (datagram_whole(&waiting->datagram)) {
		put_together(defrag, packet, found, waiting);
		return DEFRAG_WHOLE;
	}
	if (waiting->datagram.count == DEFRAG_FRAGMENTS_MAX)
		give_up(defrag, waiting);
	else
		keep_limits(defrag, waiting, packet->frame->time);
	return DEFRAG_WAITS;
}

/* A layer behind one that was put together may be a fragment too: of a tunnel. */
static enum defrag_answer take_layer(struct defrag *defrag, struct packet *packet, unsigned layer)
{
	struct found found = { .layer = layer };
	const struct dissector *dissector = packet->layers[layer].dissector;
	bool fragment = false;

	if (packet->layers[layer].quoted)
		return DEFRAG_NONE;
	if (dissector == defrag->rows[VERSION_4].dissector) {
		fragment = is_fragment4(packet, &found);
	} else if (dissector == defrag->rows[VERSION_6].dissector) {
		found.key.version = VERSION_6;
		fragment = is_fragment6(defrag, packet, &found);
	}
	if (!fragment || !found.piece.data || found.piece.offset + found.piece.length > DATAGRAM_OCTETS)
		return DEFRAG_NONE;
	return take(defrag, packet, &found);
}

enum defrag_answer defrag_packet(struct defrag *defrag, struct packet *packet)
{
	enum defrag_answer answer = DEFRAG_NONE, inner;

	free_whole(defrag);
	for (unsigned i = 0; i < packet->layer_count && answer != DEFRAG_WAITS; i++) {
		inner = take_layer(defrag, packet, i);
		answer = inner == DEFRAG_NONE ? answer : inner;
	}
	return answer;
}
