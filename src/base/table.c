/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/table.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/mem.h"

#define GAP 2 /* spaces between columns */

void table_init(struct table *table, const struct table_column *columns, unsigned column_count)
{
	*table = (struct table){ .columns = columns, .column_count = column_count };
}

void table_release(struct table *table)
{
	free(table->cells);
	text_release(&table->strings);
	*table = (struct table){ 0 };
}

/* ------------------------------------------------------------------------------------------------ filling */

static const struct table_column *column_of(const struct table *table, size_t cell)
{
	return &table->columns[cell % table->column_count];
}

static struct table_cell *new_cell(struct table *table)
{
	if (table->count == table->room) {
		table->room = table->room ? 2 * table->room : 64;
		table->cells = mem_resize(table->cells, table->room, sizeof *table->cells);
	}
	table->cells[table->count] = (struct table_cell){ 0 };
	return &table->cells[table->count++];
}

static struct table_cell *typed_cell(struct table *table, enum cell_type type)
{
	if (column_of(table, table->count)->type != type)
		bug("the column %s got a cell of another type", column_of(table, table->count)->name);
	return new_cell(table);
}

void table_text(struct table *table, const char *string)
{
	struct table_cell *cell = typed_cell(table, CELL_TEXT);

	cell->absent = !string;
	cell->value = table->strings.length;
	cell->length = string ? strlen(string) : 0;
	if (string)
		text_add(&table->strings, string, cell->length);
}

void table_uint(struct table *table, uint64_t value)
{
	typed_cell(table, CELL_UINT)->value = value;
}

void table_int(struct table *table, int64_t value)
{
	typed_cell(table, CELL_INT)->value = (uint64_t)value;
}

void table_bool(struct table *table, bool value)
{
	typed_cell(table, CELL_BOOL)->value = value;
}

void table_seconds(struct table *table, int64_t nanoseconds)
{
	typed_cell(table, CELL_SECONDS)->value = (uint64_t)nanoseconds;
}

void table_hundredths(struct table *table, uint64_t value)
{
	typed_cell(table, CELL_HUNDREDTHS)->value = value;
}

void table_absent(struct table *table)
{
	new_cell(table)->absent = true;
}

/* ------------------------------------------------------------------------------------------------ cells */

static void add_number(struct text *out, const struct table_cell *cell, enum cell_type type)
{
	if (type == CELL_BOOL)
		text_string(out, cell->value ? "true" : "false");
	else if (type == CELL_INT)
		text_int(out, (int64_t)cell->value);
	else if (type == CELL_SECONDS)
		text_seconds(out, (int64_t)cell->value, 9);
	else if (type == CELL_HUNDREDTHS)
		text_format(out, "%llu.%02u", (unsigned long long)cell->value / 100, (unsigned)(cell->value % 100));
	else
		text_uint(out, cell->value);
}

static void add_cell(struct text *out, const struct table *table, size_t index)
{
	const struct table_cell *cell = &table->cells[index];
	enum cell_type type = column_of(table, index)->type;

	if (cell->absent)
		return;
	if (type == CELL_TEXT)
		text_escaped(out, table->strings.data + cell->value, cell->length);
	else
		add_number(out, cell, type);
}

