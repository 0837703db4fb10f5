/* SPDX-License-Identifier: BSD-2-Clause */
/* A block of one section carried into another: into its byte order, with the numbers that interfaces have there. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

struct pcapng_carry {
	bool from_swapped, to_swapped; /* as against this machine */
	const uint32_t *interfaces;    /* the new number of each interface of the section that the block is from */
	uint32_t interface_count;
	uint64_t opaque;               /* counts blocks and options that stayed as they were, because their content is
					  not known, though the byte order changed */
	uint64_t timeless;             /* counts Simple Packet Blocks that became packets of time 0 */
};

/*
 * Puts the block, whose frame is checked, into `out` (emptied before). No section header. A Simple Packet Block, which
 * always belongs to interface 0, becomes an Enhanced one of time 0 when that is not what its interface is called now;
 * captured is its length. -1 with err: an interface that is not known, or that an obsolete block cannot name.
 */
int pcapng_carry(struct pcapng_carry *carry, const uint8_t *block, uint32_t length, uint32_t captured,
		 struct text *out, struct error *err);

/* One list of options by itself, as for a block of that type. */
void pcapng_carry_options(struct pcapng_carry *carry, uint32_t type, const uint8_t *list, uint32_t length,
			  struct text *out);
