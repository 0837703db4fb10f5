/* SPDX-License-Identifier: BSD-2-Clause */
/* A ladder for a terminal: each row is put together in cells, so that words may lie over lines. */
#include <string.h>
#include <time.h>

#include "packet/dissector.h"
#include "render/canvas.h"
#include "render/color.h"
#include "render/ladder.h"

#define GAP_LEAST 12 /* between columns */
#define GAP_MOST 72
#define HALF_MOST 8 /* of a name, at both edges */
#define TIME_WIDTH 9
#define COLUMNS_MOST 128

struct drawing {
	struct canvas canvas;
	const struct ladder *ladder;
	const struct ladder_style *style;
	const struct signs *signs;
	struct ladder_columns columns;
	unsigned number_width, first, gap; /* first: where the first column stands */
	struct text words, marks;          /* of the arrow at hand */
	struct text *out;
};

/* What lines are made of. */
static const struct signs {
	const char *rung, *pause, *line, *dash, *right, *left, *begin_right, *begin_left, *cross, *all, *self, *cut;
	const char *micro;
} utf8_signs = { "│", "┊", "─", "╌", "►", "◄", "├", "┤", "┼", "●", "↺", "…", "µ" },
  ascii_signs = { "|", ":", "-", "-", ">", "<", "+", "+", "|", "o", "@", "...", "u" };

/* ------------------------------------------------------------------------------------------------ rows */

static unsigned place(const struct drawing *d, unsigned column)
{
	return d->first + column * d->gap;
}

static unsigned put(struct drawing *d, unsigned at, const struct text *text, enum ink ink)
{
	return canvas_text(&d->canvas, at, text->data, text->length, ink);
}

static unsigned columns_of(const struct text *text)
{
	return canvas_text_width(text->data, text->length);
}

static void blank(struct drawing *d, const char *rung)
{
	canvas_blank(&d->canvas);
	for (unsigned i = 0; rung && i < d->columns.count; i++)
		canvas_sign(&d->canvas, place(d, i), rung, INK_FAINT);
}

static void name_of(const struct drawing *d, unsigned column, struct text *out)
{
	text_clear(out);
	ladder_column_name(d->ladder, &d->columns, column, out);
}

/* Above its line. Of a name that is too long the end is kept: it tells more. */
static void head(struct drawing *d, unsigned column, unsigned most)
{
	unsigned middle = place(d, column), start, width;
	struct text name = { 0 };

	name_of(d, column, &name);
	width = columns_of(&name);
	if (width > most) {
		memmove(name.data, name.data + name.length - most, most);
		name.length = width = most;
	}
	start = middle > width / 2 ? middle - width / 2 : 0;
	if (start + width > d->canvas.width)
		start = d->canvas.width - width;
	put(d, start, &name, INK_PLAIN);
	text_release(&name);
}

/* Names that have no room beside each other take turns on two lines. */
static void heads(struct drawing *d)
{
	struct text name = { 0 };
	unsigned lines = 1;

	for (unsigned i = 0; i < d->columns.count; i++) {
		name_of(d, i, &name);
		if (d->columns.count > 1 && name.length + 4 > d->gap)
			lines = 2;
	}
	text_release(&name);
	for (unsigned row = 0; row < lines; row++) {
		blank(d, NULL);
		for (unsigned i = 0; row && i < d->columns.count; i += 2)
			canvas_sign(&d->canvas, place(d, i), d->signs->rung, INK_FAINT);
		for (unsigned i = row; i < d->columns.count; i += lines)
			head(d, i, lines * d->gap - 4);
		canvas_flush(&d->canvas, "", d->out);
	}
}

/* The first one has the time of day, the others the time since the one before. */
static void put_time(struct drawing *d, const struct ladder_arrow *arrow, const struct ladder_arrow *before,
		     struct text *out)
{
	time_t seconds = (time_t)(arrow->time / 1000000000 - (arrow->time % 1000000000 < 0));
	struct tm tm;
	int64_t since;

	if (ladder_since(arrow, before, &since)) {
		text_char(out, since < 0 ? '-' : '+');
		ladder_duration(since, d->signs->micro, out);
	} else if (arrow->has_time && localtime_r(&seconds, &tm)) {
		text_format(out, "%02d:%02d:%02d", tm.tm_hour, tm.tm_min, tm.tm_sec);
	} else {
		text_char(out, '-');
	}
}

