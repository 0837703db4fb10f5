/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/census.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "io/octets.h"
#include "io/pcapng_shape.h"

#define MICROSECONDS 6

static void count_kind(struct census_kinds *kinds, uint32_t kind)
{
	for (unsigned i = 0; i < kinds->count; i++)
		if (kinds->list[i].kind == kind) {
			kinds->list[i].count++;
			return;
		}
	if (kinds->count == CENSUS_KINDS)
		kinds->more++;
	else
		kinds->list[kinds->count++] = (struct census_kind){ kind, 1 };
}

/* ------------------------------------------------------------------------------------------- options */

static void count_comment(struct census *c, enum census_place place, uint64_t number,
			  const struct frame_option *option)
{
	c->comments[place]++;
	if (c->kept_comments < CENSUS_COMMENTS)
		c->first_comments[c->kept_comments++] = (struct census_comment){
			place, number, mem_copy_bytes(option->value, option->length)
		};
}

static void count_comments(struct census *c, enum census_place place, uint64_t number, const uint8_t *list,
			   uint32_t length, bool swapped)
{
	struct frame_option option;
	uint32_t at = 0;

	while (frame_option_next(list, length, swapped, &at, &option) > 0)
		if (option.code == OPTION_COMMENT)
			count_comment(c, place, number, &option);
}

/* The options of a block, which begin at *at. */
static const uint8_t *options_of(const struct frame *frame, uint32_t *length)
{
	uint32_t at = pcapng_options(frame->block, frame->block_length, frame->options_swapped);

	*length = at ? frame->block_length - 4 - at : 0;
	return frame->block + at;
}

static void comments_of(struct census *c, const struct frame *frame, enum census_place place, uint64_t number)
{
	uint32_t length;
	const uint8_t *list = options_of(frame, &length);

	count_comments(c, place, number, list, length, frame->options_swapped);
}

/* ------------------------------------------------------------------------------------------- packets */

static void count_time(struct census *c, const struct frame *frame)
{
	bool first = c->packets - c->timeless == 1;

	if (!first && frame->time < c->previous && !c->backwards++)
		c->backwards_at = frame->number;
	if (first || frame->time < c->first_time)
		c->first_time = frame->time;
	if (first || frame->time > c->last_time)
		c->last_time = frame->time;
	c->previous = frame->time;
}

static bool is_process(const struct census_process *kept, const struct process *process)
{
	if (kept->pid != process->pid || !kept->name != !process->name)
		return false;
	return !kept->name || !strcmp(kept->name, process->name);
}

static void name_process(struct census *c, const struct process *process)
{
	struct census_process own = { .pid = process->pid };

	for (unsigned i = 0; i < c->process_count; i++)
		if (is_process(&c->processes[i], process))
			return;
	if (c->process_count == CENSUS_PROCESSES) {
		c->more_processes = true;
		return;
	}
	own.name = process->name ? mem_copy_string(process->name) : NULL;
	c->processes[c->process_count++] = own;
}

static void count_owners(struct census *c, const struct frame *frame)
{
	bool any = false;

	for (unsigned end = 0; end < OWNER_ENDS; end++)
		for (unsigned i = 0; frame->owners[end] && i < frame->owners[end]->count; i++, any = true)
			name_process(c, frame->owners[end]->processes[i]);
	c->owned += any;
}

static void take_packet(struct census *c, const struct frame *frame)
{
	c->packets++;
	c->captured += frame->cap_length;
	c->wire += frame->wire_length;
	c->cut += frame->cap_length < frame->wire_length;
	if (c->packets == 1 || frame->wire_length < c->shortest)
		c->shortest = frame->wire_length;
	if (frame->wire_length > c->longest)
		c->longest = frame->wire_length;
	count_kind(&c->links, frame->link);
	if (frame->interface && frame->interface->id < c->interface_count)
		c->interfaces[frame->interface->id].packets++;
	if (frame->has_time)
		count_time(c, frame);
	else
		c->timeless++;
	if (frame_has_owners(frame))
		count_owners(c, frame);
	if (frame->options_length) {
		c->with_options++;
		count_comments(c, CENSUS_PACKET, frame->number, frame->options, frame->options_length,
			       frame->options_swapped);
	}
}

/* ------------------------------------------------------------------------------------------- other blocks */

static void keep(char **text, const struct frame_option *option)
{
	if (!*text)
		*text = mem_copy_bytes(option->value, option->length);
}

