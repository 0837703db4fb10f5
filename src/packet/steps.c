/* SPDX-License-Identifier: BSD-2-Clause */
/* Headers as data, and looks ahead: what dissectors build on top of the cursor. */
#include "packet/dissector.h"

static const bool is_span[FIELD_TYPES] = {
	[FIELD_MAC] = true, [FIELD_IPV6] = true, [FIELD_BYTES] = true, [FIELD_STRING] = true,
};

static void one_step(struct parse *p, struct parse_step step)
{
	const struct field_def *def = &p->fields[step.row];

	if (!is_span[def->type])
		parse_uint_of(p, def, step.row);
	else if (step.length || def->width)
		parse_bytes(p, step.row, step.length ? step.length : def->width);
	else
		parse_rest(p, step.row);
}

void parse_steps(struct parse *p, const struct parse_step *steps)
{
	for (; steps->row != 0xff; steps++)
		one_step(p, *steps);
}

struct parse_part parse_ahead(struct parse *p, uint32_t skip)
{
	struct parse_part part = { .end = p->end, .claim = p->claim, .stop = p->position };

	p->position = skip < parse_left(p) ? p->position + skip : p->end;
	return part;
}
