/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Octets behind the innermost payload: what fills an Ethernet frame up to its least length (IEEE Std 802.3 clause
 * 3.2.8), a trailer that a switch added, or a frame check sequence that the capture kept.
 */
#include "packet/dissector.h"

enum { PADDING_DATA, PADDING_LEN };

static const struct field_def fields[] = {
	[PADDING_DATA] = { "padding.data", "Padding", FIELD_BYTES, 0 },
	[PADDING_LEN] = { "padding.len", "Length", FIELD_UINT, 0, .flags = FIELD_GENERATED },
};

static void padding_dissect(struct parse *p)
{
	uint32_t at = p->position, length = parse_left(p);

	parse_rest(p, PADDING_DATA);
	parse_add(p, PADDING_LEN, length, at, length);
	if (!parse_whole(p))
		parse_overrun(p, parse_claimed(p));
}

const struct dissector padding_dissector = {
	.name = "padding",
	.title = "Padding",
	.full_name = "Padding",
	.reference = "IEEE Std 802.3",
	.fields = fields,
	.field_count = sizeof fields / sizeof *fields,
	.dissect = padding_dissect,
};
