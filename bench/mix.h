/* SPDX-License-Identifier: BSD-2-Clause */
/* Traffic of a networking lab, packet by packet: the same from the same seed. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define MIX_FRAME 256 /* the longest frame, in octets */

struct mix {
	uint64_t random;
	uint64_t sent;              /* packets so far */
	unsigned talk, step;        /* which dialogue, and where in it */
	unsigned nick, line;        /* who speaks in it, and what */
	uint8_t client[4], server[4];
	uint16_t client_port, server_port, id;
	uint32_t client_sequence, server_sequence, clock;
	int64_t time;               /* of the latest packet: ns since 1970 */
};

void mix_start(struct mix *mix, uint64_t seed);

/*
 * Writes the next Ethernet frame and returns its length. Dialogues follow one another: a date asked for with an empty
 * datagram or a word, an echo over UDP or TCP, a chat line to everyone, a chat over TCP. Every checksum is right.
 */
size_t mix_next(struct mix *mix, uint8_t frame[MIX_FRAME]);
