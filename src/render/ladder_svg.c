/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A ladder as a picture. Sizes are reckoned for a monospaced font of 12 pixels, whichever the viewer has. Each packet
 * is a group with its number and its columns as data- attributes, so that scripts and tests can read the picture.
 */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "packet/dissector.h"
#include "render/canvas.h"
#include "render/ladder.h"
#include "render/time.h"

#define MARGIN 160       /* numbers and times, at the left */
#define EDGE 24
#define TOP 64           /* title and names */
#define ROW 36
#define PAUSE 30
#define GAP_LEAST 160
#define LANES 1100       /* what columns that want room may have all together, */
#define GAP_ALWAYS 200   /* unless each would have less than that */
#define FOOT_FROM 15     /* rows from which on names stand below too */

/* In tenths of a pixel. */
#define ADVANCE 73

struct picture {
	const struct ladder *ladder;
	struct ladder_columns columns;
	unsigned first, gap, width, height;
	struct text label;
	struct text *out;
};

/* Dark on light, and light on dark. */
static const struct {
	const char *protocol, *light, *dark;
} inks[] = {
	{ "other", "#24292f", "#d0d7de" }, { "date", "#116329", "#7ee787" },   { "echo", "#0550ae", "#79c0ff" },
	{ "chat", "#8250df", "#d2a8ff" },  { "udp", "#1b6575", "#76d7e6" },    { "tcp", "#4d6b1f", "#b5d97a" },
	{ "arp", "#7d4e00", "#e3b341" },   { "icmp", "#99286e", "#ff9bce" },   { "icmpv6", "#99286e", "#ff9bce" },
	{ "igmp", "#3d4db7", "#a5b4fc" },
};

static const struct {
	const char *selector, *property, *light, *dark;
} paints[] = {
	{ ".back", "fill", "#ffffff", "#0d1117" },  { ".rung", "stroke", "#afb8c1", "#484f58" },
	{ ".name", "fill", "#f6f8fa", "#161b22" },  { ".name", "stroke", "#afb8c1", "#484f58" },
	{ "text", "fill", "#24292f", "#d0d7de" },   { ".faint", "fill", "#57606a", "#8b949e" },
	{ ".words", "stroke", "#ffffff", "#0d1117" }, { ".bad", "fill", "#cf222e", "#ff7b72" },
};

static const char *class_of(const struct dissector *protocol)
{
	for (unsigned i = 1; i < sizeof inks / sizeof *inks; i++)
		if (!strcmp(inks[i].protocol, protocol->name))
			return inks[i].protocol;
	return inks[0].protocol;
}

/* ------------------------------------------------------------------------------------------------ XML */

