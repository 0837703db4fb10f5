/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A million rows are printed like ten: numbers are measured without being written, then written where they belong, and
 * text that is plain is copied.
 */
#include "base/table_forms.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/mem.h"

#define GAP 2     /* spaces between columns */
#define BLANKS 16 /* spaces that are written together */

/* ------------------------------------------------------------------------------------------------ numbers */

static uint64_t without_sign(int64_t value)
{
	return value < 0 ? -(uint64_t)value : (uint64_t)value;
}

/* How many octets and columns the number takes. */
static unsigned number_width(enum cell_type type, uint64_t value)
{
	int64_t number = (int64_t)value;

	switch (type) {
	case CELL_BOOL:
		return value ? 4 : 5;
	case CELL_INT:
		return (number < 0) + uint_digits(without_sign(number));
	case CELL_SECONDS:
		return (number < 0) + uint_digits(without_sign(number) / 1000000000) + 10;
	case CELL_HUNDREDTHS:
		return uint_digits(value / 100) + 3;
	default:
		return uint_digits(value);
	}
}

/* Up to `end`: what comes before the last `digits`, a point, and those. */
static void put_fraction(char *at, char *end, uint64_t whole, uint64_t part, unsigned digits)
{
	end -= digits + 1;
	put_uint_padded(at, whole, (unsigned)(end - at));
	*end++ = '.';
	put_uint_padded(end, part, digits);
}

/* width: as number_width() says. */
static char *put_number(char *at, unsigned width, enum cell_type type, uint64_t value)
{
	char *end = at + width;

	if ((type == CELL_INT || type == CELL_SECONDS) && (int64_t)value < 0) {
		*at++ = '-';
		value = -value;
	}
	switch (type) {
	case CELL_BOOL:
		memcpy(at, value ? "true" : "false", width);
		break;
	case CELL_SECONDS:
		put_fraction(at, end, value / 1000000000, value % 1000000000, 9);
		break;
	case CELL_HUNDREDTHS:
		put_fraction(at, end, value / 100, value % 100, 2);
		break;
	default:
		put_uint_padded(at, value, (unsigned)(end - at));
	}
	return end;
}

/* ------------------------------------------------------------------------------------------------ cells */

/* Rare, and kept out of the loops that go over all cells. */
static __attribute__((noinline)) size_t escaped_width(const char *string, size_t length)
{
	struct text escaped = { 0 };
	size_t columns = 0;

	text_escaped(&escaped, string, length);
	for (size_t i = 0; i < escaped.length; i++)
		columns += ((unsigned char)escaped.data[i] & 0xc0) != 0x80;
	text_release(&escaped);
	return columns;
}

/* How many columns of a terminal the cell fills. */
static inline size_t cell_width(const struct table *table, const struct table_cell *cell)
{
	if (cell->type == CELL_UINT)
		return uint_digits(cell->value);
	if (cell->type != CELL_TEXT)
		return number_width(cell->type, cell->value);
	return cell->escapes ? escaped_width(table_string(table, cell), cell->length) : cell->length;
}

/* A cell without escapes; width: as cell_width() says. */
static inline char *put_cell(char *at, const struct table *table, const struct table_cell *cell, size_t width)
{
	if (cell->type == CELL_UINT)
		return put_uint_padded(at, cell->value, (unsigned)width);
	if (cell->type != CELL_TEXT)
		return put_number(at, (unsigned)width, cell->type, cell->value);
	memcpy(at, table_string(table, cell), width);
	return at + width;
}

static inline void add_cell(struct text *out, const struct table *table, const struct table_cell *cell)
{
	size_t width;

	if (cell->escapes) {
		text_escaped(out, table_string(table, cell), cell->length);
		return;
	}
	width = cell_width(table, cell);
	text_wrote(out, put_cell(text_room(out, width), table, cell, width));
}

