/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of the pcapng reader among themselves. */
#pragma once

#include "io/source_file.h"

#define PACKET_FIXED 32u /* octets of a packet block without packet and options */

/* A whole block whose length is checked. */
struct block {
	const uint8_t *at;
	uint32_t length;
	bool swapped;
};

/* Both give SOURCE_BLOCK, or SOURCE_ERROR. The fixed part of the block is there. */
enum source_answer pcapng_add_interface(struct file_source *file, const struct block *block, struct error *err);
enum source_answer pcapng_read_statistics(struct file_source *file, const struct block *block, struct error *err);
