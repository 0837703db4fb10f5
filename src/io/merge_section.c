/* SPDX-License-Identifier: BSD-2-Clause */
/* Merging captures: section headers, and the numbers of interfaces. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "io/merge_parts.h"
#include "io/pcap.h"
#include "io/pcapng_put.h"

#define MOST_INTERFACES 65536u       /* as many as readers take */
#define MOST_DESCRIBED (16u << 20)   /* octets of one file's interfaces, kept to be described again */
#define SECTION_HEAD 24u

/* ------------------------------------------------------------------------------------------- sections */

static const struct {
	uint16_t code;
	const char *word;
} origins[] = {
	{ SECTION_HARDWARE, "hardware" }, { SECTION_OS, "system" }, { SECTION_APPLICATION, "application" },
};

/* What there can be only one of: the first stays an option, another becomes a comment. True: it was one of these. */
static bool collect_origin(struct merge *merge, const struct merge_slot *slot, const struct frame_option *option)
{
	struct text comment = { 0 };
	char *value;

	for (size_t i = 0; i < sizeof origins / sizeof *origins; i++) {
		if (origins[i].code != option->code)
			continue;
		value = mem_copy_bytes(option->value, option->length);
		if (!merge->origins[i]) {
			merge->origins[i] = value;
			pcapng_put_option(&merge->header, option->code, option->value, option->length, merge->swapped);
			return true;
		}
		text_format(&comment, "%s of %s: %s", origins[i].word, slot->name, value);
		if (strcmp(merge->origins[i], value))
			pcapng_put_option(&merge->header, OPTION_COMMENT, comment.data, comment.length, merge->swapped);
		text_release(&comment);
		free(value);
		return true;
	}
	return false;
}

int merge_collect(struct merge *merge, const struct merge_slot *slot, const struct frame *frame, struct error *err)
{
	const uint8_t *list = frame->block + SECTION_HEAD;
	const uint32_t length = frame->block_length - SECTION_HEAD - 4;
	struct pcapng_carry carry = { .from_swapped = slot->swapped, .to_swapped = merge->swapped };
	struct frame_option option;
	uint32_t at = 0, from = 0;

	for (; frame_option_next(list, length, slot->swapped, &at, &option) > 0; from = at)
		if (!collect_origin(merge, slot, &option))
			pcapng_carry_options(&carry, BLOCK_SECTION, list + from, at - from, &merge->header);
	merge->notes.opaque += carry.opaque;
	if (merge->header.length > CAPTURE_MAX_BLOCK - 64)
		return error_set(err, "%s: the comments of all sections together are longer than a file has room for "
				 "(%u octets); merge with --append", slot->name, CAPTURE_MAX_BLOCK);
	return 0;
}

void merge_put_section(struct merge *merge)
{
	struct text *out = &merge->out;

	pcapng_put_begin(out, BLOCK_SECTION, merge->swapped);
	pcapng_put32(out, PCAPNG_BYTE_ORDER, merge->swapped);
	pcapng_put16(out, 1, merge->swapped);
	pcapng_put16(out, 0, merge->swapped);
	pcapng_put32(out, UINT32_MAX, false);
	pcapng_put32(out, UINT32_MAX, false);
	if (merge->header.length) {
		text_add(out, merge->header.data, merge->header.length);
		pcapng_put32(out, OPTION_END, merge->swapped);
	}
	pcapng_put_end(out, merge->swapped);
	text_clear(&merge->header);
	for (size_t i = 0; i < sizeof merge->origins / sizeof *merge->origins; i++) {
		free(merge->origins[i]);
		merge->origins[i] = NULL;
	}
	merge->next_number = 0;
	for (size_t i = 0; i < merge->count; i++)
		merge->slots[i].count = merge->slots[i].described_at = 0;
}

/* ------------------------------------------------------------------------------------------- interfaces */

