/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A file that is written in large pieces and is whole up to its last record whatever happens: when a write fails, what
 * was written of a record is taken back (regular files), and the counts say what the file holds.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct source;

struct output {
	char *name;        /* for messages */
	int fd;
	uint8_t *buffer;
	size_t size, used;
	uint32_t *ends;    /* where each record in the buffer ends; OUTPUT_PACKET set for packets */
	size_t end_count, end_room;
	uint64_t packets;  /* in this file, buffered ones too */
	uint64_t octets;
	bool failed;
	struct error error;
};

#define OUTPUT_PACKET (1u << 31)

/* "-" is standard output. Refuses the file that `source` (may be NULL) reads. Zero-initialise the output. */
int output_open(struct output *output, int directory, const char *path, const struct source *source, struct error *err);
int output_flush(struct output *output, struct error *err);
/* Flushes, closes and frees; after a failure the same error again. Nothing happens to an output that is not open. */
int output_close(struct output *output, struct error *err);

uint8_t *output_make_room(struct output *output, size_t n, struct error *err);
void output_more_ends(struct output *output);

/* Where the next n octets go; NULL after a failure. They count when output_wrote() has been called. */
static inline uint8_t *output_room(struct output *output, size_t n, struct error *err)
{
	if (__builtin_expect(output->size - output->used >= n, 1))
		return output->buffer + output->used;
	return output_make_room(output, n, err);
}

/* A record is complete, ending at `end`. */
static inline void output_wrote(struct output *output, const uint8_t *end, bool packet)
{
	size_t used = (size_t)(end - output->buffer);

	if (__builtin_expect(output->end_count == output->end_room, 0))
		output_more_ends(output);
	output->ends[output->end_count++] = (uint32_t)used | (packet ? OUTPUT_PACKET : 0);
	output->octets += used - output->used;
	output->packets += packet;
	output->used = used;
}
