/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/pcapng_edit.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "io/pcap.h"
#include "io/pcapng_put.h"
#include "io/pcapng_shape.h"

#define PACKET_HEAD 28u
#define SIMPLE_HEAD 12u
#define MICROSECONDS 6

struct pcapng_editor {
	struct pcapng_clock *clocks; /* of the section's interfaces */
	uint32_t count, room;
	struct text out;
};

/* A block in hand. */
struct edit {
	struct pcapng_editor *editor;
	struct frame *frame;
	const struct pcapng_changes *changes;
	struct error *err;
	bool swapped;
};

/* ------------------------------------------------------------------------------------------- lists of options */

static int put_comment(struct text *out, const char *comment, bool swapped, struct error *err)
{
	size_t length = strlen(comment);

	if (length > UINT16_MAX)
		return error_set(err, "a comment of %zu octets is longer than the 65535 that a file has room for",
				 length);
	pcapng_put_option(out, OPTION_COMMENT, comment, length, swapped);
	return 0;
}

/* The list with comments taken out and added. What ends it stays, and so does what nobody understands. */
static int put_options(const struct edit *edit, const uint8_t *list, uint32_t length, size_t add)
{
	struct text *out = &edit->editor->out;
	struct frame_option option;
	uint32_t at = 0, from = 0;

	for (; frame_option_next(list, length, edit->swapped, &at, &option) > 0; from = at)
		if (option.code != OPTION_COMMENT || !edit->changes->delete_comments)
			text_add(out, list + from, at - from);
	for (size_t i = 0; i < add; i++)
		if (put_comment(out, edit->changes->comments[i], edit->swapped, edit->err) < 0)
			return -1;
	if (from < length)
		text_add(out, list + from, length - from);
	else if (add)
		pcapng_put32(out, OPTION_END, edit->swapped);
	return 0;
}

/* ------------------------------------------------------------------------------------------- blocks */

/* What stands in the editor becomes the frame's block: its lengths are set. */
static int finish(const struct edit *edit)
{
	struct text *out = &edit->editor->out;

	if (out->length + 4 > CAPTURE_MAX_BLOCK)
		return error_set(edit->err, "with its comments a block would have %zu octets, more than readers take "
				 "(%u)", out->length + 4, CAPTURE_MAX_BLOCK);
	pcapng_put_end(out, edit->swapped);
	edit->frame->block = (const uint8_t *)out->data;
	edit->frame->block_length = (uint32_t)out->length;
	return 0;
}

/* A block whose fixed part ends where its options begin. */
static int copy_with_options(const struct edit *edit, uint32_t options)
{
	const struct frame *frame = edit->frame;

	text_clear(&edit->editor->out);
	text_add(&edit->editor->out, frame->block, options);
	return put_options(edit, frame->block + options, frame->block_length - 4 - options, 0);
}

/* Blocks that say nothing of times or lengths. */
static int edit_other(const struct edit *edit)
{
	uint32_t options = pcapng_options(edit->frame->block, edit->frame->block_length, edit->swapped);

	if (!edit->changes->delete_comments || !options)
		return 0;
	return copy_with_options(edit, options) < 0 ? -1 : finish(edit);
}

static int edit_section(const struct edit *edit)
{
	edit->editor->count = 0;
	return edit_other(edit);
}

/* ------------------------------------------------------------------------------------------- interfaces */

static void add_clock(const struct edit *edit)
{
	struct pcapng_editor *editor = edit->editor;
	const struct frame *frame = edit->frame;
	uint8_t resolution = MICROSECONDS;
	struct frame_option option;
	int64_t offset = 0;
	uint32_t at = 0;

	if (editor->count == editor->room) {
		editor->room = editor->room ? 2 * editor->room : 4;
		editor->clocks = mem_resize(editor->clocks, editor->room, sizeof *editor->clocks);
	}
	while (frame_option_next(frame->block + 16, frame->block_length - 20, edit->swapped, &at, &option) > 0)
		if (option.code == INTERFACE_TSRESOL && option.length == 1)
			resolution = *option.value;
		else if (option.code == INTERFACE_TSOFFSET && option.length == 8)
			offset = (int64_t)load64(option.value, edit->swapped);
	pcapng_clock_init(&editor->clocks[editor->count++], resolution, offset);
}

