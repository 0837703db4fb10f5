/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/table.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/table_forms.h"

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

void table_grow(struct table *table)
{
	table->room = table->room ? 2 * table->room : 64;
	table->cells = mem_resize(table->cells, table->room, sizeof *table->cells);
}

/* Whether it is neither escaped in any form nor put in quotes in CSV. */
static bool is_plain(const char *string, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (string[i] < 0x20 || string[i] >= 0x7f || string[i] == '"' || string[i] == ',' || string[i] == '\\')
			return false;
	return true;
}

void table_text(struct table *table, const char *string)
{
	size_t start = table->strings.length;

	if (!string) {
		table_absent(table);
		return;
	}
	text_string(&table->strings, string);
	table_word_from(table, start);
	table->cells[table->count - 1].escapes = !is_plain(string, table->strings.length - start);
}

void table_int(struct table *table, int64_t value)
{
	table_next(table, CELL_INT)->value = (uint64_t)value;
}

void table_bool(struct table *table, bool value)
{
	table_next(table, CELL_BOOL)->value = value;
}

void table_hundredths(struct table *table, uint64_t value)
{
	table_next(table, CELL_HUNDREDTHS)->value = value;
}

/* ------------------------------------------------------------------------------------------------ printing */

void table_clear(struct table *table)
{
	table->count = 0;
	text_clear(&table->strings);
}

void table_print_names(const struct table *table, enum table_form form, const size_t *widths, struct text *out)
{
	if (table_printers[form].names)
		table_printers[form].names(table, widths, out);
}

void table_print_rows(const struct table *table, enum table_form form, const size_t *widths, struct text *out)
{
	if (table->count % table->column_count)
		bug("a table whose last row is not whole");
	table_printers[form].rows(table, widths, out);
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