static void put_margin(struct drawing *d, const struct ladder_arrow *arrow, const struct ladder_arrow *before)
{
	struct text text = { 0 };
	unsigned width;

	text_uint(&text, arrow->number);
	put(d, d->number_width - (unsigned)text.length, &text, INK_PLAIN);
	text_clear(&text);
	put_time(d, arrow, before, &text);
	width = columns_of(&text);
	put(d, d->number_width + 1 + (width < TIME_WIDTH ? TIME_WIDTH - width : 0), &text, INK_FAINT);
	text_release(&text);
}

/* Words, cut when they must be, then what is wrong, which stays. Returns the column behind. */
static unsigned put_label(struct drawing *d, unsigned at, unsigned room)
{
	const struct text *words = &d->words, *marks = &d->marks;
	const char *dots = d->signs->cut;
	unsigned cut = canvas_text_width(dots, strlen(dots)), wrong = columns_of(marks);
	unsigned left = room > wrong ? room - wrong : 0;

	if (columns_of(words) <= left) {
		at = put(d, at, words, INK_PROTOCOL);
	} else if (left > cut) {
		at = canvas_text(&d->canvas, at, words->data, canvas_fitting(words->data, words->length, left - cut),
				 INK_PROTOCOL);
		at = canvas_text(&d->canvas, at, dots, strlen(dots), INK_PROTOCOL);
	}
	return canvas_text(&d->canvas, at, marks->data, canvas_fitting(marks->data, marks->length, room), INK_BAD);
}

static unsigned label_width(const struct drawing *d)
{
	return columns_of(&d->words) + columns_of(&d->marks);
}

/* Above its arrow, from the left end on; over the lines of other hosts, and moved to the left where it must be. */
static void label_above(struct drawing *d, unsigned from, const char *protocol)
{
	unsigned start = from + 2, width = label_width(d), least = d->number_width + TIME_WIDTH + 3;

	blank(d, d->signs->rung);
	if (start + width > d->canvas.width)
		start = width < d->canvas.width - least ? d->canvas.width - width : least;
	canvas_sign(&d->canvas, start - 1, " ", INK_PLAIN);
	canvas_sign(&d->canvas, put_label(d, start, d->canvas.width - start), " ", INK_PLAIN);
	canvas_flush(&d->canvas, protocol, d->out);
}

static void line(struct drawing *d, unsigned from, unsigned to, const char *sign)
{
	for (unsigned at = from; at <= to; at++) {
		bool rung = (at - d->first) % d->gap == 0;

		canvas_sign(&d->canvas, at, rung ? d->signs->cross : sign, INK_PROTOCOL);
	}
}

static void between(struct drawing *d, unsigned from, unsigned to)
{
	if (from < to) {
		line(d, from, to - 1, d->signs->line);
		canvas_sign(&d->canvas, from, d->signs->begin_right, INK_PROTOCOL);
		canvas_sign(&d->canvas, to - 1, d->signs->right, INK_PROTOCOL);
	} else {
		line(d, to + 1, from, d->signs->line);
		canvas_sign(&d->canvas, from, d->signs->begin_left, INK_PROTOCOL);
		canvas_sign(&d->canvas, to + 1, d->signs->left, INK_PROTOCOL);
	}
}

static void to_everybody(struct drawing *d, unsigned sender)
{
	unsigned last = d->columns.count - 1;

	line(d, place(d, 0) + (sender != 0), place(d, last) - (sender != last), d->signs->dash);
	for (unsigned i = 0; i <= last; i++) {
		if (i < sender)
			canvas_sign(&d->canvas, place(d, i) + 1, d->signs->left, INK_PROTOCOL);
		else if (i > sender)
			canvas_sign(&d->canvas, place(d, i) - 1, d->signs->right, INK_PROTOCOL);
	}
	canvas_sign(&d->canvas, place(d, sender), d->signs->all, INK_PROTOCOL);
}

static void load_words(struct drawing *d, const struct ladder_arrow *arrow)
{
	text_clear(&d->words);
	text_clear(&d->marks);
	ladder_names_hidden(d->ladder, &d->columns, arrow, &d->words);
	text_add(&d->words, d->ladder->strings.data + arrow->words, arrow->words_length);
	ladder_troubles(d->ladder, arrow, &d->marks);
}

