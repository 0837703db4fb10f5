/* SPDX-License-Identifier: BSD-2-Clause */
/* Source and destination as the line shows them; the last ones are kept as text. */
#pragma once

#include "render/names.h"
#include "render/render.h"

#define ENDPOINT_SLOT_BITS 10
#define ENDPOINT_SLOTS (1 << ENDPOINT_SLOT_BITS)

/* address:port, [address]:port, an address alone, or "-". */
struct endpoint {
	struct endpoint_key {
		uint64_t address[2];   /* its octets */
		uint32_t length;       /* of them */
		uint16_t port;
		uint8_t type;          /* enum field_type of the address; FIELD_NONE: the slot is free */
		uint8_t transport;     /* the port's: 0 there is no port, 1 TCP, 2 another */
	} key;
	uint8_t length;
	char text[96];                 /* ends with NUL */
};

/* Zero-initialise it. Who was the source becomes the destination of the answer: both are found here. */
struct endpoint_cache {
	struct endpoint slots[ENDPOINT_SLOTS];
};

/*
 * The packet's source (or destination), valid until the next call. Network addresses when there are any, else link
 * addresses. names NULL: ports stay numbers.
 */
const struct endpoint *endpoint_of(struct endpoint_cache *cache, const struct names *names, const struct packet *packet,
				   bool destination);