/* A cell that could be taken for two stands in quotes, and a quote in it is doubled (RFC 4180 section 2). */
static void add_csv_cell(struct text *out, const struct table *table, size_t index)
{
	struct text plain = { 0 };

	add_cell(&plain, table, index);
	if (!plain.length || (!memchr(plain.data, ',', plain.length) && !memchr(plain.data, '"', plain.length))) {
		text_add(out, plain.length ? plain.data : "", plain.length);
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

static void add_json_cell(struct text *out, const struct table *table, size_t index)
{
	const struct table_column *column = column_of(table, index);
	const struct table_cell *cell = &table->cells[index];
	bool quoted = column->type == CELL_TEXT || column->type == CELL_SECONDS;

	text_format(out, "\"%s\":", column->name);
	if (cell->absent) {
		text_string(out, "null");
		return;
	}
	if (quoted)
		text_char(out, '"');
	if (column->type == CELL_TEXT)
		text_json(out, table->strings.data + cell->value, cell->length);
	else
		add_number(out, cell, column->type);
	if (quoted)
		text_char(out, '"');
}

/* ------------------------------------------------------------------------------------------------ forms */

static size_t columns_in(const struct text *t, size_t start)
{
	size_t columns = 0;

	for (size_t i = start; i < t->length; i++)
		columns += ((unsigned char)t->data[i] & 0xc0) != 0x80;
	return columns;
}

void table_measure(const struct table *table, size_t *widths)
{
	struct text cell = { 0 };

	for (unsigned i = 0; i < table->column_count; i++)
		if (widths[i] < strlen(table->columns[i].name))
			widths[i] = strlen(table->columns[i].name);
	for (size_t i = 0; i < table->count; i++) {
		size_t *width = &widths[i % table->column_count], columns;

		text_clear(&cell);
		add_cell(&cell, table, i);
		columns = columns_in(&cell, 0);
		if (columns > *width)
			*width = columns;
	}
	text_release(&cell);
}

/* Puts what was added since `start` into its column. */
static void align(struct text *out, size_t start, size_t width, bool right)
{
	size_t columns = columns_in(out, start), length = out->length - start;

	if (columns >= width)
		return;
	text_fill(out, ' ', width - columns);
	if (!right)
		return;
	memmove(out->data + start + width - columns, out->data + start, length);
	memset(out->data + start, ' ', width - columns);
}

static void end_line(struct text *out)
{
	while (out->length && out->data[out->length - 1] == ' ')
		out->length--;
	text_char(out, '\n');
}

static void print_plain_row(const struct table *table, const size_t *widths, size_t row, bool header, struct text *out)
{
	for (unsigned i = 0; i < table->column_count; i++) {
		size_t start = out->length;

		if (header)
			text_string(out, table->columns[i].name);
		else
			add_cell(out, table, row * table->column_count + i);
		align(out, start, widths[i], table->columns[i].right);
		text_fill(out, ' ', GAP);
	}
	end_line(out);
}

static void print_plain_names(const struct table *table, const size_t *widths, struct text *out)
{
	print_plain_row(table, widths, 0, true, out);
}

static void print_plain(const struct table *table, const size_t *widths, struct text *out)
{
	for (size_t row = 0; row < table->count / table->column_count; row++)
		print_plain_row(table, widths, row, false, out);
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
	(void)widths;
	for (size_t i = 0; i < table->count; i++) {
		add_csv_cell(out, table, i);
		text_char(out, (i + 1) % table->column_count ? ',' : '\n');
	}
}

static void begin_object(const struct table *table, struct text *out)
{
	text_char(out, '{');
	if (table->name)
		text_format(out, "\"table\":\"%s\",", table->name);
}

static void print_json(const struct table *table, const size_t *widths, struct text *out)
{
	(void)widths;
	for (size_t i = 0; i < table->count; i++) {
		if (i % table->column_count)
			text_char(out, ',');
		else
			begin_object(table, out);
		add_json_cell(out, table, i);
		if ((i + 1) % table->column_count == 0)
			text_string(out, "}\n");
	}
}

static const struct {
	void (*names)(const struct table *table, const size_t *widths, struct text *out); /* NULL: there are none */
	void (*rows)(const struct table *table, const size_t *widths, struct text *out);
} printers[] = {
	[TABLE_PLAIN] = { print_plain_names, print_plain },
	[TABLE_CSV] = { print_csv_names, print_csv },
	[TABLE_JSON] = { NULL, print_json },
};

void table_clear(struct table *table)
{
	table->count = 0;
	text_clear(&table->strings);
}

void table_print_names(const struct table *table, enum table_form form, const size_t *widths, struct text *out)
{
	if (printers[form].names)
		printers[form].names(table, widths, out);
}

void table_print_rows(const struct table *table, enum table_form form, const size_t *widths, struct text *out)
{
	if (table->count % table->column_count)
		bug("a table whose last row is not whole");
	printers[form].rows(table, widths, out);
}

void table_print(const struct table *table, enum table_form form, struct text *out)
{
	size_t *widths = mem_new(table->column_count, sizeof *widths);

	if (form == TABLE_PLAIN)
		table_measure(table, widths);
	table_print_names(table, form, widths, out);
	table_print_rows(table, form, widths, out);
	free(widths);
}
