/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading pcapng, whole: sections of either byte order, every kind of block. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "io/octets.h"
#include "io/pcap.h"
#include "io/pcapng_owners.h"
#include "io/source_pcapng.h"

/* A block with its fixed part checked to be there. */
struct block_kind {
	uint32_t type;
	uint32_t fixed; /* octets at least, with type and both lengths */
	const char *name;
	enum source_answer (*read)(struct file_source *file, const struct block *block, struct frame *frame,
				   struct error *err);
};

/* ------------------------------------------------------------------------------------------- packets */

static void no_extras(struct frame *frame)
{
	frame->has_flags = false;
	frame->has_drops = false;
	frame->flags = 0;
	frame->drops_before = 0;
	frame->options = NULL;
	frame->options_length = 0;
	frame_without_owners(frame);
}

static inline void deliver(struct file_source *file, const struct block *block, struct frame *frame, uint32_t interface)
{
	frame->number = ++file->source.frames;
	frame->interface = file->source.interfaces[interface];
	frame->link = frame->interface->link;
	frame->options_swapped = block->swapped;
	frame->block = block->at;
	frame->block_length = block->length;
}

static void read_owners(struct file_source *file, struct frame *frame)
{
	if (!file->pcapng.owners)
		file->pcapng.owners = owner_reader_new();
	owner_reader_read(file->pcapng.owners, frame);
}

static enum source_answer read_options(struct file_source *file, struct frame *frame, struct error *err)
{
	struct frame_option option;
	bool owned = false;
	uint32_t at = 0;
	int status;

	while ((status = frame_option_next(frame->options, frame->options_length, frame->options_swapped, &at,
					   &option)) > 0) {
		if (option.code == PACKET_FLAGS && option.length == 4) {
			frame->has_flags = true;
			frame->flags = load32(option.value, frame->options_swapped);
		} else if (option.code == PACKET_DROPCOUNT && option.length == 8) {
			frame->has_drops = true;
			frame->drops_before = load64(option.value, frame->options_swapped);
		} else {
			owned |= pcapng_tells_owner(&option);
		}
	}
	if (status < 0)
		return file_damaged(file, err, "an option of a packet is longer than its block");
	if (owned)
		read_owners(file, frame);
	return SOURCE_FRAME;
}

/* What enhanced and old packet blocks have in common: from octet 12 of the block on they are the same. */
static inline enum source_answer read_packet(struct file_source *file, const struct block *block, struct frame *frame,
					     uint32_t number, struct error *err)
{
	const uint8_t *at = block->at;
	const bool swapped = block->swapped;
	uint32_t cap = load32(at + 20, swapped), room = block->length - PACKET_FIXED, interface;

	if (number >= file->source.interface_count - file->pcapng.first_interface)
		return file_damaged(file, err, "a packet of interface %" PRIu32 ", which the section does not describe",
				    number);
	if (cap > room)
		return file_damaged(file, err, "a packet of %" PRIu32 " octets in a block that has room for %" PRIu32,
				    cap, room);
	interface = file->pcapng.first_interface + number;
	frame->time = pcapng_clock_time(&file->pcapng.interfaces[interface].clock,
					(uint64_t)load32(at + 12, swapped) << 32 | load32(at + 16, swapped));
	frame->has_time = true;
	frame->data = at + 28;
	frame->cap_length = cap;
	frame->wire_length = load32(at + 24, swapped);
	no_extras(frame);
	deliver(file, block, frame, interface);
	cap = pcapng_pad(cap);
	if (cap >= room)
		return SOURCE_FRAME;
	frame->options = frame->data + cap;
	frame->options_length = room - cap;
	return read_options(file, frame, err);
}

static enum source_answer enhanced_packet(struct file_source *file, const struct block *block, struct frame *frame,
					  struct error *err)
{
	return read_packet(file, block, frame, load32(block->at + 8, block->swapped), err);
}

static enum source_answer old_packet(struct file_source *file, const struct block *block, struct frame *frame,
				     struct error *err)
{
	uint16_t drops = load16(block->at + 10, block->swapped);
	enum source_answer answer = read_packet(file, block, frame, load16(block->at + 8, block->swapped), err);

	if (answer == SOURCE_FRAME && drops != UINT16_MAX && !frame->has_drops) {
		frame->has_drops = true;
		frame->drops_before = drops;
	}
	return answer;
}

static enum source_answer simple_packet(struct file_source *file, const struct block *block, struct frame *frame,
					struct error *err)
{
	uint32_t wire = load32(block->at + 8, block->swapped), cap = wire, room = block->length - 16, snaplen;

	if (file->source.interface_count == file->pcapng.first_interface)
		return file_damaged(file, err, "a simple packet before the section describes an interface");
	snaplen = file->source.interfaces[file->pcapng.first_interface]->snaplen;
	if (snaplen && cap > snaplen)
		cap = snaplen;
	frame->time = 0;
	frame->has_time = false;
	frame->data = block->at + 12;
	frame->cap_length = cap < room ? cap : room;
	frame->wire_length = wire;
	no_extras(frame);
	deliver(file, block, frame, file->pcapng.first_interface);
	return SOURCE_FRAME;
}

/* ------------------------------------------------------------------------------------------- blocks */

static enum source_answer section(struct file_source *file, const struct block *block, struct frame *frame,
				  struct error *err)
{
	unsigned major = load16(block->at + 12, block->swapped);

