/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/stats_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/nearest.h"
#include "cmd/command.h"
#include "cmd/pieces.h"

#define HELD 256   /* rows that a table holds at a time: few enough to stay in the nearer cache */
#define PIECE 1024 /* rows that are made by one thread and written out together */

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

/* What a thread prints with. */
struct hand {
	struct table table;
	size_t *widths; /* of what it measured */
	struct text out;
};

struct printing {
	const struct stats_table *shown;
	const struct sort_keys *keys;
	size_t rows;
	struct hand hands[PIECES_THREADS];
};

/* The rows from `first` on that the table holds at a time; returns the one behind them. */
static size_t fill(const struct printing *printing, size_t first, size_t end, struct table *table)
{
	const struct stats_table *shown = printing->shown;
	const struct sort_keys *keys = printing->keys;

	if (end - first > HELD)
		end = first + HELD;
	table_clear(table);
	for (size_t row = first; row < end; row++)
		shown->analyser->row(shown->state, keys->list ? keys->list[row].row : row, table);
	return end;
}

static size_t piece_end(const struct printing *printing, size_t piece)
{
	return printing->rows - piece * PIECE < PIECE ? printing->rows : (piece + 1) * PIECE;
}

static void measure_piece(void *context, unsigned thread, size_t piece)
{
	struct printing *printing = context;
	struct hand *hand = &printing->hands[thread];

	for (size_t row = piece * PIECE; row < piece_end(printing, piece);) {
		row = fill(printing, row, piece_end(printing, piece), &hand->table);
		table_measure(&hand->table, hand->widths);
	}
}

static void print_piece(void *context, unsigned thread, size_t piece)
{
	struct printing *printing = context;
	const size_t *widths = printing->hands[0].widths;
	struct hand *hand = &printing->hands[thread];

	if (!piece)
		table_print_names(&hand->table, printing->shown->form, widths, &hand->out);
	for (size_t row = piece * PIECE; row < piece_end(printing, piece);) {
		row = fill(printing, row, piece_end(printing, piece), &hand->table);
		table_print_rows(&hand->table, printing->shown->form, widths, &hand->out);
	}
}

static int put_piece(void *context, unsigned thread, struct error *err)
{
	struct printing *printing = context;
	struct text *out = &printing->hands[thread].out;
	int status = out->length ? command_print(out, err) : 0;

	text_clear(out);
	return status;
}

/* Every row is made twice: that costs less than to hold them. */
static void measure(struct printing *printing, struct pieces pieces)
{
	struct hand *hands = printing->hands;

	pieces.make = measure_piece;
	pieces.put = NULL;
	pieces_run(&pieces, NULL);
	for (unsigned i = 0; i < printing->shown->result->column_count; i++)
		if (hands[0].widths[i] < hands[1].widths[i])
			hands[0].widths[i] = hands[1].widths[i];
	table_clear(&hands[0].table);
	table_measure(&hands[0].table, hands[0].widths);
}

static int print(struct printing *printing, struct error *err)
{
	const struct stats_table *shown = printing->shown;
	const struct pieces pieces = {
		.count = printing->rows ? (printing->rows + PIECE - 1) / PIECE : 1,
		.alone = !shown->analyser->const_rows,
		.make = print_piece,
		.put = put_piece,
		.context = printing,
	};

	if (shown->form == TABLE_PLAIN)
		measure(printing, pieces);
	return pieces_run(&pieces, err);
}

static void hands_init(struct printing *printing)
{
	const struct stats_table *shown = printing->shown;

	for (unsigned i = 0; i < PIECES_THREADS; i++) {
		struct hand *hand = &printing->hands[i];

		table_init(&hand->table, shown->result->columns, shown->result->column_count);
		hand->table.name = shown->named ? shown->analyser->name : NULL;
		hand->widths = mem_new(shown->result->column_count, sizeof *hand->widths);
	}
}

static void hands_release(struct printing *printing)
{
	for (unsigned i = 0; i < PIECES_THREADS; i++) {
		table_release(&printing->hands[i].table);
		free(printing->hands[i].widths);
		text_release(&printing->hands[i].out);
	}
}

int stats_table_print(const struct stats_table *shown, struct error *err)
{
	struct sort_keys keys = { .list = NULL };
	struct printing printing = { .shown = shown, .keys = &keys, .rows = shown->result->rows };
	int status;

	if (sort(shown, &keys, err) < 0)
		return -1;
	if (shown->top && shown->top < printing.rows)
		printing.rows = shown->top;
	hands_init(&printing);
	status = print(&printing, err);
	hands_release(&printing);
	free(keys.list);
	text_release(&keys.strings);
	return status;
}
