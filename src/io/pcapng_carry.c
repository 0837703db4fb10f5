/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/pcapng_carry.h"

#include <inttypes.h>

#include "io/octets.h"
#include "io/pcapng_shape.h"
#include "packet/frame.h"

/* A block on its way. */
struct way {
	struct pcapng_carry *carry;
	const uint8_t *block;
	uint32_t length;
	struct text *out;
	uint32_t done; /* octets of the block that are carried */
};

static uint8_t *room(struct text *out, uint32_t octets)
{
	uint8_t *at = (uint8_t *)text_room(out, octets);

	out->length += octets;
	return at;
}

/* Octets as they are, up to `to`. */
static void copy_up_to(struct way *way, uint32_t to)
{
	text_add(way->out, way->block + way->done, to - way->done);
	way->done = to;
}

/* A number of the block, turned round. */
static void turn(struct way *way, unsigned width)
{
	const uint8_t *from = way->block + way->done;
	uint8_t *to = room(way->out, width);

	for (unsigned i = 0; i < width; i++)
		to[i] = from[width - 1 - i];
	way->done += width;
}

/* ------------------------------------------------------------------------------------------- options */

static bool is_custom(uint16_t code)
{
	return code == OPTION_CUSTOM_TEXT_KEPT || code == OPTION_CUSTOM_KEPT || code == OPTION_CUSTOM_TEXT ||
	       code == OPTION_CUSTOM;
}

static bool is_text(uint16_t code)
{
	return code == OPTION_CUSTOM_TEXT_KEPT || code == OPTION_CUSTOM_TEXT;
}

/* What is known of a value is turned; the rest, with the padding, goes as it is. */
static void turn_value(struct way *way, uint32_t type, const struct frame_option *option)
{
	const uint32_t end = way->done + pcapng_pad(option->length);
	const unsigned width = is_custom(option->code) ? 0 : pcapng_option_width(type, option->code);
	const uint32_t last = way->done + option->length;

	if (is_custom(option->code) && option->length >= 4)
		turn(way, 4);
	else if (width)
		while (last - way->done >= width)
			turn(way, width);
	if (way->done < last && !is_text(option->code) && !pcapng_option_known(type, option->code))
		way->carry->opaque++;
	copy_up_to(way, end);
}

static void turn_options(struct way *way, uint32_t type, uint32_t end)
{
	const uint8_t *list = way->block + way->done;
	const uint32_t length = end - way->done;
	struct frame_option option;
	uint32_t at = 0;
	int status;

	while ((status = frame_option_next(list, length, way->carry->from_swapped, &at, &option)) > 0) {
		turn(way, 2);
		turn(way, 2);
		turn_value(way, type, &option);
	}
	way->carry->opaque += status < 0;
	copy_up_to(way, end);
}

void pcapng_carry_options(struct pcapng_carry *carry, uint32_t type, const uint8_t *list, uint32_t length,
			  struct text *out)
{
	struct way way = { .carry = carry, .block = list, .length = length, .out = out };

	if (carry->from_swapped == carry->to_swapped)
		copy_up_to(&way, length);
	else
		turn_options(&way, type, length);
}

/* ------------------------------------------------------------------------------------------- whole blocks */

static void turn_record(void *context, uint32_t at, uint16_t type, uint16_t size)
{
	struct way *way = context;

	(void)type;
	turn(way, 2);
	turn(way, 2);
	copy_up_to(way, at + 4 + pcapng_pad(size));
}

static void turn_block(struct way *way)
{
	const bool swapped = way->carry->from_swapped;
	const uint32_t type = load32(way->block, swapped), end = way->length - 4;
	const uint32_t options = pcapng_options(way->block, way->length, swapped);

	turn(way, 4);
	turn(way, 4);
	for (const char *width = pcapng_numbers(type); *width && end - way->done >= (unsigned)(*width - '0'); width++)
		turn(way, (unsigned)(*width - '0'));
	if (type == BLOCK_NAMES && options)
		pcapng_names(way->block, way->length, swapped, turn_record, way);
	if (options)
		copy_up_to(way, options);
	if (options)
		turn_options(way, type, end);
	else if (way->done < end && type != BLOCK_SIMPLE_PACKET)
		way->carry->opaque++;
	copy_up_to(way, end);
	turn(way, 4);
}

/* ------------------------------------------------------------------------------------------- interfaces */

static int number_of(const struct pcapng_carry *carry, uint32_t interface, uint32_t *number, struct error *err)
{
	if (interface >= carry->interface_count)
		return error_set(err, "interface %" PRIu32 " is not described", interface);
	*number = carry->interfaces[interface];
	return 0;
}

static int name_interface(struct pcapng_carry *carry, const uint8_t *block, uint8_t *out, struct error *err)
{
	uint32_t number = 0;

	if (number_of(carry, load32(block + 8, carry->from_swapped), &number, err) < 0)
		return -1;
	store32(out + 8, number, carry->to_swapped);
	return 0;
}

static int name_interface_old(struct pcapng_carry *carry, const uint8_t *block, uint8_t *out, struct error *err)
{
	uint32_t number = 0;

	if (number_of(carry, load16(block + 8, carry->from_swapped), &number, err) < 0)
		return -1;
	if (number > UINT16_MAX)
		return error_set(err, "an obsolete packet block cannot name interface %" PRIu32, number);
	store16(out + 8, (uint16_t)number, carry->to_swapped);
	return 0;
}

/* A Simple Packet Block made an Enhanced one. */
static void enhance(struct pcapng_carry *carry, const uint8_t *block, uint32_t captured, uint32_t number,
		    struct text *out)
{
	const uint32_t length = 32 + pcapng_pad(captured);
	uint8_t *at;

	text_clear(out);
	at = room(out, length);
	at = store32(at, BLOCK_PACKET, carry->to_swapped);
	at = store32(at, length, carry->to_swapped);
	at = store32(at, number, carry->to_swapped);
	at = store64(at, 0, carry->to_swapped);
	at = store32(at, captured, carry->to_swapped);
	at = store32(at, load32(block + 8, carry->from_swapped), carry->to_swapped);
	memset(at + pcapng_pad(captured) - (captured ? 4 : 0), 0, captured ? 4 : 0);
	memcpy(at, block + 12, captured);
	store32(at + pcapng_pad(captured), length, carry->to_swapped);
	carry->timeless++;
}

static int simple(struct pcapng_carry *carry, const uint8_t *block, uint32_t captured, struct text *out,
		  struct error *err)
{
	uint32_t number = 0;

	if (number_of(carry, 0, &number, err) < 0)
		return -1;
	if (number)
		enhance(carry, block, captured, number, out);
	return 0;
}

int pcapng_carry(struct pcapng_carry *carry, const uint8_t *block, uint32_t length, uint32_t captured,
		 struct text *out, struct error *err)
{
	struct way way = { .carry = carry, .block = block, .length = length, .out = out };

	text_clear(out);
	if (carry->from_swapped == carry->to_swapped)
		copy_up_to(&way, length);
	else
		turn_block(&way);
	switch (load32(block, carry->from_swapped)) {
	case BLOCK_PACKET:
	case BLOCK_STATISTICS:
		return name_interface(carry, block, (uint8_t *)out->data, err);
	case BLOCK_OLD_PACKET:
		return name_interface_old(carry, block, (uint8_t *)out->data, err);
	case BLOCK_SIMPLE_PACKET:
		return simple(carry, block, captured, out, err);
	}
	return 0;
}
