/* SPDX-License-Identifier: BSD-2-Clause */
/* The last octets of a stream that were delivered, to compare with what comes again. For stream.c. */
#pragma once

#include <stdint.h>

struct stream_past {
	uint8_t *octets;  /* NULL: nothing is kept */
	uint32_t size;    /* a power of two */
	uint64_t from;    /* nothing is known before here: a hole, or nothing was kept yet */
	uint64_t next;    /* the offset behind the last one */
};

void past_init(struct stream_past *past, uint32_t size, uint64_t next);
void past_release(struct stream_past *past);

/* Octets at past->next; and a hole there. */
void past_add(struct stream_past *past, const uint8_t *data, uint32_t length);
void past_hole(struct stream_past *past, uint64_t length);

/* How many octets of data, which came again at `offset`, differ from what is kept. */
uint64_t past_differences(const struct stream_past *past, uint64_t offset, const uint8_t *data, uint64_t length);
