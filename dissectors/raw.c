/* SPDX-License-Identifier: BSD-2-Clause */
/* IP without a link layer (LINKTYPE_RAW, 101; 12 and 14 in files of some systems): the version says which IP it is. */
#include "packet/dissector.h"

enum { RAW_VERSION };

static const struct field_def fields[] = {
	[RAW_VERSION] = { "raw.version", "IP Version", FIELD_UINT, 0, .flags = FIELD_GENERATED,
			  .help = "The first four bits of the packet" },
};

static void raw_dissect(struct parse *p)
{
	uint64_t version = parse_peek(p, 0, 1) >> 4;

	if (!parse_more(p)) {
		parse_overrun(p, 1);
		return;
	}
	parse_add(p, RAW_VERSION, version, p->position, 1);
	if (version == 4)
		parse_next(p, BY_ETHERTYPE, 0x0800, 0);
	else if (version == 6)
		parse_next(p, BY_ETHERTYPE, 0x86dd, 0);
	else
		parse_malformed(p, "neither IPv4 nor IPv6");
}

static const struct bind binds[] = {
	{ BY_LINKTYPE, 101 }, { BY_LINKTYPE, 12 }, { BY_LINKTYPE, 14 }, { BY_NONE, 0 },
};

const struct dissector raw_dissector = {
	.name = "raw",
	.title = "Raw IP",
	.full_name = "IP without a link layer",
	.reference = "LINKTYPE_RAW",
	.fields = fields,
	.field_count = sizeof fields / sizeof *fields,
	.binds = binds,
	.dissect = raw_dissect,
};