static inline void check_type(const struct table_cell *cell, const struct table_column *column)
{
	if (cell->type != column->type && !cell->absent)
		bug("the column %s got a cell of another type", column->name);
}

/* ------------------------------------------------------------------------------------------------ plain */

static size_t greater(size_t a, size_t b)
{
	return a > b ? a : b;
}

static inline size_t missing_to(size_t wanted, size_t width)
{
	return width < wanted ? wanted - width : 0;
}

static size_t widest_text(const struct table *table, unsigned column)
{
	const struct table_cell *end = table->cells + table->count;
	size_t widest = 0;

	for (const struct table_cell *cell = table->cells + column; cell < end; cell += table->column_count)
		widest = greater(widest, cell_width(table, cell));
	return widest;
}

/* The widest number of a column is the greatest or the least: no other is measured. */
static size_t widest_number(const struct table *table, unsigned column)
{
	enum cell_type type = table->columns[column].type;
	uint64_t sign = type == CELL_INT || type == CELL_SECONDS ? 0 : UINT64_C(1) << 63;
	const struct table_cell *end = table->cells + table->count;
	int64_t least = INT64_MAX, greatest = INT64_MIN;

	for (const struct table_cell *cell = table->cells + column; cell < end; cell += table->column_count) {
		int64_t value = (int64_t)(cell->value ^ sign);

		if (cell->absent)
			continue;
		if (value < least)
			least = value;
		if (value > greatest)
			greatest = value;
	}
	if (least > greatest)
		return 0;
	return greater(number_width(type, (uint64_t)least ^ sign), number_width(type, (uint64_t)greatest ^ sign));
}

void table_measure(const struct table *table, size_t *widths)
{
	for (unsigned i = 0; i < table->column_count; i++) {
		const struct table_column *column = &table->columns[i];
		size_t width = column->type == CELL_TEXT ? widest_text(table, i) : widest_number(table, i);

		widths[i] = greater(widths[i], greater(width, strlen(column->name)));
	}
}

static void end_line(struct text *out)
{
	while (out->length && out->data[out->length - 1] == ' ')
		out->length--;
	text_char(out, '\n');
}

static void print_plain_names(const struct table *table, const size_t *widths, struct text *out)
{
	size_t blanks = 0;

	for (unsigned i = 0; i < table->column_count; i++) {
		const struct table_column *column = &table->columns[i];
		size_t missing = missing_to(widths[i], strlen(column->name));

		text_fill(out, ' ', column->right ? blanks + missing : blanks);
		text_string(out, column->name);
		blanks = column->right ? GAP : GAP + missing;
	}
	end_line(out);
}

/* There are few: pieces of one size cost less than the right size. Writes up to BLANKS more than `count`. */
static char *put_blanks(char *at, size_t count)
{
	memset(at, ' ', BLANKS);
	for (size_t i = BLANKS; i < count; i += BLANKS)
		memset(at + i, ' ', BLANKS);
	return at + count;
}

/* most: octets of a line whose cells all fit and need no escapes, BLANKS included. */
static void print_plain_row(const struct table *table, const struct table_cell *cell, const size_t *widths, size_t most,
			    struct text *out)
{
	char *at = text_room(out, most);
	size_t blanks = 0;

	for (unsigned i = 0; i < table->column_count; i++, cell++) {
		const struct table_column *column = &table->columns[i];
		size_t width = cell_width(table, cell), missing = missing_to(widths[i], width);

		check_type(cell, column);
		at = put_blanks(at, column->right ? blanks + missing : blanks);
		blanks = column->right ? GAP : GAP + missing;
		if (width <= widths[i] && !cell->escapes) {
			at = put_cell(at, table, cell, width);
			continue;
		}
		text_wrote(out, at);
		add_cell(out, table, cell);
		at = text_room(out, most);
	}
	text_wrote(out, at);
	end_line(out);
}

