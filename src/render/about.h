/* SPDX-License-Identifier: BSD-2-Clause */
/* What a packet is about, and what it says in a few words: the line and the ladder tell the same. */
#pragma once

#include "base/text.h"
#include "packet/packet.h"

/* The layer that the packet is about: plain data (the dissector `data`) belongs to what carries it. 0: none. */
static inline unsigned about_layer(const struct packet *packet, const struct dissector *data)
{
	unsigned i = packet->main_layer;

	while (i && packet->layers[i].dissector == data)
		i--;
	return i;
}

/* The summary of that layer or, where it has none, of what carries it. Nothing is added when nobody has a word. */
void about_words(const struct packet *packet, unsigned layer, struct text *out);
