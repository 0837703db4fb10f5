/* SPDX-License-Identifier: BSD-2-Clause */
/* What a pcapng file says of its interfaces: how they were set up, and what they counted. */
#include <stddef.h>

#include "base/mem.h"
#include "io/octets.h"
#include "io/source_pcapng.h"

#define MAX_INTERFACES 65536
#define MAX_TEXT (8u << 20) /* octets of names, filters and the like in one file */

static const struct {
	uint16_t code;
	size_t member;
} texts[] = {
	{ INTERFACE_NAME, offsetof(struct interface, name) },
	{ INTERFACE_DESCRIPTION, offsetof(struct interface, description) },
	{ INTERFACE_OS, offsetof(struct interface, os) },
	{ INTERFACE_HARDWARE, offsetof(struct interface, hardware) },
};

/* What the options of an interface description say. */
struct description {
	struct interface *interface;
	uint8_t resolution;
	int64_t offset;
};

static void keep_text(struct pcapng_state *pcapng, char **text, const uint8_t *value, uint16_t length)
{
	if (*text || pcapng->text_kept > MAX_TEXT)
		return;
	pcapng->text_kept += length;
	*text = mem_copy_bytes(value, length);
}

static void read_option(struct pcapng_state *pcapng, struct description *d, const struct frame_option *option,
			bool swapped)
{
	if (option->code == INTERFACE_TSRESOL && option->length == 1)
		d->resolution = *option->value;
	else if (option->code == INTERFACE_TSOFFSET && option->length == 8)
		d->offset = (int64_t)load64(option->value, swapped);
	else if (option->code == INTERFACE_FILTER && option->length > 1 && !*option->value)
		keep_text(pcapng, &d->interface->filter, option->value + 1, option->length - 1);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (option->code == texts[i].code)
			keep_text(pcapng, (char **)((char *)d->interface + texts[i].member), option->value,
				  option->length);
}

static int check_options(const uint8_t *list, uint32_t length, bool swapped)
{
	struct frame_option option;
	uint32_t at = 0;
	int status;

	do
		status = frame_option_next(list, length, swapped, &at, &option);
	while (status > 0);
	return status;
}

static struct pcapng_interface *room_for(struct pcapng_state *pcapng, uint32_t index)
{
	if (index >= pcapng->interface_room) {
		pcapng->interface_room = pcapng->interface_room ? 2 * pcapng->interface_room : 4;
		pcapng->interfaces = mem_resize(pcapng->interfaces, pcapng->interface_room, sizeof *pcapng->interfaces);
	}
	return &pcapng->interfaces[index];
}

static void describe(struct file_source *file, struct pcapng_interface *own, const struct description *d)
{
	pcapng_clock_init(&own->clock, d->resolution, d->offset);
	own->counters = (struct source_counters){ COUNTER_UNKNOWN, COUNTER_UNKNOWN, COUNTER_UNKNOWN };
	d->interface->tsresol = pcapng_clock_fine(&own->clock) ? 9 : 6;
	if (d->interface->tsresol == 9)
		file->source.nanoseconds = true;
}

enum source_answer pcapng_add_interface(struct file_source *file, const struct block *block, struct error *err)
{
	const uint8_t *options = block->at + 16;
	uint32_t length = block->length - 20, at = 0;
	struct description d = { .resolution = 6 };
	struct pcapng_interface *own;
	struct frame_option option;

	if (file->source.interface_count == MAX_INTERFACES)
		return file_damaged(file, err, "more than %u interfaces", MAX_INTERFACES);
	if (check_options(options, length, block->swapped) < 0)
		return file_damaged(file, err, "an option of an interface is longer than its block");
	own = room_for(&file->pcapng, file->source.interface_count);
	d.interface = source_add_interface(&file->source);
	d.interface->link = load16(block->at + 8, block->swapped);
	d.interface->snaplen = load32(block->at + 12, block->swapped);
	while (frame_option_next(options, length, block->swapped, &at, &option) > 0)
		read_option(&file->pcapng, &d, &option, block->swapped);
	describe(file, own, &d);
	return SOURCE_BLOCK;
}

/* Received: what the filter took, or without a filter's count what the interface saw. */
static void read_counter(struct source_counters *counters, const struct frame_option *option, bool swapped,
			 uint64_t *accepted)
{
	uint64_t value;

	if (option->length != 8)
		return;
	value = load64(option->value, swapped);
	if (option->code == STATISTICS_RECEIVED)
		counters->received = value;
	else if (option->code == STATISTICS_FILTER_ACCEPT)
		*accepted = value;
	else if (option->code == STATISTICS_OS_DROPPED)
		counters->dropped = value;
	else if (option->code == STATISTICS_DROPPED)
		counters->interface_dropped = value;
}

enum source_answer pcapng_read_statistics(struct file_source *file, const struct block *block, struct error *err)
{
	const uint8_t *options = block->at + 20;
	uint32_t length = block->length - 24, at = 0, number = load32(block->at + 8, block->swapped);
	uint64_t accepted = COUNTER_UNKNOWN;
	struct source_counters *counters;
	struct frame_option option;

	if (number >= file->source.interface_count - file->pcapng.first_interface)
		return file_damaged(file, err, "statistics of interface %u, which the section does not describe",
				    number);
	if (check_options(options, length, block->swapped) < 0)
		return file_damaged(file, err, "an option of the statistics is longer than its block");
	counters = &file->pcapng.interfaces[file->pcapng.first_interface + number].counters;
	while (frame_option_next(options, length, block->swapped, &at, &option) > 0)
		read_counter(counters, &option, block->swapped, &accepted);
	if (accepted != COUNTER_UNKNOWN)
		counters->received = accepted;
	return SOURCE_BLOCK;
}
