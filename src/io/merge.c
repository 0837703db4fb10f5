/* SPDX-License-Identifier: BSD-2-Clause */
/* Merging captures: which packet or block comes next. */
#include "io/merge.h"

#include <stdlib.h>

#include "base/mem.h"
#include "io/merge_parts.h"
#include "io/octets.h"
#include "io/pcapng.h"

/* ------------------------------------------------------------------------------------------- what is handed out */

static enum source_answer give_block(struct merge *merge, struct frame *frame)
{
	*frame = (struct frame){
		.options_swapped = merge->swapped,
		.block = (const uint8_t *)merge->out.data,
		.block_length = (uint32_t)merge->out.length,
	};
	return SOURCE_BLOCK;
}

static enum source_answer give_packet(struct merge *merge, struct merge_slot *slot, struct frame *frame)
{
	*frame = slot->frame;
	frame->number = ++merge->head.frames;
	frame->interface = NULL;
	frame->options = NULL;
	frame->options_length = 0;
	frame->options_swapped = merge->swapped;
	frame->block = (const uint8_t *)merge->out.data;
	frame->block_length = (uint32_t)merge->out.length;
	slot->state = MERGE_EMPTY;
	return SOURCE_FRAME;
}

/* ------------------------------------------------------------------------------------------- asking */

static void broke_off(struct merge *merge, const struct error *failure)
{
	if (!merge->failed)
		merge->failure = *failure;
	merge->failed = true;
}

/* What a slot has next: SOURCE_FRAME (held now), SOURCE_BLOCK (in slot->frame, not kept), SOURCE_END. */
static enum source_answer ask(struct merge *merge, struct merge_slot *slot)
{
	struct error failure;
	enum source_answer answer;

	slot->source->want_blocks = true;
	answer = source_next(slot->source, &slot->frame, &failure);
	merge->head.nanoseconds |= slot->source->nanoseconds;
	if (answer == SOURCE_BLOCK)
		return answer;
	slot->state = answer == SOURCE_FRAME ? MERGE_HELD : MERGE_ENDED;
	if (answer == SOURCE_ERROR)
		broke_off(merge, &failure);
	return answer == SOURCE_FRAME ? SOURCE_FRAME : SOURCE_END;
}

static bool is_section(const struct frame *frame)
{
	return load32(frame->block, frame->options_swapped) == BLOCK_SECTION;
}

static void choose_order(struct merge *merge, bool swapped)
{
	if (!merge->ordered)
		merge->swapped = swapped;
	merge->ordered = true;
}

/* A section of a file begins: what it says goes into the next header. */
static int enter_section(struct merge *merge, struct merge_slot *slot, struct error *err)
{
	slot->swapped = slot->frame.options_swapped;
	text_clear(&slot->described);
	slot->described_at = 0;
	choose_order(merge, slot->swapped);
	return merge_collect(merge, slot, &slot->frame, err);
}

/* ------------------------------------------------------------------------------------------- by time */

/* Every pcapng file begins with a section; a pcap file gives a packet, or nothing, before any block. */
static int begin_slot(struct merge *merge, struct merge_slot *slot, struct error *err)
{
	if (ask(merge, slot) == SOURCE_BLOCK) {
		slot->stage = MERGE_BLOCKS;
		return enter_section(merge, slot, err);
	}
	if (!slot->source->interface_count) /* a pcapng file that is damaged where it begins */
		return 0;
	slot->stage = MERGE_INTERFACE;
	merge_make_interface(slot);
	return 0;
}

static enum source_answer begin(struct merge *merge, struct frame *frame, struct error *err)
{
	merge->begun = true;
	for (size_t i = 0; i < merge->count; i++)
		if (begin_slot(merge, &merge->slots[i], err) < 0)
			return SOURCE_ERROR;
	merge->ordered = true;
	merge_put_section(merge);
	return give_block(merge, frame);
}

static enum source_answer take_block(struct merge *merge, struct merge_slot *slot, struct frame *frame,
				     struct error *err)
{
	int status;

	if (is_section(&slot->frame)) {
		status = enter_section(merge, slot, err);
		if (!status)
			merge_put_section(merge);
	} else if (load32(slot->frame.block, slot->swapped) == BLOCK_INTERFACE) {
		status = merge_add_interface(merge, slot, &slot->frame, err);
	} else {
		status = merge_put_block(merge, slot, &slot->frame, err);
	}
	return status < 0 ? SOURCE_ERROR : give_block(merge, frame);
}

static bool comes_before(const struct frame *a, const struct frame *b)
{
	if (!a->has_time || !b->has_time)
		return !a->has_time && b->has_time;
	return a->time < b->time;
}

static struct merge_slot *oldest(const struct merge *merge)
{
	struct merge_slot *best = NULL;

	for (size_t i = 0; i < merge->count; i++) {
		struct merge_slot *slot = &merge->slots[i];

		if (slot->state == MERGE_HELD && (!best || comes_before(&slot->frame, &best->frame)))
			best = slot;
	}
	return best;
}

static enum source_answer end(struct merge *merge, struct error *err)
{
	if (!merge->failed)
		return SOURCE_END;
	merge->failed = false;
	*err = merge->failure;
	return SOURCE_ERROR;
}

static enum source_answer take_packet(struct merge *merge, struct merge_slot *slot, struct frame *frame,
				      struct error *err)
{
	if (slot->stage == MERGE_INTERFACE)
		merge_put_packet(merge, &slot->frame, slot->numbers[0], slot->source->nanoseconds);
	else if (merge_put_block(merge, slot, &slot->frame, err) < 0)
		return SOURCE_ERROR;
	return give_packet(merge, slot, frame);
}

