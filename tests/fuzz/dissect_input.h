/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What fuzz_dissect is fed with: a head that chooses link type, epb_flags and length on the wire, then the frame.
 *
 *    0       1       2               4
 *   +-------+-------+---------------+---------
 *   | link  | flags | octets beyond | the frame's octets
 *   +-------+-------+---------------+---------
 */
#pragma once

#include <stdint.h>

#define INPUT_HEAD 4

/* Every link type that has a dissector, and one that has none. */
static const uint16_t input_links[] = { 1, 0, 9, 12, 50, 101, 104, 107, 108, 113, 228, 229, 276, 147 };
#define INPUT_LINKS (sizeof input_links / sizeof *input_links)

/* Bits of the second octet. */
enum input_flag { INPUT_HAS_FLAGS = 1, INPUT_NOT_READY = 2, INPUT_VALID = 4, INPUT_SEGMENTED = 8, INPUT_NO_TIME = 16 };
