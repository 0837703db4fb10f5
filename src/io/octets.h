/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers in capture files: in this machine's byte order, or swapped. No alignment is assumed. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static inline uint16_t load16(const uint8_t *at, bool swapped)
{
	uint16_t value;

	memcpy(&value, at, sizeof value);
	return swapped ? __builtin_bswap16(value) : value;
}

static inline uint32_t load32(const uint8_t *at, bool swapped)
{
	uint32_t value;

	memcpy(&value, at, sizeof value);
	return swapped ? __builtin_bswap32(value) : value;
}

static inline uint64_t load64(const uint8_t *at, bool swapped)
{
	uint64_t value;

	memcpy(&value, at, sizeof value);
	return swapped ? __builtin_bswap64(value) : value;
}

/* These return the place after the number. */
static inline uint8_t *store16(uint8_t *at, uint16_t value, bool swapped)
{
	value = swapped ? __builtin_bswap16(value) : value;
	memcpy(at, &value, sizeof value);
	return at + sizeof value;
}

static inline uint8_t *store32(uint8_t *at, uint32_t value, bool swapped)
{
	value = swapped ? __builtin_bswap32(value) : value;
	memcpy(at, &value, sizeof value);
	return at + sizeof value;
}

static inline uint8_t *store64(uint8_t *at, uint64_t value, bool swapped)
{
	value = swapped ? __builtin_bswap64(value) : value;
	memcpy(at, &value, sizeof value);
	return at + sizeof value;
}
