/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writing pcapng. What comes from a pcapng file is copied block by block, bit for bit, but for the length of a section:
 * packets may be left out, so it becomes "not known". Everything else gets blocks of our own, in our byte order.
 */
#include <inttypes.h>
#include <string.h>

#include "io/octets.h"
#include "io/pcap.h"
#include "io/pcapng_owners.h"
#include "io/pcapng_shape.h"
#include "io/sink_file.h"

#define NO_LENGTH UINT64_MAX
#define SECTION_FIXED 24u   /* octets of a section header before its options */
#define MAX_SECTION (16u << 20) /* octets of a section's beginning that are repeated in every file */
#define PACKET_FIXED 32u    /* octets of a packet block without packet and options */
#define EXTRAS 24u          /* octets of the options that say direction and drops, and of their end */

/* ------------------------------------------------------------------------------------------- copying */

/* A section header with our comment before its own options. */
static uint8_t *copy_section(const struct sink *sink, const struct frame *frame, uint8_t *at, uint32_t comment)
{
	const uint32_t length = frame->block_length, more = comment ? 4 + pcapng_pad(comment) : 0;
	const bool swapped = frame->options_swapped;
	const uint8_t *options = frame->block + SECTION_FIXED;
	uint8_t *start = at;

	memcpy(at, frame->block, SECTION_FIXED);
	store32(at + 4, length + more, swapped);
	at = store64(at + 16, NO_LENGTH, swapped);
	if (comment) {
		at = store16(at, OPTION_COMMENT, swapped);
		at = store16(at, (uint16_t)comment, swapped);
		memset(at + (more - 4) - 4, 0, 4);
		memcpy(at, sink->comment, comment);
		at += more - 4;
	}
	memcpy(at, options, length - SECTION_FIXED - 4);
	at += length - SECTION_FIXED - 4;
	/* Readers need no end of the options, but a list that was empty shall have one now. */
	if (comment && length == SECTION_FIXED + 4) {
		at = store32(at, OPTION_END, swapped);
		store32(start + 4, length + more + 4, swapped);
	}
	return store32(at, load32(start + 4, false), false);
}

static int raw(struct sink *sink, const void *octets, size_t length, bool packet, struct error *err)
{
	uint8_t *at = output_room(&sink->output, length, err);

	if (!at)
		return -1;
	memcpy(at, octets, length);
	output_wrote(&sink->output, at + length, packet);
	return 0;
}

static int keep(struct sink *sink, const void *octets, size_t length, struct error *err)
{
	if (!rotate_wanted(sink))
		return 0;
	if (sink->section.length + length > MAX_SECTION)
		return error_set(err, "%s: the interfaces of this capture take too much room to repeat them in every "
				 "file; leave out -C and -G", sink->output.name);
	text_add(&sink->section, octets, length);
	return 0;
}

static uint32_t comment_length(const struct sink *sink)
{
	size_t length = sink->comment ? strlen(sink->comment) : 0;

	return (uint32_t)(length > UINT16_MAX ? UINT16_MAX : length);
}

static int section_block(struct sink *sink, const struct frame *frame, struct error *err)
{
	uint32_t comment = comment_length(sink);
	uint8_t *at = output_room(&sink->output, (size_t)frame->block_length + comment + 16, err), *end;

	if (!at)
		return -1;
	end = copy_section(sink, frame, at, comment);
	text_clear(&sink->section);
	if (keep(sink, at, (size_t)(end - at), err))
		return -1;
	output_wrote(&sink->output, end, false);
	return 0;
}

static uint32_t block_type(const struct frame *frame)
{
	return load32(frame->block, frame->options_swapped);
}

static int pcapng_block(struct sink *sink, const struct frame *frame, struct error *err)
{
	if (!sink->copying)
		bug("a pcapng block without the section it stands in");
	if (block_type(frame) == BLOCK_SECTION)
		return section_block(sink, frame, err);
	if (block_type(frame) == BLOCK_INTERFACE && keep(sink, frame->block, frame->block_length, err))
		return -1;
	return raw(sink, frame->block, frame->block_length, false, err);
}

/* ------------------------------------------------------------------------------------------- packets of our own */

static uint8_t *put_value(uint8_t *at, const struct frame_option *option, bool swapped)
{
	unsigned width = swapped ? pcapng_option_width(BLOCK_PACKET, option->code) : 0, done = 0;

	memset(at, 0, pcapng_pad(option->length));
	for (; width == 4 && done + 4 <= option->length; done += 4)
		store32(at + done, load32(option->value + done, true), false);
	for (; width == 8 && done + 8 <= option->length; done += 8)
		store64(at + done, load64(option->value + done, true), false);
	memcpy(at + done, option->value + done, option->length - done);
	return at + pcapng_pad(option->length);
}

