/* SPDX-License-Identifier: BSD-2-Clause */
/* Source and destination as the line shows them; the last ones are kept as text. */
#pragma once

#include "render/names.h"
#include "render/render.h"

#define ENDPOINT_SLOT_BITS 9
#define ENDPOINT_SLOTS (1 << ENDPOINT_SLOT_BITS)

/* address:port, [address]:port, an address alone, or "-". */
struct endpoint {
	uint64_t key[2];              /* the address; both 0 and address NULL: the slot is free */
	const struct field_def *address, *port; /* NULL: has none */
	uint32_t key_length;
	uint16_t number;              /* of the port */
	uint8_t length;
	char text[96];
};

/* Zero-initialise it. Sources and destinations stay apart: their fields are different rows. */
struct endpoint_cache {
	struct endpoint slots[2][ENDPOINT_SLOTS];
};

/*
 * The packet's source (or destination), valid until the next call. Network addresses when there are any, else link
 * addresses. names NULL: ports stay numbers.
 */
const struct endpoint *endpoint_of(struct endpoint_cache *cache, const struct names *names, const struct packet *packet,
				   bool destination);