static int edit_interface(const struct edit *edit)
{
	const uint32_t limit = load32(edit->frame->block + 12, edit->swapped), snap = edit->changes->snap;
	const bool lower = snap && (!limit || limit > snap);

	add_clock(edit);
	if (!lower && !edit->changes->delete_comments)
		return 0;
	if (copy_with_options(edit, 16) < 0)
		return -1;
	if (lower)
		store32((uint8_t *)edit->editor->out.data + 12, snap, edit->swapped);
	return finish(edit);
}

static const struct pcapng_clock *clock_of(const struct edit *edit, uint32_t interface)
{
	return interface < edit->editor->count ? &edit->editor->clocks[interface] : NULL;
}

/* ------------------------------------------------------------------------------------------- times */

/* A time as two words, the upper one first. */
static int shift_at(const struct edit *edit, uint8_t *at, const struct pcapng_clock *clock, uint64_t *ticks)
{
	*ticks = (uint64_t)load32(at, edit->swapped) << 32 | load32(at + 4, edit->swapped);
	if (!clock)
		return error_set(edit->err, "times of an interface that the section does not describe");
	if (!pcapng_clock_shift(clock, ticks, edit->changes->shift))
		return error_set(edit->err, "its time cannot be shifted so far: its interface cannot say the result");
	at = store32(at, (uint32_t)(*ticks >> 32), edit->swapped);
	store32(at, (uint32_t)*ticks, edit->swapped);
	return 0;
}

static bool is_zero(const uint8_t *at)
{
	return !load64(at, false);
}

/* The times among the options, where they were copied to. */
static int shift_options(const struct edit *edit, const struct pcapng_clock *clock)
{
	uint8_t *list = (uint8_t *)edit->editor->out.data + 20;
	uint32_t length = (uint32_t)edit->editor->out.length - 20, at = 0;
	struct frame_option option;
	uint64_t ticks;

	while (frame_option_next(list, length, edit->swapped, &at, &option) > 0)
		if ((option.code == STATISTICS_START || option.code == STATISTICS_END) && option.length == 8 &&
		    !is_zero(option.value) &&
		    shift_at(edit, list + (option.value - list), clock, &ticks) < 0)
			return -1;
	return 0;
}

static int edit_statistics(const struct edit *edit)
{
	const struct pcapng_clock *clock = clock_of(edit, load32(edit->frame->block + 8, edit->swapped));
	uint64_t ticks;
	uint8_t *at;

	if (!edit->changes->shift)
		return edit_other(edit);
	if (copy_with_options(edit, 20) < 0)
		return -1;
	at = (uint8_t *)edit->editor->out.data + 12;
	if ((!is_zero(at) && shift_at(edit, at, clock, &ticks) < 0) || shift_options(edit, clock) < 0)
		return -1;
	return finish(edit);
}

/* ------------------------------------------------------------------------------------------- packets */

static uint32_t cut_to(const struct edit *edit, uint32_t length)
{
	return edit->changes->snap && length > edit->changes->snap ? edit->changes->snap : length;
}

static bool changes_packet(const struct edit *edit)
{
	const struct pcapng_changes *c = edit->changes;

	return c->shift || c->comment_count || (c->delete_comments && edit->frame->options_length) ||
	       cut_to(edit, edit->frame->cap_length) != edit->frame->cap_length;
}

/* The block's octets up to the options, with the packet cut. */
static void put_packet(const struct edit *edit, uint32_t head, uint32_t cap)
{
	struct text *out = &edit->editor->out;

	text_clear(out);
	text_add(out, edit->frame->block, head);
	if (cap == edit->frame->cap_length) {
		text_add(out, edit->frame->block + head, pcapng_pad(cap));
		return;
	}
	text_add(out, edit->frame->block + head, cap);
	text_fill(out, '\0', pcapng_pad(cap) - cap);
}

/* Where the block's parts are now. */
static void point_into(const struct edit *edit, uint32_t head, uint32_t cap)
{
	struct frame *frame = edit->frame;
	uint32_t options = head + pcapng_pad(cap);

	frame->data = frame->block + head;
	frame->cap_length = cap;
	frame->options_length = frame->block_length - 4 - options;
	frame->options = frame->options_length ? frame->block + options : NULL;
}

