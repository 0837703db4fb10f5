/* SPDX-License-Identifier: BSD-2-Clause */
/* What a segment has to do with messages that span several, as fields of TCP. */
#include <string.h>

#include "analyse/messages_parts.h"
#include "base/error.h"

static const struct field_def *row_of(const struct messages *messages, const char *name)
{
	const struct dissector *dissector;
	const struct field_def *def = protocols_field(name, &dissector);

	if (!def)
		bug("no field %s", name);
	return protocols_wants(messages->protocols, def) ? def : NULL;
}

void messages_find_rows(struct messages *messages)
{
	messages->part = row_of(messages, "tcp.segment_data");
	messages->joined = row_of(messages, "tcp.reassembled.length");
}

void messages_tell_part(const struct messages *messages, struct packet *packet, unsigned transport,
			const uint8_t *octets, size_t length)
{
	const struct note note = { .def = messages->part, .value.bytes = octets, .length = (uint32_t)length };

	if (note.def)
		packet_note(packet, transport, &note, 1);
}

/* A protocol whose messages span segments ends them with LF; one that does not is all that is there. */
void messages_tell_joined(const struct messages *messages, struct packet *packet, unsigned transport,
			  const uint8_t *octets, size_t length)
{
	const uint8_t *end = memchr(octets, '\n', length);
	const struct note note = { .def = messages->joined, .value.uint = end ? (size_t)(end - octets) + 1 : length };

	if (note.def)
		packet_note(packet, transport, &note, 1);
}