/* The stretch of line that words may lie on: between the ends, or beside whoever speaks to all or to itself. */
static void stretch(const struct drawing *d, const struct ladder_arrow *arrow, unsigned *left, unsigned *right)
{
	unsigned from = ladder_column(&d->columns, arrow->from), to = ladder_column(&d->columns, arrow->to);
	bool last = from == d->columns.count - 1;

	if (arrow->to == LADDER_ALL)
		to = last && from ? from - 1 : from + 1;
	*left = place(d, from < to ? from : to);
	*right = from == to && last ? d->canvas.width : place(d, from == to ? from + 1 : from < to ? to : from);
}

static void draw(struct drawing *d, const struct ladder_arrow *arrow, const struct ladder_arrow *before)
{
	unsigned from = ladder_column(&d->columns, arrow->from), to = ladder_column(&d->columns, arrow->to), left,
		 right;
	const char *protocol = color_of(arrow->protocol->name);
	bool fits;

	load_words(d, arrow);
	stretch(d, arrow, &left, &right);
	fits = left + 4 + label_width(d) + 4 <= right;
	if (!fits)
		label_above(d, left, protocol);
	blank(d, d->signs->rung);
	put_margin(d, arrow, before);
	if (arrow->to == LADDER_ALL)
		to_everybody(d, from);
	else if (from != to)
		between(d, place(d, from), place(d, to));
	else
		canvas_sign(&d->canvas, place(d, from) + 1, d->signs->self, INK_PROTOCOL);
	if (fits) {
		canvas_sign(&d->canvas, left + 3, " ", INK_PLAIN);
		canvas_sign(&d->canvas, put_label(d, left + 4, right - left - 8), " ", INK_PLAIN);
	}
	canvas_flush(&d->canvas, protocol, d->out);
}

static void pause_row(struct drawing *d, int64_t length)
{
	struct text text = { 0 };

	text_format(&text, " %s ", d->signs->cut);
	ladder_duration(length, d->signs->micro, &text);
	text_format(&text, " %s ", d->signs->cut);
	blank(d, d->signs->pause);
	put(d, place(d, 0) + 2, &text, INK_FAINT);
	canvas_flush(&d->canvas, "", d->out);
	text_release(&text);
}

/* ------------------------------------------------------------------------------------------------ the whole */

static unsigned digits(uint64_t number)
{
	char text[20];

	return (unsigned)(put_uint(text, number) - text);
}

static unsigned half_name(const struct drawing *d, unsigned column)
{
	struct text name = { 0 };
	unsigned half;

	name_of(d, column, &name);
	half = (unsigned)(name.length + 1) / 2;
	text_release(&name);
	return half < HALF_MOST ? half : HALF_MOST;
}

/* Columns stand as far apart as there is room, from each other and for half a name at both sides. */
static void lay_out(struct drawing *d, unsigned width)
{
	unsigned margin, room, most;

	d->number_width = digits(d->ladder->arrows[d->ladder->count - 1].number);
	margin = d->number_width + 1 + TIME_WIDTH + 2;
	if (width < LADDER_WIDTH_LEAST)
		width = LADDER_WIDTH_LEAST;
	if (width < margin + 2 * HALF_MOST + GAP_LEAST)
		width = margin + 2 * HALF_MOST + GAP_LEAST;
	canvas_init(&d->canvas, width, d->style->utf8, d->style->color);
	most = (width - margin - 2 * HALF_MOST) / GAP_LEAST + 1;
	d->columns = ladder_columns(d->ladder, most < COLUMNS_MOST ? most : COLUMNS_MOST);
	d->first = margin + half_name(d, 0);
	room = width - d->first - half_name(d, d->columns.count - 1);
	d->gap = d->columns.count > 1 ? room / (d->columns.count - 1) : room;
	if (d->gap > GAP_MOST)
		d->gap = GAP_MOST;
}

void ladder_text(const struct ladder *ladder, const struct ladder_style *style, struct text *out)
{
	struct drawing d = {
		.ladder = ladder,
		.style = style,
		.signs = style->utf8 ? &utf8_signs : &ascii_signs,
		.out = out,
	};

	if (!ladder->count)
		return;
	lay_out(&d, style->width);
	heads(&d);
	for (size_t i = 0; i < ladder->count; i++) {
		const struct ladder_arrow *arrow = &ladder->arrows[i], *before = i ? arrow - 1 : NULL;
		int64_t since;

		if (ladder_since(arrow, before, &since) && since >= LADDER_GAP)
			pause_row(&d, since);
		draw(&d, arrow, before);
	}
	text_release(&d.words);
	text_release(&d.marks);
	canvas_release(&d.canvas);
}
