/* SPDX-License-Identifier: BSD-2-Clause */
/* One IP datagram whose fragments come in: octets, and which of them are there. For defrag.c. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DATAGRAM_OCTETS 65535u                      /* of what a datagram carries, at most */
#define DATAGRAM_WORDS (65536u / 8 / 64)

/* A fragment as it came. */
struct fragment {
	uint64_t frame;
	uint32_t offset, length;
	bool last;                    /* no more follow */
	bool overlap, conflict;       /* with what came before it; set by datagram_add() */
	bool other_tail;              /* an earlier one said that it was the last, and ended elsewhere */
	const uint8_t *data;          /* borrowed until datagram_add() returns */
};

struct datagram {
	uint8_t *octets;
	uint32_t room;
	uint64_t blocks[DATAGRAM_WORDS]; /* of 8 octets: which are there */
	uint32_t block_count;
	uint32_t end;                 /* with has_end: where it ends */
	bool has_end;
	uint8_t protocol;             /* what the fragment at 0 says that it carries */
	struct fragment *pieces;      /* all that came, in that order, without their data */
	unsigned count, places;
};

/* Octets of memory that it has. */
size_t datagram_cost(const struct datagram *datagram);
void datagram_release(struct datagram *datagram);

/* The first octets count. length: a multiple of 8, but for the last one; offset + length <= DATAGRAM_OCTETS. */
void datagram_add(struct datagram *datagram, struct fragment *piece);
/* All octets up to the end are there. */
bool datagram_whole(const struct datagram *datagram);
/* Puts the pieces in the order of their octets. */
void datagram_sort(struct datagram *datagram);
