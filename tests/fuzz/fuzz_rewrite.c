/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whatever it is given as a capture file is counted, changed, turned into the other byte order and back, and merged
 * with itself. What is written must be a capture file again, with the same packets.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "io/census.h"
#include "io/merge.h"
#include "io/pcapng_carry.h"
#include "io/pcapng_edit.h"
#include "io/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Packed input may hold very much: enough of it is enough. */
#define MOST 20000
#define MOST_OCTETS (4u << 20)

/* Packets and a sum over them, to be found again. */
struct seen {
	uint64_t packets, sum;
};

static void look(struct seen *seen, const struct frame *frame)
{
	seen->packets++;
	seen->sum = 31 * seen->sum + frame->cap_length;
	for (uint32_t i = 0; i < frame->cap_length; i++)
		seen->sum = 31 * seen->sum + frame->data[i];
}

static bool enough(const struct text *out, unsigned blocks)
{
	return out->length > MOST_OCTETS || blocks == MOST;
}

/* What was written has to be readable to its end. */
static void read_again(const struct text *out, const struct seen *expected)
{
	struct seen found = { 0 };
	struct error err;
	struct frame frame;
	struct source *source;
	enum source_answer answer;

	if (!out->length)
		return;
	source = source_memory_open((const uint8_t *)out->data, out->length, &err);
	if (!source)
		bug("what was written is no capture: %s", err.text);
	while ((answer = source_next(source, &frame, &err)) == SOURCE_FRAME)
		look(&found, &frame);
	if (answer != SOURCE_END)
		bug("what was written cannot be read: %s", err.text);
	if (found.packets != expected->packets || found.sum != expected->sum)
		bug("%d packets were written, %d are found, or others", (int)expected->packets, (int)found.packets);
	source_close(source);
}

/* ------------------------------------------------------------------------------------------- changing */

static void edit(const uint8_t *data, size_t size, const struct pcapng_changes *changes)
{
	struct pcapng_editor *editor = pcapng_editor_new();
	struct error err;
	struct source *source = source_memory_open(data, size, &err);
	struct text out = { 0 };
	struct seen seen = { 0 };
	struct census census = { 0 };
	struct frame frame;

	if (source)
		source->want_blocks = true;
	for (unsigned i = 0; source && source_next(source, &frame, &err) > 0 && !enough(&out, i); i++) {
		if (pcapng_edit(editor, &frame, changes, &err) < 0)
			break;
		census_take(&census, &frame);
		if (frame.data)
			look(&seen, &frame);
		text_add(&out, frame.block ? frame.block : (const uint8_t *)"", frame.block_length);
	}
	read_again(&out, &seen);
	census_release(&census);
	text_release(&out);
	source_close(source);
	pcapng_editor_free(editor);
}

/* ------------------------------------------------------------------------------------------- turning round */

static void there_and_back(const struct frame *frame, uint32_t *numbers, uint32_t count)
{
	struct pcapng_carry there = {
		.from_swapped = frame->options_swapped,
		.to_swapped = !frame->options_swapped,
		.interfaces = numbers,
		.interface_count = count,
	};
	struct pcapng_carry back = there;
	struct text turned = { 0 }, again = { 0 };
	struct error err;

	back.from_swapped = there.to_swapped;
	back.to_swapped = there.from_swapped;
	if (pcapng_carry(&there, frame->block, frame->block_length, frame->cap_length, &turned, &err) < 0 ||
	    pcapng_carry(&back, (const uint8_t *)turned.data, (uint32_t)turned.length, frame->cap_length, &again,
			 &err) < 0)
		bug("a block that was read cannot be carried: %s", err.text);
	/* What stayed as it was because nobody knows what it is may look known from the other side. */
	if (!there.opaque && (again.length != frame->block_length || memcmp(again.data, frame->block, again.length)))
		bug("a block turned round twice is another one");
	text_release(&turned);
	text_release(&again);
}

static void turn(const uint8_t *data, size_t size)
{
	struct error err;
	struct source *source = source_memory_open(data, size, &err);
	uint32_t *numbers = NULL, count = 0;
	struct frame frame;

	if (source)
		source->want_blocks = true;
	for (unsigned i = 0; source && i < MOST && source_next(source, &frame, &err) > 0 && frame.block; i++) {
		numbers = mem_resize(numbers, source->interface_count + 1, sizeof *numbers);
		for (; count < source->interface_count; count++)
			numbers[count] = count;
		if (memcmp(frame.block, "\n\r\r\n", 4) != 0)
			there_and_back(&frame, numbers, count);
	}
	free(numbers);
	source_close(source);
}

/* ------------------------------------------------------------------------------------------- merging */

static void merge(const uint8_t *data, size_t size, bool append)
{
	static const char *const names[] = { "one", "two" };
	struct source *sources[2], *merged;
	struct text out = { 0 };
	struct seen seen = { 0 };
	struct error err;
	struct frame frame;

	for (unsigned i = 0; i < 2; i++) {
		sources[i] = source_memory_open(data, size, &err);
		if (!sources[i])
			return; /* the first, if any */
	}
	merged = source_merge_open(sources, names, 2, append);
	merged->want_blocks = true;
	for (unsigned i = 0; source_next(merged, &frame, &err) > 0 && !enough(&out, i); i++) {
		if (!frame.block)
			bug("a merged packet without a block");
		if (frame.data)
			look(&seen, &frame);
		text_add(&out, frame.block, frame.block_length);
	}
	read_again(&out, &seen);
	text_release(&out);
	source_close(merged);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const comments[] = { "a comment", "" };
	const struct pcapng_changes all[] = {
		{ .shift = size ? (int64_t)(data[size - 1] - 128) * 123456789 : 0 },
		{ .snap = 7, .delete_comments = true },
		{ .comments = comments, .comment_count = 2 },
	};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		edit(data, size, &all[i]);
	turn(data, size);
	merge(data, size, false);
	merge(data, size, true);
	return 0;
}