/* What XML 1.0 section 2.2 has no place for, and what utf8_unsafe() names, is a question mark. */
static void xml(struct text *out, const char *bytes, size_t length)
{
	static const char *const entities[128] = {
		['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;",
	};
	uint32_t code;

	for (size_t i = 0; i < length;) {
		unsigned n = utf8_next((const uint8_t *)bytes + i, length - i, &code);

		if (!n || utf8_unsafe(code) || code == 0xfffe || code == 0xffff)
			text_char(out, '?');
		else if (code < 128 && entities[code])
			text_string(out, entities[code]);
		else
			text_add(out, bytes + i, n);
		i += n ? n : 1;
	}
}

/* A text of ours or from outside, whose control characters are to be seen. */
static void xml_escaped(struct text *out, const char *string)
{
	struct text safe = { 0 };

	text_escaped(&safe, string, strlen(string));
	xml(out, safe.data, safe.length);
	text_release(&safe);
}

static unsigned pixels(unsigned columns)
{
	return columns * ADVANCE / 10;
}

static void style(struct text *out, bool dark)
{
	for (unsigned i = 0; i < sizeof paints / sizeof *paints; i++)
		text_format(out, "%s{%s:%s}\n", paints[i].selector, paints[i].property,
			    dark ? paints[i].dark : paints[i].light);
	for (unsigned i = 0; i < sizeof inks / sizeof *inks; i++)
		text_format(out, ".%s{color:%s}\n", inks[i].protocol, dark ? inks[i].dark : inks[i].light);
}

static void styles(struct text *out)
{
	text_string(out, "<style>\n"
			 "text{font:12px ui-monospace,Menlo,Consolas,monospace;white-space:pre}\n"
			 ".rung,.packet line{stroke-width:1.5}\n"
			 ".packet line,.packet .loop{stroke:currentColor;fill:none}\n"
			 ".packet .head{fill:currentColor}\n"
			 ".packet .all{stroke-dasharray:6 4}\n"
			 ".packet .bad{font-weight:bold}\n"
			 ".words{paint-order:stroke;stroke-width:4px;stroke-linejoin:round}\n"
			 ".title{font-weight:bold;font-size:13px}\n");
	style(out, false);
	text_string(out, ".packet .words{fill:currentColor}\n@media (prefers-color-scheme:dark){\n");
	style(out, true);
	text_string(out, "}\n</style>\n");
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
		xml(p->out, name.data, name.length);
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
	xml(p->out, time.data, time.length);
	text_string(p->out, "</text>\n");
	text_release(&time);
}

/* What is wrong stays; of the words as much as there is room for. */
static void label(struct picture *p, const struct ladder_arrow *arrow, unsigned x, unsigned y, const char *anchor,
		  unsigned room)
{
	struct text troubles = { 0 };
	unsigned wrong, left;

	ladder_troubles(p->ladder, arrow, &troubles);
	wrong = columns_of(&troubles);
	left = room * 10 / ADVANCE > wrong ? room * 10 / ADVANCE - wrong : 0;
	text_format(p->out, "<text class=\"words\" x=\"%u\" y=\"%u\" text-anchor=\"%s\">", x, y, anchor);
	if (columns_of(&p->label) <= left) {
		xml(p->out, p->label.data, p->label.length);
	} else {
		xml(p->out, p->label.data, canvas_fitting(p->label.data, p->label.length, left ? left - 1 : 0));
		text_string(p->out, "…");
	}
	if (wrong) {
		text_string(p->out, "<tspan class=\"bad\">");
		xml(p->out, troubles.data, troubles.length);
		text_string(p->out, "</tspan>");
	}
	text_string(p->out, "</text>\n");
	text_release(&troubles);
}

static void head(const struct picture *p, unsigned x, unsigned y, bool to_right)
{
	text_format(p->out, "<path class=\"head\" d=\"M%u %ul%s5v-10z\"/>", x, y, to_right ? "-9 " : "9 ");
}

static void between(struct picture *p, const struct ladder_arrow *arrow, unsigned from, unsigned to, unsigned y)
{
	unsigned width = from < to ? to - from : from - to;

	text_format(p->out, "<line x1=\"%u\" y1=\"%u\" x2=\"%u\" y2=\"%u\"/>", from, y, to, y);
	head(p, to, y, from < to);
	label(p, arrow, (from + to) / 2, y - 6, "middle", width - 24);
}

static void to_itself(struct picture *p, const struct ladder_arrow *arrow, unsigned at, unsigned y)
{
	text_format(p->out, "<path class=\"loop\" d=\"M%u %uh22v12h-22\"/>", at, y - 6);
	head(p, at, y + 6, false);
	label(p, arrow, at + 30, y + 4, "start", p->width - EDGE - at - 30);
}

static void to_everybody(struct picture *p, const struct ladder_arrow *arrow, unsigned sender, unsigned y)
{
	unsigned left = place(p, 0), right = place(p, p->columns.count - 1);

	text_format(p->out, "<line class=\"all\" x1=\"%u\" y1=\"%u\" x2=\"%u\" y2=\"%u\"/>", left, y, right, y);
	text_format(p->out, "<circle class=\"head\" cx=\"%u\" cy=\"%u\" r=\"4\"/>", place(p, sender), y);
	for (unsigned i = 0; i < p->columns.count; i++)
		if (i != sender)
			head(p, place(p, i), y, i > sender);
	label(p, arrow, (left + right) / 2, y - 6, "middle", right - left - 24);
}

static void tooltip(const struct picture *p, const struct ladder_arrow *arrow)
{
	struct text troubles = { 0 };

	text_format(p->out, "<title>packet %llu: ", (unsigned long long)arrow->number);
	ladder_troubles(p->ladder, arrow, &troubles);
	xml(p->out, p->label.data, p->label.length);
	xml(p->out, troubles.data, troubles.length);
	text_string(p->out, "</title>\n");
	text_release(&troubles);
}

static void packet(struct picture *p, const struct ladder_arrow *arrow, const struct ladder_arrow *before, unsigned y)
{
	unsigned from = ladder_column(&p->columns, arrow->from), to = ladder_column(&p->columns, arrow->to);

	load_label(p, arrow);
	text_format(p->out, "<g class=\"packet %s\" data-number=\"%llu\" data-from=\"%u\" ", class_of(arrow->protocol),
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
	xml(p->out, time.data, time.length);
	text_string(p->out, " …</text>\n");
	text_release(&time);
}

static void begin(const struct picture *p, const char *title)
{
	const struct ladder_arrow *arrow = p->ladder->count ? p->ladder->arrows : NULL;
	struct time_cache cache = { 0 };
	char date[TIME_ROOM];

	text_format(p->out,
		    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%u\" "
		    "height=\"%u\" viewBox=\"0 0 %u %u\" role=\"img\" xml:space=\"preserve\">\n<title>",
		    p->width, p->height, p->width, p->height);
	xml_escaped(p->out, title);
	text_string(p->out, "</title>\n");
	styles(p->out);
	text_string(p->out, "<rect class=\"back\" width=\"100%\" height=\"100%\"/>\n<text class=\"title\" x=\"16\" "
			    "y=\"22\">");
	xml_escaped(p->out, title);
	if (arrow && arrow->has_time) {
		text_string(p->out, "<tspan class=\"faint\" font-weight=\"normal\"> from ");
		xml(p->out, date, (size_t)(time_date(&cache, arrow->time, date) - date));
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
