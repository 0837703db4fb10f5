/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading pcap. */
#include <inttypes.h>

#include "io/octets.h"
#include "io/pcap.h"
#include "io/source_file.h"

#define PCAP_VERSION 2 /* the only major version there is, but for one vendor's 543 */
#define VENDOR_VERSION 543

static void exchange(enum pcap_lengths lengths, uint32_t *cap, uint32_t *wire)
{
	uint32_t first = *cap;

	if (lengths == PCAP_LENGTHS_EXCHANGED || (lengths == PCAP_LENGTHS_PERHAPS_EXCHANGED && *cap > *wire)) {
		*cap = *wire;
		*wire = first;
	}
}

static inline void fill(struct file_source *file, struct frame *frame, const uint8_t *at, bool swapped)
{
	frame->number = ++file->source.frames;
	frame->time = (int64_t)load32(at, swapped) * 1000000000 + (int64_t)load32(at + 4, swapped) * file->pcap.scale;
	frame->link = file->pcap.link;
	frame->has_time = true;
	frame->has_flags = false;
	frame->has_drops = false;
	frame->flags = 0;
	frame->drops_before = 0;
	frame->interface = NULL;
	frame->options = NULL;
	frame->options_length = 0;
	frame->options_swapped = false;
	frame->block = NULL;
	frame->block_length = 0;
	frame_without_owners(frame);
}

/* `plain` is a constant in both callers: the usual file takes the short way. */
static inline __attribute__((always_inline)) enum source_answer
read_record(struct file_source *file, struct frame *frame, struct error *err, bool plain)
{
	struct input *input = &file->input;
	const bool swapped = plain ? false : file->pcap.swapped;
	const size_t header = plain ? PCAP_RECORD_HEADER : file->pcap.record_header;
	uint32_t cap, wire;
	enum source_answer answer;

	if (__builtin_expect(input_left(input) < header, 0) &&
	    (answer = file_need(file, header, err)) != SOURCE_FRAME)
		return answer;
	cap = load32(input->at + 8, swapped);
	wire = load32(input->at + 12, swapped);
	if (!plain)
		exchange(file->pcap.lengths, &cap, &wire);
	if (__builtin_expect(cap > CAPTURE_MAX_PACKET, 0))
		return file_damaged(file, err, "a packet of %" PRIu32 " octets, more than there can be", cap);
	if (__builtin_expect(input_left(input) < header + cap, 0) &&
	    (answer = file_need(file, header + cap, err)) != SOURCE_FRAME)
		return answer;
	fill(file, frame, input->at, swapped);
	frame->data = input->at + header;
	frame->cap_length = cap;
	frame->wire_length = wire;
	input->at += header + cap;
	__builtin_prefetch(input->at + 256);
	return SOURCE_FRAME;
}

static enum source_answer plain_next(struct source *source, struct frame *frame, struct error *err)
{
	return read_record((struct file_source *)source, frame, err, true);
}

static enum source_answer other_next(struct source *source, struct frame *frame, struct error *err)
{
	return read_record((struct file_source *)source, frame, err, false);
}

static const struct source_ops plain_ops = {
	.name = "pcap",
	.next = plain_next,
	.fd = file_fd,
	.stop = file_stop,
	.close = file_close,
};

static const struct source_ops other_ops = {
	.name = "pcap",
	.next = other_next,
	.fd = file_fd,
	.stop = file_stop,
	.close = file_close,
};

/* Version 2.3 and before wrote the two lengths of a record the other way round, 2.3 only sometimes. */
static enum pcap_lengths order_of_lengths(unsigned major, unsigned minor)
{
	if (major == VENDOR_VERSION || minor < 3)
		return PCAP_LENGTHS_EXCHANGED;
	return minor == 3 ? PCAP_LENGTHS_PERHAPS_EXCHANGED : PCAP_LENGTHS_IN_ORDER;
}

int pcap_start(struct file_source *file, struct error *err)
{
	const uint8_t *at = file->input.at;
	uint32_t magic = load32(at, false);
	struct pcap_state *pcap = &file->pcap;
	struct interface *interface;

	pcap->swapped = magic != PCAP_MAGIC && magic != PCAP_MAGIC_NANOSECONDS && magic != PCAP_MAGIC_MODIFIED;
	magic = load32(at, pcap->swapped);
	pcap->major = load16(at + 4, pcap->swapped);
	pcap->minor = load16(at + 6, pcap->swapped);
	if (pcap->major != PCAP_VERSION && pcap->major != VENDOR_VERSION)
		return error_set(err, "%s: pcap of version %u: only version 2 can be read", file->name, pcap->major);
	pcap->lengths = order_of_lengths(pcap->major, pcap->minor);
	pcap->record_header = magic == PCAP_MAGIC_MODIFIED ? PCAP_RECORD_HEADER_MODIFIED : PCAP_RECORD_HEADER;
	pcap->scale = magic == PCAP_MAGIC_NANOSECONDS ? 1 : 1000;
	pcap->link = load32(at + 20, pcap->swapped) & PCAP_LINK_MASK;
	interface = source_add_interface(&file->source);
	interface->link = pcap->link;
	interface->snaplen = load32(at + 16, pcap->swapped);
	interface->tsresol = pcap->scale == 1 ? 9 : 6;
	file->source.nanoseconds = pcap->scale == 1;
	file->source.ops = !pcap->swapped && pcap->record_header == PCAP_RECORD_HEADER &&
			   pcap->lengths == PCAP_LENGTHS_IN_ORDER ? &plain_ops : &other_ops;
	file->input.at += PCAP_FILE_HEADER;
	return 0;
}