static int carry(struct merge *merge, const struct merge_slot *slot, const uint8_t *block, uint32_t length,
		 uint32_t captured, struct error *err)
{
	struct pcapng_carry how = {
		.from_swapped = slot->swapped,
		.to_swapped = merge->swapped,
		.interfaces = slot->numbers,
		.interface_count = slot->count,
	};
	struct error why;

	if (pcapng_carry(&how, block, length, captured, &merge->out, &why) < 0)
		return error_set(err, "%s: after packet %" PRIu64 ": %s", slot->name, slot->source->frames, why.text);
	merge->notes.opaque += how.opaque;
	merge->notes.timeless += how.timeless;
	return 0;
}

int merge_count_interface(struct merge *merge, const struct merge_slot *slot, struct error *err)
{
	if (merge->described++ == MOST_INTERFACES)
		return error_set(err, "%s: the merged file would describe more than %u interfaces, which is all that "
				 "readers take; merge fewer files", slot->name, MOST_INTERFACES);
	return 0;
}

/* Interfaces of a section have the numbers in which order they come. */
static int number(struct merge *merge, struct merge_slot *slot, const uint8_t *block, uint32_t length,
		  struct error *err)
{
	if (merge_count_interface(merge, slot, err) < 0)
		return -1;
	if (slot->count == slot->room) {
		slot->room = slot->room ? 2 * slot->room : 4;
		slot->numbers = mem_resize(slot->numbers, slot->room, sizeof *slot->numbers);
	}
	slot->numbers[slot->count++] = merge->next_number++;
	return carry(merge, slot, block, length, 0, err);
}

int merge_add_interface(struct merge *merge, struct merge_slot *slot, const struct frame *frame, struct error *err)
{
	if (slot->described.length + frame->block_length > MOST_DESCRIBED)
		return error_set(err, "%s: its interfaces take more room than can be kept in mind (%u octets); merge "
				 "with --append", slot->name, MOST_DESCRIBED);
	text_add(&slot->described, frame->block, frame->block_length);
	slot->described_at = (uint32_t)slot->described.length;
	return number(merge, slot, frame->block, frame->block_length, err);
}

void merge_make_interface(struct merge_slot *slot)
{
	const struct interface *interface = slot->source->interface_count ? slot->source->interfaces[0] : NULL;
	const uint8_t resolution = slot->source->nanoseconds ? 9 : 6;
	struct text *out = &slot->described;

	pcapng_put_begin(out, BLOCK_INTERFACE, false);
	pcapng_put16(out, interface ? interface->link : 0, false);
	pcapng_put16(out, 0, false);
	pcapng_put32(out, interface ? interface->snaplen : 0, false);
	pcapng_put_option(out, INTERFACE_TSRESOL, &resolution, 1, false);
	pcapng_put32(out, OPTION_END, false);
	pcapng_put_end(out, false);
}

int merge_describe_next(struct merge *merge, struct merge_slot *slot, struct error *err)
{
	const uint8_t *block;
	uint32_t length;

	if (slot->described_at == slot->described.length)
		return 0;
	block = (const uint8_t *)slot->described.data + slot->described_at;
	length = load32(block + 4, slot->swapped);
	slot->described_at += length;
	return number(merge, slot, block, length, err) < 0 ? -1 : 1;
}

/* ------------------------------------------------------------------------------------------- packets */

void merge_put_packet(struct merge *merge, const struct frame *frame, uint32_t number_there, bool nanoseconds)
{
	const uint64_t ticks = (uint64_t)(nanoseconds ? frame->time : frame->time / 1000);
	struct text *out = &merge->out;

	pcapng_put_begin(out, BLOCK_PACKET, merge->swapped);
	pcapng_put32(out, number_there, merge->swapped);
	pcapng_put32(out, (uint32_t)(ticks >> 32), merge->swapped);
	pcapng_put32(out, (uint32_t)ticks, merge->swapped);
	pcapng_put32(out, frame->cap_length, merge->swapped);
	pcapng_put32(out, frame->wire_length, merge->swapped);
	text_add(out, frame->data, frame->cap_length);
	text_fill(out, '\0', pcapng_pad(frame->cap_length) - frame->cap_length);
	pcapng_put_end(out, merge->swapped);
}

int merge_put_block(struct merge *merge, const struct merge_slot *slot, const struct frame *frame, struct error *err)
{
	return carry(merge, slot, frame->block, frame->block_length, frame->cap_length, err);
}
