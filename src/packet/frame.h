/* SPDX-License-Identifier: BSD-2-Clause */
/* What a source delivers: the octets of one packet and what the capture knows about them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "packet/owner.h"

enum frame_direction { FRAME_DIRECTION_UNKNOWN, FRAME_IN, FRAME_OUT };

/* Bits of frame.flags: the epb_flags word of pcapng (draft-ietf-opsawg-pcapng section 4.3.1), whatever the source. */
#define FRAME_DIRECTION(flags) ((enum frame_direction)((flags) & 3))
#define FRAME_RECEPTION(flags) ((flags) >> 2 & 7) /* 0 unknown 1 unicast 2 multicast 3 broadcast 4 promiscuous */
#define FRAME_CHECKSUM_NOT_READY (1u << 9)
#define FRAME_CHECKSUM_VALID (1u << 10)
#define FRAME_TCP_SEGMENTATION (1u << 11)

/* Where packets were captured. Strings may be NULL (not known); they belong to the source. */
struct interface {
	char *name;
	char *description;
	char *filter;        /* the capture filter in pcap-filter(7) language */
	char *hardware;
	char *os;
	uint16_t link;       /* LINKTYPE_ number */
	uint32_t snaplen;    /* 0: no limit */
	uint8_t tsresol;     /* decimal digits of the resolution: 6 or 9; times are converted to ns on reading */
	uint32_t id;         /* index within its source, from 0, over all sections */
};

/*
 * Everything is borrowed from the source and stays valid until the next call of source_next().
 * Times are nanoseconds since 1970-01-01 UTC.
 */
struct frame {
	uint64_t number;             /* from 1, in the order of the source */
	int64_t time;
	const uint8_t *data;
	uint32_t cap_length;         /* octets in data */
	uint32_t wire_length;        /* octets the packet had; >= cap_length in a sane capture */
	uint16_t link;               /* LINKTYPE_ number */
	bool has_time;               /* a pcapng Simple Packet Block has none */
	bool has_flags;
	bool has_drops;
	uint32_t flags;
	uint64_t drops_before;       /* with has_drops: packets lost on this interface since the one before */
	const struct interface *interface; /* NULL: not known (pcap files) */

	/*
	 * Whose socket is at each end (enum owner_end); NULL: nobody looked, or the end is not here. Unlike the
	 * rest they stay valid, and as they are, until the source is closed.
	 */
	const struct owner *owners[OWNER_ENDS];

	/* Set by who reads the source (frame_times), for time columns and frame.time_* fields. */
	int64_t first_time;
	int64_t previous_time;
	int64_t displayed_time;      /* of the packet shown before this one */

	/* Undecoded pcapng options of the packet (code, length, value, padding)..., in the section's byte order. */
	const uint8_t *options;
	uint32_t options_length;
	bool options_swapped;        /* big-endian section on a little-endian machine, or the reverse */

	/* The block as it stands in the pcapng file, for writing it on unchanged; NULL from other sources. */
	const uint8_t *block;
	uint32_t block_length;
};

/* Whether anything is told of whose the packet is. */
static inline bool frame_has_owners(const struct frame *frame)
{
	return ((uintptr_t)frame->owners[OWNER_SOURCE] | (uintptr_t)frame->owners[OWNER_DESTINATION]) != 0;
}

/* For sources: nothing is told of it. */
static inline void frame_without_owners(struct frame *frame)
{
	frame->owners[OWNER_SOURCE] = frame->owners[OWNER_DESTINATION] = NULL;
}

/* The times of a source's frames so far; zero-initialise it. */
struct frame_times {
	bool any;                    /* a frame with a time has come */
	int64_t first, previous;
};

/* Sets first_time and previous_time of the source's next frame. */
void frame_times_stamp(struct frame_times *times, struct frame *frame);

/* One option of a pcapng block (draft-ietf-opsawg-pcapng section 3.5). The value is borrowed from the block. */
struct frame_option {
	uint16_t code;
	uint16_t length;
	const uint8_t *value;
};

/*
 * Walks a list of options in the byte order of its section: *at starts at 0. Returns 1 with an option, 0 at the end of
 * the list (opt_endofopt, or the list just ends), -1 when an option runs past the end of the list.
 */
int frame_option_next(const uint8_t *list, uint32_t length, bool swapped, uint32_t *at, struct frame_option *option);

/* The same over the options of a frame, which its source has checked; false at their end. */
bool frame_option(const struct frame *frame, uint32_t *at, uint16_t *code, const uint8_t **value, uint16_t *length);

/* A number of 1, 2, 4 or 8 octets in the byte order of the frame's options; 0 for every other length. */
uint64_t frame_option_uint(const struct frame *frame, const uint8_t *value, uint16_t length);
