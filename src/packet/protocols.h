/* SPDX-License-Identifier: BSD-2-Clause */
/* What the dissect loop asks of the tables; for the files of src/packet only. */
#pragma once

#include "packet/dissect.h"
#include "packet/dissector.h"

/* A dissector and the WANT_ bits of its rows in this run. */
struct protocol {
	const struct dissector *dissector;
	uint8_t *want;
	bool wanted; /* some row is */
	bool left_out; /* behind ports it is named only */
};

/* The dissector in this run. */
const struct protocol *protocols_of(const struct protocols *protocols, const struct dissector *dissector);
const struct protocol *protocols_lookup(const struct protocols *protocols, enum bind_space space, uint32_t key);
/* The successor that the layer named, or that the content betrays; NULL: none. Sets p->side. */
const struct protocol *protocols_choose(const struct protocols *protocols, struct parse *p);

/* Wireshark's names for the packet's owners, where somebody asked for them: in its first transport layer. */
void owner_aliases(const struct protocols *protocols, struct packet *packet);

/* Layers that the loop itself makes. */
const struct protocol *protocols_frame(const struct protocols *protocols);
const struct protocol *protocols_owners(const struct protocols *protocols);
const struct protocol *protocols_data(const struct protocols *protocols);
const struct protocol *protocols_padding(const struct protocols *protocols);
