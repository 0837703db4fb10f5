/* SPDX-License-Identifier: BSD-2-Clause */
/* Chosen fields in columns, one line a packet: tshark's -T fields, with its value forms. */
#include <stdlib.h>

#include "base/mem.h"
#include "packet/dissector.h"
#include "render/renderers.h"
#include "render/value.h"

/* Writes the value as tshark's -T fields does. */
typedef void value_writer(struct text *out, struct time_cache *cache, const struct field *field);

/* A row that is wanted, and where it goes. `map` is a hash table of them, by row. */
struct wanted {
	const struct field_def *def; /* NULL: the slot is free */
	unsigned column;
	unsigned other;              /* the next entry for the same row + 1 in `more`; 0: none */
};

/* The fields of the packet at hand that belong to a column. */
struct column {
	const struct field *first, *last;
	unsigned count;
};

struct fields {
	struct time_cache time;
	struct column *columns;
	struct wanted *map, *more;
	unsigned map_size; /* a power of two */
	unsigned more_count;
};

/* ------------------------------------------------------------------------------------------------ the map */

static inline unsigned slot_of(const struct fields *fields, const struct field_def *def)
{
	return (unsigned)((uint64_t)(uintptr_t)def * 0x9e3779b97f4a7c15 >> 32) & (fields->map_size - 1);
}

static inline struct wanted *find(const struct fields *fields, const struct field_def *def)
{
	unsigned slot = slot_of(fields, def);

	while (fields->map[slot].def && fields->map[slot].def != def)
		slot = (slot + 1) & (fields->map_size - 1);
	return &fields->map[slot];
}

static void want(struct fields *fields, const struct field_def *def, unsigned column)
{
	struct wanted *slot = find(fields, def);

	if (slot->def) {
		fields->more[fields->more_count] = (struct wanted){ def, column, slot->other };
		slot->other = ++fields->more_count;
	} else {
		*slot = (struct wanted){ def, column, 0 };
	}
}

static const struct dissector *owner_of(const struct field_def *def)
{
	for (unsigned i = 0; dissector_list[i]; i++)
		if (def >= dissector_list[i]->fields &&
		    def < dissector_list[i]->fields + dissector_list[i]->field_count)
			return dissector_list[i];
	bug("%s belongs to no protocol", def->name);
}

static void resolve(struct fields *fields, const struct field_def *def, unsigned column)
{
	if (!(def->flags & FIELD_EITHER)) {
		want(fields, def, column);
		return;
	}
	for (const uint8_t *row = def->either; *row != 0xff; row++)
		want(fields, &owner_of(def)->fields[*row], column);
}

static unsigned rows_of(const struct field_def *def)
{
	unsigned count = 1;

	for (const uint8_t *row = def->either; row && *row != 0xff; row++)
		count++;
	return count;
}

static void add_header(const struct render_options *options, struct text *out)
{
	for (size_t i = 0; i < options->field_count; i++) {
		if (i)
			text_char(out, options->separator);
		text_string(out, options->fields[i]->name);
	}
	text_char(out, '\n');
}

static void fields_start(void *state, const struct render_options *options, struct text *out)
{
	struct fields *fields = state;
	unsigned rows = 1;

	for (size_t i = 0; i < options->field_count; i++)
		rows += rows_of(options->fields[i]);
	for (fields->map_size = 16; fields->map_size < 4 * rows;)
		fields->map_size *= 2;
	fields->map = mem_new(fields->map_size, sizeof *fields->map);
	fields->more = mem_new(rows, sizeof *fields->more);
	fields->columns = mem_new(options->field_count, sizeof *fields->columns);
	for (size_t i = 0; i < options->field_count; i++)
		resolve(fields, options->fields[i], (unsigned)i);
	if (options->header)
		add_header(options, out);
}

static void fields_finish(void *state, const struct render_options *options, const struct render_totals *totals,
			  struct text *out)
{
	struct fields *fields = state;

	(void)options;
	(void)totals;
	(void)out;
	free(fields->map);
	free(fields->more);
	free(fields->columns);
	*fields = (struct fields){ 0 };
}

/* ------------------------------------------------------------------------------------------------ values */

