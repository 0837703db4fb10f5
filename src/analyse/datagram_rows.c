/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyse/datagram_rows.h"

#include <stdio.h>

static const struct field_def *row_of(const char *prefix, const char *name)
{
	char full[64];
	const struct dissector *dissector;
	const struct field_def *def;

	snprintf(full, sizeof full, "%s%s", prefix, name);
	def = protocols_field(full, &dissector);
	if (!def)
		bug("no field %s", full);
	return def;
}

void datagram_rows_find(struct datagram_rows *rows, const struct protocols *protocols, const char *dissector,
			const char *prefix, const char *in)
{
	const struct {
		const struct field_def **row;
		const char *name;
	} names[] = {
		{ &rows->fragments, "fragments" },          { &rows->fragment, "fragment" },
		{ &rows->overlap, "fragment.overlap" },     { &rows->conflict, "fragment.overlap.conflict" },
		{ &rows->tails, "fragment.multipletails" }, { &rows->too_long, "fragment.toolongfragment" },
		{ &rows->count, "fragment.count" },         { &rows->length, "reassembled.length" },
	};

	rows->dissector = protocols_find(dissector);
	rows->in = row_of(prefix, in);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const struct field_def *def = row_of(prefix, names[i].name);

		*names[i].row = protocols_wants(protocols, def) ? def : NULL;
	}
}

static void tell(struct packet *packet, unsigned layer, const struct field_def *def, uint64_t value)
{
	struct note note = { .def = def, .value.uint = value };

	if (def)
		packet_note(packet, layer, &note, 1);
}

static void tell_if(struct packet *packet, unsigned layer, const struct field_def *def, bool is)
{
	if (is)
		tell(packet, layer, def, 1);
}

void datagram_tell(const struct datagram_rows *rows, struct packet *packet, unsigned layer, struct datagram *datagram)
{
	datagram_sort(datagram);
	tell(packet, layer, rows->fragments, 0);
	for (unsigned i = 0; i < datagram->count; i++) {
		const struct fragment *piece = &datagram->pieces[i];

		tell(packet, layer, rows->fragment, piece->frame);
		tell_if(packet, layer, rows->overlap, piece->overlap);
		tell_if(packet, layer, rows->conflict, piece->conflict);
		tell_if(packet, layer, rows->tails, piece->other_tail);
		tell_if(packet, layer, rows->too_long, piece->offset + piece->length > datagram->end);
	}
	tell(packet, layer, rows->count, datagram->count);
	tell(packet, layer, rows->length, datagram->end);
}