static void print_plain(const struct table *table, const size_t *widths, struct text *out)
{
	const struct table_cell *end = table->cells + table->count;
	size_t most = BLANKS;

	for (unsigned i = 0; i < table->column_count; i++)
		most += widths[i] + GAP;
	for (const struct table_cell *row = table->cells; row < end; row += table->column_count)
		print_plain_row(table, row, widths, most, out);
}

/* ------------------------------------------------------------------------------------------------ CSV */

/* A cell that could be taken for two stands in quotes, and a quote in it is doubled (RFC 4180 section 2). */
static void add_csv_text(struct text *out, const char *string, size_t length)
{
	struct text plain = { 0 };

	text_escaped(&plain, string, length);
	if (!memchr(plain.data, ',', plain.length) && !memchr(plain.data, '"', plain.length)) {
		text_add(out, plain.data, plain.length);
	} else {
		text_char(out, '"');
		for (size_t i = 0; i < plain.length; i++) {
			if (plain.data[i] == '"')
				text_char(out, '"');
			text_char(out, plain.data[i]);
		}
		text_char(out, '"');
	}
	text_release(&plain);
}

static void print_csv_names(const struct table *table, const size_t *widths, struct text *out)
{
	(void)widths;
	for (unsigned i = 0; i < table->column_count; i++) {
		text_string(out, table->columns[i].name);
		text_char(out, i + 1 < table->column_count ? ',' : '\n');
	}
}

static void print_csv(const struct table *table, const size_t *widths, struct text *out)
{
	const struct table_cell *cell = table->cells, *end = cell + table->count;

	(void)widths;
	while (cell < end)
		for (unsigned i = 0; i < table->column_count; i++, cell++) {
			check_type(cell, &table->columns[i]);
			if (cell->escapes)
				add_csv_text(out, table_string(table, cell), cell->length);
			else
				add_cell(out, table, cell);
			text_char(out, i + 1 < table->column_count ? ',' : '\n');
		}
}

/* ------------------------------------------------------------------------------------------------ JSON */

/* Everything that stands before the value of the column. */
static void add_json_key(struct text *out, const struct table *table, unsigned column)
{
	text_char(out, column ? ',' : '{');
	if (!column && table->name) {
		text_string(out, "\"table\":\"");
		text_string(out, table->name);
		text_string(out, "\",");
	}
	text_char(out, '"');
	text_string(out, table->columns[column].name);
	text_string(out, "\":");
}

static void add_json_value(struct text *out, const struct table *table, const struct table_cell *cell)
{
	bool quoted = cell->type == CELL_TEXT || cell->type == CELL_SECONDS;

	if (cell->absent) {
		text_string(out, "null");
		return;
	}
	if (quoted)
		text_char(out, '"');
	if (cell->escapes)
		text_json(out, table_string(table, cell), cell->length);
	else
		add_cell(out, table, cell);
	if (quoted)
		text_char(out, '"');
}

/* The keys are the same in every row: they are made once, and copied. */
static void print_json(const struct table *table, const size_t *widths, struct text *out)
{
	const struct table_cell *cell = table->cells, *end = cell + table->count;
	size_t *ends = mem_new(table->column_count, sizeof *ends);
	struct text keys = { 0 };

	(void)widths;
	for (unsigned i = 0; i < table->column_count; i++) {
		add_json_key(&keys, table, i);
		ends[i] = keys.length;
	}
	while (cell < end) {
		size_t start = 0;

		for (unsigned i = 0; i < table->column_count; start = ends[i++], cell++) {
			check_type(cell, &table->columns[i]);
			text_add(out, keys.data + start, ends[i] - start);
			add_json_value(out, table, cell);
		}
		text_string(out, "}\n");
	}
	text_release(&keys);
	free(ends);
}

/* ------------------------------------------------------------------------------------------------ all of them */

const struct table_printer table_printers[] = {
	[TABLE_PLAIN] = { print_plain_names, print_plain },
	[TABLE_CSV] = { print_csv_names, print_csv },
	[TABLE_JSON] = { NULL, print_json },
};