static void take_section(struct census *c, const struct frame *frame)
{
	struct frame_option option;
	uint32_t length, at = 0;
	const uint8_t *list = options_of(frame, &length);

	if (!c->sections)
		c->swapped = frame->options_swapped;
	c->orders_differ |= c->swapped != frame->options_swapped;
	c->sections++;
	c->section_interfaces = c->interface_count;
	while (frame_option_next(list, length, frame->options_swapped, &at, &option) > 0)
		if (option.code == SECTION_HARDWARE)
			keep(&c->hardware, &option);
		else if (option.code == SECTION_OS)
			keep(&c->system, &option);
		else if (option.code == SECTION_APPLICATION)
			keep(&c->application, &option);
	comments_of(c, frame, CENSUS_SECTION, c->sections);
}

static void take_interface(struct census *c, const struct frame *frame)
{
	struct census_interface *own;
	struct frame_option option;
	uint32_t length, at = 0;
	const uint8_t *list = options_of(frame, &length);

	if (c->interface_count == c->interface_room) {
		c->interface_room = c->interface_room ? 2 * c->interface_room : 4;
		c->interfaces = mem_resize(c->interfaces, c->interface_room, sizeof *c->interfaces);
	}
	own = &c->interfaces[c->interface_count];
	*own = (struct census_interface){ .resolution = MICROSECONDS };
	while (frame_option_next(list, length, frame->options_swapped, &at, &option) > 0)
		if (option.code == INTERFACE_TSRESOL && option.length == 1)
			own->resolution = *option.value;
		else if (option.code != INTERFACE_TSRESOL && option.code != OPTION_COMMENT)
			own->told = true;
	comments_of(c, frame, CENSUS_INTERFACE, c->interface_count);
	c->interface_count++;
}

static void take_statistics(struct census *c, const struct frame *frame)
{
	uint32_t interface = c->section_interfaces + load32(frame->block + 8, frame->options_swapped);

	c->statistics++;
	if (interface < c->interface_count)
		c->interfaces[interface].statistics++;
	comments_of(c, frame, CENSUS_ELSEWHERE, 0);
}

struct named {
	struct census *census;
	const uint8_t *block;
};

/* An address and the names that it has, each with a NUL behind it. */
static void count_names(void *context, uint32_t at, uint16_t type, uint16_t size)
{
	static const uint8_t address[] = { [1] = 4, [2] = 16, [3] = 6, [4] = 8 };
	struct named *named = context;

	for (uint32_t i = type < sizeof address ? address[type] : size; i < size; i++)
		named->census->names += !named->block[at + 4 + i];
}

static void take_names(struct census *c, const struct frame *frame)
{
	struct named named = { c, frame->block };

	pcapng_names(frame->block, frame->block_length, frame->options_swapped, count_names, &named);
	comments_of(c, frame, CENSUS_ELSEWHERE, 0);
}

static void take_secrets(struct census *c, const struct frame *frame)
{
	c->secrets++;
	comments_of(c, frame, CENSUS_ELSEWHERE, 0);
}

static void take_custom(struct census *c, const struct frame *frame)
{
	(void)frame;
	c->custom++;
}

static const struct {
	uint32_t type;
	void (*take)(struct census *c, const struct frame *frame);
} takers[] = {
	{ BLOCK_SECTION, take_section },       { BLOCK_INTERFACE, take_interface }, { BLOCK_NAMES, take_names },
	{ BLOCK_STATISTICS, take_statistics }, { BLOCK_SECRETS, take_secrets },     { BLOCK_CUSTOM, take_custom },
	{ BLOCK_CUSTOM_KEPT, take_custom },
};

void census_take(struct census *census, const struct frame *frame)
{
	uint32_t type;

	if (frame->data || !frame->block) {
		take_packet(census, frame);
		return;
	}
	type = load32(frame->block, frame->options_swapped);
	for (size_t i = 0; i < sizeof takers / sizeof *takers; i++)
		if (takers[i].type == type) {
			takers[i].take(census, frame);
			return;
		}
	count_kind(&census->others, type);
}

uint64_t census_comments(const struct census *census)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < CENSUS_PLACES; i++)
		sum += census->comments[i];
	return sum;
}

void census_release(struct census *census)
{
	for (unsigned i = 0; i < census->kept_comments; i++)
		free(census->first_comments[i].text);
	for (unsigned i = 0; i < census->process_count; i++)
		free(census->processes[i].name);
	free(census->interfaces);
	free(census->hardware);
	free(census->system);
	free(census->application);
	*census = (struct census){ 0 };
}