/* Options that came with the frame, in our byte order. */
static uint8_t *put_options(uint8_t *at, const struct frame *frame)
{
	struct frame_option option;
	uint32_t position = 0;

	while (frame_option_next(frame->options, frame->options_length, frame->options_swapped, &position,
				 &option) > 0) {
		at = store16(at, option.code, false);
		at = store16(at, option.length, false);
		at = put_value(at, &option, frame->options_swapped);
	}
	return store32(at, OPTION_END, false);
}

static inline uint8_t *put_extras(uint8_t *at, const struct frame *frame, const struct text *owners)
{
	if (frame->options_length)
		return put_options(at, frame);
	if (!frame->has_flags && !frame->has_drops && !owners->length)
		return at;
	if (frame->has_flags) {
		at = store32(at, PACKET_FLAGS | 4u << 16, false);
		at = store32(at, frame->flags, false);
	}
	if (frame->has_drops) {
		at = store16(at, PACKET_DROPCOUNT, false);
		at = store16(at, 8, false);
		at = store64(at, frame->drops_before, false);
	}
	if (__builtin_expect(owners->length, 0)) {
		memcpy(at, owners->data, owners->length);
		at += owners->length;
	}
	return store32(at, OPTION_END, false);
}

static int unfit(const struct sink *sink, const struct frame *frame, struct error *err)
{
	if (frame->cap_length > CAPTURE_MAX_PACKET)
		return error_set(err, "%s: packet %" PRIu64 " has %" PRIu32 " octets, more than a file can hold",
				 sink->output.name, frame->number, frame->cap_length);
	return error_set(err, "%s: packet %" PRIu64 " has a time before 1970, which pcapng cannot say",
			 sink->output.name, frame->number);
}

/* Whose it is, where its options do not say so already. */
static const struct text *owner_options(struct sink *sink, const struct frame *frame)
{
	static const struct text none;

	if (__builtin_expect(!frame_has_owners(frame) || frame->options_length, 1))
		return &none;
	if (!sink->owners)
		sink->owners = owner_writer_new();
	return owner_writer_options(sink->owners, frame);
}

static int own_packet(struct sink *sink, const struct frame *frame, struct error *err)
{
	struct sink_interface *interface = sink_interface(sink, frame, err);
	const uint32_t cap = frame->cap_length, padded = pcapng_pad(cap);
	const struct text *owners = owner_options(sink, frame);
	int64_t time = frame->has_time ? frame->time : 0;
	uint8_t *start, *at;

	if (!interface)
		return -1;
	if (__builtin_expect(time < 0 || cap > CAPTURE_MAX_PACKET, 0))
		return unfit(sink, frame, err);
	start = output_room(&sink->output,
			    PACKET_FIXED + EXTRAS + (size_t)padded + frame->options_length + owners->length, err);
	if (!start)
		return -1;
	if (!interface->nanoseconds)
		time /= 1000;
	at = store32(start, BLOCK_PACKET, false);
	at = store32(at + 4, interface->index, false);
	at = store32(at, (uint32_t)((uint64_t)time >> 32), false);
	at = store32(at, (uint32_t)time, false);
	at = store32(at, cap, false);
	at = store32(at, frame->wire_length, false);
	if (padded) {
		memset(at + padded - 4, 0, 4);
		memcpy(at, frame->data, cap);
	}
	at = put_extras(at + padded, frame, owners);
	store32(start + 4, (uint32_t)(at + 4 - start), false);
	at = store32(at, (uint32_t)(at + 4 - start), false);
	output_wrote(&sink->output, at, true);
	interface->packets++;
	return 0;
}

/* ------------------------------------------------------------------------------------------- the format */

static int pcapng_packet(struct sink *sink, const struct frame *frame, struct error *err)
{
	if (!sink->copying) {
		if (frame->time > sink->now)
			sink->now = frame->time;
		return own_packet(sink, frame, err);
	}
	if (!frame->block)
		bug("a packet without its pcapng block");
	return raw(sink, frame->block, frame->block_length, true, err);
}

static int pcapng_begin(struct sink *sink, const struct frame *frame, struct error *err)
{
	if (sink->copying)
		return raw(sink, sink->section.data, sink->section.length, false, err);
	sink->copying = frame && !frame->data && frame->block && block_type(frame) == BLOCK_SECTION;
	if (sink->copying)
		return 0;
	return sink_write_section(sink, err) || sink_describe_again(sink, err) ? -1 : 0;
}

static int pcapng_finish(struct sink *sink, struct error *err)
{
	return sink->live ? sink_write_statistics(sink, err) : 0;
}

const struct sink_format_ops sink_pcapng_ops = {
	.begin = pcapng_begin,
	.packet = pcapng_packet,
	.block = pcapng_block,
	.finish = pcapng_finish,
};
