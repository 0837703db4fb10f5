/* SPDX-License-Identifier: BSD-2-Clause */
/* Fragments begin at multiples of 8 octets: a bit for each 8 says what is there, whatever overlaps. */
#include "analyse/datagram.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

size_t datagram_cost(const struct datagram *datagram)
{
	return sizeof *datagram + datagram->room + datagram->places * sizeof *datagram->pieces;
}

void datagram_release(struct datagram *datagram)
{
	free(datagram->octets);
	free(datagram->pieces);
	*datagram = (struct datagram){ 0 };
}

static void make_room(struct datagram *datagram, uint32_t octets)
{
	uint32_t room = datagram->room ? datagram->room : 2048;

	while (room < octets)
		room *= 2;
	if (room != datagram->room)
		datagram->octets = mem_resize(datagram->octets, room, 1);
	datagram->room = room;
}

/* Up to 8 octets. */
static void add_block(struct datagram *datagram, struct fragment *piece, uint32_t offset, uint32_t length)
{
	const uint8_t *from = piece->data + (offset - piece->offset);
	uint64_t bit = UINT64_C(1) << (offset / 8 % 64), *word = &datagram->blocks[offset / 8 / 64];

	if (*word & bit) {
		piece->overlap = true;
		piece->conflict |= memcmp(datagram->octets + offset, from, length) != 0;
		return;
	}
	*word |= bit;
	datagram->block_count++;
	memcpy(datagram->octets + offset, from, length);
}

static void add_piece(struct datagram *datagram, struct fragment *piece)
{
	if (datagram->count == datagram->places) {
		datagram->places = datagram->places ? datagram->places * 2 : 4;
		datagram->pieces = mem_resize(datagram->pieces, datagram->places, sizeof *datagram->pieces);
	}
	datagram->pieces[datagram->count] = *piece;
	datagram->pieces[datagram->count++].data = NULL;
}

void datagram_add(struct datagram *datagram, struct fragment *piece)
{
	uint32_t end = piece->offset + piece->length, stop = end;

	if (piece->last && !datagram->has_end) {
		datagram->has_end = true;
		datagram->end = end;
	} else if (piece->last && end != datagram->end) {
		piece->other_tail = true;
		/* Elsewhere than at the end only whole blocks can be said to be there. */
		stop &= ~7u;
	}
	if (datagram->has_end && stop > datagram->end)
		stop = datagram->end;
	make_room(datagram, end);
	for (uint32_t at = piece->offset; at < stop; at += 8)
		add_block(datagram, piece, at, stop - at < 8 ? stop - at : 8);
	add_piece(datagram, piece);
}

bool datagram_whole(const struct datagram *datagram)
{
	uint32_t blocks = (datagram->end + 7) / 8, full = blocks / 64;

	if (!datagram->has_end || datagram->block_count < blocks)
		return false;
	for (uint32_t i = 0; i < full; i++)
		if (datagram->blocks[i] != UINT64_MAX)
			return false;
	return blocks % 64 == 0 || !(~datagram->blocks[full] & ((UINT64_C(1) << blocks % 64) - 1));
}

static int by_place(const void *left, const void *right)
{
	const struct fragment *a = left, *b = right;

	if (a->offset != b->offset)
		return a->offset < b->offset ? -1 : 1;
	return a->frame < b->frame ? -1 : a->frame > b->frame;
}

void datagram_sort(struct datagram *datagram)
{
	qsort(datagram->pieces, datagram->count, sizeof *datagram->pieces, by_place);
}
