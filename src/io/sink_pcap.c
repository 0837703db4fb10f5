/* SPDX-License-Identifier: BSD-2-Clause */
/* Writing pcap. */
#include <inttypes.h>
#include <string.h>

#include "io/octets.h"
#include "io/pcap.h"
#include "io/sink_file.h"

#define SECOND 1000000000

static uint16_t link_of(const struct sink *sink, const struct frame *frame)
{
	if (frame)
		return frame->link;
	return sink->source->interface_count ? sink->source->interfaces[0]->link : 1;
}

static uint32_t snaplen_of(const struct sink *sink)
{
	const struct source *source = sink->source;

	/* Readers cut what is longer, so only what the capture itself has kept to may stand there. */
	if (!sink->live || source->interface_count != 1 || !source->interfaces[0]->snaplen)
		return CAPTURE_SNAPLEN;
	return source->interfaces[0]->snaplen;
}

static int pcap_begin(struct sink *sink, const struct frame *frame, struct error *err)
{
	uint8_t *at = output_room(&sink->output, PCAP_FILE_HEADER, err);

	if (!at)
		return -1;
	sink->link = link_of(sink, frame);
	sink->nanoseconds = sink->options.nanoseconds || sink->source->nanoseconds;
	at = store32(at, sink->nanoseconds ? PCAP_MAGIC_NANOSECONDS : PCAP_MAGIC, false);
	at = store16(at, 2, false);
	at = store16(at, 4, false);
	at = store32(at, 0, false);
	at = store32(at, 0, false);
	at = store32(at, snaplen_of(sink), false);
	at = store32(at, sink->link, false);
	output_wrote(&sink->output, at, false);
	return 0;
}

static int unfit(const struct sink *sink, const struct frame *frame, struct error *err)
{
	if (frame->link != sink->link)
		return error_set(err, "%s: packet %" PRIu64 " has link type %u, the packets before have %u, and a pcap "
				 "file holds only one; write pcapng", sink->output.name, frame->number, frame->link,
				 sink->link);
	if (frame->cap_length > CAPTURE_MAX_PACKET)
		return error_set(err, "%s: packet %" PRIu64 " has %" PRIu32 " octets, more than a file can hold",
				 sink->output.name, frame->number, frame->cap_length);
	return error_set(err, "%s: packet %" PRIu64 " has a time that pcap cannot say (before 1970 or after 2106); "
			 "write pcapng", sink->output.name, frame->number);
}

static bool knows_process(const struct frame *frame)
{
	for (unsigned end = 0; end < OWNER_ENDS; end++)
		if (frame->owners[end] && frame->owners[end]->count)
			return true;
	return false;
}

static int pcap_packet(struct sink *sink, const struct frame *frame, struct error *err)
{
	const int64_t time = frame->has_time ? frame->time : 0;
	uint8_t *at;

	if (__builtin_expect(frame->link != sink->link || time < 0 || time / SECOND > UINT32_MAX ||
			     frame->cap_length > CAPTURE_MAX_PACKET, 0))
		return unfit(sink, frame, err);
	at = output_room(&sink->output, PCAP_RECORD_HEADER + (size_t)frame->cap_length, err);
	if (!at)
		return -1;
	at = store32(at, (uint32_t)(time / SECOND), false);
	at = store32(at, (uint32_t)(sink->nanoseconds ? time % SECOND : time % SECOND / 1000), false);
	at = store32(at, frame->cap_length, false);
	at = store32(at, frame->wire_length, false);
	if (frame->cap_length)
		memcpy(at, frame->data, frame->cap_length);
	output_wrote(&sink->output, at + frame->cap_length, true);
	if (__builtin_expect(frame_has_owners(frame), 0))
		sink->owned += knows_process(frame);
	return 0;
}

const struct sink_format_ops sink_pcap_ops = {
	.begin = pcap_begin,
	.packet = pcap_packet,
};
