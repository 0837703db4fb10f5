/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A ladder as a picture. Sizes are reckoned for a monospaced font of 12 pixels, whichever the viewer has. Each packet
 * is a group with its number and its columns as data- attributes, so that scripts and tests can read the picture.
 */
#include "render/canvas.h"
#include "render/ladder.h"
#include "render/svg.h"
#include "render/time.h"

#define MARGIN 160 /* numbers and times, at the left */
#define EDGE 24
#define TOP 64 /* title and names */
#define ROW 36
#define PAUSE 30
#define GAP_LEAST 160
#define LANES 1100     /* what columns that want room may have all together, */
#define GAP_ALWAYS 200 /* unless each would have less than that */
#define FOOT_FROM 15   /* rows from which on names stand below too */

/* In tenths of a pixel. */
#define ADVANCE 73

struct picture {
	const struct ladder *ladder;
	struct ladder_columns columns;
	unsigned first, gap, width, height;
	struct text label;
	struct text *out;
};

static unsigned pixels(unsigned columns)
{
	return columns * ADVANCE / 10;
}

/* ------------------------------------------------------------------------------------------------ sizes */

static unsigned place(const struct picture *p, unsigned column)
{
	return p->first + column * p->gap;
}

static unsigned columns_of(const struct text *text)
{
	return canvas_text_width(text->data, text->length);
}

static void load_label(struct picture *p, const struct ladder_arrow *arrow)
{
	text_clear(&p->label);
	ladder_names_hidden(p->ladder, &p->columns, arrow, &p->label);
	text_add(&p->label, p->ladder->strings.data + arrow->words, arrow->words_length);
}

static unsigned label_pixels(struct picture *p, const struct ladder_arrow *arrow)
{
	struct text troubles = { 0 };
	unsigned columns;

	load_label(p, arrow);
	ladder_troubles(p->ladder, arrow, &troubles);
	columns = columns_of(&p->label) + columns_of(&troubles);
	text_release(&troubles);
	return pixels(columns);
}

static unsigned name_pixels(const struct picture *p, unsigned column)
{
	struct text name = { 0 };
	unsigned width;

	ladder_column_name(p->ladder, &p->columns, column, &name);
	width = pixels(columns_of(&name)) + 16;
	text_release(&name);
	return width;
}

/* Columns between which an arrow goes; 0 for one that comes back to its own. */
static unsigned span(const struct picture *p, const struct ladder_arrow *arrow)
{
	unsigned from = ladder_column(&p->columns, arrow->from), to = ladder_column(&p->columns, arrow->to);

	if (arrow->to == LADDER_ALL)
		return p->columns.count - 1;
	return from < to ? to - from : from - to;
}

static bool is_pause(const struct ladder_arrow *arrow, const struct ladder_arrow *before)
{
	int64_t since;

	return ladder_since(arrow, before, &since) && since >= LADDER_GAP;
}

static void lay_out(struct picture *p)
{
	unsigned last = p->columns.count - 1, most = LANES / (last ? last : 1), behind = name_pixels(p, last) / 2;

	p->gap = GAP_LEAST;
	p->height = TOP + ROW;
	if (most < GAP_ALWAYS)
		most = GAP_ALWAYS;
	for (unsigned i = 0; i < p->columns.count; i++)
		if (p->gap < name_pixels(p, i) + 16)
			p->gap = name_pixels(p, i) + 16;
	for (size_t i = 0; i < p->ladder->count; i++) {
		const struct ladder_arrow *arrow = &p->ladder->arrows[i];
		unsigned gaps = span(p, arrow), wanted = label_pixels(p, arrow) + 32;

		if (gaps && wanted / gaps > p->gap)
			p->gap = wanted / gaps < most ? wanted / gaps + 1 : p->gap < most ? most : p->gap;
		if (!gaps && wanted + 16 > behind)
			behind = wanted + 16 < most ? wanted + 16 : behind < most ? most : behind;
		p->height += ROW + (is_pause(arrow, i ? arrow - 1 : NULL) ? PAUSE : 0);
	}
	if (p->ladder->count >= FOOT_FROM)
		p->height += ROW;
	p->first = MARGIN + name_pixels(p, 0) / 2;
	p->width = place(p, last) + behind + EDGE;
}

/* ------------------------------------------------------------------------------------------------ parts */

static void names(const struct picture *p, unsigned y)
{
	struct text name = { 0 };

	for (unsigned i = 0; i < p->columns.count; i++) {
		unsigned width = name_pixels(p, i);

		text_clear(&name);
		ladder_column_name(p->ladder, &p->columns, i, &name);
		text_format(p->out,
			    "<rect class=\"name\" x=\"%u\" y=\"%u\" width=\"%u\" height=\"22\" rx=\"4\"/>"
			    "<text class=\"host\" data-column=\"%u\" x=\"%u\" y=\"%u\" text-anchor=\"middle\">",
			    place(p, i) - width / 2, y, width, i, place(p, i), y + 15);
		svg_text(p->out, name.data, name.length);
		text_string(p->out, "</text>\n");
	}
	text_release(&name);
}

