/* SPDX-License-Identifier: BSD-2-Clause */
/* Interfaces in a pcapng file that we write, and the blocks that describe a section, an interface and its counters. */
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/mem.h"
#include "io/pcapng_put.h"
#include "io/sink_file.h"

/* ------------------------------------------------------------------------------------------- blocks */

static void put_string(struct text *block, uint16_t code, const char *string)
{
	if (string && *string)
		pcapng_put_option(block, code, string, strlen(string), false);
}

static int block_end(struct sink *sink, struct text *block, struct error *err)
{
	uint8_t *at;

	pcapng_put_end(block, false);
	at = output_room(&sink->output, block->length, err);
	if (at) {
		memcpy(at, block->data, block->length);
		output_wrote(&sink->output, at + block->length, false);
	}
	text_release(block);
	return at ? 0 : -1;
}

/* ------------------------------------------------------------------------------------------- section */

int sink_write_section(struct sink *sink, struct error *err)
{
	struct text block = { 0 }, os = { 0 };
	struct utsname host;

	pcapng_put_begin(&block, BLOCK_SECTION, false);
	pcapng_put32(&block, PCAPNG_BYTE_ORDER, false);
	pcapng_put16(&block, 1, false);
	pcapng_put16(&block, 0, false);
	pcapng_put32(&block, UINT32_MAX, false);
	pcapng_put32(&block, UINT32_MAX, false);
	put_string(&block, OPTION_COMMENT, sink->comment);
	if (!uname(&host)) {
		text_format(&os, "%s %s", host.sysname, host.release);
		put_string(&block, SECTION_HARDWARE, host.machine);
		pcapng_put_option(&block, SECTION_OS, os.data, os.length, false);
		text_release(&os);
	}
	put_string(&block, SECTION_APPLICATION, sink->application);
	pcapng_put32(&block, OPTION_END, false);
	return block_end(sink, &block, err);
}

/* ------------------------------------------------------------------------------------------- interfaces */

static const char *filter_of(const struct sink *sink, const struct interface *interface)
{
	return interface->filter ? interface->filter : sink->capture_filter;
}

static void put_filter(struct text *block, const char *filter)
{
	struct text value = { 0 };

	if (!filter || !*filter)
		return;
	text_char(&value, '\0'); /* says: a string in the language of libpcap */
	text_string(&value, filter);
	pcapng_put_option(block, INTERFACE_FILTER, value.data, value.length, false);
	text_release(&value);
}

static int describe(struct sink *sink, struct sink_interface *own, struct error *err)
{
	static const struct interface unknown;
	const struct interface *interface = own->interface ? own->interface : &unknown;
	const uint8_t resolution = own->nanoseconds ? 9 : 6;
	struct text block = { 0 };

	pcapng_put_begin(&block, BLOCK_INTERFACE, false);
	pcapng_put16(&block, own->link, false);
	pcapng_put16(&block, 0, false);
	pcapng_put32(&block, interface->snaplen, false);
	put_string(&block, INTERFACE_NAME, interface->name);
	put_string(&block, INTERFACE_DESCRIPTION, interface->description);
	pcapng_put_option(&block, INTERFACE_TSRESOL, &resolution, 1, false);
	put_filter(&block, filter_of(sink, interface));
	put_string(&block, INTERFACE_OS, interface->os);
	put_string(&block, INTERFACE_HARDWARE, interface->hardware);
	pcapng_put32(&block, OPTION_END, false);
	own->index = sink->file_interfaces++;
	return block_end(sink, &block, err);
}

static uint32_t add(struct sink *sink, const struct interface *interface, uint16_t link)
{
	uint32_t index = sink->interface_count++;

	if (index >= sink->interface_room) {
		sink->interface_room = sink->interface_room ? 2 * sink->interface_room : 4;
		sink->interfaces = mem_resize(sink->interfaces, sink->interface_room, sizeof *sink->interfaces);
	}
	sink->interfaces[index] = (struct sink_interface){
		.interface = interface,
		.link = link,
		.nanoseconds = sink->live || sink->source->nanoseconds || (interface && interface->tsresol == 9),
		.index = NOT_DESCRIBED,
	};
	return index;
}

static void make_ids(struct sink *sink, uint32_t id)
{
	uint32_t count = sink->by_id_count ? sink->by_id_count : 4;

	while (count <= id)
		count *= 2;
	sink->by_id = mem_resize(sink->by_id, count, sizeof *sink->by_id);
	for (uint32_t i = sink->by_id_count; i < count; i++)
		sink->by_id[i] = NOT_DESCRIBED;
	sink->by_id_count = count;
}

