/* SPDX-License-Identifier: BSD-2-Clause */
#include "render/sheet.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/mem.h"

static size_t width_of(const char *text, size_t length)
{
	size_t columns = 0;

	for (size_t i = 0; i < length; i++)
		columns += ((unsigned char)text[i] & 0xc0) != 0x80;
	return columns;
}

void sheet_init(struct sheet *sheet, const struct sheet_column *columns, unsigned count)
{
	if (count > SHEET_COLUMNS)
		bug("a sheet of %u columns", count);
	*sheet = (struct sheet){ .columns = columns, .count = count };
	for (unsigned i = 0; i < count; i++) {
		size_t title = strlen(columns[i].title);

		sheet->widths[i] = title > columns[i].least ? title : columns[i].least;
	}
}

void sheet_release(struct sheet *sheet)
{
	text_release(&sheet->cells);
	free(sheet->ends);
	*sheet = (struct sheet){ 0 };
}

void sheet_clear(struct sheet *sheet)
{
	text_clear(&sheet->cells);
	sheet->ended = 0;
}

void sheet_cell(struct sheet *sheet)
{
	size_t at = sheet->ended % (sheet->count + 1), from = sheet->ended ? sheet->ends[sheet->ended - 1] : 0;

	if (sheet->ended == sheet->room) {
		sheet->room = sheet->room ? 2 * sheet->room : 256;
		sheet->ends = mem_resize(sheet->ends, sheet->room, sizeof *sheet->ends);
	}
	sheet->ends[sheet->ended++] = sheet->cells.length;
	if (at < sheet->count && sheet->cells.length - from > sheet->widths[at]) {
		size_t width = width_of(sheet->cells.data + from, sheet->cells.length - from);

		if (width > sheet->widths[at])
			sheet->widths[at] = width;
	}
}

static char *put_fill(char *at, size_t count)
{
	memset(at, ' ', count);
	return at + count;
}

static char *put_cell(const struct sheet *sheet, unsigned column, const char *cell, size_t length, char *at)
{
	size_t width = width_of(cell, length),
	       blanks = width < sheet->widths[column] ? sheet->widths[column] - width : 0;

	at = put_fill(at, sheet->columns[column].right ? blanks : 0);
	memcpy(at, cell, length);
	return put_fill(at + length, sheet->columns[column].right ? 0 : blanks);
}

/* Blanks at the end of a line are left out. */
static void print_row(const struct sheet *sheet, const char *cells, const size_t *ends, struct text *out)
{
	size_t from = 0, room = 2 + ends[sheet->count];
	char *at, *begin;

	for (unsigned i = 0; i < sheet->count; i++)
		room += sheet->widths[i] + sheet->columns[i].before;
	at = begin = text_room(out, room);
	for (unsigned i = 0; i < sheet->count; from = ends[i++]) {
		if (sheet->hidden[i])
			continue;
		at = put_fill(at, at == begin ? 0 : sheet->columns[i].before);
		at = put_cell(sheet, i, cells + from, ends[i] - from, at);
	}
	memcpy(at, cells + from, ends[sheet->count] - from);
	at += ends[sheet->count] - from;
	while (at > begin && at[-1] == ' ')
		at--;
	*at++ = '\n';
	text_wrote(out, at);
}

void sheet_print_titles(const struct sheet *sheet, const char *tail, struct text *out)
{
	struct text titles = { 0 };
	size_t ends[SHEET_COLUMNS + 1];

	for (unsigned i = 0; i < sheet->count; i++) {
		text_string(&titles, sheet->columns[i].title);
		ends[i] = titles.length;
	}
	text_string(&titles, tail);
	ends[sheet->count] = titles.length;
	print_row(sheet, titles.data, ends, out);
	text_release(&titles);
}

void sheet_print(const struct sheet *sheet, struct text *out)
{
	size_t ends[SHEET_COLUMNS + 1], from = 0;

	if (sheet->ended % (sheet->count + 1))
		bug("a sheet ends in the middle of a row");
	for (size_t row = 0; row < sheet->ended; row += sheet->count + 1) {
		for (unsigned i = 0; i <= sheet->count; i++)
			ends[i] = sheet->ends[row + i] - from;
		print_row(sheet, sheet->cells.data + from, ends, out);
		from = sheet->ends[row + sheet->count];
	}
}
