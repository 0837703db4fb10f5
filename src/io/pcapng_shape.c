/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/pcapng_shape.h"

#include <stddef.h>

#include "io/octets.h"

#define NAMES_AT 8u
#define RECORD_HEADER 4u

struct option_width {
	uint16_t code;
	uint8_t width;
};

struct shape {
	uint32_t type;
	uint8_t options;     /* where they begin, behind the fixed part; 0: see `find` */
	uint8_t last;        /* the last option that the format has */
	const char *numbers;
	const struct option_width *widths; /* ended by a width of 0 */
	uint32_t (*find)(const uint8_t *block, uint32_t length, bool swapped);
};

/* ------------------------------------------------------------------------------------------- where options begin */

static uint32_t behind_data(uint32_t fixed, uint32_t data, uint32_t length)
{
	uint32_t room = length - 4 - fixed;

	return data > room ? 0 : fixed + pcapng_pad(data);
}

static uint32_t of_packet(const uint8_t *block, uint32_t length, bool swapped)
{
	return length < 32 ? 0 : behind_data(28, load32(block + 20, swapped), length);
}

static uint32_t of_secrets(const uint8_t *block, uint32_t length, bool swapped)
{
	return length < 20 ? 0 : behind_data(16, load32(block + 12, swapped), length);
}

uint32_t pcapng_names(const uint8_t *block, uint32_t length, bool swapped,
		      void (*visit)(void *context, uint32_t at, uint16_t type, uint16_t size), void *context)
{
	uint32_t at = NAMES_AT, end = length - 4;
	uint16_t type, size;

	while (end - at >= RECORD_HEADER) {
		type = load16(block + at, swapped);
		size = load16(block + at + 2, swapped);
		if (!type)
			return at + RECORD_HEADER;
		if (pcapng_pad(size) > end - at - RECORD_HEADER)
			return 0;
		if (visit)
			visit(context, at, type, size);
		at += RECORD_HEADER + pcapng_pad(size);
	}
	return end;
}

static uint32_t of_names(const uint8_t *block, uint32_t length, bool swapped)
{
	return pcapng_names(block, length, swapped, NULL, NULL);
}

/* ------------------------------------------------------------------------------------------- the known blocks */

static const struct option_width interface_widths[] = {
	{ INTERFACE_SPEED, 8 },      { INTERFACE_ZONE, 4 },          { INTERFACE_TSOFFSET, 8 },
	{ INTERFACE_SEND_SPEED, 8 }, { INTERFACE_RECEIVE_SPEED, 8 }, { 0, 0 },
};

static const struct option_width packet_widths[] = {
	{ PACKET_FLAGS, 4 }, { PACKET_DROPCOUNT, 8 }, { PACKET_ID, 8 }, { PACKET_QUEUE, 4 }, { PACKET_PROCESS, 4 },
	{ 0, 0 },
};

static const struct option_width old_packet_widths[] = { { PACKET_FLAGS, 4 }, { 0, 0 } };

/* Times of statistics are two words, the upper one first in either byte order. */
static const struct option_width statistics_widths[] = {
	{ STATISTICS_START, 4 },     { STATISTICS_END, 4 },           { STATISTICS_RECEIVED, 8 },
	{ STATISTICS_DROPPED, 8 },   { STATISTICS_FILTER_ACCEPT, 8 }, { STATISTICS_OS_DROPPED, 8 },
	{ STATISTICS_DELIVERED, 8 }, { 0, 0 },
};

static const struct option_width no_widths[] = { { 0, 0 } };

static const struct shape shapes[] = {
	{ BLOCK_PACKET, 0, PACKET_PROCESS, "44444", packet_widths, of_packet },
	{ BLOCK_OLD_PACKET, 0, PACKET_HASH, "224444", old_packet_widths, of_packet },
	{ BLOCK_SIMPLE_PACKET, 0, 0, "4", no_widths, NULL },
	{ BLOCK_SECTION, 24, SECTION_APPLICATION, "4228", no_widths, NULL },
	{ BLOCK_INTERFACE, 16, INTERFACE_ZONE_NAME, "224", interface_widths, NULL },
	{ BLOCK_STATISTICS, 20, STATISTICS_DELIVERED, "444", statistics_widths, NULL },
	{ BLOCK_NAMES, 0, 4, "", no_widths, of_names },
	{ BLOCK_SECRETS, 0, OPTION_COMMENT, "44", no_widths, of_secrets },
	{ BLOCK_CUSTOM_KEPT, 0, 0, "4", no_widths, NULL },
	{ BLOCK_CUSTOM, 0, 0, "4", no_widths, NULL },
};

static const struct shape *find(uint32_t type)
{
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
		if (shapes[i].type == type)
			return &shapes[i];
	return NULL;
}

uint32_t pcapng_options(const uint8_t *block, uint32_t length, bool swapped)
{
	const struct shape *shape = find(load32(block, swapped));

	if (shape && shape->find)
		return shape->find(block, length, swapped);
	return shape && shape->options + 4u <= length ? shape->options : 0;
}

const char *pcapng_numbers(uint32_t type)
{
	const struct shape *shape = find(type);

	return shape ? shape->numbers : "";
}

unsigned pcapng_option_width(uint32_t type, uint16_t code)
{
	const struct shape *shape = find(type);

	for (const struct option_width *w = shape ? shape->widths : no_widths; w->width; w++)
		if (w->code == code)
			return w->width;
	return 0;
}

bool pcapng_option_known(uint32_t type, uint16_t code)
{
	const struct shape *shape = find(type);

	return code == OPTION_COMMENT || (shape && code <= shape->last);
}
