/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/stats_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/nearest.h"
#include "cmd/command.h"

#define PIECE 256             /* rows that are in memory at a time: few enough to stay in the nearer cache */
#define WRITTEN_AT (1u << 17) /* octets of them that are written out together, or some more */

/* A row's cell of the column that rows are sorted by. */
struct sort_key {
	struct table_cell cell;
	uint32_t row;
};

struct sort_keys {
	struct sort_key *list; /* in the order in which rows are shown; NULL: as they come */
	struct text strings;
	enum cell_type type;
};

/* ------------------------------------------------------------------------------------------------ sorting */

static int no_column(const struct stats_table *shown, struct error *err)
{
	const struct analysis_result *result = shown->result;
	const char *names[32] = { NULL }, *near;
	struct text all = { 0 };

	for (unsigned i = 0; i < result->column_count && i < 31; i++) {
		names[i] = result->columns[i].name;
		text_format(&all, "%s%s", i ? ", " : "", names[i]);
	}
	near = nearest(shown->sort, names);
	if (near)
		error_set(err, "--sort %s: no such column of %s; did you mean %s?", shown->sort,
			  shown->analyser->name, near);
	else
		error_set(err, "--sort %s: no such column of %s; use %.*s", shown->sort, shown->analyser->name,
			  (int)all.length, all.data);
	text_release(&all);
	return -1;
}

static int compare_text(const struct sort_keys *keys, const struct sort_key *a, const struct sort_key *b)
{
	size_t length = a->cell.length < b->cell.length ? a->cell.length : b->cell.length;
	int order = 0;

	if (length)
		order = memcmp(keys->strings.data + a->cell.value, keys->strings.data + b->cell.value, length);
	return order ? order : a->cell.length < b->cell.length ? -1 : a->cell.length > b->cell.length;
}

/* Numbers: the greatest first. */
static int compare_number(const struct sort_keys *keys, const struct sort_key *a, const struct sort_key *b)
{
	bool is_signed = keys->type == CELL_INT || keys->type == CELL_SECONDS;

	if (a->cell.value == b->cell.value)
		return 0;
	if (is_signed)
		return (int64_t)a->cell.value > (int64_t)b->cell.value ? -1 : 1;
	return a->cell.value > b->cell.value ? -1 : 1;
}

/* Absent ones last; equal ones stay in the order in which they come. */
static int compare(const void *left, const void *right, void *context)
{
	const struct sort_keys *keys = context;
	const struct sort_key *a = left, *b = right;
	int order;

	if (a->cell.absent != b->cell.absent)
		return a->cell.absent ? 1 : -1;
	if (a->cell.absent)
		order = 0;
	else
		order = keys->type == CELL_TEXT ? compare_text(keys, a, b) : compare_number(keys, a, b);
	return order ? order : a->row < b->row ? -1 : a->row > b->row;
}

/* Takes the cells of the column out of every row. */
static void collect(const struct stats_table *shown, unsigned column, struct sort_keys *keys)
{
	struct table table;

	keys->type = shown->result->columns[column].type;
	keys->list = mem_new(shown->result->rows + 1, sizeof *keys->list);
	table_init(&table, shown->result->columns, shown->result->column_count);
	for (size_t row = 0; row < shown->result->rows; row++) {
		struct sort_key *key = &keys->list[row];

		table_clear(&table);
		shown->analyser->row(shown->state, row, &table);
		*key = (struct sort_key){ table.cells[column], (uint32_t)row };
		if (keys->type != CELL_TEXT || key->cell.absent)
			continue;
		text_add(&keys->strings, table_string(&table, &key->cell), key->cell.length);
		key->cell.value = keys->strings.length - key->cell.length;
	}
	table_release(&table);
}

static int sort(const struct stats_table *shown, struct sort_keys *keys, struct error *err)
{
	unsigned column = 0;

	if (!shown->sort)
		return 0;
	while (column < shown->result->column_count && strcmp(shown->result->columns[column].name, shown->sort))
		column++;
	if (column == shown->result->column_count)
		return no_column(shown, err);
	collect(shown, column, keys);
	qsort_r(keys->list, shown->result->rows, sizeof *keys->list, compare, keys);
	return 0;
}

/* ------------------------------------------------------------------------------------------------ printing */

/* The rows from `first` on that one piece holds; returns the one behind them. */
static size_t fill(const struct stats_table *shown, const struct sort_keys *keys, size_t first, size_t rows,
		   struct table *table)
{
	size_t end = rows - first < PIECE ? rows : first + PIECE;

	table_clear(table);
	for (size_t row = first; row < end; row++)
		shown->analyser->row(shown->state, keys->list ? keys->list[row].row : row, table);
	return end;
}

static int print(const struct stats_table *shown, const struct sort_keys *keys, struct table *table, size_t *widths,
		 struct error *err)
{
	size_t rows = shown->result->rows;
	struct text out = { 0 };
	int status = 0;

	if (shown->top && shown->top < rows)
		rows = shown->top;
	for (size_t row = 0; shown->form == TABLE_PLAIN && row < rows;) {
		row = fill(shown, keys, row, rows, table);
		table_measure(table, widths);
	}
	table_clear(table);
	table_measure(table, widths);
	table_print_names(table, shown->form, widths, &out);
	for (size_t row = 0; status == 0 && row < rows;) {
		row = fill(shown, keys, row, rows, table);
		table_print_rows(table, shown->form, widths, &out);
		if (out.length >= WRITTEN_AT) {
			status = command_print(&out, err);
			text_clear(&out);
		}
	}
	if (status == 0 && out.length)
		status = command_print(&out, err);
	text_release(&out);
	return status;
}

int stats_table_print(const struct stats_table *shown, struct error *err)
{
	struct sort_keys keys = { .list = NULL };
	struct table table;
	size_t *widths;
	int status;

	if (sort(shown, &keys, err) < 0)
		return -1;
	table_init(&table, shown->result->columns, shown->result->column_count);
	table.name = shown->named ? shown->analyser->name : NULL;
	widths = mem_new(shown->result->column_count, sizeof *widths);
	status = print(shown, &keys, &table, widths, err);
	table_release(&table);
	free(widths);
	free(keys.list);
	text_release(&keys.strings);
	return status;
}
