/* SPDX-License-Identifier: BSD-2-Clause */
/* Any segments into a stream, any fragments into datagrams; the first octet says which. */
#include "stream_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct stream_input in = { data, size };

	if (!size || size > 1 << 15)
		return 0;
	if (input_octet(&in) == 'F')
		fragments_play(&in);
	else
		stream_play(&in);
	return 0;
}
