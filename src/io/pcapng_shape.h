/* SPDX-License-Identifier: BSD-2-Clause */
/* What the blocks of pcapng look like inside: where their options begin, and which numbers stand in them. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "io/pcapng.h"

/*
 * Where the list of options begins in a whole block (its frame checked), or would begin: length - 4 when there is none.
 * 0: the block has no room for options, is of an unknown kind, or contradicts itself.
 */
uint32_t pcapng_options(const uint8_t *block, uint32_t length, bool swapped);

/* The widths of the numbers that follow the block's header, as digits: "224"; "" for kinds that are not known. */
const char *pcapng_numbers(uint32_t type);

/* How wide the numbers in an option's value are: 2, 4 or 8; 0: octets, text, or not known. */
unsigned pcapng_option_width(uint32_t type, uint16_t code);
/* Whether the option is one of the format's own, so that its width is certain. */
bool pcapng_option_known(uint32_t type, uint16_t code);

/*
 * Calls visit() for each record of a name resolution block, up to its end or the first that does not fit. Returns where
 * the records end, their end mark included; 0: they contradict themselves.
 */
uint32_t pcapng_names(const uint8_t *block, uint32_t length, bool swapped,
		      void (*visit)(void *context, uint32_t at, uint16_t type, uint16_t size), void *context);
