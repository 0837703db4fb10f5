/* SPDX-License-Identifier: BSD-2-Clause */
/* Blocks of pcapng written into a text. swapped: not in this machine's byte order. */
#pragma once

#include "base/text.h"
#include "io/octets.h"
#include "io/pcapng.h"

static inline void pcapng_put16(struct text *block, uint16_t value, bool swapped)
{
	store16((uint8_t *)text_room(block, 2), value, swapped);
	block->length += 2;
}

static inline void pcapng_put32(struct text *block, uint32_t value, bool swapped)
{
	store32((uint8_t *)text_room(block, 4), value, swapped);
	block->length += 4;
}

/* What is longer than an option may be is cut. */
static inline void pcapng_put_option(struct text *block, uint16_t code, const void *value, size_t length, bool swapped)
{
	length = length > UINT16_MAX ? UINT16_MAX : length;
	pcapng_put16(block, code, swapped);
	pcapng_put16(block, (uint16_t)length, swapped);
	text_add(block, value, length);
	text_fill(block, '\0', pcapng_pad((uint32_t)length) - length);
}

/* The text holds nothing but the block. */
static inline void pcapng_put_begin(struct text *block, uint32_t type, bool swapped)
{
	text_clear(block);
	pcapng_put32(block, type, swapped);
	pcapng_put32(block, 0, swapped);
}

/* Sets both lengths. */
static inline void pcapng_put_end(struct text *block, bool swapped)
{
	uint32_t length = (uint32_t)block->length + 4;

	pcapng_put32(block, length, swapped);
	store32((uint8_t *)block->data + 4, length, swapped);
}
