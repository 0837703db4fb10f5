/* SPDX-License-Identifier: BSD-2-Clause */
/* The pcapng file format (draft-ietf-opsawg-pcapng). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define PCAPNG_BYTE_ORDER 0x1a2b3c4du
#define PCAPNG_BLOCK_HEADER 8u   /* type, total length; the total length stands again at the end */
#define PCAPNG_BLOCK_FRAME 12u

enum pcapng_block {
	BLOCK_INTERFACE = 1,
	BLOCK_OLD_PACKET = 2,
	BLOCK_SIMPLE_PACKET = 3,
	BLOCK_NAMES = 4,
	BLOCK_STATISTICS = 5,
	BLOCK_PACKET = 6,
	BLOCK_SECRETS = 0xa,
	BLOCK_CUSTOM_KEPT = 0xbad,
	BLOCK_CUSTOM = 0x40000bad, /* not to be copied by who changes the file; copied here all the same */
	BLOCK_SECTION = 0x0a0d0d0a
};

enum pcapng_option {
	OPTION_END = 0,
	OPTION_COMMENT = 1,
	SECTION_HARDWARE = 2,
	SECTION_OS = 3,
	SECTION_APPLICATION = 4,
	INTERFACE_NAME = 2,
	INTERFACE_DESCRIPTION = 3,
	INTERFACE_SPEED = 8,
	INTERFACE_TSRESOL = 9,
	INTERFACE_ZONE = 10,
	INTERFACE_FILTER = 11,
	INTERFACE_OS = 12,
	INTERFACE_TSOFFSET = 14,
	INTERFACE_HARDWARE = 15,
	INTERFACE_SEND_SPEED = 16,
	INTERFACE_RECEIVE_SPEED = 17,
	INTERFACE_ZONE_NAME = 18,
	PACKET_FLAGS = 2,
	PACKET_HASH = 3,
	PACKET_DROPCOUNT = 4,
	PACKET_ID = 5,
	PACKET_QUEUE = 6,
	PACKET_PROCESS = 8,
	STATISTICS_START = 2,
	STATISTICS_END = 3,
	STATISTICS_RECEIVED = 4,
	STATISTICS_DROPPED = 5,
	STATISTICS_FILTER_ACCEPT = 6,
	STATISTICS_OS_DROPPED = 7,
	STATISTICS_DELIVERED = 8,
	/* Somebody's own, after the number of who it is: text or octets, to be copied by everybody or not. */
	OPTION_CUSTOM_TEXT_KEPT = 2988,
	OPTION_CUSTOM_KEPT = 2989,
	OPTION_CUSTOM_TEXT = 19372,
	OPTION_CUSTOM = 19373
};

/* How the time stamps of an interface become nanoseconds. */
struct pcapng_clock {
	uint64_t most;      /* ticks up to here are multiplied, the others go the long way */
	uint64_t multiply;
	int64_t offset;     /* ns */
	uint8_t resolution; /* if_tsresol as it stands: 10^-n s, or 2^-n s with the top bit set */
};

/* offset: if_tsoffset, in seconds. */
void pcapng_clock_init(struct pcapng_clock *clock, uint8_t resolution, int64_t offset);
/* Times beyond what 64 bits of nanoseconds hold become the last that they do. */
int64_t pcapng_clock_far(const struct pcapng_clock *clock, uint64_t ticks);
/* Adds ns to a time stamp, rounded to the nearest tick; false: 64 bits of ticks cannot say the result. */
bool pcapng_clock_shift(const struct pcapng_clock *clock, uint64_t *ticks, int64_t ns);
/* True when a tick is shorter than a microsecond. */
bool pcapng_clock_fine(const struct pcapng_clock *clock);

static inline int64_t pcapng_clock_time(const struct pcapng_clock *clock, uint64_t ticks)
{
	if (__builtin_expect(ticks <= clock->most, 1))
		return (int64_t)(ticks * clock->multiply) + clock->offset;
	return pcapng_clock_far(clock, ticks);
}

static inline uint32_t pcapng_pad(uint32_t length)
{
	return (length + 3u) & ~3u;
}