static void rungs(const struct picture *p)
{
	unsigned end = p->height - (p->ladder->count >= FOOT_FROM ? ROW : ROW / 2);

	for (unsigned i = 0; i < p->columns.count; i++)
		text_format(p->out, "<line class=\"rung\" x1=\"%u\" y1=\"%u\" x2=\"%u\" y2=\"%u\"/>\n", place(p, i),
			    TOP, place(p, i), end);
}

static void margin(const struct picture *p, const struct ladder_arrow *arrow, const struct ladder_arrow *before,
		   unsigned y)
{
	struct text time = { 0 };
	int64_t since;

	if (ladder_since(arrow, before, &since)) {
		text_char(&time, since < 0 ? '-' : '+');
		ladder_duration(since, "µ", &time);
	}
	text_format(p->out,
		    "<text class=\"faint\" x=\"56\" y=\"%u\" text-anchor=\"end\">%llu</text>"
		    "<text class=\"faint\" x=\"%u\" y=\"%u\" text-anchor=\"end\">",
		    y + 4, (unsigned long long)arrow->number, MARGIN - 20, y + 4);
	svg_text(p->out, time.data, time.length);
	text_string(p->out, "</text>\n");
	text_release(&time);
}

/* What is wrong stays; of the words as much as there is room for. */
static void put_label(struct picture *p, const struct ladder_arrow *arrow, unsigned x, unsigned y, const char *anchor,
		      unsigned room)
{
	struct text troubles = { 0 };
	unsigned wrong, left;

	ladder_troubles(p->ladder, arrow, &troubles);
	wrong = columns_of(&troubles);
	left = room * 10 / ADVANCE > wrong ? room * 10 / ADVANCE - wrong : 0;
	text_format(p->out, "<text class=\"words\" x=\"%u\" y=\"%u\" text-anchor=\"%s\">", x, y, anchor);
	if (columns_of(&p->label) <= left) {
		svg_text(p->out, p->label.data, p->label.length);
	} else {
		svg_text(p->out, p->label.data, canvas_fitting(p->label.data, p->label.length, left ? left - 1 : 0));
		text_string(p->out, "…");
	}
	if (wrong) {
		text_string(p->out, "<tspan class=\"bad\">");
		svg_text(p->out, troubles.data, troubles.length);
		text_string(p->out, "</tspan>");
	}
	text_string(p->out, "</text>\n");
	text_release(&troubles);
}

/*
 * On the line from left to right, in its middle. Words that are wider than it lie over the lines of other hosts, which
 * nothing else does in this row.
 */
static void label(struct picture *p, const struct ladder_arrow *arrow, unsigned left, unsigned right, unsigned y)
{
	unsigned wide = label_pixels(p, arrow), end = p->width - EDGE;

	if (wide + 24 <= right - left)
		put_label(p, arrow, (left + right) / 2, y, "middle", right - left - 24);
	else if (left + 12 + wide <= end || end - left > right - MARGIN)
		put_label(p, arrow, left + 12, y, "start", end - left - 12);
	else
		put_label(p, arrow, right - 12, y, "end", right - 12 - MARGIN);
}

static void head(const struct picture *p, unsigned x, unsigned y, bool to_right)
{
	text_format(p->out, "<path class=\"head\" d=\"M%u %ul%s5v-10z\"/>", x, y, to_right ? "-9 " : "9 ");
}

static void between(struct picture *p, const struct ladder_arrow *arrow, unsigned from, unsigned to, unsigned y)
{
	text_format(p->out, "<line x1=\"%u\" y1=\"%u\" x2=\"%u\" y2=\"%u\"/>", from, y, to, y);
	head(p, to, y, from < to);
	label(p, arrow, from < to ? from : to, from < to ? to : from, y - 6);
}

static void to_itself(struct picture *p, const struct ladder_arrow *arrow, unsigned at, unsigned y)
{
	text_format(p->out, "<path class=\"loop\" d=\"M%u %uh22v12h-22\"/>", at, y - 6);
	head(p, at, y + 6, false);
	if (at + 30 + label_pixels(p, arrow) <= p->width - EDGE)
		put_label(p, arrow, at + 30, y + 4, "start", p->width - EDGE - at - 30);
	else
		put_label(p, arrow, at - 10, y + 4, "end", at - 10 - MARGIN);
}

