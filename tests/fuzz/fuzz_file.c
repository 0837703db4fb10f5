/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads whatever it is given as a capture file, to its end, and looks at every octet that it is handed. */
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "io/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Packed input may hold very many packets: enough of them is enough. */
#define MOST 100000

static unsigned look(const uint8_t *at, uint32_t length)
{
	unsigned sum = 0;

	for (uint32_t i = 0; i < length; i++)
		sum += at[i];
	return sum;
}

static unsigned look_at_options(const struct frame *frame)
{
	uint32_t at = 0;
	uint16_t code, length;
	const uint8_t *value;
	unsigned sum = 0;

	while (frame_option(frame, &at, &code, &value, &length))
		sum += look(value, length) + (unsigned)frame_option_uint(frame, value, length);
	return sum;
}

static unsigned read_all(const uint8_t *data, size_t size, bool blocks)
{
	struct error err;
	struct source *source = source_memory_open(data, size, &err);
	enum source_answer answer;
	struct source_counters counters;
	struct frame frame;
	unsigned sum = 0;

	if (!source)
		return 0;
	source->want_blocks = blocks;
	for (unsigned i = 0; i < MOST && (answer = source_next(source, &frame, &err)) > 0; i++) {
		if (answer != SOURCE_FRAME && answer != SOURCE_BLOCK)
			bug("answer %d from memory", (int)answer);
		sum += look(frame.data, frame.cap_length) + look(frame.block, frame.block_length);
		sum += look_at_options(&frame);
	}
	for (uint32_t i = 0; i < source->interface_count; i++)
		source_counters(source, i, &counters);
	source_close(source);
	return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	volatile unsigned sum = read_all(data, size, false);

	sum += read_all(data, size, true);
	(void)sum;
	return 0;
}
