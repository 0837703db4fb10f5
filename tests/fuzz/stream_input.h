/* SPDX-License-Identifier: BSD-2-Clause */
/* What fuzz_stream reads: letters that say what happens, each followed by its arguments as octets. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define CHECK(truth)                                                                                                   \
	do {                                                                                                           \
		if (!(truth))                                                                                          \
			bug("%s:%d: not so: %s", __FILE__, __LINE__, #truth);                                          \
	} while (0)

struct stream_input {
	const uint8_t *data;
	size_t length;
};

/* What the input says next; 0 at its end. */
static inline uint8_t input_octet(struct stream_input *in)
{
	if (!in->length)
		return 0;
	in->length--;
	return *in->data++;
}

static inline uint32_t input_number(struct stream_input *in, unsigned octets)
{
	uint32_t number = 0;

	while (octets-- > 0)
		number = number << 8 | input_octet(in);
	return number;
}

/* The rest of the input as segments of a stream; as fragments of datagrams. */
void stream_play(struct stream_input *in);
void fragments_play(struct stream_input *in);