static uint32_t find_known(struct sink *sink, const struct interface *interface)
{
	if (interface->id >= sink->by_id_count)
		make_ids(sink, interface->id);
	if (sink->by_id[interface->id] == NOT_DESCRIBED)
		sink->by_id[interface->id] = add(sink, interface, interface->link);
	return sink->by_id[interface->id];
}

/* Frames of a pcap file name no interface: those of a link type have one, the source's own if it fits. */
static uint32_t find_nameless(struct sink *sink, uint16_t link)
{
	for (uint32_t i = 0; i < sink->interface_count; i++)
		if (sink->interfaces[i].link == link &&
		    (!sink->interfaces[i].interface || !sink->interfaces[i].interface->name))
			return i;
	return add(sink, NULL, link);
}

static struct sink_interface *described(struct sink *sink, uint32_t index, struct error *err)
{
	struct sink_interface *own = &sink->interfaces[index];

	return own->index == NOT_DESCRIBED && describe(sink, own, err) ? NULL : own;
}

struct sink_interface *sink_interface(struct sink *sink, const struct frame *frame, struct error *err)
{
	if (sink->last < sink->interface_count) {
		struct sink_interface *own = &sink->interfaces[sink->last];

		if (own->interface == frame->interface && own->link == frame->link && own->index != NOT_DESCRIBED)
			return own;
	}
	sink->last = frame->interface && frame->interface->link == frame->link ?
			     find_known(sink, frame->interface) : find_nameless(sink, frame->link);
	return described(sink, sink->last, err);
}

static int describe_all(struct sink *sink, struct error *err)
{
	for (uint32_t i = 0; i < sink->source->interface_count; i++)
		if (!described(sink, find_known(sink, sink->source->interfaces[i]), err))
			return -1;
	return 0;
}

int sink_describe_again(struct sink *sink, struct error *err)
{
	sink->file_interfaces = 0;
	for (uint32_t i = 0; i < sink->interface_count; i++)
		sink->interfaces[i].index = NOT_DESCRIBED;
	return describe_all(sink, err);
}

void sink_interfaces_release(struct sink *sink)
{
	free(sink->interfaces);
	free(sink->by_id);
}

/* ------------------------------------------------------------------------------------------- statistics */

static void put_time(struct text *block, const struct sink_interface *own, int64_t time)
{
	uint64_t ticks = (uint64_t)(own->nanoseconds ? time : time / 1000);

	pcapng_put32(block, (uint32_t)(ticks >> 32), false);
	pcapng_put32(block, (uint32_t)ticks, false);
}

static void put_time_option(struct text *block, uint16_t code, const struct sink_interface *own, int64_t time)
{
	pcapng_put16(block, code, false);
	pcapng_put16(block, 8, false);
	put_time(block, own, time);
}

static void put_counter(struct text *block, uint16_t code, uint64_t value)
{
	if (value != COUNTER_UNKNOWN)
		pcapng_put_option(block, code, &value, sizeof value, false);
}

static int write_statistics(struct sink *sink, const struct sink_interface *own, struct error *err)
{
	const char *filter = filter_of(sink, own->interface);
	struct source_counters counters;
	struct text block = { 0 };

	source_counters(sink->source, own->interface->id, &counters);
	pcapng_put_begin(&block, BLOCK_STATISTICS, false);
	pcapng_put32(&block, own->index, false);
	put_time(&block, own, sink->now);
	put_time_option(&block, STATISTICS_START, own, sink->started);
	put_time_option(&block, STATISTICS_END, own, sink->now);
	/* With a filter, what the interface itself received is not known. */
	put_counter(&block, STATISTICS_RECEIVED, filter && *filter ? COUNTER_UNKNOWN : counters.received);
	put_counter(&block, STATISTICS_DROPPED, counters.interface_dropped);
	put_counter(&block, STATISTICS_FILTER_ACCEPT, counters.received);
	put_counter(&block, STATISTICS_OS_DROPPED, counters.dropped);
	put_counter(&block, STATISTICS_DELIVERED, own->packets);
	pcapng_put32(&block, OPTION_END, false);
	return block_end(sink, &block, err);
}

int sink_write_statistics(struct sink *sink, struct error *err)
{
	if (describe_all(sink, err))
		return -1;
	for (uint32_t i = 0; i < sink->interface_count; i++)
		if (sink->interfaces[i].interface && write_statistics(sink, &sink->interfaces[i], err))
			return -1;
	return 0;
}
