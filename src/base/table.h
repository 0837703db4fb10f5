/* SPDX-License-Identifier: BSD-2-Clause */
/* Typed rows: the result of every report, printed for people, as CSV or as JSON. */
#pragma once

#include "base/text.h"

enum cell_type {
	CELL_TEXT,    /* not trusted: escaped in every form */
	CELL_UINT,
	CELL_INT,
	CELL_BOOL,
	CELL_SECONDS, /* given in ns, shown as seconds with nine decimals */
	CELL_HUNDREDTHS /* given in hundredths, shown with two decimals */
};

enum table_form {
	TABLE_PLAIN, /* columns aligned with spaces, names above */
	TABLE_CSV,   /* RFC 4180, names in the first record */
	TABLE_JSON   /* one object a row, one a line; an absent value is null */
};

struct table_column {
	const char *name; /* also the key in JSON */
	enum cell_type type;
	bool right;       /* plain: aligned to the right */
};

struct table_cell {
	bool absent;          /* as an empty text */
	bool escapes;         /* CELL_TEXT: it may not be the same in every form */
	bool borrowed;        /* CELL_TEXT: it is not in `strings` */
	uint8_t type;         /* an enum cell_type */
	union {
		uint64_t value;       /* a number; CELL_TEXT: where it begins in `strings` */
		const char *word;     /* borrowed */
	};
	size_t length;        /* CELL_TEXT */
};

struct table {
	const struct table_column *columns; /* borrowed */
	const char *name;                   /* JSON: the member "table" of every object; NULL: there is none */
	unsigned column_count;
	struct table_cell *cells;
	size_t count, room;
	struct text strings;
};

void table_init(struct table *table, const struct table_column *columns, unsigned column_count);
void table_release(struct table *table);

/*
 * The next cell, from left to right, row after row. A cell of another type than its column's is our fault: bug() when
 * it is printed.
 */
static inline void table_uint(struct table *table, uint64_t value);
static inline void table_seconds(struct table *table, int64_t nanoseconds);
void table_text(struct table *table, const char *string); /* NULL: absent */
void table_int(struct table *table, int64_t value);
void table_bool(struct table *table, bool value);
void table_hundredths(struct table *table, uint64_t value);
static inline void table_absent(struct table *table);

/*
 * Text of our own that is printable ASCII without quotes, commas and backslashes, as names and addresses are: nobody
 * looks whether there is something to escape in it. table_word: it is not copied, and lives as long as the rows.
 * table_word_from: what was added to table->strings since its length was `start`.
 */
static inline void table_word(struct table *table, const char *word); /* NULL: absent */
static inline void table_word_from(struct table *table, size_t start);

/* The text of a cell, cell->length octets. */
static inline const char *table_string(const struct table *table, const struct table_cell *cell);

/* Rows must be whole. */
void table_print(const struct table *table, enum table_form form, struct text *out);

/*
 * A result too long to be held, printed in pieces. For TABLE_PLAIN every piece is measured first; widths: one a column,
 * zero in the beginning, not looked at in the other forms. Then the names, then the pieces once more; the same table
 * holds one after the other, cleared between them.
 */
void table_clear(struct table *table);
void table_measure(const struct table *table, size_t *widths);
void table_print_names(const struct table *table, enum table_form form, const size_t *widths, struct text *out);
void table_print_rows(const struct table *table, enum table_form form, const size_t *widths, struct text *out);

/* ------------------------------------------------------------------------------------------------ inline */

/* The cells of a million rows are filled one by one: what all of them are filled with is not called. */

void table_grow(struct table *table);

static inline struct table_cell *table_next(struct table *table, enum cell_type type)
{
	struct table_cell *cell;

	if (__builtin_expect(table->count == table->room, 0))
		table_grow(table);
	cell = &table->cells[table->count++];
	cell->absent = cell->escapes = cell->borrowed = false;
	cell->type = (uint8_t)type;
	return cell;
}

static inline void table_uint(struct table *table, uint64_t value)
{
	table_next(table, CELL_UINT)->value = value;
}

static inline void table_seconds(struct table *table, int64_t nanoseconds)
{
	table_next(table, CELL_SECONDS)->value = (uint64_t)nanoseconds;
}

static inline void table_word(struct table *table, const char *word)
{
	struct table_cell *cell = table_next(table, CELL_TEXT);

	cell->absent = !word;
	cell->borrowed = true;
	cell->word = word ? word : "";
	cell->length = strlen(cell->word);
}

static inline void table_absent(struct table *table)
{
	table_word(table, NULL);
}

static inline void table_word_from(struct table *table, size_t start)
{
	struct table_cell *cell = table_next(table, CELL_TEXT);

	cell->value = start;
	cell->length = table->strings.length - start;
}

static inline const char *table_string(const struct table *table, const struct table_cell *cell)
{
	return cell->borrowed ? cell->word : table->strings.data + cell->value;
}