	(void)frame;
	if (major != 1)
		return file_damaged(file, err, "a section of pcapng version %u: only version 1 can be read", major);
	file->pcapng.swapped = block->swapped;
	file->pcapng.first_interface = file->source.interface_count;
	return SOURCE_BLOCK;
}

static enum source_answer interface_block(struct file_source *file, const struct block *block, struct frame *frame,
					  struct error *err)
{
	(void)frame;
	return pcapng_add_interface(file, block, err);
}

static enum source_answer statistics(struct file_source *file, const struct block *block, struct frame *frame,
				     struct error *err)
{
	(void)frame;
	return pcapng_read_statistics(file, block, err);
}

static const struct block_kind kinds[] = {
	{ BLOCK_PACKET, PACKET_FIXED, "a packet", enhanced_packet },
	{ BLOCK_SECTION, 28, "a section header", section },
	{ BLOCK_INTERFACE, 20, "an interface description", interface_block },
	{ BLOCK_OLD_PACKET, PACKET_FIXED, "a packet", old_packet },
	{ BLOCK_SIMPLE_PACKET, 16, "a simple packet", simple_packet },
	{ BLOCK_STATISTICS, 24, "interface statistics", statistics },
};

static const struct block_kind *find_kind(uint32_t type)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (kinds[i].type == type)
			return &kinds[i];
	return NULL;
}

/* The byte order of a section stands in its header; everything else follows the section at hand. */
static enum source_answer byte_order(struct file_source *file, struct block *block, struct error *err)
{
	uint32_t order = load32(block->at + 8, false);

	block->swapped = file->pcapng.swapped;
	if (load32(block->at, false) != BLOCK_SECTION)
		return SOURCE_FRAME;
	block->swapped = order != PCAPNG_BYTE_ORDER;
	if (block->swapped && order != __builtin_bswap32(PCAPNG_BYTE_ORDER))
		return file_damaged(file, err, "a section without a byte order");
	return SOURCE_FRAME;
}

/* One block in one piece, its frame checked. Nothing is consumed. */
static enum source_answer whole_block(struct file_source *file, struct block *block, struct error *err)
{
	enum source_answer answer = file_need(file, PCAPNG_BLOCK_FRAME, err);
	uint32_t again;

	if (answer != SOURCE_FRAME)
		return answer;
	block->at = file->input.at;
	answer = byte_order(file, block, err);
	if (answer != SOURCE_FRAME)
		return answer;
	block->length = load32(block->at + 4, block->swapped);
	if (block->length < PCAPNG_BLOCK_FRAME || block->length & 3 || block->length > CAPTURE_MAX_BLOCK)
		return file_damaged(file, err, "a block of %" PRIu32 " octets, which cannot be", block->length);
	answer = file_need(file, block->length, err);
	if (answer != SOURCE_FRAME)
		return answer;
	block->at = file->input.at;
	again = load32(block->at + block->length - 4, block->swapped);
	if (again != block->length)
		return file_damaged(file, err, "a block of %" PRIu32 " octets that says %" PRIu32 " at its end",
				    block->length, again);
	return SOURCE_FRAME;
}

static enum source_answer read_block(struct file_source *file, const struct block *block, struct frame *frame,
				     struct error *err)
{
	const struct block_kind *kind = find_kind(load32(block->at, block->swapped));

	if (!kind)
		return SOURCE_BLOCK;
	if (block->length < kind->fixed)
		return file_damaged(file, err, "a block of %" PRIu32 " octets, too short for %s", block->length,
				    kind->name);
	return kind->read(file, block, frame, err);
}

static void hand_over(const struct block *block, struct frame *frame)
{
	no_extras(frame);
	frame->number = 0;
	frame->time = 0;
	frame->has_time = false;
	frame->data = NULL;
	frame->cap_length = 0;
	frame->wire_length = 0;
	frame->link = 0;
	frame->interface = NULL;
	frame->options_swapped = block->swapped;
	frame->block = block->at;
	frame->block_length = block->length;
}

static enum source_answer pcapng_next(struct source *source, struct frame *frame, struct error *err)
{
	struct file_source *file = (struct file_source *)source;
	enum source_answer answer;
	struct block block;

	do {
		answer = whole_block(file, &block, err);
		if (answer != SOURCE_FRAME)
			return answer;
		answer = read_block(file, &block, frame, err);
		if (answer != SOURCE_FRAME && answer != SOURCE_BLOCK)
			return answer;
		file->input.at += block.length;
	} while (answer == SOURCE_BLOCK && !source->want_blocks);
	if (answer == SOURCE_BLOCK)
		hand_over(&block, frame);
	return answer;
}

/* ------------------------------------------------------------------------------------------- the source */

static void pcapng_counters(struct source *source, uint32_t interface, struct source_counters *out)
{
	const struct file_source *file = (const struct file_source *)source;

	if (interface < source->interface_count)
		*out = file->pcapng.interfaces[interface].counters;
}

static const struct source_ops pcapng_ops = {
	.name = "pcapng",
	.next = pcapng_next,
	.fd = file_fd,
	.stop = file_stop,
	.counters = pcapng_counters,
	.close = file_close,
};

void pcapng_start(struct file_source *file)
{
	file->source.ops = &pcapng_ops;
	file->unit = "block";
}

void pcapng_release(struct file_source *file)
{
	free(file->pcapng.interfaces);
	owner_reader_free(file->pcapng.owners);
}
