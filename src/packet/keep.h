/* SPDX-License-Identifier: BSD-2-Clause */
/* Octets that packets borrow from who will soon use their place again, copied so that the packets can be kept. */
#pragma once

#include "packet/packet.h"

struct keep_block;

/* Zero-initialise it; release it with keep_clear(). */
struct keep {
	struct keep_block *blocks;
};

/*
 * What the packet borrows from elsewhere than its frame (packet->borrows) is copied into `keep`, and the packet points
 * there until keep_clear(). The frame, and what lives as long as the frame's source, stay where they are.
 */
void packet_keep(struct packet *packet, struct keep *keep);

/* Lets go of all that was kept. */
void keep_clear(struct keep *keep);