static void to_everybody(struct picture *p, const struct ladder_arrow *arrow, unsigned sender, unsigned y)
{
	unsigned left = place(p, 0), right = place(p, p->columns.count - 1);

	text_format(p->out, "<line class=\"all\" x1=\"%u\" y1=\"%u\" x2=\"%u\" y2=\"%u\"/>", left, y, right, y);
	text_format(p->out, "<circle class=\"head\" cx=\"%u\" cy=\"%u\" r=\"4\"/>", place(p, sender), y);
	for (unsigned i = 0; i < p->columns.count; i++)
		if (i != sender)
			head(p, place(p, i), y, i > sender);
	label(p, arrow, left, right, y - 6);
}

static void tooltip(const struct picture *p, const struct ladder_arrow *arrow)
{
	struct text troubles = { 0 };

	text_format(p->out, "<title>packet %llu: ", (unsigned long long)arrow->number);
	ladder_troubles(p->ladder, arrow, &troubles);
	svg_text(p->out, p->label.data, p->label.length);
	svg_text(p->out, troubles.data, troubles.length);
	text_string(p->out, "</title>\n");
	text_release(&troubles);
}

static void packet(struct picture *p, const struct ladder_arrow *arrow, const struct ladder_arrow *before, unsigned y)
{
	unsigned from = ladder_column(&p->columns, arrow->from), to = ladder_column(&p->columns, arrow->to);

	load_label(p, arrow);
	text_format(p->out, "<g class=\"packet %s\" data-number=\"%llu\" data-from=\"%u\" ", svg_class(arrow->protocol),
		    (unsigned long long)arrow->number, from);
	if (arrow->to == LADDER_ALL)
		text_string(p->out, "data-to=\"all\">");
	else
		text_format(p->out, "data-to=\"%u\">", to);
	tooltip(p, arrow);
	margin(p, arrow, before, y);
	if (arrow->to == LADDER_ALL)
		to_everybody(p, arrow, from, y);
	else if (from == to)
		to_itself(p, arrow, place(p, from), y);
	else
		between(p, arrow, place(p, from), place(p, to), y);
	text_string(p->out, "</g>\n");
}

static void pause_row(const struct picture *p, int64_t length, unsigned y)
{
	struct text time = { 0 };

	ladder_duration(length, "µ", &time);
	text_format(p->out, "<text class=\"words faint\" x=\"%u\" y=\"%u\" text-anchor=\"middle\">… ",
		    (place(p, 0) + place(p, p->columns.count - 1)) / 2, y + 4);
	svg_text(p->out, time.data, time.length);
	text_string(p->out, " …</text>\n");
	text_release(&time);
}

static void begin(const struct picture *p, const char *title)
{
	const struct ladder_arrow *arrow = p->ladder->count ? p->ladder->arrows : NULL;
	struct time_cache cache = { 0 };
	char date[TIME_ROOM];

	text_format(
		p->out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%u\" "
		"height=\"%u\" viewBox=\"0 0 %u %u\" role=\"img\" xml:space=\"preserve\">\n<title>",
		p->width, p->height, p->width, p->height);
	svg_escaped(p->out, title);
	text_string(p->out, "</title>\n");
	svg_styles(p->out);
	text_string(p->out, "<rect class=\"back\" width=\"100%\" height=\"100%\"/>\n<text class=\"title\" x=\"16\" "
			    "y=\"22\">");
	svg_escaped(p->out, title);
	if (arrow && arrow->has_time) {
		text_string(p->out, "<tspan class=\"faint\" font-weight=\"normal\"> from ");
		svg_text(p->out, date, (size_t)(time_date(&cache, arrow->time, date) - date));
		text_string(p->out, "</tspan>");
	}
	text_string(p->out, "</text>\n");
}

void ladder_svg(const struct ladder *ladder, const char *title, struct text *out)
{
	struct picture p = {
		.ladder = ladder,
		.columns = ladder_columns(ladder, LADDER_COLUMNS),
		.width = 400,
		.height = TOP,
		.out = out,
	};
	unsigned y = TOP + ROW;
	int64_t since;

	if (ladder->count)
		lay_out(&p);
	begin(&p, title);
	rungs(&p);
	names(&p, TOP - 24);
	for (size_t i = 0; i < ladder->count; i++, y += ROW) {
		const struct ladder_arrow *arrow = &ladder->arrows[i], *before = i ? arrow - 1 : NULL;

		if (ladder_since(arrow, before, &since) && since >= LADDER_GAP) {
			pause_row(&p, since, y - 6);
			y += PAUSE;
		}
		packet(&p, arrow, before, y);
	}
	if (ladder->count >= FOOT_FROM)
		names(&p, p.height - ROW);
	text_string(out, "</svg>\n");
	text_release(&p.label);
}
