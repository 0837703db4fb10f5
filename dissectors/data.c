/* SPDX-License-Identifier: BSD-2-Clause */
/* Octets that no protocol of ours claims. */
#include "packet/dissector.h"

enum { DATA_DATA, DATA_LEN };

static const struct field_def fields[] = {
	[DATA_DATA] = { "data.data", "Data", FIELD_BYTES, 0 },
	[DATA_LEN] = { "data.len", "Length", FIELD_UINT, 0, .flags = FIELD_GENERATED },
};

static void data_dissect(struct parse *p)
{
	uint32_t at = p->position, length = parse_left(p);

	parse_rest(p, DATA_DATA);
	parse_add(p, DATA_LEN, length, at, length);
	if (!parse_whole(p))
		parse_overrun(p, parse_claimed(p));
}

const struct dissector data_dissector = {
	.name = "data",
	.title = "Data",
	.full_name = "Data",
	.reference = "none: octets of no known protocol",
	.fields = fields,
	.field_count = sizeof fields / sizeof *fields,
	.dissect = data_dissect,
};