static enum source_answer by_time(struct merge *merge, struct frame *frame, struct error *err)
{
	struct merge_slot *slot;
	int described;

	if (!merge->begun)
		return begin(merge, frame, err);
	/* Interfaces get their numbers in the order of the files. */
	for (size_t i = 0; i < merge->count; i++) {
		slot = &merge->slots[i];
		described = merge_describe_next(merge, slot, err);
		if (described)
			return described < 0 ? SOURCE_ERROR : give_block(merge, frame);
		if (slot->state == MERGE_EMPTY && ask(merge, slot) == SOURCE_BLOCK)
			return take_block(merge, slot, frame, err);
	}
	slot = oldest(merge);
	return slot ? take_packet(merge, slot, frame, err) : end(merge, err);
}

/* ------------------------------------------------------------------------------------------- one behind the other */

/* A pcap file needs a section and an interface before its packets, also when it has none. */
static enum source_answer introduce(struct merge *merge, struct merge_slot *slot, struct frame *frame)
{
	if (slot->stage == MERGE_FRESH) {
		merge->swapped = false;
		merge_put_section(merge);
		merge_make_interface(slot);
		slot->stage = MERGE_SECTION;
		return give_block(merge, frame);
	}
	text_clear(&merge->out);
	text_add(&merge->out, slot->described.data, slot->described.length);
	slot->stage = MERGE_INTERFACE;
	return give_block(merge, frame);
}

static enum source_answer pass(struct merge *merge, struct merge_slot *slot, struct frame *frame)
{
	if (slot->stage == MERGE_INTERFACE) {
		merge_put_packet(merge, &slot->frame, 0, slot->source->nanoseconds);
		return give_packet(merge, slot, frame);
	}
	*frame = slot->frame;
	frame->number = ++merge->head.frames;
	frame->interface = NULL;
	slot->state = MERGE_EMPTY;
	return SOURCE_FRAME;
}

static enum source_answer pass_block(struct merge *merge, struct merge_slot *slot, struct frame *frame,
				     struct error *err)
{
	slot->stage = MERGE_BLOCKS;
	*frame = slot->frame;
	if (load32(frame->block, frame->options_swapped) == BLOCK_INTERFACE &&
	    merge_count_interface(merge, slot, err) < 0)
		return SOURCE_ERROR;
	return SOURCE_BLOCK;
}

/* SOURCE_END: the slot has nothing more. */
static enum source_answer from_slot(struct merge *merge, struct merge_slot *slot, struct frame *frame,
				    struct error *err)
{
	if (slot->state == MERGE_EMPTY && slot->stage != MERGE_SECTION && ask(merge, slot) == SOURCE_BLOCK)
		return pass_block(merge, slot, frame, err);
	if (slot->stage == MERGE_SECTION || (slot->stage == MERGE_FRESH && slot->source->interface_count))
		return introduce(merge, slot, frame);
	return slot->state == MERGE_HELD ? pass(merge, slot, frame) : SOURCE_END;
}

static enum source_answer appended(struct merge *merge, struct frame *frame, struct error *err)
{
	enum source_answer answer;

	for (; merge->current < merge->count; merge->current++) {
		answer = from_slot(merge, &merge->slots[merge->current], frame, err);
		if (answer != SOURCE_END)
			return answer;
	}
	return end(merge, err);
}

/* ------------------------------------------------------------------------------------------- the source */

/* An output without packets shall have a link type all the same. */
static void follow(struct merge *merge)
{
	merge->head.interfaces = merge->slots[0].source->interfaces;
	merge->head.interface_count = merge->slots[0].source->interface_count;
}

static enum source_answer merge_next(struct source *source, struct frame *frame, struct error *err)
{
	struct merge *merge = (struct merge *)source;
	enum source_answer answer;

	do
		answer = merge->append ? appended(merge, frame, err) : by_time(merge, frame, err);
	while (answer == SOURCE_BLOCK && !source->want_blocks);
	follow(merge);
	return answer;
}

static void merge_stop(struct source *source)
{
	struct merge *merge = (struct merge *)source;

	for (size_t i = 0; i < merge->count; i++)
		source_stop(merge->slots[i].source);
}

static void merge_close(struct source *source)
{
	struct merge *merge = (struct merge *)source;

	for (size_t i = 0; i < merge->count; i++) {
		struct merge_slot *slot = &merge->slots[i];

		source_close(slot->source);
		text_release(&slot->described);
		free(slot->numbers);
		free(slot->name);
	}
	for (size_t i = 0; i < sizeof merge->origins / sizeof *merge->origins; i++)
		free(merge->origins[i]);
	text_release(&merge->header);
	text_release(&merge->out);
	free(merge->slots);
	free(merge);
}

static const struct source_ops merge_ops = {
	.name = "merge",
	.next = merge_next,
	.stop = merge_stop,
	.close = merge_close,
};

struct source *source_merge_open(struct source **sources, const char *const *names, size_t count, bool append)
{
	struct merge *merge = mem_new(1, sizeof *merge);

	merge->head.ops = &merge_ops;
	merge->head.from_file = true;
	merge->head.borrows_interfaces = true;
	merge->count = count;
	merge->append = append;
	merge->slots = mem_new(count, sizeof *merge->slots);
	for (size_t i = 0; i < count; i++) {
		merge->slots[i].source = sources[i];
		merge->slots[i].name = mem_copy_string(names[i]);
		merge->head.nanoseconds |= sources[i]->nanoseconds;
	}
	follow(merge);
	return &merge->head;
}

void source_merge_notes(const struct source *source, struct merge_notes *out)
{
	*out = ((const struct merge *)source)->notes;
}
