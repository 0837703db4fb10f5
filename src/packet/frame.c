/* SPDX-License-Identifier: BSD-2-Clause */
/* The pcapng options that came with a packet. */
#include "packet/frame.h"

#include <string.h>

static uint16_t load16(const uint8_t *at, bool swapped)
{
	uint16_t value;

	memcpy(&value, at, sizeof value);
	return swapped ? __builtin_bswap16(value) : value;
}

int frame_option_next(const uint8_t *list, uint32_t length, bool swapped, uint32_t *at, struct frame_option *option)
{
	uint32_t left = length - *at, padded;

	if (left < 4)
		return 0;
	option->code = load16(list + *at, swapped);
	option->length = load16(list + *at + 2, swapped);
	option->value = list + *at + 4;
	if (!option->code)
		return 0;
	padded = (option->length + 3u) & ~3u;
	if (padded > left - 4)
		return -1;
	*at += 4 + padded;
	return 1;
}

bool frame_option(const struct frame *frame, uint32_t *at, uint16_t *code, const uint8_t **value, uint16_t *length)
{
	struct frame_option option;

	if (frame_option_next(frame->options, frame->options_length, frame->options_swapped, at, &option) != 1)
		return false;
	*code = option.code;
	*value = option.value;
	*length = option.length;
	return true;
}

uint64_t frame_option_uint(const struct frame *frame, const uint8_t *value, uint16_t length)
{
	uint32_t v32;
	uint64_t v64;

	switch (length) {
	case 1:
		return *value;
	case 2:
		return load16(value, frame->options_swapped);
	case 4:
		memcpy(&v32, value, sizeof v32);
		return frame->options_swapped ? __builtin_bswap32(v32) : v32;
	case 8:
		memcpy(&v64, value, sizeof v64);
		return frame->options_swapped ? __builtin_bswap64(v64) : v64;
	}
	return 0;
}

void frame_times_stamp(struct frame_times *times, struct frame *frame)
{
	if (!times->any) {
		times->first = times->previous = frame->time;
		times->any = frame->has_time;
	}
	frame->first_time = times->first;
	frame->previous_time = times->previous;
	if (frame->has_time)
		times->previous = frame->time;
}