static void put_one(struct text *out, struct time_cache *cache, const struct field *field)
{
	(void)cache;
	(void)field;
	text_char(out, '1');
}

static void put_bool(struct text *out, struct time_cache *cache, const struct field *field)
{
	(void)cache;
	text_char(out, field->value.uint ? '1' : '0');
}

static void put_time(struct text *out, struct time_cache *cache, const struct field *field)
{
	if (value_is_epoch(field->def))
		text_seconds(out, field->value.time, 9);
	else
		text_wrote(out, time_words(cache, field->value.time, text_room(out, VALUE_ROOM)));
}

/* Where tshark has a form of its own; the others are as everywhere. */
static value_writer *const writers[FIELD_TYPES] = {
	[FIELD_NONE] = put_one,
	[FIELD_BOOL] = put_bool,
	[FIELD_TIME] = put_time,
};

/* A quote inside quotes is written twice, or nobody could tell where the cell ends. */
static void double_quotes(struct text *out, size_t start, char quote)
{
	for (size_t i = start; i < out->length; i++) {
		if (out->data[i] != quote)
			continue;
		text_char(out, quote);
		memmove(out->data + i + 1, out->data + i, out->length - 1 - i);
		i++;
	}
}

static inline void add_value(struct fields *fields, const struct render_options *options, const struct field *field,
			     struct text *out)
{
	enum field_type type = field->def->type;
	size_t start = out->length;

	if (type == FIELD_UINT)
		text_uint(out, field->value.uint);
	else if (writers[type])
		writers[type](out, &fields->time, field);
	else
		value_text(out, &fields->time, field);
	if (options->quote && type == FIELD_STRING)
		double_quotes(out, start, options->quote);
}

/* ------------------------------------------------------------------------------------------------ the line */

static inline void note(struct column *column, const struct field *field)
{
	if (!column->count++)
		column->first = field;
	column->last = field;
}

static inline void sort_out(struct fields *fields, const struct packet *packet)
{
	for (unsigned i = 0; i < packet->field_count; i++) {
		const struct field *field = &packet->fields[i];
		const struct wanted *wanted = find(fields, field->def);

		if (!wanted->def)
			continue;
		note(&fields->columns[wanted->column], field);
		for (unsigned other = wanted->other; other; other = fields->more[other - 1].other)
			note(&fields->columns[fields->more[other - 1].column], field);
	}
}

static bool belongs(const struct fields *fields, const struct field *field, unsigned column)
{
	const struct wanted *wanted = find(fields, field->def);

	if (!wanted->def)
		return false;
	if (wanted->column == column)
		return true;
	for (unsigned other = wanted->other; other; other = fields->more[other - 1].other)
		if (fields->more[other - 1].column == column)
			return true;
	return false;
}

static void add_all(struct fields *fields, const struct render_options *options, unsigned index, struct text *out)
{
	const struct column *column = &fields->columns[index];

	for (const struct field *field = column->first; field <= column->last; field++) {
		if (!belongs(fields, field, index))
			continue;
		if (field != column->first)
			text_char(out, options->aggregator);
		add_value(fields, options, field, out);
	}
}

static inline void add_column(struct fields *fields, const struct render_options *options, unsigned index,
			      struct text *out)
{
	struct column *column = &fields->columns[index];

	if (!column->count)
		return;
	if (options->quote)
		text_char(out, options->quote);
	if (column->count == 1 || options->occurrence == 'f')
		add_value(fields, options, column->first, out);
	else if (options->occurrence == 'l')
		add_value(fields, options, column->last, out);
	else
		add_all(fields, options, index, out);
	if (options->quote)
		text_char(out, options->quote);
	column->count = 0;
}

static void fields_packet(void *state, const struct render_options *options, const struct packet *packet,
			  struct text *out)
{
	struct fields *fields = state;

	sort_out(fields, packet);
	for (size_t i = 0; i < options->field_count; i++) {
		if (i)
			text_char(out, options->separator);
		add_column(fields, options, (unsigned)i, out);
	}
	text_char(out, '\n');
}

const struct renderer fields_renderer = {
	.name = "fields",
	.help = "the fields named with -e, one line a packet",
	.state_size = sizeof(struct fields),
	.start = fields_start,
	.packet = fields_packet,
	.finish = fields_finish,
};
