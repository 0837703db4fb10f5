/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Columns as wide as what stands in them: rows are written once, cell after cell, measured as they are written, and put
 * beside each other when all are there.
 */
#pragma once

#include "base/text.h"

#define SHEET_COLUMNS 16

struct sheet_column {
	const char *title;
	bool right;           /* aligned to the right */
	unsigned char before; /* blanks before it */
	unsigned char least;  /* columns that it has at least; its title counts as well */
};

/* Zero-initialised by sheet_init(); cells are written into `cells`. */
struct sheet {
	const struct sheet_column *columns; /* borrowed */
	unsigned count;
	struct text cells;
	size_t *ends; /* of each cell; behind the cells of a row comes its tail */
	size_t ended, room;
	size_t widths[SHEET_COLUMNS];
	bool hidden[SHEET_COLUMNS]; /* such a column is not printed */
};

void sheet_init(struct sheet *sheet, const struct sheet_column *columns, unsigned count);
void sheet_release(struct sheet *sheet);

/*
 * What was added to sheet->cells since the last cell is the next one. A row has a cell for each column, and then a
 * tail, which stands right behind the last column and has no width.
 */
void sheet_cell(struct sheet *sheet);

static inline void sheet_word(struct sheet *sheet, const char *word)
{
	text_string(&sheet->cells, word);
	sheet_cell(sheet);
}

static inline void sheet_uint(struct sheet *sheet, uint64_t value)
{
	text_uint(&sheet->cells, value);
	sheet_cell(sheet);
}

/* Rows must be whole. The titles, with `tail` behind them; then all rows. */
void sheet_print_titles(const struct sheet *sheet, const char *tail, struct text *out);
void sheet_print(const struct sheet *sheet, struct text *out);
/* Rows are forgotten, widths are not. */
void sheet_clear(struct sheet *sheet);
