/* SPDX-License-Identifier: BSD-2-Clause */
/* The cursor that dissectors read with: the one place where octets from the wire are touched. */
#include "packet/dissector.h"

uint64_t parse_overrun(struct parse *p, uint32_t needed)
{
	if (p->failed)
		return 0;
	p->failed = true;
	p->packet->remarkable = true;
	if (p->layer->state == LAYER_OK || p->layer->state == LAYER_OPAQUE) {
		if (p->claim - p->position >= needed) {
			p->layer->state = LAYER_CUT;
			p->layer->problem = "the capture ends here";
		} else if (p->quoted || p->network.fragment) {
			p->layer->state = LAYER_CUT;
			p->layer->problem = p->quoted ? "the quotation ends here" : "the fragment ends here";
		} else {
			p->layer->state = LAYER_MALFORMED;
			p->layer->problem = "the packet ends before the field does";
		}
		p->layer->problem_offset = p->position;
	}
	p->end = p->position;
	return 0;
}

static struct field *no_room(struct parse *p)
{
	if (!p->layer->problem)
		p->layer->problem = "more fields than are kept: the rest is not shown";
	return NULL;
}

/* NULL: there is no room. */
static inline struct field *new_field(struct parse *p, const struct field_def *def, uint32_t offset, uint32_t length)
{
	if (__builtin_expect(p->packet->field_count == PACKET_MAX_FIELDS, 0))
		return no_room(p);
	return parse_field_of(p, def, offset, length);
}

static inline void record(struct parse *p, const struct field_def *def, uint64_t value, uint32_t offset,
			  uint32_t length)
{
	struct field *field = new_field(p, def, offset, length);

	if (field)
		field->value.uint = value;
}

static uint64_t sign_extended(const struct field_def *def, uint64_t value)
{
	unsigned unused = 64 - 8 * def->width;

	return def->width ? (uint64_t)((int64_t)(value << unused) >> unused) : value;
}

/* Apart, so that the common case stays short. */
static __attribute__((noinline)) void record_parts(struct parse *p, unsigned row, uint64_t value, uint32_t offset,
						   uint32_t length)
{
	for (unsigned part = row + 1; part < p->layer->dissector->field_count && p->fields[part].mask; part++) {
		uint64_t mask = p->fields[part].mask;

		if (p->want[part])
			record(p, &p->fields[part], (value & mask) >> __builtin_ctzll(mask), offset, length);
	}
}

void parse_record(struct parse *p, unsigned row, uint64_t value, uint32_t offset, uint32_t length)
{
	const struct field_def *def = &p->fields[row];
	unsigned want = p->want[row];

	if (want & WANT_VALUE)
		record(p, def, def->type == FIELD_INT ? sign_extended(def, value) : value, offset, length);
	if (__builtin_expect(want & WANT_PARTS, 0))
		record_parts(p, row, value, offset, length);
}

uint64_t parse_uint_le(struct parse *p, unsigned row)
{
	unsigned width = p->fields[row].width;
	uint64_t value = 0;

	if (p->end - p->position < width)
		return parse_overrun(p, width);
	for (unsigned i = width; i-- > 0;)
		value = value << 8 | p->base[p->position + i];
	if (p->want[row])
		parse_record(p, row, value, p->position, width);
	p->position += width;
	return value;
}

void parse_record_span(struct parse *p, unsigned row, uint32_t offset, uint32_t length)
{
	struct field *field = new_field(p, &p->fields[row], offset, length);

	if (field)
		field->value.bytes = p->base + offset;
}

const uint8_t *parse_rest(struct parse *p, unsigned row)
{
	return parse_more(p) ? parse_bytes(p, row, parse_left(p)) : NULL;
}

void parse_add_string(struct parse *p, unsigned row, const char *string)
{
	struct field *field;

	if (!p->want[row] || p->failed)
		return;
	field = new_field(p, &p->fields[row], 0, (uint32_t)strlen(string));
	if (field)
		field->value.bytes = (const uint8_t *)string;
}

void parse_add_outside(struct parse *p, unsigned row, const void *at, uint32_t length)
{
	struct field *field = p->want[row] ? new_field(p, &p->fields[row], 0, length) : NULL;

	if (field)
		field->value.bytes = at;
}

struct parse_part parse_enter(struct parse *p, uint32_t length)
{
	struct parse_part part = { .end = p->end, .claim = p->claim };

	if (p->claim - p->position < length) {
		parse_malformed(p, "a part is longer than what holds it");
		length = p->claim - p->position;
	}
	part.stop = p->position + length;
	p->claim = part.stop;
	if (p->end > part.stop)
		p->end = part.stop;
	return part;
}

void parse_leave(struct parse *p, struct parse_part part)
{
	if (p->failed)
		return;
	p->end = part.end;
	p->claim = part.claim;
	if (part.stop <= part.end)
		p->position = part.stop;
	else
		parse_overrun(p, part.stop - p->position);
}

void parse_payload(struct parse *p, uint32_t length)
{
	uint32_t claimed = parse_claimed(p);

	if (length > claimed) {
		if (!p->quoted && !p->segmented && !p->network.fragment)
			parse_malformed(p, "the length says more than there is");
		return;
	}
	if (length < claimed && !p->quoted) {
		p->padding_from = p->position + length;
		if (!p->padding_to)
			p->padding_to = p->claim;
	}
	p->claim = p->position + length;
	if (p->end > p->claim)
		p->end = p->claim;
}

void parse_aside(struct parse *p, enum bind_space space, uint32_t key, uint32_t skip)
{
	if (p->failed || p->quoted || skip >= parse_left(p))
		return;
	p->aside = (struct parse_aside){ space, key, p->position + skip, p->end, p->claim, p->network.fragment };
}

void parse_malformed(struct parse *p, const char *problem)
{
	if (p->failed || p->layer->state == LAYER_MALFORMED)
		return;
	p->packet->remarkable = true;
	p->layer->state = LAYER_MALFORMED;
	p->layer->problem = problem;
	p->layer->problem_offset = p->position;
}

void parse_opaque(struct parse *p, const char *why)
{
	if (p->failed || p->layer->state != LAYER_OK)
		return;
	p->packet->remarkable = true;
	p->layer->state = LAYER_OPAQUE;
	p->layer->problem = why;
	p->layer->problem_offset = p->position;
}

void parse_quotation(struct parse *p)
{
	p->quoted = true;
}

/*
 * Routers from before RFC 4884 put an extension behind 128 octets and tell no length: the checksum tells it from what
 * is quoted (section 5.5).
 */
static bool is_extension(const struct parse *p, uint32_t behind)
{
	uint32_t left = parse_left(p);

	return left >= behind + 4 && parse_whole(p) && parse_peek(p, behind, 1) == 0x20 &&
	       parse_peek(p, behind + 2, 2) &&
	       parse_checksum(p, p->position + behind, left - behind, 1, false) == CHECKSUM_GOOD;
}

void parse_bounded_quotation(struct parse *p, uint32_t length)
{
	if (!length && is_extension(p, 128))
		length = 128;
	if (length)
		parse_aside(p, BY_ICMP_EXTENSION, (uint32_t)parse_peek(p, length, 1) >> 4, length);
	parse_quotation(p);
	if (length)
		parse_payload(p, length);
}