/* Enhanced and old packet blocks are the same from octet 12 on; before, the width of the interface differs. */
static int edit_packet(const struct edit *edit, uint32_t interface)
{
	struct frame *frame = edit->frame;
	const struct pcapng_clock *clock = clock_of(edit, interface);
	uint32_t cap = cut_to(edit, frame->cap_length);
	uint64_t ticks;
	uint8_t *out;

	if (!changes_packet(edit))
		return 0;
	put_packet(edit, PACKET_HEAD, cap);
	out = (uint8_t *)edit->editor->out.data;
	store32(out + 20, cap, edit->swapped);
	if (edit->changes->shift && shift_at(edit, out + 12, clock, &ticks) < 0)
		return -1;
	if (put_options(edit, frame->options, frame->options_length, edit->changes->comment_count) < 0 ||
	    finish(edit) < 0)
		return -1;
	point_into(edit, PACKET_HEAD, cap);
	if (edit->changes->shift)
		frame->time = pcapng_clock_time(clock, ticks);
	return 0;
}

static int edit_enhanced(const struct edit *edit)
{
	return edit_packet(edit, load32(edit->frame->block + 8, edit->swapped));
}

static int edit_old(const struct edit *edit)
{
	return edit_packet(edit, load16(edit->frame->block + 8, edit->swapped));
}

static int edit_simple(const struct edit *edit)
{
	uint32_t cap = cut_to(edit, edit->frame->cap_length);

	if (edit->changes->comment_count)
		return error_set(edit->err, "it is a Simple Packet Block, which has no room for a comment");
	if (cap == edit->frame->cap_length)
		return 0;
	put_packet(edit, SIMPLE_HEAD, cap);
	if (finish(edit) < 0)
		return -1;
	point_into(edit, SIMPLE_HEAD, cap);
	return 0;
}

/* The time that a packet of a pcap file will have. */
static int shifted(const struct edit *edit, int64_t *time)
{
	*time = edit->frame->time;
	if (!edit->changes->shift || !edit->frame->has_time)
		return 0;
	if (__builtin_add_overflow(*time, edit->changes->shift, time) || *time < 0)
		return error_set(edit->err, "its time cannot be shifted so far: it would be before 1970, or after "
				 "2262");
	return 0;
}

/* A packet without a block, from a pcap file. */
static int edit_plain(struct edit *edit)
{
	struct frame *frame = edit->frame;
	struct text *out = &edit->editor->out;
	bool options = edit->changes->comment_count || (edit->changes->delete_comments && frame->options_length);
	int64_t time;

	edit->swapped = frame->options_swapped;
	text_clear(out);
	if (options && put_options(edit, frame->options, frame->options_length, edit->changes->comment_count) < 0)
		return -1;
	if (shifted(edit, &time) < 0)
		return -1;
	frame->time = time;
	frame->cap_length = cut_to(edit, frame->cap_length);
	if (!options)
		return 0;
	frame->options = (const uint8_t *)out->data;
	frame->options_length = (uint32_t)out->length;
	return 0;
}

/* ------------------------------------------------------------------------------------------- the editor */

static const struct {
	uint32_t type;
	int (*edit)(const struct edit *edit);
} editors[] = {
	{ BLOCK_PACKET, edit_enhanced },       { BLOCK_OLD_PACKET, edit_old },     { BLOCK_SIMPLE_PACKET, edit_simple },
	{ BLOCK_STATISTICS, edit_statistics }, { BLOCK_INTERFACE, edit_interface }, { BLOCK_SECTION, edit_section },
};

struct pcapng_editor *pcapng_editor_new(void)
{
	return mem_new(1, sizeof(struct pcapng_editor));
}

void pcapng_editor_free(struct pcapng_editor *editor)
{
	if (!editor)
		return;
	text_release(&editor->out);
	free(editor->clocks);
	free(editor);
}

static int edit_block(struct edit *edit)
{
	uint32_t type = load32(edit->frame->block, edit->swapped);

	for (size_t i = 0; i < sizeof editors / sizeof *editors; i++)
		if (editors[i].type == type)
			return editors[i].edit(edit);
	return edit_other(edit);
}

int pcapng_edit(struct pcapng_editor *editor, struct frame *frame, const struct pcapng_changes *changes,
		struct error *err)
{
	struct error why;
	struct edit edit = { editor, frame, changes, &why, frame->options_swapped };
	int status = frame->block ? edit_block(&edit) : edit_plain(&edit);

	if (status < 0 && frame->data)
		error_set(err, "packet %" PRIu64 ": %s", frame->number, why.text);
	else if (status < 0)
		error_set(err, "%s", why.text);
	return status;
}
