/* SPDX-License-Identifier: BSD-2-Clause */
/* The ends of conversations, for people. */
#include "analyse/flow.h"
#include "base/text.h"

void flow_end_text(const struct flow_end *end, uint8_t address_length, struct text *out)
{
	char *at = text_room(out, 80);

	if (address_length == 4) {
		at = put_ipv4(at, (uint32_t)load_be(end->address, 4));
	} else {
		*at++ = '[';
		at = put_ipv6(at, end->address);
		*at++ = ']';
	}
	*at++ = ':';
	text_wrote(out, put_uint(at, end->port));
}

bool flow_end_is_multicast(const struct flow *flow, unsigned side)
{
	const uint8_t *address = flow->ends[side].address;

	if (flow->address_length == 16)
		return address[0] == 0xff;
	return address[0] >> 4 == 14 || load_be(address, 4) == UINT32_MAX;
}
