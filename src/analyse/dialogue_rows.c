/* SPDX-License-Identifier: BSD-2-Clause */
/* The rows of dialogues in a run, and the notes that fill them. */
#include "analyse/dialogue_parts.h"

#include "base/mem.h"

static const struct pairing_kind kinds[PAIRINGS] = {
	{ .protocol = "date", .request = "date.request", .reply = "date.reply", .content = "date.time",
	  .unasked = true, .by_content = true },
	{ .protocol = "echo", .request = "echo.request", .reply = "echo.response", .stream = true, .compared = true,
	  .empty_is_optional = true },
};

static const char *const row_names[DIALOGUE_ROWS] = {
	[ROW_REQUEST_IN] = "request_in", [ROW_RESPONSE_IN] = "response_in", [ROW_RESPONSE_TIME] = "response_time",
	[ROW_ANSWER] = "answer",         [ROW_UNANSWERED] = "unanswered",   [ROW_OTHER_HOST] = "other_host",
	[ROW_LATE] = "late",             [ROW_REFUSED] = "refused",         [ROW_IDENTICAL] = "identical",
	[ROW_TRANSFORM] = "transform",
};

struct row row_named(const struct protocols *protocols, const char *name)
{
	const struct dissector *dissector;
	const struct field_def *def = protocols_field(name, &dissector);

	return (struct row){ .def = def, .wanted = def && protocols_wants(protocols, def) };
}

const struct field_def *row_read(struct protocols *protocols, const char *name)
{
	struct row row = row_named(protocols, name);

	/* To want what is wanted already would end the brevity of the run. */
	if (row.def && !row.wanted)
		protocols_want_also(protocols, row.def);
	return row.def;
}

static void pairing_find(struct pairing *pairing, const struct pairing_kind *kind, struct protocols *protocols)
{
	struct text name = { 0 };

	pairing->kind = kind;
	pairing->dissector = protocols_find(kind->protocol);
	for (unsigned row = 0; row < DIALOGUE_ROWS; row++) {
		text_clear(&name);
		text_format(&name, "%s.%s", kind->protocol, row_names[row]);
		text_add(&name, "", 1);
		pairing->rows[row] = row_named(protocols, name.data);
	}
	pairing->request = row_read(protocols, kind->request);
	pairing->reply = row_read(protocols, kind->reply);
	pairing->content = kind->content ? row_read(protocols, kind->content) : NULL;
	text_release(&name);
}

void pairings_find(struct dialogues *d, struct protocols *protocols)
{
	for (unsigned i = 0; i < PAIRINGS; i++)
		pairing_find(&d->pairings[i], &kinds[i], protocols);
}

static void note(struct notes *notes, const struct row *row, union field_value value, uint32_t length)
{
	if (row->wanted && notes->count < NOTES_MAX)
		notes->list[notes->count++] = (struct note){ .def = row->def, .value = value, .length = length };
}

void note_number(struct notes *notes, const struct row *row, uint64_t value)
{
	note(notes, row, (union field_value){ .uint = value }, 0);
}

void note_string(struct dialogues *d, const struct packet *packet, struct notes *notes, const struct row *row,
		 const void *string, size_t length)
{
	char *place;

	if (!row->wanted || !length)
		return;
	if (d->strings_frame != packet->frame->number) {
		d->strings_frame = packet->frame->number;
		d->string_count = 0;
	}
	if (d->string_count == PACKET_STRINGS)
		return;
	place = d->strings[d->string_count++];
	length = length < PACKET_STRING_MAX ? length : PACKET_STRING_MAX;
	memcpy(place, string, length);
	note(notes, row, (union field_value){ .bytes = (const uint8_t *)place }, (uint32_t)length);
}

void notes_give(const struct notes *notes, struct packet *packet, unsigned layer)
{
	if (notes->count)
		packet_note(packet, layer, notes->list, notes->count);
}

const struct field *field_of(const struct packet *packet, unsigned layer, const struct field_def *def)
{
	return layer_find(packet, &packet->layers[layer], def);
}

unsigned layer_nth(const struct packet *packet, unsigned layer)
{
	unsigned nth = 0;

	for (unsigned i = 0; i < layer; i++)
		nth += packet->layers[i].dissector == packet->layers[layer].dissector && !packet->layers[i].quoted;
	return nth;
}

/* FNV-1a, eight octets at a turn, so that long contents are not slow. */
uint64_t octets_hash(const void *octets, size_t length)
{
	const uint8_t *at = octets;
	uint64_t hash = UINT64_C(14695981039346656037) ^ length, word;

	for (; length >= 8; length -= 8, at += 8) {
		memcpy(&word, at, 8);
		hash = (hash ^ word) * UINT64_C(1099511628211);
		hash ^= hash >> 29;
	}
	for (; length; length--)
		hash = (hash ^ *at++) * UINT64_C(1099511628211);
	return hash ^ hash >> 32;
}
