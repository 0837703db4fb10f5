/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>

#include "base/mem.h"
#include "sockets/socktable_parts.h"

#define PIECE 65536 /* octets of a piece of room */

struct piece {
	struct piece *next;
	size_t used;
	_Alignas(8) char octets[PIECE];
};

struct socktable_strings {
	struct piece *first, *now;
};

void strings_clear(struct socktable_strings **strings)
{
	if (!*strings)
		return;
	(*strings)->now = (*strings)->first;
	(*strings)->now->used = 0;
}

void strings_release(struct socktable_strings **strings)
{
	struct piece *next;

	for (struct piece *piece = *strings ? (*strings)->first : NULL; piece; piece = next) {
		next = piece->next;
		free(piece);
	}
	free(*strings);
	*strings = NULL;
}

static struct piece *piece_new(void)
{
	struct piece *piece = mem_resize(NULL, 1, sizeof *piece);

	piece->next = NULL;
	piece->used = 0;
	return piece;
}

static void go_on(struct socktable_strings *strings)
{
	if (!strings->now->next)
		strings->now->next = piece_new();
	strings->now = strings->now->next;
	strings->now->used = 0;
}

void *strings_take(struct socktable_strings **strings, size_t length)
{
	struct socktable_strings *s = *strings;
	char *at;

	if (length > STRINGS_MOST)
		bug("%zu octets of a string of a socket", length);
	if (!s) {
		*strings = s = mem_new(1, sizeof *s);
		s->first = s->now = piece_new();
	}
	length = (length + 7) / 8 * 8;
	if (PIECE - s->now->used < length)
		go_on(s);
	at = s->now->octets + s->now->used;
	s->now->used += length;
	return at;
}
